/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains against devices, without a capture: what check shows and matrix counts.
 */
#ifndef TLSFIT_DRY_H
#define TLSFIT_DRY_H

#include "chains.h"

/* What the server is assumed to choose; 0: nothing is assumed. */
typedef struct {
    guint version;
    guint suite;
} TlsfitAssumed;

/* NULL stands for nothing. FALSE after a message. "1.2" is read as TLS1.2. */
gboolean tlsfit_assumed_parse(const char *version, const char *suite, TlsfitAssumed *assumed);

/* One chain and one device. */
typedef struct {
    const TlsfitChainInput *chain;
    const TlsfitDevice     *device;
    TlsfitSession          *session; /* judged; its own */
    TlsfitStatus            status;
    const TlsfitFinding    *reason;  /* the weightiest finding, in the order of a handshake; NULL: nothing but unknown */
} TlsfitChecked;

/* Every chain against every device, as of now: chain after chain. A device that is a server is judged on the chain as its
 * client's. CHAINS and DEVICES must live longer. Array of TlsfitChecked, owned by the caller. */
GPtrArray *tlsfit_dry_check(const GPtrArray *chains, const GPtrArray *devices, const TlsfitAssumed *assumed);

/* The worst status of all; TLSFIT_OK without any. */
TlsfitStatus tlsfit_dry_worst(const GPtrArray *checked);

/* The exit status that stands for STATUS. */
int tlsfit_dry_exit(TlsfitStatus status);

/* The worst status of what was found about the certificate INDEX; INDEX -1: about the chain as a whole and what the
 * server is assumed to choose. */
TlsfitStatus tlsfit_checked_status(const TlsfitChecked *checked, int index);

/* What was found in one line: "certificate[1] is signed with ...". Newly allocated. */
char *tlsfit_finding_line(const TlsfitFinding *finding);

#endif
