/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was learned and no key of a profile can say, in lines for people: the sizes that were handled, and how the
 * handshakes that failed differ from those that completed. Hints, never limits.
 */
#include "learned.h"

/* Differences listed for one failure: a chain of odd certificates must not fill the page. */
#define DIFFERENCES_MAX 8u

/* The smallest record that a client can ask for (RFC 6066, 4): that it takes one is not worth a word. */
#define SMALLEST_FRAGMENT_BYTES 512u

/* Numbers: up to (or down to) which a handshake completed. */
static const struct {
    TlsfitTopic topic;
    gboolean smallest;
    const char *text; /* with %u */
} numbers[] = {
    { TLSFIT_TOPIC_CHAIN_MESSAGE, FALSE, "%u certificates in the message" },
    { TLSFIT_TOPIC_CERTIFICATE_BYTES, FALSE, "a certificate of %u bytes" },
    { TLSFIT_TOPIC_MESSAGE_BYTES, FALSE, "a handshake message of %u bytes" },
    { TLSFIT_TOPIC_RECORD_BYTES, FALSE, "a record of %u bytes" },
    { TLSFIT_TOPIC_ENCRYPTED_RECORD_BYTES, FALSE, "an encrypted record of %u bytes" },
    { TLSFIT_TOPIC_DATAGRAM_BYTES, FALSE, "a datagram of %u bytes" },
    { TLSFIT_TOPIC_CA_RSA_BITS, FALSE, "an RSA key of %u bits behind a certificate" },
    { TLSFIT_TOPIC_CA_RSA_BITS, TRUE, "an RSA key of no more than %u bits behind a certificate" },
    { TLSFIT_TOPIC_END_RSA_BITS, FALSE, "an RSA key of %u bits in the end-entity certificate" },
    { TLSFIT_TOPIC_END_RSA_BITS, TRUE, "an RSA key of no more than %u bits in the end-entity certificate" },
    { TLSFIT_TOPIC_DH_BITS, FALSE, "a Diffie-Hellman prime of %u bits" },
    { TLSFIT_TOPIC_DH_BITS, TRUE, "a Diffie-Hellman prime of no more than %u bits" },
};

/* Codes, as what a failed handshake needed. */
static const struct {
    TlsfitTopic topic;
    TlsfitNameKind kind;
    const char *text;   /* with %s */
} codes[] = {
    { TLSFIT_TOPIC_VERSION, TLSFIT_NAME_VERSION, "%s" },
    { TLSFIT_TOPIC_SUITE, TLSFIT_NAME_CIPHER_SUITE, "%s" },
    { TLSFIT_TOPIC_GROUP, TLSFIT_NAME_GROUP, "a key exchange with %s" },
    { TLSFIT_TOPIC_SCHEME, TLSFIT_NAME_SIGNATURE_SCHEME, "a handshake signed with %s" },
    { TLSFIT_TOPIC_SIGNATURE, TLSFIT_NAME_CERT_SIGNATURE, "a certificate signed with %s" },
    { TLSFIT_TOPIC_CA_TYPE, TLSFIT_NAME_KEY_TYPE, "a CA key of the type %s" },
    { TLSFIT_TOPIC_CA_CURVE, TLSFIT_NAME_GROUP, "a CA key on %s" },
    { TLSFIT_TOPIC_END_TYPE, TLSFIT_NAME_KEY_TYPE, "an end-entity key of the type %s" },
    { TLSFIT_TOPIC_END_CURVE, TLSFIT_NAME_GROUP, "an end-entity key on %s" },
};

/* TEXT with the one %u or %s in it replaced. */
static char *filled(const char *text, const char *mark, const char *value)
{
    g_auto(GStrv) parts = g_strsplit(text, mark, 2);

    return g_strconcat(parts[0], value, parts[1], NULL);
}

static gboolean is_record(TlsfitTopic topic)
{
    return topic == TLSFIT_TOPIC_RECORD_BYTES || topic == TLSFIT_TOPIC_ENCRYPTED_RECORD_BYTES;
}

static void add_numbers(const TlsfitLearned *learned, GPtrArray *notes)
{
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const TlsfitEvidence *largest = &learned->largest[numbers[i].topic];
        const TlsfitEvidence *evidence = numbers[i].smallest ? &learned->smallest[numbers[i].topic] : largest;
        g_autofree char *value = g_strdup_printf("%u", evidence->value);

        if (evidence->count == 0 || (numbers[i].smallest && evidence->value == largest->value) ||
            (is_record(numbers[i].topic) && evidence->value <= SMALLEST_FRAGMENT_BYTES)) {
            continue;
        }
        g_autofree char *what = filled(numbers[i].text, "%u", value);
        g_autofree char *where = tlsfit_evidence_where(evidence);

        g_ptr_array_add(notes, g_strdup_printf("completed with %s (%s)%s", what, where,
                                               evidence->confidence == TLSFIT_OBSERVED
                                                   ? "" : ", unless an anchor of the client stands below it"));
    }
}

/* A few bytes more than before explain nothing. */
static gboolean is_larger(const TlsfitLearned *learned, const TlsfitEvidence *fact)
{
    const guint largest = learned->largest[fact->topic].value;
    const gboolean bytes = fact->topic >= TLSFIT_TOPIC_CERTIFICATE_BYTES && fact->topic <= TLSFIT_TOPIC_DATAGRAM_BYTES;

    return fact->value > largest + (bytes ? largest / 8 : 0);
}

/* What FACT needed and no completed handshake had; NULL where one had it. */
static char *difference(const TlsfitLearned *learned, const TlsfitEvidence *fact)
{
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        if (numbers[i].topic == fact->topic && !numbers[i].smallest && is_larger(learned, fact)) {
            g_autofree char *value = g_strdup_printf("%u", fact->value);

            return filled(numbers[i].text, "%u", value);
        }
    }
    for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (codes[i].topic == fact->topic && tlsfit_learned_evidence(learned, fact->topic, fact->value) == NULL) {
            g_autofree char *name = tlsfit_name_or_number(codes[i].kind, fact->value);

            return filled(codes[i].text, "%s", name);
        }
    }
    return NULL;
}

/* Of several sizes of one kind the largest tells all. */
static gboolean is_exceeded(const GArray *needed, const TlsfitEvidence *fact)
{
    for (guint i = 0; fact->topic >= TLSFIT_TOPIC_NUMBERS && i < needed->len; i++) {
        const TlsfitEvidence *other = &g_array_index(needed, TlsfitEvidence, i);

        if (other->topic == fact->topic && other->value > fact->value) {
            return TRUE;
        }
    }
    return FALSE;
}

static char *differences(const TlsfitLearned *learned, const TlsfitFailure *failure)
{
    GString *text = g_string_new(NULL);
    guint count = 0;

    for (guint i = 0; i < failure->needed->len; i++) {
        const TlsfitEvidence *fact = &g_array_index(failure->needed, TlsfitEvidence, i);
        g_autofree char *what = is_exceeded(failure->needed, fact) ? NULL : difference(learned, fact);

        if (what != NULL && count++ < DIFFERENCES_MAX) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", what);
        }
    }
    if (count > DIFFERENCES_MAX) {
        g_string_append_printf(text, "; and %u more", count - DIFFERENCES_MAX);
    }
    return g_string_free(text, text->len == 0);
}

/* What is said of a failure, without where it was seen. */
static char *failure_text(const TlsfitLearned *learned, const TlsfitFailure *failure)
{
    g_autofree char *different =
        learned->counts.completed + learned->counts.resumed > 0 ? differences(learned, failure) : NULL;

    return g_strdup_printf("%s%s%s%s A hint, no limit.", *failure->hint != '\0' ? failure->hint : "No reason is known.",
                           different != NULL ? " No completed handshake had: " : "", different != NULL ? different : "",
                           different != NULL ? "." : "");
}

/* Failures of which the same is said are one line: the first of them, and how many there are. */
static void add_failures(const TlsfitLearned *learned, GPtrArray *notes)
{
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autoptr(GPtrArray) firsts = g_ptr_array_new();

    for (guint i = 0; i < learned->failures->len; i++) {
        const TlsfitFailure *failure = g_ptr_array_index(learned->failures, i);
        char *text = failure_text(learned, failure);
        const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, text));

        if (count == 0) {
            g_ptr_array_add(texts, text);
            g_ptr_array_add(firsts, (gpointer)failure);
            g_hash_table_insert(counts, text, GUINT_TO_POINTER(failure->count));
        } else {
            g_hash_table_insert(counts, text, GUINT_TO_POINTER(count + failure->count)); /* frees TEXT, keeps the first */
        }
    }
    for (guint i = 0; i < texts->len; i++) {
        const TlsfitFailure *failure = g_ptr_array_index(firsts, i);
        const guint count = GPOINTER_TO_UINT(g_hash_table_lookup(counts, g_ptr_array_index(texts, i)));
        g_autofree char *more = count > 1 ? g_strdup_printf(", and %u more like it", count - 1) : g_strdup("");

        g_ptr_array_add(notes, g_strdup_printf("failed (%s, frame %u%s): %s", failure->capture, failure->frame, more,
                                               (const char *)g_ptr_array_index(texts, i)));
    }
}

GPtrArray *tlsfit_learned_notes(const TlsfitLearned *learned)
{
    GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);

    add_numbers(learned, notes);
    if (learned->without_client_certificate > 0) {
        g_ptr_array_add(notes, g_strdup_printf("sent no certificate when the server asked for one (%s, frame %u): it may "
                                               "have none, or none that fits",
                                               learned->asked_capture, learned->asked_frame));
    }
    add_failures(learned, notes);
    return notes;
}
