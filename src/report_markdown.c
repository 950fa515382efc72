/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markdown, as ticket systems take it: CommonMark with tables.
 *
 * In: blocks and words (report_writer.h). Out: text that is also readable as it is. Names from captures are code spans,
 * in which nothing links, mentions anybody or formats.
 */
#include "report_escape.h"
#include "report_writer.h"

#include <string.h>

static void heading(TlsfitWriter *writer, const char *text)
{
    g_string_append(writer->out, "\n### ");
    tlsfit_escape_markdown(writer->out, text);
    g_string_append(writer->out, "\n\n");
}

static void begin(TlsfitWriter *writer, TlsfitBlock block, TlsfitStatus status)
{
    (void)status;
    switch (block) {
    case TLSFIT_BLOCK_ITEM:
        g_string_append(writer->out, "- ");
        break;
    case TLSFIT_BLOCK_ROW:
        g_string_append_c(writer->out, '|');
        break;
    case TLSFIT_BLOCK_CELL:
        g_string_append_c(writer->out, ' ');
        break;
    case TLSFIT_BLOCK_PARAGRAPH:
    case TLSFIT_BLOCK_VERDICT:
    case TLSFIT_BLOCK_LIST:
    case TLSFIT_BLOCK_FACTS:
    case TLSFIT_BLOCK_TABLE:
        break;
    }
}

static void end(TlsfitWriter *writer, TlsfitBlock block)
{
    switch (block) {
    case TLSFIT_BLOCK_PARAGRAPH:
        g_string_append(writer->out, "\n\n");
        break;
    case TLSFIT_BLOCK_ITEM:
    case TLSFIT_BLOCK_ROW:
        g_string_append_c(writer->out, '\n');
        break;
    case TLSFIT_BLOCK_CELL:
        g_string_append(writer->out, " |");
        break;
    case TLSFIT_BLOCK_TABLE:
        writer->in_table = FALSE;
        g_string_append_c(writer->out, '\n');
        break;
    case TLSFIT_BLOCK_LIST:
    case TLSFIT_BLOCK_FACTS:
        g_string_append_c(writer->out, '\n');
        break;
    case TLSFIT_BLOCK_VERDICT:
        break;
    }
}

static void table(TlsfitWriter *writer, const char *const *headings)
{
    writer->in_table = TRUE;
    for (guint i = 0; headings[i] != NULL; i++) {
        g_string_append(writer->out, i == 0 ? "| " : " | ");
        tlsfit_escape_markdown(writer->out, headings[i]);
    }
    g_string_append(writer->out, " |\n|");
    for (guint i = 0; headings[i] != NULL; i++) {
        g_string_append(writer->out, "---|");
    }
    g_string_append_c(writer->out, '\n');
}

static void text(TlsfitWriter *writer, const char *words)
{
    tlsfit_escape_markdown(writer->out, words);
}

static void strong(TlsfitWriter *writer, const char *words)
{
    g_string_append(writer->out, "**");
    tlsfit_escape_markdown(writer->out, words);
    g_string_append(writer->out, "**");
}

static void code(TlsfitWriter *writer, const char *words)
{
    tlsfit_escape_code(writer->out, words, writer->in_table);
}

static void fact(TlsfitWriter *writer, const char *label, const char *value)
{
    if (value != NULL) {
        g_string_append(writer->out, "- ");
        strong(writer, label);
        g_string_append(writer->out, ": ");
        text(writer, value);
        g_string_append_c(writer->out, '\n');
    }
}

static void badge(TlsfitWriter *writer, TlsfitStatus status, const char *word)
{
    strong(writer, word != NULL ? word : tlsfit_status_name(status));
}

/* A fence that LINES does not have in them. */
static void block_of_code(GString *out, const char *lines)
{
    g_autofree char *visible = tlsfit_clean_lines(lines);
    g_autoptr(GString) fence = g_string_new("```");

    while (strstr(visible, fence->str) != NULL) {
        g_string_append_c(fence, '`');
    }
    g_string_append_printf(out, "%s\n%s%s%s\n\n", fence->str, visible, g_str_has_suffix(visible, "\n") ? "" : "\n",
                           fence->str);
}

static void copy(TlsfitWriter *writer, const char *title, const char *lines)
{
    strong(writer, title);
    g_string_append(writer->out, "\n\n");
    block_of_code(writer->out, lines);
}

static void link_to(TlsfitWriter *writer, const char *words, guint number)
{
    (void)number; /* how a heading's anchor is called differs between ticket systems */
    text(writer, words);
}

static void ladder_block(TlsfitWriter *writer, const TlsfitLadder *ladder)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    tlsfit_ladder_write_text(lines, ladder);
    block_of_code(writer->out, lines->str);
}

const TlsfitWriterOps tlsfit_markdown_ops = {
    .heading = heading, .begin = begin,   .end = end,   .table = table, .fact = fact,    .text = text,
    .word = text,       .strong = strong,   .code = code,     .badge = badge, .copy = copy,   .link = link_to, .ladder = ladder_block,
};
