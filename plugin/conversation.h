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

/* For a program that decides itself what is dissected. STARTED is called for every handshake, in the order of
 * conversation_sessions(), with the packet that began it; NULL: nobody asks. */
typedef struct {
    void   (*started)(const packet_info *pinfo, gboolean from_client, gpointer data);
    gpointer data;
    gboolean flow_is_open; /* the flow of the frame taken last has an open handshake, or was just reset: all
                              of its packets count */
} ConversationWatch;
extern ConversationWatch conversation_watch;

/* The capture goes up to TIME_US: packets that were not taken count for what came to a standstill. */
void conversation_advance(gint64 time_us);

/* TRUE while no frame of the file was taken. */
gboolean conversation_untouched(void);

/* The sessions that have something to show on FRAME: list of TlsfitSession, owned by this module; NULL for none. */
const GSList *conversation_sessions_of(guint32 frame);

/* All sessions of the file, of TlsfitSession, in the order in which they began; owned by this module. */
const GPtrArray *conversation_sessions(void);

#endif
