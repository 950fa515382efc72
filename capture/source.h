/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One capture file, read through Wireshark's reader: a path in, records out, and in words what is wrong with it.
 *
 * Knows no protocols.
 */
#ifndef TLSFIT_SOURCE_H
#define TLSFIT_SOURCE_H

#include "ws_compat_capture.h"

typedef struct {
    char    *path;      /* that is read; not the given one for standard input */
    char    *given;     /* as given */
    gboolean temporary; /* path is a copy of standard input, and goes with the source */
    wtap    *capture;   /* NULL: could not be opened */
    int      file_type;
    WsRecord record;    /* the one read last */
    gint64   offset;    /* where it stands */
    guint32  frames;    /* read in order so far */
    char    *problem;   /* NULL, or why reading ended */
    gboolean secrets;   /* decryption secrets were found in it */
} Source;

/* Opens PATH, "-" for standard input. Never NULL: a problem is in the source. */
Source *source_open(const char *path);

/* The next record in order; FALSE at the end or at a problem. */
gboolean source_next(Source *source);

/* The record at OFFSET, as source_next() had it. Only after source_next() has reached the end. */
gboolean source_read_at(Source *source, gint64 offset);

/* After fork(): the process that calls reads on its own. FALSE where the file cannot be opened any more. */
gboolean source_reopen(Source *source);

/* How far the reading is, in bytes of the file; and the size of it. */
gint64 source_position(const Source *source);
gint64 source_size(const Source *source);

void source_close(Source *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_close)

#endif
