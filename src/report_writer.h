/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report says, without how it looks: blocks and words, which Markdown and HTML write each in its way. So both
 * have the same facts in the same order. All text is taken as hostile and escaped by the writer.
 */
#ifndef TLSFIT_REPORT_WRITER_H
#define TLSFIT_REPORT_WRITER_H

#include "report_ladder.h"

typedef enum {
    TLSFIT_BLOCK_PARAGRAPH,
    TLSFIT_BLOCK_VERDICT, /* paragraphs that stand out, in the colour of a status */
    TLSFIT_BLOCK_LIST,
    TLSFIT_BLOCK_ITEM,    /* of a list */
    TLSFIT_BLOCK_FACTS,   /* labels with what they stand for */
    TLSFIT_BLOCK_TABLE,
    TLSFIT_BLOCK_ROW,
    TLSFIT_BLOCK_CELL
} TlsfitBlock;

typedef struct TlsfitWriter TlsfitWriter;

typedef struct {
    void (*heading)(TlsfitWriter *writer, const char *text);
    /* STATUS colours a VERDICT; TLSFIT_OK elsewhere. A TABLE is opened by table(). */
    void (*begin)(TlsfitWriter *writer, TlsfitBlock block, TlsfitStatus status);
    void (*end)(TlsfitWriter *writer, TlsfitBlock block);
    void (*table)(TlsfitWriter *writer, const char *const *headings); /* closed by NULL */
    void (*fact)(TlsfitWriter *writer, const char *label, const char *value);
    void (*text)(TlsfitWriter *writer, const char *text);
    void (*word)(TlsfitWriter *writer, const char *text);   /* a short text that is not broken into lines */
    void (*strong)(TlsfitWriter *writer, const char *text);
    void (*code)(TlsfitWriter *writer, const char *text); /* names and ids, to be taken letter by letter */
    void (*badge)(TlsfitWriter *writer, TlsfitStatus status, const char *word); /* WORD NULL: the status' name */
    void (*copy)(TlsfitWriter *writer, const char *title, const char *lines);   /* to be copied as it is */
    void (*link)(TlsfitWriter *writer, const char *text, guint number);         /* to the section of this number */
    void (*ladder)(TlsfitWriter *writer, const TlsfitLadder *ladder);
} TlsfitWriterOps;

struct TlsfitWriter {
    GString *out;
    const TlsfitWriterOps *ops;
    gboolean in_table;
};

extern const TlsfitWriterOps tlsfit_markdown_ops; /* report_markdown.c */
extern const TlsfitWriterOps tlsfit_html_ops;     /* report_html_writer.c */

TlsfitWriter tlsfit_writer(TlsfitReportFormat format, GString *out);

/* A paragraph of one text; nothing for NULL. */
void tlsfit_write_paragraph(TlsfitWriter *writer, const char *text);

/* A cell of one text; empty for NULL. */
void tlsfit_write_cell(TlsfitWriter *writer, const char *text);

/* A cell of one short text that stays in one line; empty for NULL. */
void tlsfit_write_word_cell(TlsfitWriter *writer, const char *text);

/* A cell of a formatted text. */
void tlsfit_write_cellf(TlsfitWriter *writer, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The parts of a report on one session, each with its heading; nothing where there is nothing to say. */
void tlsfit_write_chains(TlsfitWriter *writer, const TlsfitSession *session); /* report_chain.c */
void tlsfit_write_sizes(TlsfitWriter *writer, const TlsfitSession *session);  /* report_arithmetic.c */
void tlsfit_write_fixes(TlsfitWriter *writer, const TlsfitSession *session);  /* report_fixes.c */
void tlsfit_write_sources(TlsfitWriter *writer, const TlsfitSession *session);/* report_fixes.c */

/* report_plain.c: how it ended and why, for somebody who knows nothing of TLS, and what to do (NULL: nothing is known).
 * Newly allocated. */
char *tlsfit_plain_headline(const TlsfitSession *session);
char *tlsfit_plain_action(const TlsfitSession *session);
/* What the cause means, as what follows "because": for tests, too. NULL for rules that are no cause. Static. */
const char *tlsfit_plain_cause(const char *rule);

#endif
