/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognising a ClientHello: hellos made of lists in, the device out. The profiles' own fingerprints are turned into
 * hellos and must lead back to their device, or to all devices that share them; a hello that differs in one part
 * leads nowhere. JA3 and JA4 are compared with values that others published.
 */
#include "fixture.h"

#include <string.h>

static void fill(TlsfitCodes *codes, const GArray *list)
{
    for (guint i = 0; list != NULL && i < list->len; i++)
        tlsfit_codes_add(codes, g_array_index(list, guint16, i));
}

/* What the profile's fingerprint describes, but for what its hashes need beside. */
static void hello_of(const TlsfitDevice *device, guint version, const guint8 *formats, guint count,
                     TlsfitMessage *hello)
{
    const TlsfitDeviceFingerprint *fingerprint = &device->recognised;

    tlsfit_message_init(hello);
    hello->type = TLSFIT_HS_CLIENT_HELLO;
    hello->version = (guint16)version;
    fill(&hello->cipher_suites, fingerprint->cipher_suites);
    fill(&hello->extensions, fingerprint->extensions);
    fill(&hello->groups, fingerprint->groups);
    fill(&hello->schemes, fingerprint->signature_schemes);
    for (guint i = 0; i < count; i++)
        tlsfit_codes_add(&hello->point_formats, formats[i]);
}

static TlsfitLibrary *builtin(void)
{
    TlsfitLibrary *library = tlsfit_library_new();

    tlsfit_library_add_builtin(library);
    tlsfit_library_finish(library);
    return library;
}

/* The versions and point formats that make the JA3 of a profile come out. */
static gboolean complete_hello(const TlsfitDevice *device, TlsfitMessage *hello)
{
    static const guint8 formats[][3] = {{0, 0, 0}, {0, 1, 2}, {0, 2, 1}};
    static const guint counts[] = {0, 1, 3};

    for (guint version = 0x0300; version <= 0x0303; version++) {
        for (guint i = 0; i < G_N_ELEMENTS(counts); i++) {
            for (guint j = 0; j < G_N_ELEMENTS(formats); j++) {
                hello_of(device, version, formats[j], counts[i], hello);
                if (tlsfit_device_recognises(device, hello))
                    return TRUE;
                tlsfit_message_clear(hello);
            }
        }
    }
    return FALSE;
}

/* Every profile with a fingerprint, and the ways to differ from it by one part. */
static void every_profile(void)
{
    g_autoptr(TlsfitLibrary) library = builtin();
    const GPtrArray *devices = tlsfit_library_devices(library);
    guint counted = 0;

    for (guint i = 0; i < devices->len; i++) {
        TlsfitDevice *device = g_ptr_array_index(devices, i);
        g_autoptr(GPtrArray) ambiguous = NULL;
        TlsfitMessage hello;

        if (device->recognised.cipher_suites == NULL || device->recognised.ja4 != NULL)
            continue;
        counted++;
        if (!complete_hello(device, &hello))
            g_error("%s: no hello made of its own fingerprint matches it", device->id);
        TlsfitDevice *found = tlsfit_library_recognise(library, &hello, &ambiguous);
        g_assert_true(found == device || (found == NULL && g_ptr_array_find(ambiguous, device, NULL)));
        g_assert_true((found != NULL) == (ambiguous == NULL));
        tlsfit_codes_add(&hello.cipher_suites, 0x0A0A); /* GREASE changes nothing */
        tlsfit_codes_add(&hello.groups, 0xFAFA);
        g_assert_true(tlsfit_device_recognises(device, &hello));
        hello.truncated = TRUE;
        g_assert_false(tlsfit_device_recognises(device, &hello));
        hello.truncated = FALSE;
        tlsfit_codes_add(&hello.cipher_suites, 0x00A8);
        g_assert_false(tlsfit_device_recognises(device, &hello));
        tlsfit_message_clear(&hello);
    }
    g_assert_cmpuint(counted, >=, 20);
}

static void shared_by_two(void)
{
    g_autoptr(TlsfitLibrary) library = builtin();
    const TlsfitDevice *device = tlsfit_library_find(library, "android-4.3");
    g_autoptr(GPtrArray) ambiguous = NULL;
    TlsfitMessage hello;

    g_assert_true(complete_hello(device, &hello));
    g_assert_null(tlsfit_library_recognise(library, &hello, &ambiguous));
    g_assert_cmpuint(ambiguous->len, ==, 2);
    g_assert_cmpstr(tlsfit_device_id(g_ptr_array_index(ambiguous, 0)), ==, "android-4.2.2");
    g_assert_cmpstr(tlsfit_device_id(g_ptr_array_index(ambiguous, 1)), ==, "android-4.3");
    tlsfit_message_clear(&hello);
}

/* The suites alone, in another order, or with an extension more: a partial match is none. */
static void partial(void)
{
    g_autoptr(TlsfitLibrary) library = builtin();
    const TlsfitDevice *device = tlsfit_library_find(library, "java-7u25");
    g_autoptr(GPtrArray) ambiguous = NULL;
    TlsfitMessage hello;

    g_assert_true(complete_hello(device, &hello));
    guint16 *suites = (guint16 *)(void *)hello.cipher_suites.codes->data;
    guint16 first = suites[0];
    suites[0] = suites[1];
    suites[1] = first;
    g_assert_null(tlsfit_library_recognise(library, &hello, &ambiguous));
    g_assert_null(ambiguous);
    tlsfit_message_clear(&hello);
    tlsfit_message_init(&hello);
    fill(&hello.cipher_suites, device->recognised.cipher_suites);
    g_assert_null(tlsfit_library_recognise(library, &hello, &ambiguous));
    g_assert_null(ambiguous);
    tlsfit_message_clear(&hello);
}

/* Published by testssl.sh (etc/client-simulation.txt, OpenSSL 3.5.0) and by a user of NetX Secure. */
static void published_hashes(void)
{
    static const guint8 uncompressed_first[] = {0, 1, 2};
    g_autoptr(TlsfitLibrary) library = builtin();
    TlsfitMessage hello;

    hello_of(tlsfit_library_find(library, "openssl-3.5.0"), 0x0303, uncompressed_first, 3, &hello);
    tlsfit_codes_add(&hello.versions, 0x0304);
    tlsfit_codes_add(&hello.versions, 0x0303);
    g_autofree char *ja3 = tlsfit_hello_ja3(&hello);
    g_autofree char *ja4 = tlsfit_hello_ja4(&hello);
    g_assert_cmpstr(ja3, ==, "27718d56688425cd36a401c66147c4ee");
    g_assert_cmpstr(ja4, ==, "t13d301100_1d37bd780c83_8e6e362c5eac");
    tlsfit_message_clear(&hello);

    const TlsfitDevice *netx = tlsfit_library_find(library, "netx-secure-6.4-tls1.3");
    hello_of(netx, 0x0303, uncompressed_first, 1, &hello);
    g_assert_false(tlsfit_device_recognises(netx, &hello)); /* its JA4 says TLS 1.3 */
    tlsfit_codes_add(&hello.versions, 0x0304);
    tlsfit_codes_add(&hello.versions, 0x0303);
    g_autofree char *netx_ja4 = tlsfit_hello_ja4(&hello);
    g_assert_cmpstr(netx_ja4, ==, "t13i120500_300ad538f728_2ddaf29219d6");
    g_assert_true(tlsfit_device_recognises(netx, &hello));
    tlsfit_message_clear(&hello);
}

/* The letters of JA4 that no profile has. */
static void other_hellos(void)
{
    TlsfitMessage hello;

    tlsfit_message_init(&hello);
    hello.version = 0xFEFD;
    memcpy(hello.alpn_ends, "h2", 2);
    g_autofree char *dtls = tlsfit_hello_ja4(&hello);
    g_assert_cmpstr(dtls, ==, "dd2i0000h2_000000000000_000000000000");
    hello.version = 0x0303;
    hello.alpn_ends[0] = 0xAB;
    hello.alpn_ends[1] = 0xCD;
    tlsfit_codes_add(&hello.extensions, 57);
    g_autofree char *quic = tlsfit_hello_ja4(&hello);
    g_assert_true(g_str_has_prefix(quic, "q12i0001ad_000000000000_"));
    tlsfit_message_clear(&hello);
}

/* OUI alone is a hint: it must not choose. */
static void oui_is_a_hint(void)
{
    g_autoptr(TlsfitDevice) device = read_device(IDENTITY("only-oui") "[fingerprint]\noui = 00:80:E1\n"
                                                 SOURCE("fingerprint", "observed"));
    TlsfitMessage hello;

    tlsfit_message_init(&hello);
    g_assert_false(tlsfit_device_recognises(device, &hello));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fingerprint/every-profile", every_profile);
    g_test_add_func("/fingerprint/shared-by-two", shared_by_two);
    g_test_add_func("/fingerprint/partial", partial);
    g_test_add_func("/fingerprint/published-hashes", published_hashes);
    g_test_add_func("/fingerprint/other-hellos", other_hellos);
    g_test_add_func("/fingerprint/oui", oui_is_a_hint);
    return g_test_run();
}
