/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ClientHello without server_name: the server refuses it, or shows the certificate that it keeps for such clients.
 */
#include "engine.h"

#include <string.h>

static const int alerts[] = { 40, 49, 80, 109, 112, -1 };

#define SPEC "RFC 6066, 3; RFC 8446, 9.2"
#define HANDSHAKE_FAILURE 40
#define INTERNAL_ERROR 80
#define UNRECOGNIZED_NAME 112
#define MISSING_EXTENSION 109

/* What well-known servers write into the certificate that they show to clients without server_name. */
static const char *const placeholders[] = {
    "No SNI provided",                          /* Google's front ends, in TLS 1.3 */
    "Kubernetes Ingress Controller Fake Certificate",
    "TRAEFIK DEFAULT CERT",
};

/* The end of the handshake looks like a server that misses the name. That a connection is just closed has too many
 * reasons, unless the device is known to send no name ever. */
static gboolean looks_so(const TlsfitDiagnosis *diagnosis, gboolean sends_none)
{
    if (!diagnosis->has_side || diagnosis->side != TLSFIT_SERVER) {
        return FALSE;
    }
    if (diagnosis->outcome == TLSFIT_OUTCOME_RESET || diagnosis->outcome == TLSFIT_OUTCOME_CLOSED) {
        return sends_none;
    }
    return diagnosis->outcome == TLSFIT_OUTCOME_ALERT &&
           (diagnosis->alert == HANDSHAKE_FAILURE || diagnosis->alert == INTERNAL_ERROR ||
            diagnosis->alert == UNRECOGNIZED_NAME || diagnosis->alert == MISSING_EXTENSION);
}

/* How well the end fits: hardly anything but a name leads to the alert that speaks of one. */
static int weight(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->outcome == TLSFIT_OUTCOME_ALERT &&
                   (diagnosis->alert == UNRECOGNIZED_NAME || diagnosis->alert == MISSING_EXTENSION)
               ? 55
               : TLSFIT_WEIGHT_GENERAL;
}

static void judge_refused(TlsfitJudge *judge, const TlsfitSubject *subject)
{
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const char *observed = "the ClientHello names no server (server_name)";
    TlsfitJudged *judged = NULL;

    if (answerer != NULL) {
        g_autofree char *limit = g_strdup_printf("%s refuses a ClientHello without server_name",
                                                 tlsfit_device_name(answerer));
        g_auto(TlsfitVerdict) verdict = tlsfit_judge_feature(answerer, TLSFIT_FEATURE_requires_sni, "yes", limit);

        if (verdict.status == TLSFIT_UNKNOWN && !looks_so(diagnosis, FALSE)) {
            return; /* nothing points to it: no question worth asking */
        }
        judged = tlsfit_judge_verdict(judge, subject, &verdict, "%s", observed);
        if (judged != NULL && verdict.status != TLSFIT_UNKNOWN) {
            judged->weight = TLSFIT_WEIGHT_PROVEN;
        }
        return;
    }
    g_auto(TlsfitVerdict) own = tlsfit_judge_feature(judge->device, TLSFIT_FEATURE_sni, "no", "sends no server_name");

    if (!looks_so(diagnosis, own.status >= TLSFIT_SUSPECT)) {
        return;
    }
    if (own.status >= TLSFIT_SUSPECT) {
        own.status = TLSFIT_SUSPECT; /* it sends none for certain; that this server wants one is not known */
        judged = tlsfit_judge_verdict(judge, subject, &own, "%s", observed);
    } else {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, SPEC, NULL, "%s", observed);
    }
    if (judged != NULL) {
        judged->weight = weight(diagnosis);
    }
}

static void judge_default_certificate(TlsfitJudge *judge, const TlsfitSubject *subject)
{
    const TlsfitCertificate *leaf = tlsfit_session_end_entity(judge->session, TLSFIT_SERVER);
    TlsfitJudged *judged;

    for (guint i = 0; leaf != NULL && leaf->readable && i < G_N_ELEMENTS(placeholders); i++) {
        if (strstr(leaf->subject, placeholders[i]) == NULL) {
            continue;
        }
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, SPEC, NULL,
                                   "the ClientHello names no server (server_name), and the server showed the certificate "
                                   "that it has for such clients: %s",
                                   leaf->subject);
        if (judged != NULL) {
            judged->stage = TLSFIT_STAGE_CHAIN;
            judged->weight = 55;
        }
        return;
    }
}

static void judge_hello_sni_missing(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    if (hello == NULL || hello->has_server_name || hello->truncated) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.server_name", -1, hello->place };

    if (judge->moment == TLSFIT_MOMENT_NO_SERVER_HELLO) {
        judge_refused(judge, &subject);
    } else {
        judge_default_certificate(judge, &subject);
    }
}

const TlsfitRule tlsfit_rule_hello_sni_missing = {
    .text = {
        .id = "hello_sni_missing",
        .title = "The server's name in the ClientHello",
        .why = "One address serves many names, and the server picks certificate and service by the name in "
               "server_name. Without it, it refuses the client or shows a certificate that is not meant for "
               "the device.",
        .cannot_know = "Whether the device was given a name at all: for an IP address there is no server_name, and none "
                       "is needed where the server has one certificate only.",
        .fix_server = "Give the address a certificate of its own for clients without server_name, or let the device "
                      "reach this service on an address of its own.",
        .fix_device = "Let the device send the server's host name (mbed TLS: mbedtls_ssl_set_hostname, wolfSSL: "
                      "wolfSSL_UseSNI, modules: the SNI setting of the socket).",
        .spec = SPEC,
    },
    .stage = TLSFIT_STAGE_HELLO,
    .on_the_way = TRUE,
    .moments = 1u << TLSFIT_MOMENT_NO_SERVER_HELLO | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_hello_sni_missing,
};
