/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources that disagree, and chains that are known by description: profiles as text in, verdicts and chains out.
 */
#include "fixture.h"

#include <string.h>

#define AGAINST(target, confidence, value) \
    "[against " target "]\n" value "confidence = " confidence "\nwhere = https://example.org/other\n"

/* A weaker source against a value of a list: suspected, even where that source is sure of itself. */
static void test_list(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("disputed") "[certificate_signatures]\nsupported = ecdsa-with-SHA256;ecdsa-with-SHA384\n"
        "unsupported = ecdsa-with-SHA512\ncomplete = no\n" SOURCE("certificate_signatures.supported", "observed")
        SOURCE("certificate_signatures.unsupported", "observed")
        AGAINST("certificate_signatures.supported.ecdsa-with-SHA384", "documented", "")
        AGAINST("certificate_signatures.unsupported.ecdsa-with-SHA512", "documented", ""));
    TlsfitSet set = TLSFIT_SET_CERTIFICATE_SIGNATURES;

    assert_code(device, set, TLSFIT_SIGNATURE_ECDSA_SHA256, TLSFIT_OK, NULL);
    assert_code(device, set, TLSFIT_SIGNATURE_ECDSA_SHA384, TLSFIT_SUSPECT,
                "sources disagree: one says that it cannot");
    assert_code(device, set, TLSFIT_SIGNATURE_ECDSA_SHA512, TLSFIT_CANNOT, "not ecdsa-with-SHA512");
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, TLSFIT_SIGNATURE_ECDSA_SHA384);
    g_assert_cmpstr(verdict.source->where, ==, "https://example.org/other");
    g_autofree char *text = tlsfit_device_render(device);
    g_assert_nonnull(strstr(text, "sources that say otherwise"));
}

static void test_numbers(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("disputed") "[limits]\nrecord_bytes_max = 4096\ndh_bits_min = 1024\ndh_bits_max = 2048\n"
        SOURCE("limits.record_bytes_max", "observed") SOURCE("limits.dh_bits_min", "observed")
        SOURCE("limits.dh_bits_max", "observed") AGAINST("limits.record_bytes_max", "reported", "value = 2048\n")
        AGAINST("limits.dh_bits_min", "reported", "value = 1536\n")
        AGAINST("limits.dh_bits_max", "reported", "value = 4096\n"));

    assert_number(device, TLSFIT_NUMBER_record_bytes_max, 2048, TLSFIT_OK, NULL);
    assert_number(device, TLSFIT_NUMBER_record_bytes_max, 2049, TLSFIT_SUSPECT,
                  "sources disagree: one says at most 2048 bytes");
    assert_number(device, TLSFIT_NUMBER_record_bytes_max, 4097, TLSFIT_CANNOT, "at most 4096 bytes");
    assert_number(device, TLSFIT_NUMBER_dh_bits_min, 1024, TLSFIT_SUSPECT,
                  "sources disagree: one says at least 1536 bits");
    assert_number(device, TLSFIT_NUMBER_dh_bits_min, 1536, TLSFIT_OK, NULL);
    /* What the weaker source alone allows stays forbidden. */
    assert_number(device, TLSFIT_NUMBER_dh_bits_max, 4096, TLSFIT_CANNOT, "at most 2048 bits");
}

/* A child may drop what its parent has against something. */
static void test_dropped(void)
{
    g_autoptr(Folder) folder = folder_new();

    folder_write(folder, "parent.ini",
                 IDENTITY("parent") "[limits]\nrecord_bytes_max = 4096\n" SOURCE("limits.record_bytes_max", "observed")
                 AGAINST("limits.record_bytes_max", "reported", "value = 2048\n"), -1);
    folder_write(folder, "child.ini",
                 "[device]\nid = child\nname = A child\ninherits = parent\n[against limits.record_bytes_max]\n", -1);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    assert_number(tlsfit_library_find(library, "parent"), TLSFIT_NUMBER_record_bytes_max, 3000, TLSFIT_SUSPECT,
                  "sources disagree: one says at most 2048 bytes");
    assert_number(tlsfit_library_find(library, "child"), TLSFIT_NUMBER_record_bytes_max, 3000, TLSFIT_OK, NULL);
}

static void test_chain(void)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    tlsfit_library_add_builtin(library);
    tlsfit_library_finish(library);
    const TlsfitChain *chain = tlsfit_library_chain(library, "letsencrypt-yr1");
    g_assert_nonnull(chain);
    g_assert_null(tlsfit_library_chain(library, "letsencrypt-none"));
    g_assert_cmpuint(chain->links->len, ==, 3);
    const TlsfitChainLink *end_entity = &g_array_index(chain->links, TlsfitChainLink, 0);
    const TlsfitChainLink *root = &g_array_index(chain->links, TlsfitChainLink, 2);
    g_assert_cmpuint(end_entity->bytes, ==, 0);
    g_assert_cmpuint(root->key_type, ==, TLSFIT_KEY_RSA);
    g_assert_cmpuint(root->key_bits, ==, 4096);
    g_assert_cmpuint(root->bytes, ==, 1528);
    g_assert_cmpuint(root->signature, ==, TLSFIT_SIGNATURE_SHA256_RSA);
    g_assert_cmpstr(root->name, ==, "Root YR by ISRG Root X1");
    chain = tlsfit_library_chain(library, "letsencrypt-e8");
    g_assert_cmpuint(g_array_index(chain->links, TlsfitChainLink, 1).curve, ==, 0x0018);
    g_assert_cmpuint(g_array_index(chain->links, TlsfitChainLink, 1).key_bits, ==, 384);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/against/list", test_list);
    g_test_add_func("/against/numbers", test_numbers);
    g_test_add_func("/against/dropped", test_dropped);
    g_test_add_func("/chain/described", test_chain);
    return g_test_run();
}
