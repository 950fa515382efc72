/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of outputs. See annotate_outputs.h. In: names of inputs. Out: paths, or a line about what is wrong. Writes nothing.
 */
#include "annotate_outputs.h"

#include "cli.h"
#include "input.h"
#include "output.h"

#include <string.h>

static GHashTable *identities(char *const *files)
{
    GHashTable *set = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; files[i] != NULL; i++) {
        char *there = tlsfit_input_identity(files[i]);
        if (there != NULL)
            g_hash_table_add(set, there);
    }
    return set;
}

static gboolean is_among(const char *path, GHashTable *inputs)
{
    g_autofree char *there = tlsfit_input_identity(path);

    return there != NULL && g_hash_table_contains(inputs, there);
}

static char *base_of(const char *input)
{
    return g_str_equal(input, "-") ? g_strdup("standard-input") : g_path_get_basename(input);
}

/* Name without folder -> the files of that name, up to NULL. */
static GHashTable *by_name(char *const *files)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    GHashTableIter iter;
    gpointer there;

    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *base = base_of(files[i]);
        if (!g_hash_table_contains(names, base))
            g_hash_table_insert(names, g_strdup(base), g_ptr_array_new());
        g_ptr_array_add(g_hash_table_lookup(names, base), files[i]);
    }
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, NULL, &there))
        g_ptr_array_add(there, NULL);
    return names;
}

/* "monday/board.pcap" is called "monday-board.pcap" where there is a "tuesday/board.pcap" too; never a hidden file. */
static char *name_of(const char *input, GHashTable *names)
{
    g_autofree char *base = base_of(input);
    const GPtrArray *same = g_hash_table_lookup(names, base);

    if (same->len == 2) /* itself, and NULL */
        return g_steal_pointer(&base);
    const gsize common = tlsfit_input_common((char **)same->pdata);
    g_autofree char *path = g_strdelimit(g_strdup(input + common), G_DIR_SEPARATOR_S, '-');
    return g_strdup(path + strspn(path, "-."));
}

/* What is written is pcapng, whatever was read. */
static char *path_in_folder(const char *folder, char *name)
{
    static const char *const endings[] = { ".gz", ".zst", ".lz4", ".pcapng", ".pcap", ".cap" };

    for (guint i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(name, endings[i]) && strlen(name) > strlen(endings[i]))
            name[strlen(name) - strlen(endings[i])] = '\0';
    }
    g_autofree char *file = g_strconcat(name, ".pcapng", NULL);
    return g_build_filename(folder, file, NULL);
}

/* Better known before minutes of work than after them. */
static gboolean can_be_written(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TlsfitOutput) output = tlsfit_output_begin(path, &error);

    if (output == NULL)
        tlsfit_cli_error("-o %s", error->message);
    return output != NULL;
}

static gboolean check(char *const *paths, char *const *files)
{
    g_autoptr(GHashTable) inputs = identities(files);
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; paths[i] != NULL; i++) {
        if (is_among(paths[i], inputs)) {
            tlsfit_cli_error("%s is an input, and inputs are not written to: choose another name with -o", paths[i]);
            return FALSE;
        }
        if (!g_hash_table_add(names, paths[i])) {
            tlsfit_cli_error("two captures would become %s: give them one at a time", paths[i]);
            return FALSE;
        }
        if (!can_be_written(paths[i]))
            return FALSE;
    }
    return TRUE;
}

char **annotate_outputs(const char *output, char *const *files)
{
    const gboolean is_folder = g_file_test(output, G_FILE_TEST_IS_DIR);
    g_autoptr(GHashTable) names = by_name(files);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);

    if (files[1] != NULL && !is_folder) {
        tlsfit_cli_error("-o %s: for several captures this must be a directory that exists", output);
        return NULL;
    }
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *name = name_of(files[i], names);
        g_ptr_array_add(paths, is_folder ? path_in_folder(output, name) : g_strdup(output));
    }
    g_ptr_array_add(paths, NULL);
    if (!check((char **)paths->pdata, files))
        return NULL;
    return (char **)g_ptr_array_free(g_steal_pointer(&paths), FALSE);
}
