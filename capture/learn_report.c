/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report of learning. See learn_report.h.
 *
 * In: changes and notes of the core. Out: text laid out for a terminal, or JSON. Decides nothing.
 */
#include "learn_report.h"

#include "terminal.h"
#include "tlsfit_json.h"

#include <string.h>

static const struct {
    TlsfitLearnKind kind;
    TlsfitStyle style;
    const char *title;
} parts[] = {
    { TLSFIT_LEARN_CONTRADICTS, TLSFIT_STYLE_BAD,
      "Contradicted: the profile says that the device cannot, and it did. Left as it is; is it the same device?" },
    { TLSFIT_LEARN_DIFFERS, TLSFIT_STYLE_WARNING, "Different, though nothing is proven. Left as it is" },
    { TLSFIT_LEARN_NEW, TLSFIT_STYLE_GOOD, "New" },
    { TLSFIT_LEARN_STRONGER, TLSFIT_STYLE_GOOD, "Confirmed by a better source, which is written beside the profile's" },
    { TLSFIT_LEARN_CONFIRMED, TLSFIT_STYLE_FAINT, "Confirmed" },
};

guint learn_report_count(const GPtrArray *changes, TlsfitLearnKind kind)
{
    guint count = 0;

    for (guint i = 0; i < changes->len; i++) {
        count += ((const TlsfitLearnChange *)g_ptr_array_index(changes, i))->kind == kind ? 1u : 0u;
    }
    return count;
}

/* --- Text ------------------------------------------------------------------------------------------------------------ */

static void append_source(GString *out, const char *whose, const TlsfitSource *source)
{
    g_autofree char *text = g_strdup_printf("%s: %s, %s%s%s", whose, tlsfit_confidence_name(source->confidence),
                                            source->where, source->what != NULL ? ": " : "",
                                            source->what != NULL ? source->what : "");

    g_string_append(out, "      ");
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT, text, 6);
}

static void append_change(GString *out, const TlsfitLearnChange *change, TlsfitStyle style)
{
    const gboolean detailed = change->kind != TLSFIT_LEARN_NEW && change->kind != TLSFIT_LEARN_CONFIRMED;
    GString *line = g_string_new(change->key);

    g_string_append_printf(line, " = %s", change->value);
    if (change->text != NULL) {
        g_string_append_printf(line, " (%s)", change->text);
    } else if (!detailed) {
        g_string_append_printf(line, " (%s, %s)", tlsfit_confidence_name(change->learned.confidence), change->learned.where);
    }
    g_string_append(out, "  ");
    tlsfit_text_append_wrapped(out, style, line->str, 4);
    g_string_free(line, TRUE);
    if (detailed) {
        append_source(out, "the captures", &change->learned);
        if (change->has_source) {
            append_source(out, "the profile", &change->profile);
        }
    }
}

static void append_title(GString *out, const char *title, guint count)
{
    g_autofree char *text = g_strdup_printf("%s (%u):", title, count);

    g_string_append_c(out, '\n');
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_STRONG, text, 2);
}

static void append_changes(GString *out, const GPtrArray *changes)
{
    for (guint part = 0; part < G_N_ELEMENTS(parts); part++) {
        const guint count = learn_report_count(changes, parts[part].kind);

        if (count > 0) {
            append_title(out, parts[part].title, count);
        }
        for (guint i = 0; i < changes->len; i++) {
            const TlsfitLearnChange *change = g_ptr_array_index(changes, i);

            if (change->kind == parts[part].kind) {
                append_change(out, change, parts[part].style);
            }
        }
    }
}

/* "cipher_suites.supported: 2 proven, 5 only offered", a line for each key of a new profile. */
static void append_summary(GString *out, const GPtrArray *changes)
{
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);

    append_title(out, "In the new profile", changes->len);
    for (guint i = 0; i < changes->len; i++) {
        const TlsfitLearnChange *first = g_ptr_array_index(changes, i);
        guint observed = 0, inferred = 0;

        if (g_str_has_prefix(first->key, "fingerprint.") || !g_hash_table_add(done, first->key)) {
            continue;
        }
        for (guint j = i; j < changes->len; j++) {
            const TlsfitLearnChange *change = g_ptr_array_index(changes, j);

            if (strcmp(change->key, first->key) == 0) {
                observed += change->learned.confidence == TLSFIT_OBSERVED ? 1u : 0u;
                inferred += change->learned.confidence == TLSFIT_OBSERVED ? 0u : 1u;
            }
        }
        g_string_append_printf(out, "  %-40s", first->key);
        if (observed + inferred == 1) {
            g_string_append_printf(out, " %s (%s)\n", first->value, tlsfit_confidence_name(first->learned.confidence));
        } else {
            g_string_append_printf(out, " %u observed, %u inferred\n", observed, inferred);
        }
    }
}

static const char *plural(guint count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

static void append_counts(GString *out, const TlsfitLearned *learned)
{
    const TlsfitLearnedCounts counts = tlsfit_learned_counts(learned);
    const struct {
        guint count;
        const char *what;
    } ends[] = { { counts.completed, "completed" }, { counts.resumed, "resumed" }, { counts.failed, "failed" },
                 { counts.cut, "cut off by the end of the capture" } };
    const char *separator = ": ";

    g_string_append_printf(out, "%u %s", counts.handshakes, plural(counts.handshakes, "handshake", "handshakes"));
    for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
        if (ends[i].count > 0) {
            g_string_append_printf(out, "%s%u %s", separator, ends[i].count, ends[i].what);
            separator = ", ";
        }
    }
    g_string_append_c(out, '\n');
    if (counts.hidden > 0) {
        g_string_append_printf(out, "Completed with encrypted certificates, which show nothing of the chain: %u (--keylog FILE "
                                    "gives the secrets)\n", counts.hidden);
    }
    if (counts.truncated > 0) {
        g_string_append_printf(out, "ClientHellos that were not captured in full: %u (so no list is called complete)\n",
                               counts.truncated);
    }
    if (counts.completed + counts.resumed == 0) {
        g_string_append(out, "No handshake completed: this is only what the device offers.\n");
    }
}

GString *learn_report_text(const TlsfitLearned *learned, const GPtrArray *changes, gboolean merged)
{
    g_autoptr(GPtrArray) notes = tlsfit_learned_notes(learned);
    GString *out = g_string_new(NULL);

    append_counts(out, learned);
    if (merged) {
        append_changes(out, changes);
    } else {
        append_summary(out, changes);
    }
    if (notes->len > 0) {
        append_title(out, "What no key of a profile can say; it stands in comments", notes->len);
    }
    for (guint i = 0; i < notes->len; i++) {
        g_string_append(out, "  ");
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, g_ptr_array_index(notes, i), 4);
    }
    return out;
}

/* --- JSON ------------------------------------------------------------------------------------------------------------ */

static void json_source(JsonBuilder *builder, const char *key, const TlsfitSource *source)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "confidence", tlsfit_confidence_name(source->confidence));
    tlsfit_json_string(builder, "where", source->where);
    tlsfit_json_string(builder, "what", source->what);
    tlsfit_json_string(builder, "date", source->date);
    json_builder_end_object(builder);
}

static void json_changes(JsonBuilder *builder, const GPtrArray *changes)
{
    json_builder_set_member_name(builder, "changes");
    json_builder_begin_array(builder);
    for (guint i = 0; i < changes->len; i++) {
        const TlsfitLearnChange *change = g_ptr_array_index(changes, i);

        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "kind", tlsfit_learn_kind_name(change->kind));
        tlsfit_json_string(builder, "key", change->key);
        tlsfit_json_string(builder, "value", change->value);
        tlsfit_json_string(builder, "text", change->text);
        json_source(builder, "learned", &change->learned);
        if (change->has_source) {
            json_source(builder, "profile", &change->profile);
        }
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void json_notes(JsonBuilder *builder, const TlsfitLearned *learned)
{
    g_autoptr(GPtrArray) notes = tlsfit_learned_notes(learned);

    json_builder_set_member_name(builder, "notes");
    json_builder_begin_array(builder);
    for (guint i = 0; i < notes->len; i++) {
        json_builder_add_string_value(builder, g_ptr_array_index(notes, i));
    }
    json_builder_end_array(builder);
}

GString *learn_report_json(const TlsfitLearned *learned, const GPtrArray *changes)
{
    const TlsfitLearnedCounts counts = tlsfit_learned_counts(learned);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    GString *out = g_string_new(NULL);

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "tlsfit", TLSFIT_VERSION);
    tlsfit_json_number(builder, "handshakes", counts.handshakes);
    tlsfit_json_number(builder, "completed", counts.completed);
    tlsfit_json_number(builder, "resumed", counts.resumed);
    tlsfit_json_number(builder, "failed", counts.failed);
    tlsfit_json_number(builder, "cut", counts.cut);
    tlsfit_json_number(builder, "certificates_hidden", counts.hidden);
    tlsfit_json_number(builder, "hellos", counts.hellos);
    tlsfit_json_number(builder, "hellos_truncated", counts.truncated);
    json_changes(builder, changes);
    json_notes(builder, learned);
    json_builder_end_object(builder);
    tlsfit_json_append(out, builder);
    return out;
}
