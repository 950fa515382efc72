/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A missing intermediate: the issuer of the end-entity is neither sent nor held by the device.
 */
#include "engine.h"

static const int alerts[] = { 42, 46, 48, -1 };

#define UNKNOWN_CA 48

static char *observed(const TlsfitMessage *chain)
{
    const TlsfitCertificate *leaf = tlsfit_chain_entry(chain, 0)->certificate;
    const guint length = tlsfit_chain_length(chain);

    for (guint i = 1; i < length; i++) {
        const TlsfitCertificate *other = tlsfit_chain_entry(chain, i)->certificate;

        if (g_ascii_strcasecmp(other->subject, leaf->issuer) == 0) {
            return g_strdup_printf("the certificate of its issuer %s is not sent; certificate[%u] has that name and "
                                   "another key identifier",
                                   leaf->issuer, i);
        }
    }
    return g_strdup_printf("the certificate of its issuer %s is not sent%s", leaf->issuer,
                           length > 1 ? ", though others are" : "");
}

/* A root need not be sent, and may issue end-entities itself: only where the profile tells what the device trusts is
 * it certain that a certificate is missing. */
static void judge_chain_incomplete(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    if (chain == NULL || !tlsfit_chain_readable(chain) || tlsfit_chain_begins_with_ca(chain)) {
        return;
    }
    const TlsfitCertificate *leaf = tlsfit_chain_entry(chain, 0)->certificate;
    const TlsfitSubject subject = { "chain", -1, chain->place };

    if (leaf->self_signed || tlsfit_chain_issuer(chain, 0) >= 0) {
        return;
    }
    g_auto(TlsfitVerdict) itself = tlsfit_device_anchor(judge->device, leaf, FALSE);
    g_auto(TlsfitVerdict) verdict = tlsfit_device_anchor(judge->device, leaf, TRUE);
    g_autofree char *text = observed(chain);
    TlsfitViolation violation = { TLSFIT_FEATURE_COUNT, NULL, "needs the intermediates, which it does not fetch",
                                  "RFC 5246, 7.4.2", TLSFIT_WEIGHT_GENERAL + 5 };

    if (itself.status == TLSFIT_OK || verdict.status == TLSFIT_OK) {
        return;
    }
    if (verdict.status != TLSFIT_UNKNOWN) {
        if (judge->moment != TLSFIT_MOMENT_FAILED) {
            tlsfit_judge_verdict(judge, &subject, &verdict, "%s", text);
        }
        return;
    }
    violation.weight += tlsfit_chain_length(chain) > 1 ? 4 : 0;
    violation.weight += tlsfit_judge_alert_is(judge, UNKNOWN_CA) ? 20 : 0;
    tlsfit_judge_violation(judge, &subject, &violation, "%s", text);
}

const TlsfitRule tlsfit_rule_chain_incomplete = {
    .text = {
        .id = "chain_incomplete",
        .title = "An incomplete chain",
        .why = "A device knows roots, and the server must send everything between its own certificate and the root. "
               "When an intermediate is missing, browsers find it by themselves (from their cache, or by the "
               "address in the certificate) and hide the mistake; devices do not. A root that is missing is no "
               "mistake: it is never needed on the wire.",
        .cannot_know = "Whether the missing issuer is a root that the device holds, unless its profile lists its anchors.",
        .fix_server = "Send the full chain: the file with the server's certificate and all intermediates (with Let's "
                      "Encrypt fullchain.pem, not cert.pem).",
        .fix_device = "Store the intermediate on the device as an anchor; this breaks when the CA changes it.",
        .spec = "RFC 5246, 7.4.2; RFC 8446, 4.4.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_chain_incomplete,
};
