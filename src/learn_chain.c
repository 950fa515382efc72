/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the server's chain needs of a client that verifies it.
 *
 * In: the Certificate message, and what is known of the client's anchors. Out: facts. A client builds its path from the
 * end-entity upwards and stops at a key that it trusts; where that is, the wire does not show. So without its anchors the
 * signature on the end-entity certificate is certain, the one on its issuer likely, and of those further up (a
 * cross-certificate behind a CA that is a root to others) nothing is said.
 */
#include "engine.h"
#include "learned.h"
#include "sizes.h"

/* Signatures above this one on the path are facts only where the anchor is known to be there. */
#define LIKELY_DEPTH 1u

typedef struct {
    const TlsfitMessage *chain;
    guint path[TLSFIT_CERTIFICATES_MAX]; /* indexes from the end-entity upwards */
    guint length;
    int anchored;                        /* the place in the path whose issuer is a known anchor; -1: not known */
    const TlsfitCertificate *anchor;     /* that issuer, where it is known by its certificate */
} Path;

static const TlsfitCertificate *certificate_at(const Path *path, guint depth)
{
    return tlsfit_chain_entry(path->chain, path->path[depth])->certificate;
}

/* Is an anchor of the client the issuer of CERTIFICATE? ANCHOR becomes its certificate, where that is known. */
static gboolean is_anchored(const TlsfitLessonContext *context, const TlsfitCertificate *certificate,
                            const TlsfitCertificate **anchor)
{
    for (guint i = 0; context->anchors != NULL && i < context->anchors->len; i++) {
        const TlsfitCertificate *candidate = g_ptr_array_index(context->anchors, i);

        if (tlsfit_certificate_certifies(candidate, certificate)) {
            *anchor = candidate;
            return TRUE;
        }
    }
    if (context->device == NULL) {
        return FALSE;
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_anchor(context->device, certificate, TRUE);
    return verdict.status == TLSFIT_OK;
}

static void find_path(const TlsfitLessonBuilder *builder, const TlsfitMessage *chain, Path *path)
{
    path->chain = chain;
    path->anchored = -1;
    path->length = tlsfit_chain_path(chain, path->path);
    for (guint i = 0; i < path->length && path->anchored < 0; i++) {
        const TlsfitCertificate *certificate = certificate_at(path, i);

        if (certificate->readable && !certificate->self_signed &&
            is_anchored(builder->context, certificate, &path->anchor)) {
            path->anchored = (int)i;
        }
    }
}

static void add_number(TlsfitLessonBuilder *builder, TlsfitTopic topic, guint value, guint32 frame,
                       TlsfitConfidence confidence, guint index)
{
    if (value > 0) {
        tlsfit_lesson_add(builder, topic, value, frame, confidence, (int)index);
    }
}

static gboolean is_rsa(TlsfitKeyType type)
{
    return type == TLSFIT_KEY_RSA || type == TLSFIT_KEY_RSA_PSS;
}

/* The key that made the signature on the certificate at DEPTH: its issuer's, or what the signature itself shows of it.
 * An RSA-PSS signature does not show which of the two RSA key types made it. */
static void add_issuer(TlsfitLessonBuilder *builder, const Path *path, guint depth, TlsfitConfidence confidence)
{
    const TlsfitCertificate *certificate = certificate_at(path, depth);
    const TlsfitCertificate *issuer = depth + 1 < path->length ? certificate_at(path, depth + 1) : NULL;
    const TlsfitKeyType signer = tlsfit_cert_signature_key_type(certificate->signature);
    const guint index = path->path[depth];
    const guint32 frame = tlsfit_chain_entry(path->chain, index)->place.frame;

    if ((int)depth == path->anchored && path->anchor != NULL) {
        issuer = path->anchor;
    }
    if (issuer != NULL && issuer->readable) {
        add_number(builder, TLSFIT_TOPIC_CA_TYPE, issuer->key_type, frame, confidence, index);
        add_number(builder, TLSFIT_TOPIC_CA_CURVE, issuer->curve, frame, confidence, index);
        add_number(builder, TLSFIT_TOPIC_CA_RSA_BITS, is_rsa(issuer->key_type) ? issuer->key_bits : 0, frame, confidence,
                   index);
        return;
    }
    if (signer != TLSFIT_KEY_RSA_PSS) {
        add_number(builder, TLSFIT_TOPIC_CA_TYPE, signer, frame, confidence, index);
    }
    add_number(builder, TLSFIT_TOPIC_CA_RSA_BITS, is_rsa(signer) ? certificate->signer_bits : 0, frame, confidence, index);
}

/* The end-entity's key makes the signature of the key exchange, or takes the key that the client encrypts with it. */
static void add_end_entity(TlsfitLessonBuilder *builder, const Path *path)
{
    const TlsfitCertificate *certificate = certificate_at(path, 0);
    const guint32 frame = tlsfit_chain_entry(path->chain, 0)->place.frame;

    if (!certificate->readable) {
        return;
    }
    add_number(builder, TLSFIT_TOPIC_END_TYPE, certificate->key_type, frame, TLSFIT_OBSERVED, 0);
    add_number(builder, TLSFIT_TOPIC_END_CURVE, certificate->curve, frame, TLSFIT_OBSERVED, 0);
    add_number(builder, TLSFIT_TOPIC_END_RSA_BITS, is_rsa(certificate->key_type) ? certificate->key_bits : 0, frame,
               TLSFIT_OBSERVED, 0);
    if (certificate->explicit_curve) {
        tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_explicit_curves, frame, TLSFIT_OBSERVED, 0);
    }
}

static void add_path(TlsfitLessonBuilder *builder, const Path *path)
{
    for (guint depth = 0; depth < path->length; depth++) {
        const TlsfitCertificate *certificate = certificate_at(path, depth);
        const guint index = path->path[depth];
        const gboolean certain = depth == 0 || path->anchored >= (int)depth;
        const TlsfitConfidence confidence = certain ? TLSFIT_OBSERVED : TLSFIT_INFERRED;
        const guint32 frame = tlsfit_chain_entry(path->chain, index)->place.frame;

        if (!certificate->readable || certificate->self_signed || (!certain && depth > LIKELY_DEPTH)) {
            break;
        }
        add_number(builder, TLSFIT_TOPIC_SIGNATURE, certificate->signature, frame, confidence, index);
        add_issuer(builder, path, depth, confidence);
        if (certificate->version == 1) {
            tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_certificate_v1, frame, confidence, (int)index);
        }
        if (path->anchored == (int)depth) {
            break;
        }
    }
}

/* The path from the end-entity to the issuer that is certain to be needed does not follow the message. */
static gboolean is_out_of_order(const Path *path)
{
    const guint needed = path->anchored >= 0 ? (guint)path->anchored + 1 : LIKELY_DEPTH + 1;

    for (guint depth = 1; depth < MIN(needed, path->length); depth++) {
        if (path->path[depth] != path->path[depth - 1] + 1) {
            return TRUE;
        }
    }
    return FALSE;
}

static void add_lengths(TlsfitLessonBuilder *builder, const TlsfitMessage *chain)
{
    const guint length = tlsfit_chain_length(chain);
    const guint32 frame = chain->place.frame;

    add_number(builder, TLSFIT_TOPIC_CHAIN_MESSAGE, length, frame, TLSFIT_OBSERVED, 0);
    add_number(builder, TLSFIT_TOPIC_CHAIN_PATH,
               length > 1 && tlsfit_chain_is_anchor(chain, length - 1) ? length - 1 : length, frame, TLSFIT_OBSERVED, 0);
    for (guint i = 0; i < length; i++) {
        const TlsfitCertificateEntry *entry = tlsfit_chain_entry(chain, i);

        add_number(builder, TLSFIT_TOPIC_CERTIFICATE_BYTES, entry->certificate->bytes, entry->place.frame, TLSFIT_OBSERVED,
                   i);
    }
}

void tlsfit_lesson_add_chain(TlsfitLessonBuilder *builder)
{
    const TlsfitMessage *chain = builder->session->slots[TLSFIT_SLOT_SERVER_CERTIFICATE];
    Path path = { .anchored = -1 };

    if (chain == NULL || chain->truncated || tlsfit_chain_length(chain) == 0) {
        return;
    }
    find_path(builder, chain, &path);
    add_end_entity(builder, &path);
    add_path(builder, &path);
    add_lengths(builder, chain);
    if (is_out_of_order(&path)) {
        tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_out_of_order_chain, chain->place.frame,
                          TLSFIT_OBSERVED, -1);
    }
}
