/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packet tree of one frame in, handshake messages and events out, in the order of the tree.
 *
 * Keeps nothing between frames but what the caller hands it, and judges nothing.
 */
#ifndef TLSFIT_EXTRACT_H
#define TLSFIT_EXTRACT_H

#include "handshake.h"
#include "tlsfit.h"
#include "ws_compat.h"

/* What one sender has done so far on a stream, as far as reading its next frame depends on it. */
typedef struct {
    gboolean ciphered;  /* after its ChangeCipherSpec: what is not decrypted is not readable */
    guint    fragments; /* pieces seen of a message that is not complete yet */
    guint    version;   /* negotiated so far, as on the wire; 0: not known. Set by the caller */
    guint    suite;     /* the same */
} ExtractSender;

/* Who gets what was found. What a message holds may be moved out of it; the rest is freed after the call. IDENTITY is
 * equal for equal messages and differs for practically all others; 0 for ciphertext. HELLO is NULL for ciphertext. */
typedef struct {
    void (*message)(TlsfitMessage *message, guint64 identity, const HandshakeHello *hello, gpointer user_data);
    void (*event)(const TlsfitEvent *event, gpointer user_data);
    gpointer user_data;
} ExtractReceiver;

/* Gives everything of the frame to RECEIVER, which must not change the tree. The sides of messages and events are not
 * set. */
void extract_frame(const proto_tree *tree, guint32 frame, ExtractSender *sender, const ExtractReceiver *receiver);

/* The node that PLACE means in this frame's tree; where that very node is not there, the nearest one around it:
 * the handshake message, then the protocol; NULL where the tree has none of these. */
proto_item *extract_find(proto_tree *tree, TlsfitPlace place);

#endif
