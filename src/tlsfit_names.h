/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: IANA code points, OIDs and their properties (names.c). Part of tlsfit.h, whose conventions hold.
 *
 * What the registries call a number, what number a name stands for, and what follows from a cipher suite, a key or a
 * signature by itself. Knows no device.
 */
#ifndef TLSFIT_PUBLIC_NAMES_H
#define TLSFIT_PUBLIC_NAMES_H

#include <glib.h>

G_BEGIN_DECLS

/* The kinds of things that have names. The value of an entry is the IANA code point, except for certificate
 * signatures and key types, which X.509 names by OID: their values are TlsfitCertSignature and TlsfitKeyType. */
typedef enum {
    TLSFIT_NAME_VERSION,           /* TLS1.2, DTLS1.2; values as on the wire: 0x0303, 0xFEFD */
    TLSFIT_NAME_CIPHER_SUITE,      /* TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 */
    TLSFIT_NAME_GROUP,             /* secp256r1 (registry TLS Supported Groups) */
    TLSFIT_NAME_SIGNATURE_SCHEME,  /* ecdsa_secp256r1_sha256; TLS 1.2 pairs without a scheme: sha224_ecdsa */
    TLSFIT_NAME_CERT_SIGNATURE,    /* ecdsa-with-SHA256 */
    TLSFIT_NAME_KEY_TYPE,          /* rsa, ec, ed25519 */
    TLSFIT_NAME_ALERT,             /* bad_record_mac */
    TLSFIT_NAME_HANDSHAKE,         /* client_hello */
    TLSFIT_NAME_EXTENSION          /* server_name */
} TlsfitNameKind;

/* The name of VALUE, or NULL where the registry (as of the date in the table's file) has none. Static. */
const char *tlsfit_name(TlsfitNameKind kind, guint value);

/* The name of VALUE, or its number as 0xNNNN where it has none. Newly allocated. */
char *tlsfit_name_or_number(TlsfitNameKind kind, guint value);

/* Looks NAME up, ignoring case; a number (0xC023 or decimal) stands for itself and need not be registered.
 * FALSE, and VALUE untouched, where it is neither. */
gboolean tlsfit_name_parse(TlsfitNameKind kind, const char *name, guint *value);

/* TRUE for the reserved GREASE values of 16 bits (RFC 8701), which no finding may ever mention. */
gboolean tlsfit_is_grease(guint value);

/* How the keys are agreed upon and who signs: from the name of a cipher suite. TLS 1.3 suites fix neither. */
typedef enum {
    TLSFIT_KX_ANY,   /* TLS 1.3, and suites that are not known */
    TLSFIT_KX_RSA,   /* key transport: no ServerKeyExchange signature, the certificate's key encrypts */
    TLSFIT_KX_DH,    /* static */
    TLSFIT_KX_ECDH,  /* static */
    TLSFIT_KX_DHE,
    TLSFIT_KX_ECDHE,
    TLSFIT_KX_PSK,   /* any suite that authenticates by pre-shared key, SRP or password alone */
    TLSFIT_KX_OTHER  /* KRB5, GOST, NULL and the signalling values (SCSV) */
} TlsfitKx;

typedef enum {
    TLSFIT_AUTH_ANY,   /* TLS 1.3, and suites that are not known */
    TLSFIT_AUTH_RSA,
    TLSFIT_AUTH_ECDSA, /* also Ed25519 and Ed448 (RFC 8422, section 2.1) */
    TLSFIT_AUTH_DSS,
    TLSFIT_AUTH_ANON,
    TLSFIT_AUTH_PSK,
    TLSFIT_AUTH_OTHER
} TlsfitAuth;

typedef struct {
    const char *name;
    TlsfitKx    kx;
    TlsfitAuth  auth;
    gboolean    aead;     /* GCM, CCM, ChaCha20-Poly1305 */
    gboolean    is_tls13; /* defined for TLS 1.3 alone */
    gboolean    is_scsv;  /* a signalling value, not a suite (RFC 5746, RFC 7507) */
} TlsfitSuite;

/* The properties of a cipher suite; never NULL: an unknown one has the name NULL and TLSFIT_KX_ANY. Static. */
const TlsfitSuite *tlsfit_suite(guint code);

/* The public key algorithm in a certificate (subjectPublicKeyInfo) or behind a signature. */
typedef enum {
    TLSFIT_KEY_UNKNOWN,
    TLSFIT_KEY_RSA,     /* rsaEncryption */
    TLSFIT_KEY_RSA_PSS, /* id-RSASSA-PSS */
    TLSFIT_KEY_EC,      /* id-ecPublicKey */
    TLSFIT_KEY_ED25519,
    TLSFIT_KEY_ED448,
    TLSFIT_KEY_DSA,
    TLSFIT_KEY_DH,
    TLSFIT_KEY_GOST,
    TLSFIT_KEY_ML_DSA
} TlsfitKeyType;

/* A key in a few words: "RSA 2048", "EC secp256r1", "Ed25519"; BITS is what RSA keys have, CURVE (a TLSFIT_NAME_GROUP
 * value) what EC keys have, and each may be 0: not known. Newly allocated. */
char *tlsfit_key_text(TlsfitKeyType type, guint bits, guint curve);

/* The signatureAlgorithm of a certificate; RSASSA-PSS by its hash, as that decides what a device can verify. */
typedef enum {
    TLSFIT_SIGNATURE_UNKNOWN,
    TLSFIT_SIGNATURE_MD2_RSA,
    TLSFIT_SIGNATURE_MD5_RSA,
    TLSFIT_SIGNATURE_SHA1_RSA,
    TLSFIT_SIGNATURE_SHA224_RSA,
    TLSFIT_SIGNATURE_SHA256_RSA,
    TLSFIT_SIGNATURE_SHA384_RSA,
    TLSFIT_SIGNATURE_SHA512_RSA,
    TLSFIT_SIGNATURE_PSS_SHA1,
    TLSFIT_SIGNATURE_PSS_SHA256,
    TLSFIT_SIGNATURE_PSS_SHA384,
    TLSFIT_SIGNATURE_PSS_SHA512,
    TLSFIT_SIGNATURE_ECDSA_SHA1,
    TLSFIT_SIGNATURE_ECDSA_SHA224,
    TLSFIT_SIGNATURE_ECDSA_SHA256,
    TLSFIT_SIGNATURE_ECDSA_SHA384,
    TLSFIT_SIGNATURE_ECDSA_SHA512,
    TLSFIT_SIGNATURE_ED25519,
    TLSFIT_SIGNATURE_ED448,
    TLSFIT_SIGNATURE_DSA_SHA1,
    TLSFIT_SIGNATURE_DSA_SHA256,
    TLSFIT_SIGNATURE_COUNT
} TlsfitCertSignature;

/* The key type that makes signatures of this kind. */
TlsfitKeyType tlsfit_cert_signature_key_type(TlsfitCertSignature signature);

/* The signature scheme code point that stands for SIGNATURE in signature_algorithms_cert (RFC 8446, 4.2.3), as the
 * TLS 1.2 pair where TLS 1.3 has none; 0 where there is none. A scheme that names a curve stands for its hash here:
 * before TLS 1.3 the pair says nothing of the curve. */
guint tlsfit_cert_signature_scheme(TlsfitCertSignature signature);

/* The key type that a signature scheme needs in the end-entity certificate (rsa_pss_rsae_*: RSA). */
TlsfitKeyType tlsfit_scheme_key_type(guint scheme);

G_END_DECLS

#endif
