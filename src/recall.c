/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table of values by ClientHello. See recall.h.
 *
 * In: hellos. Out: the value of an equal one. A key holds references to its lists, so that their addresses stay theirs.
 */
#include "recall.h"

#define LISTS 7u

typedef struct {
    GArray *lists[LISTS]; /* NULL: empty or not there, which PRESENT tells apart; or not looked at */
    guint   present;      /* bits by index of lists */
    guint16 version;
    guint16 alpn;         /* the ends of the first protocol name */
    guint   truncated;
} Key;

struct TlsfitRecall {
    TlsfitRecallParts parts;
    GHashTable       *values; /* Key -> value */
};

/* FALSE where a list is not shared: another hello could not have the same one, and its owner may change it. */
static gboolean fill(Key *key, const TlsfitMessage *hello, TlsfitRecallParts parts)
{
    const TlsfitCodes *const lists[LISTS] = { &hello->versions,     &hello->cipher_suites, &hello->groups,
                                              &hello->schemes,      &hello->schemes_cert,  &hello->extensions,
                                              &hello->point_formats };
    const gboolean shape = parts == TLSFIT_RECALL_SHAPE;

    *key = (Key){ .version = hello->version };
    for (guint i = 0; i < (shape ? LISTS : LISTS - 2); i++) {
        if (lists[i]->codes != NULL && !lists[i]->shared) {
            return FALSE;
        }
        key->lists[i] = lists[i]->codes;
        key->present |= lists[i]->present ? 1u << i : 0;
    }
    if (shape) {
        key->alpn = (guint16)(hello->alpn_ends[0] << 8 | hello->alpn_ends[1]);
        key->truncated = hello->truncated ? 1 : 0;
    }
    return TRUE;
}

static guint key_hash(gconstpointer data)
{
    const Key *key = data;
    guint64 hash = (guint64)key->version << 16 ^ key->alpn ^ key->present;

    for (guint i = 0; i < LISTS; i++) {
        hash = (hash ^ (gsize)key->lists[i]) * 0x9E3779B97F4A7C15u;
    }
    return (guint)(hash >> 32);
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
    const Key *first = a, *second = b;

    for (guint i = 0; i < LISTS; i++) {
        if (first->lists[i] != second->lists[i]) {
            return FALSE;
        }
    }
    return first->present == second->present && first->version == second->version && first->alpn == second->alpn &&
           first->truncated == second->truncated;
}

static void key_free(gpointer data)
{
    Key *key = data;

    for (guint i = 0; i < LISTS; i++) {
        g_clear_pointer(&key->lists[i], g_array_unref);
    }
    g_free(key);
}

TlsfitRecall *tlsfit_recall_new(TlsfitRecallParts parts, GDestroyNotify free_value)
{
    TlsfitRecall *recall = g_new0(TlsfitRecall, 1);

    recall->parts = parts;
    recall->values = g_hash_table_new_full(key_hash, key_equal, key_free, free_value);
    return recall;
}

void tlsfit_recall_free(TlsfitRecall *recall)
{
    if (recall != NULL) {
        g_hash_table_unref(recall->values);
        g_free(recall);
    }
}

gpointer tlsfit_recall_find(const TlsfitRecall *recall, const TlsfitMessage *hello)
{
    Key key;

    return fill(&key, hello, recall->parts) ? g_hash_table_lookup(recall->values, &key) : NULL;
}

gboolean tlsfit_recall_keep(TlsfitRecall *recall, const TlsfitMessage *hello, gpointer value)
{
    Key key;

    if (!fill(&key, hello, recall->parts)) {
        return FALSE;
    }
    if (g_hash_table_size(recall->values) >= TLSFIT_RECALL_MAX) {
        g_hash_table_remove_all(recall->values);
    }
    for (guint i = 0; i < LISTS; i++) {
        if (key.lists[i] != NULL) {
            g_array_ref(key.lists[i]);
        }
    }
    Key *own = g_new(Key, 1);
    *own = key;
    g_hash_table_replace(recall->values, own, value);
    return TRUE;
}
