/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates of X.509 version 1 (or 2), which can hold no extensions.
 */
#include "engine.h"

static const int alerts[] = { 42, 43, 46, 48, -1 };

static void judge_certificate(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const gboolean issues = index > 0;
    TlsfitViolation violation = { TLSFIT_FEATURE_certificate_v1, "no", "takes certificates of version 3 only",
                                  "RFC 5280, 4.1.2.1", TLSFIT_WEIGHT_GENERAL };

    /* A version 1 certificate cannot say that it is a CA: who takes it for an end-entity may refuse it as an issuer. */
    if (issues) {
        const char *taken = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_certificate_v1, NULL);

        violation.feature = g_strcmp0(taken, "yes") == 0 ? TLSFIT_FEATURE_COUNT : TLSFIT_FEATURE_certificate_v1;
        violation.where = "RFC 5280, 6.1.4 (k)";
        violation.weight += 5;
    }
    violation.weight += tlsfit_judge_alert_is(judge, 43) ? 5 : 0;
    tlsfit_judge_violation(judge, &subject, &violation, "it is an X.509 version %d certificate%s (%s)",
                           certificate->version, issues ? ", used as a CA" : "", certificate->subject);
}

static void judge_cert_version(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;

        /* old roots are of version 1, and a device that has one as an anchor does not verify it again */
        if (certificate->readable && certificate->version < 3 && tlsfit_chain_is_verified(judge, chain, i)) {
            judge_certificate(judge, chain, i);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_version = {
    .text = {
        .id = "cert_version",
        .title = "The version of a certificate",
        .why = "X.509 version 1 has no extensions: such a certificate cannot say that it belongs to a CA, which names "
               "it is good for, or what its key may be used for. Some stacks refuse it, and most do so for a CA. "
               "It comes from home-made CAs: openssl x509 -req without -extfile makes version 1.",
        .cannot_know = "Whether the device holds this certificate itself as an anchor.",
        .fix_server = "Issue the certificate again as version 3, with basicConstraints, keyUsage and subjectAltName "
                      "(openssl x509 -req -extfile FILE, or openssl req -x509 -addext).",
        .fix_device = "Allow version 1 certificates, where the stack has such a setting; better have the certificate "
                      "issued again.",
        .spec = "RFC 5280, 4.1.2.1 and 6.1.4 (k)",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_cert_version,
};
