/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of handshakes. See annotate_rows.h.
 *
 * In: judged sessions, in the process that has them. Out: variants, and from these, where the command runs, a table.
 */
#include "annotate_rows.h"

#include "input.h"
#include "terminal.h"

#include <string.h>

#define KEPT "(ubusssssss)" /* status, completed?, frame, client, server, device, outcome, cause, certificate, JSON */

enum { COLUMN_FILE, COLUMN_FRAME, COLUMN_CLIENT, COLUMN_SERVER, COLUMN_DEVICE, COLUMN_OUTCOME, COLUMN_CAUSE,
       COLUMN_CERTIFICATE, COLUMNS };

static const char *const titles[COLUMNS] = {
    "CAPTURE", "FRAME", "CLIENT", "SERVER", "DEVICE", "OUTCOME", "CAUSE", "CERTIFICATE"
};

typedef struct {
    char        *cells[COLUMNS];
    TlsfitStatus status;
} Row;

struct AnnotateTable {
    GPtrArray *rows; /* of Row */
    guint      widths[COLUMNS];
};

static char *end_text(const char *address, guint port)
{
    if (port == 0)
        return g_strdup(*address ? address : "-");
    return strchr(address, ':') ? g_strdup_printf("[%s]:%u", address, port) : g_strdup_printf("%s:%u", address, port);
}

/* The worst finding, where there is no cause. NULL: nothing is known against the handshake. */
static const TlsfitFinding *worst_finding(const TlsfitSession *session)
{
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitFinding *worst = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status > TLSFIT_UNKNOWN && (!worst || finding->status > worst->status))
            worst = finding;
    }
    return worst;
}

static gboolean is_well(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis &&
           (diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED);
}

GVariant *annotate_keep(const CaptureHandshake *handshake, gboolean with_json)
{
    const TlsfitSession *session = handshake->session;
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const gboolean has_cause = diagnosis && diagnosis->cause;
    const TlsfitFinding *finding = has_cause ? diagnosis->cause : worst_finding(session);
    const TlsfitSide sender = tlsfit_session_device_side(session) == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
    const TlsfitCertificate *certificate =
        finding && finding->cert_index >= 0 ? tlsfit_session_certificate(session, sender, (guint)finding->cert_index)
                                            : NULL;
    const TlsfitDevice *device = tlsfit_session_device(session);
    g_autofree char *client = end_text(handshake->client, handshake->client_port);
    g_autofree char *server = end_text(handshake->server, handshake->server_port);
    /* a finding that explains no outcome must not look as if it did */
    g_autofree char *cause = finding ? g_strdup_printf("%s%s (%s)", has_cause ? "" : "none; worst finding: ",
                                                       finding->subject, finding->rule)
                                     : g_strdup("");
    g_autofree char *json = with_json ? tlsfit_report_json(session) : g_strdup("");
    g_autofree char *subject =
        g_utf8_make_valid(certificate && certificate->readable ? certificate->subject : "", -1);

    return g_variant_new(KEPT, (guint32)tlsfit_session_status(session), is_well(diagnosis), handshake->frame, client,
                         server, device ? tlsfit_device_id(device) : "advertised",
                         tlsfit_outcome_name(diagnosis ? diagnosis->outcome : TLSFIT_OUTCOME_OPEN), cause, subject,
                         json);
}

TlsfitStatus annotate_status(GVariant *kept)
{
    guint32 status;

    g_variant_get_child(kept, 0, "u", &status);
    return (TlsfitStatus)MIN(status, TLSFIT_CANNOT);
}

/* The address of one side, which is the child INDEX; NULL where there is none. */
static const char *address(GVariant *kept, gsize index)
{
    const char *text;

    g_variant_get_child(kept, index, "&s", &text);
    return g_str_equal(text, "-") ? NULL : text;
}

const char *annotate_client(GVariant *kept)
{
    return address(kept, 3);
}

const char *annotate_server(GVariant *kept)
{
    return address(kept, 4);
}

const char *annotate_json(GVariant *kept)
{
    const char *json;

    g_variant_get_child(kept, 9, "&s", &json);
    return json;
}

/* --- Counting --------------------------------------------------------------------------------------------------- */

void annotate_count(AnnotateSummary *summary, GVariant *kept)
{
    gboolean completed;

    g_variant_get_child(kept, 1, "b", &completed);
    summary->handshakes++;
    summary->failed += !completed;
    summary->by_status[annotate_status(kept)]++;
}

static void append_count(GString *text, guint number, const char *words)
{
    if (number > 0)
        g_string_append_printf(text, "%s%u %s", text->len > 0 ? ", " : "", number, words);
}

char *annotate_summary_text(const AnnotateSummary *summary)
{
    g_autoptr(GString) files = g_string_new(NULL);
    g_autoptr(GString) statuses = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);

    append_count(files, summary->unreadable, "could not be read");
    append_count(files, summary->in_part, "read in part");
    append_count(files, summary->without, "without a TLS handshake");
    g_string_printf(text, "%u capture%s", summary->files, summary->files == 1 ? "" : "s");
    if (files->len > 0)
        g_string_append_printf(text, " (%s)", files->str);
    g_string_append_printf(text, ", %u handshake%s", summary->handshakes, summary->handshakes == 1 ? "" : "s");
    append_count(statuses, summary->failed, "did not complete");
    append_count(statuses, summary->by_status[TLSFIT_CANNOT], "with something the device cannot handle");
    append_count(statuses, summary->by_status[TLSFIT_BROKEN], "with something that is broken in the device");
    append_count(statuses, summary->by_status[TLSFIT_SUSPECT], "with something suspect");
    append_count(statuses, summary->by_status[TLSFIT_UNKNOWN], "where something is unknown");
    append_count(statuses, summary->by_status[TLSFIT_OK], "where all fits");
    if (statuses->len > 0)
        g_string_append_printf(text, ": %s", statuses->str);
    return g_strdup(text->str);
}

/* --- The table -------------------------------------------------------------------------------------------------- */

static void row_free(gpointer data)
{
    Row *row = data;

    for (guint i = 0; i < COLUMNS; i++)
        g_free(row->cells[i]);
    g_free(row);
}

AnnotateTable *annotate_table_new(void)
{
    AnnotateTable *table = g_new0(AnnotateTable, 1);

    table->rows = g_ptr_array_new_with_free_func(row_free);
    for (guint i = 0; i < COLUMNS; i++)
        table->widths[i] = tlsfit_text_columns(titles[i]);
    return table;
}

void annotate_table_add(AnnotateTable *table, const char *file, GVariant *kept)
{
    Row *row = g_new0(Row, 1);
    guint32 frame;

    row->status = annotate_status(kept);
    g_variant_get_child(kept, 2, "u", &frame);
    row->cells[COLUMN_FILE] = g_filename_display_name(tlsfit_input_shown(file));
    row->cells[COLUMN_FRAME] = g_strdup_printf("%u", frame);
    for (guint i = COLUMN_CLIENT; i < COLUMNS; i++)
        g_variant_get_child(kept, 3 + i - COLUMN_CLIENT, "s", &row->cells[i]);
    for (guint i = 0; i < COLUMNS; i++)
        table->widths[i] = MAX(table->widths[i], tlsfit_text_columns(row->cells[i]));
    g_ptr_array_add(table->rows, row);
}

static void append_cells(GString *out, const AnnotateTable *table, const char *const *cells, TlsfitStyle style,
                         gboolean with_files)
{
    for (guint i = with_files ? COLUMN_FILE : COLUMN_FRAME; i < COLUMNS; i++) {
        const gboolean coloured = style == TLSFIT_STYLE_STRONG || i >= COLUMN_OUTCOME;
        tlsfit_text_append(out, coloured ? style : TLSFIT_STYLE_PLAIN, cells[i],
                           i + 1 < COLUMNS ? table->widths[i] + 2 : 0);
    }
    while (out->len > 0 && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

void annotate_table_print(const AnnotateTable *table, gboolean with_files)
{
    g_autoptr(GString) out = g_string_new(NULL);

    append_cells(out, table, titles, TLSFIT_STYLE_STRONG, with_files);
    for (guint i = 0; i < table->rows->len; i++) {
        const Row *row = g_ptr_array_index(table->rows, i);
        append_cells(out, table, (const char *const *)row->cells, tlsfit_style_of(row->status), with_files);
    }
    tlsfit_text_print(out);
}

void annotate_table_free(AnnotateTable *table)
{
    if (!table)
        return;
    g_ptr_array_unref(table->rows);
    g_free(table);
}
