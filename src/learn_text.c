/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a profile as lines that can be changed one by one.
 *
 * GKeyFile would write a profile too, but it keeps a comment above a section as the end of the section before it, so
 * that a key added there lands behind the comment (GLib 2.74). Here every line stays where it is. Reading and checking
 * is device_read.c's part: this takes only text that passed it.
 */
#include "learned.h"

#include <string.h>

#define NOTE_PREFIX "# learn: "

struct TlsfitProfileText {
    GPtrArray *lines; /* of char *, without newline */
};

TlsfitProfileText *tlsfit_profile_text_new(const char *text)
{
    TlsfitProfileText *profile = g_new0(TlsfitProfileText, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    profile->lines = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_ptr_array_add(profile->lines, g_strdup(lines[i]));
    }
    while (profile->lines->len > 0 && *(char *)g_ptr_array_index(profile->lines, profile->lines->len - 1) == '\0') {
        g_ptr_array_set_size(profile->lines, (int)profile->lines->len - 1);
    }
    return profile;
}

void tlsfit_profile_text_free(TlsfitProfileText *profile)
{
    if (profile != NULL) {
        g_ptr_array_unref(profile->lines);
        g_free(profile);
    }
}

char *tlsfit_profile_text_join(const TlsfitProfileText *profile)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < profile->lines->len; i++) {
        g_string_append(text, g_ptr_array_index(profile->lines, i));
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

/* --- Finding ------------------------------------------------------------------------------------------------------ */

typedef enum { LINE_OTHER, LINE_SECTION, LINE_KEY } LineKind;

/* A part of a line. */
typedef struct {
    const char *at;
    gsize length;
} Span;

static Span span_of(const char *start, const char *end)
{
    while (start < end && g_ascii_isspace(*start)) {
        start++;
    }
    while (end > start && g_ascii_isspace(end[-1])) {
        end--;
    }
    return (Span){ start, (gsize)(end - start) };
}

static gboolean span_is(Span span, const char *text)
{
    return strlen(text) == span.length && strncmp(span.at, text, span.length) == 0;
}

/* The section's name, or the key and its value. Every line is read for every change: nothing is copied. */
static LineKind read_line(const char *line, Span *name, Span *value)
{
    const Span text = span_of(line, line + strlen(line));
    const char *end = text.length > 0 ? memchr(text.at, *text.at == '[' ? ']' : '=', text.length) : NULL;

    if (end == NULL || *text.at == '#') {
        return LINE_OTHER;
    }
    if (*text.at == '[') {
        *name = (Span){ text.at + 1, (gsize)(end - text.at - 1) };
        return LINE_SECTION;
    }
    *name = span_of(text.at, end);
    *value = span_of(end + 1, text.at + text.length);
    return LINE_KEY;
}

/* What of a section is asked for. */
typedef struct {
    int header; /* -1: there is no such section */
    int key;    /* -1: it has no such key */
    int end;    /* behind its last key */
    Span value; /* as written */
} Found;

/* The sections for which FITS is true count as one, so that END is behind the last of them; KEY may be NULL. */
static Found find(const TlsfitProfileText *profile, const char *wanted, gboolean (*fits)(Span, const char *),
                  const char *key)
{
    Found found = { -1, -1, -1, { NULL, 0 } };
    gboolean inside = FALSE;

    for (guint i = 0; i < profile->lines->len; i++) {
        Span name, value;
        const LineKind kind = read_line(g_ptr_array_index(profile->lines, i), &name, &value);

        if (kind == LINE_SECTION) {
            inside = fits(name, wanted);
            found.header = inside ? (int)i : found.header;
        }
        if (kind != LINE_OTHER && inside) {
            found.end = (int)i + 1;
        }
        if (kind == LINE_KEY && inside && key != NULL && span_is(name, key)) {
            found.key = (int)i;
            found.value = value;
        }
    }
    return found;
}

static gboolean is_section(Span name, const char *wanted)
{
    return span_is(name, wanted);
}

static gboolean skip(Span *name, const char *prefix)
{
    const gsize length = strlen(prefix);

    if (name->length < length || strncmp(name->at, prefix, length) != 0) {
        return FALSE;
    }
    *name = (Span){ name->at + length, name->length - length };
    return TRUE;
}

/* [groups], and what is about it: [source groups.supported], [against groups.supported.x25519]. */
static gboolean is_of_family(Span name, const char *family)
{
    const gsize length = strlen(family);

    if (!skip(&name, "source ") && !skip(&name, "against ")) {
        return span_is(name, family);
    }
    return name.length >= length && strncmp(name.at, family, length) == 0 &&
           (name.length == length || name.at[length] == '.');
}

char *tlsfit_profile_text_get(const TlsfitProfileText *profile, const char *section, const char *key)
{
    const Found found = find(profile, section, is_section, key);

    return found.key >= 0 ? g_strndup(found.value.at, found.value.length) : NULL;
}

gboolean tlsfit_profile_text_has(const TlsfitProfileText *profile, const char *section)
{
    return find(profile, section, is_section, NULL).header >= 0;
}

/* --- Changing ----------------------------------------------------------------------------------------------------- */

char *tlsfit_one_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *result = g_string_new(NULL);

    for (const char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        const gunichar character = g_utf8_get_char(p);

        g_string_append_unichar(result, g_unichar_iscntrl(character) ? ' ' : character);
    }
    return g_strstrip(g_string_free(result, FALSE));
}

/* As a key file writes it: a backslash twice. */
static char *line_of(const char *key, const char *value)
{
    g_autofree char *plain = tlsfit_one_line(value);
    g_auto(GStrv) parts = g_strsplit(plain, "\\", -1);
    g_autofree char *escaped = g_strjoinv("\\\\", parts);

    return g_strdup_printf("%s = %s", key, escaped);
}

static void insert(TlsfitProfileText *profile, int at, char *line)
{
    g_ptr_array_insert(profile->lines, at, line);
}

/* The family of a section: what comes before the first dot of a source's target. */
static char *family_of(const char *section)
{
    const char *space = g_str_has_prefix(section, "source ") || g_str_has_prefix(section, "against ")
                            ? strchr(section, ' ') + 1 : NULL;
    g_auto(GStrv) parts = g_strsplit(space != NULL ? space : section, ".", 2);

    return g_strdup(parts[0]);
}

/* An empty line and the header; the place behind it. */
static int add_section(TlsfitProfileText *profile, const char *section)
{
    g_autofree char *family = family_of(section);
    const Found near = find(profile, family, is_of_family, NULL);
    int at = near.end >= 0 ? near.end : (int)profile->lines->len;

    if (at > 0) {
        insert(profile, at++, g_strdup(""));
    }
    insert(profile, at++, g_strdup_printf("[%s]", section));
    return at;
}

void tlsfit_profile_text_set(TlsfitProfileText *profile, const char *section, const char *key, const char *value)
{
    const Found found = find(profile, section, is_section, key);

    if (found.key >= 0) {
        g_free(g_ptr_array_index(profile->lines, (guint)found.key));
        g_ptr_array_index(profile->lines, (guint)found.key) = line_of(key, value);
    } else {
        insert(profile, found.header >= 0 ? found.end : add_section(profile, section), line_of(key, value));
    }
}

void tlsfit_profile_text_claim(TlsfitProfileText *profile, const char *section, const TlsfitSource *source)
{
    tlsfit_profile_text_set(profile, section, "confidence", tlsfit_confidence_name(source->confidence));
    tlsfit_profile_text_set(profile, section, "where", source->where);
    if (source->what != NULL) {
        tlsfit_profile_text_set(profile, section, "what", source->what);
    }
    if (source->date != NULL) {
        tlsfit_profile_text_set(profile, section, "date", source->date);
    }
}

void tlsfit_profile_text_source(TlsfitProfileText *profile, const char *target, const TlsfitSource *source)
{
    g_autofree char *section = g_strdup_printf("source %s", target);

    tlsfit_profile_text_claim(profile, section, source);
}

/* A failure is the same one by where it was seen: what is said of it changes with what else is known. The length of
 * "failed (CAPTURE, frame N" in LINE; 0 for another line. */
static gsize failure_length(const char *line)
{
    static const char mark[] = ", frame ";
    const char *frame = g_str_has_prefix(line, "failed (") ? strstr(line, mark) : NULL;

    return frame == NULL ? 0 : (gsize)(frame - line) + strlen(mark) + strspn(frame + strlen(mark), "0123456789");
}

static gboolean is_noted(const char *known, const char *note)
{
    const gsize length = failure_length(note + strlen(NOTE_PREFIX));

    return strcmp(known, note) == 0 ||
           (length > 0 && strncmp(known, note, strlen(NOTE_PREFIX) + length) == 0 &&
            !g_ascii_isdigit(known[strlen(NOTE_PREFIX) + length]));
}

void tlsfit_profile_text_note(TlsfitProfileText *profile, const char *line)
{
    g_autofree char *plain = tlsfit_one_line(line);
    char *note = g_strconcat(NOTE_PREFIX, plain, NULL);
    gboolean after_note = FALSE;

    for (guint i = 0; i < profile->lines->len; i++) {
        const char *known = g_ptr_array_index(profile->lines, i);

        if (is_noted(known, note)) {
            g_free(note);
            return;
        }
        after_note = g_str_has_prefix(known, NOTE_PREFIX);
    }
    if (!after_note) {
        insert(profile, (int)profile->lines->len, g_strdup(""));
    }
    insert(profile, (int)profile->lines->len, note);
}
