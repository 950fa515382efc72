/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: reports for people. The second public header of the core; tlsfit.h is the first, and its conventions hold.
 *
 * The steps of a handshake (tlsfit_session_steps()) are what a ladder of messages is drawn from. A matrix (TlsfitMatrix)
 * holds devices by handshakes or chains, and writes itself in four formats.
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

/* Sets it to what decides about a judged session: the primary cause where it failed, else the worst finding. */
void tlsfit_matrix_set_session(TlsfitMatrix *matrix, guint row, guint column, const TlsfitSession *session);

/* The worst status of all cells that were judged: for the exit status. TLSFIT_OK where there are none. */
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
