/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device that a ClientHello describes: its lists as limits, with the confidence `inferred`.
 *
 * In: a ClientHello, or NULL. Out: a TlsfitDevice, shared between equal hellos, as thousands of handshakes of one
 * client repeat the same lists. Says nothing about what a hello does not tell (sizes, chain length, CA keys).
 */
#include "device.h"
#include "engine.h"

static TlsfitRecall *recall; /* of TlsfitDevice */

static TlsfitSource *source(const char *what)
{
    TlsfitSource *result = g_new0(TlsfitSource, 1);

    result->confidence = TLSFIT_INFERRED;
    result->where = g_strdup("the ClientHello of this handshake");
    result->what = g_strdup(what);
    return result;
}

static GArray *copy(const TlsfitCodes *codes)
{
    GArray *result = g_array_new(FALSE, FALSE, sizeof(guint16));

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        const guint16 code = (guint16)tlsfit_codes_get(codes, i);

        if (!tlsfit_is_grease(code)) {
            g_array_append_val(result, code);
        }
    }
    return result;
}

/* The certificate signatures that signature_algorithms_cert, or else signature_algorithms, allows (RFC 8446, 4.2.3). */
static GArray *certificate_signatures(const TlsfitCodes *schemes)
{
    GArray *result = g_array_new(FALSE, FALSE, sizeof(guint16));

    for (guint16 signature = 1; signature < TLSFIT_SIGNATURE_COUNT; signature++) {
        const guint scheme = tlsfit_cert_signature_scheme((TlsfitCertSignature)signature);
        gboolean listed = scheme != 0 && tlsfit_codes_has(schemes, scheme);

        if (scheme >= 0x0804u && scheme <= 0x0806u) {
            listed = listed || tlsfit_codes_has(schemes, scheme + 5u); /* rsa_pss_pss_* beside rsa_pss_rsae_* */
        }
        if (listed) {
            g_array_append_val(result, signature);
        }
    }
    return result;
}

static void set_versions(TlsfitDevice *device, const TlsfitMessage *hello)
{
    GArray *versions;

    if (hello->versions.present) {
        versions = copy(&hello->versions);
    } else {
        static const guint16 known[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0xFEFF, 0xFEFD };

        versions = g_array_new(FALSE, FALSE, sizeof(guint16));
        for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
            if (tlsfit_hello_offers_version(hello, known[i])) {
                g_array_append_val(versions, known[i]);
            }
        }
    }
    tlsfit_device_set_codes(device, TLSFIT_SET_VERSIONS, versions, TRUE, source("the versions that it offers"));
}

static TlsfitDevice *device_of(const TlsfitMessage *hello)
{
    TlsfitDevice *device = tlsfit_device_advertised_new();
    const TlsfitCodes *schemes = hello->schemes_cert.present ? &hello->schemes_cert : &hello->schemes;

    set_versions(device, hello);
    tlsfit_device_set_codes(device, TLSFIT_SET_CIPHER_SUITES, copy(&hello->cipher_suites), TRUE,
                            source("the cipher suites that it offers"));
    if (hello->groups.present) {
        tlsfit_device_set_codes(device, TLSFIT_SET_GROUPS, copy(&hello->groups), TRUE,
                                source("its supported_groups extension"));
        /* Before TLS 1.3 the groups limit the curve of the server's certificate too (RFC 8422, 5.1), and a stack
         * without a curve seldom has it for CA keys alone. */
        if (!tlsfit_version_is_tls13(tlsfit_hello_newest(hello))) {
            tlsfit_device_set_codes(device, TLSFIT_SET_KEY_CURVES, copy(&hello->groups), TRUE,
                                    source("its supported_groups extension"));
        }
    }
    if (hello->schemes.present) {
        tlsfit_device_set_codes(device, TLSFIT_SET_SIGNATURE_SCHEMES, copy(&hello->schemes), TRUE,
                                source("its signature_algorithms extension"));
    }
    if (schemes->present) {
        tlsfit_device_set_codes(device, TLSFIT_SET_CERTIFICATE_SIGNATURES, certificate_signatures(schemes), TRUE,
                                source(schemes == &hello->schemes_cert ? "its signature_algorithms_cert extension"
                                                                       : "its signature_algorithms extension"));
    }
    return device;
}

TlsfitDevice *tlsfit_advertised_device(const TlsfitMessage *hello)
{
    TlsfitDevice *device;

    if (hello == NULL) {
        return tlsfit_device_advertised_new();
    }
    if (recall == NULL) {
        recall = tlsfit_recall_new(TLSFIT_RECALL_LIMITS, (GDestroyNotify)tlsfit_device_unref);
    }
    device = tlsfit_recall_find(recall, hello);
    if (device != NULL) {
        return tlsfit_device_ref(device);
    }
    device = device_of(hello);
    if (tlsfit_recall_keep(recall, hello, device)) {
        tlsfit_device_ref(device);
    }
    return device;
}
