/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The other side ended the handshake with an alert.
 */
#include "engine.h"

static void judge_alert_received(TlsfitJudge *judge)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitSubject subject = { "alert", -1, diagnosis->place };

    if (diagnosis->outcome != TLSFIT_OUTCOME_ALERT || diagnosis->side == judge->side) {
        return;
    }
    tlsfit_judge_outcome(judge, &subject);
}

const TlsfitRule tlsfit_rule_alert_received = {
    .text = {
        .id = "alert_received",
        .title = "The device received an alert",
        .why = "The other side refused something that the device sent or offered. Before a ServerHello it is "
               "the offer; after the device's Finished it is what the device computed.",
        .cannot_know = "What the sender meant: one alert number has many causes, and stacks differ in which one they "
                       "send.",
        .spec = "RFC 8446, 6.2; RFC 5246, 7.2.2",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_OUTCOME,
    .judge = judge_alert_received,
};
