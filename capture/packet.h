/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers in front of TCP: bytes of a packet in, its two ends and what TCP carries out. For the first look at a
 * capture, which decides what has to be dissected.
 *
 * Reads the common link layers alone and gives up at whatever is unusual. Includes nothing of Wireshark's dissection.
 */
#ifndef TLSFIT_PACKET_H
#define TLSFIT_PACKET_H

#include <glib.h>

/* Both ends of a flow, the same for both directions; compared byte by byte. */
typedef struct {
    guint8  addresses[2][16]; /* of the lower end first; IPv4: filled up with zeros */
    guint16 ports[2];
    guint32 is_ipv6;
} PacketEnds;

typedef enum {
    PACKET_ODD,      /* anything else: only a dissector can tell */
    PACKET_IRRELEVANT, /* nothing that carries TLS, for certain (ARP) */
    PACKET_TCP
} PacketKind;

typedef struct {
    PacketKind    kind;
    PacketEnds    ends;      /* TCP. ODD: the addresses where they could be read, without ports */
    gboolean      has_ends;
    gboolean      is_datagram; /* ODD: a whole UDP datagram, which has nothing to do with flows of TCP */
    gboolean      tunnel;      /* ODD: may carry a packet of a flow that is seen elsewhere without this around it */
    gboolean      quotes;      /* ODD: an ICMP message that quotes a packet between the quoted ends */
    PacketEnds    quoted;
    guint         sender;    /* which of the ends */
    guint32       sequence;
    gboolean      syn, fin, reset, acknowledges, urgent;
    gboolean      cut;       /* the capture lacks bytes of the payload */
    const guint8 *payload;
    guint32       bytes;     /* of it, as far as they were captured */
} Packet;

typedef enum { LINK_UNKNOWN, LINK_ETHERNET, LINK_COOKED, LINK_COOKED2, LINK_RAW, LINK_LOOPBACK } PacketLink;

/* Reads a packet of which CAPTURED of LENGTH bytes are there. */
void packet_read(Packet *packet, PacketLink link, const guint8 *bytes, guint32 captured, guint32 length);

guint packet_ends_hash(gconstpointer ends);
gboolean packet_ends_equal(gconstpointer a, gconstpointer b);

#endif
