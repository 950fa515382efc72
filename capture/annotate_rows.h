/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `tlsfit annotate` keeps of a handshake, and the table of it that people read.
 */
#ifndef TLSFIT_ANNOTATE_ROWS_H
#define TLSFIT_ANNOTATE_ROWS_H

#include "capture.h"

/* For CaptureVisit: a variant; WITH_JSON: the line of JSON too. */
GVariant *annotate_keep(const CaptureHandshake *handshake, gboolean with_json);

TlsfitStatus annotate_status(GVariant *kept);
const char  *annotate_json(GVariant *kept); /* this and the following belong to KEPT */
const char  *annotate_client(GVariant *kept); /* address and port; NULL without */
const char  *annotate_server(GVariant *kept);

/* Counts of one run, for its last line. */
typedef struct {
    guint files, handshakes;
    guint unreadable;                    /* files that are no captures, or could not be opened */
    guint in_part;                       /* files of which only the beginning could be read */
    guint without;                       /* files that were read, and no handshake was in them */
    guint by_status[TLSFIT_CANNOT + 1];
    guint failed;                        /* handshakes that did not complete */
} AnnotateSummary;

void annotate_count(AnnotateSummary *summary, GVariant *kept);

/* "3 captures (1 could not be read), 12 handshakes: 4 did not complete, ..." Newly allocated. */
char *annotate_summary_text(const AnnotateSummary *summary);

typedef struct AnnotateTable AnnotateTable;

AnnotateTable *annotate_table_new(void);
void annotate_table_add(AnnotateTable *table, const char *file, GVariant *kept);
void annotate_table_print(const AnnotateTable *table, gboolean with_files);
void annotate_table_free(AnnotateTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AnnotateTable, annotate_table_free)

#endif
