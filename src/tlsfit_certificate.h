/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: certificates (certificate*.c). Part of tlsfit.h, whose conventions hold.
 *
 * The facts of a certificate, read from its DER, and the certificates of a file. Verifies no chain and trusts nobody.
 */
#ifndef TLSFIT_PUBLIC_CERTIFICATE_H
#define TLSFIT_PUBLIC_CERTIFICATE_H

#include "tlsfit_names.h"

G_BEGIN_DECLS

/* An X.509 extension, or how its OID and flag read. */
typedef struct {
    char    *oid;
    gboolean critical;
} TlsfitCertExtension;

/* What one certificate says. Parsed once for the same bytes, shared, reference counted, never changed. */
typedef struct TlsfitCertificate {
    GBytes   *der;
    gboolean  readable;         /* FALSE: no X.509 (RFC 5280) could be read; only der, bytes and error hold */
    char     *error;            /* why not, in words; NULL when readable */
    guint     bytes;            /* length of the DER encoding */
    int       version;          /* 1, 2 or 3 */
    char     *subject;          /* RFC 4514 text, for people */
    char     *issuer;
    GBytes   *subject_der;      /* the encoded names, for comparison byte by byte (RFC 5280, 7.1 has the weaker rule) */
    GBytes   *issuer_der;
    char     *serial;           /* hexadecimal */
    TlsfitCertSignature signature;
    char     *signature_oid;
    guint     signer_bits;      /* size of the key that made the signature, read from the signature itself: the
                                   modulus length for RSA, else the smallest of 256, 384, 521 that fits an ECDSA
                                   signature; 0 where that cannot be told */
    TlsfitKeyType key_type;
    char     *key_oid;
    guint     key_bits;         /* modulus bits, or the field size of the curve */
    guint     curve;            /* TLSFIT_NAME_GROUP value; 0: no EC key, or a curve without a code point */
    char     *curve_oid;        /* NULL where there is none (explicit parameters: see explicit_curve) */
    gboolean  explicit_curve;   /* the curve is spelled out (ecParameters), not named: RFC 5480, 2.1.1 forbids it */
    GBytes   *spki_sha256;      /* 32 bytes */
    gint64    not_before_s;     /* seconds since 1970, UTC */
    gint64    not_after_s;
    gboolean  is_ca;            /* basicConstraints cA */
    int       path_length;      /* pathLenConstraint, -1 without */
    gboolean  has_key_usage;
    guint     key_usage;        /* TLSFIT_USAGE_* */
    gboolean  has_extended_key_usage;
    gboolean  for_server_auth;  /* id-kp-serverAuth or anyExtendedKeyUsage is listed */
    gboolean  for_client_auth;
    GPtrArray *dns_names;       /* of char *, from subjectAltName */
    GPtrArray *ip_addresses;    /* of char *, in text form, from subjectAltName */
    char     *common_name;      /* the last one of the subject, or NULL */
    GBytes   *subject_key_id;   /* NULL without */
    GBytes   *authority_key_id; /* keyIdentifier; NULL without */
    GArray   *extensions;       /* of TlsfitCertExtension */
    gboolean  self_issued;      /* subject and issuer are the same bytes */
    gboolean  self_signed;      /* self-issued, and the signature verifies with its own key (or cannot be checked
                                   but the key identifiers agree) */
    int       references;
} TlsfitCertificate;

#define TLSFIT_USAGE_DIGITAL_SIGNATURE 0x01u
#define TLSFIT_USAGE_KEY_ENCIPHERMENT  0x02u
#define TLSFIT_USAGE_KEY_AGREEMENT     0x04u
#define TLSFIT_USAGE_CERT_SIGN         0x08u

/* The facts of one DER certificate. The same bytes give the same object while anybody holds it, and for a bounded
 * number of certificates after that, so that a certificate seen ten thousand times is parsed once. Never NULL: what
 * is no certificate gives one that is not readable. LENGTH may be 0. Free with tlsfit_certificate_unref(). */
TlsfitCertificate *tlsfit_certificate_from_der(const guint8 *der, gsize length);
TlsfitCertificate *tlsfit_certificate_ref(TlsfitCertificate *certificate);
void tlsfit_certificate_unref(TlsfitCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitCertificate, tlsfit_certificate_unref)

/* Is ISSUER, by name and key identifiers, who certified CERTIFICATE? Names are the same when their text is, letter case
 * aside (RFC 5280, 7.1). No signature is verified. FALSE where one of them is not readable. */
gboolean tlsfit_certificate_certifies(const TlsfitCertificate *issuer, const TlsfitCertificate *certificate);

/* How often DER has really been parsed since the start: for tests and benchmarks. */
guint tlsfit_certificate_parse_count(void);

/* Reads all certificates of a PEM or DER file, in file order. NULL and ERROR where the file cannot be read or holds none.
 * Array of TlsfitCertificate, owned by the caller. */
GPtrArray *tlsfit_certificates_from_file(const char *path, GError **error);

/* The same with what else is in the file. */
typedef struct {
    GPtrArray *certificates; /* of TlsfitCertificate, at least one */
    guint      private_keys; /* PEM blocks */
    char      *others;       /* labels of PEM blocks that are neither, separated by ", "; NULL: none */
    gboolean   cut;          /* a PEM block without its end, or bytes behind the DER that are no certificate */
} TlsfitBundle;

/* PATH "-" is standard input. The message of ERROR begins with PATH (or "standard input") and says what to do. */
TlsfitBundle *tlsfit_bundle_read(const char *path, GError **error);
void tlsfit_bundle_free(TlsfitBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitBundle, tlsfit_bundle_free)

G_END_DECLS

#endif
