/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container of facts: the flat handshake message (its lists: codes.c).
 *
 * In: values, one at a time, from whoever reads packets. Out: TlsfitMessage. Judges nothing and knows no order.
 */
#include "tlsfit.h"

#include <string.h>

void tlsfit_message_init(TlsfitMessage *message)
{
    memset(message, 0, sizeof *message);
}

/* Every message of a capture passes here, most of them without any list. */
void tlsfit_message_clear(TlsfitMessage *message)
{
    TlsfitCodes *const lists[] = { &message->versions,     &message->cipher_suites,     &message->groups,
                                   &message->key_shares,   &message->schemes,           &message->schemes_cert,
                                   &message->extensions,   &message->certificate_types, &message->alpn_lengths,
                                   &message->point_formats };

    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (lists[i]->codes != NULL) {
            g_array_unref(lists[i]->codes);
        }
    }
    g_free(message->server_name);
    if (message->certificates != NULL) {
        g_array_unref(message->certificates);
    }
    tlsfit_message_init(message);
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
