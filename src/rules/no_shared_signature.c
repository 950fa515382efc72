/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No signature in common: the server has no certificate whose key can sign as the client asks.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 43, 47, 80, -1 };

/* Which kinds of keys the offered schemes are for, as a list of key types. */
static TlsfitCodes key_types(const TlsfitCodes *schemes)
{
    TlsfitCodes types = { 0 };

    for (guint i = 0; i < tlsfit_codes_length(schemes); i++) {
        const guint type = tlsfit_scheme_key_type(tlsfit_codes_get(schemes, i));

        if (type != TLSFIT_KEY_UNKNOWN && !tlsfit_codes_has(&types, type)) {
            tlsfit_codes_add(&types, type);
        }
    }
    return types;
}

static void judge_known(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitMessage *hello, const char *text)
{
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);
    const TlsfitSet sets[] = { TLSFIT_SET_END_ENTITY_TYPES, TLSFIT_SET_SIGNATURE_SCHEMES };
    TlsfitCodes types = key_types(&hello->schemes);
    const TlsfitCodes *offered[] = { &types, &hello->schemes };

    /* No kind of key in common settles it; else the schemes decide, and they may be unknown. */
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, NULL };
        TlsfitJudged *judged = NULL;

        verdict.status = tlsfit_offer_answered(answerer, sets[i], offered[i], &verdict.source, &verdict.limit);
        if (verdict.status >= TLSFIT_SUSPECT || i + 1 == G_N_ELEMENTS(sets)) {
            judged = tlsfit_judge_verdict(judge, subject, &verdict, "the client accepts only signatures by %s", text);
        }
        tlsfit_judged_prove(judged);
        tlsfit_verdict_clear(&verdict);
        if (judged != NULL) {
            break;
        }
    }
    tlsfit_codes_clear(&types);
}

static void judge_no_shared_signature(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitOffer offer;

    if (hello == NULL || tlsfit_codes_length(&hello->schemes) == 0) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.signature_algorithms", -1, hello->schemes.place };
    g_autofree char *text = tlsfit_codes_text(TLSFIT_NAME_SIGNATURE_SCHEME, &hello->schemes, 8);

    if (tlsfit_judge_answerer(judge) != NULL) {
        judge_known(judge, &subject, hello, text);
        return;
    }
    tlsfit_offer_read(hello, &offer);
    if (offer.tls13 && !offer.rsa_pkcs1 && !offer.rsa_pss) {
        tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 8446, 4.2.3", "no RSA signature",
                          "the client accepts only signatures by %s, and a server may have an RSA certificate only",
                          text);
    }
}

const TlsfitRule tlsfit_rule_no_shared_signature = {
    .text = {
        .id = "no_shared_signature",
        .title = "A signature scheme in common",
        .why = "With signature_algorithms the client says which signatures it can verify. A server whose "
               "only certificate has another kind of key cannot prove who it is, and gives up before it "
               "sends anything.",
        .cannot_know = "Which certificates the server has, unless a profile of the server is given (preference "
                       "tlsfit.peer).",
        .fix_server = "Give the server a second certificate with a key that the device can verify (an ECDSA one "
                      "beside the RSA one, or the other way round).",
        .fix_device = "Enable verification of the other kind of signature in the device's build, and list it in "
                      "signature_algorithms.",
        .spec = "RFC 5246, 7.4.1.4.1; RFC 8446, 4.2.3",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_SERVER_HELLO,
    .alerts = alerts,
    .judge = judge_no_shared_signature,
};
