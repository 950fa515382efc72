/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: reports for people. The second public header of the core; tlsfit.h is the first, and its conventions hold.
 *
 * Flow: a judged TlsfitSession becomes a part (tlsfit_report_part()) and a summary (tlsfit_summary_new()), in whatever
 * process holds the session. The summary can be sent on as a GVariant, the part is a string. A page is put together
 * from summaries and parts (tlsfit_report_page(), or piece by piece), without any session: many captures can be read
 * by many processes and make one page.
 *
 * A matrix (TlsfitMatrix) is independent of both: devices by handshakes or chains, in four formats.
 *
 * Text from captures and files may hold anything. Every function here takes it as it is and writes it so that it is
 * text in the output and nothing else: no markup, no control characters, no direction overrides.
 * Nothing here reads or writes a file, or takes the time.
 */
#ifndef TLSFIT_REPORT_H
#define TLSFIT_REPORT_H

#include "tlsfit.h"

G_BEGIN_DECLS

/* ---------------------------------------------------------------------------------------------------------------
 * The steps of a handshake (steps.c)
 * ------------------------------------------------------------------------------------------------------------ */

typedef enum {
    TLSFIT_STEP_MESSAGE,     /* a handshake message: type, bytes, count (records or fragments) */
    TLSFIT_STEP_ENCRYPTED,   /* records that could not be read: bytes, count (records) */
    TLSFIT_STEP_CIPHER_SPEC, /* ChangeCipherSpec */
    TLSFIT_STEP_ALERT,       /* level, number; number -1: encrypted */
    TLSFIT_STEP_RESENT,      /* packets that brought nothing new: count, duration_us from the first to the last */
    TLSFIT_STEP_IGNORED,     /* a reset in the name of this side that ended nothing */
    TLSFIT_STEP_LOST,        /* the capture misses bytes of this side */
    TLSFIT_STEP_SILENCE,     /* nothing new for duration_us; side: whose turn it was to speak */
    TLSFIT_STEP_FIN,
    TLSFIT_STEP_RESET,
    TLSFIT_STEP_END          /* the capture ends while the handshake is open */
} TlsfitStepKind;

typedef struct {
    TlsfitStepKind kind;
    TlsfitSide     side;        /* who sent it */
    TlsfitPlace    place;       /* frame 0: the end of the capture, or silence */
    gint64         time_us;     /* since the first bytes of the handshake, to a tenth of a millisecond */
    gint64         duration_us;
    guint          type;        /* TLSFIT_HS_* */
    guint32        bytes;       /* with its header; 0: not known */
    guint          count;
    int            level;
    int            number;
} TlsfitStep;

/* Silence of this length becomes a step. */
#define TLSFIT_SILENCE_US 1000000

/* What was seen of the handshake, in the order of the wire, from its first bytes to the event that ended it. Derived at
 * each call. Array of TlsfitStep, owned by the caller; never NULL. */
GArray *tlsfit_session_steps(const TlsfitSession *session);

/* ---------------------------------------------------------------------------------------------------------------
 * Reports on handshakes (report_*.c)
 * ------------------------------------------------------------------------------------------------------------ */

typedef enum {
    TLSFIT_REPORT_MARKDOWN, /* CommonMark with tables, as ticket systems take it */
    TLSFIT_REPORT_HTML      /* HTML 5, in one file that asks for nothing else */
} TlsfitReportFormat;

/* What a session does not know of itself. Each member may be NULL or 0. */
typedef struct {
    const char *file;        /* name of the capture, for people */
    guint32     first_frame; /* 0: the first frame of which the session has a step */
    const char *client;      /* address text: "192.0.2.7:49152" */
    const char *server;
} TlsfitReportWhere;

/* One handshake in a few words: a row of a table, and what a page says at its top. All strings belong to the summary. */
typedef struct {
    char   *file;          /* NULL where not known, as client and server */
    guint   stream;
    guint32 first_frame;
    char   *client;
    char   *server;
    char   *server_name;   /* what the client asked for; NULL without */
    char   *device;        /* id; NULL before a judgement */
    char   *device_name;
    char   *device_source; /* assigned, fingerprint, preference, advertised; NULL before a judgement */
    TlsfitOutcome outcome;
    TlsfitStatus  status;  /* the worst of the findings */
    char   *cause;         /* rule id of the primary cause; NULL without */
    TlsfitStatus cause_status; /* of the primary cause; TLSFIT_OK without */
    char   *subject;       /* of the primary cause; NULL without */
    int     cert_index;    /* of the primary cause; -1: no certificate */
    char   *certificate;   /* the subject name of that certificate; NULL without */
    char   *headline;      /* what happened, in one sentence for somebody who knows nothing of TLS */
    char   *action;        /* what to do, one or two sentences; NULL: nothing to do, or nothing known */
    char   *text;          /* the diagnosis, one or two sentences for people who know TLS */
} TlsfitSummary;

/* The summary of a judged session; WHERE may be NULL. Newly allocated. */
TlsfitSummary *tlsfit_summary_new(const TlsfitSession *session, const TlsfitReportWhere *where);
void tlsfit_summary_free(TlsfitSummary *summary);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitSummary, tlsfit_summary_free)

/* A summary as a value of the type TLSFIT_SUMMARY_TYPE, for a pipe between two processes of the same version; a
 * floating reference. And back: NULL where VARIANT is of another type, or holds a number that means nothing. */
#define TLSFIT_SUMMARY_TYPE "(uuiiiiams)"
GVariant *tlsfit_summary_to_variant(const TlsfitSummary *summary);
TlsfitSummary *tlsfit_summary_from_variant(GVariant *variant);

/* The report on one judged session, without its heading: the ladder of messages, the diagnosis, the chain, the sizes,
 * the fixes, what was not judged, the sources. The same facts in both formats. WHERE may be NULL. Newly allocated. */
char *tlsfit_report_part(const TlsfitSession *session, TlsfitReportFormat format, const TlsfitReportWhere *where);

/* What a page is made of beside the parts. */
typedef struct {
    const char      *title;     /* NULL: "TLS Fit report" */
    const GPtrArray *summaries; /* of TlsfitSummary, in the order of the parts */
    const GPtrArray *problems;  /* of char *: what could not be read, one line each; NULL: nothing */
} TlsfitReportPage;

/* A page piece by piece, for a caller that does not want to hold it: the head (title, what happened, what to do, the
 * table of handshakes), then each handshake with its heading and PART, in order, then the tail. NUMBER is the index
 * of the summary. Newly allocated. */
char *tlsfit_report_head(TlsfitReportFormat format, const TlsfitReportPage *page);
char *tlsfit_report_section(TlsfitReportFormat format, const TlsfitReportPage *page, guint number, const char *part);
char *tlsfit_report_tail(TlsfitReportFormat format, const TlsfitReportPage *page);

/* The whole page. PARTS: of char *, one for each summary. Newly allocated. */
char *tlsfit_report_page(TlsfitReportFormat format, const TlsfitReportPage *page, const GPtrArray *parts);

/* The ladder of messages alone: as SVG that stands by itself (its colours follow the page's, light or dark), or as
 * lines of text. Newly allocated. */
char *tlsfit_report_ladder_svg(const TlsfitSession *session, const TlsfitReportWhere *where);
char *tlsfit_report_ladder_text(const TlsfitSession *session, const TlsfitReportWhere *where);

/* ---------------------------------------------------------------------------------------------------------------
 * Matrix: devices by handshakes or chains (report_matrix*.c)
 * ------------------------------------------------------------------------------------------------------------ */

/* One device with one handshake or chain. The strings are copied on the way in. */
typedef struct {
    gboolean     judged;  /* FALSE: nothing was judged here, and nothing else holds */
    TlsfitStatus status;
    const char  *rule;    /* of the finding that decides; NULL: none (it fits) */
    const char  *subject; /* NULL as above */
    const char  *text;    /* what was observed, and the limit, in one line; NULL: none */
    const char  *fix;     /* what to change on the server; NULL: none */
} TlsfitCell;

typedef struct TlsfitMatrix TlsfitMatrix;

/* COLUMNS is what the columns are: "chain", "handshake" (static). Rows are devices. */
TlsfitMatrix *tlsfit_matrix_new(const char *columns);
void tlsfit_matrix_free(TlsfitMatrix *matrix);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitMatrix, tlsfit_matrix_free)

/* Adds a row or a column and returns its index. Its cells are not judged until they are set. ID is short (a device id,
 * a file name, "board.pcapng #3"); NAME says more, NULL: nothing. */
guint tlsfit_matrix_add_row(TlsfitMatrix *matrix, const char *id, const char *name);
guint tlsfit_matrix_add_column(TlsfitMatrix *matrix, const char *id, const char *name);

/* Sets the cell of a row and a column that were added. */
void tlsfit_matrix_set(TlsfitMatrix *matrix, guint row, guint column, const TlsfitCell *cell);

/* What decides about a judged session: the primary cause where it failed, else the worst finding. The strings of CELL
 * belong to SESSION, but for its text, which is *TEXT, newly allocated; NULL where there is none. */
void tlsfit_cell_of_session(const TlsfitSession *session, TlsfitCell *cell, char **text);

/* Was DEVICE on the wire, so that SESSION's own judgement is its cell? Ask before tlsfit_cell_of_other(). */
gboolean tlsfit_cell_is_own(const TlsfitSession *session, const TlsfitDevice *device);

/* The same for a client that was not there, judged as if it had been (tlsfit_session_judge_other(), which takes the place
 * of SESSION's judgement): unknown where the server's chain cannot be seen. */
void tlsfit_cell_of_other(TlsfitSession *session, TlsfitDevice *device, TlsfitCell *cell, char **text);

/* Sets it to that. */
void tlsfit_matrix_set_session(TlsfitMatrix *matrix, guint row, guint column, const TlsfitSession *session);

/* The worst status of all cells, for the exit status; one that was not judged counts as unknown. TLSFIT_OK where there are
 * no cells. */
TlsfitStatus tlsfit_matrix_status(const TlsfitMatrix *matrix);

typedef enum {
    TLSFIT_MATRIX_TEXT,        /* for a terminal, ASCII as far as the names are */
    TLSFIT_MATRIX_TEXT_COLOUR, /* the same with the colours of ECMA-48 */
    TLSFIT_MATRIX_CSV,         /* RFC 4180, one line a cell, with a header line */
    TLSFIT_MATRIX_JSON,        /* one object, doc/json.md */
    TLSFIT_MATRIX_HTML         /* a page by itself */
} TlsfitMatrixFormat;

/* The whole output, its last newline included. Newly allocated. */
char *tlsfit_matrix_report(const TlsfitMatrix *matrix, TlsfitMatrixFormat format);

G_END_DECLS

#endif
