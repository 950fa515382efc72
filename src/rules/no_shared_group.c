/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No group for the key exchange in common: the reason for a missing ServerHello.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 47, 80, -1 };

#define SECP256R1 23u
#define X25519 29u

static void judge_known(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitMessage *hello, const char *text)
{
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, NULL };
    TlsfitJudged *judged;

    verdict.status = tlsfit_offer_answered(tlsfit_judge_answerer(judge), TLSFIT_SET_GROUPS, &hello->groups,
                                           &verdict.source, &verdict.limit);
    judged = tlsfit_judge_verdict(judge, subject, &verdict, "the client offers only the groups %s", text);
    tlsfit_judged_prove(judged);
    tlsfit_verdict_clear(&verdict);
}

static void judge_no_shared_group(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitOffer offer;

    if (hello == NULL || tlsfit_codes_length(&hello->groups) == 0) {
        return;
    }
    tlsfit_offer_read(hello, &offer);
    if (!offer.needs_group &&
        (tlsfit_judge_answerer(judge) == NULL || !tlsfit_offer_needs_group(hello, tlsfit_judge_answerer(judge)))) {
        return; /* a suite without such a group is among the usable ones */
    }
    const TlsfitSubject subject = { "client_hello.supported_groups", -1, hello->groups.place };
    g_autofree char *text = tlsfit_codes_text(TLSFIT_NAME_GROUP, &hello->groups, 6);

    if (tlsfit_judge_answerer(judge) != NULL) {
        judge_known(judge, &subject, hello, text);
    } else if (!judge->unknown_only && !tlsfit_codes_has(&hello->groups, SECP256R1) &&
               !tlsfit_codes_has(&hello->groups, X25519)) {
        tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 8446, 9.1: secp256r1 must, X25519 should be implemented",
                          "neither secp256r1 nor x25519", "the client offers only the groups %s", text);
    }
}

const TlsfitRule tlsfit_rule_no_shared_group = {
    .text = {
        .id = "no_shared_group",
        .title = "A group for the key exchange in common",
        .why = "ECDHE needs a curve that both sides can compute. When no usable suite works without one and "
               "no curve is shared, the server cannot answer.",
        .cannot_know = "What the server accepts, unless a profile of the server is given (preference tlsfit.peer).",
        .fix_server = "Enable a group that the device offers (OpenSSL: -groups, nginx: ssl_ecdh_curve).",
        .fix_device = "Enable secp256r1 or x25519 in the device's build.",
        .spec = "RFC 8422, 4; RFC 8446, 4.2.7",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_ANSWER,
    .alerts = alerts,
    .judge = judge_no_shared_group,
};
