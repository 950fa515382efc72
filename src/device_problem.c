/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong in a profile, and which known word may have been meant. Prints nothing: the messages are collected.
 */
#include "device.h"

#include <string.h>

/* Words longer than this are no typing mistakes of ours, and comparing them would cost their length squared. */
#define SPELLING_BYTES_MAX 64u
#define SPELLING_NEAR_MAX 3u

void tlsfit_problem_free(TlsfitProblem *problem)
{
    g_free(problem->file);
    g_free(problem->message);
    g_free(problem);
}

void tlsfit_problem_add(GPtrArray *problems, const char *file, guint line, const char *format, ...)
{
    TlsfitProblem *problem = g_new0(TlsfitProblem, 1);
    va_list arguments;

    problem->file = g_strdup(file);
    problem->line = line;
    va_start(arguments, format);
    problem->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    /* A message quotes the profile, which may hold anything: it stays one line and cannot steer a terminal. */
    for (char *p = problem->message; *p != '\0'; p++) {
        if (g_ascii_iscntrl(*p))
            *p = '?';
    }
    g_ptr_array_add(problems, problem);
}

void tlsfit_problem_no_rule(TlsfitCompile *compile, const TlsfitRawEntry *entry, const char *name)
{
    g_autoptr(GPtrArray) rules = g_ptr_array_new();

    for (guint i = 0; i < tlsfit_rule_count(); i++)
        g_ptr_array_add(rules, (gpointer)tlsfit_rule_text(i)->id);
    g_autofree char *near = tlsfit_spelling_near(name, rules);
    tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "there is no rule \"%s\"%s%s%s", name,
                       near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

/* Levenshtein's distance, row by row. Both texts are short. */
static guint spelling_distance(const char *a, const char *b)
{
    guint row[SPELLING_BYTES_MAX + 1];
    guint length = (guint)strlen(b);

    for (guint j = 0; j <= length; j++)
        row[j] = j;
    for (guint i = 0; a[i] != '\0'; i++) {
        guint diagonal = row[0];

        row[0] = i + 1;
        for (guint j = 1; j <= length; j++) {
            guint replaced = diagonal + (g_ascii_tolower(a[i]) != g_ascii_tolower(b[j - 1]) ? 1 : 0);
            diagonal = row[j];
            row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[length];
}

/* How far CANDIDATE is from TEXT; G_MAXUINT where it is not near. A part of the name is near, after what is similar. */
static guint spelling_rank(const char *text, const char *candidate)
{
    guint length = (guint)strlen(text);

    if (length == 0 || length > SPELLING_BYTES_MAX || strlen(candidate) > SPELLING_BYTES_MAX)
        return G_MAXUINT;
    guint distance = spelling_distance(text, candidate);
    if (distance <= MAX(1, length / 3))
        return distance;
    return length >= 3 && strstr(candidate, text) != NULL ? SPELLING_BYTES_MAX + distance : G_MAXUINT;
}

char *tlsfit_spelling_near(const char *text, const GPtrArray *candidates)
{
    const char *near[SPELLING_NEAR_MAX + 1] = {NULL};
    guint rank[SPELLING_NEAR_MAX];
    guint count = 0;

    for (guint i = 0; i < candidates->len; i++) {
        const char *candidate = g_ptr_array_index(candidates, i);
        guint own = spelling_rank(text, candidate);
        guint at = count;

        if (own == G_MAXUINT)
            continue;
        while (at > 0 && rank[at - 1] > own)
            at--;
        if (at == SPELLING_NEAR_MAX)
            continue;
        for (guint j = MIN(count, SPELLING_NEAR_MAX - 1); j > at; j--) {
            near[j] = near[j - 1];
            rank[j] = rank[j - 1];
        }
        near[at] = candidate;
        rank[at] = own;
        count = MIN(count + 1, SPELLING_NEAR_MAX);
    }
    return count > 0 ? g_strjoinv(", ", (char **)near) : NULL;
}
