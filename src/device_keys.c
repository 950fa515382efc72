/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which sections and keys a profile may have; anything else becomes a problem, with what may have been meant.
 *
 * The keys come from the tables behind the sets, the numbers and the features (device_keys.def), so that a new limit
 * needs no line here. Looks at no values.
 */
#include "device.h"

#include <string.h>

static const char *const device_keys[] = {"id",       "name",     "kind", "role", "stack",
                                          "firmware", "inherits", "note", NULL};

/* The keys that SECTION may have (of const char *); NULL where there is no such section. */
static GPtrArray *section_keys(const char *section)
{
    const char *const *special = strcmp(section, "device") == 0 ? device_keys : tlsfit_special_keys(section);
    GPtrArray *keys = g_ptr_array_new();

    for (; special != NULL && *special != NULL; special++)
        g_ptr_array_add(keys, (gpointer)*special);
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        const TlsfitSetInfo *info = tlsfit_set_info(i);
        if (strcmp(info->section, section) != 0)
            continue;
        g_ptr_array_add(keys, (gpointer)info->supported);
        if (info->unsupported != NULL)
            g_ptr_array_add(keys, (gpointer)info->unsupported);
        g_ptr_array_add(keys, (gpointer)info->complete);
    }
    if (strcmp(section, "certificate_keys") == 0)
        g_ptr_array_add(keys, (gpointer)"complete");
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++) {
        if (strcmp(tlsfit_number_info(i)->section, section) == 0)
            g_ptr_array_add(keys, (gpointer)tlsfit_number_info(i)->key);
    }
    if (strcmp(section, "features") == 0) {
        for (guint i = 0; i < TLSFIT_FEATURE_COUNT; i++)
            g_ptr_array_add(keys, (gpointer)tlsfit_feature_info(i)->key);
    }
    if (keys->len == 0)
        g_clear_pointer(&keys, g_ptr_array_unref);
    return keys;
}

static void check_section_name(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    static const char *const known[] = {
        "device",           "versions", "cipher_suites", "groups", "signature_schemes", "certificate_signatures",
        "certificate_keys", "limits",   "features",      "anchors", "codes",            "fixes",
        "fingerprint",      "client_signature_schemes"};
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < G_N_ELEMENTS(known); i++)
        g_ptr_array_add(names, (gpointer)known[i]);
    g_autofree char *near = tlsfit_spelling_near(section->name, names);
    tlsfit_problem_add(compile->problems, section->profile->file, section->line, "there is no section [%s]%s%s%s",
                       section->name, near != NULL ? "; did you mean " : "", near != NULL ? near : "",
                       near != NULL ? "?" : "");
}

void tlsfit_compile_check_keys(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    if (strcmp(section->name, "codes") == 0 || strcmp(section->name, "fixes") == 0 ||
        tlsfit_section_is_chain(section->name))
        return; /* free keys, rules, and numbers: device_special.c, device_chain.c */
    g_autoptr(GPtrArray) keys = section_keys(section->name);
    if (keys == NULL) {
        check_section_name(compile, section);
        return;
    }
    for (guint i = 0; i < section->order->len; i++) {
        const TlsfitRawEntry *entry = g_ptr_array_index(section->order, i);

        if (g_ptr_array_find_with_equal_func(keys, entry->key, g_str_equal, NULL))
            continue;
        g_autofree char *near = tlsfit_spelling_near(entry->key, keys);
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "[%s] has no key \"%s\"%s%s%s",
                           section->name, entry->key, near != NULL ? "; did you mean " : "",
                           near != NULL ? near : "", near != NULL ? "?" : "");
    }
}
