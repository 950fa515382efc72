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
    wtap    *capture;   /* NULL: could not be opened */
    int      file_type;
    WsRecord record;    /* the one read last */
    gint64   offset;    /* where it stands */
    guint32  frames;    /* read in order so far */
    char    *problem;   /* NULL, or why reading ended */
    gboolean secrets;   /* decryption secrets were found in it */
    gboolean dissecting; /* they go to the dissectors */
    addrinfo_lists_t *names; /* of hosts, as far as the writer wants them (ws_write_names()), which empties the lists */
    GSList           *hosts; /* what is in these lists */
} Source;

/* The path that can be opened for GIVEN, which is "-" for standard input: that is read at the first call, which must come
 * before any fork(). NULL and PROBLEM where it cannot be. */
const char *source_path(const char *given, char **problem);

/* Opens PATH, "-" for standard input. Never NULL: a problem is in the source. */
Source *source_open(const char *path);

/* A dissection has begun: from now on, secrets that the file brings go to Wireshark's dissectors, and so do those that
 * were read before. */
void source_dissect(Source *source);

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
