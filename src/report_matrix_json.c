/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A matrix as one JSON object (doc/json.md). In: a matrix. Out: a line of JSON. What is not known is left out; a cell
 * that was not judged is null, so that cells stay in their columns.
 */
#include "report_matrix.h"
#include "tlsfit_json.h"

static void add_cell(JsonBuilder *builder, const TlsfitMatrixCell *cell)
{
    if (!cell->judged) {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "status", tlsfit_status_name(cell->status));
    tlsfit_json_string(builder, "rule", cell->rule);
    tlsfit_json_string(builder, "subject", cell->subject);
    tlsfit_json_string(builder, "text", cell->text);
    tlsfit_json_string(builder, "fix", cell->fix);
    json_builder_end_object(builder);
}

static void add_columns(JsonBuilder *builder, const TlsfitMatrix *matrix)
{
    json_builder_set_member_name(builder, "columns");
    json_builder_begin_array(builder);
    for (guint column = 0; column < matrix->columns->len; column++) {
        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "id", tlsfit_matrix_column(matrix, column)->id);
        tlsfit_json_string(builder, "name", tlsfit_matrix_column(matrix, column)->name);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_rows(JsonBuilder *builder, const TlsfitMatrix *matrix)
{
    json_builder_set_member_name(builder, "devices");
    json_builder_begin_array(builder);
    for (guint row = 0; row < matrix->rows->len; row++) {
        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "id", tlsfit_matrix_row(matrix, row)->id);
        tlsfit_json_string(builder, "name", tlsfit_matrix_row(matrix, row)->name);
        json_builder_set_member_name(builder, "cells");
        json_builder_begin_array(builder);
        for (guint column = 0; column < matrix->columns->len; column++) {
            add_cell(builder, tlsfit_matrix_cell(matrix, row, column));
        }
        json_builder_end_array(builder);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

char *tlsfit_matrix_json(const TlsfitMatrix *matrix)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *line = NULL;

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "columns_are", matrix->columns_are);
    tlsfit_json_string(builder, "status", tlsfit_status_name(tlsfit_matrix_status(matrix)));
    add_columns(builder, matrix);
    add_rows(builder, matrix);
    json_builder_end_object(builder);
    line = tlsfit_json_line(builder);
    return g_strconcat(line, "\n", NULL);
}
