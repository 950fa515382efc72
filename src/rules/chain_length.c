/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many certificates the chain has.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 44, 48, 80, -1 };

/* What the profile counts: every certificate of the message, or the path up to the anchor and without it. */
static guint counted(const TlsfitJudge *judge, const TlsfitMessage *chain)
{
    const char *how = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_chain_count, NULL);
    guint path[TLSFIT_CERTIFICATES_MAX];
    guint length;
    guint count = 1;

    if (g_strcmp0(how, "path") != 0 || !tlsfit_chain_readable(chain)) {
        return tlsfit_chain_length(chain);
    }
    length = tlsfit_chain_path(chain, path);
    while (count < length && !tlsfit_chain_is_anchor(chain, path[count]) &&
           !tlsfit_chain_past_anchor(judge, chain, path[count])) {
        count++;
    }
    return count;
}

static void judge_chain_length(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);
    const TlsfitSubject subject = { "chain", -1, chain != NULL ? chain->place : (TlsfitPlace){ 0, 0, 0 } };

    if (chain == NULL) {
        return;
    }
    g_auto(TlsfitVerdict) verdict =
        tlsfit_device_number(judge->device, TLSFIT_NUMBER_chain_certificates_max, counted(judge, chain));

    tlsfit_judge_verdict(judge, &subject, &verdict, "%u certificates were sent, %u of them count",
                         tlsfit_chain_length(chain), counted(judge, chain));
}

const TlsfitRule tlsfit_rule_chain_length = {
    .text = {
        .id = "chain_length",
        .title = "The number of certificates in the chain",
        .why = "Stacks reserve room for a fixed number of certificates, or limit the depth of a path, to "
               "bound memory and time.",
        .cannot_know = "Certificates that the device holds itself and adds to the path.",
        .fix_server = "Send a shorter chain: leave out the root, and cross-certificates that the device does not "
                      "need.",
        .fix_device = "Raise the maximum chain depth in the device's TLS build.",
        .spec = "RFC 5280, 6.1; RFC 5246, 7.4.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_chain_length,
};
