/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is remembered of one TCP connection, UDP flow or EAP exchange, and how a packet finds it.
 *
 * In: packets. Out: the stream, which of its two ends sent the packet, and whether a message begins a handshake on it.
 */
#ifndef TLSFIT_STREAM_H
#define TLSFIT_STREAM_H

#include "extract.h"
#include "tlsfit.h"
#include "transport.h"
#include "wanted.h"
#include "ws_compat.h"

typedef struct {
    TlsfitTransport transport;
    gboolean        is_tcp;
    address         first_address;  /* of end 0: the sender of the first frame seen */
    guint32         first_port;
    int             client_end;     /* 0 or 1; -1: not known */
    Transport       tcp;            /* by end */
    ExtractSender   senders[2];     /* by end */

    TlsfitSession  *session;        /* the handshake that goes on or was the last; NULL: none yet */
    gboolean        open;           /* it still wants to know of packets */
    gboolean        answered;       /* it has a ServerHello that is no HelloRetryRequest */
    gboolean        retry;          /* another ClientHello was asked for */
    gboolean        has_random;
    guint8          random[32];     /* of its ClientHello */
    GArray         *identities;     /* of guint64: messages seen, for retransmissions; NULL: none */
    GPtrArray      *later;          /* what came after a reset: aftermath.c; NULL: nothing */
} Stream;

void stream_table_open(void);
void stream_table_close(void);

/* The stream of a packet. With CREATE one is made where there is none; otherwise NULL. */
Stream *stream_find(packet_info *pinfo, gboolean is_tcp, gboolean create);

/* Remembers the TTL of a SYN, ACK for the connection that may become a stream: for the latest some thousand of them. It
 * is often the only packet of a server before a middlebox resets the connection in its name. */
void stream_note_answer(const proto_tree *tree, const packet_info *pinfo);

/* The end that sent the packet. */
int stream_sender(const Stream *stream, const packet_info *pinfo);

/* Does MESSAGE begin a handshake? A ClientHello does, unless it answers a retry request or is the same one again
 * with a cookie; a ServerHello where its ClientHello was not captured; other plain messages only where nothing of the
 * handshake was seen before. */
gboolean stream_begins_handshake(const Stream *stream, const TlsfitMessage *message, const HandshakeHello *hello);

/* Remembers what later messages are told by, or read with. */
void stream_note_hello(Stream *stream, const TlsfitMessage *message, const HandshakeHello *hello);

/* TRUE where a message of this identity was seen in the handshake; remembers it. */
gboolean stream_seen(Stream *stream, guint64 identity);

/* A new handshake begins on the stream. */
void stream_restart(Stream *stream);

/* The handshake is over: frees what only an open one needs, as most streams have one handshake and then none. */
void stream_rest(Stream *stream);

#endif
