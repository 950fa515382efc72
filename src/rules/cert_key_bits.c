/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of each RSA key, and of the issuer key behind an RSA signature when the issuer is not sent.
 */
#include "engine.h"

static const int alerts[] = { 40, 42, 43, 46, 48, 51, 80, -1 };

typedef struct {
    TlsfitNumber lowest;
    TlsfitNumber highest;
} Range;

static const Range ca_range = { TLSFIT_NUMBER_rsa_bits_min, TLSFIT_NUMBER_rsa_bits_max };
static const Range end_entity_range = { TLSFIT_NUMBER_end_entity_rsa_bits_min, TLSFIT_NUMBER_end_entity_rsa_bits_max };

/* The end-entity's own limit where the profile has one, else the common one. */
static TlsfitNumber number_for(const TlsfitJudge *judge, guint index, gboolean floor)
{
    const TlsfitNumber own = floor ? end_entity_range.lowest : end_entity_range.highest;
    const TlsfitNumber common = floor ? ca_range.lowest : ca_range.highest;
    guint64 value;

    return index == 0 && tlsfit_device_number_value(judge->device, own, &value, NULL) ? own : common;
}

/* A profile with a maximum and no minimum says what the device can compute, and refuses nothing below that. */
static gboolean floor_is_open(const TlsfitJudge *judge, guint index)
{
    guint64 value;

    return tlsfit_device_number_value(judge->device, number_for(judge, index, TRUE), &value, NULL) ||
           !tlsfit_device_number_value(judge->device, number_for(judge, index, FALSE), &value, NULL);
}

static void report(TlsfitJudge *judge, const TlsfitSubject *subject, TlsfitNumber number, const char *whose, guint bits)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(judge->device, number, bits);

    tlsfit_judge_verdict(judge, subject, &verdict, "%s is RSA with %u bits", whose, bits);
}

/* Many stacks leave the anchor's key size alone, as it is in their own store (profile: anchor_key_checked). */
static gboolean floor_applies(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    return !tlsfit_chain_is_anchor(chain, index) || tlsfit_chain_length(chain) == 1 ||
           g_strcmp0(tlsfit_device_feature(judge->device, TLSFIT_FEATURE_anchor_key_checked, NULL), "yes") == 0;
}

static void judge_certificate(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const gboolean rsa = certificate->key_type == TLSFIT_KEY_RSA || certificate->key_type == TLSFIT_KEY_RSA_PSS;
    const TlsfitKeyType signer = tlsfit_cert_signature_key_type(certificate->signature);

    if (rsa) {
        report(judge, &subject, number_for(judge, index, FALSE), "its key", certificate->key_bits);
        if (floor_applies(judge, chain, index) && floor_is_open(judge, index)) {
            report(judge, &subject, number_for(judge, index, TRUE), "its key", certificate->key_bits);
        }
    }
    if ((signer == TLSFIT_KEY_RSA || signer == TLSFIT_KEY_RSA_PSS) && certificate->signer_bits > 0 &&
        tlsfit_chain_misses_issuer(judge, chain, index)) {
        report(judge, &subject, TLSFIT_NUMBER_rsa_bits_max, "the key of its issuer, which is not sent,",
               certificate->signer_bits);
    }
}

static void judge_cert_key_bits(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        if (tlsfit_chain_entry(chain, i)->certificate->readable &&
            (i == 0 || !tlsfit_chain_past_anchor(judge, chain, i - 1))) {
            judge_certificate(judge, chain, i);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_key_bits = {
    .text = {
        .id = "cert_key_bits",
        .title = "The size of an RSA key in a certificate",
        .why = "RSA keys need buffers and time that grow with their size, and small devices have a fixed "
               "maximum; others refuse keys that are too short to be safe. The limit holds for the CA's key "
               "too, because the device verifies with it.",
        .cannot_know = "Keys of issuers further up than the last certificate that is sent: a signature shows only "
                       "the key that made it.",
        .fix_server = "Use a chain whose RSA keys, the intermediate's too, stay within the device's limits, or an "
                      "ECDSA chain where the device has ECDSA.",
        .fix_device = "Raise the maximum RSA size of the device's build (bignum size, hardware accelerator limits).",
        .spec = "RFC 8017, 3.1",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN,
    .alerts = alerts,
    .judge = judge_cert_key_bits,
};
