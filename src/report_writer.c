/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all parts of a report use of a writer. See report_writer.h.
 */
#include "report_writer.h"

TlsfitWriter tlsfit_writer(TlsfitReportFormat format, GString *out)
{
    return (TlsfitWriter){ .out = out, .ops = format == TLSFIT_REPORT_HTML ? &tlsfit_html_ops : &tlsfit_markdown_ops };
}

void tlsfit_write_paragraph(TlsfitWriter *writer, const char *text)
{
    if (text != NULL) {
        writer->ops->begin(writer, TLSFIT_BLOCK_PARAGRAPH, TLSFIT_OK);
        writer->ops->text(writer, text);
        writer->ops->end(writer, TLSFIT_BLOCK_PARAGRAPH);
    }
}

void tlsfit_write_cell(TlsfitWriter *writer, const char *text)
{
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->text(writer, text);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
}

void tlsfit_write_word_cell(TlsfitWriter *writer, const char *text)
{
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    writer->ops->word(writer, text);
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
}

void tlsfit_write_cellf(TlsfitWriter *writer, const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    tlsfit_write_cell(writer, text);
}
