/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of every judged session. In: a session. Out: the first contradiction, in words. Knows no particular rule.
 */
#include "invariants.h"

#include <string.h>

/* The reserved values of RFC 8701 in the form in which code points without a name are written: 0x0A0A to 0xFAFA. */
static gboolean mentions_grease(const char *text)
{
    for (const char *at = text; at != NULL && (at = strstr(at, "0x")) != NULL; at += 2) {
        if (g_ascii_isxdigit(at[2]) && at[2] == at[4] && g_ascii_toupper(at[3]) == 'A' &&
            g_ascii_toupper(at[5]) == 'A' && !g_ascii_isxdigit(at[6])) {
            return TRUE;
        }
    }
    return FALSE;
}

static const char *broken_text(const TlsfitFinding *finding)
{
    if (finding->subject == NULL || *finding->subject == '\0' || finding->observed == NULL ||
        *finding->observed == '\0') {
        return "has no subject or no observation";
    }
    if (mentions_grease(finding->observed) || mentions_grease(finding->limit)) {
        return "mentions a GREASE value";
    }
    if (!g_utf8_validate(finding->observed, -1, NULL) || strstr(finding->observed, "(null)") != NULL) {
        return "has an observation that is no text";
    }
    return NULL;
}

static const char *broken_finding(const TlsfitFinding *finding)
{
    if (finding->status == TLSFIT_OK) {
        return "has the status ok";
    }
    if (tlsfit_rule_index(finding->rule) < 0) {
        return "is of no rule";
    }
    if (finding->cert_index < -1 || finding->cert_index >= (int)TLSFIT_CERTIFICATES_MAX) {
        return "is about a certificate that cannot be";
    }
    if (finding->known_frame != 0 && finding->known_frame < finding->place.frame) {
        return "was known before its frame";
    }
    if (finding->status >= TLSFIT_SUSPECT && finding->limit != NULL && finding->source == NULL) {
        return "has a limit without a source";
    }
    return broken_text(finding);
}

static const char *broken_diagnosis(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    const gboolean completed =
        diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED;
    g_autofree char *unknowns = tlsfit_session_unknowns(session);

    if (diagnosis->outcome == TLSFIT_OUTCOME_OPEN) {
        return "a diagnosis of what is still open";
    }
    if (diagnosis->cause != NULL && diagnosis->cause->excluded != NULL) {
        return "the cause is excluded";
    }
    if (diagnosis->cause != NULL && diagnosis->cause->status < TLSFIT_SUSPECT) {
        return "the cause is no limit";
    }
    if (completed && (diagnosis->cause != NULL || unknowns != NULL)) {
        return "a handshake that completed has a cause or something unknown";
    }
    for (guint i = 0; i < diagnosis->candidates->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(diagnosis->candidates, i);

        if (finding == diagnosis->cause || finding->excluded != NULL) {
            return "a candidate is the cause or excluded";
        }
    }
    return diagnosis->text == NULL || mentions_grease(diagnosis->text) ? "the text is missing or mentions GREASE" : NULL;
}

char *invariants_broken(const TlsfitSession *session)
{
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const char *broken;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        broken = broken_finding(finding);
        if (broken != NULL) {
            return g_strdup_printf("the finding %s about %s %s: %s", finding->rule, finding->subject, broken,
                                   finding->observed);
        }
    }
    broken = diagnosis != NULL ? broken_diagnosis(session, diagnosis) : NULL;
    return g_strdup(broken);
}
