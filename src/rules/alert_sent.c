/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device ended the handshake with an alert.
 */
#include "engine.h"

static void judge_alert_sent(TlsfitJudge *judge)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitSubject subject = { "alert", -1, diagnosis->place };

    if (diagnosis->outcome != TLSFIT_OUTCOME_ALERT || diagnosis->side != judge->side) {
        return;
    }
    tlsfit_judge_outcome(judge, &subject);
}

const TlsfitRule tlsfit_rule_alert_sent = {
    .text = {
        .id = "alert_sent",
        .title = "The device sent an alert",
        .why = "The device refused something and said so. The number is a hint and not a cause: "
               "bad_certificate, for one, is sent for signatures, sizes, names, dates and memory alike. The "
               "primary cause is the limit that fits what came before.",
        .cannot_know = "What the sender meant: one alert number has many causes, and stacks differ in which one they "
                       "send.",
        .spec = "RFC 8446, 6.2; RFC 5246, 7.2.2",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_OUTCOME,
    .judge = judge_alert_sent,
};
