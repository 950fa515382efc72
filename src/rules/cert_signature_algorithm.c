/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The algorithm with which each certificate is signed.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 46, 48, 51, 80, -1 };

static void judge_cert_signature_algorithm(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, i);

        if (!certificate->readable) {
            tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL, "it cannot be read: %s", certificate->error);
            continue;
        }
        if (!tlsfit_chain_is_verified(judge, chain, i)) {
            continue;
        }
        g_auto(TlsfitVerdict) verdict =
            tlsfit_device_code(judge->device, TLSFIT_SET_CERTIFICATE_SIGNATURES, certificate->signature);
        const char *name = tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, certificate->signature);

        tlsfit_judge_verdict(judge, &subject, &verdict, "it is signed with %s by %s",
                             certificate->signature != TLSFIT_SIGNATURE_UNKNOWN && name != NULL
                                 ? name
                                 : certificate->signature_oid,
                             certificate->issuer);
    }
}

const TlsfitRule tlsfit_rule_cert_signature_algorithm = {
    .text = {
        .id = "cert_signature_algorithm",
        .title = "The algorithm that signed a certificate",
        .why = "To trust a certificate the device must verify the signature on it, with the hash and the "
               "public key algorithm that its issuer used. One signature in the chain that it cannot compute "
               "breaks the whole chain, even when the end-entity certificate itself looks harmless.",
        .cannot_know = "Whether the device verifies this certificate at all, unless its profile lists its anchors: "
                       "some stop at an intermediate that they hold as an anchor, or below a cross-certificate.",
        .fix_server = "Use a chain in which every signature, up to the anchor, is made with an algorithm that the "
                      "device verifies.",
        .fix_device = "Enable the hash for certificate verification in the device's TLS build.",
        .spec = "RFC 5280, 4.1.1.2; RFC 5246, 7.4.2; RFC 8446, 4.4.2.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_cert_signature_algorithm,
};
