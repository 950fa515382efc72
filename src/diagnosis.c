/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a handshake ended, in words, and what was left open.
 *
 * In: the outcome (stage.c) and the ranked findings (diagnosis_rank.c). Out: TlsfitDiagnosis and its text.
 */
#include "remedy.h"

const char *tlsfit_outcome_name(TlsfitOutcome outcome)
{
    static const char *const names[] = {
        [TLSFIT_OUTCOME_OPEN] = "open",       [TLSFIT_OUTCOME_COMPLETED] = "completed",
        [TLSFIT_OUTCOME_RESUMED] = "resumed", [TLSFIT_OUTCOME_ALERT] = "alert",
        [TLSFIT_OUTCOME_STALLED] = "stalled", [TLSFIT_OUTCOME_RESET] = "reset",
        [TLSFIT_OUTCOME_CLOSED] = "closed",   [TLSFIT_OUTCOME_CUT] = "cut",
    };

    return names[outcome];
}

static gboolean ended_well(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED;
}

/* Nothing explains a good end, and most handshakes of a capture have one: those share a list that stays empty. */
static GPtrArray *new_list(const TlsfitDiagnosis *diagnosis)
{
    static GPtrArray *empty;

    if (!ended_well(diagnosis)) {
        return g_ptr_array_new();
    }
    if (empty == NULL) {
        empty = g_ptr_array_new();
    }
    return g_ptr_array_ref(empty);
}

TlsfitDiagnosis *tlsfit_diagnosis_new(TlsfitSession *session, guint stall_ms)
{
    TlsfitDiagnosis *diagnosis = g_new0(TlsfitDiagnosis, 1);

    tlsfit_session_outcome(session, stall_ms, diagnosis);
    diagnosis->candidates = new_list(diagnosis);
    diagnosis->device_codes = new_list(diagnosis);
    return diagnosis;
}

void tlsfit_diagnosis_free(TlsfitDiagnosis *diagnosis)
{
    if (diagnosis != NULL) {
        g_ptr_array_unref(diagnosis->candidates);
        g_ptr_array_unref(diagnosis->device_codes);
        g_free(diagnosis->text);
        g_free(diagnosis);
    }
}

static const char *who(const TlsfitSession *session, TlsfitSide side)
{
    return side == session->device_side ? "the device" : side == TLSFIT_CLIENT ? "the client" : "the server";
}

/* The last thing that was seen before it ended, as a place in the conversation. */
static const char *progress(const TlsfitSession *session)
{
    if (session->slots[TLSFIT_SLOT_CLIENT_HELLO] == NULL) {
        return "in a handshake whose ClientHello is not in the capture";
    }
    if (session->slots[TLSFIT_SLOT_SERVER_HELLO] == NULL) {
        return session->slots[TLSFIT_SLOT_RETRY_REQUEST] != NULL ? "after the HelloRetryRequest"
                                                                  : "before any ServerHello";
    }
    if (session->party[TLSFIT_CLIENT].finished.seen) {
        return "after the client's Finished";
    }
    if (session->party[TLSFIT_CLIENT].key_exchange.seen) {
        return "after the ClientKeyExchange";
    }
    if (session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE] != NULL) {
        return "after the client's Certificate";
    }
    return session->slots[TLSFIT_SLOT_SERVER_CERTIFICATE] != NULL ? "after the server's Certificate"
                                                                   : "after the ServerHello";
}

static void describe_alert(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, GString *text)
{
    if (diagnosis->alert < 0) {
        g_string_append_printf(text, "%s sent an encrypted alert (known by its size) %s",
                               who(session, diagnosis->side), progress(session));
    } else {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)diagnosis->alert);

        g_string_append_printf(text, "%s sent the alert %s(%d) %s", who(session, diagnosis->side), name,
                               diagnosis->alert, progress(session));
    }
    if (session->end_silence_us >= (gint64)session->stall_ms * 1000) {
        g_string_append_printf(text, ", %.1f s after the last message", (double)session->end_silence_us / 1e6);
    }
}

static void describe_stall(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, GString *text)
{
    const gint64 silence_us = session->end != TLSFIT_END_NONE ? session->end_silence_us
                                                              : session->capture_end_us - session->last_data_us;

    g_string_append_printf(text, "%s went silent %s: %s, and nothing came for %.1f s", who(session, diagnosis->side),
                           progress(session),
                           session->transport == TLSFIT_OVER_TLS ? "the last message was acknowledged"
                                                                 : "the last message was sent",
                           (double)silence_us / 1e6);
    if (session->transport == TLSFIT_OVER_DTLS && session->party[session->last_talker].retransmissions > 0) {
        g_string_append_printf(text, ", though %s repeated itself (%u datagrams sent again)",
                               who(session, session->last_talker),
                               session->party[session->last_talker].retransmissions);
    }
}

/* A reset or a FIN, and whose it is as far as its IP header tells. */
static void describe_end(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, GString *text)
{
    const char *did = diagnosis->outcome == TLSFIT_OUTCOME_RESET ? "reset" : "closed";
    const char *name = diagnosis->side == TLSFIT_CLIENT ? "client" : "server";

    if (diagnosis->from_between) {
        g_string_append_printf(text, "somebody between the client and the server %s the connection in the %s's name %s",
                               did, name, progress(session));
        return;
    }
    if (tlsfit_origin_kind(&diagnosis->origin) != TLSFIT_ORIGIN_ODD) {
        g_string_append_printf(text, "%s %s the connection %s", who(session, diagnosis->side), did, progress(session));
        return;
    }
    g_autofree char *seen = tlsfit_origin_text(&diagnosis->origin, name);

    g_string_append_printf(text, "%s, or somebody in its name, %s the connection %s (the %s has %s; that alone does not "
                           "tell whose it is)", who(session, diagnosis->side), did, progress(session),
                           diagnosis->outcome == TLSFIT_OUTCOME_RESET ? "reset" : "FIN", seen);
}

static void describe_outcome(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, GString *text)
{
    switch (diagnosis->outcome) {
    case TLSFIT_OUTCOME_OPEN:
        g_string_append(text, "still open");
        break;
    case TLSFIT_OUTCOME_COMPLETED:
        g_string_append(text, "the handshake completed");
        break;
    case TLSFIT_OUTCOME_RESUMED:
        g_string_append(text, "the handshake resumed an earlier session: no certificates were sent");
        break;
    case TLSFIT_OUTCOME_ALERT:
        describe_alert(session, diagnosis, text);
        break;
    case TLSFIT_OUTCOME_STALLED:
        describe_stall(session, diagnosis, text);
        break;
    case TLSFIT_OUTCOME_RESET:
    case TLSFIT_OUTCOME_CLOSED:
        describe_end(session, diagnosis, text);
        break;
    case TLSFIT_OUTCOME_CUT:
        g_string_append_printf(text, "the capture ends %s", progress(session));
        break;
    }
}

static void describe_cause(const TlsfitDiagnosis *diagnosis, GString *text)
{
    const TlsfitFinding *cause = diagnosis->cause;

    if (cause == NULL) {
        g_string_append(text, ". No limit that is known of the device explains it");
        return;
    }
    g_string_append_printf(text, ". %s cause: %s: %s",
                           cause->status == TLSFIT_SUSPECT && !diagnosis->from_between ? "Suspected" : "Primary",
                           cause->subject, cause->observed);
    if (cause->limit != NULL) {
        g_string_append_printf(text, "; limit: %s", cause->limit);
    }
}

static GString *outcome_text(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    GString *text = g_string_new(NULL);

    describe_outcome(session, diagnosis, text);
    text->str[0] = g_ascii_toupper(text->str[0]);
    return text;
}

char *tlsfit_diagnosis_outcome_text(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    return g_string_free(outcome_text(session, diagnosis), FALSE);
}

void tlsfit_diagnosis_describe(const TlsfitSession *session, TlsfitDiagnosis *diagnosis)
{
    GString *text = outcome_text(session, diagnosis);

    if (!ended_well(diagnosis) && diagnosis->outcome != TLSFIT_OUTCOME_CUT) {
        describe_cause(diagnosis, text);
        tlsfit_diagnosis_describe_codes(diagnosis, text);
    }
    g_string_append_c(text, '.');
    tlsfit_session_describe_ignored(session, text);
    g_free(diagnosis->text);
    diagnosis->text = g_string_free(text, FALSE);
}

/* Rules with the subjects that stayed open, each rule once: "cert_key_bits (certificate[0], certificate[1])". */
char *tlsfit_session_unknowns(const TlsfitSession *session)
{
    GString *text = g_string_new(NULL);
    const char *rule = NULL;

    for (guint i = 0; i < session->findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(session->findings, i);
        const TlsfitJudged *judged = (const TlsfitJudged *)finding;

        if (finding->status != TLSFIT_UNKNOWN || judged->stage == TLSFIT_STAGE_OUTCOME) {
            continue;
        }
        if (rule != NULL && g_str_equal(rule, finding->rule)) {
            g_string_append_printf(text, ", %s", finding->subject);
        } else {
            g_string_append_printf(text, "%s%s (%s", rule != NULL ? "); " : "", finding->rule, finding->subject);
        }
        rule = finding->rule;
    }
    if (rule == NULL) {
        g_string_free(text, TRUE);
        return NULL;
    }
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}
