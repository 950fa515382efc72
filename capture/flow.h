/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One TCP flow as the first look at a capture follows it: packets in, and out whether their dissection can matter.
 *
 * Wireshark's dissectors and the plugin have to find the same whether or not the packets that are left out are there.
 * So whatever is not plain, complete TLS from the first byte on makes the flow one that is dissected as a whole.
 * Bounded state; keeps no bytes but the header of a record.
 */
#ifndef TLSFIT_FLOW_H
#define TLSFIT_FLOW_H

#include "packet.h"

/* One direction. */
typedef struct {
    guint32  next;       /* sequence number after the last byte seen */
    guint32  data_from;  /* where application data begins; valid where has_data */
    guint32  left;       /* bytes of the record that are still to come */
    guint8   header[5];  /* of the record that is being read or comes next */
    guint8   have;       /* bytes of it */
    gboolean started;
    gboolean has_record; /* the first record was right */
    gboolean has_data;
} FlowSide;

typedef struct {
    FlowSide sides[2]; /* by Packet.sender */
    guint    client;   /* the one that spoke first; valid where has_client */
    gboolean has_client;
    gboolean alerted;
    gboolean whole;    /* dissect every packet */
    gboolean foreign;  /* no TLS from the first byte on: other flows may depend on it */
    guint32  packets;  /* all of them */
    guint32  needed;   /* those that were FLOW_NEEDED */
    guint    pair;     /* index of the two hosts' entry */
    guint    owner;    /* the process that dissects it */
    gboolean open;     /* while dissecting: it has an open handshake */
} Flow;

typedef enum {
    FLOW_IF_OPEN, /* matters only while a handshake of the flow is open: headers, application data, alerts */
    FLOW_NEEDED   /* always: what begins a flow, handshake records */
} FlowNeed;

FlowNeed flow_take(Flow *flow, const Packet *packet);

#endif
