/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Combinations that the device offers and negotiates, and then fails.
 */
#include "engine.h"

typedef enum { NO, YES, OPEN } Match;

static Match match_code(const GArray *wanted, guint code, gboolean known)
{
    if (wanted->len == 0) {
        return YES;
    }
    if (!known) {
        return OPEN;
    }
    for (guint i = 0; i < wanted->len; i++) {
        if (g_array_index(wanted, guint16, i) == code) {
            return YES;
        }
    }
    return NO;
}

static Match match(const TlsfitJudge *judge, const TlsfitBroken *broken)
{
    const TlsfitSession *session = judge->session;
    const TlsfitCertificate *leaf =
        tlsfit_session_end_entity(session, judge->side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT);
    const TlsfitSuite *suite = tlsfit_suite(tlsfit_session_suite(session));
    TlsfitPlace place;
    const guint group = tlsfit_session_group(session, &place);
    const guint scheme = tlsfit_session_scheme(session, &place);
    const Match matches[] = {
        match_code(broken->versions, tlsfit_session_version(session), tlsfit_session_version(session) != 0),
        match_code(broken->cipher_suites, tlsfit_session_suite(session), suite->name != NULL),
        match_code(broken->groups, group, group != 0),
        match_code(broken->signature_schemes, scheme, scheme != 0),
        match_code(broken->key_types, leaf != NULL ? leaf->key_type : 0, leaf != NULL && leaf->readable),
    };
    Match result = YES;

    for (guint i = 0; i < G_N_ELEMENTS(matches); i++) {
        if (matches[i] == NO) {
            return NO;
        }
        result = matches[i] == OPEN ? OPEN : result;
    }
    return result;
}

static gboolean reported(const TlsfitJudge *judge, const TlsfitBroken *broken)
{
    const GPtrArray *findings = judge->session->findings;

    for (guint i = 0; i < findings->len; i++) {
        if (((const TlsfitJudged *)g_ptr_array_index(findings, i))->broken == broken) {
            return TRUE;
        }
    }
    return FALSE;
}

static char *symptom(const TlsfitBroken *broken, const TlsfitJudge *judge)
{
    if (broken->stalls) {
        return g_strdup("negotiates it and then goes silent");
    }
    if (broken->alert < 0) {
        return g_strdup("negotiates it and then fails");
    }
    g_autofree char *alert = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)broken->alert);

    g_autofree char *condition = broken->depends_on != NULL ? g_strdup_printf(" if %s", broken->depends_on) : g_strdup("");

    return g_strdup_printf("negotiates it, and%s then %s sends %s%s%s", condition,
                           broken->alert_from == judge->side ? "it" : "the other side", alert,
                           broken->note != NULL ? ": " : "", broken->note != NULL ? broken->note : "");
}

static void report(TlsfitJudge *judge, const TlsfitBroken *broken, TlsfitStatus status)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const gboolean by_suite = broken->cipher_suites->len > 0;
    const TlsfitSubject subject = { by_suite ? "server_hello.cipher_suite" : "server_hello.version", -1,
                                    by_suite                  ? hello->cipher_suites.place
                                    : hello->versions.present ? hello->versions.place
                                                              : hello->version_place };
    g_autofree char *suite = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, tlsfit_session_suite(judge->session));
    g_autofree char *version = tlsfit_name_or_number(TLSFIT_NAME_VERSION, tlsfit_session_version(judge->session));
    g_auto(TlsfitVerdict) verdict = { status, broken->source, symptom(broken, judge) };
    TlsfitJudged *judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the server chose %s with %s", version, suite);

    if (judged == NULL) {
        return;
    }
    judged->broken = broken;
    if (broken->fix_server != NULL) {
        tlsfit_judged_fix_server(judged, g_strdup(broken->fix_server));
    }
    if (broken->fix_device != NULL) {
        tlsfit_judged_fix_device(judged, g_strdup(broken->fix_device));
    }
}

/* What depends on something that no capture shows is worth a word only after the handshake failed in that very way. */
static gboolean due(const TlsfitJudge *judge, const TlsfitBroken *broken)
{
    if (broken->depends_on == NULL) {
        return judge->moment != TLSFIT_MOMENT_FAILED;
    }
    return judge->moment == TLSFIT_MOMENT_FAILED &&
           tlsfit_diagnosis_shows(judge->session->diagnosis, broken);
}

static void judge_broken_combination(TlsfitJudge *judge)
{
    const GPtrArray *combinations = tlsfit_device_broken(judge->device);

    if (judge->session->slots[TLSFIT_SLOT_SERVER_HELLO] == NULL) {
        return;
    }
    for (guint i = 0; i < combinations->len; i++) {
        const TlsfitBroken *broken = g_ptr_array_index(combinations, i);
        const Match found = match(judge, broken);
        const gboolean sure = broken->source->confidence <= TLSFIT_OBSERVED;

        if (found == NO || reported(judge, broken) || !due(judge, broken)) {
            continue;
        }
        report(judge, broken,
               found == OPEN                               ? TLSFIT_UNKNOWN
               : sure && broken->depends_on == NULL ? TLSFIT_BROKEN
                                                           : TLSFIT_SUSPECT);
    }
}

const TlsfitRule tlsfit_rule_broken_combination = {
    .text = {
        .id = "broken_combination",
        .title = "A combination that the device offers and cannot carry through",
        .why = "Some devices negotiate a version or suite that their firmware then computes wrongly: the "
               "handshake breaks where the new keys are first used, with the Finished message or the first "
               "encrypted record. The ClientHello does not show it.",
        .cannot_know = "Whether the device's firmware has been mended since the profile was written.",
        .fix_server = "Let the server pick another version or suite that the device offers and that works.",
        .fix_device = "Update the firmware, or take the combination out of what the device offers.",
        .spec = "RFC 5246, 7.4.9; RFC 8446, 4.4.4",
    },
    .stage = TLSFIT_STAGE_FINISHED,
    .moments = 1u << TLSFIT_MOMENT_SERVER_HELLO | 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_KEY_EXCHANGE |
               1u << TLSFIT_MOMENT_FAILED,
    .judge = judge_broken_combination,
};
