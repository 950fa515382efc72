/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a matrix holds, for its four outputs.
 */
#ifndef TLSFIT_REPORT_MATRIX_H
#define TLSFIT_REPORT_MATRIX_H

#include "tlsfit_report.h"

typedef struct {
    char *id;
    char *name; /* may be NULL */
} TlsfitHeading;

/* A cell that owns its strings. */
typedef struct {
    gboolean     judged;
    TlsfitStatus status;
    char *rule;
    char *subject;
    char *text;
    char *fix;
} TlsfitMatrixCell;

struct TlsfitMatrix {
    const char *columns_are;
    GPtrArray  *rows;    /* of TlsfitHeading */
    GPtrArray  *columns; /* of TlsfitHeading */
    GPtrArray  *cells;   /* one GPtrArray a column, of TlsfitMatrixCell by row; shorter than rows, or NULL: not judged */
};

/* Never NULL: a cell that was not set is not judged. */
const TlsfitMatrixCell *tlsfit_matrix_cell(const TlsfitMatrix *matrix, guint row, guint column);
const TlsfitHeading *tlsfit_matrix_row(const TlsfitMatrix *matrix, guint row);
const TlsfitHeading *tlsfit_matrix_column(const TlsfitMatrix *matrix, guint column);

char *tlsfit_matrix_text(const TlsfitMatrix *matrix, gboolean colours);
char *tlsfit_matrix_csv(const TlsfitMatrix *matrix);
char *tlsfit_matrix_json(const TlsfitMatrix *matrix);
char *tlsfit_matrix_html(const TlsfitMatrix *matrix);

#endif
