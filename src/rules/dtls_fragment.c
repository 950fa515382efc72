/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DTLS: datagrams larger than the receiver takes, fragmented ClientHellos, flights that are sent again in vain.
 */
#include "engine.h"

static const int alerts[] = { 22, 40, 50, 80, -1 };

/* Every host takes datagrams of 576 bytes (RFC 791, 3.1), 548 of them after the headers of IP and UDP; over Ethernet
 * more than 1472 are cut into pieces by IP. */
#define SAFE_BYTES 548u
#define ETHERNET_BYTES 1472u

/* That often is no chance: the same flight sent three times. */
#define LOOP_RETRANSMISSIONS 2u

static void judge_datagram(TlsfitJudge *judge, const TlsfitDevice *receiver, const TlsfitRecordSize *record)
{
    const TlsfitSubject subject = { "datagram.bytes", -1, record->place };
    g_auto(TlsfitVerdict) verdict =
        tlsfit_device_number(receiver, TLSFIT_NUMBER_datagram_bytes_max, record->bytes);
    TlsfitJudged *judged;

    if (tlsfit_judge_told(judge, subject.name) ||
        (verdict.status == TLSFIT_UNKNOWN && record->bytes <= SAFE_BYTES)) {
        return;
    }
    judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the %s sent a datagram of %u bytes",
                                  record->side == TLSFIT_SERVER ? "server" : "client", record->bytes);
    if (judged != NULL && receiver != judge->device) {
        judged->stage = TLSFIT_STAGE_HELLO;
    }
}

static gboolean is_largest(const TlsfitSession *session, const TlsfitRecordSize *record)
{
    return record->bytes == session->party[record->side].largest_bytes[TLSFIT_RECORD_DATAGRAM];
}

static void judge_datagrams(TlsfitJudge *judge)
{
    const GArray *records = judge->session->records;

    for (guint i = judge->first_record; records != NULL && i < records->len; i++) {
        const TlsfitRecordSize *record = &g_array_index(records, TlsfitRecordSize, i);

        if (record->kind != TLSFIT_RECORD_DATAGRAM || (judge->unknown_only && !is_largest(judge->session, record))) {
            continue;
        }
        if (record->side != judge->side) {
            judge_datagram(judge, judge->device, record);
        } else if (judge->peer != NULL) {
            judge_datagram(judge, judge->peer, record);
        }
    }
}

/* The server has no memory for pieces of a ClientHello before the cookie has come back (RFC 6347, 4.2.1). */
static void judge_hello(TlsfitJudge *judge)
{
    const GArray *sizes = judge->session->sizes;

    for (guint i = 0; sizes != NULL && i < sizes->len; i++) {
        const TlsfitMessageSize *size = &g_array_index(sizes, TlsfitMessageSize, i);
        const TlsfitSubject subject = { "client_hello.fragments", -1, size->place };
        TlsfitJudged *judged;

        if (size->type != TLSFIT_HS_CLIENT_HELLO || size->fragments < 2) {
            continue;
        }
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 6347, 4.2.1", "a ClientHello in one datagram",
                                   "the ClientHello of %u bytes came in %u fragments, and was not answered", size->bytes,
                                   size->fragments);
        if (judged != NULL) {
            judged->stage = TLSFIT_STAGE_HELLO;
            judged->weight = TLSFIT_WEIGHT_GENERAL + 15;
        }
        return;
    }
}

/* The frame of the largest datagram or of a message in fragments: what may not have arrived whole. */
static gboolean find_large(const TlsfitJudge *judge, TlsfitPlace *place, guint *bytes)
{
    const GArray *records = judge->session->records;

    for (guint i = 0; records != NULL && i < records->len; i++) {
        const TlsfitRecordSize *record = &g_array_index(records, TlsfitRecordSize, i);

        if (record->kind == TLSFIT_RECORD_DATAGRAM && record->side != judge->side && record->bytes > ETHERNET_BYTES &&
            is_largest(judge->session, record)) {
            *place = record->place;
            *bytes = record->bytes;
            return TRUE;
        }
    }
    return FALSE;
}

static void judge_loop(TlsfitJudge *judge)
{
    const TlsfitSide other = judge->side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
    TlsfitSubject subject = { "datagram.bytes", -1, { 0, 0, 0 } };
    TlsfitJudged *judged;
    guint64 limit;
    guint bytes;

    if (judge->session->party[other].retransmissions < LOOP_RETRANSMISSIONS ||
        tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_datagram_bytes_max, &limit, NULL) ||
        !find_large(judge, &subject.place, &bytes)) {
        return;
    }
    judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 6347, 4.1.1.1",
                               "datagrams that IP does not cut into pieces",
                               "the %s sent datagrams of up to %u bytes again and again (%u times), and the device did "
                               "not go on",
                               other == TLSFIT_SERVER ? "server" : "client", bytes,
                               judge->session->party[other].retransmissions);
    if (judged != NULL) {
        judged->weight = TLSFIT_WEIGHT_GENERAL + 5;
    }
}

static void judge_dtls_fragment(TlsfitJudge *judge)
{
    if (judge->session->transport != TLSFIT_OVER_DTLS) {
        return;
    }
    if (judge->moment == TLSFIT_MOMENT_SIZES) {
        judge_datagrams(judge);
    } else if (judge->moment == TLSFIT_MOMENT_NO_ANSWER) {
        judge_hello(judge);
    } else {
        judge_loop(judge);
    }
}

const TlsfitRule tlsfit_rule_dtls_fragment = {
    .text = {
        .id = "dtls_fragment",
        .title = "The size of datagrams, and messages in fragments",
        .why = "DTLS sends a handshake message in one datagram or cuts it into fragments. A datagram larger "
               "than the path's packets is cut by IP, and many devices drop what IP has cut, or have a receive "
               "buffer for small datagrams only. Both sides then repeat themselves until they give up.",
        .cannot_know = "Whether the datagram arrived: the capture shows what was sent, and DTLS has no acknowledgements.",
        .fix_server = "Let the server send smaller datagrams (OpenSSL: -mtu 1200, GnuTLS: gnutls_dtls_set_mtu) and a "
                      "shorter chain, or use a pre-shared key.",
        .fix_device = "Enlarge the device's receive buffer for datagrams, and keep its ClientHello in one datagram.",
        .spec = "RFC 6347, 4.1.1 and 4.2.1; RFC 9147, 4.4",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_SIZES | 1u << TLSFIT_MOMENT_NO_ANSWER | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_dtls_fragment,
};
