/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kind of key in each certificate.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 46, 48, 51, 80, -1 };

/* The signature names the type of the key that made it. What the profile leaves open is left to the rule on
 * signatures; a key of the same type in the certificate itself says it already. */
static void judge_absent_issuer(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const TlsfitKeyType type = tlsfit_cert_signature_key_type(certificate->signature);
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_KEY_TYPES, type);

    if (type != TLSFIT_KEY_UNKNOWN && type != certificate->key_type && verdict.status >= TLSFIT_SUSPECT) {
        tlsfit_judge_verdict(judge, &subject, &verdict, "the key of its issuer, which is not sent, is of the type %s",
                             tlsfit_name(TLSFIT_NAME_KEY_TYPE, type));
    }
}

static void judge_cert_key_type(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, i);
        const TlsfitSet set = i == 0 ? TLSFIT_SET_END_ENTITY_TYPES : TLSFIT_SET_KEY_TYPES;

        if (!certificate->readable) {
            tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL, "it cannot be read: %s", certificate->error);
            continue;
        }
        if (i > 0 && tlsfit_chain_past_anchor(judge, chain, i - 1)) {
            continue;
        }
        if (tlsfit_chain_misses_issuer(judge, chain, i)) {
            judge_absent_issuer(judge, chain, i);
        }
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, set, certificate->key_type);
        const char *name = tlsfit_name(TLSFIT_NAME_KEY_TYPE, certificate->key_type);

        tlsfit_judge_verdict(judge, &subject, &verdict, "its key is of the type %s (%s)",
                             name != NULL ? name : certificate->key_oid, certificate->subject);
    }
}

const TlsfitRule tlsfit_rule_cert_key_type = {
    .text = {
        .id = "cert_key_type",
        .title = "The type of the key in a certificate",
        .why = "The key in a certificate verifies what its owner signed: the end-entity key the handshake, a "
               "CA key the certificate below it. A device without the algorithm cannot verify anything with "
               "that key.",
        .cannot_know = "The key of an issuer that the server does not send, beyond the type that its signature shows.",
        .fix_server = "Use a chain whose keys are all of a type that the device has, the end-entity's and every "
                      "issuer's.",
        .fix_device = "Enable the public key algorithm in the device's TLS and X.509 build.",
        .spec = "RFC 5280, 4.1.2.7; RFC 8422, 5.3",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_cert_key_type,
};
