/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After a reset. See aftermath.h.
 *
 * In: packets of streams that are over. Out: an event. Sequence numbers are transport.c's business, what they mean the
 * core's.
 */
#include "aftermath.h"

/* Longer than a server needs to answer, and than the first retransmission takes (RFC 6298, 2: one second at first). */
#define WATCH_US (3 * G_USEC_PER_SEC)

static gint64 watched_until_us;

void
aftermath_open(void)
{
    watched_until_us = 0;
}

void
aftermath_watch(gint64 time_us)
{
    watched_until_us = time_us + WATCH_US;
}

gboolean
aftermath_is_watched(gint64 time_us)
{
    return time_us < watched_until_us;
}

gboolean
aftermath_take(Stream *stream, int sender, const WantedTcp *tcp, guint32 frame, gint64 time_us)
{
    TransportAfter after = TRANSPORT_NOT_RESET;

    if (stream->is_tcp && !stream->open && stream->session)
        after = transport_after_reset(&stream->tcp, sender, tcp);
    if (after == TRANSPORT_GOES_ON) {
        TlsfitEvent event = { .kind = TLSFIT_EVENT_AFTER_RESET, .number = -1 };

        event.side = sender == stream->client_end ? TLSFIT_CLIENT : TLSFIT_SERVER;
        event.place.frame = frame;
        tlsfit_session_add_event(stream->session, &event, time_us);
    }
    return after != TRANSPORT_NOT_RESET;
}
