/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which finding explains how the handshake ended.
 *
 * In: findings, outcome, facts. Out: the primary cause, the candidates behind it, and for those that the evidence
 * excludes the reason why. An alert's number is evidence that moves a rank; it never makes a cause.
 */
#include "engine.h"

/* How much a piece of evidence moves the rank of a finding. */
#define SYMPTOM_MATCHES 30
#define ALERT_FITS 5
#define PEER_ENDED_IT (-20)

/* No server loses patience with a client, or the other way round, faster than this. */
#define AT_ONCE_US 1000000

static gboolean fits(const int *alerts, int number)
{
    for (guint i = 0; alerts != NULL && alerts[i] >= 0; i++) {
        if (alerts[i] == number) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The server says Finished before it has seen the client's certificates in TLS 1.3: what counts is the order. */
static const char *went_on(const TlsfitSession *session, guint32 frame)
{
    const TlsfitParty *device = &session->party[session->device_side];
    const TlsfitMessage *own = session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (device->finished.seen && device->finished.place.frame > frame) {
        return "the device went on and sent its Finished";
    }
    if (device->key_exchange.seen && device->key_exchange.place.frame > frame) {
        return "the device went on and sent its ClientKeyExchange";
    }
    if (session->device_side == TLSFIT_CLIENT && own != NULL && own->place.frame > frame) {
        return "the device went on and sent its Certificate";
    }
    return NULL;
}

/* Before TLS 1.3 the server judges the client's certificate and only then says ChangeCipherSpec. */
static const char *accepted_client(const TlsfitSession *session)
{
    const TlsfitMark *answer = &session->party[TLSFIT_CLIENT].key_exchange;
    const TlsfitMark *accepted = &session->party[TLSFIT_SERVER].cipher_spec;

    return !tlsfit_version_is_tls13(tlsfit_session_version(session)) && answer->seen && accepted->seen &&
                   accepted->place.frame > answer->place.frame
               ? "the server went on and sent its ChangeCipherSpec"
               : NULL;
}

const char *tlsfit_diagnosis_passed(const TlsfitSession *session, TlsfitStage stage, guint32 frame)
{
    switch (stage) {
    case TLSFIT_STAGE_CHOICE:
    case TLSFIT_STAGE_SIZE:
    case TLSFIT_STAGE_CHAIN:
    case TLSFIT_STAGE_EXCHANGE:
        return went_on(session, frame);
    case TLSFIT_STAGE_HELLO:
        return session->slots[TLSFIT_SLOT_SERVER_HELLO] != NULL ? "the server answered the ClientHello" : NULL;
    case TLSFIT_STAGE_CLIENT_AUTH:
        return accepted_client(session);
    case TLSFIT_STAGE_FINISHED:
    case TLSFIT_STAGE_WAY:
    case TLSFIT_STAGE_OUTCOME:
        break;
    }
    return NULL;
}

/* A broken combination has a symptom that was seen; an end by the other side than that one has another cause. The
 * alert's number may differ: servers answer the same broken Finished with decrypt_error, bad_record_mac or
 * handshake_failure. */
static char *contradicts_symptom(const TlsfitBroken *broken, const TlsfitDiagnosis *diagnosis)
{
    const gboolean alert = diagnosis->outcome == TLSFIT_OUTCOME_ALERT;

    if (broken->stalls) {
        return alert ? g_strdup("this combination ends in silence, and here an alert was sent") : NULL;
    }
    if (broken->alert < 0 || diagnosis->outcome == TLSFIT_OUTCOME_CUT) {
        return NULL;
    }
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)broken->alert);

    if (alert && diagnosis->side != broken->alert_from) {
        return g_strdup_printf("this combination ends in %s from the other side", name);
    }
    return NULL;
}

gboolean tlsfit_diagnosis_shows(const TlsfitDiagnosis *diagnosis, const TlsfitBroken *broken)
{
    if (broken->stalls) {
        return diagnosis->outcome == TLSFIT_OUTCOME_STALLED;
    }
    return broken->alert >= 0 && diagnosis->outcome == TLSFIT_OUTCOME_ALERT && diagnosis->side == broken->alert_from &&
           (diagnosis->alert < 0 || diagnosis->alert == broken->alert);
}

/* The other side ended it in the middle of its own flight: hardly a limit of the device, which had not spoken. */
static gboolean ended_by_peer(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->has_side && diagnosis->outcome != TLSFIT_OUTCOME_STALLED &&
           diagnosis->side != session->device_side;
}

/* Who ends it at once after its own message has not been stopped by a device that had not yet said anything. */
static gboolean ended_at_once(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    return ended_by_peer(session, diagnosis) && session->end_silence_us < AT_ONCE_US &&
           !session->party[session->device_side].lost;
}

gboolean tlsfit_diagnosis_stopped(const TlsfitSession *session, TlsfitStage stage, guint32 frame)
{
    const TlsfitDiagnosis *diagnosis = session->diagnosis;

    return diagnosis != NULL && diagnosis->outcome != TLSFIT_OUTCOME_CUT && !diagnosis->from_between &&
           tlsfit_diagnosis_passed(session, stage, frame) == NULL && !ended_at_once(session, diagnosis);
}

/* Alerts that say that what was encrypted or signed came out wrong (RFC 5246, 7.2.2): bad_record_mac,
 * decryption_failed, decrypt_error. Who misses a certificate does not get so far. */
static const int computed_wrong[] = { 20, 21, 51, -1 };

/* What is only guessed about a server that is not known does not stand against an alert that says something else. */
static gboolean speaks_against(const TlsfitDiagnosis *diagnosis, const TlsfitJudged *judged)
{
    const gboolean stage = judged->stage == TLSFIT_STAGE_HELLO ||
                           (judged->stage == TLSFIT_STAGE_CLIENT_AUTH && fits(computed_wrong, diagnosis->alert));

    return stage && judged->weight < TLSFIT_WEIGHT_PROVEN && diagnosis->outcome == TLSFIT_OUTCOME_ALERT &&
           diagnosis->alert >= 0 && !fits(judged->rule->alerts, diagnosis->alert);
}

/* Stages at which the other side refuses, and not the device. */
static gboolean refused_by_peer(TlsfitStage stage)
{
    return stage == TLSFIT_STAGE_HELLO || stage == TLSFIT_STAGE_CLIENT_AUTH;
}

static char *ended_before_device(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis,
                                 const TlsfitJudged *judged)
{
    if (refused_by_peer(judged->stage) || !ended_at_once(session, diagnosis)) {
        return NULL;
    }
    return g_strdup_printf("the %s ended it at once, before the device had answered",
                           diagnosis->side == TLSFIT_CLIENT ? "client" : "server");
}

/* A limit that the server would meet in the ClientHello does not make the client end it. */
static char *ended_by_client(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, const TlsfitJudged *judged)
{
    if (judged->stage != TLSFIT_STAGE_HELLO || !diagnosis->has_side || diagnosis->side != TLSFIT_CLIENT) {
        return NULL;
    }
    if (session->slots[TLSFIT_SLOT_RETRY_REQUEST] != NULL) {
        return g_strdup("the client itself ended it, after the server had answered with a HelloRetryRequest");
    }
    return diagnosis->outcome == TLSFIT_OUTCOME_ALERT ? g_strdup("the client itself ended it with an alert") : NULL;
}

/* Neither side has ended it, so no limit of either has. Behind the fact stays what the middlebox may have minded, where
 * it was only suspected of a server of which nothing is known. */
static char *ended_between(const TlsfitDiagnosis *diagnosis, const TlsfitJudged *judged)
{
    if (!diagnosis->from_between || judged->stage == TLSFIT_STAGE_WAY ||
        (judged->rule->on_the_way && judged->weight < TLSFIT_WEIGHT_PROVEN)) {
        return NULL;
    }
    return g_strdup_printf("it was ended by somebody between the two, and not by the %s",
                           diagnosis->side == TLSFIT_CLIENT ? "client" : "server");
}

static char *why_not(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, const TlsfitJudged *judged)
{
    const char *reason = tlsfit_diagnosis_passed(session, judged->stage, judged->finding.place.frame);
    char *excluded;

    if (reason != NULL) {
        return g_strdup(reason);
    }
    excluded = ended_between(diagnosis, judged);
    if (excluded != NULL || judged->stage == TLSFIT_STAGE_WAY) {
        return excluded;
    }
    if (judged->broken != NULL) {
        return contradicts_symptom(judged->broken, diagnosis);
    }
    excluded = ended_by_client(session, diagnosis, judged);
    if (excluded == NULL) {
        excluded = ended_before_device(session, diagnosis, judged);
    }
    if (excluded == NULL && speaks_against(diagnosis, judged)) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)diagnosis->alert);

        excluded = g_strdup_printf("servers do not answer this with the alert %s", name);
    }
    return excluded;
}

static void weigh(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis, TlsfitJudged *judged)
{
    judged->finding.excluded = why_not(session, diagnosis, judged);
    if (judged->broken != NULL) {
        judged->weight += tlsfit_diagnosis_shows(diagnosis, judged->broken) ? SYMPTOM_MATCHES : 0;
        return;
    }
    if (!refused_by_peer(judged->stage) && judged->stage != TLSFIT_STAGE_WAY && ended_by_peer(session, diagnosis)) {
        judged->weight += PEER_ENDED_IT;
    }
    if (diagnosis->outcome == TLSFIT_OUTCOME_ALERT && fits(judged->rule->alerts, diagnosis->alert)) {
        judged->weight += ALERT_FITS;
    }
}

/* Heavier first; then what the device meets first: the stage, the certificate nearest to the end-entity, the rule. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const TlsfitJudged *left = *(TlsfitJudged *const *)a;
    const TlsfitJudged *right = *(TlsfitJudged *const *)b;

    if (left->weight != right->weight) {
        return right->weight - left->weight;
    }
    if (left->stage != right->stage) {
        return (gint)left->stage - (gint)right->stage;
    }
    if (left->finding.cert_index != right->finding.cert_index) {
        return left->finding.cert_index - right->finding.cert_index;
    }
    return tlsfit_rule_index(left->finding.rule) - tlsfit_rule_index(right->finding.rule);
}

static gboolean is_candidate(const TlsfitJudged *judged)
{
    return judged->finding.status >= TLSFIT_SUSPECT && judged->stage != TLSFIT_STAGE_OUTCOME;
}

/* Two reasons against one thing are one candidate; the first one found stands for both. */
static gboolean same_subject(const GPtrArray *candidates, const TlsfitJudged *judged)
{
    for (guint i = 0; i < candidates->len; i++) {
        const TlsfitFinding *other = g_ptr_array_index(candidates, i);

        if (g_str_equal(other->rule, judged->finding.rule) && g_str_equal(other->subject, judged->finding.subject)) {
            return TRUE;
        }
    }
    return FALSE;
}

void tlsfit_diagnosis_rank(TlsfitSession *session, TlsfitDiagnosis *diagnosis)
{
    for (guint i = 0; i < session->findings->len; i++) {
        TlsfitJudged *judged = g_ptr_array_index(session->findings, i);

        if (!is_candidate(judged)) {
            continue;
        }
        weigh(session, diagnosis, judged);
        if (judged->finding.excluded == NULL && !same_subject(diagnosis->candidates, judged)) {
            g_ptr_array_add(diagnosis->candidates, judged);
        }
    }
    g_ptr_array_sort(diagnosis->candidates, compare);
    if (diagnosis->outcome == TLSFIT_OUTCOME_CUT || diagnosis->candidates->len == 0) {
        return; /* nothing failed as far as the capture shows */
    }
    const TlsfitJudged *first = g_ptr_array_steal_index(diagnosis->candidates, 0);

    diagnosis->cause = &first->finding;
    diagnosis->alert_fits =
        diagnosis->outcome == TLSFIT_OUTCOME_ALERT && diagnosis->alert >= 0 &&
        (first->broken != NULL ? first->broken->alert == diagnosis->alert : fits(first->rule->alerts, diagnosis->alert));
}
