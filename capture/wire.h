/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages between the process that was called and those that dissect, over pipes of one machine.
 *
 * Knows not what the messages mean.
 */
#ifndef TLSFIT_WIRE_H
#define TLSFIT_WIRE_H

#include <glib.h>

typedef enum {
    WIRE_BEGIN,    /* first: index of the file that is begun */
    WIRE_STARTED,  /* bytes: guint32 each, the frames with which handshakes began, in order */
    WIRE_NUMBERS,  /* bytes: guint32 each, the numbers of these handshakes in the whole capture */
    WIRE_RESULT,   /* first: number of the handshake; bytes: a variant */
    WIRE_COMMENT,  /* first: frame; bytes: text */
    WIRE_OPENED,   /* the file could be opened; first: records read */
    WIRE_PROBLEM,  /* bytes: what is wrong with the file */
    WIRE_END       /* first: index of the file that is done */
} WireKind;

typedef struct {
    guint32 kind; /* WireKind */
    guint32 first;
    guint64 bytes;
} WireHeader;

/* Writes a message; FALSE where the other side is gone. */
gboolean wire_send(int handle, WireKind kind, guint32 first, const void *bytes, gsize length);

/* What has been received and not been taken yet. */
typedef struct {
    GByteArray *bytes;
    gsize       taken;
} WireInput;

/* Reads once from HANDLE, which must be readable or blocks; FALSE at its end. */
gboolean wire_receive(WireInput *input, int handle);

/* The next whole message: HEADER, and its bytes, valid until the next call of any function here; FALSE: none yet. */
gboolean wire_take(WireInput *input, WireHeader *header, const guint8 **bytes);

#endif
