/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Suites that the ClientHello lists and that its own signature_algorithms rule out.
 */
#include "engine.h"
#include "offer.h"

static const int alerts[] = { 40, 47, 80, -1 };

static void judge_hello_suite_unusable(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitOffer offer;

    if (hello == NULL || judge->unknown_only) {
        return;
    }
    tlsfit_offer_read(hello, &offer);
    if (offer.unusable == 0) {
        return;
    }
    const gboolean rsa = offer.unusable_auth == TLSFIT_AUTH_RSA;
    const TlsfitSubject subject = { "client_hello.signature_algorithms", -1, hello->schemes.place };
    g_auto(TlsfitVerdict) verdict =
        tlsfit_device_code(judge->device, TLSFIT_SET_SIGNATURE_SCHEMES, rsa ? 0x0401u : 0x0403u);
    g_autofree char *schemes = tlsfit_codes_text(TLSFIT_NAME_SIGNATURE_SCHEME, &hello->schemes, 6);
    g_autofree char *observed = g_strdup_printf("%u of %u suites need a server that signs with %s (%s is one), and "
                                                "signature_algorithms has only %s",
                                                offer.unusable, offer.suites, rsa ? "RSA" : "ECDSA",
                                                tlsfit_suite(offer.unusable_example)->name,
                                                *schemes != '\0' ? schemes : "values without a meaning");
    TlsfitJudged *judged;

    if (verdict.status >= TLSFIT_SUSPECT) {
        judged = tlsfit_judge_verdict(judge, &subject, &verdict, "%s", observed);
    } else { /* whatever the profile has: this hello does not offer it */
        judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, "RFC 5246, 7.4.1.4.1", NULL, "%s", observed);
    }
    if (judged != NULL) {
        /* while a suite is left that servers of today take, this explains little */
        judged->weight = offer.modern_usable ? 20 : 50;
    }
}

const TlsfitRule tlsfit_rule_hello_suite_unusable = {
    .text = {
        .id = "hello_suite_unusable",
        .title = "Cipher suites that the hello itself rules out",
        .why = "The cipher suites and signature_algorithms of a ClientHello must fit together: a suite with "
               "RSA authentication is dead when no RSA signature is accepted. What looks like a long list is "
               "then a very short one.",
        .cannot_know = "Whether the server would have used one of these suites.",
        .fix_server = "Give the server a certificate with the kind of key that signature_algorithms allows, and "
                      "enable a suite for it.",
        .fix_device = "Add the missing signature schemes to the device's build, or take the dead suites out of its "
                      "list.",
        .spec = "RFC 5246, 7.4.1.4.1",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_ANSWER,
    .alerts = alerts,
    .judge = judge_hello_suite_unusable,
};
