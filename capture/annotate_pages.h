/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reports of `tlsfit annotate` that people read: Markdown and HTML. A part is made where the session is, the page
 * here, of what came back.
 */
#ifndef TLSFIT_ANNOTATE_PAGES_H
#define TLSFIT_ANNOTATE_PAGES_H

#include "capture.h"
#include "output.h"
#include "tlsfit_report.h"

#define ANNOTATE_FORMATS 2 /* of TlsfitReportFormat */

typedef struct {
    TlsfitOutput *outputs[ANNOTATE_FORMATS]; /* NULL: none is asked for */
    GPtrArray    *parts[ANNOTATE_FORMATS];   /* of char * */
    GPtrArray    *summaries;                 /* of TlsfitSummary */
    GPtrArray    *problems;                  /* of char * */
} AnnotatePages;

/* What the ending of PATH asks for: TRUE for .md, .html and .htm. */
gboolean annotate_pages_format(const char *path, TlsfitReportFormat *format);

/* A page of this format shall be written. FALSE and ERROR where it cannot be. */
gboolean annotate_pages_add(AnnotatePages *pages, TlsfitReportFormat format, const char *path, GError **error);
gboolean annotate_pages_wanted(const AnnotatePages *pages);

/* In the process that has the session: the summary and the parts; a floating reference. */
GVariant *annotate_pages_keep(const AnnotatePages *pages, const CaptureHandshake *handshake, const char *client,
                              const char *server);

/* Here: takes what was kept, and a file that could not be read to its end. */
void annotate_pages_take(AnnotatePages *pages, GVariant *kept);
void annotate_pages_problem(AnnotatePages *pages, const char *file, const char *problem);

/* Writes the pages. FALSE and ERROR where one did not arrive. */
gboolean annotate_pages_finish(AnnotatePages *pages, GError **error);
void annotate_pages_clear(AnnotatePages *pages);

#endif
