/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The curve of each elliptic-curve key, and of the issuer key behind an ECDSA signature when the issuer is not sent.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 46, 48, 51, 80, -1 };

/* The issuer's certificate is the next one in the message in every chain that is in order (RFC 5246, 7.4.2). */
static gboolean issuer_is_sent(const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *other = tlsfit_chain_entry(chain, i)->certificate;

        if (other->readable && g_bytes_equal(other->subject_der, certificate->issuer_der)) {
            return TRUE;
        }
    }
    return FALSE;
}

static char *curve_text(const TlsfitCertificate *certificate)
{
    if (certificate->curve != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_GROUP, certificate->curve);

        return g_strdup_printf("the curve %s", name);
    }
    if (certificate->explicit_curve) {
        return g_strdup("a curve that is spelled out instead of named");
    }
    return certificate->curve_oid != NULL ? g_strdup_printf("the curve with the OID %s", certificate->curve_oid)
                                          : g_strdup("a curve without a name");
}

static void judge_key(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const TlsfitSet set = index == 0 ? TLSFIT_SET_END_ENTITY_CURVES : TLSFIT_SET_KEY_CURVES;
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, set, certificate->curve);
    g_autofree char *name = curve_text(certificate);

    tlsfit_judge_verdict(judge, &subject, &verdict, "its EC key is on %s (%s)", name, certificate->subject);
}

/* An ECDSA signature with integers longer than 32 bytes was made on a curve larger than P-256: the device needs that
 * curve, though the issuer's certificate is not in the message. */
static void judge_absent_issuer(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const guint curve = certificate->signer_bits == 384 ? 24u : 25u;
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_KEY_CURVES, curve);
    const char *name = tlsfit_name(TLSFIT_NAME_GROUP, curve);

    tlsfit_judge_verdict(judge, &subject, &verdict,
                         "its issuer, which is not sent, signed with a key as large as %s (by the length of the "
                         "signature)",
                         name);
}

static void judge_cert_key_curve(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;

        if (!certificate->readable || (i > 0 && tlsfit_chain_past_anchor(judge, chain, i - 1))) {
            continue;
        }
        if (certificate->key_type == TLSFIT_KEY_EC) {
            judge_key(judge, chain, i);
        }
        if (tlsfit_cert_signature_key_type(certificate->signature) == TLSFIT_KEY_EC && certificate->signer_bits > 256 &&
            !issuer_is_sent(chain, i) && !tlsfit_chain_past_anchor(judge, chain, i) &&
            !tlsfit_chain_off_path(judge, chain, i)) {
            judge_absent_issuer(judge, chain, i);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_key_curve = {
    .text = {
        .id = "cert_key_curve",
        .title = "The curve of an elliptic-curve key in a certificate",
        .why = "A signature can only be verified by a stack that can compute on the curve of the key that "
               "made it. Public ECDSA chains mix curves: a P-256 end-entity certificate is often signed by a "
               "P-384 CA.",
        .cannot_know = "The exact curve of an issuer that is not sent: the length of its signature shows only the "
                       "size.",
        .fix_server = "Use a chain in which every key, the CAs' too, is on a curve that the device has; most "
                      "devices have secp256r1 (P-256).",
        .fix_device = "Enable the curve for certificate verification in the device's build; the curves of the key "
                      "exchange are a separate setting in many stacks.",
        .spec = "RFC 5480, 2.1.1; RFC 8422, 5.3",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_cert_key_curve,
};
