/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile text on its way into a report: names from captures, certificates and files.
 *
 * First it is made harmless for the eye (tlsfit_text.h), then for the format.
 */
#ifndef TLSFIT_REPORT_ESCAPE_H
#define TLSFIT_REPORT_ESCAPE_H

#include "tlsfit_text.h"

/* Each appends TEXT, cleaned: between tags or in a quoted attribute; as prose in Markdown; as a code span in Markdown
 * (IN_TABLE: in a cell of a table); as a field of CSV. */
void tlsfit_escape_html(GString *out, const char *text);
void tlsfit_escape_markdown(GString *out, const char *text);
void tlsfit_escape_code(GString *out, const char *text, gboolean in_table);
void tlsfit_escape_csv(GString *out, const char *text);

#endif
