/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matrix itself: rows, columns, cells. Its outputs are in report_matrix_*.c.
 *
 * In: headings, cells, judged sessions. Out: what the outputs read. Judges nothing, and formats nothing.
 */
#include "report_matrix.h"

static void heading_free(gpointer data)
{
    TlsfitHeading *heading = data;

    g_free(heading->id);
    g_free(heading->name);
    g_free(heading);
}

static void cell_free(gpointer data)
{
    TlsfitMatrixCell *cell = data;

    if (cell != NULL) {
        g_free(cell->rule);
        g_free(cell->subject);
        g_free(cell->text);
        g_free(cell->fix);
        g_free(cell);
    }
}

TlsfitMatrix *tlsfit_matrix_new(const char *columns)
{
    TlsfitMatrix *matrix = g_new0(TlsfitMatrix, 1);

    matrix->columns_are = columns;
    matrix->rows = g_ptr_array_new_with_free_func(heading_free);
    matrix->columns = g_ptr_array_new_with_free_func(heading_free);
    matrix->cells = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    return matrix;
}

void tlsfit_matrix_free(TlsfitMatrix *matrix)
{
    if (matrix != NULL) {
        g_ptr_array_unref(matrix->rows);
        g_ptr_array_unref(matrix->columns);
        g_ptr_array_unref(matrix->cells);
        g_free(matrix);
    }
}

static guint add_heading(GPtrArray *headings, const char *id, const char *name)
{
    TlsfitHeading *heading = g_new(TlsfitHeading, 1);

    heading->id = g_strdup(id);
    heading->name = g_strdup(name);
    g_ptr_array_add(headings, heading);
    return headings->len - 1;
}

guint tlsfit_matrix_add_row(TlsfitMatrix *matrix, const char *id, const char *name)
{
    return add_heading(matrix->rows, id, name);
}

guint tlsfit_matrix_add_column(TlsfitMatrix *matrix, const char *id, const char *name)
{
    g_ptr_array_add(matrix->cells, g_ptr_array_new_with_free_func(cell_free));
    return add_heading(matrix->columns, id, name);
}

void tlsfit_matrix_set(TlsfitMatrix *matrix, guint row, guint column, const TlsfitCell *cell)
{
    GPtrArray *cells = g_ptr_array_index(matrix->cells, column);
    TlsfitMatrixCell *own = g_new(TlsfitMatrixCell, 1);

    g_return_if_fail(row < matrix->rows->len);
    if (cells->len <= row) {
        g_ptr_array_set_size(cells, (gint)row + 1);
    }
    *own = (TlsfitMatrixCell){
        .judged = cell->judged,
        .status = cell->status,
        .rule = g_strdup(cell->rule),
        .subject = g_strdup(cell->subject),
        .text = g_strdup(cell->text),
        .fix = g_strdup(cell->fix),
    };
    cell_free(g_ptr_array_index(cells, row));
    g_ptr_array_index(cells, row) = own;
}

/* The cause, or the first one of the worst findings. */
static const TlsfitFinding *deciding(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitFinding *worst = NULL;

    if (diagnosis != NULL && diagnosis->cause != NULL) {
        return diagnosis->cause;
    }
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (worst == NULL || finding->status > worst->status) {
            worst = finding;
        }
    }
    return worst;
}

void tlsfit_cell_of_session(const TlsfitSession *session, TlsfitCell *cell, char **text)
{
    const TlsfitFinding *finding = deciding(session);
    g_autofree char *open = tlsfit_session_unknowns(session);

    *text = NULL;
    *cell = (TlsfitCell){ .judged = tlsfit_session_device(session) != NULL, .status = tlsfit_session_status(session) };
    if (finding != NULL) {
        *text = finding->status == TLSFIT_UNKNOWN && open != NULL
                    ? g_strdup_printf("not known: %s", open)
                    : g_strdup_printf("%s%s%s", finding->observed, finding->limit != NULL ? "; limit: " : "",
                                      finding->limit != NULL ? finding->limit : "");
        cell->rule = finding->rule;
        cell->subject = finding->subject;
        cell->text = *text;
        cell->fix = finding->status == TLSFIT_UNKNOWN ? NULL : tlsfit_finding_fix_server(finding);
    }
}

gboolean tlsfit_cell_is_own(const TlsfitSession *session, const TlsfitDevice *device)
{
    const TlsfitDevice *there = tlsfit_session_device(session);

    return there != NULL && g_strcmp0(tlsfit_session_device_source(session), "advertised") != 0 &&
           g_str_equal(tlsfit_device_id(there), tlsfit_device_id(device));
}

void tlsfit_cell_of_other(TlsfitSession *session, TlsfitDevice *device, TlsfitCell *cell, char **text)
{
    const TlsfitView view = { .device = device, .device_source = "preference", .stall_ms = TLSFIT_STALL_MS_DEFAULT };

    if (tlsfit_session_judge_other(session, &view) || tlsfit_session_status(session) > TLSFIT_UNKNOWN) {
        tlsfit_cell_of_session(session, cell, text);
        return;
    }
    *text = NULL;
    *cell = (TlsfitCell){ .judged = TRUE, .status = TLSFIT_UNKNOWN,
                          .text = "not known: no certificate of the server can be seen in this handshake" };
}

void tlsfit_matrix_set_session(TlsfitMatrix *matrix, guint row, guint column, const TlsfitSession *session)
{
    g_autofree char *text = NULL;
    TlsfitCell cell;

    tlsfit_cell_of_session(session, &cell, &text);
    tlsfit_matrix_set(matrix, row, column, &cell);
}

const TlsfitMatrixCell *tlsfit_matrix_cell(const TlsfitMatrix *matrix, guint row, guint column)
{
    static const TlsfitMatrixCell not_judged;
    const GPtrArray *cells = g_ptr_array_index(matrix->cells, column);
    const TlsfitMatrixCell *cell = row < cells->len ? g_ptr_array_index(cells, row) : NULL;

    return cell != NULL && cell->judged ? cell : &not_judged;
}

const TlsfitHeading *tlsfit_matrix_row(const TlsfitMatrix *matrix, guint row)
{
    return g_ptr_array_index(matrix->rows, row);
}

const TlsfitHeading *tlsfit_matrix_column(const TlsfitMatrix *matrix, guint column)
{
    return g_ptr_array_index(matrix->columns, column);
}

TlsfitStatus tlsfit_matrix_status(const TlsfitMatrix *matrix)
{
    TlsfitStatus worst = TLSFIT_OK;

    for (guint column = 0; column < matrix->columns->len; column++) {
        for (guint row = 0; row < matrix->rows->len; row++) {
            const TlsfitMatrixCell *cell = tlsfit_matrix_cell(matrix, row, column);

            worst = MAX(worst, cell->judged ? cell->status : TLSFIT_UNKNOWN);
        }
    }
    return worst;
}

char *tlsfit_matrix_report(const TlsfitMatrix *matrix, TlsfitMatrixFormat format)
{
    switch (format) {
    case TLSFIT_MATRIX_CSV:
        return tlsfit_matrix_csv(matrix);
    case TLSFIT_MATRIX_JSON:
        return tlsfit_matrix_json(matrix);
    case TLSFIT_MATRIX_HTML:
        return tlsfit_matrix_html(matrix);
    case TLSFIT_MATRIX_TEXT:
    case TLSFIT_MATRIX_TEXT_COLOUR:
        break;
    }
    return tlsfit_matrix_text(matrix, format == TLSFIT_MATRIX_TEXT_COLOUR);
}
