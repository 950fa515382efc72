/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What to change on the server for the primary cause. See remedy.h.
 *
 * In: a session whose findings are ranked. Out: TlsfitRemedy in the primary cause, and its short form in the cause's fix. A
 * rule that is not in the table keeps its own text: what helps there is no setting of the server.
 */
#include "remedy.h"

#include <string.h>

/* Whose words people read. */
typedef enum {
    COMPUTED, /* ours instead of the rule's general text, and behind what was said of this very case */
    BOTH,     /* ours behind the rule's text */
    OWN       /* the rule's: ours would repeat it; the lines for servers are there all the same */
} Words;

/* What a rule asks for: parts for certain, and whether what the server chose is compared with the plan. */
typedef struct {
    const char *rule;
    guint       parts;
    gboolean    compare; /* what the server chose and the plan does not have is to be changed, too */
    Words       words;
} Need;

static const Need needs[] = {
    { "no_shared_version", TLSFIT_PART_VERSIONS, FALSE, COMPUTED },
    { "no_shared_suite", TLSFIT_PART_SUITES | TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "no_shared_group", TLSFIT_PART_GROUPS, FALSE, COMPUTED },
    { "no_shared_signature", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "hello_suite_unusable", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "hello_tls13_without_pss", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "hello_tls12_without_pkcs1", TLSFIT_PART_SCHEMES, FALSE, COMPUTED },
    { "server_version", TLSFIT_PART_VERSIONS, TRUE, COMPUTED },
    { "server_suite", TLSFIT_PART_SUITES, TRUE, COMPUTED },
    { "server_group", TLSFIT_PART_GROUPS, TRUE, COMPUTED },
    { "server_signature_scheme", TLSFIT_PART_SCHEMES, TRUE, COMPUTED },
    { "server_dh_bits", TLSFIT_PART_SUITES, TRUE, COMPUTED },
    { "broken_combination", 0, TRUE, COMPUTED },
    { "cert_signature_algorithm", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "cert_key_type", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "cert_key_curve", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "cert_key_bits", TLSFIT_PART_CHAIN, FALSE, COMPUTED },
    { "chain_length", TLSFIT_PART_CHAIN, FALSE, BOTH },
    { "message_bytes", TLSFIT_PART_CHAIN, FALSE, BOTH },
    { "cert_bytes", TLSFIT_PART_CHAIN, FALSE, BOTH },
    { "record_bytes", TLSFIT_PART_FRAGMENT, FALSE, BOTH },
    { "fragment_length_ignored", TLSFIT_PART_FRAGMENT, FALSE, BOTH },
    { "chain_order", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "chain_incomplete", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "chain_anchor", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_critical_extension", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_key_usage", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_name", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_validity", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_version", TLSFIT_PART_CHAIN, FALSE, OWN },
    { "cert_unreadable", TLSFIT_PART_CHAIN, FALSE, OWN },
};

/* Costs beside those of the chain: changing the kind of the server's key takes a new certificate, another size too. */
enum { OTHER_TYPE = 100, OTHER_KEY = 10, LOWER_TIER = 12 };

void tlsfit_remedy_free(TlsfitRemedy *remedy)
{
    if (remedy != NULL) {
        tlsfit_plan_clear(&remedy->plan);
        g_free(remedy);
    }
}

static const Need *need_of(const char *rule)
{
    for (guint i = 0; i < G_N_ELEMENTS(needs); i++) {
        if (g_str_equal(needs[i].rule, rule)) {
            return &needs[i];
        }
    }
    return NULL;
}

static gboolean has(const GArray *codes, guint code)
{
    for (guint i = 0; i < codes->len; i++) {
        if (g_array_index(codes, guint16, i) == code) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Is this kind of key the server's own, as far as the capture or the server's profile shows? */
static guint strange(const TlsfitSession *session, const TlsfitKeyShape *now, const TlsfitKeyShape *key)
{
    if (now->type != TLSFIT_KEY_UNKNOWN) {
        return now->type != key->type                                  ? OTHER_TYPE
               : now->curve != key->curve || now->bits != key->bits ? OTHER_KEY
                                                                    : 0;
    }
    return session->peer != NULL && tlsfit_plan_ruled_out(session->peer, TLSFIT_SET_END_ENTITY_TYPES, key->type)
               ? OTHER_TYPE
               : 0;
}

/* Tries one key for the server; REMEDY takes it over when it is better than COST. */
static void try_key(const TlsfitPlanInput *input, const TlsfitKeyShape *now, const TlsfitKeyShape *key, guint extra,
                    TlsfitRemedy *remedy, guint *cost)
{
    TlsfitPlan plan = { 0 };
    TlsfitChainShape chain = { .certificates = 0 };
    guint all = tlsfit_chain_shape_make(input, key, &chain);

    if (all == G_MAXUINT || !tlsfit_plan_make(input, key, &plan)) {
        tlsfit_plan_clear(&plan);
        return;
    }
    all += extra + strange(input->session, now, key) + (guint)plan.tier * LOWER_TIER;
    if (all >= *cost) {
        tlsfit_plan_clear(&plan);
        return;
    }
    tlsfit_plan_clear(&remedy->plan);
    remedy->plan = plan;
    remedy->chain = chain;
    *cost = all;
}

/* The best key with what follows from it; FALSE where nothing works. */
static gboolean choose(const TlsfitPlanInput *input, const TlsfitKeyShape *now, TlsfitRemedy *remedy)
{
    guint cost = G_MAXUINT;

    if (now->type != TLSFIT_KEY_UNKNOWN) {
        try_key(input, now, now, 0, remedy, &cost);
    }
    for (guint i = 0; tlsfit_key_shape_at(i) != NULL; i++) {
        try_key(input, now, tlsfit_key_shape_at(i), i, remedy, &cost);
    }
    return cost != G_MAXUINT;
}

/* What the server chose and the plan does not have. */
static guint differing(const TlsfitSession *session, const TlsfitPlan *plan, gboolean same_type)
{
    const guint version = tlsfit_session_version(session);
    const guint suite = tlsfit_session_suite(session);
    TlsfitPlace place;
    const guint group = tlsfit_session_group(session, &place);
    const guint scheme = tlsfit_session_scheme(session, &place);
    guint parts = 0;

    parts |= version != 0 && !has(plan->versions, version) ? TLSFIT_PART_VERSIONS : 0;
    parts |= suite != 0 && !has(plan->suites, suite) ? TLSFIT_PART_SUITES : 0;
    parts |= group != 0 && plan->groups->len > 0 && !has(plan->groups, group) ? TLSFIT_PART_GROUPS : 0;
    /* with another type of key the server signs otherwise by itself */
    if (same_type && scheme != 0 && plan->schemes->len > 0 && !has(plan->schemes, scheme)) {
        parts |= TLSFIT_PART_SCHEMES;
    }
    return parts;
}

static gboolean same_kind(const TlsfitKeyShape *now, const TlsfitKeyShape *key)
{
    return now->type == key->type && now->curve == key->curve && now->bits == key->bits;
}

static guint parts_needed(const TlsfitSession *session, const Need *need, const TlsfitKeyShape *now,
                          const TlsfitRemedy *remedy)
{
    const TlsfitPlan *plan = &remedy->plan;
    const gboolean modern = plan->tier <= TLSFIT_TIER_AEAD;
    guint parts = need->parts;

    if (need->compare) {
        parts |= differing(session, plan, now->type == remedy->chain.end_entity.type);
        /* a server that is to use another version may not have its suites on */
        parts |= (parts & TLSFIT_PART_VERSIONS) != 0 && !modern ? TLSFIT_PART_SUITES : 0;
    }
    if (now->type != TLSFIT_KEY_UNKNOWN && !same_kind(now, &remedy->chain.end_entity)) {
        parts |= TLSFIT_PART_CHAIN;
        parts |= now->type != remedy->chain.end_entity.type && !modern ? TLSFIT_PART_SUITES : 0;
    }
    if (now->type == TLSFIT_KEY_UNKNOWN && session->slots[TLSFIT_SLOT_SERVER_HELLO] == NULL) {
        parts |= !modern ? TLSFIT_PART_SUITES : 0;
    }
    if ((parts & TLSFIT_PART_SUITES) != 0 && (parts & TLSFIT_PART_CHAIN) != 0 && now->type != TLSFIT_KEY_UNKNOWN &&
        need->parts == (TLSFIT_PART_SUITES | TLSFIT_PART_CHAIN) && same_kind(now, &remedy->chain.end_entity)) {
        parts &= ~(guint)TLSFIT_PART_CHAIN;
    }
    return parts;
}

static gboolean chain_is_sha1(const TlsfitChainShape *chain)
{
    return chain->signature == TLSFIT_SIGNATURE_SHA1_RSA || chain->signature == TLSFIT_SIGNATURE_ECDSA_SHA1;
}

/* A server that is asked for SHA-1 alone signs with it. */
static gboolean schemes_are_sha1(const TlsfitPlan *plan)
{
    for (guint i = 0; i < plan->schemes->len; i++) {
        if (g_array_index(plan->schemes, guint16, i) >> 8 != 2) {
            return FALSE;
        }
    }
    return plan->schemes->len > 0;
}

/* The security level, and what the change costs everybody. Level 0 is what OpenSSL 3 asks for SHA-1 signatures and
 * for versions before TLS 1.2 (NEWS and SSL_CTX_set_security_level(3) of OpenSSL 3.0). */
static void weigh_change(TlsfitRemedy *remedy)
{
    const TlsfitPlan *plan = &remedy->plan;
    const guint oldest = g_array_index(plan->versions, guint16, plan->versions->len - 1);
    const gboolean chain = (remedy->parts & TLSFIT_PART_CHAIN) != 0;
    const gboolean sha1 = schemes_are_sha1(plan) || (chain && chain_is_sha1(&remedy->chain));
    const gboolean retired = tlsfit_version_is_retired(oldest);

    remedy->level = 2;
    if (chain) {
        remedy->level = MIN(tlsfit_key_shape_level(&remedy->chain.end_entity),
                            tlsfit_key_shape_level(&remedy->chain.ca));
    }
    remedy->level = sha1 || retired ? 0 : remedy->level;
    if (retired && (remedy->parts & (TLSFIT_PART_VERSIONS | TLSFIT_PART_SUITES)) != 0) {
        remedy->weak |= TLSFIT_WEAK_VERSION;
    }
    remedy->weak |= sha1 ? TLSFIT_WEAK_SHA1 : 0;
    remedy->weak |= remedy->level < 2 ? TLSFIT_WEAK_LEVEL : 0;
    for (guint i = 0; (remedy->parts & TLSFIT_PART_SUITES) != 0 && i < plan->suites->len; i++) {
        const guint code = g_array_index(plan->suites, guint16, i);

        remedy->weak |= !tlsfit_suite(code)->aead ? TLSFIT_WEAK_CBC : 0;
        remedy->weak |= tlsfit_plan_tier(code) == TLSFIT_TIER_TRANSPORT ? TLSFIT_WEAK_TRANSPORT : 0;
    }
}

static gboolean any_silent(const TlsfitDevice *device, TlsfitSet set, const GArray *codes)
{
    for (guint i = 0; i < codes->len; i++) {
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, g_array_index(codes, guint16, i));

        if (verdict.status == TLSFIT_UNKNOWN) {
            return TRUE;
        }
    }
    return FALSE;
}

static void note_silence(const TlsfitDevice *device, TlsfitRemedy *remedy)
{
    const TlsfitPlan *plan = &remedy->plan;
    g_auto(TlsfitVerdict) signature =
        tlsfit_device_code(device, TLSFIT_SET_CERTIFICATE_SIGNATURES, remedy->chain.signature);
    g_auto(TlsfitVerdict) key = tlsfit_device_code(device, TLSFIT_SET_KEY_TYPES, remedy->chain.ca.type);

    remedy->silent |= any_silent(device, TLSFIT_SET_VERSIONS, plan->versions) ? TLSFIT_PART_VERSIONS : 0;
    remedy->silent |= any_silent(device, TLSFIT_SET_CIPHER_SUITES, plan->suites) ? TLSFIT_PART_SUITES : 0;
    remedy->silent |= any_silent(device, TLSFIT_SET_GROUPS, plan->groups) ? TLSFIT_PART_GROUPS : 0;
    remedy->silent |= any_silent(device, TLSFIT_SET_SIGNATURE_SCHEMES, plan->schemes) ? TLSFIT_PART_SCHEMES : 0;
    remedy->silent |= signature.status == TLSFIT_UNKNOWN || key.status == TLSFIT_UNKNOWN ? TLSFIT_PART_CHAIN : 0;
    remedy->silent &= remedy->parts;
}

/* A server that keeps its version needs no suites of another one. */
static void keep_version(guint version, TlsfitRemedy *remedy)
{
    TlsfitPlan *plan = &remedy->plan;

    if (version == 0 || !has(plan->versions, version)) {
        return;
    }
    for (guint i = plan->suites->len; i-- > 0;) {
        if (tlsfit_suite(g_array_index(plan->suites, guint16, i))->is_tls13 != tlsfit_version_is_tls13(version)) {
            g_array_remove_index(plan->suites, i);
        }
    }
    for (guint i = plan->versions->len; i-- > 0;) {
        if (g_array_index(plan->versions, guint16, i) != version) {
            g_array_remove_index(plan->versions, i);
        }
    }
    plan->tier = tlsfit_plan_tier(g_array_index(plan->suites, guint16, 0));
}

static TlsfitRemedy *make(const TlsfitSession *session, const TlsfitJudged *cause, const Need *need)
{
    const TlsfitMessage *first = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitMessage *second = session->slots[TLSFIT_SLOT_SECOND_HELLO];
    TlsfitPlanInput input = { .session = session,
                              .device = session->device,
                              .hello = second != NULL ? second : first,
                              .cause = cause->broken };
    TlsfitKeyShape now = { TLSFIT_KEY_UNKNOWN, 0, 0 };
    TlsfitRemedy *remedy = g_new0(TlsfitRemedy, 1);
    gboolean possible;

    remedy->dtls = tlsfit_version_is_dtls(first->version);
    tlsfit_key_shape_of(tlsfit_session_end_entity(session, TLSFIT_SERVER), &now);
    tlsfit_plan_input_read(&input);
    possible = choose(&input, &now, remedy);
    tlsfit_plan_input_clear(&input);
    if (!possible) {
        return remedy;
    }
    keep_version(tlsfit_session_version(session), remedy);
    remedy->parts = parts_needed(session, need, &now, remedy);
    if ((remedy->parts & TLSFIT_PART_FRAGMENT) != 0) {
        remedy->fragment_bytes = tlsfit_plan_fragment_bytes(&input);
        remedy->parts &= remedy->fragment_bytes == 0 ? ~(guint)TLSFIT_PART_FRAGMENT : ~0u;
    }
    if (remedy->parts != 0) {
        weigh_change(remedy);
        note_silence(session->device, remedy);
    }
    return remedy;
}

/* The short form stands alone where the rule's text is general, and behind what the rule or the profile says of this
 * very case. */
static void tell(TlsfitJudged *cause, const TlsfitRemedy *remedy, Words words)
{
    g_autofree char *text = tlsfit_remedy_text(remedy);
    const char *own = cause->fix_server;
    const gboolean general = own == NULL || g_strcmp0(own, cause->rule->text.fix_server) == 0;

    if (words == OWN || (remedy->parts == 0 && (words == BOTH || !general))) {
        return;
    }
    if (own == NULL || (words == COMPUTED && general)) {
        tlsfit_judged_fix_server(cause, g_steal_pointer(&text));
        return;
    }
    tlsfit_judged_fix_server(cause, g_strdup_printf("%s%s %s", own, g_str_has_suffix(own, ".") ? "" : ".", text));
}

gboolean tlsfit_remedy_is_of_chain(const TlsfitJudged *judged)
{
    const Need *need = need_of(judged->finding.rule);
    const char *own = judged->fix_server;

    return need != NULL && need->parts == TLSFIT_PART_CHAIN && need->words != OWN &&
           (own == NULL || g_strcmp0(own, judged->rule->text.fix_server) == 0);
}

void tlsfit_remedy_announce(TlsfitSession *session)
{
    TlsfitJudged *cause = (TlsfitJudged *)session->diagnosis->cause; /* the session's own, see TlsfitDiagnosis */

    if (cause != NULL && need_of(cause->finding.rule) != NULL && session->device_side == TLSFIT_CLIENT &&
        session->slots[TLSFIT_SLOT_CLIENT_HELLO] != NULL &&
        (session->transport == TLSFIT_OVER_TLS || session->transport == TLSFIT_OVER_DTLS)) {
        cause->fixes = session;
    }
}

/* Makes the remedy of the primary cause, unless that is done. */
static void settle(TlsfitJudged *cause)
{
    if (cause->fixes != NULL && cause->remedy == NULL) {
        const Need *need = need_of(cause->finding.rule);

        cause->remedy = make(cause->fixes, cause, need);
        tell(cause, cause->remedy, need->words);
    }
}

const TlsfitRemedy *tlsfit_session_remedy(const TlsfitSession *session)
{
    TlsfitJudged *cause = session->diagnosis != NULL ? (TlsfitJudged *)session->diagnosis->cause : NULL;

    if (cause == NULL) {
        return NULL;
    }
    settle(cause);
    return cause->remedy;
}

const char *tlsfit_finding_fix_server(const TlsfitFinding *finding)
{
    const TlsfitFinding *fixed_by = ((const TlsfitJudged *)finding)->fixed_by;
    TlsfitJudged *judged = (TlsfitJudged *)(fixed_by != NULL ? fixed_by : finding); /* as in tlsfit_remedy_announce() */

    settle(judged);
    return judged->fix_server;
}
