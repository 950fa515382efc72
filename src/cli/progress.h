/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far long work has come: one line on standard error that is written over itself, on a terminal only, and only when
 * the work takes longer than half a second. It is gone when the work is done.
 */
#ifndef TLSFIT_PROGRESS_H
#define TLSFIT_PROGRESS_H

#include <glib.h>

typedef struct TlsfitProgress TlsfitProgress;

/* WHAT: "captures", "devices", ...; static. TOTAL 0: not known. */
TlsfitProgress *tlsfit_progress_new(const char *what, guint64 total);

/* DONE of TOTAL are done; DETAIL, what is being worked on, may be NULL. */
void tlsfit_progress_set(TlsfitProgress *progress, guint64 done, const char *detail);

/* Takes the line away: call it before anything else goes to standard error. It comes back with the next set. */
void tlsfit_progress_hide(TlsfitProgress *progress);

void tlsfit_progress_free(TlsfitProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitProgress, tlsfit_progress_free)

#endif
