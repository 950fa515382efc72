/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of one handshake message in, a TlsfitMessage out.
 *
 * Wireshark has found, decrypted and put together the message; what is inside is read here rather than from a field
 * for each element: a field that is asked for costs time wherever it occurs, and the names differ between versions.
 * Certificates are not read here: their place in the message depends on version and compression, and Wireshark
 * shows each as a node of its own.
 *
 * Includes nothing of Wireshark, and keeps no state. Every byte may be hostile.
 */
#ifndef TLSFIT_HANDSHAKE_H
#define TLSFIT_HANDSHAKE_H

#include "tlsfit.h"

/* What the message's meaning depends on, and what its parts are called in places. */
typedef struct {
    guint       version;  /* negotiated so far, as on the wire; 0: not known */
    guint       suite;    /* negotiated so far; 0: not known */
    gboolean    is_dtls;
    TlsfitPlace place;    /* of the message; parts get its frame and nth */
} HandshakeContext;

/* What a place's item means below a handshake message. 0 is the frame as a whole. */
typedef enum {
    PLACE_FRAME,
    PLACE_HANDSHAKE,   /* nth: which handshake node of the frame; the same for all parts below */
    PLACE_VERSION,
    PLACE_SUITES,      /* the list that is offered */
    PLACE_SUITE,       /* the one that is selected */
    PLACE_VERSIONS,    /* supported_versions */
    PLACE_GROUPS,
    PLACE_KEY_SHARE,
    PLACE_KEY_SHARE_RETRY,  /* the group that a HelloRetryRequest asks for */
    PLACE_SCHEMES_FIRST,    /* the first list of signature schemes in the message */
    PLACE_SCHEMES_SECOND,   /* the other one (signature_algorithms_cert mostly) */
    PLACE_SCHEME,           /* the scheme that signed */
    PLACE_CERTIFICATE_TYPES,
    PLACE_NAMED_CURVE,
    PLACE_DH,
    PLACE_CERTIFICATE,      /* nth: which certificate node of the frame */
    PLACE_ALERT,            /* nth: which alert node of the frame */
    PLACE_RECORD,           /* nth: which record node of the frame */
    PLACE_COUNT
} PlaceItem;

/* The 32 random bytes of a hello. */
typedef struct {
    gboolean has_random;
    guint8   random[32];
} HandshakeHello;

/* Reads the body (without header) of a message of the given type into MESSAGE, which has been initialised by the
 * caller and gets everything but side, bytes, fragments and certificates. A body that ends early leaves what could be
 * read and sets truncated. HELLO may be NULL. */
void handshake_read(TlsfitMessage *message, guint type, const guint8 *body, gsize length,
                    const HandshakeContext *context, HandshakeHello *hello);

#endif
