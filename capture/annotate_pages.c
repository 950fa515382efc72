/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages about handshakes. See annotate_pages.h.
 *
 * In: judged sessions, in the process that has them. Out: variants, and from these, where the command runs, files.
 */
#include "annotate_pages.h"

#include "input.h"

#include <stdio.h>

#define KEPT "(vmsms)" /* the summary, the part as Markdown and as HTML */

gboolean annotate_pages_format(const char *path, TlsfitReportFormat *format)
{
    *format = g_str_has_suffix(path, ".md") ? TLSFIT_REPORT_MARKDOWN : TLSFIT_REPORT_HTML;
    return g_str_has_suffix(path, ".md") || g_str_has_suffix(path, ".html") || g_str_has_suffix(path, ".htm");
}

gboolean annotate_pages_add(AnnotatePages *pages, TlsfitReportFormat format, const char *path, GError **error)
{
    if (pages->summaries == NULL) {
        pages->summaries = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_summary_free);
        pages->problems = g_ptr_array_new_with_free_func(g_free);
    }
    pages->parts[format] = g_ptr_array_new_with_free_func(g_free);
    pages->outputs[format] = tlsfit_output_begin(path, error);
    return pages->outputs[format] != NULL;
}

gboolean annotate_pages_wanted(const AnnotatePages *pages)
{
    return pages->summaries != NULL;
}

static char *part_of(const AnnotatePages *pages, const CaptureHandshake *handshake, TlsfitReportFormat format,
                     const TlsfitReportWhere *where)
{
    return pages->outputs[format] != NULL ? tlsfit_report_part(handshake->session, format, where) : NULL;
}

GVariant *annotate_pages_keep(const AnnotatePages *pages, const CaptureHandshake *handshake, const char *client,
                              const char *server)
{
    g_autofree char *file = g_filename_display_name(tlsfit_input_shown(handshake->file));
    const TlsfitReportWhere where = {
        .file = file, .first_frame = handshake->frame, .client = client, .server = server
    };
    g_autoptr(TlsfitSummary) summary = tlsfit_summary_new(handshake->session, &where);
    g_autofree char *markdown = part_of(pages, handshake, TLSFIT_REPORT_MARKDOWN, &where);
    g_autofree char *html = part_of(pages, handshake, TLSFIT_REPORT_HTML, &where);

    return g_variant_new(KEPT, tlsfit_summary_to_variant(summary), markdown, html);
}

void annotate_pages_take(AnnotatePages *pages, GVariant *kept)
{
    g_autoptr(GVariant) summary = NULL;
    char *parts[ANNOTATE_FORMATS];

    g_variant_get(kept, KEPT, &summary, &parts[0], &parts[1]);
    g_ptr_array_add(pages->summaries, tlsfit_summary_from_variant(summary));
    for (guint i = 0; i < ANNOTATE_FORMATS; i++) {
        if (pages->parts[i] != NULL)
            g_ptr_array_add(pages->parts[i], g_steal_pointer(&parts[i]));
        g_free(parts[i]);
    }
}

void annotate_pages_problem(AnnotatePages *pages, const char *file, const char *problem)
{
    g_autofree char *name = g_filename_display_name(file);

    g_ptr_array_add(pages->problems, g_strdup_printf("%s: %s", name, problem));
}

static gboolean write_page(AnnotatePages *pages, TlsfitReportFormat format, GError **error)
{
    const TlsfitReportPage page = { .summaries = pages->summaries, .problems = pages->problems };
    FILE *stream = tlsfit_output_stream(pages->outputs[format], error);

    if (stream == NULL)
        return FALSE;
    g_autofree char *head = tlsfit_report_head(format, &page);
    g_autofree char *tail = tlsfit_report_tail(format, &page);
    fputs(head, stream);
    for (guint i = 0; i < pages->summaries->len; i++) {
        g_autofree char *section =
            tlsfit_report_section(format, &page, i, g_ptr_array_index(pages->parts[format], i));
        fputs(section, stream);
    }
    fputs(tail, stream);
    return tlsfit_output_finish(pages->outputs[format], error);
}

gboolean annotate_pages_finish(AnnotatePages *pages, GError **error)
{
    for (guint i = 0; i < ANNOTATE_FORMATS; i++) {
        if (pages->outputs[i] != NULL && !write_page(pages, (TlsfitReportFormat)i, error))
            return FALSE;
    }
    return TRUE;
}

void annotate_pages_clear(AnnotatePages *pages)
{
    for (guint i = 0; i < ANNOTATE_FORMATS; i++) {
        g_clear_pointer(&pages->outputs[i], tlsfit_output_free);
        g_clear_pointer(&pages->parts[i], g_ptr_array_unref);
    }
    g_clear_pointer(&pages->summaries, g_ptr_array_unref);
    g_clear_pointer(&pages->problems, g_ptr_array_unref);
}
