/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading the device profiles, and noticing that they have changed. See device_library.h.
 *
 * In: folders. Out: a library. What has changed is told by names, sizes and times of the files, so that a profile which
 * is being written takes effect when the capture is loaded again, and loading a capture twice reads no profile twice.
 */
#include "device_library.h"

#include <gio/gio.h>

static TlsfitLibrary *library;
static char          *loaded;   /* what the folders looked like then */
static gboolean       reported;

static void
describe_folder(GString *text, const char *path)
{
    g_autoptr(GFile) folder = g_file_new_for_path(path);
    g_autoptr(GFileEnumerator) files = g_file_enumerate_children(
        folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_SIZE ",time::*", G_FILE_QUERY_INFO_NONE,
        NULL, NULL);
    GFileInfo *info;

    g_string_append_printf(text, "%s:\n", path);
    while (files && g_file_enumerator_iterate(files, &info, NULL, NULL, NULL) && info)
        g_string_append_printf(text, "%s %" G_GOFFSET_FORMAT " %" G_GUINT64_FORMAT ".%u\n", g_file_info_get_name(info),
                               g_file_info_get_size(info),
                               g_file_info_get_attribute_uint64(info, G_FILE_ATTRIBUTE_TIME_MODIFIED),
                               g_file_info_get_attribute_uint32(info, G_FILE_ATTRIBUTE_TIME_MODIFIED_USEC));
}

TlsfitLibrary *
device_library_get(const char *directory)
{
    g_autofree char *system_path = g_build_filename(get_datafile_dir(), "tlsfit", NULL);
    g_autofree char *personal_path = get_persconffile_path("tlsfit", FALSE);
    const gboolean has_directory = directory && *directory;
    GString *state = g_string_new(NULL);

    describe_folder(state, system_path);
    describe_folder(state, personal_path);
    if (has_directory)
        describe_folder(state, directory);
    g_autofree char *now = g_string_free(state, FALSE);
    if (library && g_strcmp0(now, loaded) == 0)
        return library;
    /* The old one goes last, so that the new one is another object. */
    TlsfitLibrary *old = g_steal_pointer(&library);
    device_library_cleanup();
    loaded = g_steal_pointer(&now);
    library = tlsfit_library_new();
    /* Later sources win. */
    tlsfit_library_add_builtin(library);
    tlsfit_library_add_directory(library, system_path, FALSE);
    tlsfit_library_add_directory(library, personal_path, FALSE);
    if (has_directory)
        tlsfit_library_add_directory(library, directory, TRUE);
    tlsfit_library_finish(library);
    tlsfit_library_free(old);
    return library;
}

void
device_library_report(void)
{
    const GPtrArray *problems = library && !reported ? tlsfit_library_problems(library) : NULL;

    reported = TRUE;
    for (guint i = 0; problems && i < problems->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, i);
        if (problem->line > 0)
            report_warning("TLS Fit: %s:%u: %s", problem->file, problem->line, problem->message);
        else
            report_warning("TLS Fit: %s: %s", problem->file, problem->message);
    }
}

void
device_library_cleanup(void)
{
    g_clear_pointer(&library, tlsfit_library_free);
    g_clear_pointer(&loaded, g_free);
    reported = FALSE;
}
