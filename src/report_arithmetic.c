/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of sizes in a report: what the device received, held against what it can take in.
 *
 * In: sizes.c, the device's numbers. Out: a table, the sum that makes the Certificate message, what could be left out.
 * The verdicts are the rules'; the table only lays numbers beside limits.
 */
#include "report_writer.h"
#include "sizes.h"

/* Does the device's profile say anything of sizes? Where it does not, there is nothing to compare with. */
static gboolean has_limits(const TlsfitDevice *device)
{
    static const TlsfitNumber numbers[] = {
        TLSFIT_NUMBER_certificate_bytes_max, TLSFIT_NUMBER_message_bytes_max, TLSFIT_NUMBER_record_bytes_max,
        TLSFIT_NUMBER_encrypted_record_bytes_max, TLSFIT_NUMBER_datagram_bytes_max,
    };
    guint64 value;

    for (guint i = 0; device != NULL && i < G_N_ELEMENTS(numbers); i++) {
        if (tlsfit_device_number_value(device, numbers[i], &value, NULL)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The limit and what comes of it, as two cells. */
static void write_limit(TlsfitWriter *writer, const TlsfitDevice *device, guint bytes, TlsfitNumber number)
{
    g_auto(TlsfitVerdict) verdict = { .status = TLSFIT_UNKNOWN };
    guint64 limit = 0;

    if (tlsfit_device_number_value(device, number, &limit, NULL)) {
        verdict = tlsfit_device_number(device, number, bytes);
        tlsfit_write_cellf(writer, "%" G_GUINT64_FORMAT, limit);
    } else {
        tlsfit_write_cell(writer, "not known");
    }
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    if (verdict.status >= TLSFIT_SUSPECT) {
        g_autofree char *over = g_strdup_printf("%" G_GUINT64_FORMAT " too many", bytes > limit ? bytes - limit : 0);

        writer->ops->badge(writer, verdict.status, over);
    } else {
        writer->ops->badge(writer, verdict.status, verdict.status == TLSFIT_OK ? "fits" : NULL);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
}

/* DEVICE NULL: it has no limits to compare with. */
static void write_size(TlsfitWriter *writer, const TlsfitDevice *device, const char *what, guint bytes,
                       TlsfitNumber number)
{
    if (bytes == 0) {
        return;
    }
    writer->ops->begin(writer, TLSFIT_BLOCK_ROW, TLSFIT_OK);
    tlsfit_write_cell(writer, what);
    tlsfit_write_cellf(writer, "%u", bytes);
    if (device != NULL) {
        write_limit(writer, device, bytes, number);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_ROW);
}

static guint certificate_bytes(const TlsfitSizes *sizes, guint index)
{
    return g_array_index(sizes->chain->certificates, TlsfitCertificateEntry, index).certificate->bytes;
}

/* "1626 = 612 + 1001 bytes of certificates + 13 bytes of headers"; NULL where the parts are not known. */
static char *sum_text(const TlsfitSizes *sizes)
{
    GString *text = g_string_new(NULL);
    guint certificates = 0;

    if (sizes->chain_bytes == 0 || sizes->chain_count == 0) {
        return g_string_free(text, TRUE);
    }
    g_string_append_printf(text, "The Certificate message: %u bytes = ", sizes->chain_bytes);
    for (guint i = 0; i < sizes->chain_count; i++) {
        certificates += certificate_bytes(sizes, i);
        if (i < 10) {
            g_string_append_printf(text, "%s%u", i > 0 ? " + " : "", certificate_bytes(sizes, i));
        }
    }
    g_string_append_printf(text, "%s bytes of certificates + %u bytes of headers.", sizes->chain_count > 10 ? " + ..." : "",
                           sizes->chain_bytes > certificates ? sizes->chain_bytes - certificates : 0);
    if (sizes->chain_bytes <= certificates) { /* cut, or compressed: no sum of these parts */
        g_string_free(text, TRUE);
        return NULL;
    }
    return g_string_free(text, FALSE);
}

static void write_rows(TlsfitWriter *writer, const TlsfitDevice *device, const TlsfitSizes *sizes)
{
    static const struct {
        const char *what;
        TlsfitRecordKind kind;
        TlsfitNumber number;
    } records[] = {
        { "The largest record", TLSFIT_RECORD_PLAIN, TLSFIT_NUMBER_record_bytes_max },
        { "The largest encrypted record", TLSFIT_RECORD_ENCRYPTED, TLSFIT_NUMBER_encrypted_record_bytes_max },
        { "The largest datagram", TLSFIT_RECORD_DATAGRAM, TLSFIT_NUMBER_datagram_bytes_max },
    };

    for (guint i = 0; i < sizes->chain_count && i < TLSFIT_CERTIFICATES_MAX; i++) {
        g_autofree char *what = g_strdup_printf("certificate[%u]", i);

        write_size(writer, device, what, certificate_bytes(sizes, i), TLSFIT_NUMBER_certificate_bytes_max);
    }
    write_size(writer, device, "The Certificate message", sizes->chain_bytes, TLSFIT_NUMBER_message_bytes_max);
    for (guint i = 0; i < G_N_ELEMENTS(records); i++) {
        write_size(writer, device, records[i].what, sizes->largest_bytes[records[i].kind], records[i].number);
    }
}

void tlsfit_write_sizes(TlsfitWriter *writer, const TlsfitSession *session)
{
    static const char *const compared[] = { "What the device received", "Bytes", "It can take in", "Verdict", NULL };
    static const char *const alone[] = { "What the device received", "Bytes", NULL };
    const TlsfitDevice *device = has_limits(session->device) ? session->device : NULL;
    TlsfitSizes sizes;
    guint64 limit = 0;

    tlsfit_sizes_read(session, session->device_side, &sizes);
    if (sizes.chain_bytes == 0 && sizes.largest_bytes[0] == 0 && sizes.largest_bytes[1] == 0 &&
        sizes.largest_bytes[2] == 0) {
        return;
    }
    if (device != NULL) {
        tlsfit_device_number_value(device, TLSFIT_NUMBER_message_bytes_max, &limit, NULL);
    }
    g_autofree char *sum = sum_text(&sizes);
    g_autofree char *savings = tlsfit_sizes_savings_text(&sizes, limit);
    g_autofree char *fragment = tlsfit_sizes_fragment_text(&sizes);

    writer->ops->heading(writer, "Sizes");
    writer->ops->table(writer, device != NULL ? compared : alone);
    write_rows(writer, device, &sizes);
    writer->ops->end(writer, TLSFIT_BLOCK_TABLE);
    tlsfit_write_paragraph(writer, device != NULL ? NULL : "The device profile has no limits on sizes.");
    tlsfit_write_paragraph(writer, sum);
    tlsfit_write_paragraph(writer, savings);
    tlsfit_write_paragraph(writer, fragment);
}
