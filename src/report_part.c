/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report on one handshake: the verdict, what it is about, the ladder, why, and what else was looked at.
 *
 * In: a judged session. Out: Markdown or HTML through a writer, the same facts in both.
 */
#include "report_writer.h"

#include <string.h>

static TlsfitStatus verdict_status(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);

    if (diagnosis == NULL) {
        return TLSFIT_UNKNOWN;
    }
    if (diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED) {
        return TLSFIT_OK;
    }
    return diagnosis->cause != NULL ? diagnosis->cause->status : TLSFIT_UNKNOWN;
}

static void write_verdict(TlsfitWriter *writer, const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    g_autofree char *headline = tlsfit_plain_headline(session);
    g_autofree char *action = tlsfit_plain_action(session);
    const TlsfitStatus status = verdict_status(session);

    writer->ops->begin(writer, TLSFIT_BLOCK_VERDICT, status);
    writer->ops->begin(writer, TLSFIT_BLOCK_PARAGRAPH, TLSFIT_OK);
    writer->ops->badge(writer, status, tlsfit_outcome_name(diagnosis != NULL ? diagnosis->outcome : TLSFIT_OUTCOME_OPEN));
    writer->ops->text(writer, " ");
    writer->ops->strong(writer, headline);
    writer->ops->end(writer, TLSFIT_BLOCK_PARAGRAPH);
    if (action != NULL) {
        writer->ops->begin(writer, TLSFIT_BLOCK_PARAGRAPH, TLSFIT_OK);
        writer->ops->strong(writer, "What to do.");
        writer->ops->text(writer, " ");
        writer->ops->text(writer, action);
        writer->ops->end(writer, TLSFIT_BLOCK_PARAGRAPH);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_VERDICT);
}

static char *negotiated_text(const TlsfitSession *session)
{
    TlsfitPlace place;
    const guint version = tlsfit_session_version(session);
    const guint suite = tlsfit_session_suite(session);
    const guint group = tlsfit_session_group(session, &place);
    GString *text = g_string_new(NULL);

    if (version != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_VERSION, version);

        g_string_append(text, name);
    }
    if (suite != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, suite);

        g_string_append_printf(text, ", %s", name);
    }
    if (group != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_GROUP, group);

        g_string_append_printf(text, ", %s", name);
    }
    return g_string_free(text, text->len == 0);
}

static char *device_text(const TlsfitSession *session)
{
    static const struct {
        const char *source;
        const char *words;
    } sources[] = {
        { "assigned", "from the table of assignments" },
        { "fingerprint", "recognised by its ClientHello" },
        { "preference", "chosen" },
        { "advertised", "no device profile: its own ClientHello is taken as its limits" },
    };
    const char *how = "";

    if (session->device == NULL) {
        return NULL;
    }
    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        how = g_strcmp0(session->device_source, sources[i].source) == 0 ? sources[i].words : how;
    }
    if (session->advertised) {
        return g_strdup_printf("%s (%s)", session->device_side == TLSFIT_CLIENT ? "the client" : "the server", how);
    }
    g_autofree char *id = g_strdup_printf(" [%s]", tlsfit_device_id(session->device));
    const gboolean same = g_strcmp0(tlsfit_device_name(session->device), tlsfit_device_id(session->device)) == 0;

    return g_strdup_printf("%s%s, the %s (%s)", tlsfit_device_name(session->device), same ? "" : id,
                           session->device_side == TLSFIT_CLIENT ? "client" : "server", how);
}

static void write_facts(TlsfitWriter *writer, const TlsfitSession *session, const TlsfitReportWhere *where)
{
    g_autoptr(TlsfitSummary) summary = tlsfit_summary_new(session, where);
    g_autofree char *device = device_text(session);
    g_autofree char *negotiated = negotiated_text(session);
    g_autofree char *capture =
        summary->file != NULL ? g_strdup_printf("%s, handshake %u, from frame %u on", summary->file, summary->stream,
                                                summary->first_frame)
                              : g_strdup_printf("handshake %u, from frame %u on", summary->stream, summary->first_frame);
    g_autofree char *ends = summary->client != NULL && summary->server != NULL
                                ? g_strdup_printf("%s to %s", summary->client, summary->server)
                                : NULL;

    writer->ops->begin(writer, TLSFIT_BLOCK_FACTS, TLSFIT_OK);
    writer->ops->fact(writer, "Device", device);
    writer->ops->fact(writer, "Capture", capture);
    writer->ops->fact(writer, "Connection", ends);
    writer->ops->fact(writer, "Server name", summary->server_name);
    writer->ops->fact(writer, "Agreed on", negotiated);
    writer->ops->end(writer, TLSFIT_BLOCK_FACTS);
}

static void write_ladder(TlsfitWriter *writer, const TlsfitSession *session, const TlsfitReportWhere *where)
{
    g_autoptr(TlsfitLadder) ladder = tlsfit_ladder_new(session, where);

    if (ladder->rungs->len > 0) {
        writer->ops->heading(writer, "The messages");
        writer->ops->ladder(writer, ladder);
    }
}

static void write_diagnosis(TlsfitWriter *writer, const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *cause;

    if (diagnosis == NULL) {
        return;
    }
    writer->ops->heading(writer, "Diagnosis");
    tlsfit_write_paragraph(writer, diagnosis->text);
    cause = diagnosis->cause;
    if (cause == NULL) {
        return;
    }
    g_autofree char *frame = g_strdup_printf("%s, frame %u", cause->subject, cause->place.frame);
    g_autofree char *source =
        cause->source != NULL
            ? g_strdup_printf("%s: %s", tlsfit_confidence_name(cause->source->confidence), cause->source->where)
            : NULL;

    writer->ops->begin(writer, TLSFIT_BLOCK_FACTS, TLSFIT_OK);
    writer->ops->fact(writer, cause->status == TLSFIT_SUSPECT ? "Suspected cause" : "Primary cause", frame);
    writer->ops->fact(writer, "Observed", cause->observed);
    writer->ops->fact(writer, "Limit of the device", cause->limit);
    writer->ops->fact(writer, "Known from", source);
    writer->ops->fact(writer, "Why it matters", cause->why);
    writer->ops->fact(writer, "Specification", cause->spec);
    writer->ops->fact(writer, "Rule", cause->rule);
    writer->ops->end(writer, TLSFIT_BLOCK_FACTS);
}

static void write_other(TlsfitWriter *writer, const TlsfitFinding *finding)
{
    writer->ops->begin(writer, TLSFIT_BLOCK_ROW, TLSFIT_OK);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->badge(writer, finding->status, NULL);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    tlsfit_write_word_cell(writer, finding->subject);
    tlsfit_write_cellf(writer, "%s%s%s", finding->observed, finding->limit != NULL ? "; limit: " : "",
                       finding->limit != NULL ? finding->limit : "");
    tlsfit_write_cell(writer, finding->excluded != NULL ? finding->excluded
                                                        : "possible too, but it explains the end less well");
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->code(writer, finding->rule);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    writer->ops->end(writer, TLSFIT_BLOCK_ROW);
}

/* Says how it ended, and not why. */
static gboolean is_outcome(const TlsfitFinding *finding)
{
    return g_str_equal(finding->subject, "alert") || g_str_equal(finding->subject, "handshake");
}

static const TlsfitFinding *diagnosis_cause(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis != NULL ? diagnosis->cause : NULL;
}

/* What else was found: the candidates in their order, then what does not explain the end. */
static void write_others(TlsfitWriter *writer, const TlsfitSession *session)
{
    static const char *const headings[] = { "Status", "Subject", "What was found", "Why it is not the cause", "Rule",
                                            NULL };
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const GPtrArray *findings = tlsfit_session_findings(session);
    g_autoptr(GPtrArray) others = g_ptr_array_new();

    for (guint i = 0; diagnosis != NULL && i < diagnosis->candidates->len; i++) {
        g_ptr_array_add(others, g_ptr_array_index(diagnosis->candidates, i));
    }
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->status > TLSFIT_UNKNOWN && !is_outcome(finding) && finding != diagnosis_cause(diagnosis) &&
            !g_ptr_array_find(others, finding, NULL)) {
            g_ptr_array_add(others, g_ptr_array_index(findings, i));
        }
    }
    if (others->len == 0) {
        return;
    }
    writer->ops->heading(writer, "What else was found");
    writer->ops->table(writer, headings);
    for (guint i = 0; i < others->len; i++) {
        write_other(writer, g_ptr_array_index(others, i));
    }
    writer->ops->end(writer, TLSFIT_BLOCK_TABLE);
}

/* What the profile is silent about, or the capture does not show: each rule once, with its subjects. */
static void write_unknowns(TlsfitWriter *writer, const TlsfitSession *session)
{
    g_autofree char *unknowns = tlsfit_session_unknowns(session);
    g_auto(GStrv) lines = unknowns != NULL ? g_strsplit(unknowns, "; ", -1) : NULL;

    if (lines == NULL) {
        return;
    }
    writer->ops->heading(writer, "What could not be judged");
    tlsfit_write_paragraph(writer, "The device profile says nothing of these, or the capture does not show them: they "
                                   "may be well or not.");
    writer->ops->begin(writer, TLSFIT_BLOCK_LIST, TLSFIT_OK);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *end = strchr(lines[i], ' ');
        g_autofree char *rule = g_strndup(lines[i], end != NULL ? (gsize)(end - lines[i]) : strlen(lines[i]));
        const int index = tlsfit_rule_index(rule);

        writer->ops->begin(writer, TLSFIT_BLOCK_ITEM, TLSFIT_OK);
        writer->ops->text(writer, index >= 0 ? tlsfit_rule_text((guint)index)->title : rule);
        writer->ops->text(writer, end != NULL ? end : "");
        writer->ops->end(writer, TLSFIT_BLOCK_ITEM);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_LIST);
}

char *tlsfit_report_part(const TlsfitSession *session, TlsfitReportFormat format, const TlsfitReportWhere *where)
{
    GString *out = g_string_new(NULL);
    TlsfitWriter writer = tlsfit_writer(format, out);

    write_verdict(&writer, session);
    write_facts(&writer, session, where);
    write_ladder(&writer, session, where);
    write_diagnosis(&writer, session);
    tlsfit_write_fixes(&writer, session);
    write_others(&writer, session);
    tlsfit_write_chains(&writer, session);
    tlsfit_write_sizes(&writer, session);
    write_unknowns(&writer, session);
    tlsfit_write_sources(&writer, session);
    return g_string_free(out, FALSE);
}
