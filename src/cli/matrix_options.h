/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of `tlsfit matrix`, and how its result goes out: the same for chains, which this command judges itself, and
 * for captures, which another program reads for it.
 */
#ifndef TLSFIT_MATRIX_OPTIONS_H
#define TLSFIT_MATRIX_OPTIONS_H

#include "tlsfit_report.h"

typedef struct {
    char   **devices;   /* as given with -d */
    char    *directory; /* with more profiles; NULL without, as all strings here */
    char    *version;   /* chains: what the server is assumed to choose */
    char    *suite;
    char   **chains;    /* names of chains */
    char    *keylog;    /* captures: TLS secrets */
    int      jobs;      /* captures: processes at a time; 0: one a processor */
    char    *format;
    char    *output;
    gboolean json;
    char   **files;
    TlsfitMatrixFormat as; /* what format, output and json come to */
} TlsfitMatrixOptions;

/* Reads ARGV; FALSE after a message. */
gboolean tlsfit_matrix_options_parse(TlsfitMatrixOptions *options, int argc, char **argv);
void tlsfit_matrix_options_clear(TlsfitMatrixOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TlsfitMatrixOptions, tlsfit_matrix_options_clear)

/* A matrix with a row for each of DEVICES (of TlsfitDevice), in their order, and no column yet. */
TlsfitMatrix *tlsfit_matrix_of_devices(const GPtrArray *devices, const char *columns);

/* Writes MATRIX where the options say; FALSE after a message. */
gboolean tlsfit_matrix_options_write(const TlsfitMatrixOptions *options, const TlsfitMatrix *matrix);

#endif
