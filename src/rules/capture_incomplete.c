/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture lacks bytes that the judgement needs.
 */
#include "engine.h"

static void judge_capture_incomplete(TlsfitJudge *judge)
{
    const TlsfitSession *session = judge->session;
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitMessage *answer = session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const TlsfitSubject subject = { "capture", -1,
                                    hello != NULL    ? hello->place
                                    : answer != NULL ? answer->place
                                                     : session->diagnosis->place };
    const char *observed = NULL;

    if (hello == NULL) {
        observed = "the ClientHello is not in the capture";
    } else if (session->incomplete) {
        observed = "packets or bytes of this handshake are missing in the capture";
    } else if (session->diagnosis->outcome == TLSFIT_OUTCOME_CUT) {
        observed = "the capture ends before the handshake does";
    }
    if (observed != NULL) {
        tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL, "%s", observed);
    }
}

const TlsfitRule tlsfit_rule_capture_incomplete = {
    .text = {
        .id = "capture_incomplete",
        .title = "An incomplete capture",
        .why = "What is not in the capture cannot be judged: packets that the capture lost, packets that "
               "were cut short, a capture that began too late or ended too early.",
        .fix_server = "Capture again with full packets (tcpdump -s 0), on the wire and from before the connection "
                      "on, until some seconds after the failure.",
    },
    .stage = TLSFIT_STAGE_FINISHED, /* whatever the device went past, what is missing stays missing */
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .judge = judge_capture_incomplete,
};
