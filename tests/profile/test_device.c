/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to one device: verdicts on code points and numbers, their sources and limits in words.
 *
 * What a profile may hold, and the exact text of every error, is tested by data: run.py.
 */
#include "fixture.h"

#include <string.h>

static void test_lists(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[groups]\nsupported = secp256r1;x25519\ncomplete = yes\n" SOURCE("groups.supported", "observed")
        "[versions]\nsupported = TLS1.2\nunsupported = TLS1.3;TLS1.0\n" SOURCE("versions.supported", "observed")
        SOURCE("versions.unsupported", "documented") SOURCE("versions.unsupported.TLS1.0", "inferred"));

    assert_code(device, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0018, TLSFIT_CANNOT, "only secp256r1; x25519");
    assert_code(device, TLSFIT_SET_GROUPS, 0x0A0A, TLSFIT_OK, NULL); /* GREASE */
    assert_code(device, TLSFIT_SET_GROUPS, 0x1FFFF, TLSFIT_CANNOT, "only secp256r1; x25519");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0303, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_CANNOT, "not TLS1.3");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0301, TLSFIT_SUSPECT, "not TLS1.0");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0302, TLSFIT_UNKNOWN, NULL);
    assert_code(device, TLSFIT_SET_CIPHER_SUITES, 0xC023, TLSFIT_UNKNOWN, NULL);
    assert_code(device, TLSFIT_SET_KEY_TYPES, TLSFIT_KEY_RSA, TLSFIT_UNKNOWN, NULL);
    g_assert_true(tlsfit_device_complete(device, TLSFIT_SET_GROUPS));
    g_assert_false(tlsfit_device_complete(device, TLSFIT_SET_VERSIONS));
    g_assert_null(tlsfit_device_supported(device, TLSFIT_SET_CIPHER_SUITES));
    const GArray *groups = tlsfit_device_supported(device, TLSFIT_SET_GROUPS);
    g_assert_cmpuint(groups->len, ==, 2);
    g_assert_cmpuint(g_array_index(groups, guint16, 1), ==, 0x001D);
}

/* Each confidence, through the source of the list and through that of the claim that it is complete. */
static void test_confidence(void)
{
    static const struct {
        const char *confidence;
        TlsfitStatus status;
    } cases[] = {{"documented", TLSFIT_CANNOT},
                 {"source-code", TLSFIT_CANNOT},
                 {"observed", TLSFIT_CANNOT},
                 {"reported", TLSFIT_SUSPECT},
                 {"inferred", TLSFIT_SUSPECT}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            IDENTITY("a") "[groups]\nsupported = x25519\ncomplete = yes\n" SOURCE("groups.supported", "%s")
            "[versions]\nsupported = TLS1.2\ncomplete = yes\n" SOURCE("versions.supported", "observed")
            SOURCE("versions.complete", "%s")
            "[limits]\ndh_bits_max = 1024\n" SOURCE("limits.dh_bits_max", "%s"),
            cases[i].confidence, cases[i].confidence, cases[i].confidence);
        g_autoptr(TlsfitDevice) device = read_device(text);

        assert_code(device, TLSFIT_SET_GROUPS, 0x0017, cases[i].status, "only x25519");
        assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, cases[i].status, "only TLS1.2");
        assert_code(device, TLSFIT_SET_VERSIONS, 0xFEFD, TLSFIT_UNKNOWN, NULL); /* a list of TLS says nothing of DTLS */
        assert_number(device, TLSFIT_NUMBER_dh_bits_max, 1025, cases[i].status, "at most 1024 bits");
    }
}

static void test_long_limit(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[groups]\nsupported = 1;2;3;4;5;6;7;8;9;10\ncomplete = yes\n"
        SOURCE("groups.supported", "observed"));
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, TLSFIT_SET_GROUPS, 29);

    g_assert_true(g_str_has_prefix(verdict.limit, "only sect163k1; "));
    g_assert_true(g_str_has_suffix(verdict.limit, " and 2 more"));
}

static void test_end_entity(void)
{
    static const char keys[] = IDENTITY("a")
        "[certificate_keys]\ntypes = rsa;ec\ncurves = secp256r1;secp384r1\nunsupported_curves = secp521r1\n"
        "complete = yes\n" SOURCE("certificate_keys.types", "observed") SOURCE("certificate_keys.curves", "observed")
        SOURCE("certificate_keys.unsupported_curves", "reported");
    g_autoptr(TlsfitDevice) plain = read_device(keys);
    g_autofree char *own = g_strdup_printf(
        "%s" SOURCE("certificate_keys.end_entity_curves", "observed"), keys);
    g_autoptr(GString) text = g_string_new(own);
    char *at = strstr(text->str, "complete = yes");

    /* Without a list of its own the end-entity key is judged as any other. */
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x0018, TLSFIT_OK, NULL);
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x0019, TLSFIT_SUSPECT, "not secp521r1");
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x001D, TLSFIT_CANNOT, "only secp256r1; secp384r1");
    assert_code(plain, TLSFIT_SET_END_ENTITY_TYPES, TLSFIT_KEY_DSA, TLSFIT_CANNOT, "only rsa; ec");
    g_assert_true(tlsfit_device_complete(plain, TLSFIT_SET_END_ENTITY_CURVES));

    g_string_insert(text, at - text->str, "end_entity_curves = secp256r1\n");
    g_autoptr(TlsfitDevice) device = read_device(text->str);
    assert_code(device, TLSFIT_SET_KEY_CURVES, 0x0018, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0018, TLSFIT_CANNOT, "only secp256r1");
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0019, TLSFIT_SUSPECT, "not secp521r1");
    assert_code(device, TLSFIT_SET_END_ENTITY_TYPES, TLSFIT_KEY_EC, TLSFIT_OK, NULL);
}

static void test_numbers(void)
{
    const TlsfitSource *source = NULL;
    guint64 value = 7;
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[certificate_keys]\nrsa_bits_min = 1024\nrsa_bits_max = 2048\n"
        SOURCE("certificate_keys.rsa_bits_min", "inferred") SOURCE("certificate_keys.rsa_bits_max", "documented")
        "[limits]\nchain_certificates_max = 1\n" SOURCE("limits.chain_certificates_max", "documented"));

    assert_number(device, TLSFIT_NUMBER_rsa_bits_min, 1023, TLSFIT_SUSPECT, "at least 1024 bits");
    assert_number(device, TLSFIT_NUMBER_rsa_bits_min, 1024, TLSFIT_OK, NULL);
    assert_number(device, TLSFIT_NUMBER_rsa_bits_max, 2048, TLSFIT_OK, NULL);
    assert_number(device, TLSFIT_NUMBER_rsa_bits_max, 2049, TLSFIT_CANNOT, "at most 2048 bits");
    assert_number(device, TLSFIT_NUMBER_chain_certificates_max, 2, TLSFIT_CANNOT, "at most 1 certificate");
    assert_number(device, TLSFIT_NUMBER_record_bytes_max, G_MAXUINT64, TLSFIT_UNKNOWN, NULL);
    g_assert_false(tlsfit_device_number_value(device, TLSFIT_NUMBER_record_bytes_max, &value, &source));
    g_assert_cmpuint(value, ==, 7);
    g_assert_true(tlsfit_device_number_value(device, TLSFIT_NUMBER_rsa_bits_max, &value, &source));
    g_assert_cmpuint(value, ==, 2048);
    g_assert_cmpint(source->confidence, ==, TLSFIT_DOCUMENTED);
}

static void test_words(void)
{
    const TlsfitSource *source = NULL;
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[features]\nclock = optional\n" SOURCE("features.clock", "documented")
        "[codes]\n-7 = certificate too large\n" SOURCE("codes", "documented")
        "[fixes]\ncert_key_bits = Use 2048 bits\n" SOURCE("fixes", "documented")
        "[broken gcm]\nversions = TLS1.2\nsymptom = bad_record_mac from server\n" SOURCE("broken gcm", "observed"));

    g_assert_cmpstr(tlsfit_device_feature(device, TLSFIT_FEATURE_clock, &source), ==, "optional");
    g_assert_cmpstr(source->where, ==, "https://example.org/");
    g_assert_null(tlsfit_device_feature(device, TLSFIT_FEATURE_sni, &source));
    g_assert_null(source);
    g_assert_cmpuint(tlsfit_device_codes(device)->len, ==, 1);
    const TlsfitDeviceCode *code = g_ptr_array_index(tlsfit_device_codes(device), 0);
    g_assert_cmpstr(code->code, ==, "-7");
    g_assert_cmpstr(code->text, ==, "certificate too large");
    g_assert_null(code->rules);
    g_assert_cmpuint(code->alerts->len + code->outcomes, ==, 0);
    g_assert_cmpstr(tlsfit_device_fix(device, "cert_key_bits"), ==, "Use 2048 bits");
    g_assert_null(tlsfit_device_fix(device, "cert_key_curve"));
    g_assert_cmpuint(tlsfit_device_broken(device)->len, ==, 1);
    const TlsfitBroken *broken = g_ptr_array_index(tlsfit_device_broken(device), 0);
    g_assert_cmpstr(broken->name, ==, "gcm");
    g_assert_cmpint(broken->alert, ==, 20);
    g_assert_cmpint(broken->alert_from, ==, TLSFIT_SERVER);
    g_assert_false(broken->stalls);
    g_assert_cmpuint(broken->cipher_suites->len, ==, 0);
    g_assert_cmpuint(g_array_index(broken->versions, guint16, 0), ==, 0x0303);
}

static void test_advertised(void)
{
    static const guint16 offered[] = {0x0A0A, 0x001D, 0x0017};
    g_autoptr(TlsfitDevice) device = tlsfit_device_advertised_new();
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(guint16));
    TlsfitSource *source = g_new0(TlsfitSource, 1);

    source->confidence = TLSFIT_INFERRED;
    g_array_append_vals(codes, offered, G_N_ELEMENTS(offered));
    tlsfit_device_set_codes(device, TLSFIT_SET_GROUPS, codes, TRUE, source);
    g_assert_cmpstr(tlsfit_device_id(device), ==, "advertised");
    g_assert_null(tlsfit_device_file(device));
    g_assert_cmpuint(tlsfit_device_broken(device)->len, ==, 0);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0018, TLSFIT_SUSPECT, "only x25519; secp256r1");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_UNKNOWN, NULL);

    TlsfitSource *second = g_new0(TlsfitSource, 1);
    second->confidence = TLSFIT_INFERRED;
    tlsfit_device_set_codes(device, TLSFIT_SET_CIPHER_SUITES, g_array_new(FALSE, FALSE, sizeof(guint16)), TRUE,
                            second);
    assert_code(device, TLSFIT_SET_CIPHER_SUITES, 0xC023, TLSFIT_SUSPECT, "none at all");
    g_autofree char *text = tlsfit_device_render(device);
    g_assert_true(g_str_has_prefix(text, "advertised\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/device/lists", test_lists);
    g_test_add_func("/device/confidence", test_confidence);
    g_test_add_func("/device/long-limit", test_long_limit);
    g_test_add_func("/device/end-entity", test_end_entity);
    g_test_add_func("/device/numbers", test_numbers);
    g_test_add_func("/device/words", test_words);
    g_test_add_func("/device/advertised", test_advertised);
    return g_test_run();
}
