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
    gboolean has_sent;      /* last is known */
    guint32  last;          /* sequence number behind its last packet, new or not; resets left out */
    gboolean has_received;  /* received is known */
    guint32  received;      /* what its last packet acknowledged */
    guint16  window;        /* the largest that it has advertised, without its scale */
    gboolean is_hidden;     /* a reset in its name was ahead of what it had sent */
    guint32  hidden_to;     /* and this far */
    gboolean was_reset;     /* in its name, since its last SYN */
    guint32  reset_at;      /* where its next new byte would have been then */
    gboolean went_on;       /* after that it sent new data: the reset was another's */
    gboolean was_answered;  /* and the other side answered that data: it has not obeyed the reset */
} TransportSide;

typedef struct {
    TransportSide ends[2];
} Transport;

/* What one packet of one side means. */
typedef struct {
    gboolean lost_own;       /* bytes of the sender are missing in the capture for certain */
    gboolean lost_other;     /* the same of the other side: it was acknowledged, but never seen */
    gboolean hidden;         /* new data of the sender that Wireshark may not show, as it takes it for repeated: a reset was
                                further ahead */
    gboolean repeated;       /* data that was seen before, and nothing else */
    gboolean all_acknowledged; /* newly: everything that the other side has sent */
} TransportSigns;

/* What a packet is that comes in the name of END after a reset in that name. */
typedef enum {
    TRANSPORT_NOT_RESET, /* no reset was seen, or the packet is of another connection on the same ports */
    TRANSPORT_AFTERMATH, /* nothing new: it may have been on its way before the reset, or been sent twice by the network */
    TRANSPORT_GOES_ON,   /* data that was never sent before the reset, with which whoever resets ends what it sends */
    TRANSPORT_ANSWERED   /* new data of the other side that acknowledges such data: whoever obeyed the reset would not know
                            the connection any more. Where resets came in both names, the last of both answers */
} TransportAfter;

/* Asks before transport_take(), which it does not replace. A SYN, and TRANSPORT_ANSWERED, make it forget the reset. */
TransportAfter transport_after_reset(Transport *transport, int end, const WantedTcp *tcp);
void transport_forget_reset(Transport *transport);

/* Is this a reset in the name of END that the other side is known to drop, as it is far outside of its window (RFC 9293,
 * 3.10.7.4; RFC 5961, 3.2)? FALSE in doubt: where it is near, where nothing of the receiver was seen, or where what was
 * seen of both does not fit together. Such a packet is not for transport_take(). */
gboolean transport_reset_misses(Transport *transport, int end, const WantedTcp *tcp);

/* Takes the next packet, sent by END (0 or 1). */
TransportSigns transport_take(Transport *transport, int end, const WantedTcp *tcp);

/* What the IP header of a FIN or RST in the name of END tells, against what was taken so far. */
TlsfitOrigin transport_origin(const Transport *transport, int end, const WantedTcp *tcp);

#endif
