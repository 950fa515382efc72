/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a ClientHello amounts to, for the rules that ask why no ServerHello came.
 */
#ifndef TLSFIT_OFFER_H
#define TLSFIT_OFFER_H

#include "tlsfit.h"

typedef struct {
    guint    suites;            /* real ones: neither GREASE nor signalling values */
    guint    unusable;          /* of these: need a server signature that no offered scheme can make */
    guint    unusable_example;  /* one of them; 0 without */
    TlsfitAuth unusable_auth;   /* what the unusable ones need */
    gboolean modern;            /* a TLS 1.3 suite, or (EC)DHE with AEAD, is among the suites */
    gboolean modern_usable;     /* the same among the usable ones */
    gboolean only_ecdsa;        /* every usable suite needs an ECDSA certificate */
    gboolean schemes_known;     /* signature_algorithms is there */
    gboolean rsa_pkcs1;         /* an rsa_pkcs1_* scheme (MD5 left out) */
    gboolean rsa_pss;           /* an rsa_pss_* scheme */
    gboolean ecdsa;             /* an ECDSA or EdDSA scheme */
    gboolean tls13;             /* offered */
    gboolean tls12_or_older;    /* offered */
    gboolean needs_group;       /* every usable suite needs a group of supported_groups */
} TlsfitOffer;

void tlsfit_offer_read(const TlsfitMessage *hello, TlsfitOffer *offer);

/* Is any of CODES something that ANSWERER supports? TLSFIT_OK: at least one. TLSFIT_UNKNOWN: its profile leaves it
 * open. TLSFIT_CANNOT or TLSFIT_SUSPECT: none, by SOURCE, and LIMIT (newly allocated) says what it would take. */
TlsfitStatus tlsfit_offer_answered(const TlsfitDevice *answerer, TlsfitSet set, const TlsfitCodes *codes,
                                   const TlsfitSource **source, char **limit);

/* Has ANSWERER a certificate for one of SUITES that it may use at all? Same result. */
TlsfitStatus tlsfit_offer_certified(const TlsfitDevice *answerer, const TlsfitCodes *suites, const TlsfitSource **source,
                                    char **limit);

/* FALSE where none of the offered signature schemes is for a key that ANSWERER has in a certificate. */
gboolean tlsfit_offer_schemes_fit(const TlsfitMessage *hello, const TlsfitDevice *answerer);

/* Does ANSWERER take none of the offered versions before TLS 1.3? Then no suite helps that needs no group. */
gboolean tlsfit_offer_needs_group(const TlsfitMessage *hello, const TlsfitDevice *answerer);

/* "a; b; c and 4 more" of the names of the codes, GREASE and signalling values left out. Newly allocated. */
char *tlsfit_codes_text(TlsfitNameKind kind, const TlsfitCodes *codes, guint most);

#endif
