/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Only RSA-PSS offered for RSA: a server that speaks TLS 1.2 with PKCS #1 v1.5 signatures alone cannot sign.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 43, 47, 80, -1 };

/* A suite of TLS 1.2 or older whose server shows an RSA certificate. */
static gboolean wants_rsa(const TlsfitCodes *suites)
{
    for (guint i = 0; i < tlsfit_codes_length(suites); i++) {
        if (tlsfit_suite(tlsfit_codes_get(suites, i))->auth == TLSFIT_AUTH_RSA) {
            return TRUE;
        }
    }
    return FALSE;
}

/* What the answering side's profile says of the schemes that are offered; unknown without one. */
static TlsfitStatus answered(const TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);
    const TlsfitSource *source = NULL;
    g_autofree char *limit = NULL;

    return answerer != NULL
               ? tlsfit_offer_answered(answerer, TLSFIT_SET_SIGNATURE_SCHEMES, &hello->schemes, &source, &limit)
               : TLSFIT_UNKNOWN;
}

static void judge_hello_tls12_without_pkcs1(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitOffer offer;
    TlsfitJudged *judged;

    if (hello == NULL || judge->unknown_only || answered(judge, hello) == TLSFIT_OK) {
        return;
    }
    tlsfit_offer_read(hello, &offer);
    if (!offer.tls12_or_older || !offer.schemes_known || !offer.rsa_pss || offer.rsa_pkcs1 ||
        !wants_rsa(&hello->cipher_suites)) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.signature_algorithms", -1, hello->schemes.place };
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_SIGNATURE_SCHEMES, 0x0401);
    const char *observed = "the client offers TLS 1.2 suites with RSA certificates, and of the RSA signatures only "
                           "rsa_pss, which many TLS 1.2 servers do not make";

    if (verdict.status >= TLSFIT_SUSPECT) {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", observed);
    } else { /* whatever the profile has: this hello does not offer it */
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 5246, 7.4.1.4.1; RFC 8446, 4.2.3", NULL, "%s",
                                   observed);
    }
    if (judged != NULL) {
        /* a server with TLS 1.3 makes PSS signatures, so that where it is offered this explains less */
        judged->weight = offer.tls13 ? 30 : 50;
    }
}

const TlsfitRule tlsfit_rule_hello_tls12_without_pkcs1 = {
    .text = {
        .id = "hello_tls12_without_pkcs1",
        .title = "TLS 1.2 without PKCS #1 v1.5 signatures",
        .why = "A server with an RSA certificate signs a TLS 1.2 handshake with PKCS #1 v1.5, unless it has "
               "learnt RSASSA-PSS, which came with TLS 1.3. A client that replaced rsa_pkcs1_* by rsa_pss_* "
               "instead of offering both is refused by servers that have TLS 1.2 alone.",
        .cannot_know = "Whether the server makes RSASSA-PSS signatures in TLS 1.2, and which certificates it has.",
        .fix_server = "Allow rsa_pss_rsae_sha256 in the server's signature algorithms (OpenSSL: -sigalgs), or give it "
                      "an ECDSA certificate beside the RSA one.",
        .fix_device = "Offer rsa_pkcs1_sha256 (0x0401) beside rsa_pss_rsae_sha256 (0x0804) in signature_algorithms.",
        .spec = "RFC 5246, 7.4.1.4.1; RFC 8446, 4.2.3",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_SERVER_HELLO,
    .alerts = alerts,
    .judge = judge_hello_tls12_without_pkcs1,
};
