/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The containers of facts: lists of code points and the flat handshake message.
 *
 * In: values, one at a time, from whoever reads packets. Out: TlsfitMessage. Judges nothing and knows no order.
 */
#include "tlsfit.h"

#include <string.h>

void tlsfit_message_init(TlsfitMessage *message)
{
    memset(message, 0, sizeof *message);
}

static void codes_clear(TlsfitCodes *codes)
{
    if (codes->codes != NULL) {
        g_array_unref(codes->codes);
    }
}

void tlsfit_message_clear(TlsfitMessage *message)
{
    codes_clear(&message->versions);
    codes_clear(&message->cipher_suites);
    codes_clear(&message->groups);
    codes_clear(&message->key_shares);
    codes_clear(&message->schemes);
    codes_clear(&message->schemes_cert);
    codes_clear(&message->extensions);
    codes_clear(&message->certificate_types);
    codes_clear(&message->alpn_lengths);
    codes_clear(&message->point_formats);
    g_free(message->server_name);
    if (message->certificates != NULL) {
        g_array_unref(message->certificates);
    }
    tlsfit_message_init(message);
}

gboolean tlsfit_codes_add(TlsfitCodes *codes, guint code)
{
    const guint16 value = (guint16)code;

    codes->present = TRUE;
    if (codes->codes == NULL) {
        codes->codes = g_array_sized_new(FALSE, FALSE, sizeof(guint16), 16);
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

static void certificate_entry_clear(gpointer data)
{
    TlsfitCertificateEntry *entry = data;

    tlsfit_certificate_unref(entry->certificate);
}

/* Takes over CERTIFICATE. */
static gboolean take_certificate(TlsfitMessage *message, TlsfitCertificate *certificate, TlsfitPlace place)
{
    const TlsfitCertificateEntry entry = { certificate, place };

    if (message->certificates == NULL) {
        message->certificates = g_array_new(FALSE, FALSE, sizeof(TlsfitCertificateEntry));
        g_array_set_clear_func(message->certificates, certificate_entry_clear);
    }
    if (message->certificates->len >= TLSFIT_CERTIFICATES_MAX) {
        tlsfit_certificate_unref(certificate);
        return FALSE;
    }
    g_array_append_val(message->certificates, entry);
    return TRUE;
}

gboolean tlsfit_message_add_certificate(TlsfitMessage *message, const guint8 *der, gsize length, TlsfitPlace place)
{
    return take_certificate(message, tlsfit_certificate_from_der(der, length), place);
}

gboolean tlsfit_message_add_known(TlsfitMessage *message, TlsfitCertificate *certificate, TlsfitPlace place)
{
    return take_certificate(message, tlsfit_certificate_ref(certificate), place);
}
