/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lists of code points, and how equal ones share their memory.
 *
 * In: code points, all at once or one by one. Out: TlsfitCodes. A capture of many handshakes has the same few lists again
 * and again; those seen last are remembered here, a few for each value of a short hash, so that memory for them is bounded
 * (BUCKETS * PLACES lists of TLSFIT_CODES_MAX codes) whatever a capture holds. A list that was forgotten lives on in its
 * messages.
 */
#include "tlsfit.h"

#include <string.h>

#define BUCKET_BITS 6
#define BUCKETS (1u << BUCKET_BITS)
#define PLACES 4u /* one alone would be fought for: a hello has a dozen lists */

static GArray *recent[BUCKETS][PLACES]; /* of guint16; never changed once they are here */

static guint32 hash_of(const guint16 *values, gsize count)
{
    guint32 hash = (guint32)count;

    for (gsize i = 0; i < count; i++) {
        hash = (hash ^ values[i]) * 0x9E3779B1u;
    }
    return hash >> (32 - BUCKET_BITS);
}

/* The remembered list of these codes; a new one takes the place of another. */
static GArray *remember(const guint16 *values, gsize count)
{
    static guint next;
    GArray **bucket = recent[hash_of(values, count)];
    GArray **place;

    for (guint i = 0; i < PLACES; i++) {
        if (bucket[i] != NULL && bucket[i]->len == count &&
            memcmp(bucket[i]->data, values, count * sizeof *values) == 0) {
            return bucket[i];
        }
    }
    place = &bucket[next++ % PLACES];
    g_clear_pointer(place, g_array_unref);
    *place = g_array_sized_new(FALSE, FALSE, sizeof *values, (guint)count);
    g_array_append_vals(*place, values, (guint)count);
    return *place;
}

gboolean tlsfit_codes_set(TlsfitCodes *codes, const guint16 *values, gsize count)
{
    const gsize kept = MIN(count, TLSFIT_CODES_MAX);

    codes->present = TRUE;
    if (kept > 0) {
        codes->codes = g_array_ref(remember(values, kept));
        codes->shared = TRUE;
    }
    return kept == count;
}

void tlsfit_codes_clear(TlsfitCodes *codes)
{
    g_clear_pointer(&codes->codes, g_array_unref);
    codes->present = codes->shared = FALSE;
}

/* A list of its own, with what was in the shared one. */
static void own(TlsfitCodes *codes)
{
    GArray *copy = g_array_sized_new(FALSE, FALSE, sizeof(guint16), 16);

    if (codes->codes != NULL) {
        g_array_append_vals(copy, codes->codes->data, codes->codes->len);
        g_array_unref(codes->codes);
    }
    codes->codes = copy;
    codes->shared = FALSE;
}

gboolean tlsfit_codes_add(TlsfitCodes *codes, guint code)
{
    const guint16 value = (guint16)code;

    codes->present = TRUE;
    if (codes->codes == NULL || codes->shared) {
        own(codes);
    }
    if (codes->codes->len >= TLSFIT_CODES_MAX) {
        return FALSE;
    }
    g_array_append_val(codes->codes, value);
    return TRUE;
}

guint tlsfit_codes_length(const TlsfitCodes *codes)
{
    return codes->codes == NULL ? 0 : codes->codes->len;
}

guint tlsfit_codes_get(const TlsfitCodes *codes, guint index)
{
    g_return_val_if_fail(index < tlsfit_codes_length(codes), 0);
    return g_array_index(codes->codes, guint16, index);
}

gboolean tlsfit_codes_has(const TlsfitCodes *codes, guint code)
{
    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        if (g_array_index(codes->codes, guint16, i) == code) {
            return TRUE;
        }
    }
    return FALSE;
}
