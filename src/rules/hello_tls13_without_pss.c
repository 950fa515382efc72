/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS 1.3 offered without any rsa_pss scheme: no server with an RSA certificate can answer in TLS 1.3.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 47, 80, 109, -1 };

static void judge_hello_tls13_without_pss(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitOffer offer;

    if (hello == NULL || judge->unknown_only) {
        return;
    }
    tlsfit_offer_read(hello, &offer);
    if (!offer.tls13 || !offer.schemes_known || offer.rsa_pss || !offer.rsa_pkcs1) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.signature_algorithms", -1, hello->schemes.place };
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_SIGNATURE_SCHEMES, 0x0804);
    const char *observed = "the client offers TLS 1.3 and RSA signatures, but no rsa_pss scheme, the only RSA signatures "
                           "that TLS 1.3 has";
    TlsfitJudged *judged;

    if (verdict.status >= TLSFIT_SUSPECT) {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", observed);
    } else { /* whatever the profile has: this hello does not offer it */
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 8446, 4.2.3", NULL, "%s", observed);
    }
    if (judged != NULL) {
        judged->weight = offer.modern ? TLSFIT_WEIGHT_CANNOT : TLSFIT_WEIGHT_SUSPECT;
    }
}

const TlsfitRule tlsfit_rule_hello_tls13_without_pss = {
    .text = {
        .id = "hello_tls13_without_pss",
        .title = "TLS 1.3 without RSA-PSS",
        .why = "TLS 1.3 has no PKCS #1 v1.5 signatures in the handshake: a server with an RSA certificate "
               "signs with RSASSA-PSS or not at all. A client that offers TLS 1.3 without rsa_pss_rsae_* is "
               "refused by such a server, though it would have worked with TLS 1.2, because the server "
               "settles for TLS 1.3 first.",
        .cannot_know = "Which certificates the server has: with an ECDSA one this is no obstacle.",
        .fix_server = "Give the server an ECDSA certificate, or limit this listener to TLS 1.2.",
        .fix_device = "Enable RSASSA-PSS in the device's TLS library, or switch TLS 1.3 off there.",
        .spec = "RFC 8446, 4.2.3 and 4.4.3",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_SERVER_HELLO,
    .alerts = alerts,
    .judge = judge_hello_tls13_without_pss,
};
