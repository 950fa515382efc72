/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each key in the chain may be used for: keyUsage, extendedKeyUsage, basicConstraints.
 */
#include "engine.h"

static const int alerts[] = { 42, 43, 46, 47, 48, -1 };

typedef struct {
    guint       usage; /* TLSFIT_USAGE_*; 0: nothing is known of the key exchange */
    const char *name;
    const char *why;
} Need;

/* What the end-entity key does in the key exchange (RFC 5246, 7.4.2; RFC 8446, 4.4.2.2). */
static Need need_of(const TlsfitJudge *judge)
{
    const TlsfitSession *session = judge->session;
    const Need sign = { TLSFIT_USAGE_DIGITAL_SIGNATURE, "digitalSignature", "signs the handshake" };
    const Need encrypt = { TLSFIT_USAGE_KEY_ENCIPHERMENT, "keyEncipherment", "decrypts the premaster secret" };
    const Need agree = { TLSFIT_USAGE_KEY_AGREEMENT, "keyAgreement", "is half of the key exchange" };
    const Need nothing = { 0, NULL, NULL };

    if (judge->side == TLSFIT_SERVER || tlsfit_version_is_tls13(tlsfit_session_version(session))) {
        return sign;
    }
    switch (tlsfit_suite(tlsfit_session_suite(session))->kx) {
    case TLSFIT_KX_ECDHE:
    case TLSFIT_KX_DHE:
        return sign;
    case TLSFIT_KX_RSA:
        return encrypt;
    case TLSFIT_KX_ECDH:
    case TLSFIT_KX_DH:
        return agree;
    default:
        return nothing;
    }
}

static TlsfitViolation violation_of(const TlsfitJudge *judge, TlsfitFeature feature, const char *where)
{
    TlsfitViolation violation = { feature, "yes", "checks what a key may be used for", where,
                                  TLSFIT_WEIGHT_GENERAL + 2 };

    violation.weight += tlsfit_judge_alert_is(judge, 43) ? 15 : 0;
    return violation;
}

static void judge_end_entity(TlsfitJudge *judge, const TlsfitMessage *chain)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, 0)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, 0);
    const gboolean client = judge->side == TLSFIT_SERVER; /* whose certificate it is */
    const TlsfitViolation usage = violation_of(judge, TLSFIT_FEATURE_key_usage_checked, "RFC 5280, 4.2.1.3");
    const TlsfitViolation extended =
        violation_of(judge, TLSFIT_FEATURE_extended_key_usage_checked, "RFC 5280, 4.2.1.12");
    const Need need = need_of(judge);

    if (certificate->has_key_usage && need.usage != 0 && (certificate->key_usage & need.usage) == 0) {
        tlsfit_judge_violation(judge, &subject, &usage, "its keyUsage lacks %s, and with this key exchange its key %s",
                               need.name, need.why);
    }
    if (certificate->has_extended_key_usage && !(client ? certificate->for_client_auth : certificate->for_server_auth)) {
        tlsfit_judge_violation(judge, &subject, &extended, "its extendedKeyUsage lacks %s",
                               client ? "clientAuth" : "serverAuth");
    }
}

/* BELOW: how many CA certificates, without self-issued ones, are between this one and the end-entity. */
static void judge_ca(TlsfitJudge *judge, const TlsfitMessage *chain, guint index, guint below)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    TlsfitViolation usage = violation_of(judge, TLSFIT_FEATURE_key_usage_checked, "RFC 5280, 6.1.4 (n)");
    TlsfitViolation basic = violation_of(judge, TLSFIT_FEATURE_COUNT, "RFC 5280, 6.1.4 (k)");
    const gboolean server = judge->side == TLSFIT_CLIENT;

    basic.weight += 5; /* nearly every stack asks for it */
    basic.limit = "asks of a CA that its certificate says so";
    if (certificate->version == 3 && !certificate->is_ca) {
        tlsfit_judge_violation(judge, &subject, &basic, "it is used as a CA, and its basicConstraints do not say so");
    } else if (certificate->has_key_usage && (certificate->key_usage & TLSFIT_USAGE_CERT_SIGN) == 0) {
        tlsfit_judge_violation(judge, &subject, &usage, "it is used as a CA, and its keyUsage lacks keyCertSign");
    }
    if (certificate->path_length >= 0 && (guint)certificate->path_length < below) {
        basic.where = "RFC 5280, 6.1.4 (l)";
        tlsfit_judge_violation(judge, &subject, &basic,
                               "it allows %d CA certificates below it (pathLenConstraint), and there are %u",
                               certificate->path_length, below);
    }
    if (certificate->has_extended_key_usage &&
        !(server ? certificate->for_server_auth : certificate->for_client_auth)) {
        basic.where = "RFC 5280, 4.2.1.12";
        basic.weight = TLSFIT_WEIGHT_GENERAL - 5; /* for a CA only some stacks read it as a limit */
        basic.limit = "reads extendedKeyUsage of a CA as a limit for what is below it";
        tlsfit_judge_violation(judge, &subject, &basic, "the extendedKeyUsage of this CA lacks %s",
                               server ? "serverAuth" : "clientAuth");
    }
}

static void judge_cert_key_usage(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);
    guint path[TLSFIT_CERTIFICATES_MAX];
    guint below = 0;

    if (chain == NULL || tlsfit_chain_begins_with_ca(chain) || tlsfit_chain_length(chain) == 0) {
        return; /* which certificate is for what cannot be told: chain_order speaks of it */
    }
    const guint length = tlsfit_chain_path(chain, path);

    if (tlsfit_chain_entry(chain, 0)->certificate->readable) {
        judge_end_entity(judge, chain);
    }
    for (guint i = 1; i < length; i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, path[i])->certificate;

        if (tlsfit_chain_is_verified(judge, chain, path[i])) {
            judge_ca(judge, chain, path[i], below);
        }
        below += certificate->self_issued ? 0u : 1u;
    }
}

const TlsfitRule tlsfit_rule_cert_key_usage = {
    .text = {
        .id = "cert_key_usage",
        .title = "What a certificate's key may be used for",
        .why = "A certificate can say what its key is for: to sign (ECDHE, TLS 1.3), to decrypt (RSA key exchange), to "
               "sign certificates (a CA), to be a TLS server or client. A stack that reads this refuses any other "
               "use. Renewed certificates lose a purpose now and then, and home-made CAs forget to say that they "
               "are CAs.",
        .cannot_know = "Whether the device reads these extensions, unless its profile says so.",
        .fix_server = "Have the certificate issued again with the right keyUsage and extendedKeyUsage (server: "
                      "digitalSignature, for RSA key exchange also keyEncipherment, and serverAuth; CA: CA:TRUE and "
                      "keyCertSign).",
        .spec = "RFC 5280, 4.2.1.3, 4.2.1.9 and 4.2.1.12; RFC 5246, 7.4.2; RFC 8446, 4.4.2.2",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_cert_key_usage,
};
