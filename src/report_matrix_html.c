/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A matrix as a page: devices down, chains or handshakes across, headings that stay in sight, the reason in each cell
 * to be opened. In: a matrix. Out: HTML. Works without a script, a mouse or colours.
 */
#include "report_escape.h"
#include "report_html.h"
#include "report_matrix.h"

static void add_heading(GString *out, const char *scope, const TlsfitHeading *heading)
{
    g_string_append_printf(out, "<th scope=\"%s\"><span class=\"id\">", scope);
    tlsfit_escape_html(out, heading->id);
    g_string_append(out, "</span>");
    if (heading->name != NULL) {
        g_string_append(out, "<span class=\"name\">");
        tlsfit_escape_html(out, heading->name);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</th>");
}

/* The reason: for the pointer as a title, for everybody else behind the badge. */
static void add_reason(GString *out, const TlsfitMatrixCell *cell)
{
    g_string_append(out, "<details><summary title=\"");
    tlsfit_escape_html(out, cell->text);
    g_string_append(out, "\">");
    tlsfit_html_badge(out, cell->status, NULL);
    g_string_append(out, "</summary><p>");
    if (cell->subject != NULL) {
        g_string_append(out, "<b>");
        tlsfit_escape_html(out, cell->subject);
        g_string_append(out, "</b>: ");
    }
    tlsfit_escape_html(out, cell->text);
    g_string_append(out, "</p>");
    if (cell->fix != NULL) {
        g_string_append(out, "<p><b>Fix on the server</b>: ");
        tlsfit_escape_html(out, cell->fix);
        g_string_append(out, "</p>");
    }
    if (cell->rule != NULL) {
        g_string_append(out, "<p class=\"muted\">Rule <code>");
        tlsfit_escape_html(out, cell->rule);
        g_string_append(out, "</code></p>");
    }
    g_string_append(out, "</details>");
}

static void add_cell(GString *out, const TlsfitMatrixCell *cell)
{
    g_string_append_printf(out, "<td class=\"%s\">", cell->judged ? tlsfit_html_class(cell->status) : "");
    if (!cell->judged) {
        g_string_append(out, "<span class=\"muted\">not judged</span>");
    } else if (cell->text == NULL) {
        tlsfit_html_badge(out, cell->status, cell->status == TLSFIT_OK ? "fits" : NULL);
    } else {
        add_reason(out, cell);
    }
    g_string_append(out, "</td>");
}

/* "12 fit, 3 cannot, 5 not known" */
static void add_counts(GString *out, const TlsfitMatrix *matrix)
{
    static const char *const words[] = {
        [TLSFIT_OK] = "fit", [TLSFIT_UNKNOWN] = "not known", [TLSFIT_SUSPECT] = "suspect",
        [TLSFIT_BROKEN] = "broken", [TLSFIT_CANNOT] = "cannot",
    };
    guint counts[G_N_ELEMENTS(words)] = { 0 };

    for (guint column = 0; column < matrix->columns->len; column++) {
        for (guint row = 0; row < matrix->rows->len; row++) {
            const TlsfitMatrixCell *cell = tlsfit_matrix_cell(matrix, row, column);

            counts[cell->status] += cell->judged ? 1u : 0u;
        }
    }
    g_string_append_printf(out, "<p>%u %s by %u %s%s:", matrix->rows->len, matrix->rows->len == 1 ? "device" : "devices",
                           matrix->columns->len, matrix->columns_are, matrix->columns->len == 1 ? "" : "s");
    for (int status = TLSFIT_CANNOT; status >= TLSFIT_OK; status--) {
        if (counts[status] > 0) {
            g_string_append_printf(out, " %u ", counts[status]);
            tlsfit_html_badge(out, (TlsfitStatus)status, words[status]);
        }
    }
    g_string_append(out, ". Open a cell for its reason.</p>\n");
}

static void add_legend(GString *out)
{
    static const struct {
        TlsfitStatus status;
        const char *meaning;
    } lines[] = {
        { TLSFIT_CANNOT, "the device cannot: documented, read in its source code, or observed" },
        { TLSFIT_BROKEN, "the device offers it, negotiates it, and then fails" },
        { TLSFIT_SUSPECT, "the device probably cannot: reported or inferred" },
        { TLSFIT_UNKNOWN, "the device profile does not say: neither a yes nor a no" },
        { TLSFIT_OK, "the device profile covers it, and it fits" },
    };

    g_string_append(out, "<ul class=\"legend\">\n");
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_string_append(out, "<li>");
        tlsfit_html_badge(out, lines[i].status, NULL);
        g_string_append_printf(out, " %s</li>\n", lines[i].meaning);
    }
    g_string_append(out, "</ul>\n");
}

char *tlsfit_matrix_html(const TlsfitMatrix *matrix)
{
    GString *out = g_string_new(NULL);

    tlsfit_html_open(out, "TLS Fit: which device can handle what");
    g_string_append(out, "<h1>Which device can handle what</h1>\n");
    add_counts(out, matrix);
    g_string_append(out, "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Matrix\">\n"
                         "<table class=\"matrix\">\n<thead><tr><th scope=\"col\">Device</th>");
    for (guint column = 0; column < matrix->columns->len; column++) {
        add_heading(out, "col", tlsfit_matrix_column(matrix, column));
    }
    g_string_append(out, "</tr></thead>\n<tbody>\n");
    for (guint row = 0; row < matrix->rows->len; row++) {
        g_string_append(out, "<tr>");
        add_heading(out, "row", tlsfit_matrix_row(matrix, row));
        for (guint column = 0; column < matrix->columns->len; column++) {
            add_cell(out, tlsfit_matrix_cell(matrix, row, column));
        }
        g_string_append(out, "</tr>\n");
    }
    g_string_append(out, "</tbody>\n</table>\n</div>\n");
    add_legend(out);
    tlsfit_html_close(out);
    return g_string_free(out, FALSE);
}
