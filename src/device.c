/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to a device: a code point or a number in, a verdict with its source and a limit for people out. Also
 * how a device is made, filled and freed, and the tables that go with device_keys.def.
 *
 * Reads no profile; knows nothing of handshakes.
 */
#include "device.h"

#include <stdlib.h>
#include <string.h>

/* More names than this make a limit unreadable. */
#define LIMIT_NAMES_MAX 8u

const char *tlsfit_confidence_name(TlsfitConfidence confidence)
{
    static const char *const names[] = {"documented", "source-code", "observed", "reported", "inferred"};

    return names[confidence];
}

const char *tlsfit_status_name(TlsfitStatus status)
{
    static const char *const names[] = {"ok", "unknown", "suspect", "broken", "cannot"};

    return names[status];
}

const TlsfitSetInfo *tlsfit_set_info(TlsfitSet set)
{
    static const TlsfitSetInfo infos[TLSFIT_SET_COUNT] = {
        [TLSFIT_SET_VERSIONS] = {"versions", "supported", "unsupported", "complete", TLSFIT_NAME_VERSION},
        [TLSFIT_SET_CIPHER_SUITES] = {"cipher_suites", "supported", "unsupported", "complete",
                                      TLSFIT_NAME_CIPHER_SUITE},
        [TLSFIT_SET_GROUPS] = {"groups", "supported", "unsupported", "complete", TLSFIT_NAME_GROUP},
        [TLSFIT_SET_SIGNATURE_SCHEMES] = {"signature_schemes", "supported", "unsupported", "complete",
                                          TLSFIT_NAME_SIGNATURE_SCHEME},
        [TLSFIT_SET_CERTIFICATE_SIGNATURES] = {"certificate_signatures", "supported", "unsupported", "complete",
                                               TLSFIT_NAME_CERT_SIGNATURE},
        [TLSFIT_SET_KEY_TYPES] = {"certificate_keys", "types", "unsupported_types", "types_complete",
                                  TLSFIT_NAME_KEY_TYPE},
        [TLSFIT_SET_KEY_CURVES] = {"certificate_keys", "curves", "unsupported_curves", "curves_complete",
                                   TLSFIT_NAME_GROUP},
        [TLSFIT_SET_END_ENTITY_TYPES] = {"certificate_keys", "end_entity_types", NULL, "types_complete",
                                         TLSFIT_NAME_KEY_TYPE},
        [TLSFIT_SET_CLIENT_SCHEMES] = {"client_signature_schemes", "supported", "unsupported", "complete",
                                       TLSFIT_NAME_SIGNATURE_SCHEME},
        [TLSFIT_SET_END_ENTITY_CURVES] = {"certificate_keys", "end_entity_curves", NULL, "curves_complete",
                                          TLSFIT_NAME_GROUP},
    };

    return &infos[set];
}

const TlsfitNumberInfo *tlsfit_number_info(TlsfitNumber number)
{
    static const TlsfitNumberInfo infos[TLSFIT_NUMBER_COUNT] = {
#define TLSFIT_NUMBER(section, key, lowest, highest, unit, meaning) {#section, #key, lowest, highest, unit, meaning},
#include "device_keys.def"
    };

    return &infos[number];
}

const TlsfitFeatureInfo *tlsfit_feature_info(TlsfitFeature feature)
{
    static const TlsfitFeatureInfo infos[TLSFIT_FEATURE_COUNT] = {
#define TLSFIT_FEATURE(key, words, meaning) {#key, words, meaning},
#include "device_keys.def"
    };

    return &infos[feature];
}

/* --- Making and freeing --------------------------------------------------------------------------------------- */

void tlsfit_source_free(TlsfitSource *source)
{
    g_free(source->where);
    g_free(source->what);
    g_free(source->date);
    g_free(source);
}

void tlsfit_broken_free(TlsfitBroken *broken)
{
    g_free(broken->name);
    g_array_unref(broken->versions);
    g_array_unref(broken->cipher_suites);
    g_array_unref(broken->groups);
    g_array_unref(broken->signature_schemes);
    g_array_unref(broken->key_types);
    g_free(broken->depends_on);
    g_free(broken->note);
    g_free(broken->fix_server);
    g_free(broken->fix_device);
    g_free(broken);
}

TlsfitDevice *tlsfit_device_new(void)
{
    TlsfitDevice *device = g_new0(TlsfitDevice, 1);

    device->broken = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_broken_free);
    device->codes = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_device_code_free);
    device->chains = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_chain_free);
    device->sources = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_source_free);
    device->references = 1;
    return device;
}

TlsfitDevice *tlsfit_device_advertised_new(void)
{
    TlsfitDevice *device = tlsfit_device_new();

    device->id = g_strdup("advertised");
    device->name = g_strdup("what the ClientHello offers");
    device->kind = g_strdup("advertised");
    device->role = TLSFIT_CLIENT;
    return device;
}

TlsfitDevice *tlsfit_device_ref(TlsfitDevice *device)
{
    device->references++;
    return device;
}

static void device_set_clear(TlsfitDeviceSet *set)
{
    g_clear_pointer(&set->supported.listed, g_array_unref);
    g_clear_pointer(&set->supported.sorted, g_array_unref);
    g_clear_pointer(&set->unsupported.listed, g_array_unref);
    g_clear_pointer(&set->unsupported.sorted, g_array_unref);
    g_clear_pointer(&set->code_sources, g_hash_table_unref);
    g_clear_pointer(&set->against, g_hash_table_unref);
}

void tlsfit_device_unref(TlsfitDevice *device)
{
    if (device == NULL || --device->references > 0)
        return;
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++)
        device_set_clear(&device->sets[i]);
    g_clear_pointer(&device->broken, g_ptr_array_unref);
    g_clear_pointer(&device->against, g_ptr_array_unref);
    tlsfit_fingerprint_clear(&device->recognised);
    g_clear_pointer(&device->chains, g_ptr_array_unref);
    g_clear_pointer(&device->codes, g_ptr_array_unref);
    g_clear_pointer(&device->fixes, g_ptr_array_unref);
    g_clear_pointer(&device->fingerprint, g_ptr_array_unref);
    g_clear_pointer(&device->sources, g_ptr_array_unref);
    g_free(device->anchors.file);
    g_clear_pointer(&device->anchors.certificates, g_ptr_array_unref);
    g_strfreev(device->anchors.spki_sha256);
    g_strfreev(device->anchors.subjects);
    g_free(device->id);
    g_free(device->name);
    g_free(device->kind);
    g_free(device->stack);
    g_free(device->firmware);
    g_free(device->note);
    g_free(device->inherits);
    g_free(device->file);
    g_free(device);
}

static int compare_codes(gconstpointer a, gconstpointer b)
{
    return *(const guint16 *)a - *(const guint16 *)b;
}

void tlsfit_device_list_fill(TlsfitDeviceList *list, GArray *codes, const TlsfitSource *source)
{
    list->listed = codes;
    list->sorted = g_array_sized_new(FALSE, FALSE, sizeof(guint16), codes->len);
    if (codes->len > 0) { /* an empty GArray may have no data at all */
        g_array_append_vals(list->sorted, codes->data, codes->len);
        g_array_sort(list->sorted, compare_codes);
    }
    list->source = source;
}

void tlsfit_device_set_codes(TlsfitDevice *device, TlsfitSet set, GArray *codes, gboolean complete,
                             TlsfitSource *source)
{
    g_ptr_array_add(device->sources, source);
    tlsfit_device_list_fill(&device->sets[set].supported, codes, source);
    device->sets[set].has_complete = TRUE;
    device->sets[set].complete = complete;
}

/* --- Plain answers -------------------------------------------------------------------------------------------- */

const char *tlsfit_device_id(const TlsfitDevice *device) { return device->id; }
const char *tlsfit_device_name(const TlsfitDevice *device) { return device->name; }
const char *tlsfit_device_kind(const TlsfitDevice *device) { return device->kind; }
TlsfitSide tlsfit_device_role(const TlsfitDevice *device) { return device->role; }
const char *tlsfit_device_note(const TlsfitDevice *device) { return device->note; }
const char *tlsfit_device_file(const TlsfitDevice *device) { return device->file; }
const GPtrArray *tlsfit_device_broken(const TlsfitDevice *device) { return device->broken; }

static const char *text_find(const GPtrArray *texts, const char *key)
{
    for (guint i = 0; texts != NULL && i < texts->len; i++) {
        const TlsfitDeviceText *text = g_ptr_array_index(texts, i);
        if (strcmp(text->key, key) == 0)
            return text->value;
    }
    return NULL;
}

const char *tlsfit_device_fix(const TlsfitDevice *device, const char *rule)
{
    return text_find(device->fixes, rule);
}

const char *tlsfit_device_feature(const TlsfitDevice *device, TlsfitFeature feature, const TlsfitSource **source)
{
    if (source != NULL)
        *source = device->features[feature].source;
    return device->features[feature].word;
}

/* --- Code points ---------------------------------------------------------------------------------------------- */

gboolean tlsfit_device_list_has(const TlsfitDeviceList *list, guint code)
{
    guint16 key = (guint16)code;

    return list->sorted != NULL && list->sorted->len > 0 && code <= G_MAXUINT16 &&
           bsearch(&key, list->sorted->data, list->sorted->len, sizeof key, compare_codes) != NULL;
}

const TlsfitSource *tlsfit_device_code_source(const TlsfitDeviceSet *set, const TlsfitDeviceList *list, guint code)
{
    const TlsfitSource *own = NULL;

    if (set->code_sources != NULL)
        own = g_hash_table_lookup(set->code_sources, GUINT_TO_POINTER(code));
    return own != NULL ? own : list->source;
}

static TlsfitSet fallback(TlsfitSet set)
{
    if (set == TLSFIT_SET_END_ENTITY_TYPES)
        return TLSFIT_SET_KEY_TYPES;
    if (set == TLSFIT_SET_END_ENTITY_CURVES)
        return TLSFIT_SET_KEY_CURVES;
    return set;
}

/* The set that answers for SET: the end-entity sets fall back as a whole where they have no list of their own. */
static TlsfitSet answering(const TlsfitDevice *device, TlsfitSet set)
{
    return device->sets[set].supported.listed != NULL ? set : fallback(set);
}

const GArray *tlsfit_device_supported(const TlsfitDevice *device, TlsfitSet set)
{
    return device->sets[answering(device, set)].supported.listed;
}

gboolean tlsfit_device_complete(const TlsfitDevice *device, TlsfitSet set)
{
    const TlsfitDeviceSet *own = &device->sets[answering(device, set)];

    return own->complete && own->supported.listed != NULL;
}

void tlsfit_verdict_clear(TlsfitVerdict *verdict)
{
    g_clear_pointer(&verdict->limit, g_free);
    verdict->status = TLSFIT_UNKNOWN;
    verdict->source = NULL;
}

TlsfitVerdict tlsfit_verdict_against(const TlsfitSource *source, char *limit)
{
    TlsfitVerdict verdict = {TLSFIT_CANNOT, source, limit};

    if (source->confidence == TLSFIT_REPORTED || source->confidence == TLSFIT_INFERRED)
        verdict.status = TLSFIT_SUSPECT;
    return verdict;
}

/* Certificate signatures and key types are no registry values: there a number that looks like GREASE is none. */
static gboolean is_ignored(TlsfitNameKind kind, guint code)
{
    return kind != TLSFIT_NAME_CERT_SIGNATURE && kind != TLSFIT_NAME_KEY_TYPE && tlsfit_is_grease(code);
}

/* "only A; B; C" */
static char *limit_of_list(const GArray *codes, TlsfitNameKind kind)
{
    GString *text = g_string_new(NULL);
    guint shown = 0, hidden = 0;

    for (guint i = 0; i < codes->len; i++) {
        guint code = g_array_index(codes, guint16, i);

        if (is_ignored(kind, code))
            continue;
        if (shown == LIMIT_NAMES_MAX) {
            hidden++;
            continue;
        }
        g_autofree char *name = tlsfit_name_or_number(kind, code);
        g_string_append_printf(text, "%s%s", shown == 0 ? "only " : "; ", name);
        shown++;
    }
    if (shown == 0)
        g_string_append(text, "none at all");
    if (hidden > 0)
        g_string_append_printf(text, " and %u more", hidden);
    return g_string_free(text, FALSE);
}

TlsfitVerdict tlsfit_device_code(const TlsfitDevice *device, TlsfitSet set, guint code)
{
    const TlsfitVerdict ok = {TLSFIT_OK, NULL, NULL}, unknown = {TLSFIT_UNKNOWN, NULL, NULL};
    const TlsfitDeviceSet *own = &device->sets[answering(device, set)];
    const TlsfitDeviceSet *base = &device->sets[fallback(set)];
    TlsfitNameKind kind = tlsfit_set_info(set)->kind;

    if (is_ignored(kind, code))
        return ok;
    if (tlsfit_device_list_has(&own->supported, code)) {
        const TlsfitSource *against = own->against != NULL
                                          ? g_hash_table_lookup(own->against, GUINT_TO_POINTER(code)) : NULL;
        if (against != NULL) /* never more than suspected, however sure of itself the weaker source is */
            return (TlsfitVerdict){TLSFIT_SUSPECT, against, g_strdup("sources disagree: one says that it cannot")};
        TlsfitVerdict verdict = {TLSFIT_OK, tlsfit_device_code_source(own, &own->supported, code), NULL};
        return verdict;
    }
    /* What no key of a chain may be, the end-entity key may not be either, whatever list it has of its own. */
    if (tlsfit_device_list_has(&base->unsupported, code)) {
        g_autofree char *name = tlsfit_name_or_number(kind, code);
        return tlsfit_verdict_against(tlsfit_device_code_source(base, &base->unsupported, code),
                                      g_strconcat("not ", name, NULL));
    }
    if (!own->complete || own->supported.listed == NULL ||
        (set == TLSFIT_SET_VERSIONS && !tlsfit_device_speaks_of(own, code)))
        return unknown;
    return tlsfit_verdict_against(own->complete_source != NULL ? own->complete_source : own->supported.source,
                                  limit_of_list(own->supported.listed, kind));
}

/* --- Numbers -------------------------------------------------------------------------------------------------- */

char *tlsfit_number_text(TlsfitNumber number, guint64 value)
{
    const char *unit = tlsfit_number_info(number)->unit;
    int length = (int)strlen(unit);

    if (value == 1 && g_str_has_suffix(unit, "s"))
        length--;
    return g_strdup_printf("%" G_GUINT64_FORMAT " %.*s", value, length, unit);
}

gboolean tlsfit_device_number_value(const TlsfitDevice *device, TlsfitNumber number, guint64 *value,
                                    const TlsfitSource **source)
{
    const TlsfitDeviceNumber *own = &device->numbers[number];

    if (!own->present)
        return FALSE;
    *value = own->value;
    if (source != NULL)
        *source = own->source;
    return TRUE;
}

TlsfitVerdict tlsfit_device_number(const TlsfitDevice *device, TlsfitNumber number, guint64 value)
{
    const TlsfitDeviceNumber *own = &device->numbers[number];
    gboolean is_floor = g_str_has_suffix(tlsfit_number_info(number)->key, "_min");

    if (!own->present) {
        TlsfitVerdict unknown = {TLSFIT_UNKNOWN, NULL, NULL};
        return unknown;
    }
    if (is_floor ? value >= own->value : value <= own->value) {
        TlsfitVerdict ok = {TLSFIT_OK, own->source, NULL};
        if (own->against == NULL || (is_floor ? value >= own->against_value : value <= own->against_value))
            return ok;
        g_autofree char *other = tlsfit_number_text(number, own->against_value);
        return (TlsfitVerdict){TLSFIT_SUSPECT, own->against,
                               g_strdup_printf("sources disagree: one says %s %s", is_floor ? "at least" : "at most",
                                               other)};
    }
    g_autofree char *text = tlsfit_number_text(number, own->value);
    return tlsfit_verdict_against(own->source, g_strconcat(is_floor ? "at least " : "at most ", text, NULL));
}
