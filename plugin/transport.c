/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence and acknowledgement numbers of one TCP connection (RFC 9293). See transport.h.
 *
 * In: headers. Out: signs. Remembers one gap a direction, which is enough to tell loss from order, and between which
 * values the TTL of each direction was. What that means is the core's business.
 */
#include "transport.h"

/* A minus B on the circle of sequence numbers. */
static gint32
distance(guint32 a, guint32 b)
{
    return (gint32)(a - b);
}

/* Data from FROM to TO that begins before the last byte seen: fills a gap, or is old. */
static gboolean
is_repeated(TransportSide *own, guint32 from, guint32 to)
{
    if (distance(to, own->next) > 0)
        return FALSE;
    if (own->has_gap && distance(to, own->gap_from) > 0 && distance(from, own->gap_to) < 0) {
        if (distance(from, own->gap_from) <= 0)
            own->gap_from = to;
        if (distance(own->gap_to, own->gap_from) <= 0)
            own->has_gap = FALSE;
        return FALSE;
    }
    return TRUE;
}

/* The sequence number behind TCP. */
static guint32
end_of(const WantedTcp *tcp)
{
    return tcp->sequence + tcp->payload_bytes + (tcp->syn ? 1u : 0u) + (tcp->fin ? 1u : 0u);
}

/* Wireshark takes what comes below for sent again. */
static void
hide_up_to(TransportSide *own, guint32 sequence)
{
    own->is_hidden = TRUE;
    own->hidden_to = sequence;
}

static void
take_data(TransportSide *own, const TransportSide *other, const WantedTcp *tcp, TransportSigns *signs)
{
    guint32 from = tcp->sequence;
    guint32 to = end_of(tcp);

    if (!own->started || tcp->syn) {
        own->started = TRUE;
        own->next = to;
        own->has_gap = FALSE;
        own->acknowledged = from;
        own->is_hidden = FALSE;
        return;
    }
    if (to == from)
        return;
    if (is_repeated(own, from, to)) {
        /* A keep-alive repeats one byte at the end at the most. */
        signs->repeated = tcp->payload_bytes > 1;
        return;
    }
    signs->hidden = own->is_hidden && distance(own->hidden_to, from) > 0;
    if (distance(from, own->next) > 0) {
        own->has_gap = TRUE;
        own->gap_from = own->next;
        own->gap_to = from;
        /* Where the other side was never captured nobody will acknowledge what is missing. */
        signs->lost_own = !other->started;
    }
    if (distance(to, own->next) > 0)
        own->next = to;
}

static void
take_acknowledgement(TransportSide *other, const WantedTcp *tcp, TransportSigns *signs)
{
    guint32 acknowledged = tcp->acknowledgement;

    if (!other->started) {
        other->started = TRUE;
        other->next = other->acknowledged = acknowledged;
        return;
    }
    if (distance(acknowledged, other->next) > 0) {
        signs->lost_other = TRUE;
        other->next = acknowledged;
        other->has_gap = FALSE;
    }
    if (other->has_gap && distance(acknowledged, other->gap_to) >= 0) {
        signs->lost_other = TRUE;
        other->has_gap = FALSE;
    }
    if (acknowledged == other->next && other->acknowledged != other->next) {
        signs->all_acknowledged = TRUE;
        other->acknowledged = other->next;
    }
}

static void
take_place(TransportSide *own, const WantedTcp *tcp)
{
    if (tcp->reset)
        return;
    own->has_sent = TRUE;
    own->last = end_of(tcp);
    own->has_received = tcp->has_acknowledgement;
    own->received = tcp->acknowledgement;
    own->window = tcp->syn ? tcp->window : MAX(own->window, tcp->window);
}

static void
take_way(TransportSide *own, const WantedTcp *tcp)
{
    own->identification = tcp->identification;
    if (tcp->ttl == 0 || tcp->fin || tcp->reset)
        return;
    own->lowest_ttl = own->lowest_ttl == 0 ? tcp->ttl : MIN(own->lowest_ttl, tcp->ttl);
    own->highest_ttl = MAX(own->highest_ttl, tcp->ttl);
}

/* A SYN, ACK counts only where nothing else is there: a proxy may have sent it for the server. */
TlsfitOrigin
transport_origin(const Transport *transport, int end, const WantedTcp *tcp)
{
    const TransportSide *own = &transport->ends[end];
    const guint16 answered = transport->ends[1 - end].identification;
    TlsfitOrigin origin = { .ttl = tcp->ttl, .lowest_ttl = own->lowest_ttl, .highest_ttl = own->highest_ttl };

    if (origin.lowest_ttl == 0)
        origin.lowest_ttl = origin.highest_ttl = own->syn_ttl;
    origin.copied_id = answered != 0 && answered == tcp->identification;
    return origin;
}

/* A host resets with the number of the next byte that it would have sent (RFC 9293, 3.10.5), or, where it holds the
 * connection no longer, with what the packet acknowledges that it answers (3.10.7.1), which may be behind what it has
 * sent: then what was seen counts. The first reset does. */
static void
take_reset(TransportSide *own, const WantedTcp *tcp)
{
    if (!tcp->reset)
        return;
    if (own->started && distance(tcp->sequence, own->next) > 0)
        hide_up_to(own, tcp->sequence);
    if (own->was_reset)
        return;
    own->was_reset = TRUE;
    own->reset_at = own->started && distance(own->next, tcp->sequence) > 0 ? own->next : tcp->sequence;
}

void
transport_forget_reset(Transport *transport)
{
    for (guint end = 0; end < 2; end++) {
        TransportSide *side = &transport->ends[end];
        side->was_reset = side->went_on = side->was_answered = FALSE;
    }
}

/* What the connection had in flight fits in here; another one on the same ports begins with numbers of its own. */
#define FLIGHT_BYTES_MAX 65535

static gboolean
is_near(guint32 a, guint32 b)
{
    return ABS((gint64)distance(a, b)) <= FLIGHT_BYTES_MAX;
}

/* The scale of a window is known from the SYN alone, and at most 2 to the power of 14 (RFC 7323, 2.3). */
#define WINDOW_SHIFT_MAX 14

gboolean
transport_reset_misses(Transport *transport, int end, const WantedTcp *tcp)
{
    TransportSide *own = &transport->ends[end];
    const TransportSide *receiver = &transport->ends[1 - end];
    const gint32 window = (gint32)MAX(receiver->window, 1) << WINDOW_SHIFT_MAX;
    guint32 expected = receiver->received;

    if (!tcp->reset || !receiver->has_received || (own->has_sent && !is_near(own->last, expected)))
        return FALSE;
    if (distance(tcp->sequence, expected) < -FLIGHT_BYTES_MAX)
        return TRUE;
    if (own->has_sent && distance(own->last, expected) > 0)
        expected = own->last; /* on its way, not acknowledged yet */
    if (distance(tcp->sequence, expected) <= window)
        return FALSE;
    hide_up_to(own, tcp->sequence);
    return TRUE;
}

/* Is it of the connection that was reset: near what its end has sent, and near what the other has? */
static gboolean
is_same_connection(const TransportSide *own, const TransportSide *other, const WantedTcp *tcp)
{
    if (!own->was_reset && !own->started)
        return FALSE;
    return is_near(tcp->sequence, own->was_reset ? own->reset_at : own->next) &&
           (!tcp->has_acknowledgement || !other->started || tcp->reset || is_near(tcp->acknowledgement, other->next));
}

/* New data that acknowledges what the other side sent after the reset in its name. A bare acknowledgement is no answer. */
static gboolean
is_answer(const TransportSide *own, const TransportSide *other, const WantedTcp *tcp)
{
    return other->went_on && tcp->has_acknowledgement && distance(tcp->acknowledgement, other->reset_at) > 0 &&
           tcp->payload_bytes > 0 && distance(tcp->sequence + tcp->payload_bytes, own->next) > 0;
}

static gboolean
is_refuted(const TransportSide *side)
{
    return !side->was_reset || side->was_answered;
}

TransportAfter
transport_after_reset(Transport *transport, int end, const WantedTcp *tcp)
{
    TransportSide *own = &transport->ends[end];
    TransportSide *other = &transport->ends[1 - end];

    if (tcp->syn)
        transport_forget_reset(transport);
    if ((!own->was_reset && !other->was_reset) || !is_same_connection(own, other, tcp))
        return TRANSPORT_NOT_RESET;
    if (tcp->reset)
        return TRANSPORT_AFTERMATH;
    other->was_answered |= is_answer(own, other, tcp);
    const gboolean new = own->was_reset && distance(tcp->sequence, own->reset_at) >= 0 && tcp->payload_bytes > 0;
    own->went_on |= new;
    if (is_refuted(own) && is_refuted(other)) {
        transport_forget_reset(transport);
        return TRANSPORT_ANSWERED;
    }
    return new ? TRANSPORT_GOES_ON : TRANSPORT_AFTERMATH;
}

TransportSigns
transport_take(Transport *transport, int end, const WantedTcp *tcp)
{
    TransportSide *own = &transport->ends[end];
    TransportSide *other = &transport->ends[1 - end];
    TransportSigns signs = { FALSE, FALSE, FALSE, FALSE, FALSE };

    take_place(own, tcp);
    take_way(own, tcp);
    take_reset(own, tcp);
    take_data(own, other, tcp, &signs);
    if (tcp->has_acknowledgement && !tcp->reset)
        take_acknowledgement(other, tcp, &signs);
    return signs;
}
