/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Critical extensions that the device may not know.
 */
#include "engine.h"

static const int alerts[] = { 42, 43, 46, -1 };

typedef struct {
    const char *oid;
    const char *name;
    gboolean    everybody; /* every stack that verifies chains reads it */
} Known;

/* RFC 5280, 4.2.1, and RFC 6962, 3.1 for the poison of certificate transparency. */
static const Known known[] = {
    { "2.5.29.15", "keyUsage", TRUE },
    { "2.5.29.17", "subjectAltName", TRUE },
    { "2.5.29.19", "basicConstraints", TRUE },
    { "2.5.29.37", "extKeyUsage", FALSE }, /* BearSSL 0.6, for one, refuses it when it is critical */
    { "2.5.29.30", "nameConstraints", FALSE },
    { "2.5.29.32", "certificatePolicies", FALSE },
    { "2.5.29.33", "policyMappings", FALSE },
    { "2.5.29.36", "policyConstraints", FALSE },
    { "2.5.29.54", "inhibitAnyPolicy", FALSE },
    { "1.3.6.1.4.1.11129.2.4.3", "the poison of a precertificate", FALSE },
};

static const Known *find(const char *oid)
{
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (g_str_equal(known[i].oid, oid)) {
            return &known[i];
        }
    }
    return NULL;
}

/* Of X.509 and PKIX themselves (RFC 5280, 4.2, id-ce and id-pe), or as old as they are: that a device rejects what it
 * does not know says nothing of these, which it may well know. */
static gboolean is_standard(const char *oid)
{
    return g_str_has_prefix(oid, "2.5.29.") || g_str_has_prefix(oid, "1.3.6.1.5.5.7.1.") ||
           g_str_has_prefix(oid, "2.16.840.1.113730.1."); /* Netscape's certificate type and its kin */
}

static void judge_extension(TlsfitJudge *judge, const TlsfitSubject *subject, const char *oid)
{
    const Known *entry = find(oid);
    const gboolean standard = is_standard(oid);
    TlsfitViolation violation = { TLSFIT_FEATURE_critical_extensions, "rejected",
                                  "rejects critical extensions that it does not know", "RFC 5280, 4.2",
                                  TLSFIT_WEIGHT_GENERAL + 4 };

    if (entry != NULL && entry->everybody) {
        return;
    }
    if (g_str_equal(oid, "2.5.29.30")) {
        violation.feature = TLSFIT_FEATURE_critical_name_constraints;
        violation.refuses = "no";
        violation.limit = "rejects critical nameConstraints";
    } else if (standard) {
        violation.feature = TLSFIT_FEATURE_COUNT; /* it may be one of those that the device knows */
        violation.weight = TLSFIT_WEIGHT_GENERAL;
    }
    tlsfit_judge_violation(judge, subject, &violation, "it has the critical extension %s%s%s%s", oid,
                           entry != NULL ? " (" : "", entry != NULL ? entry->name : "", entry != NULL ? ")" : "");
}

static void judge_cert_critical_extension(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, i);

        if (!certificate->readable || !tlsfit_chain_is_verified(judge, chain, i)) {
            continue;
        }
        for (guint j = 0; j < certificate->extensions->len; j++) {
            const TlsfitCertExtension *extension = &g_array_index(certificate->extensions, TlsfitCertExtension, j);

            if (extension->critical) {
                judge_extension(judge, &subject, extension->oid);
            }
        }
    }
}

const TlsfitRule tlsfit_rule_cert_critical_extension = {
    .text = {
        .id = "cert_critical_extension",
        .title = "A critical extension in a certificate",
        .why = "An extension that is marked critical means: who does not understand this must refuse the "
               "certificate. Small stacks understand a handful. Constraints of names and policies in CA "
               "certificates are the usual ones that they do not.",
        .cannot_know = "Which of the standard extensions the device understands, unless its profile says so.",
        .fix_server = "Use a chain without that extension, or have it issued as not critical where RFC 5280 leaves the "
                      "choice (for nameConstraints it does not).",
        .fix_device = "Register a handler for the extension, or let the stack ignore unknown critical ones (which "
                      "weakens the device).",
        .spec = "RFC 5280, 4.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_cert_critical_extension,
};
