/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile text on its way into a report: names from captures, certificates and files.
 *
 * First it is made harmless for the eye (valid UTF-8, nothing that is invisible, reorders text or ends a line, bounded
 * in length), then for the format.
 */
#ifndef TLSFIT_REPORT_ESCAPE_H
#define TLSFIT_REPORT_ESCAPE_H

#include <glib.h>

/* A name or sentence longer than this is cut, and the cut says so. */
#define TLSFIT_TEXT_CHARACTERS_MAX 2000

/* TEXT as one visible line: bytes that are no UTF-8 become U+FFFD, control and format characters (among them the
 * overrides of direction) their number, as in \u202E. NULL gives an empty string. Newly allocated. */
char *tlsfit_clean(const char *text);

/* The same for several lines: line feeds stay, and the length is not bounded. For text that the core itself made. */
char *tlsfit_clean_lines(const char *text);

/* Each appends TEXT, cleaned: between tags or in a quoted attribute; as prose in Markdown; as a code span in Markdown
 * (IN_TABLE: in a cell of a table); as a field of CSV. */
void tlsfit_escape_html(GString *out, const char *text);
void tlsfit_escape_markdown(GString *out, const char *text);
void tlsfit_escape_code(GString *out, const char *text, gboolean in_table);
void tlsfit_escape_csv(GString *out, const char *text);

#endif
