/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of sizes: what the chain, its message and the records weigh, and what could be left out.
 *
 * For the rules on sizes and for the reports; derived from the facts at each call.
 */
#ifndef TLSFIT_SIZES_H
#define TLSFIT_SIZES_H

#include "session.h"

/* What was asked of the other side about the size of its records, and what came of it. */
typedef struct {
    guint    asked_bytes;    /* 0: nothing was asked */
    gboolean answer_seen;    /* the message that would grant it is readable */
    gboolean granted;
    const TlsfitRecordSize *broken_by; /* the first record that is larger than what was asked; NULL: none */
} TlsfitFragmentSize;

typedef struct {
    const TlsfitMessage *chain; /* the Certificate message that the device received; NULL: not seen */
    guint chain_count;          /* certificates in it */
    guint chain_bytes;          /* the message with its header; 0: not known */
    int   root_index;           /* a self-signed certificate at the end; -1 without */
    guint root_bytes;           /* what leaving it out saves, its length fields included */
    int   cross_index;          /* the last CA certificate when it is issued by another, not sent one, and stands behind
                                   an intermediate: a device that holds its key as an anchor does not need it */
    guint cross_bytes;
    guint largest_bytes[TLSFIT_RECORD_KINDS]; /* that the device received; 0: none */
    TlsfitFragmentSize max_fragment_length; /* RFC 6066, 4 */
    TlsfitFragmentSize record_size_limit;   /* RFC 8449 */
} TlsfitSizes;

/* SIDE is the device's. */
void tlsfit_sizes_read(const TlsfitSession *session, TlsfitSide side, TlsfitSizes *sizes);

/* "certificate[0] 612, certificate[1] 1001 bytes"; NULL without a visible chain. Newly allocated. */
char *tlsfit_sizes_chain_text(const TlsfitSizes *sizes);

/* "Without certificate[2] (the root, ...) the message has 1623 bytes instead of 2206." for each certificate that may be left out; LIMIT_BYTES
 * (0: none) is what the device can take, and whether that is enough is said. NULL where there is nothing to save.
 * Newly allocated. */
char *tlsfit_sizes_savings_text(const TlsfitSizes *sizes, guint64 limit_bytes);

/* "It asked for records of 512 bytes (max_fragment_length), and the server did not grant it."; NULL where nothing was
 * asked. Newly allocated. */
char *tlsfit_sizes_fragment_text(const TlsfitSizes *sizes);

/* The rule's own fix for the server with the savings behind it. Newly allocated. */
char *tlsfit_sizes_fix_text(const TlsfitSizes *sizes, const char *fix, guint64 limit_bytes);

#endif
