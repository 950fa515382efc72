/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A matrix for a terminal: a row a device, a narrow column a chain or handshake, its names and the reasons below.
 *
 * In: a matrix. Out: lines. Words stand for the verdicts, so that colours only repeat them.
 */
#include "report_escape.h"
#include "report_matrix.h"

#include <string.h>

/* As many columns as fit beside the longest device id on 80 characters, at least these; the next ones go below. */
#define LINE_CHARACTERS 80
#define CELL_CHARACTERS 5
#define COLUMNS_MIN 4

/* One word each, of at most CELL_CHARACTERS - 1. */
static const char *word(const TlsfitMatrixCell *cell)
{
    static const char *const words[] = {
        [TLSFIT_OK] = "ok", [TLSFIT_UNKNOWN] = "?", [TLSFIT_SUSPECT] = "susp", [TLSFIT_BROKEN] = "brkn",
        [TLSFIT_CANNOT] = "NO",
    };

    return cell->judged ? words[cell->status] : "-";
}

static const char *colour(const TlsfitMatrixCell *cell)
{
    static const char *const colours[] = {
        [TLSFIT_OK] = "\033[32m", [TLSFIT_UNKNOWN] = "\033[2m", [TLSFIT_SUSPECT] = "\033[33m",
        [TLSFIT_BROKEN] = "\033[31m", [TLSFIT_CANNOT] = "\033[1;31m",
    };

    return cell->judged ? colours[cell->status] : "\033[2m";
}

static void add_word(GString *out, const TlsfitMatrixCell *cell, gboolean colours)
{
    g_string_append_printf(out, "%*s%s%s%s", CELL_CHARACTERS - (int)strlen(word(cell)), "",
                           colours ? colour(cell) : "", word(cell), colours ? "\033[0m" : "");
}

/* TEXT in a field of WIDTH characters. */
static void add_padded(GString *out, const char *text, glong width)
{
    g_autofree char *visible = tlsfit_clean(text);

    g_string_append_printf(out, "%s%*s", visible, (int)MAX(width - g_utf8_strlen(visible, -1), 0), "");
}

static glong widest_row(const TlsfitMatrix *matrix)
{
    glong widest = 0;

    for (guint row = 0; row < matrix->rows->len; row++) {
        g_autofree char *id = tlsfit_clean(tlsfit_matrix_row(matrix, row)->id);

        widest = MAX(widest, g_utf8_strlen(id, -1));
    }
    return widest;
}

static void add_block(GString *out, const TlsfitMatrix *matrix, guint first, guint last, gboolean colours)
{
    const glong width = widest_row(matrix);

    add_padded(out, "", width);
    for (guint column = first; column < last; column++) {
        g_string_append_printf(out, "%*u", CELL_CHARACTERS, column + 1);
    }
    g_string_append_c(out, '\n');
    for (guint row = 0; row < matrix->rows->len; row++) {
        add_padded(out, tlsfit_matrix_row(matrix, row)->id, width);
        for (guint column = first; column < last; column++) {
            add_word(out, tlsfit_matrix_cell(matrix, row, column), colours);
        }
        g_string_append_c(out, '\n');
    }
    g_string_append_c(out, '\n');
}

static void add_columns(GString *out, const TlsfitMatrix *matrix)
{
    for (guint column = 0; column < matrix->columns->len; column++) {
        const TlsfitHeading *heading = tlsfit_matrix_column(matrix, column);
        g_autofree char *id = tlsfit_clean(heading->id);
        g_autofree char *name = tlsfit_clean(heading->name);

        g_string_append_printf(out, "%s %u: %s%s%s\n", matrix->columns_are, column + 1, id, name[0] != '\0' ? ", " : "",
                               name);
    }
    g_string_append(out, "ok: fits; NO: cannot; brkn: offers it and then fails; susp: probably cannot (reported or "
                         "inferred);\n?: not known; -: not judged\n");
}

static gboolean is_reason(const TlsfitMatrixCell *cell)
{
    return cell->status >= TLSFIT_SUSPECT && cell->rule != NULL;
}

static gboolean same_reason(const TlsfitMatrixCell *a, const TlsfitMatrixCell *b)
{
    return a->status == b->status && g_str_equal(a->rule, b->rule) && g_strcmp0(a->subject, b->subject) == 0 &&
           g_strcmp0(a->text, b->text) == 0;
}

static gboolean was_said(const TlsfitMatrix *matrix, guint row, guint column)
{
    for (guint before = 0; before < column; before++) {
        const TlsfitMatrixCell *cell = tlsfit_matrix_cell(matrix, row, before);

        if (is_reason(cell) && same_reason(cell, tlsfit_matrix_cell(matrix, row, column))) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The reasons of one device; one that is the same for several columns is said once, with all of them. */
static void add_reasons(GString *out, const TlsfitMatrix *matrix, guint row)
{
    g_autofree char *device = tlsfit_clean(tlsfit_matrix_row(matrix, row)->id);
    gboolean begun = FALSE;

    for (guint column = 0; column < matrix->columns->len; column++) {
        const TlsfitMatrixCell *cell = tlsfit_matrix_cell(matrix, row, column);
        g_autofree char *subject = tlsfit_clean(cell->subject);
        g_autofree char *text = tlsfit_clean(cell->text);

        if (!is_reason(cell) || was_said(matrix, row, column)) {
            continue;
        }
        if (!begun) {
            g_string_append_printf(out, "\n%s\n", device);
        }
        begun = TRUE;
        g_string_append_printf(out, "  %u", column + 1);
        for (guint next = column + 1; next < matrix->columns->len; next++) {
            const TlsfitMatrixCell *other = tlsfit_matrix_cell(matrix, row, next);

            if (is_reason(other) && same_reason(cell, other)) {
                g_string_append_printf(out, ",%u", next + 1);
            }
        }
        g_string_append_printf(out, " %s  %s: %s [%s]\n", word(cell), subject, text, cell->rule);
    }
}

char *tlsfit_matrix_text(const TlsfitMatrix *matrix, gboolean colours)
{
    const glong room = (LINE_CHARACTERS - widest_row(matrix)) / CELL_CHARACTERS;
    const guint columns = (guint)MAX(room, COLUMNS_MIN);
    GString *out = g_string_new(NULL);

    for (guint first = 0; first < matrix->columns->len; first += columns) {
        add_block(out, matrix, first, MIN(first + columns, matrix->columns->len), colours);
    }
    add_columns(out, matrix);
    for (guint row = 0; row < matrix->rows->len; row++) {
        add_reasons(out, matrix, row);
    }
    return g_string_free(out, FALSE);
}
