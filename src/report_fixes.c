/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What to change, and where it is known from: the fixes of the cause with the lines for each server, and the sources of
 * every limit that was held against something.
 *
 * In: a judged session. Out: lists and lines to copy.
 */
#include "report_writer.h"

static void write_configs(TlsfitWriter *writer, const TlsfitSession *session)
{
    gboolean begun = FALSE;

    for (guint server = 0; server < tlsfit_fix_server_count(); server++) {
        g_autofree char *lines = tlsfit_session_fix_config(session, server);

        if (lines == NULL) {
            continue;
        }
        if (!begun) {
            tlsfit_write_paragraph(writer, "As lines of a configuration, computed for what this device offers and can do:");
            begun = TRUE;
        }
        writer->ops->copy(writer, tlsfit_fix_server_title(server), lines);
    }
}

void tlsfit_write_fixes(TlsfitWriter *writer, const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *cause = diagnosis != NULL ? diagnosis->cause : NULL;
    const char *fix_server = cause != NULL ? tlsfit_finding_fix_server(cause) : NULL;
    const char *fix_device = cause != NULL ? cause->fix_device : NULL;

    if (fix_server == NULL && fix_device == NULL) {
        return;
    }
    writer->ops->heading(writer, "What to change");
    writer->ops->begin(writer, TLSFIT_BLOCK_FACTS, TLSFIT_OK);
    writer->ops->fact(writer, "On the server", fix_server);
    writer->ops->fact(writer, "On the device", fix_device);
    writer->ops->end(writer, TLSFIT_BLOCK_FACTS);
    write_configs(writer, session);
}

/* Is it the first finding with this source? */
static gboolean is_first(const GPtrArray *findings, guint index)
{
    const TlsfitFinding *finding = g_ptr_array_index(findings, index);

    for (guint i = 0; i < index; i++) {
        if (((const TlsfitFinding *)g_ptr_array_index(findings, i))->source == finding->source) {
            return FALSE;
        }
    }
    return TRUE;
}

static void write_source(TlsfitWriter *writer, const TlsfitFinding *finding)
{
    writer->ops->begin(writer, TLSFIT_BLOCK_ROW, TLSFIT_OK);
    tlsfit_write_cell(writer, finding->limit);
    tlsfit_write_cell(writer, tlsfit_confidence_name(finding->source->confidence));
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->code(writer, finding->source->where);
    if (finding->source->what != NULL) {
        writer->ops->text(writer, " ");
        writer->ops->text(writer, finding->source->what);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    tlsfit_write_cell(writer, finding->source->date);
    writer->ops->end(writer, TLSFIT_BLOCK_ROW);
}

void tlsfit_write_sources(TlsfitWriter *writer, const TlsfitSession *session)
{
    static const char *const headings[] = { "Limit of the device", "Confidence", "Source", "As of", NULL };
    const GPtrArray *findings = tlsfit_session_findings(session);
    gboolean begun = FALSE;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->source == NULL || finding->limit == NULL || !is_first(findings, i)) {
            continue;
        }
        if (!begun) {
            writer->ops->heading(writer, "Where the limits are known from");
            writer->ops->table(writer, headings);
            begun = TRUE;
        }
        write_source(writer, finding);
    }
    if (begun) {
        writer->ops->end(writer, TLSFIT_BLOCK_TABLE);
    }
}
