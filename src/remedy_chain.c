/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The shape of a chain that the device does not rule out. See remedy.h.
 *
 * In: the device, the ClientHello, the key of the end-entity certificate. Out: TlsfitChainShape. Makes no certificate.
 */
#include "remedy.h"

/* What can be bought or made everywhere comes first; what a server of today only takes when it is told to, last. */
static const TlsfitKeyShape shapes[] = {
    { TLSFIT_KEY_EC, 0x0017, 256 },  { TLSFIT_KEY_RSA, 0, 2048 }, { TLSFIT_KEY_EC, 0x0018, 384 },
    { TLSFIT_KEY_RSA, 0, 3072 },     { TLSFIT_KEY_RSA, 0, 4096 }, { TLSFIT_KEY_EC, 0x0019, 521 },
    { TLSFIT_KEY_ED25519, 0, 256 },  { TLSFIT_KEY_RSA, 0, 1024 },
};

/* The signatures that a CA's key makes, best first. */
static const TlsfitCertSignature by_rsa[] = { TLSFIT_SIGNATURE_SHA256_RSA, TLSFIT_SIGNATURE_SHA384_RSA,
                                              TLSFIT_SIGNATURE_SHA512_RSA, TLSFIT_SIGNATURE_SHA224_RSA,
                                              TLSFIT_SIGNATURE_SHA1_RSA, TLSFIT_SIGNATURE_UNKNOWN };
static const TlsfitCertSignature by_ec[] = { TLSFIT_SIGNATURE_ECDSA_SHA256, TLSFIT_SIGNATURE_ECDSA_SHA384,
                                             TLSFIT_SIGNATURE_ECDSA_SHA512, TLSFIT_SIGNATURE_ECDSA_SHA224,
                                             TLSFIT_SIGNATURE_ECDSA_SHA1, TLSFIT_SIGNATURE_UNKNOWN };
static const TlsfitCertSignature by_ed25519[] = { TLSFIT_SIGNATURE_ED25519, TLSFIT_SIGNATURE_UNKNOWN };

/* How much worse a choice is than the best one. */
enum { OTHER_KIND = 3, NOT_OFFERED = 8, LEVEL = 30, NOT_ENOUGH_ROOM = 200 };

/* Bytes of a certificate beside its key and its signature, as certificates of the field have them: to rule out what
 * cannot fit, never shown. */
#define FRAME_BYTES 400u

const TlsfitKeyShape *tlsfit_key_shape_at(guint index)
{
    return index < G_N_ELEMENTS(shapes) ? &shapes[index] : NULL;
}

gboolean tlsfit_key_shape_of(const TlsfitCertificate *certificate, TlsfitKeyShape *shape)
{
    if (certificate == NULL || !certificate->readable ||
        (certificate->key_type == TLSFIT_KEY_EC && certificate->curve == 0) ||
        (certificate->key_type != TLSFIT_KEY_EC && certificate->key_type != TLSFIT_KEY_RSA &&
         certificate->key_type != TLSFIT_KEY_ED25519)) {
        return FALSE;
    }
    shape->type = certificate->key_type;
    shape->curve = certificate->key_type == TLSFIT_KEY_EC ? certificate->curve : 0;
    shape->bits = certificate->key_bits;
    return TRUE;
}

/* OpenSSL 3, SSL_CTX_set_security_level(3): level 2 asks for 112 bits of security, level 1 for 80. */
guint tlsfit_key_shape_level(const TlsfitKeyShape *shape)
{
    const guint strong = shape->type == TLSFIT_KEY_RSA ? 2048 : 224;
    const guint weak = shape->type == TLSFIT_KEY_RSA ? 1024 : 160;

    return shape->bits >= strong ? 2 : shape->bits >= weak ? 1 : 0;
}

char *tlsfit_key_shape_text(const TlsfitKeyShape *shape)
{
    return tlsfit_key_text(shape->type, shape->bits, shape->curve);
}

static gboolean number_fits(const TlsfitDevice *device, TlsfitNumber number, guint64 value)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(device, number, value);

    return verdict.status == TLSFIT_OK || verdict.status == TLSFIT_UNKNOWN;
}

static gboolean key_fits(const TlsfitDevice *device, const TlsfitKeyShape *key, gboolean end_entity)
{
    const TlsfitSet types = end_entity ? TLSFIT_SET_END_ENTITY_TYPES : TLSFIT_SET_KEY_TYPES;
    const TlsfitSet curves = end_entity ? TLSFIT_SET_END_ENTITY_CURVES : TLSFIT_SET_KEY_CURVES;

    if (tlsfit_plan_ruled_out(device, types, key->type)) {
        return FALSE;
    }
    if (key->type == TLSFIT_KEY_EC) {
        return !tlsfit_plan_ruled_out(device, curves, key->curve);
    }
    if (key->type != TLSFIT_KEY_RSA) {
        return TRUE;
    }
    if (!number_fits(device, TLSFIT_NUMBER_rsa_bits_min, key->bits) ||
        !number_fits(device, TLSFIT_NUMBER_rsa_bits_max, key->bits)) {
        return FALSE;
    }
    return !end_entity || (number_fits(device, TLSFIT_NUMBER_end_entity_rsa_bits_min, key->bits) &&
                           number_fits(device, TLSFIT_NUMBER_end_entity_rsa_bits_max, key->bits));
}

/* Where the profile is silent, what the ClientHello says of signatures in certificates stands (RFC 8446, 4.2.3). */
static gboolean is_offered(const TlsfitPlanInput *input, TlsfitCertSignature signature)
{
    const TlsfitCodes *codes =
        input->hello->schemes_cert.present ? &input->hello->schemes_cert : &input->hello->schemes;
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(input->device, TLSFIT_SET_CERTIFICATE_SIGNATURES, signature);

    return verdict.status == TLSFIT_OK || !codes->present ||
           tlsfit_codes_has(codes, tlsfit_cert_signature_scheme(signature));
}

static gboolean is_sha1(TlsfitCertSignature signature)
{
    return signature == TLSFIT_SIGNATURE_SHA1_RSA || signature == TLSFIT_SIGNATURE_ECDSA_SHA1;
}

static guint key_bytes(const TlsfitKeyShape *key)
{
    return key->type == TLSFIT_KEY_RSA ? key->bits / 8 : key->bits / 4;
}

static void read_limits(const TlsfitPlanInput *input, TlsfitChainShape *shape)
{
    const char *whole = tlsfit_device_feature(input->device, TLSFIT_FEATURE_handshake_defragmentation, NULL);
    guint64 record = 0;

    shape->certificates_max = shape->message_bytes_max = shape->certificate_bytes_max = 0;
    tlsfit_device_number_value(input->device, TLSFIT_NUMBER_chain_certificates_max, &shape->certificates_max, NULL);
    tlsfit_device_number_value(input->device, TLSFIT_NUMBER_message_bytes_max, &shape->message_bytes_max, NULL);
    tlsfit_device_number_value(input->device, TLSFIT_NUMBER_certificate_bytes_max, &shape->certificate_bytes_max, NULL);
    if (g_strcmp0(whole, "no") == 0) {
        /* a message must fit one record, of 16384 bytes at the most (RFC 8446, 5.1) */
        record = 16384;
        tlsfit_device_number_value(input->device, TLSFIT_NUMBER_record_bytes_max, &record, NULL);
    }
    if (record != 0 && (shape->message_bytes_max == 0 || record < shape->message_bytes_max)) {
        shape->message_bytes_max = record;
    }
}

/* How many certificates to send, and what it costs when not even one seems to fit. */
static guint count_certificates(TlsfitChainShape *shape)
{
    const guint leaf = FRAME_BYTES + key_bytes(&shape->end_entity) + key_bytes(&shape->ca);
    const guint ca = FRAME_BYTES + 2 * key_bytes(&shape->ca);
    guint cost = 0;

    shape->certificates = shape->certificates_max == 1 ? 1 : 2;
    if (shape->message_bytes_max != 0 && leaf + ca > shape->message_bytes_max) {
        shape->certificates = 1;
        cost = leaf > shape->message_bytes_max ? NOT_ENOUGH_ROOM : 1;
    }
    return shape->certificate_bytes_max != 0 && MAX(leaf, ca) > shape->certificate_bytes_max ? NOT_ENOUGH_ROOM : cost;
}

static guint rate(const TlsfitPlanInput *input, TlsfitChainShape *shape)
{
    const guint level = MIN(tlsfit_key_shape_level(&shape->end_entity), tlsfit_key_shape_level(&shape->ca));
    guint cost = count_certificates(shape);

    cost += shape->end_entity.type != shape->ca.type ? OTHER_KIND : 0;
    cost += is_offered(input, shape->signature) ? 0 : NOT_OFFERED;
    return cost + (is_sha1(shape->signature) ? 2 * LEVEL : (2 - level) * LEVEL);
}

/* The best signature that this CA can make for the device. */
static guint try_ca(const TlsfitPlanInput *input, TlsfitChainShape *shape)
{
    const TlsfitCertSignature *signatures = shape->ca.type == TLSFIT_KEY_RSA  ? by_rsa
                                            : shape->ca.type == TLSFIT_KEY_EC ? by_ec
                                                                              : by_ed25519;
    TlsfitChainShape best = *shape;
    guint best_cost = G_MAXUINT;

    for (guint i = 0; signatures[i] != TLSFIT_SIGNATURE_UNKNOWN; i++) {
        guint cost;

        if (tlsfit_plan_ruled_out(input->device, TLSFIT_SET_CERTIFICATE_SIGNATURES, signatures[i])) {
            continue;
        }
        shape->signature = signatures[i];
        cost = rate(input, shape) + i;
        if (cost < best_cost) {
            best = *shape;
            best_cost = cost;
        }
    }
    *shape = best;
    return best_cost;
}

guint tlsfit_chain_shape_make(const TlsfitPlanInput *input, const TlsfitKeyShape *key, TlsfitChainShape *shape)
{
    TlsfitChainShape best = { .signature = TLSFIT_SIGNATURE_UNKNOWN };
    guint best_cost = G_MAXUINT;

    if (!key_fits(input->device, key, TRUE)) {
        return G_MAXUINT;
    }
    for (guint i = 0; i < G_N_ELEMENTS(shapes); i++) {
        TlsfitChainShape next = { .end_entity = *key, .ca = shapes[i] };
        guint cost;

        if (!key_fits(input->device, &shapes[i], FALSE)) {
            continue;
        }
        read_limits(input, &next);
        cost = try_ca(input, &next);
        if (cost != G_MAXUINT && cost + i < best_cost) {
            best = next;
            best_cost = cost + i;
        }
    }
    *shape = best;
    return best_cost;
}
