/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What came of a case against what it expects.
 *
 * In: the judged session and [expect]. Out: problems, each with both sides. Every key must be there: what nobody wrote
 * down was not tested.
 */
#include "case.h"

static const char *const keys[] = { "outcome",    "side",     "alert_fits", "cause",   "cert_index",
                                    "candidates", "excluded", "findings",   "unknown", "codes", NULL };

static const char *side_name(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? "client" : "server";
}

static int compare_lines(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* Lines in order of the alphabet, joined by "; "; takes the array. */
static char *join(GPtrArray *lines, gboolean sort)
{
    char *text;

    if (sort) {
        g_ptr_array_sort(lines, compare_lines);
    }
    g_ptr_array_add(lines, NULL);
    text = g_strjoinv("; ", (char **)lines->pdata);
    g_ptr_array_unref(lines);
    return text;
}

typedef char *(*LineOf)(const TlsfitFinding *finding);

static char *line_of_finding(const TlsfitFinding *finding)
{
    return finding->status == TLSFIT_UNKNOWN ? NULL
                                             : g_strdup_printf("%s | %s | %s", finding->rule,
                                                               tlsfit_status_name(finding->status), finding->subject);
}

static char *line_of_unknown(const TlsfitFinding *finding)
{
    return finding->status == TLSFIT_UNKNOWN ? g_strdup_printf("%s | %s", finding->rule, finding->subject) : NULL;
}

static char *line_of_excluded(const TlsfitFinding *finding)
{
    return finding->excluded == NULL ? NULL
                                     : g_strdup_printf("%s | %s | %s", finding->rule, finding->subject,
                                                       finding->excluded);
}

static char *line_of_candidate(const TlsfitFinding *finding)
{
    return g_strdup_printf("%s | %s", finding->rule, finding->subject);
}

static char *lines(const GPtrArray *findings, LineOf line_of, gboolean sort)
{
    GPtrArray *result = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; findings != NULL && i < findings->len; i++) {
        char *line = line_of(g_ptr_array_index(findings, i));

        if (line != NULL) {
            g_ptr_array_add(result, line);
        }
    }
    return join(result, sort);
}

/* The vendor's numbers, best first. */
static char *codes(const TlsfitDiagnosis *diagnosis)
{
    GPtrArray *result = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; diagnosis != NULL && i < diagnosis->device_codes->len; i++) {
        const TlsfitDeviceCode *code = g_ptr_array_index(diagnosis->device_codes, i);

        g_ptr_array_add(result, g_strdup(code->code));
    }
    return join(result, FALSE);
}

/* Only a case whose device has numbers of its own must say which of them belong to its end. */
static gboolean is_due(const Case *test, const char *key)
{
    return !g_str_equal(key, "codes") || g_key_file_has_key(test->file, "expect", key, NULL) ||
           g_key_file_has_group(test->file, "device:codes");
}

/* What came out for KEY, in the form in which a case writes it. */
static char *actual(const Case *test, const char *key)
{
    const GPtrArray *findings = tlsfit_session_findings(test->session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(test->session);
    const TlsfitFinding *cause = diagnosis != NULL ? diagnosis->cause : NULL;

    if (g_str_equal(key, "findings")) {
        return lines(findings, line_of_finding, TRUE);
    }
    if (g_str_equal(key, "unknown")) {
        return lines(findings, line_of_unknown, TRUE);
    }
    if (g_str_equal(key, "excluded")) {
        return lines(findings, line_of_excluded, TRUE);
    }
    if (g_str_equal(key, "candidates")) {
        return lines(diagnosis != NULL ? diagnosis->candidates : NULL, line_of_candidate, FALSE);
    }
    if (g_str_equal(key, "codes")) {
        return codes(diagnosis);
    }
    if (g_str_equal(key, "outcome")) {
        return g_strdup(tlsfit_outcome_name(diagnosis != NULL ? diagnosis->outcome : TLSFIT_OUTCOME_OPEN));
    }
    if (g_str_equal(key, "side")) {
        return g_strdup(diagnosis != NULL && diagnosis->has_side ? side_name(diagnosis->side) : "none");
    }
    if (g_str_equal(key, "alert_fits")) {
        return g_strdup(diagnosis != NULL && diagnosis->alert_fits ? "yes" : "no");
    }
    if (g_str_equal(key, "cert_index")) {
        return cause != NULL && cause->cert_index >= 0 ? g_strdup_printf("%d", cause->cert_index) : g_strdup("none");
    }
    return g_strdup(cause != NULL ? cause->rule : "none");
}

static char *expected(const Case *test, const char *key)
{
    const gboolean in_order = g_str_equal(key, "candidates") || g_str_equal(key, "codes");
    g_auto(GStrv) parts = case_list(test, "expect", key);
    GPtrArray *result = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; parts[i] != NULL; i++) {
        g_ptr_array_add(result, g_strdup(parts[i]));
    }
    return join(result, !in_order);
}

static void show_all(Case *test)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(test->session);
    const GPtrArray *findings = tlsfit_session_findings(test->session);

    g_string_append(test->problems, "  what came out, as a case writes it:\n    [expect]\n");
    for (guint i = 0; keys[i] != NULL; i++) {
        if (!is_due(test, keys[i])) {
            continue;
        }
        g_autofree char *value = actual(test, keys[i]);

        g_string_append_printf(test->problems, "    %s =%s%s\n", keys[i], *value != '\0' ? " " : "", value);
    }
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(test->problems, "  %s %s: %s; device: %s\n", finding->rule, finding->subject,
                               finding->observed, finding->limit != NULL ? finding->limit : "-");
    }
    if (diagnosis != NULL) {
        g_string_append_printf(test->problems, "  text: %s\n", diagnosis->text);
    }
}

void case_expect(Case *test)
{
    const gsize before = test->problems->len;
    const char *showing = g_getenv("TLSFIT_CASE_SHOW");
    g_auto(GStrv) given = g_key_file_get_keys(test->file, "expect", NULL, NULL);

    for (guint i = 0; keys[i] != NULL; i++) {
        if (!is_due(test, keys[i])) {
            continue;
        }
        if (!g_key_file_has_key(test->file, "expect", keys[i], NULL)) {
            case_problem(test, "[expect] has no %s", keys[i]);
            continue;
        }
        g_autofree char *wanted = expected(test, keys[i]);
        g_autofree char *came = actual(test, keys[i]);

        if (!g_str_equal(wanted, came)) {
            case_problem(test, "%s\n    expected: %s\n    came out: %s", keys[i], wanted, came);
        }
    }
    for (guint i = 0; given != NULL && given[i] != NULL; i++) {
        if (!g_strv_contains(keys, given[i])) {
            case_problem(test, "[expect] has the key \"%s\", which means nothing", given[i]);
        }
    }
    if (test->problems->len > before || showing != NULL) {
        show_all(test);
    }
}

/* Does one of the findings of the rule have this status? */
static gboolean shows(const Case *test, const char *status)
{
    const GPtrArray *findings = tlsfit_session_findings(test->session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (g_str_equal(finding->rule, test->rule) &&
            (status == NULL || g_str_equal(tlsfit_status_name(finding->status), status))) {
            return TRUE;
        }
    }
    return FALSE;
}

void case_kind(Case *test, const char *kind)
{
    if (g_str_equal(kind, "ok") || g_str_equal(kind, "silent")) {
        if (shows(test, NULL)) {
            case_problem(test, "the case is to show that %s says nothing, and it does", test->rule);
        }
    } else if (!shows(test, kind)) {
        case_problem(test, "the case is to show %s of %s, and does not", kind, test->rule);
    }
}
