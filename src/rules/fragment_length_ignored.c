/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Smaller records were asked for, and the server did not grant it, or did not keep to it.
 */
#include "engine.h"
#include "sizes.h"

static const int alerts[] = { 22, 40, 47, 50, 80, -1 };

#define BROKEN_PROMISE 5

typedef struct {
    const char *name;  /* of the extension */
    const char *where;
    const TlsfitFragmentSize *size;
} Request;

/* The device's own limit for the record, where the profile has one. */
static TlsfitVerdict limit_of(const TlsfitJudge *judge, const TlsfitRecordSize *record)
{
    guint64 value;
    const gboolean own = record->kind == TLSFIT_RECORD_ENCRYPTED &&
                         tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_encrypted_record_bytes_max, &value,
                                                    NULL);

    return tlsfit_device_number(judge->device,
                                own ? TLSFIT_NUMBER_encrypted_record_bytes_max : TLSFIT_NUMBER_record_bytes_max,
                                record->bytes);
}

static char *observed(const Request *request)
{
    return g_strdup_printf("the device asked for records of at most %u bytes (%s), %s, and a record of %u bytes came",
                           request->size->asked_bytes, request->name,
                           !request->size->answer_seen ? "whether the server granted it cannot be read"
                           : request->size->granted    ? "the server granted it"
                                                       : "the server did not grant it",
                           request->size->broken_by->bytes);
}

static void judge_request(TlsfitJudge *judge, const Request *request)
{
    const TlsfitFragmentSize *size = request->size;
    g_autofree char *subject_name = g_strdup_printf("client_hello.%s", request->name);
    TlsfitJudged *judged = NULL;

    if (size->asked_bytes == 0 || size->broken_by == NULL || tlsfit_judge_told(judge, subject_name)) {
        return;
    }
    const TlsfitSubject subject = { subject_name, -1, size->broken_by->place };
    g_auto(TlsfitVerdict) verdict = limit_of(judge, size->broken_by);
    g_autofree char *text = observed(request);

    if (verdict.status >= TLSFIT_SUSPECT) {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", text);
        if (judged != NULL) {
            /* That the record is too large is the fact itself, and this is how it came about; but with a server that
             * has granted less the device need not reckon, whatever it could take. */
            judged->weight += size->granted ? BROKEN_PROMISE : -BROKEN_PROMISE;
        }
    } else if (verdict.status == TLSFIT_UNKNOWN && judge->moment == TLSFIT_MOMENT_FAILED && !judge->unknown_only &&
               size->answer_seen && tlsfit_diagnosis_stopped(judge->session, TLSFIT_STAGE_SIZE, subject.place.frame)) {
        g_autofree char *limit = g_strdup_printf("records of at most %u bytes, as it asked for", size->asked_bytes);

        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, request->where, limit, "%s", text);
        if (judged != NULL) {
            judged->weight = size->granted ? TLSFIT_WEIGHT_GENERAL + 10 : TLSFIT_WEIGHT_GENERAL;
        }
    } else {
        tlsfit_judge_verdict(judge, &subject, &verdict, "%s", text);
    }
}

static void judge_fragment_length_ignored(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitSizes sizes;

    if (hello == NULL || (hello->max_fragment_length == 0 && hello->record_size_limit == 0)) {
        return; /* nothing was asked for */
    }
    tlsfit_sizes_read(judge->session, judge->side, &sizes);
    const Request requests[] = {
        { "max_fragment_length", "RFC 6066, 4", &sizes.max_fragment_length },
        { "record_size_limit", "RFC 8449, 4", &sizes.record_size_limit },
    };

    for (guint i = 0; i < G_N_ELEMENTS(requests); i++) {
        judge_request(judge, &requests[i]);
    }
}

const TlsfitRule tlsfit_rule_fragment_length_ignored = {
    .text = {
        .id = "fragment_length_ignored",
        .title = "A smaller record size that the server does not keep to",
        .why = "A device with little memory asks for small records in its ClientHello. A server that does not "
               "know the extension just ignores it and sends what it always sends, and one that has granted "
               "it and does not keep to it breaks the protocol.",
        .cannot_know = "Whether the device really needs it: some ask to save memory and take larger records all the same.",
        .fix_server = "Use a server that knows the extension (max_fragment_length: OpenSSL 1.1.1, wolfSSL, mbed TLS; "
                      "record_size_limit: GnuTLS, OpenSSL 3.2), or limit its records itself (OpenSSL: -max_send_frag).",
        .fix_device = "Enlarge the receive buffer to 16 KB, or at least to the largest record that the server sends.",
        .spec = "RFC 6066, 4; RFC 8449, 4",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_SIZES | 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_fragment_length_ignored,
};
