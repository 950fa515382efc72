/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints a matrix that an ini file describes: driver FILE.ini text|colour|csv|json|html
 *
 * In: [matrix] columns, [row N] and [column N] with id and name, [cell ROW COLUMN] with status, rule, subject, text and
 * fix; values may have C escapes. Out: the report on standard output.
 */
#include "tlsfit_report.h"

#include <stdio.h>

static char *value_of(GKeyFile *file, const char *group, const char *key)
{
    g_autofree char *value = g_key_file_get_value(file, group, key, NULL);

    return value != NULL ? g_strcompress(value) : NULL;
}

static TlsfitStatus status_of(const char *name)
{
    for (TlsfitStatus status = TLSFIT_OK; status <= TLSFIT_CANNOT; status++) {
        if (g_strcmp0(name, tlsfit_status_name(status)) == 0) {
            return status;
        }
    }
    g_error("no status \"%s\"", name);
}

static void read_headings(GKeyFile *file, TlsfitMatrix *matrix, const char *kind)
{
    for (guint number = 1;; number++) {
        g_autofree char *group = g_strdup_printf("%s %u", kind, number);
        g_autofree char *id = value_of(file, group, "id");
        g_autofree char *name = value_of(file, group, "name");

        if (id == NULL) {
            return;
        }
        if (g_str_equal(kind, "row")) {
            tlsfit_matrix_add_row(matrix, id, name);
        } else {
            tlsfit_matrix_add_column(matrix, id, name);
        }
    }
}

static void read_cells(GKeyFile *file, TlsfitMatrix *matrix)
{
    g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

    for (guint i = 0; groups[i] != NULL; i++) {
        g_autofree char *status = value_of(file, groups[i], "status");
        g_autofree char *rule = value_of(file, groups[i], "rule");
        g_autofree char *subject = value_of(file, groups[i], "subject");
        g_autofree char *text = value_of(file, groups[i], "text");
        g_autofree char *fix = value_of(file, groups[i], "fix");
        TlsfitCell cell = { .judged = TRUE, .rule = rule, .subject = subject, .text = text, .fix = fix };
        guint row, column;

        if (sscanf(groups[i], "cell %u %u", &row, &column) == 2) {
            cell.status = status_of(status);
            tlsfit_matrix_set(matrix, row - 1, column - 1, &cell);
        }
    }
}

int main(int argc, char **argv)
{
    static const char *const formats[] = { "text", "colour", "csv", "json", "html" };
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;

    if (argc != 3 || !g_key_file_load_from_file(file, argv[1], G_KEY_FILE_NONE, &error)) {
        fprintf(stderr, "usage: %s FILE.ini FORMAT (%s)\n", argv[0], error != NULL ? error->message : "");
        return 2;
    }
    g_autofree char *columns = value_of(file, "matrix", "columns");
    g_autoptr(TlsfitMatrix) matrix = tlsfit_matrix_new(columns);

    read_headings(file, matrix, "row");
    read_headings(file, matrix, "column");
    read_cells(file, matrix);
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_str_equal(formats[i], argv[2])) {
            g_autofree char *report = tlsfit_matrix_report(matrix, (TlsfitMatrixFormat)i);

            fputs(report, stdout);
            return 0;
        }
    }
    return 2;
}
