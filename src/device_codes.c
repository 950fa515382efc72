/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vendor's own error numbers: the lines of [codes], and the sections [code NUMBER] that say with what a number is
 * seen.
 *
 * In: a merged profile. Out: device->codes. A number without such a section stays in the profile for people and is
 * matched to nothing: which number belongs to an outcome is diagnosis_codes.c's question.
 */
#include "device.h"

#include <string.h>

#define PREFIX "code "

static const char *const code_keys[] = { "rules", "alerts", "outcomes", NULL };

const char *const *tlsfit_code_keys(void) { return code_keys; }

gboolean tlsfit_section_is_code(const char *name)
{
    return g_str_has_prefix(name, PREFIX);
}

void tlsfit_device_code_free(TlsfitDeviceCode *code)
{
    g_free(code->code);
    g_free(code->text);
    g_strfreev(code->rules);
    g_array_unref(code->alerts);
    g_free(code);
}

const GPtrArray *tlsfit_device_codes(const TlsfitDevice *device) { return device->codes; }

static TlsfitDeviceCode *find(const GPtrArray *codes, const char *number)
{
    for (guint i = 0; i < codes->len; i++) {
        TlsfitDeviceCode *code = g_ptr_array_index(codes, i);

        if (strcmp(code->code, number) == 0)
            return code;
    }
    return NULL;
}

static void compile_rules(TlsfitCompile *compile, const TlsfitRawEntry *entry, TlsfitDeviceCode *code)
{
    code->rules = tlsfit_list_split(entry->value);
    for (guint i = 0; code->rules[i] != NULL; i++) {
        if (tlsfit_rule_index(code->rules[i]) < 0)
            tlsfit_problem_no_rule(compile, entry, code->rules[i]);
    }
}

/* `bad_certificate from client`, or `any from server`. */
static gboolean parse_alert(const char *text, TlsfitDeviceAlert *alert)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint number = 0;

    if (g_strv_length(words) != 3 || strcmp(words[1], "from") != 0 ||
        (strcmp(words[2], "client") != 0 && strcmp(words[2], "server") != 0))
        return FALSE;
    alert->from = strcmp(words[2], "client") == 0 ? TLSFIT_CLIENT : TLSFIT_SERVER;
    alert->number = -1;
    if (strcmp(words[0], "any") == 0)
        return TRUE;
    if (!tlsfit_code_parse(TLSFIT_NAME_ALERT, words[0], &number) || number > G_MAXUINT8)
        return FALSE;
    alert->number = (int)number;
    return TRUE;
}

static void compile_alerts(TlsfitCompile *compile, const TlsfitRawEntry *entry, TlsfitDeviceCode *code)
{
    g_auto(GStrv) parts = tlsfit_list_split(entry->value);

    for (guint i = 0; parts[i] != NULL; i++) {
        TlsfitDeviceAlert alert = { -1, TLSFIT_CLIENT };

        if (parse_alert(parts[i], &alert))
            g_array_append_val(code->alerts, alert);
        else
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                               "alerts are named with their sender (bad_certificate from client, any from server); "
                               "not \"%s\"", parts[i]);
    }
}

/* The outcomes in which something failed; and `failed` for all of them. */
static guint parse_outcomes(const char *name)
{
    static const TlsfitOutcome failures[] = { TLSFIT_OUTCOME_ALERT, TLSFIT_OUTCOME_STALLED, TLSFIT_OUTCOME_RESET,
                                              TLSFIT_OUTCOME_CLOSED };
    guint outcomes = 0;

    for (guint i = 0; i < G_N_ELEMENTS(failures); i++) {
        if (strcmp(name, "failed") == 0 || strcmp(name, tlsfit_outcome_name(failures[i])) == 0)
            outcomes |= 1u << failures[i];
    }
    return outcomes;
}

static void compile_outcomes(TlsfitCompile *compile, const TlsfitRawEntry *entry, TlsfitDeviceCode *code)
{
    g_auto(GStrv) parts = tlsfit_list_split(entry->value);

    for (guint i = 0; parts[i] != NULL; i++) {
        const guint outcomes = parse_outcomes(parts[i]);

        code->outcomes |= outcomes;
        if (outcomes == 0)
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                               "an outcome is alert, stalled, reset or closed, or failed for any of these; not \"%s\"",
                               parts[i]);
    }
}

static void compile_section(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    static const struct {
        const char *key;
        void (*compile)(TlsfitCompile *, const TlsfitRawEntry *, TlsfitDeviceCode *);
    } parts[] = { { "rules", compile_rules }, { "alerts", compile_alerts }, { "outcomes", compile_outcomes } };
    TlsfitDeviceCode *code = find(compile->device->codes, section->name + strlen(PREFIX));

    if (code == NULL) {
        if (section->profile == compile->merged->profile) /* else a descendant has dropped the number */
            tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                               "[%s] is about a number that [codes] does not have", section->name);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        const TlsfitRawEntry *entry = g_hash_table_lookup(section->entries, parts[i].key);

        if (entry != NULL)
            parts[i].compile(compile, entry, code);
    }
    code->seen_source = tlsfit_compile_source(compile, section->name, section->profile);
    if (code->seen_source == NULL)
        code->seen_source = code->source;
}

static void compile_lines(TlsfitCompile *compile)
{
    g_autoptr(GPtrArray) lines = tlsfit_compile_texts(compile, "codes");

    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        const TlsfitDeviceText *line = g_ptr_array_index(lines, i);
        TlsfitDeviceCode *code = g_new0(TlsfitDeviceCode, 1);

        code->code = g_strdup(line->key);
        code->text = g_strdup(line->value);
        code->source = line->source;
        code->alerts = g_array_new(FALSE, FALSE, sizeof(TlsfitDeviceAlert));
        g_ptr_array_add(compile->device->codes, code);
    }
}

void tlsfit_compile_device_codes(TlsfitCompile *compile)
{
    const GPtrArray *sections = compile->merged->order;

    compile_lines(compile);
    for (guint i = 0; i < sections->len; i++) {
        const TlsfitMergedSection *section = g_ptr_array_index(sections, i);

        if (!tlsfit_section_is_code(section->name))
            continue;
        if (section->order->len > 0)
            compile_section(compile, section);
        else if (section->profile->depth == 0)
            tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                               "[%s] is empty: say with what the number is seen (rules, alerts, outcomes)", section->name);
    }
}
