/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of the records that the device receives.
 */
#include "engine.h"
#include "sizes.h"

#include <string.h>

static const int alerts[] = { 22, 40, 50, 80, -1 };

/* The smallest size that a device can ask for (RFC 6066, 4): what is not larger is no open question. */
#define SMALLEST_FRAGMENT_BYTES 512u

/* Encrypted records have a limit of their own in some devices. */
static TlsfitNumber number_for(const TlsfitJudge *judge, const TlsfitRecordSize *record)
{
    guint64 value;

    return record->kind == TLSFIT_RECORD_ENCRYPTED &&
                   tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_encrypted_record_bytes_max, &value, NULL)
               ? TLSFIT_NUMBER_encrypted_record_bytes_max
               : TLSFIT_NUMBER_record_bytes_max;
}

/* The device can make the server send smaller records, or the server does it by itself. */
static void add_arithmetic(TlsfitJudge *judge, TlsfitJudged *judged)
{
    TlsfitSizes sizes;

    tlsfit_sizes_read(judge->session, judge->side, &sizes);
    g_autofree char *fragment = tlsfit_sizes_fragment_text(&sizes);

    if (fragment != NULL) {
        char *observed = g_strdup_printf("%s. %s", judged->finding.observed, fragment);

        observed[strlen(observed) - 1] = '\0'; /* observations end without a full stop */
        g_free(judged->finding.observed);
        judged->finding.observed = observed;
    }
    tlsfit_judged_fix_server(judged, tlsfit_sizes_fix_text(&sizes, judge->rule->text.fix_server, 0));
}

static void judge_record(TlsfitJudge *judge, const TlsfitRecordSize *record)
{
    const gboolean encrypted = record->kind == TLSFIT_RECORD_ENCRYPTED;
    const TlsfitSubject subject = { encrypted ? "encrypted_record.bytes" : "record.bytes", -1, record->place };
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(judge->device, number_for(judge, record), record->bytes);
    TlsfitJudged *judged;

    if (tlsfit_judge_told(judge, subject.name) ||
        (verdict.status == TLSFIT_UNKNOWN && record->bytes <= SMALLEST_FRAGMENT_BYTES)) {
        return; /* the first record that is too large is the one that stops it */
    }
    judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the %s sent %s record of %u bytes",
                                  record->side == TLSFIT_SERVER ? "server" : "client",
                                  encrypted ? "an encrypted" : "a", record->bytes);
    if (judged != NULL && verdict.status != TLSFIT_UNKNOWN) {
        add_arithmetic(judge, judged);
    }
}

/* Of what is not known only the largest record is worth a word. */
static gboolean is_largest(const TlsfitSession *session, const TlsfitRecordSize *record)
{
    const guint *largest = session->party[record->side].largest_bytes;

    return record->bytes == MAX(largest[TLSFIT_RECORD_PLAIN], largest[TLSFIT_RECORD_ENCRYPTED]);
}

static void judge_record_bytes(TlsfitJudge *judge)
{
    const GArray *records = judge->session->records;

    for (guint i = judge->first_record; records != NULL && i < records->len; i++) {
        const TlsfitRecordSize *record = &g_array_index(records, TlsfitRecordSize, i);

        if (record->side != judge->side && record->kind != TLSFIT_RECORD_DATAGRAM &&
            (!judge->unknown_only || is_largest(judge->session, record))) {
            judge_record(judge, record);
        }
    }
}

const TlsfitRule tlsfit_rule_record_bytes = {
    .text = {
        .id = "record_bytes",
        .title = "The size of a record",
        .why = "TLS allows records of 16 KB, and a peer may use them fully. A device with a smaller receive "
               "buffer cannot take such a record in, and often can only stop. Some stacks stream what is not "
               "encrypted and need the room for encrypted records alone, as they must have one whole before "
               "they can check it.",
        .cannot_know = "Records that the capture lost, and how much of the buffer other data takes.",
        .fix_server = "Let the server send smaller records (OpenSSL: -max_send_frag, nginx: ssl_buffer_size for data) or "
                      "honour max_fragment_length, and make its chain smaller.",
        .fix_device = "Enlarge the receive buffer, or let the device ask for smaller records with max_fragment_length or "
                      "record_size_limit.",
        .spec = "RFC 5246, 6.2.1; RFC 8446, 5.1; RFC 6066, 4; RFC 8449",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_SIZES,
    .alerts = alerts,
    .judge = judge_record_bytes,
};
