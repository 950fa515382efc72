/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain that would fit, where no handshake happened. See remedy.h.
 *
 * In: a session that was judged dry, its device. Out: the fix on the server in those findings about which a rule has
 * nothing but its general text. What the device offers is not known: its profile alone says what is ruled out.
 */
#include "remedy.h"

/* Can the device authenticate a server with this type of key? Only a complete list of its suites rules that out. */
static gboolean suites_allow(const TlsfitDevice *device, TlsfitKeyType type)
{
    const GArray *suites = tlsfit_device_supported(device, TLSFIT_SET_CIPHER_SUITES);

    if (suites == NULL || !tlsfit_device_complete(device, TLSFIT_SET_CIPHER_SUITES)) {
        return TRUE;
    }
    for (guint i = 0; i < suites->len; i++) {
        const TlsfitSuite *suite = tlsfit_suite(g_array_index(suites, guint16, i));

        if (suite->is_tls13 || (suite->auth == TLSFIT_AUTH_RSA && type == TLSFIT_KEY_RSA) ||
            (suite->auth == TLSFIT_AUTH_ECDSA && type != TLSFIT_KEY_RSA)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void try_key(const TlsfitPlanInput *input, const TlsfitKeyShape *key, guint extra, TlsfitChainShape *best,
                    guint *cost)
{
    TlsfitChainShape shape = { .certificates = 0 };
    const guint own = suites_allow(input->device, key->type) ? tlsfit_chain_shape_make(input, key, &shape) : G_MAXUINT;

    if (own != G_MAXUINT && own + extra < *cost) {
        *best = shape;
        *cost = own + extra;
    }
}

/* The best chain, with the end-entity's key of the one that was judged where that is as good; FALSE where none fits. */
static gboolean choose(const TlsfitSession *session, TlsfitChainShape *best)
{
    TlsfitMessage offered;
    const TlsfitPlanInput input = { .session = session, .device = session->device, .hello = &offered };
    TlsfitKeyShape now;
    guint cost = G_MAXUINT;

    tlsfit_message_init(&offered); /* nothing: no list of it is present, and so it limits nothing */
    if (tlsfit_key_shape_of(tlsfit_session_end_entity(session, TLSFIT_SERVER), &now)) {
        try_key(&input, &now, 0, best, &cost);
    }
    for (guint i = 0; tlsfit_key_shape_at(i) != NULL; i++) {
        try_key(&input, tlsfit_key_shape_at(i), i + 1, best, &cost);
    }
    return cost != G_MAXUINT;
}

static gboolean says_nothing(const TlsfitDevice *device, TlsfitSet set, guint code)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code);

    return verdict.status == TLSFIT_UNKNOWN;
}

/* What to write into the findings. Newly allocated. */
static char *text_of(const TlsfitSession *session, const TlsfitChainShape *chain)
{
    const gboolean sha1 =
        chain->signature == TLSFIT_SIGNATURE_SHA1_RSA || chain->signature == TLSFIT_SIGNATURE_ECDSA_SHA1;
    TlsfitRemedy remedy = { .parts = TLSFIT_PART_CHAIN, .chain = *chain };

    remedy.level = sha1 ? 0 : MIN(tlsfit_key_shape_level(&chain->end_entity), tlsfit_key_shape_level(&chain->ca));
    remedy.weak = (sha1 ? TLSFIT_WEAK_SHA1 : 0) | (remedy.level < 2 ? TLSFIT_WEAK_LEVEL : 0);
    if (says_nothing(session->device, TLSFIT_SET_CERTIFICATE_SIGNATURES, chain->signature) ||
        says_nothing(session->device, TLSFIT_SET_KEY_TYPES, chain->ca.type)) {
        remedy.silent = TLSFIT_PART_CHAIN;
    }
    return tlsfit_remedy_text(&remedy);
}

void tlsfit_remedy_dry(TlsfitSession *session)
{
    TlsfitChainShape chain = { .certificates = 0 };
    g_autofree char *text = NULL;

    if (session->device_side != TLSFIT_CLIENT) {
        return;
    }
    for (guint i = 0; i < session->findings->len; i++) {
        TlsfitJudged *judged = g_ptr_array_index(session->findings, i);

        if (judged->finding.status == TLSFIT_UNKNOWN || !tlsfit_remedy_is_of_chain(judged)) {
            continue;
        }
        if (text == NULL) {
            if (!choose(session, &chain)) {
                return;
            }
            text = text_of(session, &chain);
        }
        tlsfit_judged_fix_server(judged, g_strdup(text));
    }
}
