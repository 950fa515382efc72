/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A matrix as CSV (RFC 4180): a header, then one line a cell, so that every reason is there and a spreadsheet makes the
 * matrix of it. In: a matrix. Out: text with CRLF.
 */
#include "report_escape.h"
#include "report_matrix.h"

static void add_fields(GString *out, const char *const *fields, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_string_append(out, i > 0 ? "," : "");
        tlsfit_escape_csv(out, fields[i]);
    }
    g_string_append(out, "\r\n");
}

char *tlsfit_matrix_csv(const TlsfitMatrix *matrix)
{
    const char *const header[] = { "device", "device_name", matrix->columns_are, "name", "status",
                                   "rule",   "subject",     "text",              "fix" };
    GString *out = g_string_new(NULL);

    add_fields(out, header, G_N_ELEMENTS(header));
    for (guint row = 0; row < matrix->rows->len; row++) {
        for (guint column = 0; column < matrix->columns->len; column++) {
            const TlsfitMatrixCell *cell = tlsfit_matrix_cell(matrix, row, column);
            const char *const fields[] = {
                tlsfit_matrix_row(matrix, row)->id,
                tlsfit_matrix_row(matrix, row)->name,
                tlsfit_matrix_column(matrix, column)->id,
                tlsfit_matrix_column(matrix, column)->name,
                cell->judged ? tlsfit_status_name(cell->status) : "",
                cell->rule,
                cell->subject,
                cell->text,
                cell->fix,
            };

            add_fields(out, fields, G_N_ELEMENTS(fields));
        }
    }
    return g_string_free(out, FALSE);
}
