/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The certificates are encrypted and were not given.
 */
#include "engine.h"

static void judge_certificates_hidden(TlsfitJudge *judge)
{
    const TlsfitSession *session = judge->session;
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const TlsfitMessage *sent = session->slots[TLSFIT_SLOT_SERVER_CERTIFICATE];

    if (sent != NULL && sent->type == TLSFIT_HS_COMPRESSED_CERTIFICATE && sent->certificates == NULL) {
        const TlsfitSubject compressed = { "certificates", -1, sent->place };

        tlsfit_judge_fact(judge, &compressed, TLSFIT_UNKNOWN, NULL, NULL,
                          "the certificates are compressed (RFC 8879), and what is in them cannot be read here");
        return;
    }
    if (hello == NULL || !session->hidden || tlsfit_judge_chain(judge) != NULL || tlsfit_session_resumed(session) ||
        !tlsfit_version_is_tls13(tlsfit_session_version(session))) {
        return;
    }
    const TlsfitSubject subject = { "certificates", -1, hello->place };

    tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL,
                      "TLS 1.3 encrypts the certificates, and the capture has no secrets to read them");
}

const TlsfitRule tlsfit_rule_certificates_hidden = {
    .text = {
        .id = "certificates_hidden",
        .title = "Encrypted certificates",
        .why = "In TLS 1.3 everything after the ServerHello is encrypted, the certificates too. Without the "
               "session's secrets nothing can be said about the chain.",
        .fix_server = "Let the server write a key log (OpenSSL s_server: -keylogfile) and give it to Wireshark "
                      "(preference tls.keylog_file), or check the chain by itself: tlsfit check.",
        .fix_device = "Let the device's TLS library write a key log in the format of SSLKEYLOGFILE.",
        .spec = "RFC 8446, 2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .judge = judge_certificates_hidden,
};
