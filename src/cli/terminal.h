/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What standard output can show: colours, columns, UTF-8. And texts laid out for it.
 *
 * Colours appear on a terminal only, and not where NO_COLOR is set (https://no-color.org) or TERM is dumb; --color says
 * otherwise. A text is put together in a GString as UTF-8, and goes out in the locale's encoding with one call.
 */
#ifndef TLSFIT_TERMINAL_H
#define TLSFIT_TERMINAL_H

#include "tlsfit.h"

typedef struct {
    gboolean colour;
    gboolean utf8;  /* the locale can show symbols beyond ASCII */
    guint    width; /* columns; 0: no terminal, a line may have any length */
} TlsfitTerminal;

/* Of standard output. Asked for once: call it after the options were parsed. Static. */
const TlsfitTerminal *tlsfit_terminal(void);

/* The columns in which a paragraph is set: the terminal's, between 40 and 110; 100 where there is none. */
guint tlsfit_terminal_text_width(void);

/* For GOptionEntry.arg_data of --color[=auto|always|never]. */
gboolean tlsfit_terminal_colour_option(const char *name, const char *value, gpointer data, GError **error);
#define TLSFIT_COLOUR_OPTION                                                                                           \
    { "color", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer)tlsfit_terminal_colour_option,          \
      "colours: auto (on a terminal, unless NO_COLOR is set), always, never", "WHEN" }

typedef enum {
    TLSFIT_STYLE_PLAIN,
    TLSFIT_STYLE_STRONG,
    TLSFIT_STYLE_FAINT,
    TLSFIT_STYLE_GOOD,
    TLSFIT_STYLE_UNSURE,
    TLSFIT_STYLE_WARNING,
    TLSFIT_STYLE_BAD
} TlsfitStyle;

TlsfitStyle tlsfit_style_of(TlsfitStatus status);

/* One symbol of one column that stands for STATUS: in UTF-8 or ASCII. Static. */
const char *tlsfit_symbol_of(TlsfitStatus status);

/* The word for people: "fits" instead of "ok". Static. */
const char *tlsfit_word_of(TlsfitStatus status);

/* TEXT with control characters replaced: what a certificate or a profile says never steers a terminal, and stays on
 * its line. Newly allocated; NULL stays NULL. */
char *tlsfit_text_safe(const char *text);

/* Columns that TEXT takes. */
guint tlsfit_text_columns(const char *text);

/* Appends TEXT, safe, in STYLE; then blanks up to COLUMNS (0: none). */
void tlsfit_text_append(GString *out, TlsfitStyle style, const char *text, guint columns);

/* Appends TEXT, safe, and cuts it with an ellipsis where it takes more than COLUMNS (0: never cut). */
void tlsfit_text_append_cut(GString *out, TlsfitStyle style, const char *text, guint columns);

/* Appends TEXT, safe, broken at blanks so that lines keep within the text width; the first line goes on where OUT is
 * (at column INDENT), the others begin with INDENT blanks. Ends with a newline. */
void tlsfit_text_append_wrapped(GString *out, TlsfitStyle style, const char *text, guint indent);

/* Writes TEXT to standard output in the locale's encoding. */
void tlsfit_text_print(const GString *text);

#endif
