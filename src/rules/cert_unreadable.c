/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A certificate that cannot be read, or whose key cannot: bytes that are no DER, a curve spelled out instead of named.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 46, 47, 50, 80, -1 };

#define CLIENT_CERTIFICATE_TYPES 9u /* cert_type (RFC 6091) */
#define SERVER_CERTIFICATE_TYPE 20u /* server_certificate_type (RFC 7250) */

/* A raw public key is no certificate and is not meant to be one. */
static gboolean may_be_raw_key(const TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    return hello == NULL || tlsfit_codes_has(&hello->extensions, CLIENT_CERTIFICATE_TYPES) ||
           tlsfit_codes_has(&hello->extensions, SERVER_CERTIFICATE_TYPE);
}

/* Nothing reads bytes that are no certificate, but what is refused here might be read by another parser: more than a
 * general rule, less than a limit that is known of the device. */
static void judge_bytes(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitCertificate *certificate)
{
    const TlsfitViolation violation = { TLSFIT_FEATURE_COUNT, NULL, "reads certificates in DER", "RFC 5280, 4.1", 50 };

    if (may_be_raw_key(judge)) {
        tlsfit_judge_fact(judge, subject, TLSFIT_UNKNOWN, NULL, NULL,
                          "it is no X.509 certificate, and may be a raw public key: %s", certificate->error);
        return;
    }
    tlsfit_judge_violation(judge, subject, &violation, "it cannot be read: %s", certificate->error);
}

static void judge_curve(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitCertificate *certificate)
{
    const TlsfitViolation violation = { TLSFIT_FEATURE_explicit_curves, "no", "reads named curves only",
                                        "RFC 5480, 2.1.1", TLSFIT_WEIGHT_GENERAL + 5 };

    tlsfit_judge_violation(judge, subject, &violation,
                           "the curve of its key is spelled out in parameters instead of named (%s)",
                           certificate->subject);
}

static void judge_cert_unreadable(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, i);

        if (!certificate->readable) {
            judge_bytes(judge, &subject, certificate);
        } else if (certificate->explicit_curve) {
            judge_curve(judge, &subject, certificate);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_unreadable = {
    .text = {
        .id = "cert_unreadable",
        .title = "A certificate that cannot be read",
        .why = "A certificate is a structure in DER with a fixed form. When its bytes are damaged, or in another form "
               "(PEM text, a whole PKCS #7 file), nothing in it can be verified. An elliptic-curve key must name "
               "its curve: parameters that spell the curve out are refused by most stacks, as anybody could put "
               "a weak curve there (CVE-2020-0601).",
        .cannot_know = "Whether the device's own parser is more patient than the one used here.",
        .fix_server = "Give the server the certificate as its CA issued it, and make EC keys with a named curve "
                      "(openssl genpkey -pkeyopt ec_param_enc:named_curve).",
        .spec = "RFC 5280, 4.1; RFC 5480, 2.1.1",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_cert_unreadable,
};
