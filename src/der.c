/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader of DER: see der.h. Bytes in, elements out.
 */
#include "der.h"

#define HEX_BYTES_MAX 64u
#define OID_BYTES_MAX 128u

gboolean tlsfit_der_next(TlsfitDer *rest, guint8 *tag, TlsfitDer *content, TlsfitDer *whole)
{
    const guint8 *data = rest->data;
    gsize at = 2;
    gsize length;

    if (rest->length < 2 || (data[0] & 0x1F) == 0x1F)
        return FALSE;
    length = data[1];
    if (length >= 0x80) {
        gsize count = length & 0x7F;

        /* Four bytes of length are more than any message carries; none is the indefinite form of BER. */
        if (count == 0 || count > 4 || rest->length - at < count)
            return FALSE;
        for (length = 0; count > 0; count--)
            length = length << 8 | data[at++];
    }
    if (length > rest->length - at)
        return FALSE;
    *tag = data[0];
    *content = (TlsfitDer){ data + at, length };
    if (whole != NULL)
        *whole = (TlsfitDer){ data, at + length };
    *rest = (TlsfitDer){ data + at + length, rest->length - at - length };
    return TRUE;
}

gboolean tlsfit_der_take(TlsfitDer *rest, guint8 tag, TlsfitDer *content, TlsfitDer *whole)
{
    guint8 found;

    return rest->length > 0 && rest->data[0] == tag && tlsfit_der_next(rest, &found, content, whole);
}

char *tlsfit_der_hex(TlsfitDer bytes)
{
    gsize shown = MIN(bytes.length, HEX_BYTES_MAX);
    GString *text = g_string_sized_new(shown * 2 + 4);

    for (gsize i = 0; i < shown; i++)
        g_string_append_printf(text, "%02x", bytes.data[i]);
    if (shown < bytes.length)
        g_string_append(text, "...");
    return g_string_free(text, FALSE);
}

static char *oid_as_hex(TlsfitDer content)
{
    g_autofree char *hex = tlsfit_der_hex(content);

    return g_strconcat("#", hex, NULL);
}

char *tlsfit_der_oid_text(TlsfitDer content)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint64 arc = 0;

    if (content.length == 0 || content.length > OID_BYTES_MAX || (content.data[content.length - 1] & 0x80) != 0)
        return oid_as_hex(content);
    for (gsize i = 0; i < content.length; i++) {
        if (arc >> 57 != 0)
            return oid_as_hex(content);
        arc = arc << 7 | (content.data[i] & 0x7F);
        if ((content.data[i] & 0x80) != 0)
            continue;
        if (text->len > 0) {
            g_string_append_printf(text, ".%" G_GUINT64_FORMAT, arc);
        } else {
            guint64 first = MIN(arc / 40, 2);

            g_string_append_printf(text, "%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, first, arc - first * 40);
        }
        arc = 0;
    }
    return g_strdup(text->str);
}

guint tlsfit_der_integer_bits(TlsfitDer content)
{
    gsize at = 0;

    while (at < content.length && content.data[at] == 0)
        at++;
    if (at == content.length)
        return 0;
    return (guint)((content.length - at - 1) * 8) + g_bit_storage(content.data[at]);
}
