/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extensions of the ServerHello that the client did not ask for, and renegotiation_info that it misses.
 */
#include "engine.h"

static const int alerts[] = { 40, 47, 80, 110, -1 };

#define RENEGOTIATION_INFO 0xFF01u
#define RENEGOTIATION_SCSV 0x00FFu
#define COOKIE 44u

static gboolean asked(const TlsfitSession *session, guint extension)
{
    const TlsfitMessage *first = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitMessage *second = session->slots[TLSFIT_SLOT_SECOND_HELLO];

    /* RFC 5746, 3.3: the signalling value asks for renegotiation_info too */
    return tlsfit_codes_has(&first->extensions, extension) ||
           (second != NULL && tlsfit_codes_has(&second->extensions, extension)) ||
           (extension == RENEGOTIATION_INFO && tlsfit_codes_has(&first->cipher_suites, RENEGOTIATION_SCSV)) ||
           extension == COOKIE || tlsfit_is_grease(extension);
}

/* "heartbeat; 0x1234" of those that nobody asked for; NULL where there are none. */
static char *unsolicited(const TlsfitSession *session, const TlsfitCodes *extensions)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < tlsfit_codes_length(extensions) && text->len < 200; i++) {
        const guint extension = tlsfit_codes_get(extensions, i);

        if (!asked(session, extension)) {
            g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_EXTENSION, extension);

            g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", name);
        }
    }
    return g_string_free(text, text->len == 0);
}

static void judge_unsolicited(TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitSubject subject = { "server_hello.extensions", -1, hello->place };
    const TlsfitViolation violation = {
        .feature = TLSFIT_FEATURE_unsolicited_extensions,
        .refuses = "rejected",
        .limit = "rejects extensions that it did not ask for",
        .where = "RFC 5246, 7.4.1.4; RFC 8446, 4.2",
        .weight = TLSFIT_WEIGHT_GENERAL,
    };
    g_autofree char *names = unsolicited(judge->session, &hello->extensions);
    TlsfitJudged *judged;

    if (names == NULL) {
        return;
    }
    judged = tlsfit_judge_violation(judge, &subject, &violation,
                                    "the ServerHello has extensions that the client did not ask for: %s", names);
    if (judged != NULL && tlsfit_judge_alert_is(judge, 110)) {
        judged->weight += 25; /* unsupported_extension: the stack says what it found */
    }
}

/* TLS 1.3 has no renegotiation. */
static void judge_renegotiation(TlsfitJudge *judge, const TlsfitMessage *hello)
{
    const TlsfitSubject subject = { "server_hello.renegotiation_info", -1, hello->place };
    const guint version = tlsfit_session_version(judge->session);
    const TlsfitViolation violation = {
        .feature = TLSFIT_FEATURE_requires_renegotiation_info,
        .refuses = "yes",
        .limit = "refuses a server without renegotiation_info",
        .where = "RFC 5746, 4.1",
        .weight = TLSFIT_WEIGHT_GENERAL,
    };
    TlsfitJudged *judged;

    if (version == 0 || tlsfit_version_is_tls13(version) || !asked(judge->session, RENEGOTIATION_INFO) ||
        tlsfit_codes_has(&hello->extensions, RENEGOTIATION_INFO)) {
        return;
    }
    judged = tlsfit_judge_violation(judge, &subject, &violation,
                                    "the client asked for renegotiation_info, and the ServerHello has none");
    if (judged != NULL) {
        tlsfit_judged_fix_server(judged, g_strdup("Update the server's TLS library: one without RFC 5746 is from before "
                                                  "2010, or has it switched off."));
        tlsfit_judged_fix_device(judged, g_strdup("Let the client accept servers without RFC 5746 (OpenSSL: option "
                                                  "UnsafeLegacyServerConnect, -legacy_server_connect); this weakens it "
                                                  "against injected beginnings."));
    }
}

static void judge_server_extension(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const TlsfitMessage *client = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    if (hello == NULL || client == NULL || hello->truncated || client->truncated) {
        return;
    }
    judge_unsolicited(judge, hello);
    judge_renegotiation(judge, hello);
}

const TlsfitRule tlsfit_rule_server_extension = {
    .text = {
        .id = "server_extension",
        .title = "The extensions of the ServerHello",
        .why = "A server may answer only extensions that the client has sent; a client must end the "
               "handshake when it finds another one. And a client that insists on secure renegotiation ends "
               "it when the server does not speak of it.",
        .cannot_know = "Extensions in the encrypted messages of TLS 1.3 without the session's secrets.",
        .fix_server = "Correct or update the server's TLS library: it sends extensions that were not asked for.",
        .fix_device = "Let the device ignore what it did not ask for, or update its stack.",
        .spec = "RFC 5246, 7.4.1.4; RFC 8446, 4.2; RFC 5746, 3.4",
    },
    .stage = TLSFIT_STAGE_CHOICE,
    .moments = 1u << TLSFIT_MOMENT_SERVER_HELLO | 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_extension,
};
