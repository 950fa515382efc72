/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile for people. See devices_show.h. In: the lines of a rendered profile. Out: the same lines, broken and coloured.
 */
#include "devices_show.h"

#include "terminal.h"

#include <string.h>

/* The first word of a line with a verdict, after its indentation. */
static TlsfitStyle style_of_word(const char *word)
{
    static const struct {
        const char *word;
        TlsfitStyle style;
    } styles[] = {
        { "cannot", TLSFIT_STYLE_BAD },   { "broken", TLSFIT_STYLE_BAD },   { "can", TLSFIT_STYLE_GOOD },
        { "unknown", TLSFIT_STYLE_UNSURE }, { "not", TLSFIT_STYLE_WARNING },
    };

    for (guint i = 0; i < G_N_ELEMENTS(styles); i++) {
        if (g_str_equal(styles[i].word, word)) {
            return styles[i].style;
        }
    }
    return TLSFIT_STYLE_PLAIN;
}

/* Where the lines behind the first one of a broken line begin: under what stands behind the first word. */
static guint hanging(const char *line, guint indent)
{
    const gsize word = strcspn(line + indent, " ");
    const gsize gap = strspn(line + indent + word, " ");
    const guint column = indent + (guint)(word + gap);

    return line[indent + word] == '\0' ? indent + (guint)word : column;
}

/* "FACT  confidence  where", with two blanks or more between them; the last two may be missing. */
static void show_fact(GString *out, const char *text, guint column)
{
    const char *gap = strstr(text, "  ");
    g_autofree char *fact = gap != NULL ? g_strndup(text, (gsize)(gap - text)) : g_strdup(text);

    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, fact, column);
    if (gap != NULL) {
        g_string_append_printf(out, "%*s", (int)column + 2, "");
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT, gap, column + 2);
    }
}

static void show_line(GString *out, const char *line)
{
    const guint indent = (guint)strspn(line, " ");
    const guint hang = hanging(line, indent);
    g_autofree char *word = g_strndup(line + indent, strcspn(line + indent, " "));

    g_string_append_len(out, line, indent);
    if (indent == 0) {
        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, line, 0);
        g_string_append_c(out, '\n');
    } else if (line[indent] == '"') {
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT, line + indent, indent + 1);
    } else if (indent == 2) { /* a word, and what it says */
        tlsfit_text_append(out, style_of_word(word), word, hang - indent);
        show_fact(out, line + hang, hang);
    } else {
        show_fact(out, line + indent, indent);
    }
}

void tlsfit_devices_show(GString *out, const char *text)
{
    g_auto(GStrv) lines = NULL;

    if (out->len > 0) {
        g_string_append_c(out, '\n');
    }
    if (tlsfit_terminal()->width == 0 && !tlsfit_terminal()->colour) {
        g_string_append(out, text);
        return;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (lines[i][0] != '\0') {
            show_line(out, lines[i]);
        } else if (lines[i + 1] != NULL) {
            g_string_append_c(out, '\n');
        }
    }
}
