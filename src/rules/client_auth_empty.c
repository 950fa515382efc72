/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device that has a certificate of its own answered a CertificateRequest with an empty list.
 */
#include "client_auth.h"

static const int alerts[] = { 40, 41, 42, 43, 46, 48, 49, 80, 116, -1 };

static void judge_client_auth_empty(TlsfitJudge *judge)
{
    const TlsfitMessage *answer = judge->session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE];
    const TlsfitSource *source = NULL;
    const char *word = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_client_certificate, &source);
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, source, NULL };
    TlsfitJudged *judged;

    if (tlsfit_client_answer(judge->session) != TLSFIT_ANSWER_EMPTY || g_strcmp0(word, "no") == 0 ||
        !tlsfit_server_refused(judge->session)) {
        return; /* one that cannot have a certificate has none to forget: client_auth_required */
    }
    const TlsfitSubject subject = { "client_certificate", -1, answer->place };

    if (word != NULL) {
        verdict.status = TLSFIT_SUSPECT;
        verdict.limit = g_strdup("can show a certificate of its own");
    }
    judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the device's Certificate message is empty");
    if (judged != NULL && verdict.status == TLSFIT_SUSPECT) {
        judged->weight = 55; /* before client_auth_required: it says where to look */
    }
    tlsfit_verdict_clear(&verdict);
}

const TlsfitRule tlsfit_rule_client_auth_empty = {
    .text = {
        .id = "client_auth_empty",
        .title = "An empty Certificate message of the client",
        .why = "A client that has a certificate and still sends an empty list was not given it, cannot read its "
               "key, or finds that it does not fit the request: the CAs that the server names, the kinds of "
               "keys, or the signature algorithms.",
        .cannot_know = "Why the device sent none.",
        .fix_server = "Name the CA of the devices in the CertificateRequest, or no CA at all (OpenSSL: -CAfile, nginx: "
                      "ssl_client_certificate), and allow the kind of key that the devices have.",
        .fix_device = "Give the certificate and the private key to the TLS context of this connection, and look whether "
                      "its issuer is among the CAs of the CertificateRequest.",
        .spec = "RFC 5246, 7.4.6; RFC 8446, 4.4.2.3",
    },
    .stage = TLSFIT_STAGE_CLIENT_AUTH,
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_client_auth_empty,
};
