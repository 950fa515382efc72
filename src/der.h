/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader of DER (X.690) over bytes that belong to somebody else: copies nothing, never reads past the end, never
 * calls itself. It knows tags and lengths, not what they mean.
 */
#ifndef TLSFIT_DER_H
#define TLSFIT_DER_H

#include <glib.h>

typedef struct {
    const guint8 *data;
    gsize         length;
} TlsfitDer;

#define TLSFIT_DER_BOOLEAN           0x01
#define TLSFIT_DER_INTEGER           0x02
#define TLSFIT_DER_BIT_STRING        0x03
#define TLSFIT_DER_OCTET_STRING      0x04
#define TLSFIT_DER_OID               0x06
#define TLSFIT_DER_UTF8_STRING       0x0C
#define TLSFIT_DER_UTC_TIME          0x17
#define TLSFIT_DER_GENERALIZED_TIME  0x18
#define TLSFIT_DER_UNIVERSAL_STRING  0x1C
#define TLSFIT_DER_BMP_STRING        0x1E
#define TLSFIT_DER_SEQUENCE          0x30
#define TLSFIT_DER_SET               0x31
#define TLSFIT_DER_CONTEXT(n)        (0x80 | (n)) /* [n] IMPLICIT of a primitive type */
#define TLSFIT_DER_CONSTRUCTED(n)    (0xA0 | (n)) /* [n] EXPLICIT, or IMPLICIT of a constructed type */

/* Takes the next element off REST. CONTENT is what is inside, WHOLE (may be NULL) is it with tag and length. FALSE, and
 * nothing changed, at the end and where the element is cut short, indefinite, or has a tag of several bytes. */
gboolean tlsfit_der_next(TlsfitDer *rest, guint8 *tag, TlsfitDer *content, TlsfitDer *whole);

/* The same where the next element has TAG; FALSE, and nothing changed, where it has another. */
gboolean tlsfit_der_take(TlsfitDer *rest, guint8 tag, TlsfitDer *content, TlsfitDer *whole);

/* The content of an OBJECT IDENTIFIER in dotted form, or as # and hexadecimal digits where it cannot be written so.
 * Newly allocated. */
char *tlsfit_der_oid_text(TlsfitDer content);

/* The bits of the magnitude in the content of a positive INTEGER, 0 for zero. A missing leading zero byte is
 * tolerated: a modulus is never negative, however badly it is encoded. */
guint tlsfit_der_integer_bits(TlsfitDer content);

/* At most the first 64 bytes in hexadecimal, with ... where there are more. Newly allocated. */
char *tlsfit_der_hex(TlsfitDer bytes);

#endif
