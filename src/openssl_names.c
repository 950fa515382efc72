/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IANA's names in OpenSSL's spelling. See openssl_names.h.
 *
 * In: code points. Out: names, made by the rule that OpenSSL follows for the suites of RFC 5246, 5289, 6655, 7251 and
 * 7905; tests/remedy compares them with what `openssl ciphers -stdname` says. Knows no device.
 */
#include "openssl_names.h"

#include <string.h>

/* The cipher and MAC behind _WITH_: the first match counts, so that the longer name stands before the shorter. */
static const struct {
    const char *iana;
    const char *openssl;
} ciphers[] = {
    { "AES_128_GCM_SHA256", "AES128-GCM-SHA256" }, { "AES_256_GCM_SHA384", "AES256-GCM-SHA384" },
    { "AES_128_CBC_SHA256", "AES128-SHA256" },     { "AES_256_CBC_SHA256", "AES256-SHA256" },
    { "AES_256_CBC_SHA384", "AES256-SHA384" },     { "AES_128_CBC_SHA", "AES128-SHA" },
    { "AES_256_CBC_SHA", "AES256-SHA" },           { "AES_128_CCM_8", "AES128-CCM8" },
    { "AES_256_CCM_8", "AES256-CCM8" },            { "AES_128_CCM", "AES128-CCM" },
    { "AES_256_CCM", "AES256-CCM" },               { "CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305" },
};

static const struct {
    const char *iana;
    const char *openssl;
} exchanges[] = {
    { "TLS_ECDHE_ECDSA_WITH_", "ECDHE-ECDSA-" },
    { "TLS_ECDHE_RSA_WITH_", "ECDHE-RSA-" },
    { "TLS_DHE_RSA_WITH_", "DHE-RSA-" },
    { "TLS_RSA_WITH_", "" },
};

/* OpenSSL has CBC with SHA-384 for ECDHE alone, and ECDHE not with AES-256 and SHA-256; what is not registered has no
 * name to begin with. */
char *tlsfit_openssl_suite(guint code)
{
    const char *name = tlsfit_name(TLSFIT_NAME_CIPHER_SUITE, code);
    const char *cipher = NULL;
    guint exchange = 0;

    if (name == NULL) {
        return NULL;
    }
    if (code >= 0x1301 && code <= 0x1305) {
        return g_strdup(name);
    }
    while (exchange < G_N_ELEMENTS(exchanges) && !g_str_has_prefix(name, exchanges[exchange].iana)) {
        exchange++;
    }
    if (exchange == G_N_ELEMENTS(exchanges)) {
        return NULL;
    }
    cipher = name + strlen(exchanges[exchange].iana);
    for (guint i = 0; i < G_N_ELEMENTS(ciphers); i++) {
        if (g_str_equal(cipher, ciphers[i].iana)) {
            return g_strconcat(exchanges[exchange].openssl, ciphers[i].openssl, NULL);
        }
    }
    return NULL;
}

const char *tlsfit_openssl_group(guint code)
{
    switch (code) {
    case 0x0013:
        return "P-192";
    case 0x0015:
        return "P-224";
    case 0x0016:
        return "secp256k1";
    case 0x0017:
        return "P-256";
    case 0x0018:
        return "P-384";
    case 0x0019:
        return "P-521";
    case 0x001A:
        return "brainpoolP256r1";
    case 0x001B:
        return "brainpoolP384r1";
    case 0x001C:
        return "brainpoolP512r1";
    case 0x001D:
        return "X25519";
    case 0x001E:
        return "X448";
    default:
        return NULL;
    }
}

const char *tlsfit_openssl_scheme(guint code)
{
    switch (code) {
    case 0x0301:
        return "RSA+SHA224";
    case 0x0303:
        return "ECDSA+SHA224";
    case 0x0201:
        return "RSA+SHA1";
    case 0x0203:
        return "ECDSA+SHA1";
    case 0x0401:
    case 0x0403:
    case 0x0501:
    case 0x0503:
    case 0x0601:
    case 0x0603:
    case 0x0804:
    case 0x0805:
    case 0x0806:
    case 0x0807:
    case 0x0808:
    case 0x0809:
    case 0x080A:
    case 0x080B:
        return tlsfit_name(TLSFIT_NAME_SIGNATURE_SCHEME, code);
    default:
        return NULL;
    }
}

const char *tlsfit_openssl_version(guint code)
{
    switch (code) {
    case 0x0301:
        return "TLSv1";
    case 0x0302:
        return "TLSv1.1";
    case 0x0303:
        return "TLSv1.2";
    case 0x0304:
        return "TLSv1.3";
    case 0xFEFF:
        return "DTLSv1";
    case 0xFEFD:
        return "DTLSv1.2";
    default:
        return NULL;
    }
}
