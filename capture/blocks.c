/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting blocks. See blocks.h.
 *
 * In: two paths. Out: words. Reads the headers of blocks alone; a header that makes no sense ends the count.
 */
#include "blocks.h"

#include <string.h>
#include <sys/mman.h>

#define SECTION_HEADER 0x0A0D0D0Au
#define MAGIC 0x1A2B3C4Du
#define WINDOW_BYTES (8u << 20)

/* Packets come in three kinds of blocks, and are written as one. */
static const struct {
    guint32     type;
    guint32     counts_as;
    const char *name;
} kinds[] = {
    { 0x00000001u, 1, "interface description" },
    { 0x00000002u, 6, "packet" },
    { 0x00000003u, 6, "packet" },
    { 0x00000004u, 4, "name resolution" },
    { 0x00000005u, 5, "interface statistics" },
    { 0x00000006u, 6, "packet" },
    { 0x00000009u, 9, "systemd journal" },
    { 0x0000000Au, 10, "decryption secrets" },
    { 0x00000BADu, 0xBADu, "custom" },
    { 0x40000BADu, 0x40000BADu, "custom (not to be copied)" },
};

static guint32
number_at(const guint8 *bytes, gboolean big_endian)
{
    guint32 number;

    memcpy(&number, bytes, sizeof number);
    return big_endian ? GUINT32_FROM_BE(number) : GUINT32_FROM_LE(number);
}

static guint32
counts_as(guint32 type)
{
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].type == type)
            return kinds[i].counts_as;
    }
    return type;
}

/* Pages of the file that are behind us count as memory of this process until they are given back. */
static void
give_back(const guint8 **from, const guint8 *at)
{
    if ((gsize)(at - *from) < WINDOW_BYTES)
        return;
    const gsize bytes = (gsize)(at - *from) / WINDOW_BYTES * WINDOW_BYTES; /* whole pages, as the file begins with one */
    (void)madvise((void *)*from, bytes, MADV_DONTNEED);
    *from += bytes;
}

/* Block type -> how many; NULL where PATH is no pcapng file. */
static GHashTable *
count(const char *path)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    const guint8 *bytes = file ? (const guint8 *)g_mapped_file_get_contents(file) : NULL;
    gsize left = file ? g_mapped_file_get_length(file) : 0;
    gboolean big_endian = FALSE;

    if (left < 12 || number_at(bytes, FALSE) != SECTION_HEADER)
        return NULL;
    const guint8 *window = bytes;
    GHashTable *counts = g_hash_table_new(g_direct_hash, g_direct_equal);
    while (left >= 12) {
        if (number_at(bytes, FALSE) == SECTION_HEADER)
            big_endian = number_at(bytes + 8, FALSE) != MAGIC;
        const guint32 type = number_at(bytes, big_endian), length = number_at(bytes + 4, big_endian);
        gpointer key = GUINT_TO_POINTER(counts_as(type));
        if (length < 12 || length > left)
            break;
        g_hash_table_insert(counts, key, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, key)) + 1));
        bytes += length;
        left -= length;
        give_back(&window, bytes);
    }
    return counts;
}

static void
append(GString *words, guint number, guint32 type)
{
    g_string_append_printf(words, "%s%u ", words->len > 0 ? ", " : "", number);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].counts_as == type) {
            g_string_append_printf(words, "%s block%s", kinds[i].name, number > 1 ? "s" : "");
            return;
        }
    }
    g_string_append_printf(words, "block%s of type 0x%08X", number > 1 ? "s" : "", type);
}

char *
blocks_lost(const char *before, const char *after, guint sections)
{
    g_autoptr(GHashTable) had = count(before);
    g_autoptr(GHashTable) has = had ? count(after) : NULL;
    g_autoptr(GString) words = g_string_new(NULL);
    GHashTableIter iter;
    gpointer key, value;

    if (!had || !has)
        return NULL;
    g_hash_table_iter_init(&iter, had);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const guint now = GPOINTER_TO_UINT(g_hash_table_lookup(has, key)), then = GPOINTER_TO_UINT(value);
        if (GPOINTER_TO_UINT(key) != SECTION_HEADER && now < then)
            append(words, then - now, GPOINTER_TO_UINT(key));
    }
    if (sections > 1)
        g_string_append_printf(words, "%sthe division into %u sections", words->len > 0 ? ", " : "", sections);
    return words->len > 0 ? g_strdup(words->str) : NULL;
}
