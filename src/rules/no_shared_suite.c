/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No cipher suite in common: the reason for a missing ServerHello.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 47, 71, 80, -1 };

#define MOZILLA "Mozilla Server Side TLS 5.7, configuration intermediate: forward secrecy and AEAD only"

/* Where the signature schemes rule the server's certificate out as well, no_shared_signature says it, unless the device
 * has no suite at all for such a certificate. */
static gboolean suites_are_to_blame(const TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);
    const GArray *listed = tlsfit_device_supported(judge->device, TLSFIT_SET_CIPHER_SUITES);
    const TlsfitCodes own = { .codes = (GArray *)listed, .present = TRUE };
    const TlsfitSource *source = NULL;
    g_autofree char *limit = NULL;

    return tlsfit_offer_schemes_fit(hello, answerer) ||
           (listed != NULL && tlsfit_device_complete(judge->device, TLSFIT_SET_CIPHER_SUITES) &&
            tlsfit_offer_certified(answerer, &own, &source, &limit) >= TLSFIT_SUSPECT);
}

static void judge_known(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitMessage *hello, const char *text)
{
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, NULL };
    TlsfitJudged *judged;

    verdict.status = tlsfit_offer_answered(tlsfit_judge_answerer(judge), TLSFIT_SET_CIPHER_SUITES,
                                           &hello->cipher_suites, &verdict.source, &verdict.limit);
    if (verdict.status < TLSFIT_SUSPECT && suites_are_to_blame(judge, hello)) {
        const TlsfitStatus enabled = verdict.status;

        verdict.status = tlsfit_offer_certified(tlsfit_judge_answerer(judge), &hello->cipher_suites, &verdict.source,
                                                &verdict.limit);
        verdict.status = verdict.status < TLSFIT_SUSPECT ? enabled : verdict.status;
    }
    judged = tlsfit_judge_verdict(judge, subject, &verdict, "the client offers only %s", text);
    tlsfit_judged_prove(judged);
    tlsfit_verdict_clear(&verdict);
}

/* Nothing is known of this server; what nearly all servers take today is. */
static void judge_guess(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitMessage *hello, const char *text)
{
    TlsfitOffer offer;
    TlsfitJudged *judged;

    if (tlsfit_version_is_retired(tlsfit_hello_newest(hello))) {
        return; /* AEAD came with TLS 1.2: what is missing is the version, and a server that took it would take these */
    }
    tlsfit_offer_read(hello, &offer);
    if (!offer.modern) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, MOZILLA, "none of the suites that servers of today take",
                                   "the client offers no suite with forward secrecy and AEAD: %s", text);
        if (judged != NULL) {
            judged->weight += 15;
        }
    } else if (offer.only_ecdsa) {
        tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, "RFC 8422, 2", "suites with ECDSA certificates only",
                          "every usable suite of the client needs an ECDSA certificate, and a server may have RSA only: "
                          "%s",
                          text);
    }
}

static void judge_no_shared_suite(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    if (hello == NULL || tlsfit_codes_length(&hello->cipher_suites) == 0) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.cipher_suites", -1, hello->cipher_suites.place };
    g_autofree char *text = tlsfit_codes_text(TLSFIT_NAME_CIPHER_SUITE, &hello->cipher_suites, 6);

    if (tlsfit_judge_answerer(judge) != NULL) {
        judge_known(judge, &subject, hello, text);
    } else if (!judge->unknown_only) {
        judge_guess(judge, &subject, hello, text);
    }
}

const TlsfitRule tlsfit_rule_no_shared_suite = {
    .text = {
        .id = "no_shared_suite",
        .title = "A cipher suite in common",
        .why = "The server must pick one of the cipher suites that the client offers. When it allows none of "
               "them it ends the handshake before it has sent anything, so no certificate can be the reason.",
        .cannot_know = "What the server accepts, unless a profile of the server is given (preference tlsfit.peer): "
                       "then it is computed, else it is suspected from what servers of today usually take.",
        .fix_server = "Allow one suite that the device offers and that the server's certificate can serve; CBC "
                      "suites and RSA key transport weaken the server for everybody who can be talked into them.",
        .fix_device = "Enable an ECDHE suite with AES-GCM in the device's build or firmware.",
        .spec = "RFC 5246, 7.4.1.3; RFC 8446, 4.1.1",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_ANSWER,
    .alerts = alerts,
    .judge = judge_no_shared_suite,
};
