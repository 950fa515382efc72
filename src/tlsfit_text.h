/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: hostile text made harmless. A public header of the core, beside tlsfit.h, whose conventions hold.
 *
 * Names in captures, certificates and files may hold anything: bytes that are no UTF-8, the escape sequences of
 * terminals, characters that reverse the direction of what follows, line feeds, and megabytes of all that. What goes to
 * people goes through tlsfit_clean() first and is then escaped for its format (the reports do both themselves). What a
 * finding says it observed is clean already; names that are asked for apart from it (TlsfitCertificate, the server_name
 * of a TlsfitMessage) are as the capture has them, so that they can be compared.
 */
#ifndef TLSFIT_TEXT_H
#define TLSFIT_TEXT_H

#include <glib.h>

G_BEGIN_DECLS

/* A name or sentence longer than this is cut, and the cut says so. */
#define TLSFIT_TEXT_CHARACTERS_MAX 2000

/* TEXT as one visible line: bytes that are no UTF-8 become U+FFFD, control and format characters (among them the
 * overrides of direction) their number, as in \u202E. NULL gives an empty string. Newly allocated. */
char *tlsfit_clean(const char *text);

/* The same for several lines: line feeds stay, and the length is not bounded. For text that the core itself made. */
char *tlsfit_clean_lines(const char *text);

/* JSON that says the same as JSON and that a terminal can be trusted with: control and format characters beyond ASCII,
 * which JSON allows within strings, become \uXXXX (RFC 8259, 7). JSON must be valid, and so its strings are UTF-8.
 * Newly allocated. */
char *tlsfit_clean_json(const char *json);

G_END_DECLS

#endif
