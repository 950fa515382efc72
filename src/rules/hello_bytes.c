/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of the ClientHello against what the answering side takes, and of the ServerHello against the device.
 */
#include "engine.h"

static const int alerts[] = { 22, 47, 50, 80, -1 };

/* What one TCP segment carries over Ethernet with IPv4 (RFC 9293, 3.7.1: 1500 - 40), and a record's header. */
#define SEGMENT_BYTES 1460u
#define RECORD_HEADER_BYTES 5u

/* Groups whose key share alone has more than a thousand bytes: hybrids with ML-KEM and its drafts. */
static guint large_key_share(const TlsfitMessage *hello)
{
    static const guint groups[] = { 0x11EB, 0x11EC, 0x11ED, 0x0200, 0x0201, 0x0202, 0x6399, 0x639A };

    for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
        if (tlsfit_codes_has(&hello->key_shares, groups[i])) {
            return groups[i];
        }
    }
    return 0;
}

static char *observed(const TlsfitMessage *hello)
{
    const guint group = large_key_share(hello);
    g_autofree char *name = group != 0 ? tlsfit_name_or_number(TLSFIT_NAME_GROUP, group) : NULL;

    return g_strdup_printf("the ClientHello has %u bytes%s%s%s%s", hello->bytes,
                           name != NULL ? ", most of them the key share of " : "", name != NULL ? name : "",
                           hello->bytes + RECORD_HEADER_BYTES > SEGMENT_BYTES
                               ? ", and needs more than one TCP segment"
                               : "",
                           hello->fragments > 1 ? ", and came in several records" : "");
}

static void judge_client_hello(TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);
    const TlsfitSubject subject = { "client_hello.bytes", -1, hello->place };
    g_autofree char *text = observed(hello);
    TlsfitJudged *judged;

    if (hello->bytes == 0 || answerer == NULL) {
        return;
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(answerer, TLSFIT_NUMBER_hello_bytes_max, hello->bytes);

    if (verdict.status == TLSFIT_UNKNOWN && hello->bytes + RECORD_HEADER_BYTES <= SEGMENT_BYTES) {
        return; /* a hello of common size is nothing to wonder about */
    }
    judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", text);
    if (judged != NULL && verdict.status != TLSFIT_UNKNOWN) {
        judged->weight = TLSFIT_WEIGHT_PROVEN;
    }
}

/* Nothing at all came back for a hello that is larger than hellos used to be: middleboxes and simple servers drop what
 * does not begin and end in one segment. An alert would show that it was read. */
static void judge_unanswered(TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitSubject subject = { "client_hello.bytes", -1, hello->place };
    g_autofree char *text = observed(hello);
    TlsfitJudged *judged;

    if (judge->session->transport != TLSFIT_OVER_TLS || hello->bytes + RECORD_HEADER_BYTES <= SEGMENT_BYTES ||
        diagnosis->outcome == TLSFIT_OUTCOME_ALERT || !diagnosis->has_side || diagnosis->side != TLSFIT_SERVER) {
        return;
    }
    judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 8446, 4.1.2: a ClientHello may have any size",
                               "a ClientHello in one TCP segment, as simple servers and middleboxes expect", "%s", text);
    if (judged != NULL) {
        judged->weight = large_key_share(hello) != 0 ? 45 : TLSFIT_WEIGHT_GENERAL;
    }
}

static void judge_server_hello(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const TlsfitSubject subject = { "server_hello.bytes", -1, hello->place };
    guint64 limit;

    if (hello->bytes == 0 || judge->side != TLSFIT_CLIENT ||
        !tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_hello_bytes_max, &limit, NULL)) {
        return; /* hardly any device has such a limit: not worth a question */
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(judge->device, TLSFIT_NUMBER_hello_bytes_max, hello->bytes);
    TlsfitJudged *judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the ServerHello has %u bytes", hello->bytes);

    if (judged != NULL) {
        judged->stage = TLSFIT_STAGE_SIZE;
        tlsfit_judged_fix_server(judged, g_strdup("Let the server leave out extensions that the device does not need."));
        tlsfit_judged_fix_device(judged, g_strdup("Enlarge the device's buffer for handshake messages."));
    }
}

static void judge_hello_bytes(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    if (judge->moment == TLSFIT_MOMENT_SERVER_HELLO) {
        judge_server_hello(judge);
    } else if (hello == NULL) {
        return;
    } else if (judge->moment == TLSFIT_MOMENT_CLIENT_HELLO) {
        if (judge->side == TLSFIT_SERVER && !judge->unknown_only) {
            judge_client_hello(judge, hello);
        }
    } else if (tlsfit_judge_answerer(judge) == NULL) {
        judge_unanswered(judge, hello);
    } else if (judge->side == TLSFIT_CLIENT || judge->unknown_only) {
        judge_client_hello(judge, hello);
    }
}

const TlsfitRule tlsfit_rule_hello_bytes = {
    .text = {
        .id = "hello_bytes",
        .title = "The size of the hello",
        .why = "For decades a ClientHello fitted into one TCP segment, and simple servers and middleboxes "
               "came to rely on it. Key shares of post-quantum hybrids make it larger: it comes in two "
               "segments, and what waits for one reads half a hello and says nothing.",
        .cannot_know = "Where on the way the hello was dropped.",
        .fix_server = "Update the server or the middlebox before it: a ClientHello may come in several segments and "
                      "records.",
        .fix_device = "Offer no key share for hybrid groups (X25519MLKEM768) at first, or fewer suites and extensions, so "
                      "that the hello stays in one segment.",
        .spec = "RFC 8446, 4.1.2 and 5.1",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .on_the_way = TRUE,
    .moments = 1u << TLSFIT_MOMENT_CLIENT_HELLO | 1u << TLSFIT_MOMENT_SERVER_HELLO | 1u << TLSFIT_MOMENT_NO_ANSWER,
    .alerts = alerts,
    .judge = judge_hello_bytes,
};
