/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What TCP says about a handshake: was everything acknowledged, was a segment sent again, does the capture lack
 * bytes. In: the TCP headers of one connection, in order. Out: a set of signs for each packet.
 *
 * Wireshark's own analysis is not asked: its fields are wanted in every packet and cost time there, and it does not
 * say when everything is acknowledged. Knows nothing of TLS.
 */
#ifndef TLSFIT_TRANSPORT_H
#define TLSFIT_TRANSPORT_H

#include "wanted.h"

/* One direction. */
typedef struct {
    gboolean started;       /* next is known */
    guint32  next;          /* sequence number after the last byte seen */
    gboolean has_gap;       /* bytes before next were not seen */
    guint32  gap_from, gap_to;
    guint32  acknowledged;  /* next, when the other side last acknowledged everything */
    guint8   syn_ttl;       /* of its SYN, ACK; 0: not seen */
    guint8   lowest_ttl;    /* of its packets after that, FIN and RST left out; 0: there were none */
    guint8   highest_ttl;
    guint16  identification; /* IPv4: of its last packet */
    gboolean was_reset;     /* in its name, since its last SYN */
    guint32  reset_at;      /* where its next new byte would have been then */
} TransportSide;

typedef struct {
    TransportSide ends[2];
} Transport;

/* What one packet of one side means. */
typedef struct {
    gboolean lost_own;       /* bytes of the sender are missing in the capture for certain */
    gboolean lost_other;     /* the same of the other side: it was acknowledged, but never seen */
    gboolean repeated;       /* data that was seen before, and nothing else */
    gboolean all_acknowledged; /* newly: everything that the other side has sent */
} TransportSigns;

/* What a packet is that comes in the name of END after a reset in that name. */
typedef enum {
    TRANSPORT_NOT_RESET, /* no reset was seen, or the packet is of another connection on the same ports */
    TRANSPORT_AFTERMATH, /* nothing new: it may have been on its way before the reset, or been sent twice by the network */
    TRANSPORT_GOES_ON    /* data that was never sent before the reset, with which whoever resets ends what it sends */
} TransportAfter;

/* Asks before transport_take(), which it does not replace. A SYN makes it forget the reset. */
TransportAfter transport_after_reset(Transport *transport, int end, const WantedTcp *tcp);
void transport_forget_reset(Transport *transport);

/* Takes the next packet, sent by END (0 or 1). */
TransportSigns transport_take(Transport *transport, int end, const WantedTcp *tcp);

/* What the IP header of a FIN or RST in the name of END tells, against what was taken so far. */
TlsfitOrigin transport_origin(const Transport *transport, int end, const WantedTcp *tcp);

#endif
