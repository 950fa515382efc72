/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No protocol version in common: the reason for a missing ServerHello.
 */
#include "engine.h"
#include "offer.h"

#define PROTOCOL_VERSION 70

static const int alerts[] = { 40, 47, PROTOCOL_VERSION, 80, -1 };

static TlsfitCodes offered(const TlsfitMessage *hello)
{
    static const guint16 known[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0xFEFF, 0xFEFD, 0xFEFC };
    TlsfitCodes codes = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (tlsfit_hello_offers_version(hello, known[i])) {
            tlsfit_codes_add(&codes, known[i]);
        }
    }
    return codes;
}

/* Without supported_versions the hello names the newest version only, and nobody knows how far down it goes. */
static char *offer_text(const TlsfitMessage *hello, const TlsfitCodes *codes)
{
    if (hello->versions.present) {
        return tlsfit_codes_text(TLSFIT_NAME_VERSION, codes, 8);
    }
    const char *newest = tlsfit_name(TLSFIT_NAME_VERSION, hello->version);

    return newest != NULL ? g_strdup_printf("nothing newer than %s", newest)
                          : g_strdup("no version that is known");
}

static void judge_known(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitCodes *codes, const char *text)
{
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, NULL };
    TlsfitJudged *judged;

    verdict.status =
        tlsfit_offer_answered(tlsfit_judge_answerer(judge), TLSFIT_SET_VERSIONS, codes, &verdict.source, &verdict.limit);
    judged = tlsfit_judge_verdict(judge, subject, &verdict, "the client offers %s", text);
    tlsfit_judged_prove(judged);
    tlsfit_verdict_clear(&verdict);
}

/* What the client offers, where that leaves out TLS 1.2 or 1.3, on one of which a server of today may insist; else NULL. */
static const char *left_out(const TlsfitMessage *hello, guint newest)
{
    const gboolean has_older = !hello->versions.present || tlsfit_hello_offers_version(hello, 0x0303) ||
                               tlsfit_hello_offers_version(hello, 0xFEFD);

    if (newest == 0x0303 || newest == 0xFEFD) {
        return newest == 0x0303 ? "nothing newer than TLS 1.2" : "nothing newer than DTLS 1.2";
    }
    if (has_older || !tlsfit_version_is_tls13(newest)) {
        return NULL;
    }
    return tlsfit_version_is_dtls(newest) ? "DTLS 1.3 alone" : "TLS 1.3 alone";
}

/* Nothing is known of the server but what it says, or what servers of today are like. */
static void judge_guessed(TlsfitJudge *judge, const TlsfitSubject *subject, const char *text)
{
    const TlsfitSession *session = judge->session;
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const guint newest = tlsfit_hello_newest(hello);
    const gboolean said = session->end_side == TLSFIT_SERVER && session->end_alert == PROTOCOL_VERSION;
    const char *limit = said ? left_out(hello, newest) : NULL;
    TlsfitJudged *judged = NULL;

    if (tlsfit_version_is_retired(newest)) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, "RFC 8996, 4 and 5",
                                   tlsfit_version_is_dtls(newest) ? "nothing newer than DTLS 1.0"
                                                                  : "nothing newer than TLS 1.1",
                                   "the client offers %s, and servers of today want version 1.2 or newer", text);
    } else if (limit != NULL) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, "RFC 8446, 4.2.1 and 6.2", limit,
                                   "the client offers %s, and the server refuses its versions", text);
    }
    if (judged != NULL && said) {
        judged->weight += 25;
    }
}

static void judge_no_shared_version(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitSubject subject = { "client_hello.versions", -1, { 0, 0, 0 } };

    if (hello == NULL) {
        return;
    }
    subject.place = hello->versions.present ? hello->versions.place : hello->version_place;
    TlsfitCodes codes = offered(hello);
    g_autofree char *text = offer_text(hello, &codes);

    if (tlsfit_judge_answerer(judge) != NULL) {
        judge_known(judge, &subject, &codes, text);
    } else if (!judge->unknown_only) {
        judge_guessed(judge, &subject, text);
    }
    tlsfit_codes_clear(&codes);
}

const TlsfitRule tlsfit_rule_no_shared_version = {
    .text = {
        .id = "no_shared_version",
        .title = "A protocol version in common",
        .why = "The server answers a ClientHello only when both sides have a protocol version in common. It "
               "may say so with an alert, or just close the connection.",
        .cannot_know = "What the server accepts, unless a profile of the server is given (preference tlsfit.peer): "
                       "then it is computed, else it is suspected: of a hello that offers nothing newer than TLS 1.1, and of one "
                       "that lacks TLS 1.2 or 1.3 where the server itself complains about the version.",
        .fix_server = "Allow a version that the device offers (this weakens the server for everybody when it is "
                      "older than TLS 1.2; a listener of its own for old devices is better).",
        .fix_device = "Enable TLS 1.2, and TLS 1.3 where the server insists on it, in the device's build or firmware.",
        .spec = "RFC 5246, E.1; RFC 8446, 4.2.1; RFC 8996",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .on_the_way = TRUE,
    .moments = 1u << TLSFIT_MOMENT_NO_ANSWER,
    .alerts = alerts,
    .judge = judge_no_shared_version,
};
