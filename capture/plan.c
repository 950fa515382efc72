/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plan of a capture. See plan.h.
 *
 * In: records. Out: a list of packets and the flows that they belong to. What is no plain TCP is dissected by the first
 * process, and so is every flow between hosts that have such traffic with each other, because one may lead to the other
 * (fragments, quoted packets, a control connection that announces another one).
 */
#include "plan.h"

#define PACKETS_A_PROCESS 3000u /* less work than this is not worth a process of its own */
#define NO_FLOW 0u

typedef struct {
    gint64  offset;
    guint32 frame;
    guint32 flow; /* index << 1 | FlowNeed; index 0: none */
} Item;

/* Two hosts. */
typedef struct {
    gboolean odd;   /* traffic that only one process may see */
    gboolean whole; /* packets of a flow may come in other clothes */
} Pair;

struct Plan {
    GArray     *items;   /* of Item, by frame */
    GArray     *flows;   /* of Flow; the first one stands for none */
    GArray     *pairs;   /* of Pair */
    GHashTable *by_ends; /* PacketEnds -> index of the latest flow */
    GHashTable *by_pair; /* PacketEnds without ports -> index */
    guint32     odd_packets;
    gboolean    tunnels; /* a flow may be seen in two guises */
    gint64      end_us;
    gboolean    everything;
};

static PacketLink
link_of(const wtap_rec *rec)
{
    switch (rec->rec_header.packet_header.pkt_encap) {
    case WTAP_ENCAP_ETHERNET:
        return LINK_ETHERNET;
    case WTAP_ENCAP_SLL:
        return LINK_COOKED;
    case WTAP_ENCAP_SLL2:
        return LINK_COOKED2;
    case WTAP_ENCAP_RAW_IP:
    case WTAP_ENCAP_RAW_IP4:
    case WTAP_ENCAP_RAW_IP6:
        return LINK_RAW;
    case WTAP_ENCAP_NULL:
    case WTAP_ENCAP_LOOP:
        return LINK_LOOPBACK;
    default:
        return LINK_UNKNOWN;
    }
}

/* The entry of ENDS in TABLE; 0 is never one. */
static guint
look_up(GHashTable *table, const PacketEnds *ends)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(table, ends));
}

static guint
pair_of(Plan *plan, const PacketEnds *ends)
{
    PacketEnds key = *ends;
    const gboolean swap = memcmp(ends->addresses[0], ends->addresses[1], sizeof ends->addresses[0]) > 0;

    memcpy(key.addresses[0], ends->addresses[swap ? 1 : 0], sizeof key.addresses[0]);
    memcpy(key.addresses[1], ends->addresses[swap ? 0 : 1], sizeof key.addresses[1]);
    key.ports[0] = key.ports[1] = 0;
    guint index = look_up(plan->by_pair, &key);
    if (index == 0) {
        const Pair pair = { FALSE, FALSE };
        index = plan->pairs->len;
        g_array_append_val(plan->pairs, pair);
        g_hash_table_insert(plan->by_pair, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(index));
    }
    return index;
}

/* A SYN begins a new flow, also between ends that have been seen. */
static guint
flow_of(Plan *plan, const Packet *packet)
{
    guint index = look_up(plan->by_ends, &packet->ends);
    const Flow *known = &g_array_index(plan->flows, Flow, index);
    const gboolean again = index && packet->syn && !packet->acknowledges && known->has_client;

    if (index == 0 || again) {
        const Flow flow = { .pair = pair_of(plan, &packet->ends) };
        index = plan->flows->len;
        g_array_append_val(plan->flows, flow);
        g_hash_table_replace(plan->by_ends, g_memdup2(&packet->ends, sizeof packet->ends), GUINT_TO_POINTER(index));
    }
    return index;
}

static void
note_odd(Plan *plan, const Packet *packet)
{
    plan->odd_packets++;
    plan->tunnels |= packet->tunnel;
    if (!packet->has_ends || packet->is_datagram)
        return;
    Pair *pair = &g_array_index(plan->pairs, Pair, pair_of(plan, &packet->ends));
    pair->odd = pair->whole = TRUE;
    if (packet->quotes) {
        pair = &g_array_index(plan->pairs, Pair, pair_of(plan, &packet->quoted));
        pair->odd = pair->whole = TRUE;
    }
}

static void
add_packet(Plan *plan, const Source *source)
{
    const wtap_rec *rec = &source->record.rec;
    const gboolean is_packet = rec->rec_type == REC_TYPE_PACKET;
    Item item = { .offset = source->offset, .frame = source->frames, .flow = NO_FLOW };
    Packet packet = { .kind = PACKET_ODD, .tunnel = TRUE };

    if (rec->presence_flags & WTAP_HAS_TS)
        plan->end_us = (gint64)rec->ts.secs * G_USEC_PER_SEC + rec->ts.nsecs / 1000;
    if (is_packet)
        packet_read(&packet, link_of(rec), ws_record_bytes(&source->record), rec->rec_header.packet_header.caplen,
                    rec->rec_header.packet_header.len);
    if (packet.kind == PACKET_IRRELEVANT)
        return;
    if (packet.kind == PACKET_TCP) {
        const guint index = flow_of(plan, &packet);
        const FlowNeed need = flow_take(&g_array_index(plan->flows, Flow, index), &packet);
        item.flow = index << 1 | (guint32)need;
    } else {
        note_odd(plan, &packet);
    }
    g_array_append_val(plan->items, item);
}

/* What became known at the end holds for the whole flow. */
static void
settle(Plan *plan, gboolean everything)
{
    for (guint i = 1; i < plan->flows->len; i++) {
        const Flow *flow = &g_array_index(plan->flows, Flow, i);
        if (flow->foreign)
            g_array_index(plan->pairs, Pair, flow->pair).odd = TRUE;
    }
    for (guint i = 1; i < plan->flows->len; i++) {
        Flow *flow = &g_array_index(plan->flows, Flow, i);
        flow->whole |= everything || g_array_index(plan->pairs, Pair, flow->pair).whole;
    }
    plan->everything = everything;
}

Plan *
plan_make(Source *source, void (*progress)(const Source *source, gpointer data), gpointer data)
{
    Plan *plan = g_new0(Plan, 1);
    const Flow none = { .owner = 0 };
    const Pair no_pair = { FALSE, FALSE };

    plan->items = g_array_new(FALSE, FALSE, sizeof(Item));
    plan->flows = g_array_new(FALSE, FALSE, sizeof(Flow));
    plan->pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    plan->by_ends = g_hash_table_new_full(packet_ends_hash, packet_ends_equal, g_free, NULL);
    plan->by_pair = g_hash_table_new_full(packet_ends_hash, packet_ends_equal, g_free, NULL);
    g_array_append_val(plan->flows, none);
    g_array_append_val(plan->pairs, no_pair);
    while (source_next(source)) {
        add_packet(plan, source);
        if (progress && source->frames % 10000 == 0)
            progress(source, data);
    }
    settle(plan, source->secrets || plan->tunnels);
    g_hash_table_remove_all(plan->by_ends);
    g_hash_table_remove_all(plan->by_pair);
    return plan;
}

void
plan_free(Plan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->items);
    g_array_unref(plan->flows);
    g_array_unref(plan->pairs);
    g_hash_table_unref(plan->by_ends);
    g_hash_table_unref(plan->by_pair);
    g_free(plan);
}

gint64
plan_end_us(const Plan *plan)
{
    return plan->end_us;
}

gboolean
plan_is_everything(const Plan *plan)
{
    return plan->everything;
}

static guint32
work_of(const Flow *flow)
{
    return flow->whole ? flow->packets : MIN(flow->packets, flow->needed + 12u);
}

guint
plan_divide(Plan *plan, guint jobs)
{
    guint64 work = plan->odd_packets;

    for (guint i = 1; i < plan->flows->len; i++)
        work += work_of(&g_array_index(plan->flows, Flow, i));
    /* secrets of one flow may open another one (resumption) */
    const guint shares = plan->everything ? 1 : (guint)CLAMP(work / PACKETS_A_PROCESS, 1, jobs);
    g_autofree guint64 *load = g_new0(guint64, shares);
    load[0] = plan->odd_packets;
    for (guint i = 1; i < plan->flows->len; i++) {
        Flow *flow = &g_array_index(plan->flows, Flow, i);
        flow->owner = 0;
        for (guint share = 1; share < shares && !g_array_index(plan->pairs, Pair, flow->pair).odd; share++) {
            if (load[share] < load[flow->owner])
                flow->owner = share;
        }
        load[flow->owner] += work_of(flow);
    }
    return shares;
}

void
plan_run(Plan *plan, guint share, PlanTake take, gpointer data)
{
    for (guint i = 0; i < plan->items->len; i++) {
        const Item *item = &g_array_index(plan->items, Item, i);
        Flow *flow = &g_array_index(plan->flows, Flow, item->flow >> 1);
        const gboolean is_flow = item->flow >> 1 != NO_FLOW;
        if (flow->owner != share)
            continue;
        if (!is_flow || flow->whole || flow->open || (item->flow & 1u) == FLOW_NEEDED)
            flow->open = take(item->offset, item->frame, data) && is_flow;
    }
}
