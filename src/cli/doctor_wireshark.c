/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which Wiresharks are on this machine, and what they say of themselves. See doctor.h. In: PATH, the usual folders, the
 * answers of tshark. Out: TlsfitWireshark. Judges nothing.
 */
#include "doctor.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const usual_folders[] = { "/usr/bin", "/usr/local/bin", "/usr/sbin", "/opt/wireshark/bin", "/snap/bin",
                                             "/opt/homebrew/bin", "/Applications/Wireshark.app/Contents/MacOS" };

static void wireshark_free(gpointer data)
{
    TlsfitWireshark *wireshark = data;

    g_free(wireshark->path);
    g_free(wireshark->version);
    g_free(wireshark->personal);
    g_free(wireshark->global);
    g_free(wireshark->configuration);
    g_free(wireshark->global_configuration);
    g_free(wireshark->complaints);
    g_free(wireshark->listed_version);
    g_clear_pointer(&wireshark->elf, tlsfit_elf_free);
    g_ptr_array_unref(wireshark->listed);
    g_ptr_array_unref(wireshark->files);
    g_ptr_array_unref(wireshark->findings);
    g_free(wireshark);
}

static TlsfitWireshark *wireshark_new(const char *path)
{
    TlsfitWireshark *wireshark = g_new0(TlsfitWireshark, 1);

    wireshark->path = g_strdup(path);
    wireshark->listed = g_ptr_array_new_with_free_func(g_free);
    wireshark->files = g_ptr_array_new_with_free_func(tlsfit_plugin_file_free);
    wireshark->findings = g_ptr_array_new_with_free_func(tlsfit_doctor_finding_free);
    return wireshark;
}

/* --- What it says ---------------------------------------------------------------------------------------------- */

/* Runs it with two words; its output, or NULL after a finding. */
static char *ask(TlsfitWireshark *wireshark, const char *first, const char *second, char **complaints)
{
    const char *const argv[] = { wireshark->path, first, second, NULL };
    g_autoptr(GError) error = NULL;
    char *out = NULL;

    if (!tlsfit_run(argv, TLSFIT_DOCTOR_LIMIT_S, &out, complaints, &error)) {
        wireshark->crashed = TRUE;
        tlsfit_doctor_add(wireshark->findings, TLSFIT_DOCTOR_PROBLEM, "no-answer",
                          g_strjoin(" ", wireshark->path, first, second, NULL), "%s", error->message);
        return NULL;
    }
    return out;
}

/* "TShark (Wireshark) 4.0.17 (Git ..." */
static void read_version(TlsfitWireshark *wireshark, const char *text)
{
    const char *name = strstr(text, "ireshark");
    const char *digits = name != NULL ? strpbrk(name, "0123456789") : NULL;

    if (digits != NULL && sscanf(digits, "%4d.%4d", &wireshark->major, &wireshark->minor) == 2) {
        wireshark->version = g_strndup(digits, strspn(digits, "0123456789."));
    }
}

/* "Personal Plugins:\t/home/..." */
static void read_folder(TlsfitWireshark *wireshark, const char *line)
{
    const struct {
        const char *name;
        char      **folder;
    } wanted[] = {
        { "Personal Plugins:", &wireshark->personal },
        { "Global Plugins:", &wireshark->global },
        { "Personal configuration:", &wireshark->configuration },
        { "Global configuration:", &wireshark->global_configuration },
    };

    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        if (g_str_has_prefix(line, wanted[i].name) && *wanted[i].folder == NULL) {
            *wanted[i].folder = g_strstrip(g_strdup(line + strlen(wanted[i].name)));
        }
    }
}

/* "tlsfit.so<TAB>0.1.0<TAB>dissector<TAB>/path", padded with blanks. A copy may have any name. */
static void read_plugin(TlsfitWireshark *wireshark, const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, "\t", -1);
    g_autoptr(TlsfitElf) elf = NULL;
    const char *path;

    if (g_strv_length(parts) < 4) {
        return;
    }
    path = g_strstrip(parts[3]);
    elf = tlsfit_elf_read(path);
    if (!elf->is_tlsfit && strstr(parts[0], "tlsfit") == NULL) {
        return;
    }
    g_ptr_array_add(wireshark->listed, g_strdup(path));
    if (wireshark->listed_version == NULL) {
        wireshark->listed_version = g_strstrip(g_strdup(parts[1]));
    }
}

static void each_line(TlsfitWireshark *wireshark, const char *text,
                      void (*read)(TlsfitWireshark *wireshark, const char *line))
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        read(wireshark, lines[i]);
    }
}

static void look_at(TlsfitWireshark *wireshark)
{
    g_autofree char *version = NULL;
    g_autofree char *folders = NULL;
    g_autofree char *plugins = NULL;

    wireshark->elf = tlsfit_elf_read(wireshark->path);
    if (!wireshark->elf->is_elf) { /* a script in front of it: then the machine is that of this program */
        tlsfit_elf_free(wireshark->elf);
        wireshark->elf = tlsfit_elf_read("/proc/self/exe");
    }
    version = ask(wireshark, "--version", NULL, NULL);
    if (version == NULL) {
        return;
    }
    read_version(wireshark, version);
    folders = ask(wireshark, "-G", "folders", NULL);
    if (folders != NULL) {
        each_line(wireshark, folders, read_folder);
    }
    plugins = ask(wireshark, "-G", "plugins", &wireshark->complaints);
    if (plugins != NULL) {
        each_line(wireshark, plugins, read_plugin);
    }
}

/* --- Where it is ----------------------------------------------------------------------------------------------- */

/* Two names of one file are one Wireshark. */
static void add(GPtrArray *all, GHashTable *seen, const char *path)
{
    char *real = realpath(path, NULL);
    TlsfitWireshark *wireshark;

    if (real != NULL && g_hash_table_add(seen, g_strdup(real))) {
        wireshark = wireshark_new(path);
        g_ptr_array_add(all, wireshark);
        look_at(wireshark);
    }
    free(real);
}

static void add_folder(GPtrArray *all, GHashTable *seen, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "tshark", NULL);

    if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(path, G_FILE_TEST_IS_DIR)) {
        add(all, seen, path);
    }
}

GPtrArray *tlsfit_doctor_wiresharks(char *const *paths)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(wireshark_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *list = g_getenv("PATH");
    g_auto(GStrv) folders = g_strsplit(list != NULL ? list : "", G_SEARCHPATH_SEPARATOR_S, -1);

    for (guint i = 0; paths != NULL && paths[i] != NULL; i++) {
        add(all, seen, paths[i]);
    }
    for (guint i = 0; paths == NULL && folders[i] != NULL; i++) {
        if (g_path_is_absolute(folders[i])) {
            add_folder(all, seen, folders[i]);
        }
    }
    for (guint i = 0; paths == NULL && i < G_N_ELEMENTS(usual_folders); i++) {
        add_folder(all, seen, usual_folders[i]);
    }
    return all;
}
