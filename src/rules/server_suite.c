/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cipher suite that the server chose against those that the device implements.
 */
#include "engine.h"

static const int alerts[] = { 40, 47, 80, -1 };

static void judge_server_suite(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const guint suite = tlsfit_session_suite(judge->session);
    const TlsfitSubject subject = { "server_hello.cipher_suite", -1, hello->cipher_suites.place };

    if (suite == 0) {
        return; /* the capture lacks it: capture_incomplete says so */
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_CIPHER_SUITES, suite);
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, suite);

    tlsfit_judge_verdict(judge, &subject, &verdict, "the server chose %s", name);
}

const TlsfitRule tlsfit_rule_server_suite = {
    .text = {
        .id = "server_suite",
        .title = "The cipher suite that the server chose",
        .why = "The server picks one of the offered cipher suites. Some devices list suites that their "
               "firmware cannot really compute, or the profile and the offer differ.",
        .cannot_know = "Whether the suite was added to the device's build after the profile was written.",
        .fix_server = "Order or restrict the server's cipher suites so that it picks one that the device can "
                      "compute.",
        .fix_device = "Remove the suite from the list that the device offers, or enable it in the TLS build.",
        .spec = "RFC 5246, 7.4.1.3; RFC 8446, 4.1.3",
    },
    .stage = TLSFIT_STAGE_CHOICE,
    .moments = 1u << TLSFIT_MOMENT_SERVER_HELLO,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_suite,
};
