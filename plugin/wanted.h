/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of Wireshark that the plugin uses: one table of names, ids and kinds, for TLS and DTLS alike.
 *
 * In: a field of the tree. Out: what it is to us. Walks no tree.
 */
#ifndef TLSFIT_WANTED_H
#define TLSFIT_WANTED_H

#include "handshake.h"
#include "ws_compat.h"

/* What a node is to the walk over a frame. */
typedef enum {
    KIND_NONE,
    KIND_RECORD,
    KIND_HANDSHAKE,
    KIND_CERTIFICATE,
    KIND_ALERT,
    KIND_FRAGMENTS, /* the bytes of a DTLS message that came in several datagrams */
    KIND_PART       /* inside a message: never asked for, looked for when something is to be shown on it */
} NodeKind;

/* The TCP header of a frame. */
typedef struct {
    guint32  sequence; /* as on the wire, not relative */
    guint32  acknowledgement;
    guint32  payload_bytes;
    guint16  window;         /* as on the wire, without its scale */
    gboolean has_acknowledgement;
    gboolean syn, fin, reset;
    guint8   ttl;            /* of the IP header in front of it, or its hop limit; 0: not found */
    guint16  identification; /* of an IPv4 header; 0: not found */
} WantedTcp;

/* What of TLS a frame has. */
typedef struct {
    gboolean any;        /* a record or a handshake message */
    gboolean handshakes; /* a handshake message, readable or not */
    gboolean is_dtls;
} WantedTls;

/* Looks up the ids: once, when all protocols are registered. A field that this Wireshark does not have is never
 * seen. */
void wanted_resolve(void);

/* The ids to give to set_postdissector_wanted_hfids(): of int, owned by the caller. */
GArray *wanted_ids_new(void);

/* OVER_TCP: DTLS need not be looked for. */
WantedTls wanted_tls(const proto_tree *tree, gboolean over_tcp);

/* TRUE where TCP is the last protocol of the frame but for OWN_PROTOCOL: there is no TLS in it. */
gboolean wanted_is_bare_tcp(const packet_info *pinfo, int own_protocol);

/* TRUE where TCP says SYN and ACK: costs no more than a look at the flags. */
gboolean wanted_is_syn_ack(const proto_tree *tree);

/* FALSE where the frame has no TCP header, or the capture lacks it. */
gboolean wanted_tcp(const proto_tree *tree, const packet_info *pinfo, WantedTcp *tcp);

/* What FIELD is; PLACE and IS_DTLS are set where it is anything. */
NodeKind wanted_kind(const field_info *field, PlaceItem *place, gboolean *is_dtls);

/* TRUE where FIELD is the node that stands for ITEM, a part of a message included. */
gboolean wanted_is(const field_info *field, PlaceItem item);

/* TRUE for the protocol nodes of TLS and DTLS. */
gboolean wanted_is_protocol(const field_info *field);

#endif
