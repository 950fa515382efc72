/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One object for the same bytes: the certificates that somebody holds, and the last ones that nobody holds any more.
 *
 * Flow: DER in, a shared TlsfitCertificate out; certificate.c makes it the first time. All certificates alive are in
 * `known`; those without a holder are in `idle` too, the longest unused first, and leave from there when there are too
 * many. This file reads nothing of a certificate.
 */
#include "certificate.h"

#include <string.h>

#define IDLE_COUNT_MAX 4096u
#define IDLE_BYTES_MAX (32u * 1024u * 1024u)

/* `facts` comes first: the pointer that callers hold is the pointer to this. */
typedef struct {
    TlsfitCertificate facts;
    const guint8     *data;
    gsize             length;
    guint             hash;
    gsize             cost_bytes; /* the memory it takes, roughly */
    gboolean          described;  /* not of bytes: not in `known`, and gone with its last reference */
    GList             link;       /* in `idle` while nobody holds it */
} Known;

static GHashTable *known; /* set of Known */
static GQueue idle = G_QUEUE_INIT;
static gsize idle_bytes;
static guint parse_count;

/* One step of a multiplicative hash. */
static guint64 mix(guint64 hash, guint64 word)
{
    hash = (hash ^ word) * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* All bytes count: a capture full of certificates that differ in one byte must not end up in one bucket, and the seed
 * keeps collisions from being prepared. Four lanes, as each step waits for the one before. */
static guint bytes_hash(const guint8 *data, gsize length)
{
    static guint64 seed;
    guint64 lanes[4];
    guint64 words[4];
    guint64 hash;

    if (seed == 0)
        seed = (guint64)g_random_int() << 32 | g_random_int() | 1;
    for (guint i = 0; i < 4; i++)
        lanes[i] = seed + i;
    for (; length >= sizeof words; data += sizeof words, length -= sizeof words) {
        memcpy(words, data, sizeof words);
        for (guint i = 0; i < 4; i++)
            lanes[i] = mix(lanes[i], words[i]);
    }
    memset(words, 0, sizeof words);
    if (length > 0)
        memcpy(words, data, length);
    hash = mix(seed, length);
    for (guint i = 0; i < 4; i++)
        hash = mix(mix(hash, lanes[i]), words[i]);
    return (guint)(hash ^ hash >> 32);
}

static guint known_hash(gconstpointer key)
{
    return ((const Known *)key)->hash;
}

static gboolean known_equal(gconstpointer left, gconstpointer right)
{
    const Known *a = left;
    const Known *b = right;

    return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

/* What the allocator and the arrays take beside the bytes; names can be many and short. */
static gsize cost_of(const TlsfitCertificate *facts)
{
    return sizeof(Known) + 1024 + (gsize)facts->bytes * 2 +
           ((gsize)facts->dns_names->len + facts->ip_addresses->len + facts->extensions->len) * 64;
}

static void forget(Known *entry)
{
    g_hash_table_remove(known, entry);
    tlsfit_certificate_clear(&entry->facts);
    g_free(entry);
}

static void idle_trim(guint count_max, gsize bytes_max)
{
    while (idle.length > count_max || idle_bytes > bytes_max) {
        Known *entry = g_queue_pop_head_link(&idle)->data;

        idle_bytes -= entry->cost_bytes;
        forget(entry);
    }
}

static Known *learn(const guint8 *der, gsize length, guint hash)
{
    Known *entry = g_new0(Known, 1);

    entry->facts.der = g_bytes_new(der, length);
    entry->facts.bytes = (guint)MIN(length, G_MAXUINT);
    entry->data = g_bytes_get_data(entry->facts.der, &entry->length);
    entry->hash = hash;
    entry->link.data = entry;
    tlsfit_certificate_parse(&entry->facts);
    parse_count++;
    entry->cost_bytes = cost_of(&entry->facts);
    g_hash_table_add(known, entry);
    return entry;
}

TlsfitCertificate *tlsfit_certificate_from_der(const guint8 *der, gsize length)
{
    Known key = { .data = der, .length = length };
    Known *entry;

    if (known == NULL)
        known = g_hash_table_new(known_hash, known_equal);
    key.hash = bytes_hash(der, length);
    entry = g_hash_table_lookup(known, &key);
    if (entry == NULL) {
        entry = learn(der, length, key.hash);
    } else if (entry->facts.references == 0) {
        g_queue_unlink(&idle, &entry->link);
        idle_bytes -= entry->cost_bytes;
    }
    entry->facts.references++;
    return &entry->facts;
}

TlsfitCertificate *tlsfit_certificate_ref(TlsfitCertificate *certificate)
{
    certificate->references++;
    return certificate;
}

void tlsfit_certificate_unref(TlsfitCertificate *certificate)
{
    Known *entry = (Known *)certificate;

    if (--certificate->references > 0)
        return;
    if (entry->described) {
        tlsfit_certificate_clear(&entry->facts);
        g_free(entry);
        return;
    }
    g_queue_push_tail_link(&idle, &entry->link);
    idle_bytes += entry->cost_bytes;
    idle_trim(IDLE_COUNT_MAX, IDLE_BYTES_MAX);
}

TlsfitCertificate *tlsfit_certificate_described(void)
{
    Known *entry = g_new0(Known, 1);

    entry->described = TRUE;
    entry->facts.references = 1;
    entry->facts.der = g_bytes_new(NULL, 0);
    entry->facts.dns_names = g_ptr_array_new_with_free_func(g_free);
    entry->facts.ip_addresses = g_ptr_array_new_with_free_func(g_free);
    entry->facts.extensions = g_array_new(FALSE, FALSE, sizeof(TlsfitCertExtension));
    return &entry->facts;
}

guint tlsfit_certificate_parse_count(void)
{
    return parse_count;
}

void tlsfit_certificate_cache_clear(void)
{
    idle_trim(0, 0);
    if (known != NULL && g_hash_table_size(known) == 0)
        g_clear_pointer(&known, g_hash_table_unref);
}
