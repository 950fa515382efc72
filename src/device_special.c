/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a profile that are no lists and no numbers: [anchors], [broken NAME], [fixes] and [fingerprint]. Fills those parts of a TlsfitDevice; device_compile.c does the rest and calls this.
 *
 * Anchors and fingerprints are checked in their form and kept; nothing is matched against them here: for anchors
 * device_anchors.c does that.
 */
#include "device.h"

#include <string.h>

#define SPKI_DIGITS 64u

static const char *const anchors_keys[] = {"file", "spki_sha256", "subjects", "complete", NULL};
static const char *const broken_keys[] = {"versions",  "cipher_suites", "groups", "signature_schemes",
                                          "key_types", "symptom",       "note",   "fix_server",
                                          "fix_device", "depends_on",   NULL};
static const char *const fingerprint_keys[] = {"ja3",    "ja4",               "cipher_suites", "extensions",
                                               "groups", "signature_schemes", "oui",           NULL};

static const char *const against_keys[] = {"value", "confidence", "where", "what", "date", NULL};

const char *const *tlsfit_special_keys(const char *section)
{
    if (tlsfit_section_is_against(section))
        return against_keys;
    if (strcmp(section, "anchors") == 0)
        return anchors_keys;
    if (strcmp(section, "fingerprint") == 0)
        return fingerprint_keys;
    if (tlsfit_section_is_code(section))
        return tlsfit_code_keys();
    return tlsfit_section_is_broken(section) ? broken_keys : NULL;
}

gboolean tlsfit_is_hex(const char *text, size_t digits)
{
    if (strlen(text) != digits)
        return FALSE;
    for (const char *p = text; *p != '\0'; p++) {
        if (!g_ascii_isxdigit(*p))
            return FALSE;
    }
    return TRUE;
}

/* --- [anchors] ------------------------------------------------------------------------------------------------ */

static const TlsfitRawEntry *anchors_entry(TlsfitCompile *compile, const char *key, const TlsfitSource **source)
{
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, "anchors", key);
    g_autofree char *target = g_strconcat("anchors.", key, NULL);

    if (entry != NULL)
        *source = tlsfit_compile_need_source(compile, target, entry->profile, entry->line);
    return entry;
}

char **tlsfit_list_split(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);
    GPtrArray *kept = g_ptr_array_new();

    for (guint i = 0; parts[i] != NULL; i++) {
        if (*g_strstrip(parts[i]) != '\0')
            g_ptr_array_add(kept, g_strdup(parts[i]));
    }
    g_ptr_array_add(kept, NULL);
    return (char **)g_ptr_array_free(kept, FALSE);
}

static void compile_anchor_file(TlsfitCompile *compile, const TlsfitRawEntry *entry)
{
    if (entry->profile->builtin) {
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "a built-in profile has no files beside it: use spki_sha256 or subjects");
        return;
    }
    g_autofree char *folder = g_path_get_dirname(entry->profile->file);
    compile->device->anchors.file = g_path_is_absolute(entry->value)
                                        ? g_strdup(entry->value)
                                        : g_build_filename(folder, entry->value, NULL);
    if (!g_file_test(compile->device->anchors.file, G_FILE_TEST_IS_REGULAR)) {
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "there is no file \"%s\" beside the profile", entry->value);
        return;
    }
    compile->device->anchors.certificates = tlsfit_certificates_from_file(compile->device->anchors.file, NULL);
    if (compile->device->anchors.certificates == NULL)
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "no certificate can be read in \"%s\"", entry->value);
}

static void compile_anchors(TlsfitCompile *compile)
{
    TlsfitDeviceAnchors *anchors = &compile->device->anchors;
    const TlsfitRawEntry *file = anchors_entry(compile, "file", &anchors->file_source);
    const TlsfitRawEntry *spki = anchors_entry(compile, "spki_sha256", &anchors->spki_source);
    const TlsfitRawEntry *subjects = anchors_entry(compile, "subjects", &anchors->subjects_source);
    const TlsfitRawEntry *complete = tlsfit_merged_entry(compile->merged, "anchors", "complete");

    if (file != NULL)
        compile_anchor_file(compile, file);
    if (spki != NULL) {
        anchors->spki_sha256 = tlsfit_list_split(spki->value);
        for (guint i = 0; anchors->spki_sha256[i] != NULL; i++) {
            char *digits = anchors->spki_sha256[i];
            if (!tlsfit_is_hex(digits, SPKI_DIGITS))
                tlsfit_problem_add(compile->problems, spki->profile->file, spki->line,
                                   "\"%s\" is no SHA-256: write 64 hexadecimal digits", digits);
            for (char *p = digits; *p != '\0'; p++)
                *p = g_ascii_tolower(*p);
        }
    }
    if (subjects != NULL)
        anchors->subjects = tlsfit_list_split(subjects->value);
    if (complete == NULL)
        return;
    anchors->complete = tlsfit_compile_yes(compile, complete);
    anchors->complete_source = tlsfit_compile_source(compile, "anchors.complete", complete->profile);
    if (anchors->complete && file == NULL && spki == NULL && subjects == NULL)
        tlsfit_problem_add(compile->problems, complete->profile->file, complete->line,
                           "complete = yes needs the anchors: file, spki_sha256 or subjects");
}

/* --- [broken NAME] -------------------------------------------------------------------------------------------- */

static GArray *broken_codes(TlsfitCompile *compile, const TlsfitMergedSection *section, const char *key,
                            TlsfitNameKind kind, gboolean *has_condition)
{
    const TlsfitRawEntry *entry = g_hash_table_lookup(section->entries, key);

    if (entry == NULL)
        return g_array_new(FALSE, FALSE, sizeof(guint16));
    *has_condition = TRUE;
    return tlsfit_compile_codes(compile, entry, kind);
}

static char *broken_text(const TlsfitMergedSection *section, const char *key)
{
    const TlsfitRawEntry *entry = g_hash_table_lookup(section->entries, key);

    return entry != NULL ? g_strdup(entry->value) : NULL;
}

/* `stall`, or `ALERT from client|server`. */
static void compile_symptom(TlsfitCompile *compile, const TlsfitMergedSection *section, TlsfitBroken *broken)
{
    const TlsfitRawEntry *entry = g_hash_table_lookup(section->entries, "symptom");
    guint alert = 0;

    broken->alert = -1;
    if (entry == NULL) {
        tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                           "[%s] has no symptom: symptom = bad_record_mac from server, or stall", section->name);
        return;
    }
    if (strcmp(entry->value, "stall") == 0) {
        broken->stalls = TRUE;
        return;
    }
    g_auto(GStrv) words = g_strsplit_set(entry->value, " ", -1);
    if (g_strv_length(words) != 3 || strcmp(words[1], "from") != 0 ||
        (strcmp(words[2], "client") != 0 && strcmp(words[2], "server") != 0)) {
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "symptom is stall, or an alert and its sender (bad_record_mac from server); not \"%s\"",
                           entry->value);
        return;
    }
    if (!tlsfit_code_parse(TLSFIT_NAME_ALERT, words[0], &alert) || alert > G_MAXUINT8) {
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "\"%s\" is no alert that is known",
                           words[0]);
        return;
    }
    broken->alert = (int)alert;
    broken->alert_from = strcmp(words[2], "client") == 0 ? TLSFIT_CLIENT : TLSFIT_SERVER;
}

static gboolean is_broken_name(const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
            return FALSE;
    }
    return *name != '\0';
}

static void compile_broken(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    TlsfitBroken *broken = g_new0(TlsfitBroken, 1);
    gboolean has_condition = FALSE;

    g_ptr_array_add(compile->device->broken, broken);
    broken->name = g_strdup(section->name + strlen("broken "));
    if (!is_broken_name(broken->name))
        tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                           "\"%s\" is no name for a broken combination: letters, digits, dashes", broken->name);
    broken->versions = broken_codes(compile, section, "versions", TLSFIT_NAME_VERSION, &has_condition);
    broken->cipher_suites =
        broken_codes(compile, section, "cipher_suites", TLSFIT_NAME_CIPHER_SUITE, &has_condition);
    broken->groups = broken_codes(compile, section, "groups", TLSFIT_NAME_GROUP, &has_condition);
    broken->signature_schemes =
        broken_codes(compile, section, "signature_schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &has_condition);
    broken->key_types = broken_codes(compile, section, "key_types", TLSFIT_NAME_KEY_TYPE, &has_condition);
    broken->depends_on = broken_text(section, "depends_on");
    broken->note = broken_text(section, "note");
    broken->fix_server = broken_text(section, "fix_server");
    broken->fix_device = broken_text(section, "fix_device");
    if (!has_condition)
        tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                           "[%s] does not say what is broken: give versions, cipher_suites, groups, signature_schemes "
                           "or key_types",
                           section->name);
    compile_symptom(compile, section, broken);
    broken->source = (TlsfitSource *)tlsfit_compile_need_source(compile, section->name, section->profile,
                                                                section->line);
}

static void compile_all_broken(TlsfitCompile *compile)
{
    const GPtrArray *sections = compile->merged->order;

    for (guint i = 0; i < sections->len; i++) {
        const TlsfitMergedSection *section = g_ptr_array_index(sections, i);

        if (!tlsfit_section_is_broken(section->name))
            continue;
        if (section->order->len > 0)
            compile_broken(compile, section);
        else if (section->profile->depth == 0)
            tlsfit_problem_add(compile->problems, section->profile->file, section->line, "[%s] is empty",
                               section->name);
    }
}

/* --- [fixes], [fingerprint] -------------------------------------------------------------------------- */

static void text_free(gpointer data)
{
    TlsfitDeviceText *text = data;

    g_free(text->key);
    g_free(text->value);
    g_free(text);
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp((*(TlsfitDeviceText *const *)a)->key, (*(TlsfitDeviceText *const *)b)->key);
}

/* The source that PROFILE itself gives for TARGET, whatever its descendants say of their own lines. */
static const TlsfitSource *writers_source(TlsfitCompile *compile, const char *target, const TlsfitRawProfile *profile)
{
    for (guint i = 0; i < profile->sources->len; i++) {
        TlsfitRawSource *raw = g_ptr_array_index(profile->sources, i);

        if (strcmp(raw->target, target) != 0)
            continue;
        g_hash_table_add(compile->merged->used, raw);
        return tlsfit_compile_copy(compile, raw);
    }
    return NULL;
}

GPtrArray *tlsfit_compile_texts(TlsfitCompile *compile, const char *name)
{
    const TlsfitMergedSection *section = tlsfit_merged_section(compile->merged, name);
    const TlsfitRawProfile *writer = NULL;
    const TlsfitSource *source = NULL;

    if (section == NULL || section->order->len == 0)
        return NULL;
    GPtrArray *texts = g_ptr_array_new_with_free_func(text_free);
    for (guint i = 0; i < section->order->len; i++) {
        const TlsfitRawEntry *entry = g_ptr_array_index(section->order, i);
        TlsfitDeviceText *text = g_new0(TlsfitDeviceText, 1);

        if (entry->profile != writer) { /* the lines of one profile follow each other */
            writer = entry->profile;
            source = writers_source(compile, name, writer);
            if (source == NULL)
                tlsfit_problem_add(compile->problems, writer->file, entry->line,
                                   "[%s] has no source: add [source %s] with confidence and where", name, name);
        }
        text->key = g_strdup(entry->key);
        text->value = g_strdup(entry->value);
        text->source = source;
        g_ptr_array_add(texts, text);
    }
    g_ptr_array_sort(texts, compare_texts);
    return texts;
}

static void check_fixes(TlsfitCompile *compile)
{
    const TlsfitMergedSection *section = tlsfit_merged_section(compile->merged, "fixes");

    for (guint i = 0; section != NULL && i < section->order->len; i++) {
        const TlsfitRawEntry *entry = g_ptr_array_index(section->order, i);

        if (tlsfit_rule_index(entry->key) < 0)
            tlsfit_problem_no_rule(compile, entry, entry->key);
    }
}

void tlsfit_compile_special(TlsfitCompile *compile)
{
    compile_anchors(compile);
    compile_all_broken(compile);
    tlsfit_compile_device_codes(compile);
    compile->device->fixes = tlsfit_compile_texts(compile, "fixes");
    compile->device->fingerprint = tlsfit_compile_texts(compile, "fingerprint");
    check_fixes(compile);
    tlsfit_compile_fingerprint(compile);
    tlsfit_compile_chains(compile);
    tlsfit_compile_against(compile);
}
