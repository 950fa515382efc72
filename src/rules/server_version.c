/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The version that the server chose against what the device can speak.
 */
#include "engine.h"

static const int alerts[] = { 47, 70, 80, -1 };

static void judge_server_version(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const guint version = tlsfit_session_version(judge->session);
    const TlsfitSubject subject = { "server_hello.version", -1,
                                    hello->versions.present ? hello->versions.place : hello->version_place };

    if (version == 0) {
        return; /* the capture lacks it: capture_incomplete says so */
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_VERSIONS, version);
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_VERSION, version);

    tlsfit_judge_verdict(judge, &subject, &verdict, "the server chose %s", name);
}

const TlsfitRule tlsfit_rule_server_version = {
    .text = {
        .id = "server_version",
        .title = "The protocol version that the server chose",
        .why = "The ServerHello fixes one protocol version for the whole connection. A device that does not "
               "implement it must give up at once.",
        .cannot_know = "Whether an application on the device switched the version off, when the profile describes "
                       "the stack as it is shipped.",
        .fix_server = "Let the server negotiate a version that the device has; most servers do when the device's "
                      "version is not switched off.",
        .fix_device = "Enable the version in the device's TLS build, or make the device offer only versions that it "
                      "implements.",
        .spec = "RFC 5246, 7.4.1.3; RFC 8446, 4.2.1",
    },
    .stage = TLSFIT_STAGE_CHOICE,
    .moments = 1u << TLSFIT_MOMENT_SERVER_HELLO,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_version,
};
