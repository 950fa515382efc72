/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DER to the facts of a certificate.
 *
 * Flow: bytes in; GnuTLS decides whether they are a certificate, writes the names as text and checks a self-signature;
 * the rest is read from the DER, where GnuTLS has no call for it or gives up on what is merely unusual. Nothing here
 * needs a trust list, a clock or the network, and nothing is judged. No other files than certificate*.c may know GnuTLS.
 */
#include "certificate.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

/* SEQUENCE { notBefore, notAfter } */
static gboolean validity_split(TlsfitDer rest, TlsfitCertificateParts *parts)
{
    TlsfitDer times;
    TlsfitDer content;
    guint8 tag;

    return tlsfit_der_take(&rest, TLSFIT_DER_SEQUENCE, &times, NULL) &&
           tlsfit_der_next(&times, &tag, &content, &parts->not_before) &&
           tlsfit_der_next(&times, &tag, &content, &parts->not_after);
}

/* TBSCertificate behind its version (RFC 5280, 4.1). */
static gboolean tbs_split(TlsfitDer tbs, TlsfitCertificateParts *parts)
{
    TlsfitDer content;
    TlsfitDer validity;
    guint8 tag;

    if (!tlsfit_der_take(&tbs, TLSFIT_DER_INTEGER, &parts->serial, NULL) ||
        !tlsfit_der_take(&tbs, TLSFIT_DER_SEQUENCE, &content, NULL) ||
        !tlsfit_der_take(&tbs, TLSFIT_DER_SEQUENCE, &content, &parts->issuer) ||
        !tlsfit_der_take(&tbs, TLSFIT_DER_SEQUENCE, &content, &validity) || !validity_split(validity, parts) ||
        !tlsfit_der_take(&tbs, TLSFIT_DER_SEQUENCE, &content, &parts->subject) ||
        !tlsfit_der_take(&tbs, TLSFIT_DER_SEQUENCE, &content, &parts->spki))
        return FALSE;
    while (tlsfit_der_next(&tbs, &tag, &content, NULL))
        if (tag == TLSFIT_DER_CONSTRUCTED(3))
            tlsfit_der_take(&content, TLSFIT_DER_SEQUENCE, &parts->extensions, NULL);
    return TRUE;
}

static gboolean certificate_split(TlsfitDer der, TlsfitCertificateParts *parts)
{
    TlsfitDer certificate;
    TlsfitDer tbs;
    TlsfitDer tagged;
    TlsfitDer number;

    memset(parts, 0, sizeof *parts);
    if (!tlsfit_der_take(&der, TLSFIT_DER_SEQUENCE, &certificate, NULL) ||
        !tlsfit_der_take(&certificate, TLSFIT_DER_SEQUENCE, &tbs, &parts->tbs) ||
        !tlsfit_der_take(&certificate, TLSFIT_DER_SEQUENCE, &parts->algorithm, NULL) ||
        !tlsfit_der_take(&certificate, TLSFIT_DER_BIT_STRING, &parts->signature, NULL) ||
        parts->signature.length == 0)
        return FALSE;
    parts->signature = (TlsfitDer){ parts->signature.data + 1, parts->signature.length - 1 };
    parts->version = 1;
    if (tlsfit_der_take(&tbs, TLSFIT_DER_CONSTRUCTED(0), &tagged, NULL)) {
        if (!tlsfit_der_take(&tagged, TLSFIT_DER_INTEGER, &number, NULL) || number.length != 1 || number.data[0] > 2)
            return FALSE;
        parts->version = number.data[0] + 1;
    }
    return tbs_split(tbs, parts);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar; counts in eras of 400 years that begin on March 1. */
static gint64 days_from_date(int year, int month, int day)
{
    gint64 y = month <= 2 ? year - 1 : year;
    gint64 era = (y >= 0 ? y : y - 399) / 400;
    gint64 year_of_era = y - era * 400;
    gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static int two_digits(const guint8 *text)
{
    return g_ascii_digit_value((char)text[0]) * 10 + g_ascii_digit_value((char)text[1]);
}

/* The forms that RFC 5280, 4.1.2.5 allows. GnuTLS is no help for these: it has an answer of its own for a certificate
 * that never expires. */
static gboolean time_read(TlsfitDer whole, gint64 *seconds)
{
    static const guint8 days_in_month[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    TlsfitDer text;
    guint8 tag;
    gsize at;
    int year;
    int part[5]; /* month, day, hour, minute, second */

    if (!tlsfit_der_next(&whole, &tag, &text, NULL) ||
        !((tag == TLSFIT_DER_UTC_TIME && text.length == 13) ||
          (tag == TLSFIT_DER_GENERALIZED_TIME && text.length == 15)) || text.data[text.length - 1] != 'Z')
        return FALSE;
    for (gsize i = 0; i + 1 < text.length; i++)
        if (!g_ascii_isdigit((char)text.data[i]))
            return FALSE;
    at = text.length - 11;
    year = two_digits(text.data + at - 2);
    year += at == 4 ? two_digits(text.data) * 100 : year >= 50 ? 1900 : 2000;
    for (guint i = 0; i < G_N_ELEMENTS(part); i++)
        part[i] = two_digits(text.data + at + 2 * i);
    if (part[0] < 1 || part[0] > 12 || part[1] < 1 || part[1] > days_in_month[part[0] - 1] || part[2] > 23 ||
        part[3] > 59 || part[4] > 60)
        return FALSE;
    *seconds = days_from_date(year, part[0], part[1]) * 86400 + part[2] * 3600 + part[3] * 60 + part[4];
    return TRUE;
}

/* Two's complement, as the DER has it, to hexadecimal with a sign (RFC 5280 asks for a positive number, and yet). */
static char *serial_text(TlsfitDer serial)
{
    gboolean is_negative = serial.length > 0 && serial.data[0] >= 0x80;
    g_autofree guint8 *bytes = g_memdup2(serial.data, serial.length);
    g_autofree char *hex = NULL;
    guint carry = 1;
    gsize zeros = 0;

    for (gsize i = serial.length; is_negative && i-- > 0;) {
        guint byte = (guint)(guint8)~bytes[i] + carry;

        bytes[i] = (guint8)byte;
        carry = byte >> 8;
    }
    while (zeros + 1 < serial.length && bytes[zeros] == 0)
        zeros++;
    hex = serial.length > 0 ? tlsfit_der_hex((TlsfitDer){ bytes + zeros, serial.length - zeros }) : g_strdup("");
    return g_strconcat(is_negative ? "-" : "", hex, NULL);
}

/* A DirectoryString in UTF-8, whatever it was in. T.61 passes for Latin-1, as everywhere. */
static char *string_text(guint8 tag, TlsfitDer value)
{
    const char *from = tag == TLSFIT_DER_BMP_STRING ? "UTF-16BE" : tag == TLSFIT_DER_UNIVERSAL_STRING ? "UTF-32BE" : NULL;
    char *text = NULL;

    if (from != NULL)
        text = g_convert((const char *)value.data, (gssize)value.length, "UTF-8", from, NULL, NULL, NULL);
    return text != NULL ? text : g_utf8_make_valid((const char *)value.data, (gssize)value.length);
}

/* Name ::= SEQUENCE OF SET OF SEQUENCE { type, value } (RFC 5280, 4.1.2.4) */
static char *common_name_read(TlsfitDer subject)
{
    static const guint8 common_name[] = { 0x55, 0x04, 0x03 }; /* 2.5.4.3 */
    TlsfitDer sets;
    TlsfitDer pairs;
    TlsfitDer pair;
    TlsfitDer oid;
    TlsfitDer value;
    TlsfitDer found = { NULL, 0 };
    guint8 tag = 0;
    guint8 found_tag = 0;

    if (!tlsfit_der_take(&subject, TLSFIT_DER_SEQUENCE, &sets, NULL))
        return NULL;
    while (tlsfit_der_take(&sets, TLSFIT_DER_SET, &pairs, NULL))
        while (tlsfit_der_take(&pairs, TLSFIT_DER_SEQUENCE, &pair, NULL))
            if (tlsfit_der_take(&pair, TLSFIT_DER_OID, &oid, NULL) && tlsfit_der_next(&pair, &tag, &value, NULL) &&
                oid.length == sizeof common_name && memcmp(oid.data, common_name, sizeof common_name) == 0) {
                found = value;
                found_tag = tag;
            }
    return found.data != NULL ? string_text(found_tag, found) : NULL;
}

/* RFC 4514 text from GnuTLS; a name that it cannot write is shown by its bytes. */
static char *name_text(TlsfitDer whole)
{
    const gnutls_datum_t der = { (guint8 *)whole.data, (guint)whole.length };
    gnutls_datum_t text = { NULL, 0 };
    gnutls_x509_dn_t name;
    g_autofree char *hex = NULL;
    char *valid = whole.length == 2 ? g_strdup("") : NULL; /* an empty SEQUENCE, which GnuTLS takes for no name */

    if (valid == NULL && gnutls_x509_dn_init(&name) >= 0) {
        if (gnutls_x509_dn_import(name, &der) >= 0 && gnutls_x509_dn_get_str2(name, &text, 0) >= 0) {
            valid = g_utf8_make_valid((const char *)text.data, (gssize)text.size);
            gnutls_free(text.data);
        }
        gnutls_x509_dn_deinit(name);
    }
    if (valid != NULL)
        return valid;
    hex = tlsfit_der_hex(whole);
    return g_strconcat("#", hex, NULL);
}

static void read_names(TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    facts->subject = name_text(parts->subject);
    facts->issuer = name_text(parts->issuer);
    facts->subject_der = g_bytes_new(parts->subject.data, parts->subject.length);
    facts->issuer_der = g_bytes_new(parts->issuer.data, parts->issuer.length);
    facts->self_issued = g_bytes_equal(facts->subject_der, facts->issuer_der);
    facts->common_name = common_name_read(parts->subject);
    facts->serial = serial_text(parts->serial);
}

/* RFC 5280 wants seconds and Z; older certificates deviate, and GnuTLS knows how. */
static gboolean time_read_leniently(TlsfitDer whole, time_t from_gnutls, gint64 *seconds)
{
    if (time_read(whole, seconds))
        return TRUE;
    *seconds = from_gnutls;
    return from_gnutls != (time_t)-1;
}

static gnutls_sign_algorithm_t gnutls_signature(TlsfitCertSignature signature)
{
    static const gnutls_sign_algorithm_t table[TLSFIT_SIGNATURE_COUNT] = {
        [TLSFIT_SIGNATURE_MD2_RSA] = GNUTLS_SIGN_RSA_MD2,
        [TLSFIT_SIGNATURE_MD5_RSA] = GNUTLS_SIGN_RSA_MD5,
        [TLSFIT_SIGNATURE_SHA1_RSA] = GNUTLS_SIGN_RSA_SHA1,
        [TLSFIT_SIGNATURE_SHA224_RSA] = GNUTLS_SIGN_RSA_SHA224,
        [TLSFIT_SIGNATURE_SHA256_RSA] = GNUTLS_SIGN_RSA_SHA256,
        [TLSFIT_SIGNATURE_SHA384_RSA] = GNUTLS_SIGN_RSA_SHA384,
        [TLSFIT_SIGNATURE_SHA512_RSA] = GNUTLS_SIGN_RSA_SHA512,
        [TLSFIT_SIGNATURE_PSS_SHA256] = GNUTLS_SIGN_RSA_PSS_SHA256,
        [TLSFIT_SIGNATURE_PSS_SHA384] = GNUTLS_SIGN_RSA_PSS_SHA384,
        [TLSFIT_SIGNATURE_PSS_SHA512] = GNUTLS_SIGN_RSA_PSS_SHA512,
        [TLSFIT_SIGNATURE_ECDSA_SHA1] = GNUTLS_SIGN_ECDSA_SHA1,
        [TLSFIT_SIGNATURE_ECDSA_SHA224] = GNUTLS_SIGN_ECDSA_SHA224,
        [TLSFIT_SIGNATURE_ECDSA_SHA256] = GNUTLS_SIGN_ECDSA_SHA256,
        [TLSFIT_SIGNATURE_ECDSA_SHA384] = GNUTLS_SIGN_ECDSA_SHA384,
        [TLSFIT_SIGNATURE_ECDSA_SHA512] = GNUTLS_SIGN_ECDSA_SHA512,
        [TLSFIT_SIGNATURE_ED25519] = GNUTLS_SIGN_EDDSA_ED25519,
        [TLSFIT_SIGNATURE_ED448] = GNUTLS_SIGN_EDDSA_ED448,
        [TLSFIT_SIGNATURE_DSA_SHA1] = GNUTLS_SIGN_DSA_SHA1,
        [TLSFIT_SIGNATURE_DSA_SHA256] = GNUTLS_SIGN_DSA_SHA256,
    };

    return table[signature]; /* GNUTLS_SIGN_UNKNOWN is 0 */
}

/* Whether the signature verifies with the certificate's own key, however weak the algorithms: 0 or more if so,
 * GNUTLS_E_PK_SIG_VERIFY_FAILED if not, another error where that cannot be told. */
static int own_signature_check(const TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    const unsigned int flags = GNUTLS_VERIFY_ALLOW_BROKEN | GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1;
    const gnutls_sign_algorithm_t algorithm = gnutls_signature(facts->signature);
    const gnutls_datum_t spki = { (guint8 *)parts->spki.data, (guint)parts->spki.length };
    const gnutls_datum_t tbs = { (guint8 *)parts->tbs.data, (guint)parts->tbs.length };
    const gnutls_datum_t signature = { (guint8 *)parts->signature.data, (guint)parts->signature.length };
    gnutls_pubkey_t key;
    int result;

    if (!tlsfit_certificate_key_is_cheap(parts, facts) || algorithm == GNUTLS_SIGN_UNKNOWN ||
        gnutls_pubkey_init(&key) < 0)
        return GNUTLS_E_UNKNOWN_PK_ALGORITHM;
    result = gnutls_pubkey_import(key, &spki, GNUTLS_X509_FMT_DER);
    if (result >= 0)
        result = gnutls_pubkey_verify_data2(key, algorithm, flags, &tbs, &signature);
    gnutls_pubkey_deinit(key);
    return result;
}

/* For a self-issued certificate. Where the signature cannot be checked (a curve or an algorithm that GnuTLS does not
 * know) the kind of signature and the key identifiers decide; only a self-signed certificate may come without an
 * authority key identifier (RFC 5280, 4.2.1.1). */
static gboolean is_self_signed(const TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    TlsfitKeyType own = facts->key_type == TLSFIT_KEY_RSA_PSS ? TLSFIT_KEY_RSA : facts->key_type;
    TlsfitKeyType signer = tlsfit_cert_signature_key_type(facts->signature);
    int result;

    if (own != TLSFIT_KEY_UNKNOWN && signer != TLSFIT_KEY_UNKNOWN && own != signer)
        return FALSE;
    result = own_signature_check(facts, parts);
    if (result >= 0 || result == GNUTLS_E_PK_SIG_VERIFY_FAILED)
        return result >= 0;
    return facts->authority_key_id == NULL ||
           (facts->subject_key_id != NULL && g_bytes_equal(facts->subject_key_id, facts->authority_key_id));
}

/* NULL, or why the certificate cannot be read. */
static char *facts_read(TlsfitCertificate *facts, gnutls_x509_crt_t certificate)
{
    gsize length;
    const guint8 *data = g_bytes_get_data(facts->der, &length);
    const gnutls_datum_t der = { (guint8 *)data, (guint)length };
    TlsfitCertificateParts parts;
    int result;

    if (!certificate_split((TlsfitDer){ data, length }, &parts))
        return g_strdup("its bytes are not those of a whole X.509 certificate of version 1, 2 or 3");
    if (parts.subject.length + parts.issuer.length + tlsfit_certificate_directory_name_bytes(&parts) >
        TLSFIT_CERTIFICATE_NAME_BYTES_MAX)
        return g_strdup_printf("it has more than %u bytes of distinguished names, which are not read",
                               TLSFIT_CERTIFICATE_NAME_BYTES_MAX);
    result = gnutls_x509_crt_import(certificate, &der, GNUTLS_X509_FMT_DER);
    /* A certificate may hold names of kinds that GnuTLS does not know; it is none the less one. */
    if (result < 0 && result != GNUTLS_E_X509_UNKNOWN_SAN)
        return g_strdup_printf("GnuTLS does not take it for an X.509 certificate: %s", gnutls_strerror(result));
    if (!time_read_leniently(parts.not_before, gnutls_x509_crt_get_activation_time(certificate),
                             &facts->not_before_s) ||
        !time_read_leniently(parts.not_after, gnutls_x509_crt_get_expiration_time(certificate), &facts->not_after_s))
        return g_strdup("its validity period cannot be read");
    facts->version = parts.version;
    read_names(facts, &parts);
    tlsfit_certificate_read_key(facts, &parts);
    tlsfit_certificate_read_signature(facts, &parts);
    tlsfit_certificate_read_extensions(facts, &parts);
    facts->self_signed = facts->self_issued && is_self_signed(facts, &parts);
    return NULL;
}

void tlsfit_certificate_parse(TlsfitCertificate *facts)
{
    gnutls_x509_crt_t certificate;

    facts->path_length = -1;
    facts->dns_names = g_ptr_array_new_with_free_func(g_free);
    facts->ip_addresses = g_ptr_array_new_with_free_func(g_free);
    facts->extensions = g_array_new(FALSE, FALSE, sizeof(TlsfitCertExtension));
    if (facts->bytes == 0) {
        facts->error = g_strdup("it is empty");
    } else if (facts->bytes > TLSFIT_CERTIFICATE_READ_BYTES_MAX) {
        facts->error = g_strdup_printf("it is longer than %u bytes, which is not read",
                                       TLSFIT_CERTIFICATE_READ_BYTES_MAX);
    } else if (gnutls_x509_crt_init(&certificate) < 0) {
        facts->error = g_strdup("GnuTLS cannot be used");
    } else {
        facts->error = facts_read(facts, certificate);
        gnutls_x509_crt_deinit(certificate);
    }
    facts->readable = facts->error == NULL;
}

void tlsfit_certificate_clear(TlsfitCertificate *facts)
{
    char *strings[] = { facts->error, facts->subject, facts->issuer, facts->serial, facts->signature_oid,
                        facts->key_oid, facts->curve_oid, facts->common_name };
    GBytes *blobs[] = { facts->der, facts->subject_der, facts->issuer_der, facts->spki_sha256, facts->subject_key_id,
                        facts->authority_key_id };

    for (guint i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
    for (guint i = 0; i < G_N_ELEMENTS(blobs); i++)
        g_clear_pointer(&blobs[i], g_bytes_unref);
    g_ptr_array_unref(facts->dns_names);
    g_ptr_array_unref(facts->ip_addresses);
    g_array_unref(facts->extensions);
}

gboolean tlsfit_certificate_certifies(const TlsfitCertificate *issuer, const TlsfitCertificate *certificate)
{
    if (!issuer->readable || !certificate->readable ||
        (!g_bytes_equal(issuer->subject_der, certificate->issuer_der) &&
         g_ascii_strcasecmp(issuer->subject, certificate->issuer) != 0))
        return FALSE;
    return issuer->subject_key_id == NULL || certificate->authority_key_id == NULL ||
           g_bytes_equal(issuer->subject_key_id, certificate->authority_key_id);
}
