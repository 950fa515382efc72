/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what is known of a client to what its profile may claim: lists with a source for every value, whether they are
 * complete, features, the fingerprint.
 *
 * Here it is decided what proves what. Proven (observed) is what a handshake completed with; offered alone is inferred.
 * A list of the ClientHello is complete where every hello was read whole and they agree: what is not in it cannot be
 * negotiated. Of certificates nothing is ever complete, and no number becomes a limit.
 */
#include "learned.h"

/* More different fingerprints than this are no fingerprint: the client shuffles. */
#define FINGERPRINTS_MAX 8u

#define NO_TOPIC TLSFIT_TOPIC_COUNT

static const struct {
    TlsfitSet set;
    TlsfitTopic offered;
    TlsfitTopic proven;
    const char *where;   /* of what is only offered */
    const char *how;     /* how the handshake used it; with %d: of which certificate */
} lists[] = {
    { TLSFIT_SET_VERSIONS, TLSFIT_TOPIC_OFFERED_VERSION, TLSFIT_TOPIC_VERSION, "versions",
      "chosen by the server" },
    { TLSFIT_SET_CIPHER_SUITES, TLSFIT_TOPIC_OFFERED_SUITE, TLSFIT_TOPIC_SUITE, "cipher_suites", "chosen by the server" },
    { TLSFIT_SET_GROUPS, TLSFIT_TOPIC_OFFERED_GROUP, TLSFIT_TOPIC_GROUP, "supported_groups",
      "the key exchange was made with it" },
    { TLSFIT_SET_SIGNATURE_SCHEMES, TLSFIT_TOPIC_OFFERED_SCHEME, TLSFIT_TOPIC_SCHEME, "signature_algorithms",
      "the server signed the handshake with it" },
    { TLSFIT_SET_CLIENT_SCHEMES, NO_TOPIC, TLSFIT_TOPIC_CLIENT_SCHEME, NULL, "the client signed the handshake with it" },
    { TLSFIT_SET_CERTIFICATE_SIGNATURES, NO_TOPIC, TLSFIT_TOPIC_SIGNATURE, NULL, "certificate[%d] is signed with it" },
    { TLSFIT_SET_KEY_TYPES, NO_TOPIC, TLSFIT_TOPIC_CA_TYPE, NULL, "the key that signed certificate[%d] is one" },
    { TLSFIT_SET_KEY_CURVES, NO_TOPIC, TLSFIT_TOPIC_CA_CURVE, NULL, "the key that signed certificate[%d] is on it" },
    { TLSFIT_SET_END_ENTITY_TYPES, NO_TOPIC, TLSFIT_TOPIC_END_TYPE, NULL, "the key in certificate[%d] is one" },
    { TLSFIT_SET_END_ENTITY_CURVES, NO_TOPIC, TLSFIT_TOPIC_END_CURVE, NULL, "the key in certificate[%d] is on it" },
};

/* --- Sources ---------------------------------------------------------------------------------------------------- */

char *tlsfit_evidence_where(const TlsfitEvidence *evidence)
{
    return g_strdup_printf("%s, frame %u", evidence->capture, evidence->frame);
}

TlsfitSource *tlsfit_claim_source(const TlsfitEvidence *evidence, TlsfitConfidence confidence, char *what)
{
    TlsfitSource *source = g_new0(TlsfitSource, 1);

    source->confidence = confidence;
    source->where = tlsfit_evidence_where(evidence);
    source->what = what;
    source->date = g_strdup(evidence->date);
    return source;
}

TlsfitSource *tlsfit_source_copy(const TlsfitSource *source)
{
    TlsfitSource *copy = g_new0(TlsfitSource, 1);

    copy->confidence = source->confidence;
    copy->where = g_strdup(source->where);
    copy->what = g_strdup(source->what);
    copy->date = g_strdup(source->date);
    return copy;
}

/* What a completed handshake says of certificates depends on whether the client looks at them. */
static void append_caveat(GString *text, const TlsfitLearned *learned, const TlsfitEvidence *evidence)
{
    if (evidence->confidence != TLSFIT_OBSERVED) {
        g_string_append_printf(text, "; a client that holds the key of certificate[%d] as an anchor did not need it",
                               evidence->certificate);
    }
    if (learned->refused.count == 0) {
        g_string_append(text, "; a client that verifies nothing completes too");
    } else {
        g_autofree char *where = tlsfit_evidence_where(&learned->refused);
        g_autofree char *alert = tlsfit_name_or_number(TLSFIT_NAME_ALERT, learned->refused.value);

        g_string_append_printf(text, "; its alert %s (%s) shows that it verifies chains", alert, where);
    }
}

TlsfitSource *tlsfit_claim_proven(const TlsfitLearned *learned, const TlsfitEvidence *evidence, const char *how)
{
    g_auto(GStrv) parts = g_strsplit(how, "%d", 2);
    GString *text = g_string_new(parts[0]);

    if (parts[1] != NULL) {
        g_string_append_printf(text, "%d%s", evidence->certificate, parts[1]);
    }
    g_string_append(text, ", and the handshake completed");
    if (evidence->count > 1) {
        g_string_append_printf(text, " (%u handshakes in all)", evidence->count);
    }
    if (evidence->certificate >= 0) {
        append_caveat(text, learned, evidence);
    }
    return tlsfit_claim_source(evidence, evidence->confidence, g_string_free(text, FALSE));
}

static TlsfitSource *offered_source(const TlsfitLearned *learned, const TlsfitEvidence *evidence, const char *where)
{
    const guint hellos = learned->counts.hellos + learned->counts.truncated;

    return tlsfit_claim_source(
        evidence, TLSFIT_INFERRED,
        g_strdup_printf("%s of the ClientHello%s: offered, which is no proof that the device can do it", where,
                        evidence->count < hellos ? " (not of every one)" : ""));
}

/* --- Lists ------------------------------------------------------------------------------------------------------- */

static void claim_code_free(gpointer data)
{
    TlsfitClaimCode *claim = data;

    tlsfit_source_free(claim->source);
    g_free(claim);
}

static void add_code(GPtrArray *list, guint code, gboolean proven, TlsfitSource *source)
{
    TlsfitClaimCode *claim = g_new0(TlsfitClaimCode, 1);

    claim->code = code;
    claim->proven = proven;
    claim->source = source;
    g_ptr_array_add(list, claim);
}

/* A signalling value among the suites is no suite (RFC 5746, RFC 7507). */
static gboolean is_signal(TlsfitSet set, guint code)
{
    return set == TLSFIT_SET_CIPHER_SUITES && tlsfit_suite(code)->is_scsv;
}

/* What is offered, in that order, then what was used without having been offered. */
static void claim_list(TlsfitClaims *claims, const TlsfitLearned *learned, guint index)
{
    const TlsfitTopic topics[] = { lists[index].offered, lists[index].proven };
    const TlsfitSet set = lists[index].set;

    for (guint t = 0; t < G_N_ELEMENTS(topics); t++) {
        for (guint i = 0; topics[t] != NO_TOPIC && i < learned->order[topics[t]]->len; i++) {
            const TlsfitEvidence *evidence = g_ptr_array_index(learned->order[topics[t]], i);
            const TlsfitEvidence *proof = tlsfit_learned_evidence(learned, lists[index].proven, evidence->value);

            if (is_signal(set, evidence->value) ||
                (t == 1 && topics[0] != NO_TOPIC && tlsfit_learned_evidence(learned, topics[0], evidence->value) != NULL)) {
                continue;
            }
            add_code(claims->supported[set], evidence->value, proof != NULL,
                     proof != NULL ? tlsfit_claim_proven(learned, proof, lists[index].how)
                                   : offered_source(learned, evidence, lists[index].where));
        }
    }
}

/* --- What is complete --------------------------------------------------------------------------------------------- */

/* A QUIC hello has only what fits TLS 1.3: it completes no list of a client that may also speak TLS over TCP. */
static gboolean can_complete(const TlsfitLearned *learned)
{
    return learned->counts.truncated == 0 && learned->counts.hellos > learned->by_transport[TLSFIT_OVER_QUIC];
}

/* A client may offer something else over another transport than the one that was seen. */
static gboolean is_over_tcp(const TlsfitLearned *learned)
{
    return learned->by_transport[TLSFIT_OVER_DTLS] == 0 && learned->by_transport[TLSFIT_OVER_QUIC] == 0;
}

static TlsfitSource *complete_source(const TlsfitLearned *learned, TlsfitTopic topic, gboolean certain)
{
    const guint hellos = learned->counts.hellos;
    const gboolean differ = learned->set_differs[topic];
    char *what;

    if (differ) {
        what = g_strdup_printf("all that %u ClientHellos offer together; they differ, so another one may offer more", hellos);
    } else if (!is_over_tcp(learned)) {
        what = g_strdup("its ClientHello offers no other; it came over DTLS or QUIC, and over TCP the device may offer more");
    } else if (!certain) {
        what = g_strdup("its ClientHello offers no other; some servers use others all the same, and some clients take it");
    } else if (hellos == 1) {
        what = g_strdup("the ClientHello offers no other, so none can be negotiated with it");
    } else {
        what = g_strdup_printf("%u ClientHellos offer the same and no other, so none can be negotiated with it", hellos);
    }
    return tlsfit_claim_source(&learned->hello,
                               !differ && certain && is_over_tcp(learned) ? TLSFIT_OBSERVED : TLSFIT_INFERRED, what);
}

static void claim_complete(TlsfitClaims *claims, const TlsfitLearned *learned)
{
    const guint hellos = learned->counts.hellos;

    if (!can_complete(learned)) {
        return;
    }
    claims->complete[TLSFIT_SET_CIPHER_SUITES] = complete_source(learned, TLSFIT_TOPIC_OFFERED_SUITE, TRUE);
    if (learned->with_groups == hellos) {
        claims->complete[TLSFIT_SET_GROUPS] = complete_source(learned, TLSFIT_TOPIC_OFFERED_GROUP, TRUE);
    }
    if (learned->with_schemes == hellos) { /* servers sign with others all the same, and some clients take it */
        claims->complete[TLSFIT_SET_SIGNATURE_SCHEMES] = complete_source(learned, TLSFIT_TOPIC_OFFERED_SCHEME, FALSE);
    }
    const GPtrArray *refused = learned->order[TLSFIT_TOPIC_REFUSED_VERSION];

    for (guint i = 0; i < refused->len; i++) {
        const TlsfitEvidence *evidence = g_ptr_array_index(refused, i);
        const guint family = learned->in_family[evidence->value >> 8 == 0xFE ? 1 : 0];

        if (evidence->count == family - (evidence->value >> 8 == 0xFE ? 0 : learned->by_transport[TLSFIT_OVER_QUIC]) &&
            tlsfit_learned_evidence(learned, TLSFIT_TOPIC_VERSION, evidence->value) == NULL &&
            tlsfit_learned_evidence(learned, TLSFIT_TOPIC_OFFERED_VERSION, evidence->value) == NULL) {
            add_code(claims->unsupported[TLSFIT_SET_VERSIONS], evidence->value, TRUE,
                     tlsfit_claim_source(evidence,
                                         learned->set_differs[TLSFIT_TOPIC_OFFERED_VERSION] ? TLSFIT_INFERRED
                                                                                            : TLSFIT_OBSERVED,
                                         g_strdup("no ClientHello offers it, so no server can choose it")));
        }
    }
}

/* --- Numbers and the fingerprint ----------------------------------------------------------------------------------- */

static void claim_number_free(gpointer data)
{
    TlsfitClaimNumber *claim = data;

    tlsfit_source_free(claim->source);
    g_free(claim);
}

static void claim_number(TlsfitClaims *claims, const TlsfitLearned *learned, const TlsfitEvidence *evidence,
                         gboolean smallest)
{
    const gboolean is_key = evidence->topic == TLSFIT_TOPIC_CA_RSA_BITS || evidence->topic == TLSFIT_TOPIC_END_RSA_BITS;
    TlsfitClaimNumber *claim;

    if (evidence->count == 0) {
        return;
    }
    claim = g_new0(TlsfitClaimNumber, 1);
    claim->topic = evidence->topic;
    claim->value = evidence->value;
    claim->smallest = smallest;
    claim->source = is_key ? tlsfit_claim_proven(learned, evidence, "the key is behind or in certificate[%d]")
                           : tlsfit_claim_source(evidence, evidence->confidence,
                                                 g_strdup("the client received it, and the handshake completed"));
    g_ptr_array_add(claims->numbers, claim);
}

static void claim_text_free(gpointer data)
{
    TlsfitClaimText *claim = data;

    g_free(claim->key);
    g_free(claim->value);
    g_free(claim);
}

static void add_text(TlsfitClaims *claims, const char *key, char *value)
{
    TlsfitClaimText *claim = g_new0(TlsfitClaimText, 1);

    claim->key = g_strdup(key);
    claim->value = value;
    g_ptr_array_add(claims->fingerprint, claim);
}

/* The names of CODES; NULL where there are none, or where one stands twice, which no profile can say. */
static char *code_list(const GArray *codes, TlsfitNameKind kind)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < codes->len; i++) {
        const guint code = g_array_index(codes, guint16, i);
        g_autofree char *name = tlsfit_name_or_number(kind, code);

        if (!g_hash_table_add(seen, GUINT_TO_POINTER(code))) {
            return NULL;
        }
        g_string_append_printf(text, "%s%s", i > 0 ? ";" : "", name);
    }
    return codes->len > 0 ? g_strdup(text->str) : NULL;
}

static char *join(const GPtrArray *words)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < words->len; i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? ";" : "", (const char *)g_ptr_array_index(words, i));
    }
    return g_string_free(text, FALSE);
}

static void claim_fingerprint(TlsfitClaims *claims, const TlsfitLearned *learned)
{
    static const struct {
        const char *key;
        TlsfitTopic topic;
        TlsfitNameKind kind;
    } parts[] = {
        { "cipher_suites", TLSFIT_TOPIC_OFFERED_SUITE, TLSFIT_NAME_CIPHER_SUITE },
        { "extensions", TLSFIT_TOPIC_OFFERED_EXTENSION, TLSFIT_NAME_EXTENSION },
        { "groups", TLSFIT_TOPIC_OFFERED_GROUP, TLSFIT_NAME_GROUP },
        { "signature_schemes", TLSFIT_TOPIC_OFFERED_SCHEME, TLSFIT_NAME_SIGNATURE_SCHEME },
    };

    if (learned->counts.truncated > 0 || learned->counts.hellos == 0 || learned->ja4->len > FINGERPRINTS_MAX) {
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        char *value = learned->order_differs[parts[i].topic] ? NULL : code_list(learned->first[parts[i].topic], parts[i].kind);

        if (value != NULL) {
            add_text(claims, parts[i].key, value);
        }
    }
    if (learned->ja3->len <= FINGERPRINTS_MAX) {
        add_text(claims, "ja3", join(learned->ja3));
    }
    add_text(claims, "ja4", join(learned->ja4));
    claims->fingerprint_source = tlsfit_claim_source(
        &learned->hello, TLSFIT_OBSERVED,
        learned->counts.hellos == 1
            ? g_strdup("its ClientHello; another device with the same stack and settings may send the same one")
            : g_strdup_printf("its %u ClientHellos; another device with the same stack and settings may send the same",
                              learned->counts.hellos));
}

/* --- All together --------------------------------------------------------------------------------------------------- */

TlsfitClaims *tlsfit_claims_new(const TlsfitLearned *learned)
{
    TlsfitClaims *claims = g_new0(TlsfitClaims, 1);

    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        claims->supported[i] = g_ptr_array_new_with_free_func(claim_code_free);
        claims->unsupported[i] = g_ptr_array_new_with_free_func(claim_code_free);
    }
    claims->numbers = g_ptr_array_new_with_free_func(claim_number_free);
    claims->fingerprint = g_ptr_array_new_with_free_func(claim_text_free);
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        claim_list(claims, learned, i);
    }
    claim_complete(claims, learned);
    claims->features = tlsfit_claims_features(learned);
    for (guint topic = TLSFIT_TOPIC_NUMBERS; topic < TLSFIT_TOPIC_COUNT; topic++) {
        claim_number(claims, learned, &learned->largest[topic], FALSE);
        claim_number(claims, learned, &learned->smallest[topic], TRUE);
    }
    claim_fingerprint(claims, learned);
    return claims;
}

void tlsfit_claims_free(TlsfitClaims *claims)
{
    if (claims == NULL) {
        return;
    }
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        g_ptr_array_unref(claims->supported[i]);
        g_ptr_array_unref(claims->unsupported[i]);
        g_clear_pointer(&claims->complete[i], tlsfit_source_free);
    }
    g_ptr_array_unref(claims->features);
    g_ptr_array_unref(claims->numbers);
    g_ptr_array_unref(claims->fingerprint);
    g_clear_pointer(&claims->fingerprint_source, tlsfit_source_free);
    g_free(claims);
}
