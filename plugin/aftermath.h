/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes on a TCP connection after a reset that ended its handshake. In: packets, and what they bring. Out, for the
 * session: TLSFIT_EVENT_AFTER_RESET where the one in whose name the reset came goes on; and where the other side goes on
 * too, TLSFIT_EVENT_CONTINUED and all that came since.
 *
 * Nearly all resets are what they seem, and after them little comes: only for a short time is more than the packets with
 * handshake messages looked at.
 */
#ifndef TLSFIT_AFTERMATH_H
#define TLSFIT_AFTERMATH_H

#include "stream.h"

/* A capture begins. */
void aftermath_open(void);

/* A reset came at TIME_US. */
void aftermath_watch(gint64 time_us);

/* Is a reset so fresh that all packets count? */
gboolean aftermath_is_watched(gint64 time_us);

/* What a packet of SENDER (0 or 1) is on a stream whose handshake is over: TRANSPORT_NOT_RESET, or it belongs to what was
 * reset and begins nothing new. */
TransportAfter aftermath_of(Stream *stream, int sender, const WantedTcp *tcp);

/* Keep what such a packet brought: MESSAGE is empty afterwards. */
void aftermath_keep_message(Stream *stream, TlsfitMessage *message, const HandshakeHello *hello, gint64 time_us);
void aftermath_keep_event(Stream *stream, const TlsfitEvent *event, gint64 time_us);

/* Tells the session what the packet of SIDE in FRAME was, after what it brought has been kept. TRUE where the handshake
 * goes on: then all that was kept has been fed, and the session is to be judged. */
gboolean aftermath_tell(Stream *stream, TlsfitSide side, TransportAfter after, guint32 frame, gint64 time_us);

#endif
