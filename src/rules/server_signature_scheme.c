/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The signature of the handshake itself (ServerKeyExchange, CertificateVerify) against what the device verifies.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 47, 51, 80, -1 };

static void judge_server_signature_scheme(TlsfitJudge *judge)
{
    TlsfitSubject subject = { "server_key_exchange.signature_scheme", -1, { 0, 0, 0 } };
    const guint scheme = tlsfit_session_scheme(judge->session, &subject.place);

    if (scheme == 0) {
        return; /* TLS 1.1 and older name none, and an anonymous exchange has none */
    }
    if (judge->session->slots[TLSFIT_SLOT_KEY_EXCHANGE] == NULL) {
        subject.name = "certificate_verify.signature_scheme";
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_SIGNATURE_SCHEMES, scheme);
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_SIGNATURE_SCHEME, scheme);

    tlsfit_judge_verdict(judge, &subject, &verdict, "the server signed the handshake with %s", name);
}

const TlsfitRule tlsfit_rule_server_signature_scheme = {
    .text = {
        .id = "server_signature_scheme",
        .title = "The signature scheme of the handshake",
        .why = "The server proves that it holds the certificate's key by signing the handshake. The device "
               "must know the hash and the padding or curve of that signature; it is another question than "
               "the signatures inside the certificates.",
        .cannot_know = "The scheme in TLS 1.3 without the session's secrets: CertificateVerify is encrypted.",
        .fix_server = "Restrict the server's signature algorithms (OpenSSL: -sigalgs), or give it a certificate "
                      "whose key makes signatures that the device verifies.",
        .fix_device = "Enable the scheme in the device's TLS build, or take it out of the signature_algorithms that "
                      "it sends.",
        .spec = "RFC 5246, 7.4.3; RFC 8446, 4.4.3",
    },
    .stage = TLSFIT_STAGE_EXCHANGE,
    .moments = 1u << TLSFIT_MOMENT_KEY_EXCHANGE,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_signature_scheme,
};
