/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files certificate*.c share: one makes the facts (certificate.c, with certificate_key.c and
 * certificate_extensions.c), one keeps them (certificate_cache.c), one reads files (certificate_file.c).
 */
#ifndef TLSFIT_CERTIFICATE_H
#define TLSFIT_CERTIFICATE_H

#include "der.h"
#include "tlsfit.h"

/* What is longer is not read: no certificate in use comes near (OpenSSL refuses a whole chain of this size by default),
 * and a hostile one must not cost seconds. */
#define TLSFIT_CERTIFICATE_READ_BYTES_MAX (100u * 1024u)

/* The same for the distinguished names in it: GnuTLS takes the square of their length. */
#define TLSFIT_CERTIFICATE_NAME_BYTES_MAX (16u * 1024u)

/* The parts of a Certificate (RFC 5280, 4.1), pointing into its bytes. */
typedef struct {
    TlsfitDer tbs;           /* whole: what is signed */
    int       version;
    TlsfitDer serial;        /* content */
    TlsfitDer issuer;        /* whole */
    TlsfitDer not_before;    /* whole */
    TlsfitDer not_after;     /* whole */
    TlsfitDer subject;       /* whole */
    TlsfitDer spki;          /* whole */
    TlsfitDer extensions;    /* content of the SEQUENCE; length 0: none */
    TlsfitDer algorithm;     /* content of signatureAlgorithm */
    TlsfitDer signature;     /* the bytes of the bit string */
} TlsfitCertificateParts;

/* Fills FACTS, which is zero but for der and bytes. */
void tlsfit_certificate_parse(TlsfitCertificate *facts);

/* Frees what FACTS holds, not FACTS itself. */
void tlsfit_certificate_clear(TlsfitCertificate *facts);

/* subjectPublicKeyInfo: key_type, key_oid, key_bits, curve, curve_oid, explicit_curve, spki_sha256. */
void tlsfit_certificate_read_key(TlsfitCertificate *facts, const TlsfitCertificateParts *parts);

/* signatureAlgorithm and signatureValue: signature, signature_oid, signer_bits. */
void tlsfit_certificate_read_signature(TlsfitCertificate *facts, const TlsfitCertificateParts *parts);

/* TRUE where checking a signature with the key costs no more than an honest key would: hostile ones are huge. */
gboolean tlsfit_certificate_key_is_cheap(const TlsfitCertificateParts *parts, const TlsfitCertificate *facts);

/* Everything from the extensions. */
void tlsfit_certificate_read_extensions(TlsfitCertificate *facts, const TlsfitCertificateParts *parts);

/* The bytes of the directory names among the subject alternative names. */
gsize tlsfit_certificate_directory_name_bytes(const TlsfitCertificateParts *parts);

/* A certificate without bytes, for one that is known by description only: zero but for an empty der and empty lists;
 * the caller fills it. Never shared, references 1. */
TlsfitCertificate *tlsfit_certificate_described(void);

/* Drops the certificates that nobody holds any more. */
void tlsfit_certificate_cache_clear(void);

#endif
