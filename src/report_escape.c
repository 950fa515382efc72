/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes hostile text harmless for a format. See report_escape.h.
 *
 * In: any bytes. Out: text of one format. Knows nothing of what the text is about.
 */
#include "report_escape.h"

#include <string.h>

void tlsfit_escape_html(GString *out, const char *text)
{
    g_autofree char *visible = tlsfit_clean(text);
    g_autofree char *escaped = g_markup_escape_text(visible, -1);

    g_string_append(out, escaped);
}

/* Does the character at AT mean something to Markdown there? As few as can be: the text is read as it is, too. An
 * underscore within a word never begins emphasis (CommonMark 0.31, 6.2), a bracket only with what follows it a link. */
static gboolean is_markup(const char *text, const char *at)
{
    const gboolean begins = at == text;

    switch (*at) {
    case '\\':
    case '`':
    case '*':
    case '<':
    case '|':
    case '~':
    case '$':
        return TRUE;
    case '_':
        return begins || !g_ascii_isalnum(at[-1]) || !g_ascii_isalnum(at[1]);
    case '&':
        return g_ascii_isalnum(at[1]) || at[1] == '#';
    case '!':
        return at[1] == '[';
    case '[':
        return begins || at[1] == '^';
    case ']':
        return at[1] != '\0' && strchr("([:", at[1]) != NULL;
    case '#':
    case '>':
    case '-':
    case '+':
    case '=':
        return begins;
    case '.':
    case ')': /* "1." would begin a list */
        return !begins && (at[1] == ' ' || at[1] == '\0') && (gsize)(at - text) == strspn(text, "0123456789");
    default:
        return FALSE;
    }
}

void tlsfit_escape_markdown(GString *out, const char *text)
{
    g_autofree char *visible = tlsfit_clean(text);

    for (const char *at = visible; *at != '\0'; at++) {
        if (is_markup(visible, at)) {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *at);
    }
}

static guint longest_run(const char *text, char character)
{
    guint longest = 0, run = 0;

    for (; *text != '\0'; text++) {
        run = *text == character ? run + 1 : 0;
        longest = MAX(longest, run);
    }
    return longest;
}

void tlsfit_escape_code(GString *out, const char *text, gboolean in_table)
{
    g_autofree char *visible = tlsfit_clean(text);
    g_autofree char *fence = g_strnfill(longest_run(visible, '`') + 1, '`');
    const gboolean padded = visible[0] == '`' || visible[0] == ' ' || strlen(fence) > 1;

    if (visible[0] == '\0') {
        return;
    }
    g_string_append_printf(out, "%s%s", fence, padded ? " " : "");
    for (const char *at = visible; *at != '\0'; at++) {
        if (in_table && *at == '|') {
            g_string_append_c(out, '\\');
        }
        g_string_append_c(out, *at);
    }
    g_string_append_printf(out, "%s%s", padded ? " " : "", fence);
}

/* What begins like a formula would be computed by spreadsheets, with the wide forms of the signs too: an apostrophe
 * makes it text. */
static gboolean is_formula(const char *text)
{
    static const gunichar signs[] = { '=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20 };
    const gunichar first = g_utf8_get_char(text);

    for (guint i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (signs[i] == first) {
            return TRUE;
        }
    }
    return FALSE;
}

void tlsfit_escape_csv(GString *out, const char *text)
{
    g_autofree char *visible = tlsfit_clean(text);

    g_string_append_c(out, '"');
    if (is_formula(visible)) {
        g_string_append_c(out, '\'');
    }
    for (const char *at = visible; *at != '\0'; at++) {
        if (*at == '"') {
            g_string_append_c(out, '"');
        }
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
}
