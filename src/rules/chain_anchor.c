/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the chain reach something that the device trusts?
 */
#include "engine.h"

static const int alerts[] = { 42, 46, 48, -1 };

#define UNKNOWN_CA 48

typedef struct {
    guint path[TLSFIT_CERTIFICATES_MAX];
    guint length;
} Path;

static const TlsfitCertificate *at(const TlsfitMessage *chain, const Path *path, guint step)
{
    return tlsfit_chain_entry(chain, path->path[step])->certificate;
}

/* Where the path leaves the one that was sent: the first certificate below the top whose issuer the device trusts. */
static gboolean reaches_earlier(const TlsfitJudge *judge, const TlsfitMessage *chain, const Path *path, guint *step)
{
    for (*step = 0; *step + 1 < path->length; (*step)++) {
        g_auto(TlsfitVerdict) above = tlsfit_device_anchor(judge->device, at(chain, path, *step + 1), FALSE);
        g_auto(TlsfitVerdict) issuer = tlsfit_device_anchor(judge->device, at(chain, path, *step), TRUE);

        if (above.status == TLSFIT_OK || issuer.status == TLSFIT_OK) {
            return TRUE;
        }
    }
    return FALSE;
}

static void report_earlier(TlsfitJudge *judge, const TlsfitMessage *chain, const Path *path, guint step)
{
    const TlsfitCertificate *sent = at(chain, path, step + 1);
    const TlsfitCertificate *top = at(chain, path, path->length - 1);
    const TlsfitSubject subject = { "chain", -1, chain->place };
    TlsfitViolation violation = { TLSFIT_FEATURE_anchor_ends_path, "no",
                                  "verifies the chain as it is sent to its end, though it could stop before",
                                  "RFC 4158", TLSFIT_WEIGHT_GENERAL + 5 };
    TlsfitJudged *judged;

    if (tlsfit_chain_builds_paths(judge)) {
        return;
    }
    violation.weight += tlsfit_judge_alert_is(judge, UNKNOWN_CA) ? 20 : 0;
    judged = tlsfit_judge_violation(judge, &subject, &violation,
                                    "the device trusts %s, but certificate[%u] of that name is sent as issued by %s, and the "
                                    "chain ends at %s",
                                    sent->subject, path->path[step + 1], sent->issuer, top->issuer);
    if (judged != NULL) {
        tlsfit_judged_fix_server(judged, g_strdup_printf("Do not send certificate[%u] and what follows it: the device "
                                                         "has that CA as an anchor.",
                                                         path->path[step + 1]));
    }
}

static void judge_top(TlsfitJudge *judge, const TlsfitMessage *chain, const Path *path, const TlsfitVerdict *verdict)
{
    const TlsfitCertificate *top = at(chain, path, path->length - 1);
    const TlsfitSubject subject = { "chain", -1, chain->place };

    tlsfit_judge_verdict(judge, &subject, verdict, "the chain ends at %s%s", top->issuer,
                         top->self_signed ? ", which is sent" : ", which is not sent");
}

static void judge_chain_anchor(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);
    Path path;
    guint step;

    if (chain == NULL || !tlsfit_chain_readable(chain) || tlsfit_chain_begins_with_ca(chain)) {
        return;
    }
    path.length = tlsfit_chain_path(chain, path.path);
    const TlsfitCertificate *top = at(chain, &path, path.length - 1);
    g_auto(TlsfitVerdict) itself = tlsfit_device_anchor(judge->device, top, FALSE);
    g_auto(TlsfitVerdict) issuer = tlsfit_device_anchor(judge->device, top, TRUE);

    if ((path.length == 1 && !top->self_signed) || issuer.status == TLSFIT_OK ||
        (itself.status == TLSFIT_OK && (top->self_signed || path.length == 1))) {
        return; /* it does, or its beginning is missing: chain_incomplete */
    }
    if (reaches_earlier(judge, chain, &path, &step)) {
        report_earlier(judge, chain, &path, step);
    } else if (judge->moment != TLSFIT_MOMENT_FAILED) {
        judge_top(judge, chain, &path, top->self_signed ? &itself : &issuer);
    }
}

const TlsfitRule tlsfit_rule_chain_anchor = {
    .text = {
        .id = "chain_anchor",
        .title = "The trust anchor of the chain",
        .why = "A chain is worth nothing until it reaches a certificate that the device holds and trusts. Devices hold "
               "few, often one, and for years: a CA that changes its root or its intermediates leaves them "
               "behind. A root may also be sent in a second form, signed by an older root, for devices that know "
               "only that one; a stack that follows such a chain to its end misses the newer root in its own store.",
        .cannot_know = "What the device trusts, unless its profile lists its anchors.",
        .fix_server = "Use a chain that ends at a root that the device holds; where the CA offers several, choose the "
                      "one with the device's root (certbot: --preferred-chain).",
        .fix_device = "Add the chain's root to the device's trust store, not an intermediate, which changes more often.",
        .spec = "RFC 5280, 6.1; RFC 4158",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_chain_anchor,
};
