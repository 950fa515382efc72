/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ClientHello without the application protocol that the server at this port asks for, or with another one.
 */
#include "engine.h"

#include <string.h>

static const int alerts[] = { 40, 80, 120, -1 };

#define HTTPS_PORT 443u
#define NO_APPLICATION_PROTOCOL 120
#define AWS_PROTOCOL_BYTES 14u /* x-amzn-mqtt-ca, x-amzn-http-ca */
#define AWS "AWS IoT Core Developer Guide, Device communication protocols: port 443 needs ALPN"

/* MQTT on port 443 of AWS IoT Core is told from HTTPS by ALPN alone; the end points are named PREFIX.iot.REGION, with
 * one label before. Those with more (PREFIX.credentials.iot, data.jobs.iot, data.tunneling.iot) are plain HTTPS. */
static gboolean is_aws_iot(const TlsfitSession *session, const TlsfitMessage *hello)
{
    const char *name = hello->server_name;
    const char *dot = name != NULL ? strchr(name, '.') : NULL;

    return session->server_port == HTTPS_PORT && dot != NULL && g_str_has_prefix(dot, ".iot.") &&
           (g_str_has_suffix(name, ".amazonaws.com") || g_str_has_suffix(name, ".amazonaws.com.cn"));
}

/* Says what is offered: names are not kept, their lengths are. */
static char *offered(const TlsfitCodes *lengths)
{
    GString *text;

    if (tlsfit_codes_length(lengths) == 0) {
        return g_strdup("the ClientHello offers no application protocol (ALPN)");
    }
    text = g_string_new("the ClientHello offers ");
    g_string_append_printf(text, "%u application protocol%s (ALPN) with names of ", tlsfit_codes_length(lengths),
                           tlsfit_codes_length(lengths) == 1 ? "" : "s");
    for (guint i = 0; i < tlsfit_codes_length(lengths) && i < 8; i++) {
        g_string_append_printf(text, "%s%u", i > 0 ? ", " : "", tlsfit_codes_get(lengths, i));
    }
    g_string_append(text, " bytes");
    return g_string_free(text, FALSE);
}

static gboolean server_said_so(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->outcome == TLSFIT_OUTCOME_ALERT && diagnosis->side == TLSFIT_SERVER &&
           diagnosis->alert == NO_APPLICATION_PROTOCOL;
}

static void judge_answerer(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitDevice *answerer,
                           const char *observed)
{
    g_autofree char *limit = g_strdup_printf("%s refuses a ClientHello without ALPN", tlsfit_device_name(answerer));
    g_auto(TlsfitVerdict) verdict = tlsfit_judge_feature(answerer, TLSFIT_FEATURE_requires_alpn, "yes", limit);
    TlsfitJudged *judged;

    if (verdict.status == TLSFIT_UNKNOWN && judge->session->server_port != HTTPS_PORT) {
        return; /* on other ports hardly any server asks for it */
    }
    judged = tlsfit_judge_verdict(judge, subject, &verdict, "%s", observed);
    if (judged != NULL && verdict.status != TLSFIT_UNKNOWN) {
        judged->weight = TLSFIT_WEIGHT_PROVEN;
    }
}

/* Nothing is known of the server's demands but where it is and what it answered. */
static void judge_guess(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitMessage *hello,
                        const char *observed)
{
    const gboolean none = tlsfit_codes_length(&hello->alpn_lengths) == 0;
    const gboolean aws = is_aws_iot(judge->session, hello) && !tlsfit_codes_has(&hello->alpn_lengths, AWS_PROTOCOL_BYTES);
    TlsfitJudged *judged = NULL;

    if (aws) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, AWS, "x-amzn-mqtt-ca is needed on port 443",
                                   "%s, and it goes to AWS IoT on port 443", observed);
    } else if (!none && server_said_so(judge->session->diagnosis)) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, "RFC 7301, 3.2", NULL,
                                   "%s, and the server knows none of them", observed);
    } else if (none && judge->session->server_port == HTTPS_PORT) {
        judged = tlsfit_judge_fact(judge, subject, TLSFIT_UNKNOWN, NULL, NULL, "%s", observed);
    }
    if (judged != NULL && judged->finding.status != TLSFIT_UNKNOWN) {
        judged->weight = 55;
    }
}

static void judge_hello_alpn_missing(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitDevice *answerer = tlsfit_judge_answerer(judge);

    if (hello == NULL || hello->truncated) {
        return;
    }
    const TlsfitSubject subject = { "client_hello.alpn", -1, hello->place };
    g_autofree char *observed = offered(&hello->alpn_lengths);

    if (answerer != NULL && tlsfit_codes_length(&hello->alpn_lengths) == 0) {
        judge_answerer(judge, &subject, answerer, observed);
    } else if (answerer == NULL) {
        judge_guess(judge, &subject, hello, observed);
    }
}

const TlsfitRule tlsfit_rule_hello_alpn_missing = {
    .text = {
        .id = "hello_alpn_missing",
        .title = "The application protocol in the ClientHello",
        .why = "Where several protocols share a port, the client says in ALPN which one it wants. A server "
               "that finds none, or none that it has, ends the handshake before it sends a certificate.",
        .cannot_know = "What the server asks for, and the names that the device offers: only their lengths are kept.",
        .fix_server = "Let the server accept clients without ALPN, or offer the service on a port of its own (MQTT: 8883).",
        .fix_device = "Set the application protocol in the device's TLS library (AWS IoT on port 443: x-amzn-mqtt-ca), "
                      "or use the port of the service itself (MQTT: 8883).",
        .spec = "RFC 7301, 3.2",
    },
    .stage = TLSFIT_STAGE_HELLO,
    .moments = 1u << TLSFIT_MOMENT_NO_SERVER_HELLO,
    .alerts = alerts,
    .judge = judge_hello_alpn_missing,
};
