/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Following the records of a flow by their headers (RFC 8446, 5.1). See flow.h.
 *
 * Why leaving out application data is safe: it is left out only while no handshake of the flow is open, and the only
 * packets dissected after that are those of a new flow between the same ends, as long as no handshake record follows
 * application data. Where one does (renegotiation), or bytes are missing or out of order, nothing is left out.
 */
#include "flow.h"

#include <string.h>

#define CIPHER_SPEC 20u
#define ALERT 21u
#define HANDSHAKE 22u
#define APPLICATION_DATA 23u
#define HEARTBEAT 24u
#define RECORD_BYTES_MAX (16384u + 2048u) /* RFC 5246, 6.2.3 */

static void
give_up(Flow *flow)
{
    flow->whole = TRUE;
}

/* Is this where a conversation of TLS begins? */
static gboolean
begins_well(const FlowSide *side)
{
    return side->header[0] == HANDSHAKE || side->header[0] == ALERT;
}

/* The header of a record is complete. Its first byte stood at SEQUENCE. */
static void
take_record(Flow *flow, FlowSide *side, guint32 sequence)
{
    const FlowSide *other = side == &flow->sides[0] ? &flow->sides[1] : &flow->sides[0];
    const gboolean of_client = side == &flow->sides[flow->client];
    const guint8 *header = side->header;
    const guint32 bytes = (guint32)header[3] << 8 | header[4];

    if (header[1] != 3 || header[2] > 4 || bytes == 0 || bytes > RECORD_BYTES_MAX ||
        (!side->has_record && !begins_well(side))) {
        flow->foreign = !side->has_record && !other->has_record;
        give_up(flow);
        return;
    }
    side->has_record = TRUE;
    side->left = bytes;
    switch (header[0]) {
    case HANDSHAKE:
        if (side->has_data || flow->alerted || (of_client && other->has_data))
            give_up(flow);
        break;
    case APPLICATION_DATA:
        if (!side->has_data)
            side->data_from = sequence;
        side->has_data = TRUE;
        break;
    case ALERT:
        flow->alerted = TRUE;
        break;
    case CIPHER_SPEC:
    case HEARTBEAT:
        break;
    default:
        give_up(flow);
    }
}

static gboolean
is_needed(guint8 type)
{
    return type == HANDSHAKE || type == CIPHER_SPEC;
}

/* Bytes in order. */
static FlowNeed
take_bytes(Flow *flow, FlowSide *side, const guint8 *bytes, guint32 length, guint32 sequence)
{
    FlowNeed need = FLOW_IF_OPEN;

    while (length > 0 && !flow->whole) {
        guint32 taken = 1;
        if (side->left > 0) {
            taken = MIN(side->left, length);
            side->left -= taken;
            if (side->left == 0)
                side->have = 0;
        } else {
            side->header[side->have++] = *bytes;
            if (side->have == sizeof side->header)
                take_record(flow, side, sequence - 4);
        }
        if (is_needed(side->header[0]))
            need = FLOW_NEEDED;
        bytes += taken;
        length -= taken;
        sequence += taken;
    }
    return need;
}

static FlowNeed
take_payload(Flow *flow, FlowSide *side, const Packet *packet)
{
    const gint32 ahead = (gint32)(packet->sequence - side->next);

    if (!flow->has_client) {
        flow->has_client = TRUE;
        flow->client = packet->sender;
    }
    if (ahead < 0 && (gint64)ahead + packet->bytes <= 0) {
        /* sent again: of no interest where it is application data and nothing else */
        if (!side->has_data || (gint32)(packet->sequence - side->data_from) < 0)
            give_up(flow);
        return FLOW_IF_OPEN;
    }
    if (ahead != 0) {
        give_up(flow);
        return FLOW_NEEDED;
    }
    side->next += packet->bytes;
    return take_bytes(flow, side, packet->payload, packet->bytes, packet->sequence);
}

FlowNeed
flow_take(Flow *flow, const Packet *packet)
{
    FlowSide *side = &flow->sides[packet->sender];
    FlowNeed need = packet->syn ? FLOW_NEEDED : FLOW_IF_OPEN;

    flow->packets++;
    if (packet->urgent || packet->cut || (packet->syn && packet->bytes > 0))
        give_up(flow);
    if (!flow->whole && packet->syn) {
        side->started = TRUE;
        side->next = packet->sequence + 1;
    } else if (!flow->whole && packet->bytes > 0) {
        if (!side->started) {
            side->started = TRUE;
            side->next = packet->sequence;
        }
        need = take_payload(flow, side, packet);
    }
    if (need == FLOW_NEEDED)
        flow->needed++;
    return need;
}
