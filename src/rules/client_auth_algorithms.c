/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the server's CertificateRequest accepts against what the device can sign with, or did sign with.
 */
#include "client_auth.h"
#include "offer.h"

static const int alerts[] = { 40, 42, 43, 47, 48, 51, 80, -1 };

#define RSA_SIGN 1u
#define DSS_SIGN 2u
#define ECDSA_SIGN 64u

/* ClientCertificateType for a key (RFC 5246, 7.4.4; RFC 8422, 5.5); 0: none. */
static guint certificate_type(TlsfitKeyType key)
{
    switch (key) {
    case TLSFIT_KEY_RSA:
    case TLSFIT_KEY_RSA_PSS:
        return RSA_SIGN;
    case TLSFIT_KEY_DSA:
        return DSS_SIGN;
    case TLSFIT_KEY_EC:
    case TLSFIT_KEY_ED25519:
    case TLSFIT_KEY_ED448:
        return ECDSA_SIGN;
    default:
        return 0;
    }
}

static gboolean key_is_accepted(const TlsfitMessage *request, TlsfitKeyType key)
{
    if (tlsfit_codes_length(&request->schemes) > 0) {
        for (guint i = 0; i < tlsfit_codes_length(&request->schemes); i++) {
            if (tlsfit_scheme_key_type(tlsfit_codes_get(&request->schemes, i)) == key) {
                return TRUE;
            }
        }
        return FALSE;
    }
    return tlsfit_codes_length(&request->certificate_types) == 0 || certificate_type(key) == 0 ||
           tlsfit_codes_has(&request->certificate_types, certificate_type(key));
}

/* What the device itself showed against what it was asked for: wrong by itself, whatever a profile says. */
static char *mismatch(const TlsfitSession *session, const TlsfitMessage *request)
{
    const TlsfitCertificate *leaf = tlsfit_session_end_entity(session, TLSFIT_CLIENT);
    const TlsfitMessage *verify = session->slots[TLSFIT_SLOT_CLIENT_VERIFY];
    const guint used = verify != NULL && tlsfit_codes_length(&verify->schemes) > 0
                           ? tlsfit_codes_get(&verify->schemes, 0)
                           : 0;

    if (leaf != NULL && leaf->readable && !key_is_accepted(request, leaf->key_type)) {
        g_autofree char *key = tlsfit_name_or_number(TLSFIT_NAME_KEY_TYPE, leaf->key_type);

        return g_strdup_printf("the device showed a certificate with a key of the type %s", key);
    }
    if (used != 0 && tlsfit_codes_length(&request->schemes) > 0 && !tlsfit_codes_has(&request->schemes, used)) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_SIGNATURE_SCHEME, used);

        return g_strdup_printf("the device signed with %s", name);
    }
    return NULL;
}

static void judge_client_auth_algorithms(TlsfitJudge *judge)
{
    const TlsfitMessage *request = judge->session->slots[TLSFIT_SLOT_CERTIFICATE_REQUEST];
    g_auto(TlsfitVerdict) verdict = { TLSFIT_UNKNOWN, NULL, NULL };
    TlsfitJudged *judged;

    if (request == NULL || tlsfit_codes_length(&request->schemes) + tlsfit_codes_length(&request->certificate_types) == 0 ||
        !tlsfit_server_refused(judge->session)) {
        return;
    }
    const TlsfitSubject subject = { "certificate_request.signature_algorithms", -1,
                                    request->schemes.present ? request->schemes.place
                                                             : request->certificate_types.place };
    g_autofree char *schemes = tlsfit_codes_text(TLSFIT_NAME_SIGNATURE_SCHEME, &request->schemes, 8);
    const char *accepts = *schemes != '\0' ? schemes : "other kinds of certificates";
    g_autofree char *wrong = mismatch(judge->session, request);

    if (tlsfit_codes_length(&request->schemes) > 0) {
        verdict.status = tlsfit_offer_answered(judge->device, TLSFIT_SET_CLIENT_SCHEMES, &request->schemes,
                                               &verdict.source, &verdict.limit);
    }
    if (wrong != NULL && verdict.status < TLSFIT_SUSPECT) {
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 5246, 7.4.6 and 7.4.8; RFC 8446, 4.4.3", NULL,
                                   "%s, and the server accepts only %s", wrong, accepts);
    } else {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the server accepts signatures of the client by %s",
                                      accepts);
    }
    if (judged != NULL && verdict.status >= TLSFIT_SUSPECT) {
        judged->weight += 15; /* behind an empty answer stands this reason */
    } else if (judged != NULL && judged->finding.status == TLSFIT_SUSPECT) {
        judged->weight = 50;
    }
}

const TlsfitRule tlsfit_rule_client_auth_algorithms = {
    .text = {
        .id = "client_auth_algorithms",
        .title = "The signatures of clients that the server accepts",
        .why = "In its CertificateRequest the server lists which keys and signatures it accepts from clients. A "
               "device whose key cannot make any of them (a secure element signs with P-256 and SHA-256 alone) "
               "sends nothing, or something that the server refuses.",
        .cannot_know = "Which key the device holds, where it sent no certificate and the profile does not say.",
        .fix_server = "Accept the kind of signature that the device makes (OpenSSL: -client_sigalgs, or ClientSignature"
                      "Algorithms in a configuration file).",
        .fix_device = "Give the device a certificate whose key makes one of the signatures that the server accepts.",
        .spec = "RFC 5246, 7.4.4; RFC 8446, 4.3.2",
    },
    .stage = TLSFIT_STAGE_CLIENT_AUTH,
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_client_auth_algorithms,
};
