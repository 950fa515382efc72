/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of each certificate by itself.
 */
#include "engine.h"

static const int alerts[] = { 22, 40, 42, 47, 50, 80, -1 };

static guint largest_of(const TlsfitMessage *chain)
{
    guint result = 0;

    for (guint i = 1; i < tlsfit_chain_length(chain); i++) {
        if (tlsfit_chain_entry(chain, i)->certificate->bytes > tlsfit_chain_entry(chain, result)->certificate->bytes) {
            result = i;
        }
    }
    return result;
}

static void judge_cert_bytes(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);
    const guint largest = largest_of(chain); /* where the limit is not known, that one is worth naming */

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, i);
        g_auto(TlsfitVerdict) verdict =
            tlsfit_device_number(judge->device, TLSFIT_NUMBER_certificate_bytes_max, certificate->bytes);

        if (verdict.status != TLSFIT_UNKNOWN || i == largest) {
            tlsfit_judge_verdict(judge, &subject, &verdict, "it has %u bytes", certificate->bytes);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_bytes = {
    .text = {
        .id = "cert_bytes",
        .title = "The size of a certificate",
        .why = "Some devices copy each certificate into a buffer of its own before they read it. A certificate "
               "grows with its RSA key and signature, with the number of names in it, and with what CAs add: "
               "policies, addresses of revocation services, certificate transparency.",
        .cannot_know = "How much of the buffer other data takes at that moment.",
        .fix_server = "Use a smaller certificate: an ECDSA key instead of an RSA one, fewer names, and an issuer that "
                      "signs with ECDSA.",
        .fix_device = "Enlarge the buffer for a certificate in the device's TLS configuration.",
        .spec = "RFC 5280, 4.1",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_cert_bytes,
};
