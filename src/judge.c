/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a rule reports: verdicts and facts become findings, with the texts of the rule and the device.
 *
 * In: what a rule says of one subject. Out: entries of TlsfitSession.findings. Decides nothing about devices.
 */
#include "remedy.h"
#include "tlsfit_text.h"

void tlsfit_finding_free(gpointer data)
{
    TlsfitJudged *judged = data;

    g_free(judged->finding.subject);
    g_free(judged->finding.observed);
    g_free(judged->finding.limit);
    g_free(judged->finding.fix_device);
    g_free(judged->finding.excluded);
    g_free(judged->fix_server);
    tlsfit_remedy_free(judged->remedy);
    if (judged->own_source != NULL) {
        g_free(judged->own_source->where);
        g_free(judged->own_source->what);
        g_free(judged->own_source->date);
        g_free(judged->own_source);
    }
    g_free(judged);
}

static int weight_of(TlsfitStatus status)
{
    switch (status) {
    case TLSFIT_CANNOT:
    case TLSFIT_BROKEN:
        return TLSFIT_WEIGHT_CANNOT;
    case TLSFIT_SUSPECT:
        return TLSFIT_WEIGHT_SUSPECT;
    case TLSFIT_OK:
    case TLSFIT_UNKNOWN:
        break;
    }
    return 0;
}

/* Once something was said of a subject by this rule, that another of its limits is not known adds nothing. */
static gboolean told(const TlsfitJudge *judge, const TlsfitSubject *subject)
{
    const GPtrArray *findings = judge->session->findings;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->rule == judge->rule->text.id && finding->place.frame == subject->place.frame &&
            finding->cert_index == subject->cert_index && g_str_has_prefix(finding->subject, subject->name)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The second look after a failure wants nothing but the unknown, the first one everything else. What the device has
 * left behind is not open any more. */
static gboolean wanted(const TlsfitJudge *judge, const TlsfitSubject *subject, TlsfitStatus status)
{
    if (status == TLSFIT_OK || (status == TLSFIT_UNKNOWN) != judge->unknown_only) {
        return FALSE;
    }
    return status != TLSFIT_UNKNOWN ||
           (!told(judge, subject) &&
            (!judge->was_there ||
             tlsfit_diagnosis_passed(judge->session, judge->rule->stage, subject->place.frame) == NULL));
}

/* Takes OBSERVED, which may name what stands in the capture. */
static TlsfitJudged *add(TlsfitJudge *judge, const TlsfitSubject *subject, TlsfitStatus status, char *observed)
{
    g_autofree char *raw = observed;
    TlsfitJudged *judged = g_new0(TlsfitJudged, 1);
    TlsfitFinding *finding = &judged->finding;
    const char *device_fix = tlsfit_device_fix(judge->device, judge->rule->text.id);

    judged->rule = judge->rule;
    judged->stage = judge->rule->stage;
    judged->weight = weight_of(status);
    finding->rule = judge->rule->text.id;
    finding->status = status;
    finding->cert_index = subject->cert_index;
    finding->subject = subject->cert_index >= 0 ? g_strdup_printf("%s[%d]", subject->name, subject->cert_index)
                                                : g_strdup(subject->name);
    finding->place = subject->place;
    finding->known_frame = tlsfit_session_certain_since(judge->session, finding, judge->frame);
    finding->observed = tlsfit_clean(raw);
    finding->why = judge->rule->text.why;
    finding->spec = judge->rule->text.spec;
    judged->fix_server = g_strdup(judge->rule->text.fix_server);
    finding->fix_device = g_strdup(device_fix != NULL ? device_fix : judge->rule->text.fix_device);
    g_ptr_array_add(judge->session->findings, judged);
    return judged;
}

TlsfitJudged *tlsfit_judge_verdict(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitVerdict *verdict,
                                   const char *observed, ...)
{
    TlsfitJudged *judged;
    va_list arguments;

    if (!wanted(judge, subject, verdict->status)) {
        return NULL;
    }
    va_start(arguments, observed);
    judged = add(judge, subject, verdict->status, g_strdup_vprintf(observed, arguments));
    va_end(arguments);
    judged->finding.limit = g_strdup(verdict->limit);
    judged->finding.source = verdict->source;
    return judged;
}

TlsfitJudged *tlsfit_judge_fact(TlsfitJudge *judge, const TlsfitSubject *subject, TlsfitStatus status,
                                const char *where, const char *limit, const char *observed, ...)
{
    TlsfitJudged *judged;
    va_list arguments;

    if (!wanted(judge, subject, status)) {
        return NULL;
    }
    va_start(arguments, observed);
    judged = add(judge, subject, status, g_strdup_vprintf(observed, arguments));
    va_end(arguments);
    judged->finding.limit = g_strdup(limit);
    if (where != NULL) {
        judged->own_source = g_new0(TlsfitSource, 1);
        judged->own_source->confidence = status == TLSFIT_SUSPECT ? TLSFIT_INFERRED : TLSFIT_OBSERVED;
        judged->own_source->where = g_strdup(where);
        judged->finding.source = judged->own_source;
    }
    return judged;
}

TlsfitVerdict tlsfit_judge_feature(const TlsfitDevice *device, TlsfitFeature feature, const char *refuses,
                                   const char *limit)
{
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, NULL };
    const char *word = tlsfit_device_feature(device, feature, &verdict.source);

    if (word == NULL) {
        return verdict;
    }
    verdict.status = TLSFIT_OK;
    if (g_str_equal(word, refuses)) {
        verdict.status = verdict.source->confidence <= TLSFIT_OBSERVED ? TLSFIT_CANNOT : TLSFIT_SUSPECT;
        verdict.limit = g_strdup(limit);
    }
    return verdict;
}

gboolean tlsfit_judge_told(const TlsfitJudge *judge, const char *name)
{
    const GPtrArray *findings = judge->session->findings;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->rule == judge->rule->text.id && finding->status != TLSFIT_UNKNOWN &&
            g_str_equal(finding->subject, name)) {
            return TRUE;
        }
    }
    return FALSE;
}

void tlsfit_judge_outcome(TlsfitJudge *judge, const TlsfitSubject *subject)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const TlsfitFinding *cause = diagnosis->cause;
    TlsfitJudged *judged;

    judged = add(judge, subject, cause != NULL ? cause->status : TLSFIT_UNKNOWN,
                 tlsfit_diagnosis_outcome_text(judge->session, diagnosis));
    if (cause != NULL) {
        judged->fixed_by = cause;
        tlsfit_judged_fix_device(judged, g_strdup(cause->fix_device));
    }
}

void tlsfit_judged_prove(TlsfitJudged *judged)
{
    if (judged != NULL && judged->finding.status != TLSFIT_UNKNOWN) {
        judged->weight = TLSFIT_WEIGHT_PROVEN;
    }
}

void tlsfit_judged_fix_server(TlsfitJudged *judged, char *text)
{
    g_free(judged->fix_server);
    judged->fix_server = text;
}

void tlsfit_judged_fix_device(TlsfitJudged *judged, char *text)
{
    g_free(judged->finding.fix_device);
    judged->finding.fix_device = text;
}

/* The device stopped here: nothing shows that it went on, and the other side did not end it by itself. */
static gboolean failed_here(const TlsfitJudge *judge, guint32 frame)
{
    return judge->moment == TLSFIT_MOMENT_FAILED && !judge->unknown_only &&
           tlsfit_diagnosis_stopped(judge->session, judge->rule->stage, frame);
}

TlsfitJudged *tlsfit_judge_violation(TlsfitJudge *judge, const TlsfitSubject *subject,
                                     const TlsfitViolation *violation, const char *observed, ...)
{
    TlsfitVerdict verdict = { TLSFIT_UNKNOWN, NULL, (char *)violation->limit };
    const char *word = violation->feature < TLSFIT_FEATURE_COUNT
                           ? tlsfit_device_feature(judge->device, violation->feature, &verdict.source)
                           : NULL;
    const gboolean refuses = word != NULL && g_str_equal(word, violation->refuses);
    TlsfitJudged *judged;
    va_list arguments;

    if (word != NULL && !refuses && !g_str_equal(word, "optional")) {
        return NULL;
    }
    va_start(arguments, observed);
    g_autofree char *text = g_strdup_vprintf(observed, arguments);
    va_end(arguments);

    if (refuses) {
        verdict.status = verdict.source->confidence <= TLSFIT_OBSERVED ? TLSFIT_CANNOT : TLSFIT_SUSPECT;
        return judge->moment == TLSFIT_MOMENT_FAILED ? NULL
                                                     : tlsfit_judge_verdict(judge, subject, &verdict, "%s", text);
    }
    if (!failed_here(judge, subject->place.frame)) {
        verdict.limit = NULL;
        return tlsfit_judge_verdict(judge, subject, &verdict, "%s", text);
    }
    verdict.status = TLSFIT_SUSPECT;
    judged = word != NULL ? tlsfit_judge_verdict(judge, subject, &verdict, "%s", text)
                          : tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT, violation->where, violation->limit, "%s",
                                              text);
    if (judged != NULL) {
        judged->weight = violation->weight;
    }
    return judged;
}

gboolean tlsfit_judge_alert_is(const TlsfitJudge *judge, int number)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;

    return diagnosis != NULL && diagnosis->outcome == TLSFIT_OUTCOME_ALERT && diagnosis->side == judge->side &&
           diagnosis->alert == number;
}

const TlsfitDevice *tlsfit_judge_answerer(const TlsfitJudge *judge)
{
    return judge->side == TLSFIT_SERVER ? judge->device : judge->peer;
}
