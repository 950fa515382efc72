/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page around the reports on handshakes: what happened in all of them, a table with links, each with its heading.
 *
 * In: summaries and parts, which other processes may have made. Out: Markdown or HTML, in pieces or whole.
 */
#include "report_escape.h"
#include "report_html.h"
#include "report_writer.h"

static const TlsfitSummary *summary_at(const TlsfitReportPage *page, guint number)
{
    return g_ptr_array_index(page->summaries, number);
}

static const char *title_of(const TlsfitReportPage *page)
{
    return page->title != NULL ? page->title : "TLS Fit report";
}

static gboolean is_good(const TlsfitSummary *summary)
{
    return summary->outcome == TLSFIT_OUTCOME_COMPLETED || summary->outcome == TLSFIT_OUTCOME_RESUMED;
}

/* Neither good nor failed: nobody knows. */
static gboolean is_undecided(const TlsfitSummary *summary)
{
    return summary->outcome == TLSFIT_OUTCOME_OPEN || summary->outcome == TLSFIT_OUTCOME_CUT;
}

static TlsfitStatus colour_of(const TlsfitSummary *summary)
{
    if (is_good(summary)) {
        return TLSFIT_OK;
    }
    return summary->cause != NULL ? summary->cause_status : TLSFIT_UNKNOWN;
}

static void append_count(GString *text, guint count, const char *what)
{
    if (count > 0) {
        g_string_append_printf(text, "%s%u %s", g_str_has_suffix(text->str, ":") ? " " : ", ", count, what);
    }
}

/* "3 handshakes: 1 established, 2 failed." */
static void write_count(TlsfitWriter *writer, const TlsfitReportPage *page)
{
    guint good = 0, undecided = 0;
    const guint all = page->summaries->len;
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < all; i++) {
        good += is_good(summary_at(page, i)) ? 1u : 0u;
        undecided += is_undecided(summary_at(page, i)) ? 1u : 0u;
    }
    g_string_append_printf(text, "%u handshakes:", all);
    append_count(text, good, "established");
    append_count(text, all - good - undecided, "failed");
    append_count(text, undecided, "undecided when the capture ended");
    g_string_append_c(text, '.');
    tlsfit_write_paragraph(writer, text->str);
}

static gboolean says_the_same(const TlsfitSummary *a, const TlsfitSummary *b)
{
    return g_strcmp0(a->headline, b->headline) == 0 && g_strcmp0(a->action, b->action) == 0 &&
           g_strcmp0(a->device, b->device) == 0;
}

static gboolean was_said(const TlsfitReportPage *page, guint number)
{
    for (guint i = 0; i < number; i++) {
        if (says_the_same(summary_at(page, i), summary_at(page, number))) {
            return TRUE;
        }
    }
    return FALSE;
}

#define GROUPS_MAX 20 /* more kinds of failure than this are read in the table */

/* One box for all handshakes that failed in the same way. */
static void write_group(TlsfitWriter *writer, const TlsfitReportPage *page, guint number)
{
    const TlsfitSummary *summary = summary_at(page, number);
    guint same = 0;

    for (guint i = number; i < page->summaries->len; i++) {
        same += says_the_same(summary, summary_at(page, i)) ? 1u : 0u;
    }
    writer->ops->begin(writer, TLSFIT_BLOCK_VERDICT, colour_of(summary));
    writer->ops->begin(writer, TLSFIT_BLOCK_PARAGRAPH, TLSFIT_OK);
    g_autofree char *count = same == 1 ? g_strdup_printf("handshake %u", number + 1)
                                       : g_strdup_printf("%u handshakes", same);

    writer->ops->badge(writer, colour_of(summary), count);
    writer->ops->text(writer, " ");
    writer->ops->strong(writer, summary->headline);
    if (summary->device_name != NULL && g_strcmp0(summary->device, "advertised") != 0) {
        g_autofree char *device = g_strdup_printf(" (%s)", summary->device_name);

        writer->ops->text(writer, device);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_PARAGRAPH);
    if (summary->action != NULL) {
        writer->ops->begin(writer, TLSFIT_BLOCK_PARAGRAPH, TLSFIT_OK);
        writer->ops->strong(writer, "What to do.");
        writer->ops->text(writer, " ");
        writer->ops->text(writer, summary->action);
        writer->ops->end(writer, TLSFIT_BLOCK_PARAGRAPH);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_VERDICT);
}

/* What is sure comes before what is suspected, and that before what nobody knows. */
static void write_groups(TlsfitWriter *writer, const TlsfitReportPage *page)
{
    guint written = 0;

    for (int status = TLSFIT_CANNOT; status > TLSFIT_OK; status--) {
        for (guint i = 0; i < page->summaries->len; i++) {
            if ((int)colour_of(summary_at(page, i)) != status || was_said(page, i)) {
                continue;
            }
            if (written++ == GROUPS_MAX) {
                tlsfit_write_paragraph(writer, "There are more kinds of failure: see the table.");
                return;
            }
            write_group(writer, page, i);
        }
    }
}

static void write_row(TlsfitWriter *writer, const TlsfitReportPage *page, guint number)
{
    const TlsfitSummary *summary = summary_at(page, number);
    g_autofree char *label = g_strdup_printf("%u", number + 1);
    const char *server = summary->server_name != NULL ? summary->server_name : summary->server;

    writer->ops->begin(writer, TLSFIT_BLOCK_ROW, TLSFIT_OK);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->link(writer, label, number);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    tlsfit_write_cell(writer, summary->file);
    tlsfit_write_cellf(writer, "%u", summary->first_frame);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->code(writer, server);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    tlsfit_write_word_cell(writer, summary->device);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->badge(writer, colour_of(summary), tlsfit_outcome_name(summary->outcome));
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->text(writer, summary->subject);
    if (summary->certificate != NULL) {
        writer->ops->text(writer, " ");
        writer->ops->code(writer, summary->certificate);
    }
    if (summary->cause != NULL) {
        writer->ops->text(writer, ": ");
        writer->ops->code(writer, summary->cause);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    writer->ops->end(writer, TLSFIT_BLOCK_ROW);
}

static void write_table(TlsfitWriter *writer, const TlsfitReportPage *page)
{
    static const char *const headings[] = { "#", "Capture", "Frame", "Server", "Device", "Outcome", "Primary cause",
                                            NULL };

    writer->ops->heading(writer, "The handshakes");
    writer->ops->table(writer, headings);
    for (guint i = 0; i < page->summaries->len; i++) {
        write_row(writer, page, i);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_TABLE);
}

static void write_problems(TlsfitWriter *writer, const TlsfitReportPage *page)
{
    if (page->problems == NULL || page->problems->len == 0) {
        return;
    }
    writer->ops->heading(writer, "What could not be read");
    writer->ops->begin(writer, TLSFIT_BLOCK_LIST, TLSFIT_OK);
    for (guint i = 0; i < page->problems->len; i++) {
        writer->ops->begin(writer, TLSFIT_BLOCK_ITEM, TLSFIT_OK);
        writer->ops->text(writer, g_ptr_array_index(page->problems, i));
        writer->ops->end(writer, TLSFIT_BLOCK_ITEM);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_LIST);
}

char *tlsfit_report_head(TlsfitReportFormat format, const TlsfitReportPage *page)
{
    GString *out = g_string_new(NULL);
    TlsfitWriter writer = tlsfit_writer(format, out);

    if (format == TLSFIT_REPORT_HTML) {
        tlsfit_html_open(out, title_of(page));
        g_string_append(out, "<h1>");
        tlsfit_escape_html(out, title_of(page));
        g_string_append(out, "</h1>\n");
    } else {
        g_string_append(out, "# ");
        tlsfit_escape_markdown(out, title_of(page));
        g_string_append(out, "\n\n");
    }
    write_problems(&writer, page);
    if (page->summaries->len == 0) {
        tlsfit_write_paragraph(&writer, "No TLS handshake was found.");
    } else if (page->summaries->len > 1) { /* one says it all in its own section, which follows at once */
        write_count(&writer, page);
        write_groups(&writer, page);
        write_table(&writer, page);
    }
    return g_string_free(out, FALSE);
}

char *tlsfit_report_section(TlsfitReportFormat format, const TlsfitReportPage *page, guint number, const char *part)
{
    const TlsfitSummary *summary = summary_at(page, number);
    GString *out = g_string_new(NULL);
    g_autofree char *title =
        g_strdup_printf("Handshake %u: %s%sframe %u%s%s", number + 1, summary->file != NULL ? summary->file : "",
                        summary->file != NULL ? ", " : "", summary->first_frame,
                        summary->server_name != NULL ? ", " : "",
                        summary->server_name != NULL ? summary->server_name : "");

    if (format == TLSFIT_REPORT_HTML) {
        g_string_append_printf(out, "<section id=\"handshake-%u\">\n<h2>", number + 1);
        tlsfit_escape_html(out, title);
        g_string_append_printf(out, "</h2>\n%s</section>\n", part);
    } else {
        g_string_append_printf(out, "\n## ");
        tlsfit_escape_markdown(out, title);
        g_string_append_printf(out, "\n\n%s", part);
    }
    return g_string_free(out, FALSE);
}

char *tlsfit_report_tail(TlsfitReportFormat format, const TlsfitReportPage *page)
{
    GString *out = g_string_new(NULL);

    (void)page;
    if (format == TLSFIT_REPORT_HTML) {
        tlsfit_html_close(out);
    } else {
        g_string_append(out, "\nMade by tlsfit " TLSFIT_VERSION ".\n");
    }
    return g_string_free(out, FALSE);
}

char *tlsfit_report_page(TlsfitReportFormat format, const TlsfitReportPage *page, const GPtrArray *parts)
{
    g_autofree char *head = tlsfit_report_head(format, page);
    g_autofree char *tail = tlsfit_report_tail(format, page);
    GString *out = g_string_new(head);

    for (guint i = 0; i < page->summaries->len; i++) {
        g_autofree char *section = tlsfit_report_section(format, page, i, g_ptr_array_index(parts, i));

        g_string_append(out, section);
    }
    g_string_append(out, tail);
    return g_string_free(out, FALSE);
}
