/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of one client: its lessons in, from any number of captures, and for each thing the first and strongest
 * evidence out. Offers count from every ClientHello, needs only from handshakes that completed.
 *
 * Concludes nothing: see learn_claims.c.
 */
#include "learned.h"

#include <string.h>

/* Kinds of failures beyond which no new kind is kept: they are listed for people. */
#define FAILURES_MAX 200u

typedef struct {
    TlsfitLessonClient client;
    gint64 wall_s;
    guint32 hello_frame;
    TlsfitOutcome outcome;
    guint flags;
    TlsfitTransport transport;
    GVariant *facts;
    guint32 end_frame;
    const char *hint;
    const char *capture;
    const char *date;
} Lesson;

static void failure_free(gpointer data)
{
    TlsfitFailure *failure = data;

    g_array_unref(failure->needed);
    g_free(failure->hint);
    g_free(failure);
}

TlsfitLearned *tlsfit_learned_new(void)
{
    TlsfitLearned *learned = g_new0(TlsfitLearned, 1);

    learned->evidence = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; i < TLSFIT_TOPIC_NUMBERS; i++) {
        learned->order[i] = g_ptr_array_new();
    }
    learned->ja3 = g_ptr_array_new();
    learned->ja4 = g_ptr_array_new();
    learned->failures = g_ptr_array_new_with_free_func(failure_free);
    return learned;
}

void tlsfit_learned_free(TlsfitLearned *learned)
{
    if (learned == NULL) {
        return;
    }
    for (guint i = 0; i < TLSFIT_TOPIC_NUMBERS; i++) {
        g_ptr_array_unref(learned->order[i]);
    }
    for (guint i = 0; i < TLSFIT_TOPIC_OFFERS; i++) {
        g_clear_pointer(&learned->first[i], g_array_unref);
    }
    g_hash_table_unref(learned->evidence);
    g_ptr_array_unref(learned->ja3);
    g_ptr_array_unref(learned->ja4);
    g_ptr_array_unref(learned->failures);
    g_free(learned);
}

/* --- Reading a lesson ------------------------------------------------------------------------------------------- */

static gboolean is_done(const Lesson *lesson)
{
    return lesson->outcome == TLSFIT_OUTCOME_COMPLETED || lesson->outcome == TLSFIT_OUTCOME_RESUMED;
}

/* The facts belong to LESSON's variant; unref them. */
static gboolean read_lesson(GVariant *variant, Lesson *lesson)
{
    TlsfitLessonClient *client = &lesson->client;
    guchar outcome;

    if (!g_variant_is_of_type(variant, G_VARIANT_TYPE(TLSFIT_LESSON_TYPE))) {
        return FALSE;
    }
    g_variant_get(variant, "(&s&s&s&s&sxuyu@a(yuuyn)u&s)", &client->address, &client->mac, &client->ja3, &client->ja4,
                  &client->server_name, &lesson->wall_s, &lesson->hello_frame, &outcome, &lesson->flags, &lesson->facts,
                  &lesson->end_frame, &lesson->hint);
    lesson->outcome = (TlsfitOutcome)outcome;
    lesson->transport = (TlsfitTransport)((lesson->flags >> 16) & 3u);
    client->completed = is_done(lesson);
    return TRUE;
}

gboolean tlsfit_lesson_client(GVariant *variant, TlsfitLessonClient *client)
{
    Lesson lesson;

    if (!read_lesson(variant, &lesson)) {
        return FALSE;
    }
    g_variant_unref(lesson.facts);
    *client = lesson.client;
    return TRUE;
}

static const char *date_of(gint64 wall_s)
{
    g_autoptr(GDateTime) time = wall_s > 0 ? g_date_time_new_from_unix_utc(wall_s) : NULL;
    g_autofree char *text = time != NULL ? g_date_time_format(time, "%Y-%m-%d") : NULL;

    return g_intern_string(text);
}

/* --- Facts ------------------------------------------------------------------------------------------------------ */

static gint64 *key_of(gint64 value)
{
    gint64 *key = g_new(gint64, 1);

    *key = value;
    return key;
}

static gboolean is_number(TlsfitTopic topic)
{
    return topic >= TLSFIT_TOPIC_NUMBERS && topic != TLSFIT_TOPIC_REFUSED_CHAIN;
}

static void keep_number(TlsfitLearned *learned, const TlsfitEvidence *evidence)
{
    TlsfitEvidence *largest = &learned->largest[evidence->topic];
    TlsfitEvidence *smallest = &learned->smallest[evidence->topic];

    if (largest->count == 0 || evidence->value > largest->value) {
        *largest = *evidence;
    }
    if (smallest->count == 0 || evidence->value < smallest->value) {
        *smallest = *evidence;
    }
}

/* The first of the strongest stays; how many handshakes show it is counted. */
static void keep_code(TlsfitLearned *learned, const TlsfitEvidence *evidence)
{
    const gint64 key = (gint64)evidence->topic << 32 | evidence->value;
    TlsfitEvidence *known = g_hash_table_lookup(learned->evidence, &key);

    if (known == NULL) {
        known = g_new(TlsfitEvidence, 1);
        *known = *evidence;
        g_hash_table_insert(learned->evidence, key_of(key), known);
        g_ptr_array_add(learned->order[evidence->topic], known);
        return;
    }
    const guint count = known->count + 1;

    if (evidence->confidence < known->confidence) {
        *known = *evidence;
    }
    known->count = count;
}

static void keep(TlsfitLearned *learned, const TlsfitEvidence *evidence)
{
    if (evidence->topic == TLSFIT_TOPIC_REFUSED_CHAIN) {
        if (learned->refused.count == 0) {
            learned->refused = *evidence;
        }
    } else if (is_number(evidence->topic)) {
        keep_number(learned, evidence);
    } else {
        keep_code(learned, evidence);
    }
}

const TlsfitEvidence *tlsfit_learned_evidence(const TlsfitLearned *learned, TlsfitTopic topic, guint value)
{
    const gint64 key = (gint64)topic << 32 | value;

    return g_hash_table_lookup(learned->evidence, &key);
}

/* A fact that one lesson tells twice (two certificates with the same signature) counts once: lessons begin with the
 * end-entity, so that the first is the surer one. NEEDED gets what the handshake needed. */
static void take_facts(TlsfitLearned *learned, const Lesson *lesson, GArray *needed)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    TlsfitEvidence evidence = { .capture = lesson->capture, .date = lesson->date, .count = 1 };
    GVariantIter iter;
    guchar topic, confidence;
    gint16 certificate;

    g_variant_iter_init(&iter, lesson->facts);
    while (g_variant_iter_next(&iter, "(yuuyn)", &topic, &evidence.value, &evidence.frame, &confidence, &certificate)) {
        const gint64 key = (gint64)topic << 32 | evidence.value;

        if (topic >= TLSFIT_TOPIC_COUNT || confidence > TLSFIT_INFERRED ||
            !g_hash_table_add(seen, key_of(key))) {
            continue;
        }
        evidence.topic = (TlsfitTopic)topic;
        evidence.confidence = (TlsfitConfidence)confidence;
        evidence.certificate = certificate;
        if (topic < TLSFIT_TOPIC_OFFERS || topic == TLSFIT_TOPIC_REFUSED_CHAIN || is_done(lesson)) {
            keep(learned, &evidence);
        } else {
            g_array_append_val(needed, evidence);
        }
    }
}

/* --- ClientHellos ----------------------------------------------------------------------------------------------- */

static void intern_into(GPtrArray *list, const char *text)
{
    const char *interned = g_intern_string(text);

    if (*text != '\0' && !g_ptr_array_find(list, interned, NULL)) {
        g_ptr_array_add(list, (gpointer)interned);
    }
}

static GArray *offers_of(const Lesson *lesson, TlsfitTopic wanted)
{
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(guint16));
    GVariantIter iter;
    guchar topic;
    guint32 value;

    g_variant_iter_init(&iter, lesson->facts);
    while (g_variant_iter_next(&iter, "(yuuyn)", &topic, &value, NULL, NULL, NULL)) {
        const guint16 code = (guint16)value;

        if (topic == wanted) {
            g_array_append_val(codes, code);
        }
    }
    return codes;
}

static gboolean same_codes(const GArray *a, const GArray *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len * sizeof(guint16)) == 0);
}

static int compare_codes(gconstpointer a, gconstpointer b)
{
    return *(const guint16 *)a - *(const guint16 *)b;
}

static gboolean same_set(const GArray *a, const GArray *b)
{
    g_autoptr(GArray) left = g_array_copy((GArray *)a);
    g_autoptr(GArray) right = g_array_copy((GArray *)b);

    g_array_sort(left, compare_codes);
    g_array_sort(right, compare_codes);
    return same_codes(left, right);
}

static void compare_offers(TlsfitLearned *learned, const Lesson *lesson)
{
    for (guint topic = 0; topic < TLSFIT_TOPIC_OFFERS; topic++) {
        g_autoptr(GArray) codes = offers_of(lesson, (TlsfitTopic)topic);

        if (learned->first[topic] == NULL) {
            learned->first[topic] = g_steal_pointer(&codes);
        } else if (!same_codes(learned->first[topic], codes)) {
            learned->order_differs[topic] = TRUE;
            learned->set_differs[topic] = learned->set_differs[topic] || !same_set(learned->first[topic], codes);
        }
    }
}

static gboolean offers_dtls(const Lesson *lesson)
{
    g_autoptr(GArray) versions = offers_of(lesson, TLSFIT_TOPIC_OFFERED_VERSION);

    return versions->len > 0 && g_array_index(versions, guint16, 0) >> 8 == 0xFE;
}

static void take_hello(TlsfitLearned *learned, const Lesson *lesson)
{
    if ((lesson->flags & TLSFIT_LESSON_HELLO) == 0) {
        return;
    }
    if ((lesson->flags & TLSFIT_LESSON_TRUNCATED) != 0) {
        learned->counts.truncated++;
        return;
    }
    if (learned->counts.hellos++ == 0) {
        learned->hello = (TlsfitEvidence){ .capture = lesson->capture, .frame = lesson->hello_frame,
                                           .date = lesson->date, .certificate = -1, .count = 1,
                                           .confidence = TLSFIT_OBSERVED };
    }
    learned->by_transport[lesson->transport]++;
    learned->in_family[offers_dtls(lesson) ? 1 : 0]++;
    learned->with_groups += (lesson->flags & TLSFIT_LESSON_GROUPS) != 0 ? 1u : 0u;
    learned->with_schemes += (lesson->flags & TLSFIT_LESSON_SCHEMES) != 0 ? 1u : 0u;
    intern_into(learned->ja3, lesson->client.ja3);
    intern_into(learned->ja4, lesson->client.ja4);
    compare_offers(learned, lesson);
}

/* --- The end of each --------------------------------------------------------------------------------------------- */

static gboolean same_needs(const GArray *a, const GArray *b)
{
    gboolean same = a->len == b->len;

    for (guint i = 0; same && i < a->len; i++) {
        const TlsfitEvidence *left = &g_array_index(a, TlsfitEvidence, i);
        const TlsfitEvidence *right = &g_array_index(b, TlsfitEvidence, i);

        same = left->topic == right->topic && left->value == right->value;
    }
    return same;
}

static void take_failure(TlsfitLearned *learned, const Lesson *lesson, GArray *needed)
{
    for (guint i = 0; i < learned->failures->len; i++) {
        TlsfitFailure *known = g_ptr_array_index(learned->failures, i);

        if (g_str_equal(known->hint, lesson->hint) && same_needs(known->needed, needed)) {
            known->count++;
            return;
        }
    }
    if (learned->failures->len >= FAILURES_MAX) {
        return;
    }
    TlsfitFailure *failure = g_new0(TlsfitFailure, 1);

    failure->capture = lesson->capture;
    failure->frame = lesson->end_frame;
    failure->hint = g_strdup(lesson->hint);
    failure->needed = g_array_ref(needed);
    failure->count = 1;
    g_ptr_array_add(learned->failures, failure);
}

static void take_outcome(TlsfitLearned *learned, const Lesson *lesson, GArray *needed)
{
    TlsfitLearnedCounts *counts = &learned->counts;

    counts->handshakes++;
    switch (lesson->outcome) {
    case TLSFIT_OUTCOME_COMPLETED:
        counts->completed++;
        counts->hidden += (lesson->flags & TLSFIT_LESSON_NO_CERTIFICATES) != 0 ? 1u : 0u;
        break;
    case TLSFIT_OUTCOME_RESUMED:
        counts->resumed++;
        break;
    case TLSFIT_OUTCOME_CUT:
    case TLSFIT_OUTCOME_OPEN:
        counts->cut++;
        break;
    default:
        counts->failed++;
        take_failure(learned, lesson, needed);
        break;
    }
    if ((lesson->flags & TLSFIT_LESSON_ASKED_CLIENT) != 0 && learned->without_client_certificate++ == 0) {
        learned->asked_capture = lesson->capture;
        learned->asked_frame = lesson->end_frame;
    }
}

gboolean tlsfit_learned_add(TlsfitLearned *learned, const char *capture, GVariant *variant)
{
    g_autoptr(GArray) needed = g_array_new(FALSE, FALSE, sizeof(TlsfitEvidence));
    g_autofree char *name = tlsfit_one_line(capture);
    Lesson lesson;

    if (!read_lesson(variant, &lesson)) {
        return FALSE;
    }
    lesson.capture = g_intern_string(name);
    lesson.date = date_of(lesson.wall_s);
    take_hello(learned, &lesson);
    take_facts(learned, &lesson, needed);
    take_outcome(learned, &lesson, needed);
    g_variant_unref(lesson.facts);
    return TRUE;
}

TlsfitLearnedCounts tlsfit_learned_counts(const TlsfitLearned *learned)
{
    return learned->counts;
}
