/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One side went silent in the middle of the handshake.
 */
#include "engine.h"

static void judge_handshake_stalled(TlsfitJudge *judge)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitSubject subject = { "handshake", -1, diagnosis->place };

    if (diagnosis->outcome == TLSFIT_OUTCOME_STALLED) {
        tlsfit_judge_outcome(judge, &subject);
    }
}

const TlsfitRule tlsfit_rule_handshake_stalled = {
    .text = {
        .id = "handshake_stalled",
        .title = "The handshake stalled",
        .why = "Everything that was sent had arrived, and the side whose turn it was said nothing more. "
               "Small stacks often do not send an alert when they give up: they stop, or crash, and only a "
               "timeout ends the connection.",
        .cannot_know = "Whether the device is still computing: slow public key operations take seconds on small "
                       "processors; preference tlsfit.stall_time sets what counts as silence.",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_OUTCOME,
    .judge = judge_handshake_stalled,
};
