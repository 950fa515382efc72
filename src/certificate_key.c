/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The key in a certificate and the signature on it.
 *
 * Flow: parts of a certificate in, facts on keys and algorithms out. Read from the DER itself: GnuTLS refuses curves
 * that it does not know, and to a device's limits exactly those matter. This file verifies nothing.
 */
#include "certificate.h"
#include "names.h"

#include <string.h>

#define OID_PSS              "1.2.840.113549.1.1.10"
#define OID_PRIME_FIELD      "1.2.840.10045.1.1"
#define OID_CHAR_TWO_FIELD   "1.2.840.10045.1.2"
#define OID_SHA1             "1.3.14.3.2.26"

#define CHEAP_KEY_BITS_MAX      8192u
#define CHEAP_EXPONENT_BITS_MAX 64u

/* subjectPublicKeyInfo, taken apart. */
typedef struct {
    char     *oid;
    TlsfitDer parameters; /* whole; length 0: absent */
    TlsfitDer key;        /* the bytes of the bit string */
} Spki;

/* The bytes of a bit string's content, without the count of unused bits. */
static TlsfitDer bit_string_bytes(TlsfitDer content)
{
    return content.length > 0 ? (TlsfitDer){ content.data + 1, content.length - 1 } : content;
}

/* AlgorithmIdentifier: its OID, newly allocated, and the element behind it. */
static char *algorithm_read(TlsfitDer algorithm, TlsfitDer *parameters)
{
    TlsfitDer oid;

    *parameters = (TlsfitDer){ NULL, 0 };
    if (!tlsfit_der_take(&algorithm, TLSFIT_DER_OID, &oid, NULL))
        return g_strdup("");
    *parameters = algorithm;
    return tlsfit_der_oid_text(oid);
}

static void spki_read(const TlsfitCertificateParts *parts, Spki *spki)
{
    TlsfitDer rest = parts->spki;
    TlsfitDer content = { NULL, 0 };
    TlsfitDer algorithm = { NULL, 0 };
    TlsfitDer key = { NULL, 0 };

    tlsfit_der_take(&rest, TLSFIT_DER_SEQUENCE, &content, NULL);
    tlsfit_der_take(&content, TLSFIT_DER_SEQUENCE, &algorithm, NULL);
    tlsfit_der_take(&content, TLSFIT_DER_BIT_STRING, &key, NULL);
    spki->oid = algorithm_read(algorithm, &spki->parameters);
    spki->key = bit_string_bytes(key);
}

/* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } (RFC 8017, A.1.1) */
static guint rsa_bits(TlsfitDer key, guint *exponent_bits)
{
    TlsfitDer numbers;
    TlsfitDer modulus;
    TlsfitDer exponent;

    *exponent_bits = 0;
    if (!tlsfit_der_take(&key, TLSFIT_DER_SEQUENCE, &numbers, NULL) ||
        !tlsfit_der_take(&numbers, TLSFIT_DER_INTEGER, &modulus, NULL))
        return 0;
    if (tlsfit_der_take(&numbers, TLSFIT_DER_INTEGER, &exponent, NULL))
        *exponent_bits = tlsfit_der_integer_bits(exponent);
    return tlsfit_der_integer_bits(modulus);
}

/* The first INTEGER of a SEQUENCE: p of Dss-Parms and of DomainParameters (RFC 3279, 2.3.2 and 2.3.3). */
static guint prime_bits(TlsfitDer parameters)
{
    TlsfitDer numbers;
    TlsfitDer prime;

    if (!tlsfit_der_take(&parameters, TLSFIT_DER_SEQUENCE, &numbers, NULL) ||
        !tlsfit_der_take(&numbers, TLSFIT_DER_INTEGER, &prime, NULL))
        return 0;
    return tlsfit_der_integer_bits(prime);
}

/* The field of SpecifiedECDomain (SEC 1, C.2): SEQUENCE { version, SEQUENCE { fieldType, parameters }, ... } */
static guint explicit_field_bits(TlsfitDer domain)
{
    TlsfitDer version;
    TlsfitDer field;
    TlsfitDer type;
    TlsfitDer polynomial;
    TlsfitDer number;
    g_autofree char *oid = NULL;

    if (!tlsfit_der_take(&domain, TLSFIT_DER_INTEGER, &version, NULL) ||
        !tlsfit_der_take(&domain, TLSFIT_DER_SEQUENCE, &field, NULL) ||
        !tlsfit_der_take(&field, TLSFIT_DER_OID, &type, NULL))
        return 0;
    oid = tlsfit_der_oid_text(type);
    if (strcmp(oid, OID_PRIME_FIELD) == 0 && tlsfit_der_take(&field, TLSFIT_DER_INTEGER, &number, NULL))
        return tlsfit_der_integer_bits(number);
    if (strcmp(oid, OID_CHAR_TWO_FIELD) == 0 && tlsfit_der_take(&field, TLSFIT_DER_SEQUENCE, &polynomial, NULL) &&
        tlsfit_der_take(&polynomial, TLSFIT_DER_INTEGER, &number, NULL) && number.length <= 2) {
        guint degree = 0;

        for (gsize i = 0; i < number.length; i++)
            degree = degree << 8 | number.data[i];
        return degree;
    }
    return 0;
}

/* EcpkParameters (RFC 3279, 2.3.5): a name, a whole curve, or NULL for the issuer's. */
static void curve_read(TlsfitCertificate *facts, TlsfitDer parameters)
{
    TlsfitDer content;

    if (tlsfit_der_take(&parameters, TLSFIT_DER_OID, &content, NULL)) {
        facts->curve_oid = tlsfit_der_oid_text(content);
        facts->curve = tlsfit_group_by_oid(facts->curve_oid, &facts->key_bits);
    } else if (tlsfit_der_take(&parameters, TLSFIT_DER_SEQUENCE, &content, NULL)) {
        facts->explicit_curve = TRUE;
        facts->key_bits = explicit_field_bits(content);
    }
}

/* GOST R 34.10: the key's length is in its OID (RFC 4491, 2.3; RFC 9215, 2). */
static guint gost_bits(const char *oid)
{
    return strcmp(oid, "1.2.643.7.1.1.1.2") == 0 ? 512 : strcmp(oid, "1.2.643.2.2.20") == 0 ? 1024 : 256;
}

void tlsfit_certificate_read_key(TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize digest_bytes = sizeof digest;
    guint exponent_bits;
    Spki spki;

    g_checksum_update(checksum, parts->spki.data, (gssize)parts->spki.length);
    g_checksum_get_digest(checksum, digest, &digest_bytes);
    facts->spki_sha256 = g_bytes_new(digest, digest_bytes);

    spki_read(parts, &spki);
    facts->key_oid = spki.oid;
    facts->key_type = tlsfit_key_type_by_oid(spki.oid);
    switch (facts->key_type) {
    case TLSFIT_KEY_RSA:
    case TLSFIT_KEY_RSA_PSS:
        facts->key_bits = rsa_bits(spki.key, &exponent_bits);
        break;
    case TLSFIT_KEY_EC:
        curve_read(facts, spki.parameters);
        break;
    case TLSFIT_KEY_ED25519:
        facts->key_bits = 255; /* RFC 8032, 5.1: the field of 2^255 - 19 */
        break;
    case TLSFIT_KEY_ED448:
        facts->key_bits = 448; /* RFC 8032, 5.2 */
        break;
    case TLSFIT_KEY_DSA:
    case TLSFIT_KEY_DH:
        facts->key_bits = prime_bits(spki.parameters);
        break;
    case TLSFIT_KEY_GOST:
        facts->key_bits = gost_bits(spki.oid);
        break;
    case TLSFIT_KEY_ML_DSA: /* has no modulus and no curve */
    case TLSFIT_KEY_UNKNOWN:
        break;
    }
}

gboolean tlsfit_certificate_key_is_cheap(const TlsfitCertificateParts *parts, const TlsfitCertificate *facts)
{
    guint exponent_bits = 0;
    Spki spki;

    spki_read(parts, &spki);
    if (facts->key_type == TLSFIT_KEY_RSA || facts->key_type == TLSFIT_KEY_RSA_PSS)
        rsa_bits(spki.key, &exponent_bits);
    g_free(spki.oid);
    return facts->key_bits <= CHEAP_KEY_BITS_MAX && exponent_bits <= CHEAP_EXPONENT_BITS_MAX;
}

/* RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, ... } (RFC 4055, 3.1) */
static TlsfitCertSignature pss_signature(TlsfitDer parameters)
{
    TlsfitDer fields;
    TlsfitDer tagged;
    TlsfitDer hash;
    TlsfitDer ignored;
    g_autofree char *oid = NULL;

    if (!tlsfit_der_take(&parameters, TLSFIT_DER_SEQUENCE, &fields, NULL))
        return TLSFIT_SIGNATURE_UNKNOWN;
    if (!tlsfit_der_take(&fields, TLSFIT_DER_CONSTRUCTED(0), &tagged, NULL))
        return tlsfit_cert_signature_by_pss_hash(OID_SHA1);
    if (!tlsfit_der_take(&tagged, TLSFIT_DER_SEQUENCE, &hash, NULL))
        return TLSFIT_SIGNATURE_UNKNOWN;
    oid = algorithm_read(hash, &ignored);
    return tlsfit_cert_signature_by_pss_hash(oid);
}

/* ECDSA-Sig-Value ::= SEQUENCE { r, s } (RFC 3279, 2.2.3), both below the order of the signer's curve. */
static guint ecdsa_signer_bits(TlsfitDer signature)
{
    TlsfitDer numbers;
    TlsfitDer r;
    TlsfitDer s;
    guint bytes;

    if (!tlsfit_der_take(&signature, TLSFIT_DER_SEQUENCE, &numbers, NULL) ||
        !tlsfit_der_take(&numbers, TLSFIT_DER_INTEGER, &r, NULL) ||
        !tlsfit_der_take(&numbers, TLSFIT_DER_INTEGER, &s, NULL))
        return 0;
    bytes = (MAX(tlsfit_der_integer_bits(r), tlsfit_der_integer_bits(s)) + 7) / 8;
    return bytes == 0 ? 0 : bytes <= 32 ? 256 : bytes <= 48 ? 384 : bytes <= 66 ? 521 : 0;
}

void tlsfit_certificate_read_signature(TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    TlsfitDer parameters;

    facts->signature_oid = algorithm_read(parts->algorithm, &parameters);
    if (strcmp(facts->signature_oid, OID_PSS) == 0)
        facts->signature = pss_signature(parameters);
    else
        facts->signature = tlsfit_cert_signature_by_oid(facts->signature_oid);
    switch (tlsfit_cert_signature_key_type(facts->signature)) {
    case TLSFIT_KEY_RSA:
        facts->signer_bits = (guint)parts->signature.length * 8;
        break;
    case TLSFIT_KEY_EC:
        facts->signer_bits = ecdsa_signer_bits(parts->signature);
        break;
    default:
        break;
    }
}
