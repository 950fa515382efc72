/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the certificates of one message hang together: who issued whom.
 *
 * In: a Certificate message, and what the profile says of paths and anchors. Out: issuers, the path from the end-entity,
 * and which certificates the device verifies at all. Compares names and key identifiers; verifies no signature.
 */
#include "engine.h"

#include <string.h>

const TlsfitMessage *tlsfit_judge_chain(const TlsfitJudge *judge)
{
    const TlsfitMessage *chain =
        judge->session
            ->slots[judge->side == TLSFIT_CLIENT ? TLSFIT_SLOT_SERVER_CERTIFICATE : TLSFIT_SLOT_CLIENT_CERTIFICATE];

    return chain != NULL && chain->certificates != NULL ? chain : NULL;
}

guint tlsfit_chain_length(const TlsfitMessage *chain)
{
    return chain == NULL || chain->certificates == NULL ? 0 : chain->certificates->len;
}

const TlsfitCertificateEntry *tlsfit_chain_entry(const TlsfitMessage *chain, guint index)
{
    g_return_val_if_fail(index < tlsfit_chain_length(chain), NULL);
    return &g_array_index(chain->certificates, TlsfitCertificateEntry, index);
}

/* A path ends at a self-signed certificate wherever it stands in the message: before a misplaced intermediate, too. An
 * end-entity that vouches for itself is one where nothing follows it. */
gboolean tlsfit_chain_is_anchor(const TlsfitMessage *chain, guint index)
{
    return (index > 0 || tlsfit_chain_length(chain) == 1) && tlsfit_chain_entry(chain, index)->certificate->self_signed;
}

TlsfitSubject tlsfit_subject_certificate(const TlsfitMessage *chain, guint index)
{
    const TlsfitSubject subject = {
        .name = "certificate",
        .cert_index = (int)index,
        .place = tlsfit_chain_entry(chain, index)->place,
    };

    return subject;
}

gboolean tlsfit_chain_certifies(const TlsfitMessage *chain, guint issuer, guint index)
{
    return tlsfit_certificate_certifies(tlsfit_chain_entry(chain, issuer)->certificate,
                                        tlsfit_chain_entry(chain, index)->certificate);
}

/* The next one where it fits, as it should be; else the first one that does. -1: not in the message. */
int tlsfit_chain_issuer(const TlsfitMessage *chain, guint index)
{
    const guint length = tlsfit_chain_length(chain);

    if (index + 1 < length && tlsfit_chain_certifies(chain, index + 1, index)) {
        return (int)index + 1;
    }
    for (guint i = 0; i < length; i++) {
        if (i != index && tlsfit_chain_certifies(chain, i, index)) {
            return (int)i;
        }
    }
    return -1;
}

guint tlsfit_chain_path(const TlsfitMessage *chain, guint path[TLSFIT_CERTIFICATES_MAX])
{
    gboolean taken[TLSFIT_CERTIFICATES_MAX] = { FALSE };
    guint length = 0;

    if (tlsfit_chain_length(chain) == 0) {
        return 0;
    }
    for (int at = 0; at >= 0 && !taken[at]; at = tlsfit_chain_issuer(chain, (guint)at)) {
        taken[at] = TRUE;
        path[length++] = (guint)at;
        if (tlsfit_chain_entry(chain, (guint)at)->certificate->self_signed) {
            break;
        }
    }
    return length;
}

gboolean tlsfit_chain_readable(const TlsfitMessage *chain)
{
    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        if (!tlsfit_chain_entry(chain, i)->certificate->readable) {
            return FALSE;
        }
    }
    return tlsfit_chain_length(chain) > 0 && !chain->truncated;
}

gboolean tlsfit_chain_begins_with_ca(const TlsfitMessage *chain)
{
    gboolean other = FALSE;

    for (guint i = 1; i < tlsfit_chain_length(chain); i++) {
        const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, i)->certificate;

        other = other || (certificate->readable && certificate->version == 3 && !certificate->is_ca);
    }
    return other && tlsfit_chain_entry(chain, 0)->certificate->is_ca;
}

gboolean tlsfit_chain_builds_paths(const TlsfitJudge *judge)
{
    return g_strcmp0(tlsfit_device_feature(judge->device, TLSFIT_FEATURE_path_building, NULL), "yes") == 0;
}

/* To which certificates a path leads from the end-entity. All issuers that fit count, as there may be several (RFC 4158,
 * 2.3). */
static void find_reached(const TlsfitMessage *chain, gboolean reached[TLSFIT_CERTIFICATES_MAX])
{
    const guint length = tlsfit_chain_length(chain);
    guint path[TLSFIT_CERTIFICATES_MAX] = { 0 };
    guint count = 1;

    reached[0] = TRUE;
    for (guint next = 0; next < count; next++) {
        if (tlsfit_chain_entry(chain, path[next])->certificate->self_signed) {
            continue;
        }
        for (guint i = 0; i < length; i++) {
            if (!reached[i] && tlsfit_chain_certifies(chain, i, path[next])) {
                reached[i] = TRUE;
                path[count++] = i;
            }
        }
    }
}

/* Finds which certificates the device has a use for. What cannot be read may be the link that is missing, and where the
 * end-entity is not the first one there is no path: then that is all of them. */
static void find_used(const TlsfitJudge *judge, const TlsfitMessage *chain)
{
    const gboolean all = !tlsfit_chain_builds_paths(judge) || !tlsfit_chain_readable(chain) ||
                         tlsfit_chain_begins_with_ca(chain);
    gboolean reached[TLSFIT_CERTIFICATES_MAX] = { FALSE };

    if (!all) {
        find_reached(chain, reached);
    }
    memset(judge->use->used, 0, sizeof judge->use->used);
    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        judge->use->used[i / 8] |= (guint8)((all || reached[i] ? 1u : 0u) << i % 8);
    }
    judge->use->chain = chain;
}

gboolean tlsfit_chain_off_path(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    if (judge->use->chain != chain) {
        find_used(judge, chain);
    }
    return (judge->use->used[index / 8] >> index % 8 & 1u) == 0;
}

gboolean tlsfit_chain_is_verified(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    return !tlsfit_chain_is_anchor(chain, index) && !tlsfit_chain_past_anchor(judge, chain, index) &&
           !tlsfit_chain_off_path(judge, chain, index);
}

/* In a message that is in order the last one is the top of the path. */
gboolean tlsfit_chain_misses_issuer(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const gboolean top = tlsfit_chain_builds_paths(judge)
                             ? tlsfit_chain_issuer(chain, index) < 0 && !tlsfit_chain_off_path(judge, chain, index)
                             : index + 1 == tlsfit_chain_length(chain);

    return top && !tlsfit_chain_entry(chain, index)->certificate->self_issued &&
           !tlsfit_chain_past_anchor(judge, chain, index);
}

/* What the profile says of an anchor that issued a certificate from FIRST up to INDEX, without it: the best answer.
 * TLSFIT_CANNOT where the device follows the message to its end all the same. */
static TlsfitStatus anchor_before(const TlsfitJudge *judge, const TlsfitMessage *chain, guint first, guint index)
{
    TlsfitStatus best = TLSFIT_CANNOT;
    const char *ends = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_anchor_ends_path, NULL);
    const char *builds = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_path_building, NULL);

    if (!tlsfit_chain_builds_paths(judge) && g_strcmp0(ends != NULL ? ends : builds, "no") == 0) {
        return TLSFIT_CANNOT;
    }
    for (guint i = first; i < index; i++) {
        const TlsfitCertificate *below = tlsfit_chain_entry(chain, i)->certificate;

        if (below->readable && !tlsfit_chain_off_path(judge, chain, i)) {
            g_auto(TlsfitVerdict) issuer = tlsfit_device_anchor(judge->device, below, TRUE);

            best = MIN(best, issuer.status);
        }
    }
    return best;
}

gboolean tlsfit_chain_past_anchor(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    return anchor_before(judge, chain, 0, index) == TLSFIT_OK;
}

gboolean tlsfit_chain_perhaps_past_anchor(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    return anchor_before(judge, chain, 1, index) == TLSFIT_UNKNOWN;
}
