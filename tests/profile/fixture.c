/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders with profiles, and assertions on devices: see fixture.h. Holds no test.
 */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

Folder *folder_new(void)
{
    Folder *folder = g_new0(Folder, 1);

    folder->path = g_dir_make_tmp("tlsfit-XXXXXX", NULL);
    g_assert_nonnull(folder->path);
    folder->files = g_ptr_array_new_with_free_func(g_free);
    return folder;
}

void folder_free(Folder *folder)
{
    for (guint i = 0; i < folder->files->len; i++)
        g_remove(g_ptr_array_index(folder->files, i));
    g_rmdir(folder->path);
    g_ptr_array_unref(folder->files);
    g_free(folder->path);
    g_free(folder);
}

void folder_write(Folder *folder, const char *name, const char *text, gssize length)
{
    char *path = g_build_filename(folder->path, name, NULL);

    g_assert_true(g_file_set_contents(path, text, length, NULL));
    g_ptr_array_add(folder->files, path);
}

TlsfitLibrary *read_folder(const Folder *folder)
{
    TlsfitLibrary *library = tlsfit_library_new();

    tlsfit_library_add_directory(library, folder->path, TRUE);
    tlsfit_library_finish(library);
    return library;
}

TlsfitDevice *read_device(const char *text)
{
    g_autoptr(Folder) folder = folder_new();

    folder_write(folder, "a.ini", text, -1);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    for (guint i = 0; i < tlsfit_library_problems(library)->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), i);
        g_test_message("%u: %s", problem->line, problem->message);
    }
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    g_assert_cmpuint(tlsfit_library_devices(library)->len, ==, 1);
    return tlsfit_device_ref(g_ptr_array_index(tlsfit_library_devices(library), 0));
}

void assert_problem(TlsfitLibrary *library, guint line, const char *words)
{
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 1);
    const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), 0);
    g_assert_cmpuint(problem->line, ==, line);
    if (strstr(problem->message, words) == NULL)
        g_error("\"%s\" is not in \"%s\"", words, problem->message);
}

void assert_code(const TlsfitDevice *device, TlsfitSet set, guint code, TlsfitStatus status, const char *limit)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code);

    g_assert_cmpstr(tlsfit_status_name(verdict.status), ==, tlsfit_status_name(status));
    g_assert_cmpstr(verdict.limit, ==, limit);
    if (status == TLSFIT_CANNOT || status == TLSFIT_SUSPECT)
        g_assert_nonnull(verdict.source);
    if (status == TLSFIT_UNKNOWN)
        g_assert_null(verdict.source);
}

void assert_number(const TlsfitDevice *device, TlsfitNumber number, guint64 value, TlsfitStatus status,
                   const char *limit)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(device, number, value);

    g_assert_cmpstr(tlsfit_status_name(verdict.status), ==, tlsfit_status_name(status));
    g_assert_cmpstr(verdict.limit, ==, limit);
}
