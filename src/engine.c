/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the rules over a session: each at the moments it names, once, and a second time after a failure for what
 * could not be judged.
 *
 * In: facts, a view. Out: findings and a diagnosis in the session. A handshake that completes is judged for `cannot`
 * only: nothing stays unknown about what just worked.
 */
#include "remedy.h"

static guint bit(TlsfitMoment moment)
{
    return 1u << moment;
}

static void select_device(TlsfitSession *session, const TlsfitView *view)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];

    session->advertised = view->device == NULL;
    session->device = view->device != NULL ? tlsfit_device_ref(view->device) : tlsfit_advertised_device(hello);
    session->device_source = view->device_source;
    session->device_side = tlsfit_device_role(session->device);
    session->peer = view->peer != NULL ? tlsfit_device_ref(view->peer) : NULL;
    session->stall_ms = view->stall_ms;
}

/* Which moments have come true by the facts, whether judged or not. */
static guint moments_reached(const TlsfitSession *session)
{
    const gboolean client = session->device_side == TLSFIT_CLIENT;
    TlsfitMessage *const *slots = session->slots;
    guint reached = bit(TLSFIT_MOMENT_SIZES);

    reached |= slots[TLSFIT_SLOT_CLIENT_HELLO] != NULL ? bit(TLSFIT_MOMENT_CLIENT_HELLO) : 0;
    reached |= slots[TLSFIT_SLOT_RETRY_REQUEST] != NULL ? bit(TLSFIT_MOMENT_RETRY_REQUEST) : 0;
    reached |= slots[TLSFIT_SLOT_SERVER_HELLO] != NULL ? bit(TLSFIT_MOMENT_SERVER_HELLO) : 0;
    reached |= slots[client ? TLSFIT_SLOT_SERVER_CERTIFICATE : TLSFIT_SLOT_CLIENT_CERTIFICATE] != NULL
                   ? bit(TLSFIT_MOMENT_CHAIN)
                   : 0;
    reached |= slots[TLSFIT_SLOT_KEY_EXCHANGE] != NULL ||
                       slots[client ? TLSFIT_SLOT_SERVER_VERIFY : TLSFIT_SLOT_CLIENT_VERIFY] != NULL
                   ? bit(TLSFIT_MOMENT_KEY_EXCHANGE)
                   : 0;
    reached |= slots[TLSFIT_SLOT_CERTIFICATE_REQUEST] != NULL ? bit(TLSFIT_MOMENT_REQUEST) : 0;
    return reached;
}

/* A device that verifies no certificate is not stopped by one. */
static gboolean verifies(const TlsfitJudge *judge)
{
    return g_strcmp0(tlsfit_device_feature(judge->device, TLSFIT_FEATURE_verifies_certificates, NULL), "no") != 0;
}

static gboolean applies(const TlsfitJudge *judge, const TlsfitRule *rule)
{
    if (rule->client_only && judge->side != TLSFIT_CLIENT) {
        return FALSE;
    }
    return rule->stage != TLSFIT_STAGE_CHAIN || verifies(judge);
}

/* The rules of each moment, in the order of rules.def: most rules have one moment, and every handshake asks for all. */
static const GPtrArray *rules_of(TlsfitMoment moment)
{
    static GPtrArray *lists[TLSFIT_MOMENT_COUNT];

    if (lists[moment] == NULL) {
        lists[moment] = g_ptr_array_new();
        for (guint i = 0; i < tlsfit_rule_count(); i++) {
            if ((tlsfit_rule_at(i)->moments & bit(moment)) != 0) {
                g_ptr_array_add(lists[moment], (gpointer)tlsfit_rule_at(i));
            }
        }
    }
    return lists[moment];
}

static void run(TlsfitJudge *judge, TlsfitMoment moment)
{
    const GPtrArray *rules = rules_of(moment);

    judge->moment = moment;
    for (guint i = 0; i < rules->len; i++) {
        judge->rule = g_ptr_array_index(rules, i);
        if (applies(judge, judge->rule)) {
            judge->rule->judge(judge);
        }
    }
}

/* Runs what has become due. What a ClientHello advertises is a hint and not a limit (real stacks accept more than
 * they offer), so nothing is held against an advertised device before its handshake has failed. */
static void run_due(TlsfitJudge *judge, guint reached)
{
    TlsfitSession *session = judge->session;
    const guint due = reached & ~session->judged;
    const guint messages = session->sizes != NULL ? session->sizes->len : 0;
    const guint records = session->records != NULL ? session->records->len : 0;

    for (TlsfitMoment moment = 0; moment < TLSFIT_MOMENT_SIZES; moment++) {
        if ((due & bit(moment)) != 0) {
            run(judge, moment);
        }
    }
    if (session->judged_sizes < messages || session->judged_records < records) {
        judge->first_size = session->judged_sizes;
        judge->first_record = session->judged_records;
        session->judged_sizes = messages;
        session->judged_records = records;
        run(judge, TLSFIT_MOMENT_SIZES);
    }
    session->judged |= reached & ~bit(TLSFIT_MOMENT_SIZES);
}

/* The second look: what the profile or the capture leaves open. */
static void run_unknown(TlsfitJudge *judge, guint reached)
{
    judge->unknown_only = TRUE;
    judge->first_size = judge->first_record = 0;
    for (TlsfitMoment moment = 0; moment < TLSFIT_MOMENT_OUTCOME; moment++) {
        if ((reached & bit(moment)) != 0) {
            run(judge, moment);
        }
    }
    judge->unknown_only = FALSE;
}

static void run_failed(TlsfitJudge *judge, guint reached)
{
    TlsfitSession *session = judge->session;

    if (session->advertised) {
        run_due(judge, reached);
    }
    if (session->slots[TLSFIT_SLOT_SERVER_HELLO] == NULL && session->diagnosis->outcome != TLSFIT_OUTCOME_CUT) {
        if (session->slots[TLSFIT_SLOT_RETRY_REQUEST] == NULL) {
            reached |= bit(TLSFIT_MOMENT_NO_ANSWER);
            run(judge, TLSFIT_MOMENT_NO_ANSWER);
        }
        reached |= bit(TLSFIT_MOMENT_NO_SERVER_HELLO);
        run(judge, TLSFIT_MOMENT_NO_SERVER_HELLO);
    }
    run(judge, TLSFIT_MOMENT_FAILED);
    run_unknown(judge, reached | bit(TLSFIT_MOMENT_FAILED));
    tlsfit_diagnosis_rank(session, session->diagnosis);
    tlsfit_diagnosis_find_codes(session, session->diagnosis);
    tlsfit_remedy_announce(session);
    run(judge, TLSFIT_MOMENT_OUTCOME);
    tlsfit_diagnosis_describe(session, session->diagnosis);
}

static void run_over(TlsfitJudge *judge, guint reached)
{
    TlsfitSession *session = judge->session;

    session->diagnosis = tlsfit_diagnosis_new(session, session->stall_ms);
    if (session->diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED ||
        session->diagnosis->outcome == TLSFIT_OUTCOME_RESUMED) {
        run(judge, TLSFIT_MOMENT_COMPLETED);
        tlsfit_diagnosis_describe(session, session->diagnosis);
    } else {
        run_failed(judge, reached);
    }
    session->judged |= bit(TLSFIT_MOMENT_OUTCOME);
}

void tlsfit_session_judge(TlsfitSession *session, const TlsfitView *view, guint32 frame)
{
    TlsfitChainUse use = { .chain = NULL };
    TlsfitJudge judge = { .session = session, .frame = frame, .was_there = TRUE, .use = &use };
    guint reached;

    if (!tlsfit_session_started(session) || (session->judged & bit(TLSFIT_MOMENT_OUTCOME)) != 0) {
        return;
    }
    if (session->device == NULL) {
        if (view->device == NULL && !tlsfit_session_over(session) && !session->capture_ended) {
            return; /* advertised: nothing to say before the end */
        }
        select_device(session, view);
    }
    judge.device = session->device;
    judge.peer = session->peer;
    judge.side = session->device_side;
    reached = moments_reached(session);
    if (!session->advertised) {
        run_due(&judge, reached);
    }
    if (tlsfit_session_over(session) || session->capture_ended) {
        run_over(&judge, reached);
    }
}

/* Judges the facts as they are, without an end, and what stays unknown about them. */
static void judge_facts(TlsfitSession *session, const TlsfitView *view, guint without)
{
    TlsfitChainUse use = { .chain = NULL };
    TlsfitJudge judge = { .session = session, .use = &use };
    guint reached;

    tlsfit_session_reset_judgement(session);
    select_device(session, view);
    judge.device = session->device;
    judge.peer = session->peer;
    judge.side = session->device_side;
    reached = moments_reached(session) & ~without;
    run_due(&judge, reached);
    run_unknown(&judge, reached);
}

void tlsfit_session_judge_dry(TlsfitSession *session, const TlsfitView *view)
{
    judge_facts(session, view, 0);
    tlsfit_remedy_dry(session);
}

gboolean tlsfit_session_judge_other(TlsfitSession *session, const TlsfitView *view)
{
    judge_facts(session, view, bit(TLSFIT_MOMENT_CLIENT_HELLO));
    tlsfit_findings_for_other(session->findings);
    tlsfit_remedy_dry(session);
    return (moments_reached(session) & bit(TLSFIT_MOMENT_CHAIN)) != 0;
}

void tlsfit_session_reset_judgement(TlsfitSession *session)
{
    g_ptr_array_set_size(session->findings, 0);
    g_clear_pointer(&session->diagnosis, tlsfit_diagnosis_free);
    g_clear_pointer(&session->device, tlsfit_device_unref);
    g_clear_pointer(&session->peer, tlsfit_device_unref);
    g_clear_pointer(&session->certain_since, g_hash_table_unref);
    session->judged = 0;
    session->judged_sizes = session->judged_records = 0;
}

const GPtrArray *tlsfit_session_findings(const TlsfitSession *session)
{
    return session->findings;
}

const TlsfitDiagnosis *tlsfit_session_diagnosis(const TlsfitSession *session)
{
    return session->diagnosis;
}

const TlsfitDevice *tlsfit_session_device(const TlsfitSession *session)
{
    return session->device;
}

const char *tlsfit_session_device_source(const TlsfitSession *session)
{
    return session->device_source;
}

TlsfitSide tlsfit_session_device_side(const TlsfitSession *session)
{
    return session->device_side;
}

TlsfitStatus tlsfit_session_status(const TlsfitSession *session)
{
    TlsfitStatus worst = TLSFIT_OK;

    for (guint i = 0; i < session->findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(session->findings, i);

        worst = MAX(worst, finding->status);
    }
    return worst;
}
