/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a process does that dissects: a file, or its share of one, in; messages of wire.h out.
 */
#ifndef TLSFIT_WORKER_H
#define TLSFIT_WORKER_H

#include "capture.h"
#include "plan.h"

/* What stays the same in one run. */
typedef struct {
    const char *const *files;
    guint              count;
    CaptureVisit       visit;
    gpointer           data;
} WorkerRun;

/* Dissects the SHARE of PLAN, out of SOURCE, which the calling process was forked with. Talks over HANDLE: asks for the
 * numbers of the handshakes that it found. */
void worker_share(const WorkerRun *run, guint index, Source *source, Plan *plan, guint share, int handle);

/* Dissects one file after the other, as long as NEXT, which several processes share, names one below END; at most
 * FILES_A_PROCESS, after which another process should go on. */
void worker_files(const WorkerRun *run, gint *next, guint end, int handle);
#define FILES_A_PROCESS 1u /* dissection_prepare() has made the first one cheap, and no state outlives a file */

#endif
