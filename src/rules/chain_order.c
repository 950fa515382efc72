/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of the certificates: the end-entity first, then each one's issuer.
 */
#include "engine.h"

static const int alerts[] = { 42, 46, 47, 48, -1 };

static TlsfitViolation violation_of(const TlsfitJudge *judge, int weight)
{
    TlsfitViolation violation = { TLSFIT_FEATURE_out_of_order_chain, "no", "takes the certificates as they come",
                                  "RFC 5246, 7.4.2", weight };

    if (tlsfit_version_is_tls13(tlsfit_session_version(judge->session))) {
        violation.where = "RFC 8446, 4.4.2";
    }
    return violation;
}

/* The first certificate that is not followed by its issuer; the length where all are. */
static guint first_break(const TlsfitMessage *chain)
{
    const guint length = tlsfit_chain_length(chain);

    for (guint i = 0; i + 1 < length; i++) {
        if (!tlsfit_chain_certifies(chain, i + 1, i)) {
            return i;
        }
    }
    return length;
}

/* FROM is the end-entity itself, and its issuer is nowhere: then the chain is incomplete, whatever follows. */
static gboolean is_incomplete(const TlsfitMessage *chain, guint from)
{
    return from == 0 && tlsfit_chain_issuer(chain, 0) < 0 && !tlsfit_chain_entry(chain, 0)->certificate->self_signed;
}

/* Who builds a path looks for each issuer among all certificates, and leaves those that are none alone. */
static gboolean takes_any_order(const TlsfitJudge *judge)
{
    return tlsfit_chain_builds_paths(judge) &&
           tlsfit_device_feature(judge->device, TLSFIT_FEATURE_out_of_order_chain, NULL) == NULL;
}

static void judge_break(TlsfitJudge *judge, const TlsfitMessage *chain, const TlsfitSubject *subject, guint from)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, from)->certificate;
    const int issuer = tlsfit_chain_issuer(chain, from);
    const char *order = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_out_of_order_chain, NULL);
    const char *ends = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_anchor_ends_path, NULL);
    TlsfitViolation violation = violation_of(judge, TLSFIT_WEIGHT_GENERAL + 6);

    if (issuer >= 0) {
        tlsfit_judge_violation(judge, subject, &violation,
                               "certificate[%u] does not certify certificate[%u], whose issuer is certificate[%d]",
                               from + 1, from, issuer);
        return;
    }
    /* What comes after the end of a path is read by few: not by those for which the anchor ends it, and where that is not
     * known it is not known either. */
    if (g_strcmp0(ends, "yes") == 0) {
        return;
    }
    if (ends == NULL && g_strcmp0(order, "no") == 0) {
        violation.feature = TLSFIT_FEATURE_COUNT;
    }
    violation.weight = TLSFIT_WEIGHT_GENERAL - 5;
    tlsfit_judge_violation(judge, subject, &violation,
                           "certificate[%u] does not certify certificate[%u] (issued by %s) and follows it", from + 1,
                           from, certificate->issuer);
}

static void judge_chain_order(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    if (chain == NULL || !tlsfit_chain_readable(chain)) {
        return;
    }
    const TlsfitSubject subject = { "chain", -1, chain->place };
    const guint from = first_break(chain);

    if (tlsfit_chain_begins_with_ca(chain)) {
        const TlsfitViolation violation = violation_of(judge, TLSFIT_WEIGHT_GENERAL + 8);

        tlsfit_judge_violation(judge, &subject, &violation,
                               "certificate[0], which should be the end-entity's, is a CA (%s)",
                               tlsfit_chain_entry(chain, 0)->certificate->subject);
    } else if (from < tlsfit_chain_length(chain) && !is_incomplete(chain, from) && !takes_any_order(judge) &&
               !tlsfit_chain_past_anchor(judge, chain, from + 1)) {
        judge_break(judge, chain, &subject, from);
    }
}

const TlsfitRule tlsfit_rule_chain_order = {
    .text = {
        .id = "chain_order",
        .title = "The order of the certificates",
        .why = "The server's own certificate comes first, and each one that follows certifies the one before it. "
               "Desktop stacks sort a chain that is in another order; a device that verifies certificates as they "
               "arrive, without keeping them, cannot. The error that it then reports often names something "
               "else: an unknown CA, a wrong name.",
        .cannot_know = "Whether two CAs of the same name have the same key, where they have no key identifiers.",
        .fix_server = "Put the certificates into one file in this order: the server's, its issuer's, that one's issuer's; "
                      "leave out what is not in this line.",
        .spec = "RFC 5246, 7.4.2; RFC 8446, 4.4.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_chain_order,
};
