/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of a device profile in, sections with keys, values, lines and sources out (TlsfitRawProfile).
 *
 * GKeyFile parses the text: only here. It tells no lines and merges what is written twice, so a line index of the
 * same text goes first; it finds what is no line of a key file, and every later message takes its line from it.
 *
 * Knows of no key but `id` and `inherits` of [device] and the four of a source; whether the others mean anything is
 * decided by device_compile.c.
 */
#include "device.h"

#include <string.h>

/* A file with more problems than this is no profile; the rest of them would only hide the first. */
#define PROBLEMS_PER_FILE_MAX 50u

static void raw_entry_free(gpointer data)
{
    TlsfitRawEntry *entry = data;

    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

static void raw_section_free(gpointer data)
{
    TlsfitRawSection *section = data;

    g_ptr_array_unref(section->entries);
    g_free(section->name);
    g_free(section);
}

static void raw_source_free(gpointer data)
{
    TlsfitRawSource *source = data;

    g_free((char *)source->target);
    g_free(source->source.where);
    g_free(source->source.what);
    g_free(source->source.date);
    g_free(source);
}

void tlsfit_raw_free(TlsfitRawProfile *profile)
{
    if (profile == NULL)
        return;
    g_free(profile->file);
    g_free(profile->id);
    g_free(profile->inherits);
    g_ptr_array_unref(profile->sections);
    g_ptr_array_unref(profile->sources);
    g_free(profile);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitRawProfile, tlsfit_raw_free)

/* --- The line index ------------------------------------------------------------------------------------------- */

typedef struct {
    TlsfitRawProfile *profile;
    GPtrArray *problems;
    GHashTable *sections;      /* name -> line + 1 as pointer, of every section seen */
    GHashTable *keys;          /* key -> line, of the section being read */
    TlsfitRawSection *section; /* being read; NULL before the first */
    guint line;
} LineIndex;

static void index_section(LineIndex *index, char *text)
{
    char *end = strchr(text, ']');

    index->section = NULL;
    g_hash_table_remove_all(index->keys);
    if (end == NULL || *g_strstrip(end + 1) != '\0') {
        tlsfit_problem_add(index->problems, index->profile->file, index->line,
                           "a section is one name in brackets: [limits]");
        return;
    }
    *end = '\0';
    if (text[1] == '\0' || strchr(text + 1, '[') != NULL) {
        tlsfit_problem_add(index->problems, index->profile->file, index->line, "\"%s\" is no name for a section",
                           text + 1);
        return;
    }
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(index->sections, text + 1));
    if (before != 0)
        tlsfit_problem_add(index->problems, index->profile->file, index->line,
                           "section [%s] is already in line %u: put the keys together", text + 1, before);
    g_hash_table_insert(index->sections, g_strdup(text + 1), GUINT_TO_POINTER(index->line));

    TlsfitRawSection *section = g_new0(TlsfitRawSection, 1);
    section->name = g_strdup(text + 1);
    section->line = index->line;
    section->entries = g_ptr_array_new_with_free_func(raw_entry_free);
    g_ptr_array_add(index->profile->sections, section);
    index->section = section;
}

static void index_key(LineIndex *index, char *text)
{
    char *equals = strchr(text, '=');

    if (equals == NULL) {
        tlsfit_problem_add(index->problems, index->profile->file, index->line,
                           "this is neither a section, nor a key with =, nor a comment with #");
        return;
    }
    *equals = '\0';
    char *key = g_strstrip(text);
    if (*key == '\0' || strpbrk(key, "[]") != NULL) {
        tlsfit_problem_add(index->problems, index->profile->file, index->line, "\"%s\" is no name for a key", key);
        return;
    }
    if (index->section == NULL) {
        if (index->profile->sections->len == 0)
            tlsfit_problem_add(index->problems, index->profile->file, index->line,
                               "key \"%s\" stands before the first section", key);
        return;
    }
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(index->keys, key));
    if (before != 0) {
        tlsfit_problem_add(index->problems, index->profile->file, index->line,
                           "key \"%s\" is already in line %u: keep one", key, before);
        return;
    }
    g_hash_table_insert(index->keys, g_strdup(key), GUINT_TO_POINTER(index->line));

    TlsfitRawEntry *entry = g_new0(TlsfitRawEntry, 1);
    entry->section = index->section->name;
    entry->key = g_strdup(key);
    entry->line = index->line;
    entry->profile = index->profile;
    g_ptr_array_add(index->section->entries, entry);
}

/* Fills the sections and keys of PROFILE, without values. */
static void index_lines(TlsfitRawProfile *profile, const char *text, gsize length, GPtrArray *problems)
{
    LineIndex index = {.profile = profile, .problems = problems};
    const char *end = text + length;
    guint first = problems->len;

    index.sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    index.keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const char *p = text; p < end && problems->len - first < PROBLEMS_PER_FILE_MAX;) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline != NULL ? newline : end;
        g_autofree char *line = g_strndup(p, (gsize)(stop - p));

        index.line++;
        g_strstrip(line);
        if (*line == '[')
            index_section(&index, line);
        else if (*line != '#' && *line != '\0')
            index_key(&index, line);
        p = newline != NULL ? newline + 1 : end;
    }
    g_hash_table_unref(index.sections);
    g_hash_table_unref(index.keys);
}

/* --- Values --------------------------------------------------------------------------------------------------- */

/* TEXT is valid UTF-8, where U+0080 to U+009F, the other control characters, are C2 80 to C2 9F. */
static gboolean has_control(const char *text)
{
    for (const guchar *p = (const guchar *)text; *p != '\0'; p++) {
        if (*p < 0x20 || *p == 0x7F || (*p == 0xC2 && p[1] < 0xA0))
            return TRUE;
    }
    return FALSE;
}

static void read_value(GKeyFile *file, TlsfitRawEntry *entry, GPtrArray *problems)
{
    g_autoptr(GError) error = NULL;

    entry->value = g_key_file_get_string(file, entry->section, entry->key, &error);
    if (error != NULL || entry->value == NULL) {
        tlsfit_problem_add(problems, entry->profile->file, entry->line,
                           "the value of \"%s\" cannot be read: a backslash must be written twice", entry->key);
        return;
    }
    if (has_control(entry->value))
        tlsfit_problem_add(problems, entry->profile->file, entry->line,
                           "the value of \"%s\" has a control character: keep it one line of text", entry->key);
    g_strstrip(entry->value);
}

static void read_values(TlsfitRawProfile *profile, const char *text, gsize length, GPtrArray *problems)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) error = NULL;

    if (!g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &error)) {
        tlsfit_problem_add(problems, profile->file, 0, "this is no key file: %s", error->message);
        return;
    }
    for (guint i = 0; i < profile->sections->len; i++) {
        TlsfitRawSection *section = g_ptr_array_index(profile->sections, i);
        for (guint j = 0; j < section->entries->len; j++)
            read_value(file, g_ptr_array_index(section->entries, j), problems);
    }
}

/* --- Sources -------------------------------------------------------------------------------------------------- */

static void read_source(TlsfitRawProfile *profile, const TlsfitRawSection *section, GPtrArray *problems)
{
    TlsfitRawSource *source = g_new0(TlsfitRawSource, 1);

    source->target = g_strstrip(g_strdup(section->name + strlen("source ")));
    source->line = section->line;
    source->profile = profile;
    g_ptr_array_add(profile->sources, source);
    tlsfit_source_read(&source->source, section->name, section->line, section->entries, profile, problems);
}

/* Moves the [source ...] sections out of the others. */
static void split_sources(TlsfitRawProfile *profile, GPtrArray *problems)
{
    GPtrArray *all = profile->sections;

    profile->sections = g_ptr_array_new_with_free_func(raw_section_free);
    g_ptr_array_set_free_func(all, NULL);
    for (guint i = 0; i < all->len; i++) {
        TlsfitRawSection *section = g_ptr_array_index(all, i);

        if (g_str_has_prefix(section->name, "source ")) {
            read_source(profile, section, problems);
            raw_section_free(section);
        } else {
            g_ptr_array_add(profile->sections, section);
        }
    }
    g_ptr_array_unref(all);
}

/* --- A profile ------------------------------------------------------------------------------------------------ */

static gboolean is_id(const char *text)
{
    if (!g_ascii_islower(*text) && !g_ascii_isdigit(*text))
        return FALSE;
    for (const char *p = text; *p != '\0'; p++) {
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '.' && *p != '-')
            return FALSE;
    }
    return TRUE;
}

static void check_id(TlsfitRawProfile *profile, GPtrArray *problems)
{
    if (profile->id == NULL) {
        tlsfit_problem_add(problems, profile->file, profile->id_line, "[device] has no id: id = vendor-product");
        return;
    }
    if (!is_id(profile->id))
        tlsfit_problem_add(problems, profile->file, profile->id_line,
                           "\"%s\" is no id: lower case letters, digits, dots and dashes, as in vendor-product",
                           profile->id);
    g_autofree char *base = g_path_get_basename(profile->file);
    g_autofree char *wanted = g_strconcat(profile->id, ".ini", NULL);
    if (profile->builtin && strcmp(base, wanted) != 0)
        tlsfit_problem_add(problems, profile->file, profile->id_line,
                           "a built-in profile is named after its id: %s", wanted);
}

static void read_identity(TlsfitRawProfile *profile, GPtrArray *problems)
{
    for (guint i = 0; i < profile->sections->len; i++) {
        const TlsfitRawSection *section = g_ptr_array_index(profile->sections, i);
        if (strcmp(section->name, "device") != 0)
            continue;
        profile->id_line = section->line;
        for (guint j = 0; j < section->entries->len; j++) {
            const TlsfitRawEntry *entry = g_ptr_array_index(section->entries, j);
            if (strcmp(entry->key, "id") == 0 && *entry->value != '\0') {
                profile->id = g_strdup(entry->value);
                profile->id_line = entry->line;
            } else if (strcmp(entry->key, "inherits") == 0 && *entry->value != '\0') {
                profile->inherits = g_strdup(entry->value);
                profile->inherits_line = entry->line;
            }
        }
    }
    check_id(profile, problems);
}

/* FALSE, with the problem, for bytes that are no text. */
static gboolean check_text(const char *file, const char *text, gsize length, GPtrArray *problems)
{
    const char *bad = NULL;
    guint line = 1;

    if (length > TLSFIT_PROFILE_BYTES_MAX) {
        tlsfit_problem_add(problems, file, 0, "larger than %u bytes: this is no device profile",
                           TLSFIT_PROFILE_BYTES_MAX);
        return FALSE;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        tlsfit_problem_add(problems, file, 1, "starts with a byte order mark: save it as UTF-8 without one");
        return FALSE;
    }
    if (g_utf8_validate(text, (gssize)length, &bad))
        return TRUE;
    for (const char *p = text; p < bad; p++)
        line += *p == '\n';
    tlsfit_problem_add(problems, file, line, *bad == '\0' ? "has a NUL byte: a profile is text"
                                                           : "is not UTF-8: save it as UTF-8");
    return FALSE;
}

TlsfitRawProfile *tlsfit_raw_read(const char *file, gboolean builtin, const char *text, gsize length,
                                  GPtrArray *problems)
{
    guint before = problems->len;

    if (!check_text(file, text, length, problems))
        return NULL;
    g_autoptr(TlsfitRawProfile) profile = g_new0(TlsfitRawProfile, 1);
    profile->file = g_strdup(file);
    profile->builtin = builtin;
    profile->sections = g_ptr_array_new_with_free_func(raw_section_free);
    profile->sources = g_ptr_array_new_with_free_func(raw_source_free);
    index_lines(profile, text, length, problems);
    if (problems->len == before)
        read_values(profile, text, length, problems);
    if (problems->len == before) {
        split_sources(profile, problems);
        read_identity(profile, problems);
    }
    return problems->len == before ? g_steal_pointer(&profile) : NULL;
}
