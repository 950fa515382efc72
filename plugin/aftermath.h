/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes on a TCP connection after a reset that ended its handshake. In: packets. Out: TLSFIT_EVENT_AFTER_RESET for
 * the session, where the one in whose name the reset came goes on.
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

/* Looks at a packet of SENDER (0 or 1) on a stream whose handshake is over. TRUE where it belongs to what was reset, and
 * begins nothing new: the session may then know more, and is to be judged again. */
gboolean aftermath_take(Stream *stream, int sender, const WantedTcp *tcp, guint32 frame, gint64 time_us);

#endif
