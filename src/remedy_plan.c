/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which version, suites, groups and signature schemes a server may use with this device. See remedy.h.
 *
 * In: the ClientHello, the device, a key for the server. Out: TlsfitPlan. What the profile is silent about counts as
 * possible, as the device itself offers it. Asks no server what it has, except that OpenSSL 3 must know the name.
 */
#include "openssl_names.h"
#include "remedy.h"

#include <string.h>

/* A record holds no more plaintext than this less than its length: the explicit IV, the longest MAC and the padding of
 * CBC with AES and SHA-384 (RFC 5246, 6.2.3.2). */
#define RECORD_OVERHEAD_BYTES (16u + 48u + 16u)
/* What OpenSSL's -max_send_frag takes. */
#define FRAGMENT_BYTES_MIN 512u
#define FRAGMENT_BYTES_MAX 16384u

/* One way to do the handshake; group and scheme are 0 where the suite needs none. */
typedef struct {
    guint version, suite, group, scheme;
} Tuple;

static const guint16 tls_versions[] = { 0x0304, 0x0303, 0x0302, 0x0301, 0 };
static const guint16 dtls_versions[] = { 0xFEFD, 0xFEFF, 0 };
static const guint16 group_order[] = { 0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x001A, 0x001B, 0x001C, 0x0016, 0x0015,
                                       0x0013, 0 };

gboolean tlsfit_plan_ruled_out(const TlsfitDevice *device, TlsfitSet set, guint code)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code);

    return verdict.status == TLSFIT_CANNOT || verdict.status == TLSFIT_SUSPECT;
}

TlsfitTier tlsfit_plan_tier(guint code)
{
    const TlsfitSuite *suite = tlsfit_suite(code);

    if (suite->is_tls13) {
        return TLSFIT_TIER_TLS13;
    }
    switch (suite->kx) {
    case TLSFIT_KX_ECDHE:
        return suite->aead ? TLSFIT_TIER_AEAD : TLSFIT_TIER_CBC;
    case TLSFIT_KX_RSA:
        return TLSFIT_TIER_TRANSPORT;
    case TLSFIT_KX_DHE:
        return TLSFIT_TIER_DHE;
    default:
        return TLSFIT_TIER_NONE;
    }
}

static gboolean has(const GArray *codes, guint code)
{
    for (guint i = 0; codes != NULL && i < codes->len; i++) {
        if (g_array_index(codes, guint16, i) == code) {
            return TRUE;
        }
    }
    return FALSE;
}

static void add(GArray *codes, guint code)
{
    const guint16 value = (guint16)code;

    if (!has(codes, code)) {
        g_array_append_val(codes, value);
    }
}

static void read_suites(TlsfitPlanInput *input)
{
    for (guint i = 0; i < tlsfit_codes_length(&input->hello->cipher_suites); i++) {
        const guint code = tlsfit_codes_get(&input->hello->cipher_suites, i);
        g_autofree char *name = tlsfit_openssl_suite(code);

        if (name != NULL && !has(input->suites, code) &&
            !tlsfit_plan_ruled_out(input->device, TLSFIT_SET_CIPHER_SUITES, code)) {
            add(input->suites, code);
        }
    }
}

/* A hostile ClientHello may repeat itself thousands of times: what follows looks at each code once. */
void tlsfit_plan_input_read(TlsfitPlanInput *input)
{
    const TlsfitCodes *groups = &input->hello->groups;

    input->suites = g_array_new(FALSE, FALSE, sizeof(guint16));
    input->schemes = g_array_new(FALSE, FALSE, sizeof(guint16));
    input->groups = g_array_new(FALSE, FALSE, sizeof(guint16));
    read_suites(input);
    for (guint i = 0; i < tlsfit_codes_length(&input->hello->schemes); i++) {
        const guint code = tlsfit_codes_get(&input->hello->schemes, i);

        if (tlsfit_openssl_scheme(code) != NULL && !has(input->schemes, code) &&
            !tlsfit_plan_ruled_out(input->device, TLSFIT_SET_SIGNATURE_SCHEMES, code)) {
            add(input->schemes, code);
        }
    }
    for (guint i = 0; group_order[i] != 0; i++) {
        const gboolean offered = groups->present ? tlsfit_codes_has(groups, group_order[i])
                                                 : group_order[i] == 0x0017 || group_order[i] == 0x0018;

        if (offered && !tlsfit_plan_ruled_out(input->device, TLSFIT_SET_GROUPS, group_order[i])) {
            add(input->groups, group_order[i]);
        }
    }
}

void tlsfit_plan_input_clear(TlsfitPlanInput *input)
{
    g_clear_pointer(&input->suites, g_array_unref);
    g_clear_pointer(&input->schemes, g_array_unref);
    g_clear_pointer(&input->groups, g_array_unref);
}

static gboolean any_or(const GArray *wanted, guint code)
{
    return wanted->len == 0 || has(wanted, code);
}

static gboolean is_broken(const TlsfitPlanInput *input, const Tuple *tuple, TlsfitKeyType key)
{
    const GPtrArray *combinations = tlsfit_device_broken(input->device);

    for (guint i = 0; i < combinations->len; i++) {
        const TlsfitBroken *broken = g_ptr_array_index(combinations, i);

        if (broken->depends_on != NULL && broken != input->cause) {
            continue;
        }
        if (any_or(broken->versions, tuple->version) && any_or(broken->cipher_suites, tuple->suite) &&
            any_or(broken->groups, tuple->group) && any_or(broken->signature_schemes, tuple->scheme) &&
            any_or(broken->key_types, key)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* AEAD, and MACs with SHA-256 and SHA-384, came with TLS 1.2 (RFC 5246, 5288, 5289). */
static gboolean suite_fits(guint code, guint version, TlsfitKeyType key)
{
    const TlsfitSuite *suite = tlsfit_suite(code);

    if (suite->is_tls13 || tlsfit_version_is_tls13(version)) {
        return suite->is_tls13 && tlsfit_version_is_tls13(version);
    }
    if (tlsfit_plan_tier(code) == TLSFIT_TIER_NONE ||
        (tlsfit_version_is_retired(version) && (suite->aead || !g_str_has_suffix(suite->name, "_SHA")))) {
        return FALSE;
    }
    return suite->auth == TLSFIT_AUTH_RSA ? key == TLSFIT_KEY_RSA
                                          : suite->auth == TLSFIT_AUTH_ECDSA && key != TLSFIT_KEY_RSA;
}

/* TLS 1.3 ties a scheme to a curve and forbids PKCS #1 and SHA-1 (RFC 8446, 4.2.3). */
static gboolean scheme_fits(guint scheme, guint version, const TlsfitKeyShape *key)
{
    if (tlsfit_scheme_key_type(scheme) != key->type) {
        return FALSE;
    }
    if (!tlsfit_version_is_tls13(version)) {
        return TRUE;
    }
    if (key->type == TLSFIT_KEY_EC) {
        return (scheme == 0x0403 && key->curve == 0x0017) || (scheme == 0x0503 && key->curve == 0x0018) ||
               (scheme == 0x0603 && key->curve == 0x0019);
    }
    return scheme >= 0x0804;
}

/* The schemes that could sign; a single 0 where the version or the suite has none. */
static GArray *schemes_for(const TlsfitPlanInput *input, guint version, guint suite, const TlsfitKeyShape *key)
{
    GArray *result = g_array_new(FALSE, FALSE, sizeof(guint16));

    if (tlsfit_version_is_retired(version) || tlsfit_plan_tier(suite) == TLSFIT_TIER_TRANSPORT) {
        add(result, 0);
        return result;
    }
    for (guint i = 0; i < input->schemes->len; i++) {
        const guint scheme = g_array_index(input->schemes, guint16, i);

        if (scheme_fits(scheme, version, key)) {
            add(result, scheme);
        }
    }
    if (!input->hello->schemes.present && !tlsfit_version_is_tls13(version)) {
        add(result, key->type == TLSFIT_KEY_RSA ? 0x0201 : 0x0203); /* RFC 5246, 7.4.1.4.1 */
    }
    return result;
}

static GArray *groups_for(const TlsfitPlanInput *input, guint suite)
{
    const TlsfitTier tier = tlsfit_plan_tier(suite);
    GArray *result;

    if (tier != TLSFIT_TIER_TRANSPORT && tier != TLSFIT_TIER_DHE) {
        return g_array_ref(input->groups);
    }
    result = g_array_new(FALSE, FALSE, sizeof(guint16));
    add(result, 0);
    return result;
}

/* Before TLS 1.3 the curve of the server's key is one of the groups (RFC 8422, 5.1.1). */
static gboolean key_fits(const TlsfitPlanInput *input, guint version, const TlsfitKeyShape *key)
{
    return key->type != TLSFIT_KEY_EC || tlsfit_version_is_tls13(version) || !input->hello->groups.present ||
           tlsfit_codes_has(&input->hello->groups, key->curve);
}

/* Adds the groups and schemes with which this version and suite work; FALSE where there are none. */
static gboolean collect(const TlsfitPlanInput *input, const TlsfitKeyShape *key, guint version, guint suite,
                        TlsfitPlan *plan)
{
    g_autoptr(GArray) groups = groups_for(input, suite);
    g_autoptr(GArray) schemes = schemes_for(input, version, suite, key);
    gboolean any = FALSE;

    for (guint g = 0; g < groups->len; g++) {
        for (guint s = 0; s < schemes->len; s++) {
            const Tuple tuple = { version, suite, g_array_index(groups, guint16, g),
                                  g_array_index(schemes, guint16, s) };

            if (is_broken(input, &tuple, key->type)) {
                continue;
            }
            any = TRUE;
            if (plan != NULL && tuple.group != 0) {
                add(plan->groups, tuple.group);
            }
            if (plan != NULL && tuple.scheme != 0) {
                add(plan->schemes, tuple.scheme);
            }
        }
    }
    return any;
}

/* Within a tier: AEAD, then MACs of SHA-2, then SHA-1; else the client's order stays. */
static guint rank(guint code)
{
    const TlsfitSuite *suite = tlsfit_suite(code);

    return suite->aead ? 0 : g_str_has_suffix(suite->name, "_SHA") ? 2 : 1;
}

static void sort_by_rank(GArray *suites)
{
    for (guint i = 1; i < suites->len; i++) {
        const guint16 code = g_array_index(suites, guint16, i);
        guint at = i;

        for (; at > 0 && rank(g_array_index(suites, guint16, at - 1)) > rank(code); at--) {
            g_array_index(suites, guint16, at) = g_array_index(suites, guint16, at - 1);
        }
        g_array_index(suites, guint16, at) = code;
    }
}

/* The suites of the best tier that work in this version; the tier. */
static TlsfitTier suites_of(const TlsfitPlanInput *input, const TlsfitKeyShape *key, guint version, GArray *suites)
{
    TlsfitTier best = TLSFIT_TIER_NONE;

    for (guint i = 0; i < input->suites->len; i++) {
        const guint code = g_array_index(input->suites, guint16, i);
        const TlsfitTier tier = tlsfit_plan_tier(code);

        if (tier > best || !suite_fits(code, version, key->type) || !collect(input, key, version, code, NULL)) {
            continue;
        }
        if (tier < best) {
            g_array_set_size(suites, 0);
            best = tier;
        }
        add(suites, code);
    }
    sort_by_rank(suites);
    return best;
}

static guint first(const GArray *codes)
{
    return codes->len > 0 ? g_array_index(codes, guint16, 0) : 0;
}

/* Takes out of CODES (groups, or schemes) what one of the chosen suites cannot do with one of the other list. */
static void drop_broken(const TlsfitPlanInput *input, const TlsfitKeyShape *key, TlsfitPlan *plan, gboolean of_groups)
{
    GArray *codes = of_groups ? plan->groups : plan->schemes;

    for (guint c = codes->len; c-- > 0 && codes->len > 1;) {
        const guint code = g_array_index(codes, guint16, c);
        gboolean bad = FALSE;

        for (guint v = 0; v < plan->versions->len && !bad; v++) {
            for (guint s = 0; s < plan->suites->len && !bad; s++) {
                const guint version = g_array_index(plan->versions, guint16, v);
                const guint suite = g_array_index(plan->suites, guint16, s);
                const Tuple tuple = { version, suite, of_groups ? code : first(plan->groups),
                                      of_groups ? first(plan->schemes) : code };

                bad = suite_fits(tuple.suite, tuple.version, key->type) && is_broken(input, &tuple, key->type);
            }
        }
        if (bad) {
            g_array_remove_index(codes, c);
        }
    }
}

void tlsfit_plan_clear(TlsfitPlan *plan)
{
    g_clear_pointer(&plan->versions, g_array_unref);
    g_clear_pointer(&plan->suites, g_array_unref);
    g_clear_pointer(&plan->groups, g_array_unref);
    g_clear_pointer(&plan->schemes, g_array_unref);
}

/* The best version; and TLS 1.2 beside TLS 1.3, where it works with forward secrecy and AEAD. */
gboolean tlsfit_plan_make(const TlsfitPlanInput *input, const TlsfitKeyShape *key, TlsfitPlan *plan)
{
    const guint16 *versions = tlsfit_version_is_dtls(input->hello->version) ? dtls_versions : tls_versions;

    plan->versions = g_array_new(FALSE, FALSE, sizeof(guint16));
    plan->suites = g_array_new(FALSE, FALSE, sizeof(guint16));
    plan->groups = g_array_new(FALSE, FALSE, sizeof(guint16));
    plan->schemes = g_array_new(FALSE, FALSE, sizeof(guint16));
    plan->tier = TLSFIT_TIER_NONE;
    for (; *versions != 0; versions++) {
        g_autoptr(GArray) suites = g_array_new(FALSE, FALSE, sizeof(guint16));
        TlsfitTier tier;

        if (!tlsfit_hello_offers_version(input->hello, *versions) || !key_fits(input, *versions, key) ||
            tlsfit_plan_ruled_out(input->device, TLSFIT_SET_VERSIONS, *versions)) {
            continue;
        }
        tier = suites_of(input, key, *versions, suites);
        if (tier == TLSFIT_TIER_NONE || (plan->versions->len > 0 && tier > TLSFIT_TIER_AEAD)) {
            continue;
        }
        plan->tier = MIN(plan->tier, tier);
        add(plan->versions, *versions);
        for (guint i = 0; i < suites->len; i++) {
            add(plan->suites, g_array_index(suites, guint16, i));
            collect(input, key, *versions, g_array_index(suites, guint16, i), plan);
        }
    }
    drop_broken(input, key, plan, TRUE);
    drop_broken(input, key, plan, FALSE);
    return plan->versions->len > 0;
}

guint tlsfit_plan_fragment_bytes(const TlsfitPlanInput *input)
{
    guint64 bytes = G_MAXUINT64;
    guint64 value;

    if (tlsfit_device_number_value(input->device, TLSFIT_NUMBER_record_bytes_max, &value, NULL)) {
        bytes = MIN(bytes, value);
    }
    if (tlsfit_device_number_value(input->device, TLSFIT_NUMBER_encrypted_record_bytes_max, &value, NULL)) {
        bytes = MIN(bytes, value > RECORD_OVERHEAD_BYTES ? value - RECORD_OVERHEAD_BYTES : 0);
    }
    if (input->hello->max_fragment_length >= 1 && input->hello->max_fragment_length <= 4) {
        bytes = MIN(bytes, 256u << input->hello->max_fragment_length); /* RFC 6066, 4 */
    }
    if (input->hello->record_size_limit != 0) {
        bytes = MIN(bytes, input->hello->record_size_limit);
    }
    return bytes < FRAGMENT_BYTES_MIN || bytes == G_MAXUINT64 ? 0 : (guint)MIN(bytes, FRAGMENT_BYTES_MAX);
}
