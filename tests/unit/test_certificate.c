/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of certificate*.c and der.c: the facts of every certificate in certificates/ against expected.ini, the cache,
 * files, and bytes that were cut or changed.
 */
#include "certificate.h"

#include <glib/gstdio.h>
#include <string.h>

static char *path_of(const char *name)
{
    return g_build_filename(TLSFIT_TEST_CERTIFICATES, name, NULL);
}

static GPtrArray *load(const char *name)
{
    g_autofree char *path = path_of(name);
    g_autoptr(GError) error = NULL;
    GPtrArray *certificates = tlsfit_certificates_from_file(path, &error);

    g_assert_no_error(error);
    g_assert_nonnull(certificates);
    return certificates;
}

/* The bytes of the first certificate of a file. */
static GBytes *load_bytes(const char *name)
{
    g_autoptr(GPtrArray) certificates = load(name);

    return g_bytes_ref(((TlsfitCertificate *)certificates->pdata[0])->der);
}

static char *list_text(const GPtrArray *strings)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < strings->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", (const char *)strings->pdata[i]);
    return g_string_free(text, FALSE);
}

static char *extensions_text(const TlsfitCertificate *certificate)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < certificate->extensions->len; i++) {
        const TlsfitCertExtension *extension = &g_array_index(certificate->extensions, TlsfitCertExtension, i);

        g_string_append_printf(text, "%s%s%s", i > 0 ? " " : "", extension->oid, extension->critical ? "!" : "");
    }
    return g_string_free(text, FALSE);
}

static char *usage_text(const TlsfitCertificate *certificate)
{
    static const struct {
        guint       bit;
        const char *name;
    } rows[] = { { TLSFIT_USAGE_DIGITAL_SIGNATURE, "digitalSignature" },
                 { TLSFIT_USAGE_KEY_ENCIPHERMENT, "keyEncipherment" },
                 { TLSFIT_USAGE_KEY_AGREEMENT, "keyAgreement" },
                 { TLSFIT_USAGE_CERT_SIGN, "keyCertSign" } };
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    if (!certificate->has_key_usage)
        return g_strdup("none");
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if ((certificate->key_usage & rows[i].bit) != 0)
            g_ptr_array_add(names, (gpointer)rows[i].name);
    return list_text(names);
}

static char *purposes_text(const TlsfitCertificate *certificate)
{
    if (!certificate->has_extended_key_usage)
        return g_strdup("none");
    return g_strconcat(certificate->for_server_auth ? "server" : "", certificate->for_client_auth ? " client" : "", NULL);
}

static char *time_text(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);

    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

static char *text(const char *string)
{
    return g_strdup(string != NULL ? string : "");
}

static char *yes_no(gboolean flag)
{
    return g_strdup(flag ? "yes" : "no");
}

static char *number(gint64 value)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, value);
}

#define IS(name) (strcmp(key, name) == 0)

/* One fact as expected.ini writes it; NULL for a key that nobody knows. */
static char *fact_text(const TlsfitCertificate *c, const char *key)
{
    return IS("readable")             ? yes_no(c->readable)
           : IS("error")              ? text(c->error)
           : IS("version")            ? number(c->version)
           : IS("subject")            ? text(c->subject)
           : IS("issuer")             ? text(c->issuer)
           : IS("serial")             ? text(c->serial)
           : IS("signature")          ? text(tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, c->signature))
           : IS("signature_oid")      ? text(c->signature_oid)
           : IS("signer_bits")        ? number(c->signer_bits)
           : IS("key_type")           ? text(tlsfit_name(TLSFIT_NAME_KEY_TYPE, c->key_type))
           : IS("key_oid")            ? text(c->key_oid)
           : IS("key_bits")           ? number(c->key_bits)
           : IS("curve")              ? text(c->curve != 0 ? tlsfit_name(TLSFIT_NAME_GROUP, c->curve) : NULL)
           : IS("curve_oid")          ? text(c->curve_oid)
           : IS("explicit_curve")     ? yes_no(c->explicit_curve)
           : IS("not_before")         ? time_text(c->not_before_s)
           : IS("not_after")          ? time_text(c->not_after_s)
           : IS("is_ca")              ? yes_no(c->is_ca)
           : IS("path_length")        ? number(c->path_length)
           : IS("key_usage")          ? usage_text(c)
           : IS("extended_key_usage") ? purposes_text(c)
           : IS("dns_names")          ? list_text(c->dns_names)
           : IS("dns_names_count")    ? number(c->dns_names->len)
           : IS("ip_addresses")       ? list_text(c->ip_addresses)
           : IS("common_name")        ? text(c->common_name)
           : IS("extensions")         ? extensions_text(c)
           : IS("self_issued")        ? yes_no(c->self_issued)
           : IS("self_signed")        ? yes_no(c->self_signed)
                                      : NULL;
}

static void check_file(GKeyFile *expected, const char *file)
{
    g_autofree char *group = g_strndup(file, strlen(file) - strlen(".pem"));
    g_auto(GStrv) keys = g_key_file_get_keys(expected, group, NULL, NULL);
    g_autoptr(GPtrArray) certificates = load(file);
    const TlsfitCertificate *certificate = certificates->pdata[0];

    if (keys == NULL)
        g_error("expected.ini has no group [%s]", group);
    for (guint i = 0; keys[i] != NULL; i++) {
        g_autofree char *want = g_key_file_get_string(expected, group, keys[i], NULL);
        g_autofree char *have = fact_text(certificate, keys[i]);

        if (g_strcmp0(have, want) != 0)
            g_error("%s: %s is \"%s\", expected \"%s\"", file, keys[i], have != NULL ? have : "(no such fact)", want);
    }
    g_assert_cmpint(certificate->readable, ==, certificate->error == NULL);
    g_assert_cmpuint(certificate->bytes, ==, g_bytes_get_size(certificate->der));
}

static void test_expected(void)
{
    g_autoptr(GKeyFile) expected = g_key_file_new();
    g_autofree char *path = path_of("expected.ini");
    g_autoptr(GDir) folder = g_dir_open(TLSFIT_TEST_CERTIFICATES, 0, NULL);
    g_autoptr(GError) error = NULL;
    gsize groups;
    gsize files = 0;
    const char *file;

    g_assert_nonnull(folder);
    g_key_file_load_from_file(expected, path, G_KEY_FILE_NONE, &error);
    g_assert_no_error(error);
    while ((file = g_dir_read_name(folder)) != NULL)
        if (g_str_has_suffix(file, ".pem")) {
            check_file(expected, file);
            files++;
        }
    g_strfreev(g_key_file_get_groups(expected, &groups));
    g_assert_cmpuint(files, ==, groups);
}

static void test_spki_hash(void)
{
    static const guint8 head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06 };
    g_autoptr(GPtrArray) certificates = load("p256.pem");
    const TlsfitCertificate *certificate = certificates->pdata[0];
    gsize length;
    const guint8 *der = g_bytes_get_data(certificate->der, &length);
    gsize at = 0;

    while (memcmp(der + at, head, sizeof head) != 0)
        g_assert_cmpuint(++at + 91, <, length);
    {
        g_autofree char *want = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der + at, 91);
        g_autoptr(GString) have = g_string_new(NULL);
        gsize size;
        const guint8 *hash = g_bytes_get_data(certificate->spki_sha256, &size);

        for (gsize i = 0; i < size; i++)
            g_string_append_printf(have, "%02x", hash[i]);
        g_assert_cmpstr(have->str, ==, want);
    }
}

static void test_chain(void)
{
    g_autoptr(GPtrArray) certificates = load("chain.pem");
    const TlsfitCertificate *leaf = certificates->pdata[0];
    const TlsfitCertificate *issuer = certificates->pdata[1];

    g_assert_cmpuint(certificates->len, ==, 2);
    g_assert_true(g_bytes_equal(leaf->issuer_der, issuer->subject_der));
    g_assert_true(g_bytes_equal(leaf->authority_key_id, issuer->subject_key_id));
    g_assert_false(g_bytes_equal(leaf->spki_sha256, issuer->spki_sha256));
}

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

static void test_files(void)
{
    static const char *const bad[] = { "make.sh", "expected.ini", "no-such-file.pem", "." };

    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = path_of(bad[i]);
        g_autoptr(GError) error = NULL;

        g_assert_null(tlsfit_certificates_from_file(path, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, path));
    }
}

/* Writes CONTENTS to a file and reads it as certificates; NULL where it holds none. */
static GPtrArray *load_contents(const char *contents, gsize length)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    int descriptor = g_file_open_tmp("tlsfit-test-XXXXXX", &path, &error);
    GPtrArray *certificates;

    g_assert_no_error(error);
    g_assert_true(g_close(descriptor, NULL));
    g_assert_true(g_file_set_contents(path, contents, (gssize)length, NULL));
    certificates = tlsfit_certificates_from_file(path, &error);
    g_assert_cmpint(certificates == NULL, ==, error != NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
    return certificates;
}

static void test_file_forms(void)
{
    g_autoptr(GBytes) bytes = load_bytes("leaf.pem");
    gsize length;
    const guint8 *der = g_bytes_get_data(bytes, &length);
    g_autofree char *base64 = g_base64_encode(der, length);
    g_autofree char *mixed = g_strdup_printf("-----BEGIN EC PRIVATE KEY-----\r\nAAAA\r\n-----END EC PRIVATE KEY-----\r\n"
                                             "-----BEGIN CERTIFICATE-----\r\n%s\r\n-----END CERTIFICATE-----\r\n"
                                             "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", base64);
    g_autofree char *open = g_strdup_printf("-----BEGIN CERTIFICATE-----\n%s\n", base64);
    g_autoptr(GPtrArray) from_der = load_contents((const char *)der, length);
    g_autoptr(GPtrArray) from_mixed = load_contents(mixed, strlen(mixed));

    g_assert_cmpuint(from_der->len, ==, 1);
    g_assert_true(g_bytes_equal(((TlsfitCertificate *)from_der->pdata[0])->der, bytes));
    g_assert_cmpuint(from_mixed->len, ==, 2);
    g_assert_true(from_mixed->pdata[0] == from_der->pdata[0]);
    g_assert_false(((TlsfitCertificate *)from_mixed->pdata[1])->readable);
    g_assert_null(load_contents(open, strlen(open)));
    g_assert_null(load_contents("", 0));
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
    g_test_add_func("/certificate/expected", test_expected);
    g_test_add_func("/certificate/spki_hash", test_spki_hash);
    g_test_add_func("/certificate/chain", test_chain);
    g_test_add_func("/certificate/same_bytes_parsed_once", test_same_bytes_parsed_once);
    g_test_add_func("/certificate/cache_bounded", test_cache_bounded);
    g_test_add_func("/certificate/held_stays", test_held_stays);
    g_test_add_func("/certificate/empty", test_empty);
    g_test_add_func("/certificate/files", test_files);
    g_test_add_func("/certificate/file_forms", test_file_forms);
    g_test_add_func("/certificate/truncated", test_truncated);
    g_test_add_func("/certificate/flipped", test_flipped);
    g_test_add_func("/certificate/der_reader", test_der_reader);
    return g_test_run();
}
