/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The features of a client, from what is known of it: which extensions it sends, and what a completed handshake shows.
 *
 * A server_name or ALPN that is not sent says more of the application than of the device, and is claimed nowhere.
 */
#include "learned.h"

/* The extension, what it is in a profile, and whether every ClientHello without it shows that the device lacks it. */
static const struct {
    guint extension;
    TlsfitFeature feature;
    const char *name;
    gboolean lacks;
    TlsfitConfidence confidence; /* of yes */
} sent[] = {
    { 0, TLSFIT_FEATURE_sni, "server_name", FALSE, TLSFIT_OBSERVED },
    { 16, TLSFIT_FEATURE_alpn, "application_layer_protocol_negotiation", FALSE, TLSFIT_OBSERVED },
    { 1, TLSFIT_FEATURE_max_fragment_length, "max_fragment_length", TRUE, TLSFIT_OBSERVED },
    { 28, TLSFIT_FEATURE_record_size_limit, "record_size_limit", TRUE, TLSFIT_OBSERVED },
};

#define EXT_EXTENDED_MASTER_SECRET 23u
#define EXT_SESSION_TICKET 35u
#define EXT_PSK_KEY_EXCHANGE_MODES 45u

/* What a completed handshake needed; the certificate's index is in those that are about certificates. */
static const struct {
    TlsfitFeature feature;
    const char *how;
} needed[] = {
    { TLSFIT_FEATURE_extended_master_secret, "the ServerHello agrees to extended_master_secret" },
    { TLSFIT_FEATURE_handshake_defragmentation, "a handshake message came in several records" },
    { TLSFIT_FEATURE_client_certificate, "the client sent its certificate when the server asked for it" },
    { TLSFIT_FEATURE_explicit_curves, "the curve of the key in certificate[%d] is spelled out" },
    { TLSFIT_FEATURE_certificate_v1, "certificate[%d] is X.509 version 1" },
    { TLSFIT_FEATURE_out_of_order_chain, "the issuer of a certificate does not follow it in the message" },
};

static void claim_feature_free(gpointer data)
{
    TlsfitClaimFeature *claim = data;

    tlsfit_source_free(claim->source);
    g_free(claim);
}

static void add(GPtrArray *claims, TlsfitFeature feature, const char *word, TlsfitSource *source)
{
    TlsfitClaimFeature *claim = g_new0(TlsfitClaimFeature, 1);

    claim->feature = feature;
    claim->word = word;
    claim->source = source;
    g_ptr_array_add(claims, claim);
}

static const TlsfitEvidence *offered(const TlsfitLearned *learned, guint extension)
{
    return tlsfit_learned_evidence(learned, TLSFIT_TOPIC_OFFERED_EXTENSION, extension);
}

static void claim_sent(GPtrArray *claims, const TlsfitLearned *learned, TlsfitFeature feature,
                       const TlsfitEvidence *evidence, TlsfitConfidence confidence, const char *name)
{
    const guint hellos = learned->counts.hellos + learned->counts.truncated;

    add(claims, feature, "yes",
        tlsfit_claim_source(evidence, confidence,
                            g_strdup_printf("%s in its ClientHello%s%s", name,
                                            evidence->count < hellos ? " (not in every one)" : "",
                                            confidence == TLSFIT_OBSERVED
                                                ? "" : ": offered, which is no proof that the device can do it")));
}

/* Every ClientHello was read whole, and one at least is not of QUIC, where some extensions have no place. */
static gboolean is_silence_telling(const TlsfitLearned *learned)
{
    return learned->counts.truncated == 0 && learned->counts.hellos > learned->by_transport[TLSFIT_OVER_QUIC];
}

static void claim_not_sent(GPtrArray *claims, const TlsfitLearned *learned, TlsfitFeature feature, const char *name)
{
    add(claims, feature, "no",
        tlsfit_claim_source(&learned->hello, TLSFIT_OBSERVED,
                            learned->counts.hellos == 1
                                ? g_strdup_printf("its ClientHello has no %s", name)
                                : g_strdup_printf("none of its %u ClientHellos has %s", learned->counts.hellos, name)));
}

static gboolean is_tls13(guint version)
{
    return version == 0x0304u || version == 0xFEFCu;
}

/* TLS 1.3 needs no extended_master_secret: its silence tells only of a client that offers an older version too. */
static gboolean offers_older(const TlsfitLearned *learned)
{
    const GPtrArray *versions = learned->order[TLSFIT_TOPIC_OFFERED_VERSION];

    for (guint i = 0; i < versions->len; i++) {
        const TlsfitEvidence *evidence = g_ptr_array_index(versions, i);

        if (!is_tls13(evidence->value)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void claim_extensions(GPtrArray *claims, const TlsfitLearned *learned)
{
    for (guint i = 0; i < G_N_ELEMENTS(sent); i++) {
        const TlsfitEvidence *evidence = offered(learned, sent[i].extension);

        if (evidence != NULL) {
            claim_sent(claims, learned, sent[i].feature, evidence, sent[i].confidence, sent[i].name);
        } else if (sent[i].lacks && is_silence_telling(learned)) {
            claim_not_sent(claims, learned, sent[i].feature, sent[i].name);
        }
    }
}

static void claim_secret(GPtrArray *claims, const TlsfitLearned *learned)
{
    const TlsfitEvidence *evidence = offered(learned, EXT_EXTENDED_MASTER_SECRET);
    const TlsfitFeature feature = TLSFIT_FEATURE_extended_master_secret;

    if (tlsfit_learned_evidence(learned, TLSFIT_TOPIC_FEATURE, feature) != NULL) {
        return; /* needed, see below */
    }
    if (evidence != NULL) {
        claim_sent(claims, learned, feature, evidence, TLSFIT_INFERRED, "extended_master_secret");
    } else if (is_silence_telling(learned) && offers_older(learned)) {
        claim_not_sent(claims, learned, feature, "extended_master_secret");
    }
}

static void claim_tickets(GPtrArray *claims, const TlsfitLearned *learned)
{
    const TlsfitEvidence *ticket = offered(learned, EXT_SESSION_TICKET);
    const TlsfitEvidence *modes = offered(learned, EXT_PSK_KEY_EXCHANGE_MODES);

    if (ticket != NULL || modes != NULL) {
        claim_sent(claims, learned, TLSFIT_FEATURE_session_tickets, ticket != NULL ? ticket : modes, TLSFIT_INFERRED,
                   ticket != NULL ? "session_ticket" : "psk_key_exchange_modes");
    } else if (is_silence_telling(learned)) {
        claim_not_sent(claims, learned, TLSFIT_FEATURE_session_tickets, "session_ticket or psk_key_exchange_modes");
    }
}

static void claim_needed(GPtrArray *claims, const TlsfitLearned *learned)
{
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        const TlsfitEvidence *evidence = tlsfit_learned_evidence(learned, TLSFIT_TOPIC_FEATURE, needed[i].feature);

        if (evidence != NULL) {
            add(claims, needed[i].feature, "yes", tlsfit_claim_proven(learned, evidence, needed[i].how));
        }
    }
}

/* That a setting could turn it off, no capture shows. */
static void claim_verifies(GPtrArray *claims, const TlsfitLearned *learned)
{
    if (learned->refused.count > 0) {
        g_autofree char *alert = tlsfit_name_or_number(TLSFIT_NAME_ALERT, learned->refused.value);

        add(claims, TLSFIT_FEATURE_verifies_certificates, "yes",
            tlsfit_claim_source(&learned->refused, TLSFIT_INFERRED,
                                g_strdup_printf("the client refused the server's certificates with the alert %s; whether a "
                                                "setting can turn that off is not to be seen", alert)));
    }
}

GPtrArray *tlsfit_claims_features(const TlsfitLearned *learned)
{
    GPtrArray *claims = g_ptr_array_new_with_free_func(claim_feature_free);

    claim_extensions(claims, learned);
    claim_secret(claims, learned);
    claim_tickets(claims, learned);
    claim_needed(claims, learned);
    claim_verifies(claims, learned);
    return claims;
}
