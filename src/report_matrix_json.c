/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A matrix as one JSON object (doc/json.md). In: a matrix. Out: a line of JSON. What is not known is left out; a cell
 * that was not judged is null, so that cells stay in their columns.
 */
#include "report_matrix.h"

#include <json-glib/json-glib.h>

static void add_string(JsonBuilder *builder, const char *key, const char *value)
{
    if (value != NULL) {
        g_autofree char *valid = g_utf8_make_valid(value, -1);

        json_builder_set_member_name(builder, key);
        json_builder_add_string_value(builder, valid);
    }
}

static void add_cell(JsonBuilder *builder, const TlsfitMatrixCell *cell)
{
    if (!cell->judged) {
        json_builder_add_null_value(builder);
        return;
    }
    json_builder_begin_object(builder);
    add_string(builder, "status", tlsfit_status_name(cell->status));
    add_string(builder, "rule", cell->rule);
    add_string(builder, "subject", cell->subject);
    add_string(builder, "text", cell->text);
    add_string(builder, "fix", cell->fix);
    json_builder_end_object(builder);
}

static void add_columns(JsonBuilder *builder, const TlsfitMatrix *matrix)
{
    json_builder_set_member_name(builder, "columns");
    json_builder_begin_array(builder);
    for (guint column = 0; column < matrix->columns->len; column++) {
        json_builder_begin_object(builder);
        add_string(builder, "id", tlsfit_matrix_column(matrix, column)->id);
        add_string(builder, "name", tlsfit_matrix_column(matrix, column)->name);
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
        add_string(builder, "id", tlsfit_matrix_row(matrix, row)->id);
        add_string(builder, "name", tlsfit_matrix_row(matrix, row)->name);
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
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autofree char *line = NULL;
    JsonNode *root;

    json_builder_begin_object(builder);
    add_string(builder, "columns_are", matrix->columns_are);
    add_string(builder, "status", tlsfit_status_name(tlsfit_matrix_status(matrix)));
    add_columns(builder, matrix);
    add_rows(builder, matrix);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    line = json_generator_to_data(generator, NULL);
    json_node_unref(root);
    return g_strconcat(line, "\n", NULL);
}
