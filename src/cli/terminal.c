/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Colours, columns and encoding of standard output. See terminal.h. In: the environment, the terminal. Out: text.
 */
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TEXT_WIDTH_MIN 40u
#define TEXT_WIDTH_MAX 110u
#define TEXT_WIDTH_DEFAULT 100u

typedef enum { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } Colour;

static Colour wanted;

gboolean tlsfit_terminal_colour_option(const char *name, const char *value, gpointer data, GError **error)
{
    static const char *const words[] = { "auto", "always", "never" };

    (void)data;
    wanted = COLOUR_ALWAYS;
    for (guint i = 0; value != NULL && i < G_N_ELEMENTS(words); i++) {
        if (g_str_equal(value, words[i])) {
            wanted = (Colour)i;
            return TRUE;
        }
    }
    if (value != NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s=%s: it is auto, always or never", name, value);
    }
    return value == NULL;
}

static gboolean use_colour(gboolean terminal)
{
    const char *no = g_getenv("NO_COLOR");

    if (wanted != COLOUR_AUTO) {
        return wanted == COLOUR_ALWAYS;
    }
    return terminal && (no == NULL || *no == '\0') && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
}

/* COLUMNS is what a user or a test sets to say otherwise. */
static guint columns_of(gboolean terminal)
{
    const char *columns = g_getenv("COLUMNS");
    guint64 number = 0;
    struct winsize size = { 0 };

    if (columns != NULL && g_ascii_string_to_unsigned(columns, 10, 20, 10000, &number, NULL)) {
        return (guint)number;
    }
    if (!terminal) {
        return 0;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

const TlsfitTerminal *tlsfit_terminal(void)
{
    static TlsfitTerminal terminal;
    static gboolean known;

    if (!known) {
        const gboolean is_terminal = isatty(STDOUT_FILENO) == 1;

        terminal.colour = use_colour(is_terminal);
        terminal.utf8 = g_get_charset(NULL);
        terminal.width = columns_of(is_terminal);
        known = TRUE;
    }
    return &terminal;
}

guint tlsfit_terminal_text_width(void)
{
    const guint width = tlsfit_terminal()->width;

    return width == 0 ? TEXT_WIDTH_DEFAULT : CLAMP(width, TEXT_WIDTH_MIN, TEXT_WIDTH_MAX);
}

TlsfitStyle tlsfit_style_of(TlsfitStatus status)
{
    static const TlsfitStyle styles[] = {
        [TLSFIT_OK] = TLSFIT_STYLE_GOOD,         [TLSFIT_UNKNOWN] = TLSFIT_STYLE_UNSURE,
        [TLSFIT_SUSPECT] = TLSFIT_STYLE_WARNING, [TLSFIT_BROKEN] = TLSFIT_STYLE_BAD,
        [TLSFIT_CANNOT] = TLSFIT_STYLE_BAD,
    };

    return styles[status];
}

const char *tlsfit_symbol_of(TlsfitStatus status)
{
    static const char *const symbols[] = {
        [TLSFIT_OK] = "\342\234\223",      /* check mark */
        [TLSFIT_UNKNOWN] = "?",
        [TLSFIT_SUSPECT] = "!",
        [TLSFIT_BROKEN] = "\342\234\227",  /* ballot x */
        [TLSFIT_CANNOT] = "\342\234\227",
    };
    static const char *const plain[] = {
        [TLSFIT_OK] = "+", [TLSFIT_UNKNOWN] = "?", [TLSFIT_SUSPECT] = "!", [TLSFIT_BROKEN] = "x", [TLSFIT_CANNOT] = "x",
    };

    return (tlsfit_terminal()->utf8 ? symbols : plain)[status];
}

const char *tlsfit_word_of(TlsfitStatus status)
{
    return status == TLSFIT_OK ? "fits" : tlsfit_status_name(status);
}

char *tlsfit_text_safe(const char *text)
{
    g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;
    GString *safe;

    if (valid == NULL) {
        return NULL;
    }
    safe = g_string_sized_new(strlen(valid));
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);
        const GUnicodeType type = g_unichar_type(character);

        /* format characters change the direction of what follows */
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
            type == G_UNICODE_PARAGRAPH_SEPARATOR) {
            g_string_append_c(safe, character == '\n' || character == '\t' ? ' ' : '?');
        } else {
            g_string_append_unichar(safe, character);
        }
    }
    return g_string_free(safe, FALSE);
}

static guint columns_of_character(gunichar character)
{
    return g_unichar_iszerowidth(character) ? 0 : g_unichar_iswide(character) ? 2 : 1;
}

guint tlsfit_text_columns(const char *text)
{
    guint columns = 0;

    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        columns += columns_of_character(g_utf8_get_char(at));
    }
    return columns;
}

/* --- Appending ------------------------------------------------------------------------------------------------ */

static void begin(GString *out, TlsfitStyle style)
{
    static const char *const codes[] = {
        [TLSFIT_STYLE_PLAIN] = NULL,   [TLSFIT_STYLE_STRONG] = "1",   [TLSFIT_STYLE_FAINT] = "2",
        [TLSFIT_STYLE_GOOD] = "32",    [TLSFIT_STYLE_UNSURE] = "36", [TLSFIT_STYLE_WARNING] = "33",
        [TLSFIT_STYLE_BAD] = "1;31",
    };

    if (tlsfit_terminal()->colour && codes[style] != NULL) {
        g_string_append_printf(out, "\033[%sm", codes[style]);
    }
}

static void end(GString *out, TlsfitStyle style)
{
    if (tlsfit_terminal()->colour && style != TLSFIT_STYLE_PLAIN) {
        g_string_append(out, "\033[0m");
    }
}

static void blanks(GString *out, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_string_append_c(out, ' ');
    }
}

void tlsfit_text_append(GString *out, TlsfitStyle style, const char *text, guint columns)
{
    g_autofree char *safe = tlsfit_text_safe(text);
    const guint used = tlsfit_text_columns(safe);

    begin(out, style);
    g_string_append(out, safe);
    end(out, style);
    blanks(out, columns > used ? columns - used : 0);
}

void tlsfit_text_append_cut(GString *out, TlsfitStyle style, const char *text, guint columns)
{
    const char *ellipsis = tlsfit_terminal()->utf8 ? "\342\200\246" : "...";
    g_autofree char *safe = tlsfit_text_safe(text);
    const guint room = columns > tlsfit_text_columns(ellipsis) ? columns - tlsfit_text_columns(ellipsis) : 0;
    const char *at = safe;

    if (columns > 0 && tlsfit_text_columns(safe) > columns) {
        g_autoptr(GString) cut = NULL;

        for (guint used = 0; used + columns_of_character(g_utf8_get_char(at)) <= room; at = g_utf8_next_char(at)) {
            used += columns_of_character(g_utf8_get_char(at));
        }
        cut = g_string_new_len(safe, at - safe);
        g_string_append(cut, ellipsis);
        tlsfit_text_append(out, style, cut->str, 0);
        return;
    }
    tlsfit_text_append(out, style, safe, 0);
}

void tlsfit_text_append_wrapped(GString *out, TlsfitStyle style, const char *text, guint indent)
{
    const guint width = tlsfit_terminal_text_width();
    const guint room = width > indent + 20 ? width - indent : 20;
    g_autofree char *safe = tlsfit_text_safe(text);
    g_auto(GStrv) words = g_strsplit(safe, " ", -1);
    guint used = 0;

    begin(out, style);
    for (guint i = 0; words[i] != NULL; i++) {
        const guint columns = tlsfit_text_columns(words[i]);

        if (columns == 0) {
            continue;
        }
        if (used > 0 && used + 1 + columns > room) {
            end(out, style);
            g_string_append_c(out, '\n');
            blanks(out, indent);
            begin(out, style);
            used = 0;
        }
        g_string_append(out, used > 0 ? " " : "");
        g_string_append(out, words[i]);
        used += columns + (used > 0 ? 1 : 0);
    }
    end(out, style);
    g_string_append_c(out, '\n');
}

void tlsfit_text_print(const GString *text)
{
    const char *charset = NULL;
    g_autofree char *converted = NULL;

    if (!g_get_charset(&charset)) {
        converted = g_convert_with_fallback(text->str, (gssize)text->len, charset, "UTF-8", "?", NULL, NULL, NULL);
    }
    fputs(converted != NULL ? converted : text->str, stdout);
}
