/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a claim is from: the lines confidence, where, what and date of a section in, a TlsfitSource out.
 *
 * Does not know what the claim is about.
 */
#include "device.h"

#include <stdlib.h>
#include <string.h>

/* 2024, 2024-09 or 2024-09-18. */
static gboolean is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    size_t length = strlen(text);
    int month = 1, day = 1;

    if (length != 4 && length != 7 && length != 10)
        return FALSE;
    for (size_t i = 0; i < length; i++) {
        if (form[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != '-')
            return FALSE;
    }
    if (length >= 7)
        month = (text[5] - '0') * 10 + text[6] - '0';
    if (length == 10)
        day = (text[8] - '0') * 10 + text[9] - '0';
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return FALSE;
    return length < 10 || g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)atoi(text));
}

/* One problem is enough: a confidence that is none of the five counts as given. */
static void read_confidence(const TlsfitRawEntry *entry, TlsfitSource *source, GPtrArray *problems)
{
    for (TlsfitConfidence c = TLSFIT_DOCUMENTED; c <= TLSFIT_INFERRED; c++) {
        if (strcmp(entry->value, tlsfit_confidence_name(c)) == 0) {
            source->confidence = c;
            return;
        }
    }
    tlsfit_problem_add(problems, entry->profile->file, entry->line,
                       "confidence is one of documented, source-code, observed, reported, inferred; not \"%s\"",
                       entry->value);
}

static void read_entry(const TlsfitRawEntry *entry, TlsfitSource *source, GPtrArray *problems)
{
    char *value = *entry->value != '\0' ? entry->value : NULL;

    if (strcmp(entry->key, "confidence") == 0)
        read_confidence(entry, source, problems);
    else if (strcmp(entry->key, "where") == 0)
        source->where = g_strdup(value);
    else if (strcmp(entry->key, "what") == 0)
        source->what = g_strdup(value);
    else if (strcmp(entry->key, "date") == 0 && value != NULL && is_date(value))
        source->date = g_strdup(value);
    else if (strcmp(entry->key, "date") == 0)
        tlsfit_problem_add(problems, entry->profile->file, entry->line,
                           "\"%s\" is no date: write 2024, 2024-09 or 2024-09-18", entry->value);
    else
        tlsfit_problem_add(problems, entry->profile->file, entry->line,
                           "a source has confidence, where, what and date; not \"%s\"", entry->key);
}

void tlsfit_source_read(TlsfitSource *source, const char *section, guint line, const GPtrArray *entries,
                        const TlsfitRawProfile *profile, GPtrArray *problems)
{
    gboolean has_confidence = FALSE;

    for (guint i = 0; i < entries->len; i++) {
        const TlsfitRawEntry *entry = g_ptr_array_index(entries, i);

        has_confidence = has_confidence || strcmp(entry->key, "confidence") == 0;
        read_entry(entry, source, problems);
    }
    if (!has_confidence)
        tlsfit_problem_add(problems, profile->file, line, "[%s] has no confidence: say how sure this is", section);
    if (source->where == NULL)
        tlsfit_problem_add(problems, profile->file, line,
                           "[%s] does not say where: give a URL, or a repository path and commit", section);
}
