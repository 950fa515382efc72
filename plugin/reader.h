/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading bytes that may end too early: a window in, numbers and smaller windows out. Nothing is ever read beyond it.
 */
#ifndef TLSFIT_READER_H
#define TLSFIT_READER_H

#include <glib.h>

/* A window of bytes; reading beyond its end gives 0 and is remembered. */
typedef struct {
    const guint8 *bytes;
    gsize         left;
    gboolean      short_of; /* something was missing */
} Reader;

static inline const guint8 *
take(Reader *reader, gsize length)
{
    if (length > reader->left) {
        reader->short_of = TRUE;
        reader->left = 0;
        return NULL;
    }
    const guint8 *bytes = reader->bytes;
    reader->bytes += length;
    reader->left -= length;
    return bytes;
}

static inline guint
take_number(Reader *reader, gsize size)
{
    const guint8 *bytes = take(reader, size);
    guint number = 0;

    for (gsize i = 0; bytes && i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

/* A vector with a length of SIZE bytes in front. What the capture lacks of it is missing at its end. */
static inline Reader
take_vector(Reader *reader, gsize size)
{
    gsize length = take_number(reader, size);
    Reader vector = { reader->bytes, MIN(length, reader->left), FALSE };

    reader->short_of |= length > reader->left;
    reader->bytes += vector.left;
    reader->left -= vector.left;
    return vector;
}

#endif
