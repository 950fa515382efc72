/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sources that contradict each other: [against SECTION.KEY] or [against SECTION.KEY.VALUE] is the weaker claim beside
 * the one that the profile makes. In: those sections. Out: what the device cannot do by the weaker claim, which
 * tlsfit_device_code() and tlsfit_device_number() suspect.
 *
 * What the weaker claim allows and the stronger one forbids stays forbidden: it is shown, and changes no verdict.
 */
#include "device.h"

#include <string.h>

void tlsfit_against_free(TlsfitDeviceAgainst *against)
{
    g_free(against->target);
    g_free(against->value);
    g_free(against);
}

/* The lines of the section but `value` make a source. */
static TlsfitSource *read_claim(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    TlsfitSource *source = g_new0(TlsfitSource, 1);
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    for (guint i = 0; i < section->order->len; i++) {
        TlsfitRawEntry *entry = g_ptr_array_index(section->order, i);
        if (strcmp(entry->key, "value") != 0)
            g_ptr_array_add(lines, entry);
    }
    g_ptr_array_add(compile->device->sources, source);
    tlsfit_source_read(source, section->name, section->line, lines, section->profile, compile->problems);
    return source;
}

/* SECTION.KEY.VALUE of a list of what is supported: the claim is that the device cannot. */
static gboolean against_code(TlsfitCompile *compile, const char *target, const TlsfitSource *source)
{
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        const TlsfitSetInfo *info = tlsfit_set_info(i);
        TlsfitDeviceSet *set = &compile->device->sets[i];
        g_autofree char *can = g_strdup_printf("%s.%s.", info->section, info->supported);
        g_autofree char *cannot = info->unsupported != NULL
                                      ? g_strdup_printf("%s.%s.", info->section, info->unsupported) : NULL;
        guint code = 0;

        if (cannot != NULL && g_str_has_prefix(target, cannot))
            return tlsfit_code_parse(info->kind, target + strlen(cannot), &code) &&
                   tlsfit_device_list_has(&set->unsupported, code);
        if (!g_str_has_prefix(target, can) || !tlsfit_code_parse(info->kind, target + strlen(can), &code) ||
            !tlsfit_device_list_has(&set->supported, code))
            continue;
        if (set->against == NULL)
            set->against = g_hash_table_new(g_direct_hash, g_direct_equal);
        g_hash_table_insert(set->against, GUINT_TO_POINTER(code), (gpointer)source);
        return TRUE;
    }
    return FALSE;
}

static gboolean against_number(TlsfitCompile *compile, const char *target, const char *value,
                               const TlsfitSource *source)
{
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++) {
        const TlsfitNumberInfo *info = tlsfit_number_info(i);
        TlsfitDeviceNumber *number = &compile->device->numbers[i];
        g_autofree char *key = g_strdup_printf("%s.%s", info->section, info->key);

        if (strcmp(key, target) != 0 || !number->present || value == NULL ||
            !g_ascii_string_to_unsigned(value, 10, info->lowest, info->highest, &number->against_value, NULL))
            continue;
        number->against = source;
        return TRUE;
    }
    return FALSE;
}

static gboolean against_feature(TlsfitCompile *compile, const char *target, const char *value)
{
    for (guint i = 0; i < TLSFIT_FEATURE_COUNT; i++) {
        const TlsfitFeatureInfo *info = tlsfit_feature_info(i);
        g_autofree char *key = g_strdup_printf("features.%s", info->key);
        g_auto(GStrv) words = g_strsplit(info->words, "|", -1);

        if (strcmp(key, target) == 0 && compile->device->features[i].word != NULL)
            return value != NULL && g_strv_contains((const char *const *)words, value);
    }
    return FALSE;
}

static void compile_one(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    const TlsfitRawEntry *value = g_hash_table_lookup(section->entries, "value");
    TlsfitDeviceAgainst *against = g_new0(TlsfitDeviceAgainst, 1);

    if (compile->device->against == NULL)
        compile->device->against = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_against_free);
    g_ptr_array_add(compile->device->against, against);
    against->target = g_strdup(section->name + strlen("against "));
    against->value = value != NULL ? g_strdup(value->value) : NULL;
    against->source = read_claim(compile, section);
    if (!against_code(compile, against->target, against->source) &&
        !against_number(compile, against->target, against->value, against->source) &&
        !against_feature(compile, against->target, against->value))
        tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                           "[%s] contradicts nothing in this profile: name a value in a list (SECTION.KEY.VALUE), or "
                           "a number or a feature with what is said instead (value = ...)",
                           section->name);
}

void tlsfit_compile_against(TlsfitCompile *compile)
{
    const GPtrArray *sections = compile->merged->order;

    for (guint i = 0; i < sections->len; i++) {
        const TlsfitMergedSection *section = g_ptr_array_index(sections, i);

        if (tlsfit_section_is_against(section->name) && section->order->len > 0)
            compile_one(compile, section);
    }
}
