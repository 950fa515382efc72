/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * After a reset. See aftermath.h.
 *
 * In: packets of streams that are over, and what they bring. Out: events, and what was kept. Sequence numbers are
 * transport.c's business, what they mean the core's.
 *
 * Segments that were on their way when a reset came are no part of the handshake: nobody takes them any more. So what
 * they bring is kept apart, and thrown away in the end, unless both sides are seen to go on.
 */
#include "aftermath.h"

/* Longer than a server needs to answer, and than the first retransmission takes (RFC 6298, 2: one second at first). */
#define WATCH_US (3 * G_USEC_PER_SEC)

/* A forged reset is rare, and what is open then may be a device's answer, which takes small ones many seconds. */
#define WATCH_FORGED_US (30 * G_USEC_PER_SEC)

/* More than any handshake brings. Of a stream that brings more nothing is believed. */
#define KEPT_MAX 256u

typedef struct {
    TlsfitMessage *message; /* NULL: an event */
    TlsfitEvent    event;
    gint64         time_us;
} Kept;

static gint64 watched_until_us;

void
aftermath_open(void)
{
    watched_until_us = 0;
}

void
aftermath_watch(gint64 time_us)
{
    watched_until_us = MAX(watched_until_us, time_us + WATCH_US);
}

gboolean
aftermath_is_watched(gint64 time_us)
{
    return time_us < watched_until_us;
}

TransportAfter
aftermath_of(Stream *stream, int sender, const WantedTcp *tcp)
{
    if (!stream->is_tcp || stream->open || !stream->session)
        return TRANSPORT_NOT_RESET;
    return transport_after_reset(&stream->tcp, sender, tcp);
}

static void
kept_free(gpointer data)
{
    Kept *kept = data;

    if (kept->message)
        tlsfit_message_clear(kept->message);
    g_free(kept->message);
    g_free(kept);
}

static Kept *
keep(Stream *stream, gint64 time_us)
{
    Kept *kept = g_new0(Kept, 1);

    kept->time_us = time_us;
    if (!stream->later)
        stream->later = g_ptr_array_new_with_free_func(kept_free);
    g_ptr_array_add(stream->later, kept);
    return kept;
}

static gboolean
is_full(const Stream *stream)
{
    return stream->later && stream->later->len >= KEPT_MAX;
}

void
aftermath_keep_message(Stream *stream, TlsfitMessage *message, const HandshakeHello *hello, gint64 time_us)
{
    if (hello)
        stream_note_hello(stream, message, hello);
    if (!is_full(stream)) {
        Kept *kept = keep(stream, time_us);
        kept->message = g_new(TlsfitMessage, 1);
        *kept->message = *message;
        tlsfit_message_init(message);
    }
    tlsfit_message_clear(message);
}

void
aftermath_keep_event(Stream *stream, const TlsfitEvent *event, gint64 time_us)
{
    if (!is_full(stream))
        keep(stream, time_us)->event = *event;
}

static void
feed_kept(Stream *stream)
{
    for (guint i = 0; stream->later && i < stream->later->len; i++) {
        Kept *kept = g_ptr_array_index(stream->later, i);
        if (kept->message)
            tlsfit_session_add_message(stream->session, kept->message, kept->time_us);
        else
            tlsfit_session_add_event(stream->session, &kept->event, kept->time_us);
    }
    g_clear_pointer(&stream->later, g_ptr_array_unref);
}

gboolean
aftermath_tell(Stream *stream, TlsfitSide side, TransportAfter after, guint32 frame, gint64 time_us)
{
    TlsfitEvent event = { .kind = TLSFIT_EVENT_AFTER_RESET, .side = side, .place = { .frame = frame }, .number = -1 };

    if (after == TRANSPORT_GOES_ON) {
        watched_until_us = MAX(watched_until_us, time_us + WATCH_FORGED_US);
        tlsfit_session_add_event(stream->session, &event, time_us);
    }
    if (after != TRANSPORT_ANSWERED || is_full(stream))
        return FALSE;
    event.kind = TLSFIT_EVENT_CONTINUED;
    tlsfit_session_add_event(stream->session, &event, time_us);
    if (tlsfit_session_over(stream->session)) /* it was no reset that ended it */
        return FALSE;
    feed_kept(stream);
    return TRUE;
}
