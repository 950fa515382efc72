/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handshakes of the capture file that is open. Frames in, in capture order and once each; sessions out, by the
 * frame on which something of them is to be shown.
 *
 * Finds out which packets belong together, who is the client, and where one handshake ends and the next one begins.
 * Shows nothing. Everything is freed at the end of the file.
 */
#ifndef TLSFIT_CONVERSATION_H
#define TLSFIT_CONVERSATION_H

#include "tlsfit.h"
#include "ws_compat.h"

/* Begins a file, ends it. */
void conversation_open(void);
void conversation_close(void);

/* Takes a frame that is dissected for the first time. OWN_PROTOCOL is the protocol tlsfit, which is already among the
 * frame's layers. */
void conversation_take(const proto_tree *tree, packet_info *pinfo, int own_protocol);

/* The capture has no more frames, for now: open handshakes are cut or stalled. Cheap when nothing is new. */
void conversation_end(void);

/* The sessions that have something to show on FRAME: list of TlsfitSession, owned by this module; NULL for none. */
const GSList *conversation_sessions_of(guint32 frame);

/* All sessions of the file, of TlsfitSession, in the order in which they began; owned by this module. */
const GPtrArray *conversation_sessions(void);

#endif
