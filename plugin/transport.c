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

static void
take_data(TransportSide *own, const TransportSide *other, const WantedTcp *tcp, TransportSigns *signs)
{
    guint32 length = tcp->payload_bytes + (tcp->syn ? 1u : 0u) + (tcp->fin ? 1u : 0u);
    guint32 from = tcp->sequence;
    guint32 to = from + length;

    if (!own->started || tcp->syn) {
        own->started = TRUE;
        own->next = to;
        own->has_gap = FALSE;
        own->acknowledged = from;
        return;
    }
    if (length == 0)
        return;
    if (is_repeated(own, from, to)) {
        /* A keep-alive repeats one byte at the end at the most. */
        signs->repeated = tcp->payload_bytes > 1;
        return;
    }
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
    if (!tcp->reset || own->was_reset)
        return;
    own->was_reset = TRUE;
    own->reset_at = own->started && distance(own->next, tcp->sequence) > 0 ? own->next : tcp->sequence;
}

void
transport_forget_reset(Transport *transport)
{
    transport->ends[0].was_reset = transport->ends[1].was_reset = FALSE;
}

/* What the connection had in flight fits in here; another one on the same ports begins with a number of its own. */
#define FLIGHT_BYTES_MAX 65535

TransportAfter
transport_after_reset(Transport *transport, int end, const WantedTcp *tcp)
{
    const TransportSide *own = &transport->ends[end];
    const gint32 ahead = distance(tcp->sequence, own->reset_at);

    if (tcp->syn)
        transport_forget_reset(transport);
    if (!own->was_reset || ahead > FLIGHT_BYTES_MAX || ahead < -FLIGHT_BYTES_MAX)
        return TRANSPORT_NOT_RESET;
    return ahead >= 0 && tcp->payload_bytes > 0 && !tcp->reset ? TRANSPORT_GOES_ON : TRANSPORT_AFTERMATH;
}

TransportSigns
transport_take(Transport *transport, int end, const WantedTcp *tcp)
{
    TransportSide *own = &transport->ends[end];
    TransportSide *other = &transport->ends[1 - end];
    TransportSigns signs = { FALSE, FALSE, FALSE, FALSE };

    take_way(own, tcp);
    take_reset(own, tcp);
    take_data(own, other, tcp, &signs);
    if (tcp->has_acknowledgement && !tcp->reset)
        take_acknowledgement(other, tcp, &signs);
    return signs;
}
