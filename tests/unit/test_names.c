/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests of names.c: the tables are in order, names and values lead to each other, properties follow from the names.
 */
#include "names.h"
#include "tlsfit.h"

#include <string.h>

typedef struct {
    guint       value;
    const char *name;
} Row;

static const Row versions[] = {
#define TLSFIT_CODE(code, name) { code, name },
#include "names_versions.def"
};
static const Row suites[] = {
#define TLSFIT_SUITE(code, name, kx, auth, aead, tls13, scsv) { code, name },
#include "names_suites.def"
};
static const Row groups[] = {
#define TLSFIT_GROUP(code, name, bits, oid) { code, name },
#include "names_groups.def"
};
static const Row schemes[] = {
#define TLSFIT_SCHEME(code, name, key) { code, name },
#include "names_schemes.def"
};
static const Row signatures[] = {
#define TLSFIT_CERT_SIGNATURE(enumerator, name, oid, key, scheme) { TLSFIT_SIGNATURE_##enumerator, name },
#include "names_certificates.def"
};
static const Row key_types[] = {
#define TLSFIT_KEY_TYPE(enumerator, name, oid) { TLSFIT_KEY_##enumerator, name },
#include "names_certificates.def"
};
static const Row alerts[] = {
#define TLSFIT_CODE(code, name) { code, name },
#include "names_alerts.def"
};
static const Row handshakes[] = {
#define TLSFIT_CODE(code, name) { code, name },
#include "names_handshakes.def"
};
static const Row extensions[] = {
#define TLSFIT_CODE(code, name) { code, name },
#include "names_extensions.def"
};

#define TABLE(kind, rows) { TLSFIT_NAME_##kind, rows, G_N_ELEMENTS(rows) }
static const struct {
    TlsfitNameKind kind;
    const Row     *rows;
    gsize          count;
} tables[] = {
    TABLE(VERSION, versions),           TABLE(CIPHER_SUITE, suites), TABLE(GROUP, groups),
    TABLE(SIGNATURE_SCHEME, schemes),   TABLE(CERT_SIGNATURE, signatures), TABLE(KEY_TYPE, key_types),
    TABLE(ALERT, alerts),               TABLE(HANDSHAKE, handshakes), TABLE(EXTENSION, extensions),
};

static void test_tables_sorted(void)
{
    for (gsize t = 0; t < G_N_ELEMENTS(tables); t++) {
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

        g_assert_cmpuint(tables[t].count, >, 0);
        for (gsize i = 0; i < tables[t].count; i++) {
            if (i > 0)
                g_assert_cmpuint(tables[t].rows[i - 1].value, <, tables[t].rows[i].value);
            g_assert_true(g_hash_table_add(seen, g_ascii_strdown(tables[t].rows[i].name, -1)));
        }
    }
}

static void test_tables_complete(void)
{
    /* Nothing of an enumeration may be without a name. */
    g_assert_cmpuint(G_N_ELEMENTS(signatures), ==, TLSFIT_SIGNATURE_COUNT - 1);
    g_assert_cmpuint(G_N_ELEMENTS(key_types), ==, TLSFIT_KEY_ML_DSA);
    g_assert_cmpuint(G_N_ELEMENTS(suites), >=, 350);
}

static void test_there_and_back(void)
{
    for (gsize t = 0; t < G_N_ELEMENTS(tables); t++)
        for (gsize i = 0; i < tables[t].count; i++) {
            const Row *row = &tables[t].rows[i];
            g_autofree char *lower = g_ascii_strdown(row->name, -1);
            g_autofree char *reserved = g_strconcat(row->name, "_RESERVED", NULL);
            guint value = G_MAXUINT;

            g_assert_cmpstr(tlsfit_name(tables[t].kind, row->value), ==, row->name);
            g_assert_true(tlsfit_name_parse(tables[t].kind, lower, &value));
            g_assert_cmpuint(value, ==, row->value);
            value = G_MAXUINT;
            g_assert_true(tlsfit_name_parse(tables[t].kind, reserved, &value));
            g_assert_cmpuint(value, ==, row->value);
        }
}

static void test_aliases(void)
{
    static const struct {
        TlsfitNameKind kind;
        guint          value;
        const char    *name;
    } rows[] = {
#define TLSFIT_ALIAS(kind, value, name) { TLSFIT_NAME_##kind, value, name },
#include "names_aliases.def"
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        guint value = G_MAXUINT;

        g_assert_true(tlsfit_name_parse(rows[i].kind, rows[i].name, &value));
        g_assert_cmpuint(value, ==, rows[i].value);
        g_assert_nonnull(tlsfit_name(rows[i].kind, value));
        g_assert_cmpint(g_ascii_strcasecmp(tlsfit_name(rows[i].kind, value), rows[i].name), !=, 0);
    }
}

/* What registries and specifications say, written down a second time: the tables cannot vouch for themselves. */
static void test_known_values(void)
{
    static const struct {
        TlsfitNameKind kind;
        guint          value;
        const char    *name;
    } rows[] = {
        { TLSFIT_NAME_VERSION, 0x0303, "TLS1.2" },
        { TLSFIT_NAME_VERSION, 0xFEFD, "DTLS1.2" },
        { TLSFIT_NAME_CIPHER_SUITE, 0x0000, "TLS_NULL_WITH_NULL_NULL" },
        { TLSFIT_NAME_CIPHER_SUITE, 0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA" },
        { TLSFIT_NAME_CIPHER_SUITE, 0x1301, "TLS_AES_128_GCM_SHA256" },
        { TLSFIT_NAME_CIPHER_SUITE, 0x5600, "TLS_FALLBACK_SCSV" },
        { TLSFIT_NAME_CIPHER_SUITE, 0xC023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
        { TLSFIT_NAME_CIPHER_SUITE, 0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
        { TLSFIT_NAME_CIPHER_SUITE, 0xD005, "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256" },
        { TLSFIT_NAME_GROUP, 0x0017, "secp256r1" },
        { TLSFIT_NAME_GROUP, 0x001D, "x25519" },
        { TLSFIT_NAME_GROUP, 0x0104, "ffdhe8192" },
        { TLSFIT_NAME_GROUP, 0x11EB, "SecP256r1MLKEM768" },
        { TLSFIT_NAME_GROUP, 0x11EC, "X25519MLKEM768" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0201, "rsa_pkcs1_sha1" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0203, "ecdsa_sha1" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0303, "sha224_ecdsa" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0403, "ecdsa_secp256r1_sha256" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0804, "rsa_pss_rsae_sha256" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x080B, "rsa_pss_pss_sha512" },
        { TLSFIT_NAME_SIGNATURE_SCHEME, 0x0906, "mldsa87" },
        { TLSFIT_NAME_CERT_SIGNATURE, TLSFIT_SIGNATURE_ECDSA_SHA384, "ecdsa-with-SHA384" },
        { TLSFIT_NAME_CERT_SIGNATURE, TLSFIT_SIGNATURE_PSS_SHA256, "rsassaPss-sha256" },
        { TLSFIT_NAME_KEY_TYPE, TLSFIT_KEY_RSA_PSS, "rsa-pss" },
        { TLSFIT_NAME_ALERT, 42, "bad_certificate" },
        { TLSFIT_NAME_ALERT, 120, "no_application_protocol" },
        { TLSFIT_NAME_HANDSHAKE, 11, "certificate" },
        { TLSFIT_NAME_EXTENSION, 0, "server_name" },
        { TLSFIT_NAME_EXTENSION, 0xFF01, "renegotiation_info" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(tlsfit_name(rows[i].kind, rows[i].value), ==, rows[i].name);
}

static void test_numbers(void)
{
    static const char *const wrong[] = { "", "0x", "0x10000", "65536", "0xG", "-1", "+1", " 1", "1 ", "99999999999999999999",
                                         "TLS_NOTHING", "TLS_AES_128_GCM_SHA25", "_RESERVED" };
    g_autofree char *unnamed = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, 0xC0FE);
    g_autofree char *named = tlsfit_name_or_number(TLSFIT_NAME_ALERT, 40);
    guint value = 7;

    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, wrong[i], &value));
    g_assert_cmpuint(value, ==, 7);
    g_assert_true(tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, "0xC023", &value));
    g_assert_cmpuint(value, ==, 0xC023);
    g_assert_true(tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, "65535", &value));
    g_assert_cmpuint(value, ==, 65535);
    g_assert_true(tlsfit_name_parse(TLSFIT_NAME_ALERT, "255", &value));
    g_assert_false(tlsfit_name_parse(TLSFIT_NAME_ALERT, "256", &value));
    g_assert_false(tlsfit_name_parse(TLSFIT_NAME_KEY_TYPE, "1", &value));
    g_assert_cmpstr(unnamed, ==, "0xC0FE");
    g_assert_cmpstr(named, ==, "handshake_failure");
    g_assert_null(tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, TLSFIT_SIGNATURE_UNKNOWN));
    g_assert_null(tlsfit_name(TLSFIT_NAME_HANDSHAKE, 256));
    g_assert_null(tlsfit_name(TLSFIT_NAME_GROUP, G_MAXUINT));
}

static void test_grease(void)
{
    guint count = 0;

    for (guint value = 0; value <= 0xFFFF; value++)
        count += tlsfit_is_grease(value) ? 1 : 0;
    g_assert_cmpuint(count, ==, 16);
    g_assert_true(tlsfit_is_grease(0x0A0A));
    g_assert_true(tlsfit_is_grease(0xFAFA));
    g_assert_false(tlsfit_is_grease(0x0A1A));
    g_assert_false(tlsfit_is_grease(0x10A0A));
}

static TlsfitKx kx_from_name(const char *name)
{
    static const struct {
        const char *start;
        TlsfitKx    kx;
    } rows[] = { /* the first that fits */
        { "TLS_RSA_", TLSFIT_KX_RSA },        { "TLS_DHE_PSK_", TLSFIT_KX_PSK }, { "TLS_ECDHE_PSK_", TLSFIT_KX_PSK },
        { "TLS_PSK_", TLSFIT_KX_PSK },        { "TLS_DHE_", TLSFIT_KX_DHE },     { "TLS_DH_anon_", TLSFIT_KX_DHE },
        { "TLS_DH_", TLSFIT_KX_DH },          { "TLS_ECDHE_", TLSFIT_KX_ECDHE }, { "TLS_ECDH_anon_", TLSFIT_KX_ECDHE },
        { "TLS_ECDH_", TLSFIT_KX_ECDH },      { "TLS_SRP_SHA_WITH_", TLSFIT_KX_PSK },
        { "TLS_ECCPWD_", TLSFIT_KX_PSK },     { "TLS_ECJPAKE_", TLSFIT_KX_PSK },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if (g_str_has_prefix(name, rows[i].start))
            return rows[i].kx;
    return TLSFIT_KX_OTHER;
}

static TlsfitAuth auth_from_name(const char *name)
{
    if (strstr(name, "_anon_") != NULL)
        return TLSFIT_AUTH_ANON;
    if (strstr(name, "_ECDSA_") != NULL)
        return TLSFIT_AUTH_ECDSA;
    if (strstr(name, "_DSS_") != NULL)
        return TLSFIT_AUTH_DSS;
    if (strstr(name, "_RSA_") != NULL)
        return TLSFIT_AUTH_RSA;
    return kx_from_name(name) == TLSFIT_KX_PSK ? TLSFIT_AUTH_PSK : TLSFIT_AUTH_OTHER;
}

static void test_suite_properties(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(suites); i++) {
        const char *name = suites[i].name;
        const TlsfitSuite *suite = tlsfit_suite(suites[i].value);
        gboolean is_scsv = g_str_has_suffix(name, "_SCSV");
        gboolean is_tls13 = !is_scsv && (strstr(name, "_WITH_") == NULL || strstr(name, "_MGM_") != NULL);
        gboolean is_aead = strstr(name, "_GCM") != NULL || strstr(name, "_CCM") != NULL ||
                           strstr(name, "_POLY1305") != NULL || strstr(name, "_MGM_") != NULL ||
                           strstr(name, "_AEGIS_") != NULL;

        g_test_message("%s", name);
        g_assert_cmpstr(suite->name, ==, name);
        g_assert_cmpint(suite->is_scsv, ==, is_scsv);
        g_assert_cmpint(suite->is_tls13, ==, is_tls13);
        g_assert_cmpint(suite->aead, ==, is_aead);
        g_assert_cmpint((int)suite->kx, ==, (int)(is_tls13 ? TLSFIT_KX_ANY : kx_from_name(name)));
        g_assert_cmpint((int)suite->auth, ==, (int)(is_tls13 ? TLSFIT_AUTH_ANY : auth_from_name(name)));
    }
}

static void test_suite_unknown(void)
{
    const TlsfitSuite *suite = tlsfit_suite(0xC0FE);

    g_assert_null(suite->name);
    g_assert_cmpint((int)suite->kx, ==, (int)TLSFIT_KX_ANY);
    g_assert_cmpint((int)suite->auth, ==, (int)TLSFIT_AUTH_ANY);
    g_assert_false(suite->is_tls13);
}

static void test_schemes(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
        const char *name = schemes[i].name;
        TlsfitKeyType key = tlsfit_scheme_key_type(schemes[i].value);

        if (g_str_has_prefix(name, "rsa_pss_pss_"))
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_RSA_PSS);
        else if (g_str_has_prefix(name, "rsa_") || g_str_has_suffix(name, "_rsa"))
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_RSA);
        else if (strstr(name, "ecdsa") != NULL || g_str_has_prefix(name, "sm2"))
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_EC);
        else if (g_str_has_suffix(name, "_dsa"))
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_DSA);
        else if (strstr(name, "gost") != NULL)
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_GOST);
        else if (g_str_has_prefix(name, "mldsa"))
            g_assert_cmpint((int)key, ==, (int)TLSFIT_KEY_ML_DSA);
    }
    g_assert_cmpint((int)tlsfit_scheme_key_type(0x0807), ==, (int)TLSFIT_KEY_ED25519);
    g_assert_cmpint((int)tlsfit_scheme_key_type(0x0808), ==, (int)TLSFIT_KEY_ED448);
    g_assert_cmpint((int)tlsfit_scheme_key_type(0xFFFF), ==, (int)TLSFIT_KEY_UNKNOWN);
}

static void test_cert_signatures(void)
{
    for (guint i = 1; i < TLSFIT_SIGNATURE_COUNT; i++) {
        TlsfitCertSignature signature = (TlsfitCertSignature)i;
        guint scheme = tlsfit_cert_signature_scheme(signature);

        g_assert_cmpint((int)tlsfit_cert_signature_key_type(signature), !=, (int)TLSFIT_KEY_UNKNOWN);
        if (scheme == 0)
            g_assert_true(signature == TLSFIT_SIGNATURE_MD2_RSA || signature == TLSFIT_SIGNATURE_PSS_SHA1);
        else
            g_assert_cmpint((int)tlsfit_scheme_key_type(scheme), ==, (int)tlsfit_cert_signature_key_type(signature));
    }
    g_assert_cmpuint(tlsfit_cert_signature_scheme(TLSFIT_SIGNATURE_ECDSA_SHA384), ==, 0x0503);
    g_assert_cmpuint(tlsfit_cert_signature_scheme(TLSFIT_SIGNATURE_SHA224_RSA), ==, 0x0301);
    g_assert_cmpuint(tlsfit_cert_signature_scheme(TLSFIT_SIGNATURE_UNKNOWN), ==, 0);
    g_assert_cmpint((int)tlsfit_cert_signature_key_type(TLSFIT_SIGNATURE_UNKNOWN), ==, (int)TLSFIT_KEY_UNKNOWN);
}

static void test_oids(void)
{
    guint bits = 1;

    g_assert_cmpuint(tlsfit_group_by_oid("1.3.132.0.34", &bits), ==, 0x0018);
    g_assert_cmpuint(bits, ==, 384);
    g_assert_cmpuint(tlsfit_group_by_oid("1.3.36.3.3.2.8.1.1.9", &bits), ==, 0);
    g_assert_cmpuint(bits, ==, 320);
    g_assert_cmpuint(tlsfit_group_by_oid("1.2.3", &bits), ==, 0);
    g_assert_cmpuint(bits, ==, 0);
    g_assert_cmpint((int)tlsfit_cert_signature_by_oid("1.3.14.3.2.29"), ==, (int)TLSFIT_SIGNATURE_SHA1_RSA);
    g_assert_cmpint((int)tlsfit_cert_signature_by_oid("1.2.840.113549.1.1.10"), ==, (int)TLSFIT_SIGNATURE_UNKNOWN);
    g_assert_cmpint((int)tlsfit_cert_signature_by_pss_hash("2.16.840.1.101.3.4.2.2"), ==,
                    (int)TLSFIT_SIGNATURE_PSS_SHA384);
    g_assert_cmpint((int)tlsfit_key_type_by_oid("2.16.840.1.101.3.4.3.19"), ==, (int)TLSFIT_KEY_ML_DSA);
    g_assert_cmpint((int)tlsfit_key_type_by_oid("1.2.3"), ==, (int)TLSFIT_KEY_UNKNOWN);
}

/* One wording wherever a key is named. */
static void test_key_text(void)
{
    static const struct {
        TlsfitKeyType type;
        guint bits;
        guint curve;
        const char *text;
    } table[] = {
        { TLSFIT_KEY_RSA, 2048, 0, "RSA 2048" },      { TLSFIT_KEY_RSA_PSS, 3072, 0, "RSA-PSS 3072" },
        { TLSFIT_KEY_RSA, 0, 0, "RSA" },              { TLSFIT_KEY_EC, 256, 23, "EC secp256r1" },
        { TLSFIT_KEY_EC, 256, 0, "EC another curve" }, { TLSFIT_KEY_ED25519, 255, 0, "Ed25519" },
        { TLSFIT_KEY_UNKNOWN, 0, 0, "unknown" },      { TLSFIT_KEY_ML_DSA, 0, 0, "ML-DSA" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *text = tlsfit_key_text(table[i].type, table[i].bits, table[i].curve);

        g_assert_cmpstr(text, ==, table[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/key-text", test_key_text);
    g_test_add_func("/names/tables_sorted", test_tables_sorted);
    g_test_add_func("/names/tables_complete", test_tables_complete);
    g_test_add_func("/names/there_and_back", test_there_and_back);
    g_test_add_func("/names/aliases", test_aliases);
    g_test_add_func("/names/known_values", test_known_values);
    g_test_add_func("/names/numbers", test_numbers);
    g_test_add_func("/names/grease", test_grease);
    g_test_add_func("/names/suite_properties", test_suite_properties);
    g_test_add_func("/names/suite_unknown", test_suite_unknown);
    g_test_add_func("/names/schemes", test_schemes);
    g_test_add_func("/names/cert_signatures", test_cert_signatures);
    g_test_add_func("/names/oids", test_oids);
    return g_test_run();
}
