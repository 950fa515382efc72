/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes that dissect, seen from the one that was called: what they send, put together file by file.
 */
#ifndef TLSFIT_INCOMING_H
#define TLSFIT_INCOMING_H

#include "capture.h"

typedef struct Incoming Incoming;

Incoming *incoming_new(const char *const *files, guint count);

/* Ends all processes that are left. */
void incoming_free(Incoming *incoming);

/* Starts a process that calls WORK with one end of a connection, and ends. FALSE where none can be started. */
gboolean incoming_fork(Incoming *incoming, void (*work)(int handle, gpointer data), gpointer data);
guint incoming_children(const Incoming *incoming);

/* Waits until something arrives, and takes it. */
void incoming_wait(Incoming *incoming);

/* File INDEX, of which FRAMES packets were read and PROBLEM (may be NULL) ended that, comes in SHARES. It is complete
 * when incoming_finish() is called; other files say so themselves. */
void incoming_open(Incoming *incoming, guint index, guint32 frames, const char *problem, guint shares);
void incoming_finish(Incoming *incoming, guint index);

/* No process works any more: files below END that none has finished never will be. */
void incoming_give_up(Incoming *incoming, guint end);

/* The next file in order, when it is complete; then drop it. */
gboolean incoming_next(Incoming *incoming, CaptureFile *file);
void incoming_drop(Incoming *incoming);

#endif
