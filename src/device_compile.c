/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A merged profile in, a TlsfitDevice out, or problems: every section, key, name, number and source is checked here,
 * in device_keys.c, and in device_special.c, which has the sections that are no limits.
 *
 * A profile with any problem gives no device at all: half a profile would call fit what it does not know.
 */
#include "device.h"

#include <errno.h>
#include <string.h>

static const char *const kinds[] = {"wifi-module",    "modem",         "rtos-stack", "tls-library",
                                    "secure-element", "legacy-client", "service"};

/* --- Shared with device_special.c ----------------------------------------------------------------------------- */

const TlsfitSource *tlsfit_compile_copy(TlsfitCompile *compile, const TlsfitRawSource *raw)
{
    TlsfitSource *source = g_hash_table_lookup(compile->sources, raw);

    if (source == NULL) {
        source = g_new0(TlsfitSource, 1);
        source->confidence = raw->source.confidence;
        source->where = g_strdup(raw->source.where);
        source->what = g_strdup(raw->source.what);
        source->date = g_strdup(raw->source.date);
        g_ptr_array_add(compile->device->sources, source);
        g_hash_table_insert(compile->sources, (gpointer)raw, source);
    }
    return source;
}

const TlsfitSource *tlsfit_compile_source(TlsfitCompile *compile, const char *target, const TlsfitRawProfile *writer)
{
    const TlsfitRawSource *raw = tlsfit_merged_source(compile->merged, target, writer);

    return raw != NULL ? tlsfit_compile_copy(compile, raw) : NULL;
}

const TlsfitSource *tlsfit_compile_need_source(TlsfitCompile *compile, const char *target,
                                               const TlsfitRawProfile *writer, guint line)
{
    const TlsfitSource *source = tlsfit_compile_source(compile, target, writer);

    if (source == NULL)
        tlsfit_problem_add(compile->problems, writer->file, line,
                           "%s has no source: add [source %s] with confidence and where", target, target);
    return source;
}

gboolean tlsfit_code_parse(TlsfitNameKind kind, const char *text, guint *code)
{
    gboolean is_registry = kind != TLSFIT_NAME_CERT_SIGNATURE && kind != TLSFIT_NAME_KEY_TYPE;

    if (!is_registry && g_ascii_isdigit(*text))
        return FALSE;
    return tlsfit_name_parse(kind, text, code) && *code <= G_MAXUINT16;
}

static const char *kind_of_names(TlsfitNameKind kind)
{
    static const char *const words[] = {
        [TLSFIT_NAME_VERSION] = "version",
        [TLSFIT_NAME_CIPHER_SUITE] = "cipher suite",
        [TLSFIT_NAME_GROUP] = "group",
        [TLSFIT_NAME_SIGNATURE_SCHEME] = "signature scheme",
        [TLSFIT_NAME_CERT_SIGNATURE] = "certificate signature",
        [TLSFIT_NAME_KEY_TYPE] = "key type",
        [TLSFIT_NAME_ALERT] = "alert",
        [TLSFIT_NAME_HANDSHAKE] = "handshake type",
        [TLSFIT_NAME_EXTENSION] = "extension",
    };

    return words[kind];
}

GArray *tlsfit_compile_codes(TlsfitCompile *compile, const TlsfitRawEntry *entry, TlsfitNameKind kind)
{
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(guint16));
    g_auto(GStrv) names = g_strsplit(entry->value, ";", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);

    for (guint i = 0; names[i] != NULL; i++) {
        guint code = 0;

        if (*g_strstrip(names[i]) == '\0') {
            if (names[i + 1] == NULL && i > 0) /* key files may end a list with a semicolon */
                break;
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "\"%s\" has an empty entry",
                               entry->key);
        } else if (!tlsfit_code_parse(kind, names[i], &code)) {
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "\"%s\" is no %s that is known",
                               names[i], kind_of_names(kind));
        } else if (!g_hash_table_add(seen, GUINT_TO_POINTER(code))) {
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "\"%s\" is listed twice",
                               names[i]);
        } else {
            guint16 narrow = (guint16)code;
            g_array_append_val(codes, narrow);
        }
    }
    return codes;
}

gboolean tlsfit_compile_yes(TlsfitCompile *compile, const TlsfitRawEntry *entry)
{
    if (strcmp(entry->value, "yes") != 0 && strcmp(entry->value, "no") != 0)
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "%s is yes or no, not \"%s\"",
                           entry->key, entry->value);
    return strcmp(entry->value, "yes") == 0;
}

/* --- [device] ------------------------------------------------------------------------------------------------- */

static char *device_text(const TlsfitCompile *compile, const char *key)
{
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, "device", key);

    return entry != NULL ? g_strdup(entry->value) : NULL;
}

static void compile_identity(TlsfitCompile *compile)
{
    const TlsfitRawProfile *profile = compile->merged->profile;
    TlsfitDevice *device = compile->device;
    const TlsfitRawEntry *kind = tlsfit_merged_entry(compile->merged, "device", "kind");
    const TlsfitRawEntry *role = tlsfit_merged_entry(compile->merged, "device", "role");
    static const char *const needed[] = {"name", "kind", "role"};
    gboolean kind_is_known = FALSE;

    device->id = g_strdup(profile->id);
    device->name = device_text(compile, "name");
    device->kind = device_text(compile, "kind");
    device->stack = device_text(compile, "stack");
    device->firmware = device_text(compile, "firmware");
    device->note = device_text(compile, "note");
    device->inherits = g_strdup(profile->inherits);
    device->file = g_strdup(profile->file);
    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        if (tlsfit_merged_entry(compile->merged, "device", needed[i]) == NULL)
            tlsfit_problem_add(compile->problems, profile->file, profile->id_line, "[device] has no %s", needed[i]);
    }
    for (guint i = 0; kind != NULL && i < G_N_ELEMENTS(kinds); i++)
        kind_is_known = kind_is_known || strcmp(kind->value, kinds[i]) == 0;
    if (kind != NULL && !kind_is_known)
        tlsfit_problem_add(compile->problems, kind->profile->file, kind->line,
                           "kind is one of wifi-module, modem, rtos-stack, tls-library, secure-element, "
                           "legacy-client, service; not \"%s\"",
                           kind->value);
    device->role = role != NULL && strcmp(role->value, "server") == 0 ? TLSFIT_SERVER : TLSFIT_CLIENT;
    if (role != NULL && strcmp(role->value, "server") != 0 && strcmp(role->value, "client") != 0)
        tlsfit_problem_add(compile->problems, role->profile->file, role->line, "role is client or server, not \"%s\"",
                           role->value);
}

/* --- Lists ---------------------------------------------------------------------------------------------------- */

/* Gives the values of one list their own sources: [source SECTION.KEY.VALUE]. */
static void compile_code_sources(TlsfitCompile *compile, TlsfitDeviceSet *set, const TlsfitDeviceList *list,
                                 const TlsfitRawEntry *entry, TlsfitNameKind kind)
{
    g_autofree char *prefix = g_strdup_printf("%s.%s.", entry->section, entry->key);

    /* By profile from the oldest on, so that a descendant's source for the same value wins. */
    for (guint depth = entry->profile->depth; depth < compile->merged->chain->len; depth++) {
        const TlsfitRawProfile *profile = g_ptr_array_index(compile->merged->chain, depth);

        for (guint i = 0; i < profile->sources->len; i++) {
            const TlsfitRawSource *raw = g_ptr_array_index(profile->sources, i);
            guint code = 0;

            if (!g_str_has_prefix(raw->target, prefix) ||
                !tlsfit_code_parse(kind, raw->target + strlen(prefix), &code) || !tlsfit_device_list_has(list, code))
                continue;
            const TlsfitSource *source = tlsfit_compile_source(compile, raw->target, entry->profile);
            if (set->code_sources == NULL)
                set->code_sources = g_hash_table_new(g_direct_hash, g_direct_equal);
            g_hash_table_insert(set->code_sources, GUINT_TO_POINTER(code), (gpointer)source);
        }
    }
}

static void compile_list(TlsfitCompile *compile, TlsfitSet which, TlsfitDeviceSet *set, TlsfitDeviceList *list,
                         const char *key)
{
    const TlsfitSetInfo *info = tlsfit_set_info(which);
    const TlsfitRawEntry *entry = key != NULL ? tlsfit_merged_entry(compile->merged, info->section, key) : NULL;

    if (entry == NULL)
        return;
    g_autofree char *target = g_strdup_printf("%s.%s", info->section, key);
    GArray *codes = tlsfit_compile_codes(compile, entry, info->kind);
    tlsfit_device_list_fill(list, codes, tlsfit_compile_source(compile, target, entry->profile));
    compile_code_sources(compile, set, list, entry, info->kind);
    if (list->source != NULL)
        return;
    for (guint i = 0; i < codes->len; i++) {
        if (tlsfit_device_code_source(set, list, g_array_index(codes, guint16, i)) != NULL)
            continue;
        tlsfit_compile_need_source(compile, target, entry->profile, entry->line);
        return;
    }
}

static void check_overlap(TlsfitCompile *compile, TlsfitSet which, const TlsfitDeviceSet *set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(which);

    if (set->unsupported.listed == NULL)
        return;
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, info->section, info->unsupported);
    for (guint i = 0; i < set->unsupported.listed->len; i++) {
        guint code = g_array_index(set->unsupported.listed, guint16, i);
        g_autofree char *name = tlsfit_name_or_number(info->kind, code);

        if (tlsfit_device_list_has(&set->supported, code))
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                               "%s is in \"%s\" and in \"%s\": keep one", name, info->supported, info->unsupported);
    }
}

/* The key that says whether SET is complete: its own, or the one for all of [certificate_keys]. */
static const TlsfitRawEntry *complete_entry(const TlsfitCompile *compile, const TlsfitSetInfo *info)
{
    const TlsfitRawEntry *own = tlsfit_merged_entry(compile->merged, info->section, info->complete);

    return own != NULL ? own : tlsfit_merged_entry(compile->merged, info->section, "complete");
}

static void compile_complete(TlsfitCompile *compile, TlsfitSet which, TlsfitDeviceSet *set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(which);
    const TlsfitRawEntry *entry = complete_entry(compile, info);

    if (entry == NULL)
        return;
    g_autofree char *target = g_strdup_printf("%s.%s", info->section, entry->key);
    set->has_complete = set->supported.listed != NULL;
    set->complete = strcmp(entry->value, "yes") == 0;
    set->complete_source = tlsfit_compile_source(compile, target, entry->profile);
    if (set->complete && set->supported.listed != NULL && set->complete_source == NULL &&
        set->supported.source == NULL)
        tlsfit_compile_need_source(compile, target, entry->profile, entry->line);
}

/* Every completeness key once: is it yes or no, and is there a list that it can be about? */
static void check_complete(TlsfitCompile *compile)
{
    g_autoptr(GHashTable) covered = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GPtrArray) entries = g_ptr_array_new();

    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        const TlsfitSetInfo *info = tlsfit_set_info(i);
        const char *const keys[] = {info->complete, "complete"};

        for (guint k = 0; k < G_N_ELEMENTS(keys); k++) {
            TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, info->section, keys[k]);
            if (entry == NULL)
                continue;
            if (!g_ptr_array_find(entries, entry, NULL))
                g_ptr_array_add(entries, entry);
            if (compile->device->sets[i].supported.listed != NULL)
                g_hash_table_add(covered, entry);
        }
    }
    for (guint i = 0; i < entries->len; i++) {
        const TlsfitRawEntry *entry = g_ptr_array_index(entries, i);

        if (tlsfit_compile_yes(compile, entry) && !g_hash_table_contains(covered, entry))
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                               "%s = yes needs the list of what is supported", entry->key);
    }
}

/* --- Numbers and features ------------------------------------------------------------------------------------- */

static void compile_number(TlsfitCompile *compile, TlsfitNumber which)
{
    const TlsfitNumberInfo *info = tlsfit_number_info(which);
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, info->section, info->key);
    TlsfitDeviceNumber *number = &compile->device->numbers[which];
    g_autofree char *target = g_strdup_printf("%s.%s", info->section, info->key);

    if (entry == NULL)
        return;
    number->present = TRUE;
    if (!g_ascii_string_to_unsigned(entry->value, 10, info->lowest, info->highest, &number->value, NULL))
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "%s is a number of %s from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", not \"%s\"",
                           info->key, info->unit, info->lowest, info->highest, entry->value);
    number->source = tlsfit_compile_need_source(compile, target, entry->profile, entry->line);
}

/* A floor above its ceiling would make everything fail. */
static void check_floor(TlsfitCompile *compile, TlsfitNumber floor)
{
    const TlsfitNumberInfo *low = tlsfit_number_info(floor);
    const TlsfitDeviceNumber *numbers = compile->device->numbers;

    if (!g_str_has_suffix(low->key, "_min") || !numbers[floor].present)
        return;
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++) {
        const TlsfitNumberInfo *high = tlsfit_number_info(i);
        size_t stem = strlen(low->key) - strlen("min");

        if (strcmp(high->section, low->section) != 0 || strncmp(high->key, low->key, stem) != 0 ||
            strcmp(high->key + stem, "max") != 0 || !numbers[i].present || numbers[i].value >= numbers[floor].value)
            continue;
        const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, low->section, low->key);
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "%s is above %s", low->key,
                           high->key);
    }
}

static void compile_feature(TlsfitCompile *compile, TlsfitFeature which)
{
    const TlsfitFeatureInfo *info = tlsfit_feature_info(which);
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, "features", info->key);
    TlsfitDeviceFeature *feature = &compile->device->features[which];
    g_auto(GStrv) words = g_strsplit(info->words, "|", -1);
    g_autofree char *target = g_strdup_printf("features.%s", info->key);

    if (entry == NULL)
        return;
    if (!g_strv_contains((const char *const *)words, entry->value)) {
        g_autofree char *allowed = g_strjoinv(", ", words);
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "%s is one of %s; not \"%s\"",
                           info->key, allowed, entry->value);
        return;
    }
    feature->word = g_intern_string(entry->value);
    feature->source = tlsfit_compile_need_source(compile, target, entry->profile, entry->line);
}

/* --- All together --------------------------------------------------------------------------------------------- */

/* TRUE for SECTION.KEY that is there: if nothing refers to its source, the key has a problem of its own. */
static gboolean is_written(const TlsfitMergedProfile *merged, const char *target)
{
    g_auto(GStrv) parts = g_strsplit(target, ".", 2);

    return g_strv_length(parts) == 2 && tlsfit_merged_entry(merged, parts[0], parts[1]) != NULL;
}

/* A source that covers nothing is a mistake in its name, or the rest of something that was removed. */
static void check_sources_used(TlsfitCompile *compile)
{
    const TlsfitRawProfile *profile = compile->merged->profile;

    for (guint i = 0; i < profile->sources->len; i++) {
        TlsfitRawSource *source = g_ptr_array_index(profile->sources, i);

        if (!g_hash_table_contains(compile->merged->used, source) && !is_written(compile->merged, source->target))
            tlsfit_problem_add(compile->problems, profile->file, source->line,
                               "[source %s] is about nothing in this profile: name a section and a key, or a value "
                               "in its list",
                               source->target);
    }
}

static void compile_limits(TlsfitCompile *compile)
{
    TlsfitDevice *device = compile->device;

    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        const TlsfitSetInfo *info = tlsfit_set_info(i);

        compile_list(compile, i, &device->sets[i], &device->sets[i].supported, info->supported);
        compile_list(compile, i, &device->sets[i], &device->sets[i].unsupported, info->unsupported);
        check_overlap(compile, i, &device->sets[i]);
        compile_complete(compile, i, &device->sets[i]);
    }
    check_complete(compile);
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++)
        compile_number(compile, i);
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++)
        check_floor(compile, i);
    for (guint i = 0; i < TLSFIT_FEATURE_COUNT; i++)
        compile_feature(compile, i);
}

TlsfitDevice *tlsfit_device_compile(TlsfitMergedProfile *merged, GPtrArray *problems)
{
    TlsfitCompile compile = {.merged = merged, .problems = problems};
    guint before = problems->len;

    compile.device = tlsfit_device_new();
    compile.sources = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < merged->order->len; i++)
        tlsfit_compile_check_keys(&compile, g_ptr_array_index(merged->order, i));
    compile_identity(&compile);
    compile_limits(&compile);
    tlsfit_compile_special(&compile);
    check_sources_used(&compile);
    g_hash_table_unref(compile.sources);
    if (problems->len > before)
        g_clear_pointer(&compile.device, tlsfit_device_unref);
    return compile.device;
}
