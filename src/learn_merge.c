/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Claims over a profile: its new text, and what differs. Lists are in learn_lists.c; here are features, numbers, the
 * fingerprint, and the frame of a profile that is new.
 *
 * Nothing that the profile says is taken back, and no number is ever written: what was handled is no limit.
 */
#include "learned.h"

#include <string.h>

const char *tlsfit_learn_kind_name(TlsfitLearnKind kind)
{
    static const char *const names[] = { "new", "stronger", "confirmed", "differs", "contradicts" };

    return names[kind];
}

/* --- Changes -------------------------------------------------------------------------------------------------------- */

static void source_clear(TlsfitSource *source)
{
    g_free(source->where);
    g_free(source->what);
    g_free(source->date);
}

void tlsfit_learn_change_free(TlsfitLearnChange *change)
{
    g_free(change->key);
    g_free(change->value);
    g_free(change->text);
    source_clear(&change->learned);
    source_clear(&change->profile);
    g_free(change);
}

static void source_set(TlsfitSource *target, const TlsfitSource *source)
{
    target->confidence = source->confidence;
    target->where = g_strdup(source->where);
    target->what = g_strdup(source->what);
    target->date = g_strdup(source->date);
}

void tlsfit_learn_change_add(TlsfitLearnMerge *merge, TlsfitLearnKind kind, const char *key, const char *value,
                             const TlsfitSource *learned, const TlsfitSource *profile, const char *text)
{
    TlsfitLearnChange *change = g_new0(TlsfitLearnChange, 1);

    change->kind = kind;
    change->key = g_strdup(key);
    change->value = g_strdup(value);
    change->text = g_strdup(text);
    source_set(&change->learned, learned);
    if (profile != NULL) {
        source_set(&change->profile, profile);
        change->has_source = TRUE;
    }
    g_ptr_array_add(merge->changes, change);
}

gboolean tlsfit_learn_is_stronger(const TlsfitSource *learned, const TlsfitSource *profile)
{
    return learned->confidence == TLSFIT_OBSERVED && (profile == NULL || profile->confidence >= TLSFIT_REPORTED);
}

/* --- Features -------------------------------------------------------------------------------------------------------- */

/* The better source takes the place of the profile's, which it names. */
static void strengthen(TlsfitLearnMerge *merge, const char *key, const TlsfitClaimFeature *claim,
                       const TlsfitSource *profile)
{
    TlsfitSource *source = tlsfit_source_copy(claim->source);

    g_free(source->what);
    source->what = g_strdup_printf("%s; before that the source was %s (%s)", claim->source->what, profile->where,
                                   tlsfit_confidence_name(profile->confidence));
    tlsfit_learn_change_add(merge, TLSFIT_LEARN_STRONGER, key, claim->word, claim->source, profile, NULL);
    tlsfit_profile_text_source(merge->text, key, source);
    tlsfit_source_free(source);
}

static void contradict_feature(TlsfitLearnMerge *merge, const char *key, const TlsfitClaimFeature *claim,
                               const TlsfitDeviceFeature *own)
{
    const gboolean shown = claim->source->confidence == TLSFIT_OBSERVED;
    g_autofree char *text = g_strdup_printf("the profile says %s", own->word);
    g_autofree char *section = g_strdup_printf("against %s", key);

    tlsfit_learn_change_add(merge, shown ? TLSFIT_LEARN_CONTRADICTS : TLSFIT_LEARN_DIFFERS, key, claim->word,
                            claim->source, own->source, text);
    if (shown && !tlsfit_profile_text_has(merge->text, section)) {
        tlsfit_profile_text_set(merge->text, section, "value", claim->word);
        tlsfit_profile_text_claim(merge->text, section, claim->source);
    }
}

static void merge_feature(TlsfitLearnMerge *merge, const TlsfitClaimFeature *claim)
{
    const TlsfitDeviceFeature *own = &merge->device->features[claim->feature];
    const char *name = tlsfit_feature_info(claim->feature)->key;
    g_autofree char *key = g_strdup_printf("features.%s", name);

    if (own->word == NULL) {
        tlsfit_learn_change_add(merge, TLSFIT_LEARN_NEW, key, claim->word, claim->source, NULL, NULL);
        tlsfit_profile_text_set(merge->text, "features", name, claim->word);
        tlsfit_profile_text_source(merge->text, key, claim->source);
    } else if (strcmp(own->word, claim->word) == 0 && tlsfit_learn_is_stronger(claim->source, own->source)) {
        strengthen(merge, key, claim, own->source);
    } else if (strcmp(own->word, claim->word) == 0 || strcmp(own->word, "optional") == 0) {
        tlsfit_learn_change_add(merge, TLSFIT_LEARN_CONFIRMED, key, claim->word, claim->source, own->source, NULL);
    } else {
        contradict_feature(merge, key, claim, own);
    }
}

/* --- Numbers ---------------------------------------------------------------------------------------------------------- */

static const struct {
    TlsfitTopic topic;
    TlsfitNumber highest;     /* TLSFIT_NUMBER_COUNT: none */
    TlsfitNumber lowest;
    TlsfitNumber own_highest; /* where the profile has it, it stands for the other */
    TlsfitNumber own_lowest;
} numbers[] = {
#define HIGHEST(number) TLSFIT_NUMBER_##number, TLSFIT_NUMBER_COUNT, TLSFIT_NUMBER_COUNT, TLSFIT_NUMBER_COUNT
    { TLSFIT_TOPIC_CA_RSA_BITS, TLSFIT_NUMBER_rsa_bits_max, TLSFIT_NUMBER_rsa_bits_min, TLSFIT_NUMBER_COUNT,
      TLSFIT_NUMBER_COUNT },
    { TLSFIT_TOPIC_END_RSA_BITS, TLSFIT_NUMBER_rsa_bits_max, TLSFIT_NUMBER_rsa_bits_min,
      TLSFIT_NUMBER_end_entity_rsa_bits_max, TLSFIT_NUMBER_end_entity_rsa_bits_min },
    { TLSFIT_TOPIC_DH_BITS, TLSFIT_NUMBER_dh_bits_max, TLSFIT_NUMBER_dh_bits_min, TLSFIT_NUMBER_COUNT,
      TLSFIT_NUMBER_COUNT },
    { TLSFIT_TOPIC_CHAIN_MESSAGE, HIGHEST(chain_certificates_max) },
    { TLSFIT_TOPIC_CHAIN_PATH, HIGHEST(chain_certificates_max) },
    { TLSFIT_TOPIC_CERTIFICATE_BYTES, HIGHEST(certificate_bytes_max) },
    { TLSFIT_TOPIC_MESSAGE_BYTES, HIGHEST(message_bytes_max) },
    { TLSFIT_TOPIC_HELLO_BYTES, HIGHEST(hello_bytes_max) },
    { TLSFIT_TOPIC_RECORD_BYTES, HIGHEST(record_bytes_max) },
    { TLSFIT_TOPIC_ENCRYPTED_RECORD_BYTES, TLSFIT_NUMBER_record_bytes_max, TLSFIT_NUMBER_COUNT,
      TLSFIT_NUMBER_encrypted_record_bytes_max, TLSFIT_NUMBER_COUNT },
    { TLSFIT_TOPIC_DATAGRAM_BYTES, HIGHEST(datagram_bytes_max) },
#undef HIGHEST
};

/* The profile counts the message or the path (features.chain_count); each is compared with its own. */
static gboolean is_counted(const TlsfitDevice *device, TlsfitTopic topic)
{
    const gboolean path = g_strcmp0(tlsfit_device_feature(device, TLSFIT_FEATURE_chain_count, NULL), "path") == 0;

    return topic == TLSFIT_TOPIC_CHAIN_PATH ? path : topic != TLSFIT_TOPIC_CHAIN_MESSAGE || !path;
}

static gboolean verifies_nothing(const TlsfitDevice *device)
{
    return g_strcmp0(tlsfit_device_feature(device, TLSFIT_FEATURE_verifies_certificates, NULL), "no") == 0;
}

static void merge_number(TlsfitLearnMerge *merge, const TlsfitClaimNumber *claim)
{
    if ((claim->topic == TLSFIT_TOPIC_CA_RSA_BITS || claim->topic == TLSFIT_TOPIC_CHAIN_PATH) &&
        verifies_nothing(merge->device)) {
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const TlsfitNumber common = claim->smallest ? numbers[i].lowest : numbers[i].highest;
        const TlsfitNumber special = claim->smallest ? numbers[i].own_lowest : numbers[i].own_highest;
        const TlsfitNumber number =
            special != TLSFIT_NUMBER_COUNT && merge->device->numbers[special].present ? special : common;

        if (numbers[i].topic != claim->topic || number == TLSFIT_NUMBER_COUNT || !is_counted(merge->device, claim->topic)) {
            continue;
        }
        const TlsfitNumberInfo *info = tlsfit_number_info(number);
        g_auto(TlsfitVerdict) verdict = tlsfit_device_number(merge->device, number, claim->value);
        g_autofree char *key = g_strdup_printf("%s.%s", info->section, info->key);
        g_autofree char *value = tlsfit_number_text(number, claim->value);

        if (verdict.status != TLSFIT_OK && verdict.status != TLSFIT_UNKNOWN) {
            tlsfit_learn_change_add(merge, claim->source->confidence == TLSFIT_OBSERVED ? TLSFIT_LEARN_CONTRADICTS
                                                                                       : TLSFIT_LEARN_DIFFERS,
                                    key, value, claim->source, verdict.source, verdict.limit);
        }
    }
}

/* --- The fingerprint --------------------------------------------------------------------------------------------------- */

static const TlsfitDeviceText *find_line(const TlsfitDevice *device, const char *key)
{
    for (guint i = 0; device->fingerprint != NULL && i < device->fingerprint->len; i++) {
        const TlsfitDeviceText *line = g_ptr_array_index(device->fingerprint, i);

        if (strcmp(line->key, key) == 0) {
            return line;
        }
    }
    return NULL;
}

static gboolean same_list(const char *a, const char *b)
{
    g_auto(GStrv) left = tlsfit_list_split(a);
    g_auto(GStrv) right = tlsfit_list_split(b);
    guint i = 0;

    while (left[i] != NULL && right[i] != NULL && g_ascii_strcasecmp(left[i], right[i]) == 0) {
        i++;
    }
    return left[i] == NULL && right[i] == NULL;
}

/* A fingerprint is one thing: it is written where there is none, and compared line by line where there is one. */
static void merge_fingerprint(TlsfitLearnMerge *merge)
{
    const TlsfitClaims *claims = merge->claims;
    const gboolean is_new = merge->device->fingerprint == NULL || merge->device->fingerprint->len == 0;

    for (guint i = 0; i < claims->fingerprint->len; i++) {
        const TlsfitClaimText *claim = g_ptr_array_index(claims->fingerprint, i);
        const TlsfitDeviceText *own = find_line(merge->device, claim->key);
        g_autofree char *key = g_strdup_printf("fingerprint.%s", claim->key);

        if (is_new) {
            tlsfit_learn_change_add(merge, TLSFIT_LEARN_NEW, key, claim->value, claims->fingerprint_source, NULL, NULL);
            tlsfit_profile_text_set(merge->text, "fingerprint", claim->key, claim->value);
        } else if (own != NULL) {
            const gboolean same = same_list(own->value, claim->value);

            tlsfit_learn_change_add(merge, same ? TLSFIT_LEARN_CONFIRMED : TLSFIT_LEARN_DIFFERS, key, claim->value,
                                    claims->fingerprint_source, own->source, same ? NULL : "the profile has another one");
        }
    }
    if (is_new && claims->fingerprint->len > 0) {
        tlsfit_profile_text_source(merge->text, "fingerprint", claims->fingerprint_source);
    }
}

/* --- All together -------------------------------------------------------------------------------------------------------- */

static const char head[] =
    "# Learned from captures by tlsfit learn. observed: a handshake completed with it, or the ClientHellos show it.\n"
    "# inferred: offered, which is no proof. What is not here was not seen, which does not mean that the device cannot.\n"
    "\n"
    "[device]\n";

static TlsfitProfileText *new_text(const TlsfitLearned *learned, const TlsfitLearnIdentity *identity)
{
    TlsfitProfileText *text = tlsfit_profile_text_new(head);
    const TlsfitLearnedCounts *counts = &learned->counts;
    g_autofree char *note =
        g_strdup_printf("Learned from captures (handshakes: %u, completed: %u, resumed: %u, failed: %u). What it says of "
                        "certificates is what handshakes completed with, verified or not.",
                        counts->handshakes, counts->completed, counts->resumed, counts->failed);

    tlsfit_profile_text_set(text, "device", "id", identity->id);
    tlsfit_profile_text_set(text, "device", "name", identity->name);
    tlsfit_profile_text_set(text, "device", "kind", identity->kind);
    tlsfit_profile_text_set(text, "device", "role", "client");
    tlsfit_profile_text_set(text, "device", "note", note);
    return text;
}

static void write_notes(TlsfitLearnMerge *merge, const TlsfitLearned *learned)
{
    g_autoptr(GPtrArray) notes = tlsfit_learned_notes(learned);

    for (guint i = 0; i < merge->changes->len; i++) {
        const TlsfitLearnChange *change = g_ptr_array_index(merge->changes, i);

        if (change->kind == TLSFIT_LEARN_CONTRADICTS) {
            g_autofree char *line = g_strdup_printf("contradicts %s: completed with %s (%s); the profile: %s (%s)", change->key,
                                                    change->value, change->learned.where,
                                                    change->text != NULL ? change->text : "no",
                                                    change->has_source ? change->profile.where : "no source");
            tlsfit_profile_text_note(merge->text, line);
        }
    }
    for (guint i = 0; i < notes->len; i++) {
        tlsfit_profile_text_note(merge->text, g_ptr_array_index(notes, i));
    }
}

static gboolean check_base(const TlsfitLearnBase *base, GError **error)
{
    const char *why = NULL;

    if (tlsfit_device_role(base->device) != TLSFIT_CLIENT) {
        why = "is the profile of a server: only clients are learned";
    } else if (strlen(base->text) > TLSFIT_PROFILE_BYTES_MAX) {
        why = "is too large for a profile";
    }
    if (why != NULL) {
        g_set_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE, "%s %s", base->file, why);
    }
    return why == NULL;
}

char *tlsfit_learned_write(const TlsfitLearned *learned, const TlsfitLearnIdentity *identity,
                           const TlsfitLearnBase *base, GPtrArray **changes, GError **error)
{
    g_autoptr(TlsfitClaims) claims = NULL;
    g_autoptr(TlsfitProfileText) text = NULL;
    g_autoptr(TlsfitDevice) silent = NULL;
    TlsfitLearnMerge merge;

    if (base != NULL && !check_base(base, error)) {
        return NULL;
    }
    claims = tlsfit_claims_new(learned);
    silent = base != NULL ? NULL : tlsfit_device_new();
    text = base != NULL ? tlsfit_profile_text_new(base->text) : new_text(learned, identity);
    merge = (TlsfitLearnMerge){ claims, base != NULL ? base->device : silent, text,
                                g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_learn_change_free) };
    tlsfit_learn_merge_lists(&merge);
    for (guint i = 0; i < claims->features->len; i++) {
        merge_feature(&merge, g_ptr_array_index(claims->features, i));
    }
    for (guint i = 0; i < claims->numbers->len; i++) {
        merge_number(&merge, g_ptr_array_index(claims->numbers, i));
    }
    merge_fingerprint(&merge);
    write_notes(&merge, learned);
    *changes = merge.changes;
    return tlsfit_profile_text_join(text);
}
