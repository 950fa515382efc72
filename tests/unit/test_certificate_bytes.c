/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of certificate_cache.c, certificate.c and der.c: the same bytes are parsed once, memory is bounded, and bytes that
 * were cut or changed do no harm.
 */
#include "test_files.h"

#include <string.h>

static void test_same_bytes_parsed_once(void)
{
    g_autoptr(GBytes) bytes = load_bytes("leaf.pem");
    gsize length;
    const guint8 *der = g_bytes_get_data(bytes, &length);
    g_autofree guint8 *copy = g_memdup2(der, length);
    TlsfitCertificate *first;
    guint before;

    tlsfit_certificate_cache_clear();
    before = tlsfit_certificate_parse_count();
    first = tlsfit_certificate_from_der(der, length);
    for (guint i = 0; i < 100; i++) {
        TlsfitCertificate *again = tlsfit_certificate_from_der(i % 2 == 0 ? copy : der, length);

        g_assert_true(again == first);
        tlsfit_certificate_unref(again);
    }
    tlsfit_certificate_unref(first); /* nobody holds it now, and it is still known */
    g_assert_true(tlsfit_certificate_from_der(der, length) == first);
    g_assert_cmpuint(tlsfit_certificate_parse_count(), ==, before + 1);
    tlsfit_certificate_unref(first);

    /* One byte differs, anywhere: another certificate. */
    copy[length / 2] ^= 1;
    first = tlsfit_certificate_from_der(copy, length);
    g_assert_cmpuint(tlsfit_certificate_parse_count(), ==, before + 2);
    tlsfit_certificate_unref(first);
}

/* Makes COUNT pieces of LENGTH bytes known, and tells whether the first and the last of them still are afterwards. */
static void fill_cache(guint count, gsize length, gboolean *first_known, gboolean *last_known)
{
    g_autofree guint8 *piece = g_malloc0(length);
    guint parsed;

    tlsfit_certificate_cache_clear();
    for (guint i = 0; i < count; i++) {
        memcpy(piece, &i, sizeof i);
        tlsfit_certificate_unref(tlsfit_certificate_from_der(piece, length));
    }
    parsed = tlsfit_certificate_parse_count();
    tlsfit_certificate_unref(tlsfit_certificate_from_der(piece, length));
    *last_known = tlsfit_certificate_parse_count() == parsed;
    memset(piece, 0, sizeof count);
    parsed = tlsfit_certificate_parse_count();
    tlsfit_certificate_unref(tlsfit_certificate_from_der(piece, length));
    *first_known = tlsfit_certificate_parse_count() == parsed;
    tlsfit_certificate_cache_clear();
}

static void test_cache_bounded(void)
{
    gboolean first_known;
    gboolean last_known;

    fill_cache(4096, 32, &first_known, &last_known);
    g_assert_true(first_known && last_known);
    fill_cache(4097, 32, &first_known, &last_known);
    g_assert_true(!first_known && last_known);
    fill_cache(40, 1024 * 1024, &first_known, &last_known); /* 40 MiB */
    g_assert_true(!first_known && last_known);
}

static void test_held_stays(void)
{
    static const guint8 bytes[] = { 1, 2, 3 };
    TlsfitCertificate *held = tlsfit_certificate_ref(tlsfit_certificate_from_der(bytes, sizeof bytes));
    gboolean first_known;
    gboolean last_known;

    fill_cache(5000, 32, &first_known, &last_known);
    g_assert_cmpint(held->references, ==, 2);
    g_assert_true(tlsfit_certificate_from_der(bytes, sizeof bytes) == held);
    for (guint i = 0; i < 3; i++)
        tlsfit_certificate_unref(held);
}

static void test_empty(void)
{
    g_autoptr(TlsfitCertificate) nothing = tlsfit_certificate_from_der(NULL, 0);

    g_assert_false(nothing->readable);
    g_assert_nonnull(nothing->error);
    g_assert_cmpuint(nothing->bytes, ==, 0);
}

/* Every length from nothing to all but one byte: never a certificate, always a reason. */
static void test_truncated(void)
{
    static const char *const files[] = { "leaf.pem", "rsa2048.pem", "explicit-binary.pem", "pss-key.pem" };

    for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
        g_autoptr(GBytes) bytes = load_bytes(files[f]);
        gsize length;
        const guint8 *der = g_bytes_get_data(bytes, &length);

        for (gsize cut = 0; cut < length; cut++) {
            g_autofree guint8 *copy = g_memdup2(der, cut); /* of exactly this size, so that reading on is noticed */
            g_autoptr(TlsfitCertificate) certificate = tlsfit_certificate_from_der(copy, cut);

            g_assert_false(certificate->readable);
            g_assert_nonnull(certificate->error);
        }
    }
    tlsfit_certificate_cache_clear();
}

/* Every byte changed, one after the other: a certificate or a reason, and strings that can be shown. */
static void test_flipped(void)
{
    static const char *const files[] = { "leaf.pem", "explicit-prime.pem", "explicit-binary.pem", "pss-key.pem",
                                         "name-bmp.pem", "san-odd.pem", "dsa-sha1.pem" };
    static const guint8 masks[] = { 0x01, 0x80, 0xFF };

    for (gsize f = 0; f < G_N_ELEMENTS(files); f++) {
        g_autoptr(GBytes) bytes = load_bytes(files[f]);
        gsize length;
        const guint8 *der = g_bytes_get_data(bytes, &length);

        for (gsize i = 0; i < length * G_N_ELEMENTS(masks); i++) {
            g_autofree guint8 *copy = g_memdup2(der, length);
            g_autoptr(TlsfitCertificate) certificate = NULL;

            copy[i / G_N_ELEMENTS(masks)] ^= masks[i % G_N_ELEMENTS(masks)];
            certificate = tlsfit_certificate_from_der(copy, length);
            g_assert_cmpint(certificate->readable, ==, certificate->error == NULL);
            if (!certificate->readable)
                continue;
            g_assert_true(g_utf8_validate(certificate->subject, -1, NULL));
            g_assert_true(g_utf8_validate(certificate->issuer, -1, NULL));
            g_assert_nonnull(certificate->serial);
            g_assert_nonnull(certificate->signature_oid);
            g_assert_nonnull(certificate->key_oid);
            g_assert_cmpuint(g_bytes_get_size(certificate->spki_sha256), ==, 32);
        }
    }
    tlsfit_certificate_cache_clear();
}

/* Appends an element with a length of four bytes, which the outer structure may have. */
static void append_element(GByteArray *to, guint8 tag, const GByteArray *content)
{
    const guint8 head[] = { tag, 0x84, 0, (guint8)(content->len >> 16), (guint8)(content->len >> 8),
                            (guint8)content->len };

    g_byte_array_append(to, head, sizeof head);
    g_byte_array_append(to, content->data, content->len);
}

/* The outer structure of a certificate around an issuer of ISSUER_BYTES, its header of 6 bytes included. */
static GByteArray *certificate_with_issuer(guint issuer_bytes)
{
    static const guint8 serial_and_algorithm[] = { 0x02, 0x01, 0x01, 0x30, 0x00 };
    static const guint8 behind_issuer[] = { 0x30, 0x04, 0x17, 0x00, 0x17, 0x00, 0x30, 0x00, 0x30, 0x00 };
    static const guint8 signature[] = { 0x30, 0x00, 0x03, 0x02, 0x00, 0x00 };
    g_autoptr(GByteArray) issuer = g_byte_array_new();
    g_autoptr(GByteArray) tbs = g_byte_array_new();
    g_autoptr(GByteArray) body = g_byte_array_new();
    GByteArray *whole = g_byte_array_new();

    g_byte_array_set_size(issuer, issuer_bytes - 6);
    memset(issuer->data, 0, issuer->len);
    g_byte_array_append(tbs, serial_and_algorithm, sizeof serial_and_algorithm);
    append_element(tbs, 0x30, issuer);
    g_byte_array_append(tbs, behind_issuer, sizeof behind_issuer);
    append_element(body, 0x30, tbs);
    g_byte_array_append(body, signature, sizeof signature);
    append_element(whole, 0x30, body);
    return whole;
}

static void test_cost_bounded(void)
{
    static const struct {
        guint       issuer_bytes;
        const char *reason;
    } rows[] = {
        { TLSFIT_CERTIFICATE_NAME_BYTES_MAX - 2, "GnuTLS" }, /* the subject takes 2 */
        { TLSFIT_CERTIFICATE_NAME_BYTES_MAX - 1, "distinguished names" },
        { TLSFIT_CERTIFICATE_READ_BYTES_MAX, "longer than" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GByteArray) der = certificate_with_issuer(rows[i].issuer_bytes);
        g_autoptr(TlsfitCertificate) certificate = tlsfit_certificate_from_der(der->data, der->len);

        g_assert_false(certificate->readable);
        g_assert_nonnull(strstr(certificate->error, rows[i].reason));
    }
}

static void test_der_reader(void)
{
    static const guint8 wrong[][6] = { { 0x30 }, { 0x30, 0x05, 0, 0, 0, 0 }, { 0x30, 0x80, 0, 0, 0, 0 },
                                       { 0x30, 0x85, 0, 0, 0, 0 }, { 0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF },
                                       { 0x1F, 0x01, 0, 0, 0, 0 } };
    static const guint8 arcs[] = { 0x88, 0x37, 0x81, 0x00 };                                   /* 2.999.128 */
    static const guint8 huge[] = { 0x69, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F };
    static const guint8 open[] = { 0x2A, 0x86 };
    g_autofree char *plain = tlsfit_der_oid_text((TlsfitDer){ arcs, sizeof arcs });
    g_autofree char *overflow = tlsfit_der_oid_text((TlsfitDer){ huge, sizeof huge });
    g_autofree char *cut = tlsfit_der_oid_text((TlsfitDer){ open, sizeof open });
    static const guint8 integer[] = { 0x00, 0x00, 0x01, 0xFF };

    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        TlsfitDer rest = { wrong[i], i == 0 ? 1 : 6 };
        TlsfitDer content;
        guint8 tag;

        g_assert_false(tlsfit_der_next(&rest, &tag, &content, NULL));
        g_assert_true(rest.data == wrong[i]);
    }
    g_assert_cmpstr(plain, ==, "2.999.128");
    g_assert_cmpstr(overflow, ==, "#69ffffffffffffffffff7f");
    g_assert_cmpstr(cut, ==, "#2a86");
    g_assert_cmpuint(tlsfit_der_integer_bits((TlsfitDer){ integer, sizeof integer }), ==, 9);
    g_assert_cmpuint(tlsfit_der_integer_bits((TlsfitDer){ integer, 2 }), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/certificate_bytes/same_bytes_parsed_once", test_same_bytes_parsed_once);
    g_test_add_func("/certificate_bytes/cache_bounded", test_cache_bounded);
    g_test_add_func("/certificate_bytes/held_stays", test_held_stays);
    g_test_add_func("/certificate_bytes/empty", test_empty);
    g_test_add_func("/certificate_bytes/truncated", test_truncated);
    g_test_add_func("/certificate_bytes/flipped", test_flipped);
    g_test_add_func("/certificate_bytes/cost_bounded", test_cost_bounded);
    g_test_add_func("/certificate_bytes/der_reader", test_der_reader);
    return g_test_run();
}
