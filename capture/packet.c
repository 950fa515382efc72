/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link layer, IP and TCP headers. See packet.h.
 *
 * In: bytes of a capture, which may be anything. Out: a Packet; PACKET_ODD wherever something is out of the ordinary.
 */
#include "packet.h"

#include <string.h>

#define TYPE_IPV4 0x0800u
#define TYPE_IPV6 0x86DDu
#define TYPE_ARP 0x0806u
#define TYPE_EAPOL 0x888Eu
#define TYPE_LLDP 0x88CCu
#define TYPE_VLAN 0x8100u
#define TYPE_QINQ 0x88A8u
#define PROTOCOL_ICMP 1u
#define PROTOCOL_IGMP 2u
#define PROTOCOL_TCP 6u
#define PROTOCOL_UDP 17u
#define PROTOCOL_ICMPV6 58u
#define VLANS_MAX 3u

/* What has not been read yet. */
typedef struct {
    const guint8 *at;
    guint32       captured; /* bytes that are there */
    guint32       length;   /* bytes that were on the wire */
} Rest;

static guint
number16(const guint8 *bytes)
{
    return (guint)bytes[0] << 8 | bytes[1];
}

static guint32
number32(const guint8 *bytes)
{
    return (guint32)number16(bytes) << 16 | number16(bytes + 2);
}

static gboolean
skip(Rest *rest, guint32 bytes)
{
    if (rest->captured < bytes || rest->length < bytes)
        return FALSE;
    rest->at += bytes;
    rest->captured -= bytes;
    rest->length -= bytes;
    return TRUE;
}

/* IP ends before the frame where that is padded. */
static gboolean
limit(Rest *rest, guint32 bytes)
{
    if (bytes > rest->length)
        return FALSE;
    rest->length = bytes;
    rest->captured = MIN(rest->captured, bytes);
    return TRUE;
}

static void
read_tcp(Packet *packet, Rest rest, const guint8 *source, const guint8 *destination, guint32 address_bytes)
{
    PacketEnds *ends = &packet->ends;

    if (rest.captured < 20)
        return;
    const guint8 *header = rest.at;
    const guint32 header_bytes = 4u * (header[12] >> 4);
    const guint from = number16(header), to = number16(header + 2);
    const int order = from != to ? (from < to ? -1 : 1) : memcmp(source, destination, address_bytes);
    if (header_bytes < 20 || !skip(&rest, header_bytes))
        return;
    packet->sender = order < 0 ? 0 : 1;
    memset(ends->addresses, 0, sizeof ends->addresses);
    memcpy(ends->addresses[packet->sender], source, address_bytes);
    memcpy(ends->addresses[1 - packet->sender], destination, address_bytes);
    ends->ports[packet->sender] = (guint16)from;
    ends->ports[1 - packet->sender] = (guint16)to;
    ends->is_ipv6 = address_bytes == 16;
    packet->kind = PACKET_TCP;
    packet->sequence = number32(header + 4);
    packet->fin = (header[13] & 0x01) != 0;
    packet->syn = (header[13] & 0x02) != 0;
    packet->reset = (header[13] & 0x04) != 0;
    packet->acknowledges = (header[13] & 0x10) != 0;
    packet->urgent = (header[13] & 0x20) != 0;
    packet->payload = rest.at;
    packet->bytes = rest.captured;
    packet->cut = rest.captured < rest.length;
}

/* Addresses without ports. */
static void
fill_ends(PacketEnds *ends, const guint8 *source, const guint8 *destination, guint32 address_bytes)
{
    memset(ends, 0, sizeof *ends);
    memcpy(ends->addresses[0], source, address_bytes);
    memcpy(ends->addresses[1], destination, address_bytes);
    ends->is_ipv6 = address_bytes == 16;
}

/* An error message of ICMP holds the packet that it is about, 8 bytes in (RFC 792, RFC 4443). */
static void
note_quoted(Packet *packet, const guint8 *bytes, guint32 captured)
{
    if (captured >= 8 + 20 && bytes[8] >> 4 == 4) {
        fill_ends(&packet->quoted, bytes + 8 + 12, bytes + 8 + 16, 4);
        packet->quotes = TRUE;
    } else if (captured >= 8 + 40 && bytes[8] >> 4 == 6) {
        fill_ends(&packet->quoted, bytes + 8 + 8, bytes + 8 + 24, 16);
        packet->quotes = TRUE;
    }
}

/* Ports behind which packets travel inside of packets: GTP, L2TP, Teredo, VXLAN, Geneve, LISP, TZSP. */
static gboolean
is_tunnel_port(guint port)
{
    static const guint16 ports[] = { 1701, 2152, 3544, 4341, 4789, 4790, 6081, 6635, 8472, 37008 };

    for (guint i = 0; i < G_N_ELEMENTS(ports); i++) {
        if (ports[i] == port)
            return TRUE;
    }
    return FALSE;
}

/* What is inside of IP, from its header on. */
static void
note_protocol(Packet *packet, guint protocol, const guint8 *bytes, guint32 captured, gboolean fragment)
{
    packet->tunnel = FALSE;
    if (protocol == PROTOCOL_UDP && !fragment) {
        packet->is_datagram = TRUE;
        packet->tunnel = captured >= 4 && (is_tunnel_port(number16(bytes)) || is_tunnel_port(number16(bytes + 2)));
    } else if (protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6) {
        note_quoted(packet, bytes, captured);
    } else if (protocol != PROTOCOL_TCP && protocol != PROTOCOL_IGMP && protocol != PROTOCOL_UDP) {
        packet->tunnel = TRUE;
    }
}

static void
read_ipv4(Packet *packet, Rest rest)
{
    if (rest.captured < 20 || rest.at[0] >> 4 != 4)
        return;
    const guint8 *header = rest.at;
    const guint32 header_bytes = 4u * (header[0] & 0x0F), total = number16(header + 2);
    const gboolean fragment = (number16(header + 6) & 0x3FFF) != 0;
    fill_ends(&packet->ends, header + 12, header + 16, 4);
    packet->has_ends = TRUE;
    if (header_bytes <= rest.captured)
        note_protocol(packet, header[9], header + header_bytes, rest.captured - header_bytes, fragment);
    /* a total of 0 is how cards that cut segments themselves show them: the dissector knows what to do */
    if (header[9] != PROTOCOL_TCP || fragment || header_bytes < 20 || total < header_bytes || !limit(&rest, total) ||
        !skip(&rest, header_bytes))
        return;
    read_tcp(packet, rest, header + 12, header + 16, 4);
}

static void
read_ipv6(Packet *packet, Rest rest)
{
    if (rest.captured < 40 || rest.at[0] >> 4 != 6)
        return;
    const guint8 *header = rest.at;
    const guint32 bytes = number16(header + 4);
    fill_ends(&packet->ends, header + 8, header + 24, 16);
    packet->has_ends = TRUE;
    const guint protocol = header[6] == 0 && rest.captured > 40 ? header[40] : header[6]; /* hop-by-hop: MLD */
    note_protocol(packet, protocol, header + 40, rest.captured - 40, FALSE);
    if (header[6] != PROTOCOL_TCP || bytes == 0 || !skip(&rest, 40) || !limit(&rest, bytes))
        return;
    read_tcp(packet, rest, header + 8, header + 24, 16);
}

static void
read_type(Packet *packet, guint type, Rest rest)
{
    for (guint i = 0; i < VLANS_MAX && (type == TYPE_VLAN || type == TYPE_QINQ); i++) {
        if (rest.captured < 4)
            return;
        type = number16(rest.at + 2);
        skip(&rest, 4);
    }
    if (type == TYPE_IPV4)
        read_ipv4(packet, rest);
    else if (type == TYPE_IPV6)
        read_ipv6(packet, rest);
    else if (type == TYPE_ARP)
        packet->kind = PACKET_IRRELEVANT;
    else if (type == TYPE_LLDP || type == TYPE_EAPOL)
        packet->tunnel = FALSE;
}

static void
read_ip(Packet *packet, Rest rest)
{
    if (rest.captured > 0 && rest.at[0] >> 4 == 4)
        read_ipv4(packet, rest);
    else if (rest.captured > 0 && rest.at[0] >> 4 == 6)
        read_ipv6(packet, rest);
}

void
packet_read(Packet *packet, PacketLink link, const guint8 *bytes, guint32 captured, guint32 length)
{
    Rest rest = { bytes, MIN(captured, length), length };
    guint type = 0;

    memset(packet, 0, sizeof *packet);
    packet->tunnel = TRUE;
    if (link == LINK_ETHERNET && rest.captured >= 14)
        type = number16(bytes + 12);
    else if (link == LINK_COOKED && rest.captured >= 16)
        type = number16(bytes + 14);
    else if (link == LINK_COOKED2 && rest.captured >= 20)
        type = number16(bytes);
    /* IEEE 802.2 without SNAP: spanning tree and the like */
    if (link == LINK_ETHERNET && type <= 1500 && rest.captured > 14 && bytes[14] != 0xAA)
        packet->tunnel = FALSE;
    if (link == LINK_ETHERNET && type > 1500 && skip(&rest, 14))
        read_type(packet, type, rest);
    else if (link == LINK_COOKED && type > 1500 && skip(&rest, 16))
        read_type(packet, type, rest);
    else if (link == LINK_COOKED2 && type > 1500 && skip(&rest, 20))
        read_type(packet, type, rest);
    else if (link == LINK_RAW || (link == LINK_LOOPBACK && skip(&rest, 4)))
        read_ip(packet, rest);
}

guint
packet_ends_hash(gconstpointer ends)
{
    const guint8 *bytes = ends;
    guint64 hash = 0;

    for (gsize i = 0; i < sizeof(PacketEnds); i += 4)
        hash = (hash ^ number32(bytes + i)) * 0x9E3779B97F4A7C15u;
    return (guint)(hash >> 32);
}

gboolean
packet_ends_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(PacketEnds)) == 0;
}
