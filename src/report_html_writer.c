/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTML for what a report says (report_writer.h); the page around it is report_html.c's. Out: elements without ids, so
 * that the parts of many handshakes stand in one page.
 */
#include "report_escape.h"
#include "report_html.h"
#include "report_writer.h"

static void put(TlsfitWriter *writer, const char *before, const char *words, const char *after)
{
    g_string_append(writer->out, before);
    tlsfit_escape_html(writer->out, words);
    g_string_append(writer->out, after);
}

static void heading(TlsfitWriter *writer, const char *text)
{
    put(writer, "<h3>", text, "</h3>\n");
}

static const struct {
    const char *open;
    const char *close;
} tags[] = {
    [TLSFIT_BLOCK_PARAGRAPH] = { "<p>", "</p>\n" },
    [TLSFIT_BLOCK_LIST] = { "<ul>\n", "</ul>\n" },
    [TLSFIT_BLOCK_ITEM] = { "<li>", "</li>\n" },
    [TLSFIT_BLOCK_FACTS] = { "<dl>\n", "</dl>\n" },
    [TLSFIT_BLOCK_TABLE] = { "", "</tbody>\n</table>\n</div>\n" },
    [TLSFIT_BLOCK_ROW] = { "<tr>", "</tr>\n" },
    [TLSFIT_BLOCK_CELL] = { "<td>", "</td>" },
    [TLSFIT_BLOCK_VERDICT] = { "", "</div>\n" },
};

static void begin(TlsfitWriter *writer, TlsfitBlock block, TlsfitStatus status)
{
    if (block == TLSFIT_BLOCK_VERDICT) {
        g_string_append_printf(writer->out, "<div class=\"verdict %s\">\n", tlsfit_html_class(status));
    }
    g_string_append(writer->out, tags[block].open);
}

static void end(TlsfitWriter *writer, TlsfitBlock block)
{
    g_string_append(writer->out, tags[block].close);
}

static void table(TlsfitWriter *writer, const char *const *headings)
{
    g_string_append(writer->out, "<div class=\"scroll\">\n<table>\n<thead><tr>");
    for (guint i = 0; headings[i] != NULL; i++) {
        put(writer, "<th scope=\"col\">", headings[i], "</th>");
    }
    g_string_append(writer->out, "</tr></thead>\n<tbody>\n");
}

static void fact(TlsfitWriter *writer, const char *label, const char *value)
{
    if (value != NULL) {
        put(writer, "<dt>", label, "</dt>");
        put(writer, "<dd>", value, "</dd>\n");
    }
}

static void text(TlsfitWriter *writer, const char *words)
{
    tlsfit_escape_html(writer->out, words);
}

static void word(TlsfitWriter *writer, const char *words)
{
    put(writer, "<span class=\"word\">", words, "</span>");
}

static void strong(TlsfitWriter *writer, const char *words)
{
    put(writer, "<b>", words, "</b>");
}

static void code(TlsfitWriter *writer, const char *words)
{
    put(writer, "<code>", words, "</code>");
}

static void badge(TlsfitWriter *writer, TlsfitStatus status, const char *word)
{
    tlsfit_html_badge(writer->out, status, word);
}

/* One click selects all of it (report.css), so that no script is needed for copying. */
static void copy(TlsfitWriter *writer, const char *title, const char *lines)
{
    g_autofree char *visible = tlsfit_clean_lines(lines);
    g_autofree char *escaped = g_markup_escape_text(visible, -1);

    put(writer, "<details><summary>", title, "</summary>\n<pre class=\"copy\" tabindex=\"0\">");
    g_string_append_printf(writer->out, "%s</pre>\n</details>\n", escaped);
}

static void link_to(TlsfitWriter *writer, const char *words, guint number)
{
    g_string_append_printf(writer->out, "<a href=\"#handshake-%u\">", number + 1);
    tlsfit_escape_html(writer->out, words);
    g_string_append(writer->out, "</a>");
}

static void ladder_figure(TlsfitWriter *writer, const TlsfitLadder *ladder)
{
    g_string_append(writer->out, "<figure>\n");
    tlsfit_ladder_write_svg(writer->out, ladder, FALSE);
    tlsfit_ladder_write_svg(writer->out, ladder, TRUE);
    g_string_append(writer->out, "<figcaption class=\"muted\">Times count from the first message of the handshake, sizes "
                                 "include the header. Hatched: encrypted, could not be read.</figcaption>\n</figure>\n");
}

const TlsfitWriterOps tlsfit_html_ops = {
    .heading = heading, .begin = begin,   .end = end,   .table = table, .fact = fact,    .text = text,
    .word = word,       .strong = strong,   .code = code,     .badge = badge, .copy = copy,   .link = link_to, .ladder = ladder_figure,
};
