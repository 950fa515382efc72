/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile laid over its ancestors: raw profiles in, one TlsfitMergedProfile out.
 *
 * The rule: what a descendant writes replaces what an ancestor wrote, together with its source. So a source covers
 * something only if it was written by the same profile or by a descendant of it; tlsfit_merged_source() is the only
 * place that says so. An empty value unsets a key. A [broken NAME], [chain NAME], [code NUMBER] or [against ...]
 * section is one fact and is replaced as a whole.
 *
 * Does not look at what keys and values mean.
 */
#include "device.h"

#include <string.h>

gboolean tlsfit_section_is_broken(const char *name)
{
    return g_str_has_prefix(name, "broken ");
}

gboolean tlsfit_section_is_chain(const char *name)
{
    return g_str_has_prefix(name, "chain ");
}

gboolean tlsfit_section_is_against(const char *name)
{
    return g_str_has_prefix(name, "against ");
}

/* These sections are one fact each. */
static gboolean is_replaced_whole(const char *name)
{
    return tlsfit_section_is_broken(name) || tlsfit_section_is_chain(name) || tlsfit_section_is_against(name) ||
           tlsfit_section_is_code(name);
}

static void merged_section_free(gpointer data)
{
    TlsfitMergedSection *section = data;

    g_ptr_array_unref(section->order);
    g_hash_table_unref(section->entries);
    g_free(section);
}

static TlsfitMergedSection *merged_section_add(TlsfitMergedProfile *merged, const TlsfitRawSection *raw)
{
    TlsfitMergedSection *section = g_new0(TlsfitMergedSection, 1);

    section->name = raw->name;
    section->order = g_ptr_array_new();
    section->entries = g_hash_table_new(g_str_hash, g_str_equal);
    g_ptr_array_add(merged->order, section);
    g_hash_table_insert(merged->sections, (gpointer)section->name, section);
    return section;
}

static void merged_section_empty(TlsfitMergedSection *section)
{
    g_ptr_array_set_size(section->order, 0);
    g_hash_table_remove_all(section->entries);
}

/* id, name and inherits are of one profile alone. */
static gboolean stays_with_its_profile(const TlsfitRawEntry *entry)
{
    return strcmp(entry->section, "device") == 0 &&
           (strcmp(entry->key, "id") == 0 || strcmp(entry->key, "name") == 0 || strcmp(entry->key, "inherits") == 0);
}

static void merge_entry(TlsfitMergedProfile *merged, TlsfitMergedSection *section, TlsfitRawEntry *entry,
                        GPtrArray *problems)
{
    TlsfitRawEntry *before = g_hash_table_lookup(section->entries, entry->key);

    if (*entry->value == '\0') {
        if (before == NULL && entry->profile == merged->profile)
            tlsfit_problem_add(problems, entry->profile->file, entry->line,
                               "\"%s\" is empty, and there is nothing inherited to unset: give it a value or drop it",
                               entry->key);
        if (before != NULL) {
            g_ptr_array_remove(section->order, before);
            g_hash_table_remove(section->entries, entry->key);
        }
        return;
    }
    if (entry->profile != merged->profile && stays_with_its_profile(entry))
        return;
    if (before != NULL)
        g_ptr_array_remove(section->order, before);
    g_ptr_array_add(section->order, entry);
    g_hash_table_insert(section->entries, entry->key, entry);
}

static void merge_section(TlsfitMergedProfile *merged, const TlsfitRawProfile *profile, const TlsfitRawSection *raw,
                          GPtrArray *problems)
{
    TlsfitMergedSection *section = g_hash_table_lookup(merged->sections, raw->name);

    if (section == NULL)
        section = merged_section_add(merged, raw);
    else if (is_replaced_whole(raw->name))
        merged_section_empty(section);
    section->line = raw->line;
    section->profile = profile;
    for (guint i = 0; i < raw->entries->len; i++)
        merge_entry(merged, section, g_ptr_array_index(raw->entries, i), problems);
}

TlsfitMergedProfile *tlsfit_merged_new(GPtrArray *chain, GPtrArray *problems)
{
    TlsfitMergedProfile *merged = g_new0(TlsfitMergedProfile, 1);

    merged->chain = chain;
    merged->profile = g_ptr_array_index(chain, chain->len - 1);
    merged->order = g_ptr_array_new_with_free_func(merged_section_free);
    merged->sections = g_hash_table_new(g_str_hash, g_str_equal);
    merged->sources = g_hash_table_new(g_str_hash, g_str_equal);
    merged->used = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint depth = 0; depth < chain->len; depth++) {
        TlsfitRawProfile *profile = g_ptr_array_index(chain, depth);

        profile->depth = depth;
        for (guint i = 0; i < profile->sections->len; i++)
            merge_section(merged, profile, g_ptr_array_index(profile->sections, i), problems);
        for (guint i = 0; i < profile->sources->len; i++) {
            TlsfitRawSource *source = g_ptr_array_index(profile->sources, i);
            g_hash_table_replace(merged->sources, (gpointer)source->target, source);
        }
    }
    return merged;
}

void tlsfit_merged_free(TlsfitMergedProfile *merged)
{
    g_ptr_array_unref(merged->order);
    g_hash_table_unref(merged->sections);
    g_ptr_array_unref(merged->chain);
    g_hash_table_unref(merged->sources);
    g_hash_table_unref(merged->used);
    g_free(merged);
}

TlsfitMergedSection *tlsfit_merged_section(const TlsfitMergedProfile *merged, const char *section)
{
    return g_hash_table_lookup(merged->sections, section);
}

TlsfitRawEntry *tlsfit_merged_entry(const TlsfitMergedProfile *merged, const char *section, const char *key)
{
    const TlsfitMergedSection *found = tlsfit_merged_section(merged, section);

    return found != NULL ? g_hash_table_lookup(found->entries, key) : NULL;
}

TlsfitRawSource *tlsfit_merged_source(TlsfitMergedProfile *merged, const char *target,
                                      const TlsfitRawProfile *writer)
{
    TlsfitRawSource *source = g_hash_table_lookup(merged->sources, target);

    if (source == NULL || source->profile->depth < writer->depth)
        return NULL;
    g_hash_table_add(merged->used, source);
    return source;
}
