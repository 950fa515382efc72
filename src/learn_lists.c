/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of a profile: what was learned is laid over what it says.
 *
 * What the profile says stays. A value is added where the profile is silent; a list that is inherited is written out,
 * with its sources, before one is added to it, as a key of the child replaces the parent's. A value that the profile
 * rules out is never taken into the list, whatever was seen: the change is listed for people, and both sources are kept.
 */
#include "learned.h"

#include <string.h>

static const TlsfitSet order[] = {
    TLSFIT_SET_VERSIONS,          TLSFIT_SET_CIPHER_SUITES,      TLSFIT_SET_GROUPS,
    TLSFIT_SET_SIGNATURE_SCHEMES, TLSFIT_SET_CLIENT_SCHEMES,     TLSFIT_SET_CERTIFICATE_SIGNATURES,
    TLSFIT_SET_KEY_TYPES,         TLSFIT_SET_KEY_CURVES,         TLSFIT_SET_END_ENTITY_TYPES,
    TLSFIT_SET_END_ENTITY_CURVES,
};

/* One list on its way into the text: supported or unsupported. */
typedef struct {
    TlsfitLearnMerge *merge;
    TlsfitSet set;
    const char *section;
    const char *key;
    TlsfitNameKind kind;
} List;

/* The set by which SET is judged where it has no list of its own (TlsfitSet). */
static TlsfitSet base_of(TlsfitSet set)
{
    return set == TLSFIT_SET_END_ENTITY_TYPES    ? TLSFIT_SET_KEY_TYPES
           : set == TLSFIT_SET_END_ENTITY_CURVES ? TLSFIT_SET_KEY_CURVES
                                                 : set;
}

static gboolean same_source(const TlsfitSource *a, const TlsfitSource *b)
{
    return a->confidence == b->confidence && g_strcmp0(a->where, b->where) == 0 && g_strcmp0(a->what, b->what) == 0 &&
           g_strcmp0(a->date, b->date) == 0;
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

static void append_name(GString *value, TlsfitNameKind kind, guint code)
{
    g_autofree char *name = tlsfit_name_or_number(kind, code);

    g_string_append_printf(value, "%s%s", value->len > 0 ? ";" : "", name);
}

static void write_code_source(const List *list, guint code, const TlsfitSource *source)
{
    g_autofree char *name = tlsfit_name_or_number(list->kind, code);
    g_autofree char *target = g_strdup_printf("%s.%s.%s", list->section, list->key, name);

    tlsfit_profile_text_source(list->merge->text, target, source);
}

/* What the profile has from an ancestor, or of the list that SET fell back to. */
static void write_inherited(const List *list, const TlsfitDeviceSet *from, GString *value)
{
    const TlsfitDeviceList *codes = &from->supported;
    g_autofree char *target = g_strdup_printf("%s.%s", list->section, list->key);

    if (codes->source != NULL) {
        tlsfit_profile_text_source(list->merge->text, target, codes->source);
    }
    for (guint i = 0; i < codes->listed->len; i++) {
        const guint code = g_array_index(codes->listed, guint16, i);
        const TlsfitSource *source = tlsfit_device_code_source(from, codes, code);

        append_name(value, list->kind, code);
        if (source != NULL && source != codes->source) {
            write_code_source(list, code, source);
        }
    }
}

/* Of a list that is new: what only offers share is the source of the list, or what all values share. */
static const TlsfitSource *common_source(const GPtrArray *claims)
{
    const TlsfitClaimCode *first = g_ptr_array_index(claims, 0);

    for (guint i = 0; i < claims->len; i++) {
        const TlsfitClaimCode *claim = g_ptr_array_index(claims, i);

        if (!claim->proven) {
            return claim->source;
        }
        first = first != NULL && same_source(first->source, claim->source) ? first : NULL;
    }
    return first != NULL ? first->source : NULL;
}

/* Adds CLAIMS (not empty) to the list. */
static void write_list(const List *list, const GPtrArray *claims)
{
    TlsfitProfileText *text = list->merge->text;
    const TlsfitDeviceSet *own = &list->merge->device->sets[list->set];
    const TlsfitDeviceSet *base = &list->merge->device->sets[base_of(list->set)];
    const TlsfitDeviceSet *from = own->supported.listed != NULL ? own : base;
    const gboolean supported = strcmp(list->key, tlsfit_set_info(list->set)->supported) == 0;
    g_autofree char *written = tlsfit_profile_text_get(text, list->section, list->key);
    g_autofree char *target = g_strdup_printf("%s.%s", list->section, list->key);
    GString *value = g_string_new(written);
    const TlsfitSource *common = NULL;

    if (value->len > 0 && value->str[value->len - 1] == ';') {
        g_string_truncate(value, value->len - 1);
    }
    tlsfit_profile_text_set(text, list->section, list->key, value->str); /* before its sources */
    if (written == NULL && supported && from->supported.listed != NULL) {
        write_inherited(list, from, value);
    } else if (written == NULL) {
        common = common_source(claims);
    }
    if (common != NULL) {
        tlsfit_profile_text_source(text, target, common);
    }
    for (guint i = 0; i < claims->len; i++) {
        const TlsfitClaimCode *claim = g_ptr_array_index(claims, i);

        append_name(value, list->kind, claim->code);
        if (common == NULL || !same_source(common, claim->source)) {
            write_code_source(list, claim->code, claim->source);
        }
    }
    tlsfit_profile_text_set(text, list->section, list->key, value->str);
    g_string_free(value, TRUE);
}

/* --- Comparing ---------------------------------------------------------------------------------------------------- */

static void note(const List *list, TlsfitLearnKind kind, const TlsfitClaimCode *claim, const TlsfitSource *profile,
                 const char *text)
{
    g_autofree char *name = tlsfit_name_or_number(list->kind, claim->code);
    g_autofree char *key = g_strdup_printf("%s.%s", list->section, list->key);

    tlsfit_learn_change_add(list->merge, kind, key, name, claim->source, profile, text);
}

/* The profile has it. A better source is written where the value has none of its own. */
static void confirm(const List *list, const TlsfitClaimCode *claim, const TlsfitSource *source)
{
    const TlsfitDeviceSet *own = &list->merge->device->sets[list->set];
    const gboolean has_own = own->code_sources != NULL &&
                             g_hash_table_contains(own->code_sources, GUINT_TO_POINTER(claim->code));

    if (!has_own && tlsfit_device_list_has(&own->supported, claim->code) &&
        tlsfit_learn_is_stronger(claim->source, source)) {
        note(list, TLSFIT_LEARN_STRONGER, claim, source, NULL);
        write_code_source(list, claim->code, claim->source);
    } else {
        note(list, TLSFIT_LEARN_CONFIRMED, claim, source, NULL);
    }
}

/* The profile rules it out. Where it does so by name, the format has a place for the source that says otherwise. */
static void contradict(const List *list, const TlsfitClaimCode *claim, const TlsfitVerdict *verdict)
{
    const TlsfitSet base = base_of(list->set);
    const TlsfitSetInfo *info = tlsfit_set_info(base);
    g_autofree char *name = tlsfit_name_or_number(list->kind, claim->code);
    g_autofree char *section = g_strdup_printf("against %s.%s.%s", info->section, info->unsupported, name);

    if (!claim->proven || claim->source->confidence != TLSFIT_OBSERVED) {
        note(list, TLSFIT_LEARN_DIFFERS, claim, verdict->source, verdict->limit);
        return;
    }
    note(list, TLSFIT_LEARN_CONTRADICTS, claim, verdict->source, verdict->limit);
    if (tlsfit_device_list_has(&list->merge->device->sets[base].unsupported, claim->code) &&
        !tlsfit_profile_text_has(list->merge->text, section)) {
        tlsfit_profile_text_claim(list->merge->text, section, claim->source);
    }
}

/* A new list beside one that is complete would count as complete too: the two share the key that says so. */
static gboolean is_made_complete(const TlsfitDevice *device, TlsfitSet set)
{
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++) {
        if (strcmp(tlsfit_set_info((TlsfitSet)i)->section, tlsfit_set_info(set)->section) == 0 &&
            device->sets[i].complete) {
            return device->sets[set].supported.listed == NULL && device->sets[base_of(set)].supported.listed == NULL;
        }
    }
    return FALSE;
}

static void merge_supported(TlsfitLearnMerge *merge, TlsfitSet set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(set);
    const List list = { merge, set, info->section, info->supported, info->kind };
    const GPtrArray *claims = merge->claims->supported[set];
    g_autoptr(GPtrArray) added = g_ptr_array_new();
    const gboolean blocked = is_made_complete(merge->device, set);

    for (guint i = 0; i < claims->len; i++) {
        const TlsfitClaimCode *claim = g_ptr_array_index(claims, i);
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(merge->device, set, claim->code);

        if (verdict.status == TLSFIT_OK) {
            confirm(&list, claim, verdict.source);
        } else if (verdict.status != TLSFIT_UNKNOWN) {
            contradict(&list, claim, &verdict);
        } else if (blocked) {
            note(&list, TLSFIT_LEARN_DIFFERS, claim, NULL,
                 "left out: a list of its own would count as complete, as the others of this section do");
        } else {
            note(&list, TLSFIT_LEARN_NEW, claim, NULL, NULL);
            g_ptr_array_add(added, (gpointer)claim);
        }
    }
    if (added->len > 0) {
        write_list(&list, added);
    }
}

static void merge_unsupported(TlsfitLearnMerge *merge, TlsfitSet set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(set);
    const List list = { merge, set, info->section, info->unsupported, info->kind };
    const GPtrArray *claims = merge->claims->unsupported[set];
    g_autoptr(GPtrArray) added = g_ptr_array_new();

    for (guint i = 0; i < claims->len; i++) {
        const TlsfitClaimCode *claim = g_ptr_array_index(claims, i);
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(merge->device, set, claim->code);

        if (verdict.status == TLSFIT_OK) {
            note(&list, TLSFIT_LEARN_DIFFERS, claim, verdict.source, "the profile lists it as supported");
        } else if (verdict.status != TLSFIT_UNKNOWN) {
            note(&list, TLSFIT_LEARN_CONFIRMED, claim, verdict.source, NULL);
        } else {
            note(&list, TLSFIT_LEARN_NEW, claim, NULL, NULL);
            g_ptr_array_add(added, (gpointer)claim);
        }
    }
    if (added->len > 0) {
        write_list(&list, added);
    }
}

/* --- Complete ------------------------------------------------------------------------------------------------------ */

static gboolean is_claimed(const GPtrArray *claims, guint code)
{
    for (guint i = 0; i < claims->len; i++) {
        if (((const TlsfitClaimCode *)g_ptr_array_index(claims, i))->code == code) {
            return TRUE;
        }
    }
    return FALSE;
}

/* TRUE where everything that the profile lists was offered; what was not is listed for people. */
static gboolean check_offered(TlsfitLearnMerge *merge, TlsfitSet set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(set);
    const TlsfitDeviceSet *own = &merge->device->sets[set];
    const List list = { merge, set, info->section, info->supported, info->kind };
    gboolean all = TRUE;

    for (guint i = 0; own->supported.listed != NULL && i < own->supported.listed->len; i++) {
        TlsfitClaimCode claim = { g_array_index(own->supported.listed, guint16, i), FALSE, merge->claims->complete[set] };

        if (!is_claimed(merge->claims->supported[set], claim.code) &&
            !(info->kind == TLSFIT_NAME_CIPHER_SUITE && tlsfit_suite(claim.code)->is_scsv)) {
            note(&list, TLSFIT_LEARN_DIFFERS, &claim, tlsfit_device_code_source(own, &own->supported, claim.code),
                 "the profile lists it, and no ClientHello offers it");
            all = FALSE;
        }
    }
    return all;
}

/* Is everything that was offered in the profile's list? */
static gboolean is_covered(const TlsfitLearnMerge *merge, TlsfitSet set)
{
    const GPtrArray *claims = merge->claims->supported[set];

    for (guint i = 0; i < claims->len; i++) {
        if (!tlsfit_device_list_has(&merge->device->sets[set].supported,
                                    ((const TlsfitClaimCode *)g_ptr_array_index(claims, i))->code)) {
            return FALSE;
        }
    }
    return TRUE;
}

static void merge_complete(TlsfitLearnMerge *merge, TlsfitSet set)
{
    const TlsfitSetInfo *info = tlsfit_set_info(set);
    const TlsfitDeviceSet *own = &merge->device->sets[set];
    const TlsfitSource *claim = merge->claims->complete[set];
    const TlsfitSource *profile = own->complete_source != NULL ? own->complete_source : own->supported.source;
    g_autofree char *key = g_strdup_printf("%s.%s", info->section, info->complete);

    if (claim == NULL || merge->claims->supported[set]->len == 0 || !check_offered(merge, set)) {
        return;
    }
    if (own->complete && !is_covered(merge, set)) {
        return; /* what is offered beside the list has been told */
    }
    if (own->has_complete) {
        tlsfit_learn_change_add(merge, own->complete ? TLSFIT_LEARN_CONFIRMED : TLSFIT_LEARN_DIFFERS, key, "yes", claim,
                                profile, own->complete ? NULL : "the profile says no");
        return;
    }
    tlsfit_learn_change_add(merge, TLSFIT_LEARN_NEW, key, "yes", claim, NULL, NULL);
    tlsfit_profile_text_set(merge->text, info->section, info->complete, "yes");
    tlsfit_profile_text_source(merge->text, key, claim);
}

/* A device of which the profile says that it verifies nothing completes with any certificate. */
static gboolean is_meaningless(const TlsfitLearnMerge *merge, TlsfitSet set)
{
    const char *verifies = tlsfit_device_feature(merge->device, TLSFIT_FEATURE_verifies_certificates, NULL);

    return set == TLSFIT_SET_CERTIFICATE_SIGNATURES || strcmp(tlsfit_set_info(set)->section, "certificate_keys") == 0
               ? g_strcmp0(verifies, "no") == 0 : FALSE;
}

void tlsfit_learn_merge_lists(TlsfitLearnMerge *merge)
{
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        if (is_meaningless(merge, order[i])) {
            continue;
        }
        merge_supported(merge, order[i]);
        if (tlsfit_set_info(order[i])->unsupported != NULL) {
            merge_unsupported(merge, order[i]);
        }
        merge_complete(merge, order[i]);
    }
}
