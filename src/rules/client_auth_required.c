/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server asked for the client's certificate, got none, and ended the handshake.
 */
#include "client_auth.h"

static const int alerts[] = { 10, 40, 41, 42, 43, 46, 48, 49, 80, 116, -1 };

static void judge_client_auth_required(TlsfitJudge *judge)
{
    const TlsfitMessage *request = judge->session->slots[TLSFIT_SLOT_CERTIFICATE_REQUEST];
    const TlsfitAnswer answer = tlsfit_client_answer(judge->session);
    TlsfitJudged *judged;

    if (request == NULL || answer == TLSFIT_ANSWER_CERTIFICATE || answer == TLSFIT_ANSWER_OPEN ||
        !tlsfit_server_refused(judge->session)) {
        return;
    }
    const TlsfitSubject subject = { "certificate_request", -1, request->place };
    g_auto(TlsfitVerdict) verdict =
        tlsfit_judge_feature(judge->device, TLSFIT_FEATURE_client_certificate, "no", "has no certificate of its own");
    const char *observed = answer == TLSFIT_ANSWER_EMPTY
                               ? "the server asked for the client's certificate, and the device answered with none"
                           : answer == TLSFIT_ANSWER_HIDDEN
                               ? "the server asked for the client's certificate; what the device answered is encrypted"
                               : "the server asked for the client's certificate, and the device sent no Certificate message "
                                 "at all, not even an empty one";

    if (answer == TLSFIT_ANSWER_HIDDEN && verdict.status < TLSFIT_SUSPECT) {
        verdict.status = TLSFIT_UNKNOWN;
    }
    if (verdict.status >= TLSFIT_SUSPECT || answer == TLSFIT_ANSWER_HIDDEN) {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", observed);
    } else { /* whatever it can: here it sent none */
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 5246, 7.4.6; RFC 8446, 4.4.2.4", NULL, "%s",
                                   observed);
    }
    if (judged != NULL && judged->finding.status == TLSFIT_SUSPECT) {
        judged->weight = 50; /* the order of the messages speaks for it */
    }
}

const TlsfitRule tlsfit_rule_client_auth_required = {
    .text = {
        .id = "client_auth_required",
        .title = "A certificate of the client that the server wants",
        .why = "With a CertificateRequest the server asks the client to show a certificate of its own. A client "
               "without one answers with an empty Certificate message; a server that insists then ends the "
               "handshake. Some old stacks send no Certificate message at all, which every server refuses.",
        .cannot_know = "Whether the server insists: it may ask and go on without.",
        .fix_server = "Ask for the client's certificate without insisting on it (OpenSSL: -verify instead of -Verify, "
                      "nginx: ssl_verify_client optional, mosquitto: require_certificate false), or use another listener "
                      "for this device. Then something else must tell the server who the client is.",
        .fix_device = "Store a certificate and its private key in the device, issued by a CA that the server names in its "
                      "CertificateRequest.",
        .spec = "RFC 5246, 7.4.4 and 7.4.6; RFC 8446, 4.3.2 and 4.4.2.4",
    },
    .stage = TLSFIT_STAGE_CLIENT_AUTH,
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_client_auth_required,
};
