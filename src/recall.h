/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was worked out for a ClientHello, remembered for the next one that says the same: a client sends equal hellos all
 * its life but for random numbers.
 *
 * Two hellos are taken for equal where their lists share their memory (tlsfit_codes_set()); where they do not, nothing is
 * remembered or found, which costs time and nothing else. At most TLSFIT_RECALL_MAX hellos are remembered; then it starts
 * afresh.
 */
#ifndef TLSFIT_RECALL_H
#define TLSFIT_RECALL_H

#include "tlsfit.h"

#define TLSFIT_RECALL_MAX 256u

/* Which parts of a hello count. */
typedef enum {
    TLSFIT_RECALL_LIMITS, /* what limits a server's choice: versions, suites, groups, signature schemes */
    TLSFIT_RECALL_SHAPE   /* and what tells one client from another: extensions, point formats, ALPN */
} TlsfitRecallParts;

typedef struct TlsfitRecall TlsfitRecall;

TlsfitRecall *tlsfit_recall_new(TlsfitRecallParts parts, GDestroyNotify free_value);
void tlsfit_recall_free(TlsfitRecall *recall); /* NULL is allowed */

/* NULL where nothing is remembered for such a hello. Belongs to RECALL, until the next tlsfit_recall_keep(). */
gpointer tlsfit_recall_find(const TlsfitRecall *recall, const TlsfitMessage *hello);

/* Remembers VALUE, not NULL, which RECALL takes over. FALSE: this hello cannot be remembered, and VALUE stays the
 * caller's. */
gboolean tlsfit_recall_keep(TlsfitRecall *recall, const TlsfitMessage *hello, gpointer value);

#endif
