/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files could be the plugin. See doctor.h. In: the folders of one Wireshark. Out: TlsfitPluginFile, wherever such a
 * file is found: in the right folder, in that of another version, or in none that counts.
 */
#include "doctor.h"

#include <string.h>

/* Folders of plugins that Wireshark used once. */
static const char *const old_folders[] = { ".wireshark/plugins", ".config/wireshark/plugins" };

void tlsfit_plugin_file_free(gpointer data)
{
    TlsfitPluginFile *file = data;

    g_free(file->path);
    g_free(file->folder);
    tlsfit_elf_free(file->elf);
    g_free(file);
}

static gboolean is_listed(const TlsfitWireshark *wireshark, const char *path)
{
    return g_ptr_array_find_with_equal_func(wireshark->listed, path, g_str_equal, NULL);
}

static gboolean is_known(const TlsfitWireshark *wireshark, const char *path)
{
    for (guint i = 0; i < wireshark->files->len; i++) {
        if (g_str_equal(((TlsfitPluginFile *)g_ptr_array_index(wireshark->files, i))->path, path)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A file by the name of the plugin, or with its contents under another name. */
static void look_at(TlsfitWireshark *wireshark, const char *folder, const char *name, TlsfitPluginPlace where,
                    const char *version)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(TlsfitElf) elf = NULL;
    TlsfitPluginFile *file;

    if (!g_str_has_suffix(name, ".so") || g_file_test(path, G_FILE_TEST_IS_DIR) || is_known(wireshark, path)) {
        return;
    }
    elf = tlsfit_elf_read(path);
    if (!elf->is_tlsfit && strstr(name, "tlsfit") == NULL) {
        return;
    }
    file = g_new0(TlsfitPluginFile, 1);
    file->listed = is_listed(wireshark, path);
    file->path = g_steal_pointer(&path);
    file->where = where;
    file->folder = g_strdup(version);
    file->elf = g_steal_pointer(&elf);
    g_ptr_array_add(wireshark->files, file);
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The entries of a folder in the order of their names; empty where it cannot be read. */
static GPtrArray *entries_of(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void look_into(TlsfitWireshark *wireshark, const char *folder, TlsfitPluginPlace where, const char *version)
{
    g_autoptr(GPtrArray) names = entries_of(folder);

    for (guint i = 0; i < names->len; i++) {
        look_at(wireshark, folder, g_ptr_array_index(names, i), where, version);
    }
}

/* FOLDER is that of this version: .../plugins/4.0. */
static void look_around(TlsfitWireshark *wireshark, const char *folder, TlsfitPluginPlace where)
{
    g_autofree char *epan = g_build_filename(folder, "epan", NULL);
    g_autofree char *above = g_path_get_dirname(folder);
    g_autofree char *own = g_path_get_basename(folder);
    g_autoptr(GPtrArray) versions = entries_of(above);

    look_into(wireshark, epan, where, NULL);
    look_into(wireshark, folder, TLSFIT_PLACE_NOT_IN_EPAN, NULL);
    look_into(wireshark, above, TLSFIT_PLACE_NOT_IN_EPAN, NULL);
    for (guint i = 0; i < versions->len; i++) {
        const char *version = g_ptr_array_index(versions, i);
        g_autofree char *other = g_build_filename(above, version, "epan", NULL);
        g_autofree char *bare = g_build_filename(above, version, NULL);

        if (!g_str_equal(version, own) && g_file_test(bare, G_FILE_TEST_IS_DIR)) {
            look_into(wireshark, other, TLSFIT_PLACE_OTHER_VERSION, version);
            look_into(wireshark, bare, TLSFIT_PLACE_OTHER_VERSION, version);
        }
    }
}

void tlsfit_doctor_find_plugins(TlsfitWireshark *wireshark)
{
    if (wireshark->global != NULL) {
        look_around(wireshark, wireshark->global, TLSFIT_PLACE_GLOBAL);
    }
    if (wireshark->personal != NULL) {
        look_around(wireshark, wireshark->personal, TLSFIT_PLACE_PERSONAL);
    }
    for (guint i = 0; i < G_N_ELEMENTS(old_folders); i++) {
        g_autofree char *folder = g_build_filename(g_get_home_dir(), old_folders[i], NULL);

        look_into(wireshark, folder, TLSFIT_PLACE_ELSEWHERE, NULL);
    }
}
