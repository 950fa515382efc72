/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of certificate*.c: the facts of every certificate in certificates/ against expected.ini, chains and files.
 */
#include "test_files.h"

#include <glib/gstdio.h>
#include <string.h>

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/certificate/expected", test_expected);
    g_test_add_func("/certificate/spki_hash", test_spki_hash);
    g_test_add_func("/certificate/chain", test_chain);
    g_test_add_func("/certificate/files", test_files);
    g_test_add_func("/certificate/file_forms", test_file_forms);
    return g_test_run();
}
