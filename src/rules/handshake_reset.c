/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection was reset or closed in the middle of the handshake, without an alert.
 */
#include "engine.h"

static void judge_handshake_reset(TlsfitJudge *judge)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitSubject subject = { "handshake", -1, diagnosis->place };

    if (diagnosis->outcome == TLSFIT_OUTCOME_RESET || diagnosis->outcome == TLSFIT_OUTCOME_CLOSED) {
        tlsfit_judge_outcome(judge, &subject);
    }
}

const TlsfitRule tlsfit_rule_handshake_reset = {
    .text = {
        .id = "handshake_reset",
        .title = "The connection was reset or closed",
        .why = "The connection ended without an alert. A stack that gives up without saying why, an "
               "application that closes the socket after an error, and a firewall between the two all look "
               "like this.",
        .cannot_know = "Who really reset the connection, where its IP header shows nothing (middlebox_reset looks "
                       "for that): a middlebox can do so in the name of either side.",
        .spec = "RFC 8446, 6.1",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_OUTCOME,
    .judge = judge_handshake_reset,
};
