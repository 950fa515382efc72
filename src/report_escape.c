/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes hostile text harmless. See report_escape.h.
 *
 * In: any bytes. Out: text of one format. Knows nothing of what the text is about.
 */
#include "report_escape.h"

#include <string.h>

/* Invisible, or with a power over what stands around it. */
static gboolean is_hidden(gunichar character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED: /* noncharacters too, which HTML forbids */
        return TRUE;
    default:
        return FALSE;
    }
}

static char *clean(const char *text, gboolean lines, glong most)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    GString *out = g_string_new(NULL);
    glong kept = 0;

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        if (most > 0 && kept++ == most) {
            g_string_append_printf(out, " ... (cut: %ld characters in all)", g_utf8_strlen(valid, -1));
            break;
        }
        if (is_hidden(character) && !(lines && character == '\n')) {
            g_string_append_printf(out, "\\u%04X", character);
        } else {
            g_string_append_unichar(out, character);
        }
    }
    return g_string_free(out, FALSE);
}

char *tlsfit_clean(const char *text)
{
    return clean(text, FALSE, TLSFIT_TEXT_CHARACTERS_MAX);
}

char *tlsfit_clean_lines(const char *text)
{
    return clean(text, TRUE, 0);
}

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

/* What begins like a formula would be computed by spreadsheets: an apostrophe makes it text. */
void tlsfit_escape_csv(GString *out, const char *text)
{
    g_autofree char *visible = tlsfit_clean(text);

    g_string_append_c(out, '"');
    if (visible[0] != '\0' && strchr("=+-@", visible[0]) != NULL) {
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
