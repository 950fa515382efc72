/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a ClientHello as a server does: which suites can be used at all with the signature schemes beside them.
 *
 * In: a ClientHello. Out: TlsfitOffer. Knows no device and no particular server.
 */
#include "offer.h"

#include "session.h"

static gboolean is_real_suite(guint code)
{
    return !tlsfit_is_grease(code) && !tlsfit_suite(code)->is_scsv;
}

static void read_schemes(const TlsfitMessage *hello, TlsfitOffer *offer)
{
    offer->schemes_known = hello->schemes.present;
    for (guint i = 0; i < tlsfit_codes_length(&hello->schemes); i++) {
        const guint scheme = tlsfit_codes_get(&hello->schemes, i);

        switch (tlsfit_scheme_key_type(scheme)) {
        case TLSFIT_KEY_RSA:
        case TLSFIT_KEY_RSA_PSS:
            if ((scheme & 0xFF00u) == 0x0800u) {
                offer->rsa_pss = TRUE;
            } else if ((scheme >> 8) > 1u) {
                offer->rsa_pkcs1 = TRUE;
            }
            break;
        case TLSFIT_KEY_EC:
        case TLSFIT_KEY_ED25519:
        case TLSFIT_KEY_ED448:
            offer->ecdsa = TRUE;
            break;
        default:
            break;
        }
    }
}

/* A suite that names RSA or ECDSA needs such a certificate, and before TLS 1.3 the client must have offered a scheme
 * that fits it (RFC 5246, 7.4.1.4.1 and 7.4.2). RSA key transport signs nothing, but needs an RSA certificate all the
 * same; one that is signed with ECDSA would do by the letter and exists nowhere. */
static gboolean suite_unusable(const TlsfitSuite *suite, const TlsfitOffer *offer)
{
    if (!offer->schemes_known || suite->is_tls13) {
        return FALSE;
    }
    return (suite->auth == TLSFIT_AUTH_RSA && !offer->rsa_pkcs1 && !offer->rsa_pss) ||
           (suite->auth == TLSFIT_AUTH_ECDSA && !offer->ecdsa);
}

static void read_suite(guint code, TlsfitOffer *offer, gboolean *all_ecdsa, gboolean *all_group)
{
    const TlsfitSuite *suite = tlsfit_suite(code);
    const gboolean ephemeral = suite->kx == TLSFIT_KX_ECDHE || suite->kx == TLSFIT_KX_DHE;
    const gboolean modern = suite->is_tls13 ? offer->tls13 : ephemeral && suite->aead;

    offer->suites++;
    offer->modern = offer->modern || modern;
    if (suite_unusable(suite, offer)) {
        offer->unusable++;
        offer->unusable_example = code;
        offer->unusable_auth = suite->auth;
        return;
    }
    if (suite->is_tls13 && !offer->tls13) {
        return;
    }
    offer->modern_usable = offer->modern_usable || modern;
    *all_ecdsa = *all_ecdsa && suite->auth == TLSFIT_AUTH_ECDSA;
    *all_group = *all_group && (suite->is_tls13 || suite->kx == TLSFIT_KX_ECDHE || suite->kx == TLSFIT_KX_ECDH);
}

void tlsfit_offer_read(const TlsfitMessage *hello, TlsfitOffer *offer)
{
    const TlsfitOffer nothing = { 0 };
    gboolean all_ecdsa = TRUE;
    gboolean all_group = TRUE;

    *offer = nothing;
    read_schemes(hello, offer);
    offer->tls13 = tlsfit_version_is_tls13(tlsfit_hello_newest(hello));
    offer->tls12_or_older = !hello->versions.present;
    for (guint i = 0; i < tlsfit_codes_length(&hello->versions); i++) {
        const guint version = tlsfit_codes_get(&hello->versions, i);

        offer->tls12_or_older =
            offer->tls12_or_older || (!tlsfit_is_grease(version) && !tlsfit_version_is_tls13(version));
    }
    for (guint i = 0; i < tlsfit_codes_length(&hello->cipher_suites); i++) {
        const guint code = tlsfit_codes_get(&hello->cipher_suites, i);

        if (is_real_suite(code)) {
            read_suite(code, offer, &all_ecdsa, &all_group);
        }
    }
    offer->only_ecdsa = all_ecdsa && offer->suites > offer->unusable;
    offer->needs_group = all_group && offer->suites > offer->unusable;
}

TlsfitStatus tlsfit_offer_answered(const TlsfitDevice *answerer, TlsfitSet set, const TlsfitCodes *codes,
                                   const TlsfitSource **source, char **limit)
{
    TlsfitStatus result = TLSFIT_UNKNOWN;
    gboolean open = FALSE;

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        const guint code = tlsfit_codes_get(codes, i);

        if (tlsfit_is_grease(code) || (set == TLSFIT_SET_CIPHER_SUITES && tlsfit_suite(code)->is_scsv)) {
            continue;
        }
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(answerer, set, code);

        if (verdict.status == TLSFIT_OK) {
            g_clear_pointer(limit, g_free);
            return TLSFIT_OK;
        }
        if (verdict.status == TLSFIT_UNKNOWN) {
            open = TRUE;
        } else if (*limit == NULL) {
            result = verdict.status;
            *source = verdict.source;
            *limit = g_strdup_printf("%s: %s", tlsfit_device_name(answerer), verdict.limit);
        }
    }
    if (open) {
        g_clear_pointer(limit, g_free);
        return TLSFIT_UNKNOWN;
    }
    return result;
}

/* Has ANSWERER a certificate for SUITE? Suites of TLS 1.3 name none. */
static TlsfitVerdict certificate_for(const TlsfitDevice *answerer, const TlsfitSuite *suite)
{
    static const guint ecdsa_types[] = { TLSFIT_KEY_EC, TLSFIT_KEY_ED25519, TLSFIT_KEY_ED448 };
    static const guint rsa_types[] = { TLSFIT_KEY_RSA, TLSFIT_KEY_RSA_PSS };
    const gboolean rsa = suite->auth == TLSFIT_AUTH_RSA;
    const guint *types = rsa ? rsa_types : ecdsa_types;
    const guint count = rsa ? G_N_ELEMENTS(rsa_types) : G_N_ELEMENTS(ecdsa_types);
    TlsfitVerdict best = { TLSFIT_UNKNOWN, NULL, NULL };

    for (guint i = 0; (rsa || suite->auth == TLSFIT_AUTH_ECDSA) && i < count; i++) {
        TlsfitVerdict verdict = tlsfit_device_code(answerer, TLSFIT_SET_END_ENTITY_TYPES, types[i]);

        if (i == 0 || verdict.status < best.status) {
            tlsfit_verdict_clear(&best);
            best = verdict;
        } else {
            tlsfit_verdict_clear(&verdict);
        }
    }
    return best;
}

TlsfitStatus tlsfit_offer_certified(const TlsfitDevice *answerer, const TlsfitCodes *suites, const TlsfitSource **source,
                                    char **limit)
{
    TlsfitStatus result = TLSFIT_UNKNOWN;

    for (guint i = 0; i < tlsfit_codes_length(suites); i++) {
        const guint code = tlsfit_codes_get(suites, i);
        g_auto(TlsfitVerdict) enabled = tlsfit_device_code(answerer, TLSFIT_SET_CIPHER_SUITES, code);

        if (!is_real_suite(code) || enabled.status >= TLSFIT_SUSPECT) {
            continue;
        }
        g_auto(TlsfitVerdict) certificate = certificate_for(answerer, tlsfit_suite(code));

        if (certificate.status < TLSFIT_SUSPECT) {
            g_clear_pointer(limit, g_free);
            return certificate.status;
        }
        if (*limit == NULL) {
            result = certificate.status;
            *source = certificate.source;
            *limit = g_strdup_printf("%s: certificates: %s", tlsfit_device_name(answerer), certificate.limit);
        }
    }
    return result;
}

gboolean tlsfit_offer_schemes_fit(const TlsfitMessage *hello, const TlsfitDevice *answerer)
{
    for (guint i = 0; i < tlsfit_codes_length(&hello->schemes); i++) {
        g_auto(TlsfitVerdict) verdict =
            tlsfit_device_code(answerer, TLSFIT_SET_END_ENTITY_TYPES,
                               tlsfit_scheme_key_type(tlsfit_codes_get(&hello->schemes, i)));

        if (verdict.status < TLSFIT_SUSPECT) {
            return TRUE;
        }
    }
    return !hello->schemes.present;
}

gboolean tlsfit_offer_needs_group(const TlsfitMessage *hello, const TlsfitDevice *answerer)
{
    static const guint old[] = { 0x0301, 0x0302, 0x0303, 0xFEFF, 0xFEFD };

    for (guint i = 0; i < G_N_ELEMENTS(old); i++) {
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(answerer, TLSFIT_SET_VERSIONS, old[i]);

        if (tlsfit_hello_offers_version(hello, old[i]) && verdict.status < TLSFIT_SUSPECT) {
            return FALSE;
        }
    }
    return TRUE;
}

char *tlsfit_codes_text(TlsfitNameKind kind, const TlsfitCodes *codes, guint most)
{
    GString *text = g_string_new(NULL);
    guint shown = 0;
    guint more = 0;

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        const guint code = tlsfit_codes_get(codes, i);

        if (tlsfit_is_grease(code) || (kind == TLSFIT_NAME_CIPHER_SUITE && tlsfit_suite(code)->is_scsv)) {
            continue;
        }
        if (shown == most) {
            more++;
            continue;
        }
        g_autofree char *name = tlsfit_name_or_number(kind, code);

        g_string_append_printf(text, "%s%s", shown > 0 ? "; " : "", name);
        shown++;
    }
    if (more > 0) {
        g_string_append_printf(text, " and %u more", more);
    }
    return g_string_free(text, FALSE);
}
