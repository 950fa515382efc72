/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All devices as one page of Markdown, for people and for search engines: an index, then for each device what it
 * cannot do, how sure that is, and where it is from. In: a library. Out: text that is the same for the same profiles.
 *
 * Shows what a profile forbids and not all that it allows: tlsfit_device_render() does that.
 */
#include "device.h"

#include <string.h>

#define NAMES_MAX 6u

typedef struct {
    GString *text;
    GPtrArray *sources; /* of const TlsfitSource: those that the device's lines refer to, in order */
} Page;

static const struct {
    const char *kind;
    const char *title;
} kinds[] = {{"wifi-module", "Wi-Fi modules"},      {"modem", "Cellular modems"},
             {"rtos-stack", "Systems and their TLS"}, {"tls-library", "TLS libraries"},
             {"secure-element", "Secure elements"},  {"legacy-client", "Older clients"},
             {"service", "Services"}};

static const char *const set_titles[TLSFIT_SET_COUNT] = {
    [TLSFIT_SET_VERSIONS] = "versions",
    [TLSFIT_SET_CIPHER_SUITES] = "cipher suites",
    [TLSFIT_SET_GROUPS] = "groups",
    [TLSFIT_SET_SIGNATURE_SCHEMES] = "signatures of the handshake",
    [TLSFIT_SET_CERTIFICATE_SIGNATURES] = "signatures on certificates",
    [TLSFIT_SET_KEY_TYPES] = "keys in certificates",
    [TLSFIT_SET_KEY_CURVES] = "curves of keys in certificates",
    [TLSFIT_SET_END_ENTITY_TYPES] = "key of the end-entity",
    [TLSFIT_SET_END_ENTITY_CURVES] = "curve of the end-entity's key",
    [TLSFIT_SET_CLIENT_SCHEMES] = "its own signatures as a client",
};

/* The number of SOURCE among those of the device, from 1. Sources of the same place are one. */
static guint source_number(Page *page, const TlsfitSource *source)
{
    for (guint i = 0; i < page->sources->len; i++) {
        const TlsfitSource *other = g_ptr_array_index(page->sources, i);
        if (strcmp(other->where, source->where) == 0 && g_strcmp0(other->date, source->date) == 0)
            return i + 1;
    }
    g_ptr_array_add(page->sources, (gpointer)source);
    return page->sources->len;
}

static void add_line(Page *page, const char *what, const char *limit, const TlsfitSource *source)
{
    g_string_append_printf(page->text, "- %s: %s (%s, [%u])\n", what, limit, tlsfit_confidence_name(source->confidence),
                           source_number(page, source));
}

static char *names_of(const GArray *codes, TlsfitNameKind kind, const char *before)
{
    GString *text = g_string_new(before);
    guint hidden = codes->len > NAMES_MAX + 1 ? codes->len - NAMES_MAX : 0;

    for (guint i = 0; i < codes->len - hidden; i++) {
        g_autofree char *name = tlsfit_name_or_number(kind, g_array_index(codes, guint16, i));
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", name);
    }
    if (hidden > 0)
        g_string_append_printf(text, " and %u more", hidden);
    return g_string_free(text, FALSE);
}

/* Where every value has its own source, the first one stands for the line. */
static const TlsfitSource *list_source(const TlsfitDeviceSet *set, const TlsfitDeviceList *list)
{
    return list->source != NULL || list->listed->len == 0
               ? list->source : tlsfit_device_code_source(set, list, g_array_index(list->listed, guint16, 0));
}

static void add_set(Page *page, const TlsfitDevice *device, TlsfitSet which)
{
    const TlsfitDeviceSet *set = &device->sets[which];
    TlsfitNameKind kind = tlsfit_set_info(which)->kind;

    if (set->complete && set->supported.listed != NULL) {
        const TlsfitSource *source = set->complete_source != NULL ? set->complete_source
                                                                  : list_source(set, &set->supported);
        g_autofree char *names = names_of(set->supported.listed, kind, "only ");
        if (source != NULL)
            add_line(page, set_titles[which], names, source);
    }
    if (set->unsupported.listed != NULL && set->unsupported.listed->len > 0) {
        g_autofree char *names = names_of(set->unsupported.listed, kind, "not ");
        add_line(page, set_titles[which], names, list_source(set, &set->unsupported));
    }
}

static void add_numbers(Page *page, const TlsfitDevice *device)
{
    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++) {
        const TlsfitDeviceNumber *number = &device->numbers[i];
        const TlsfitNumberInfo *info = tlsfit_number_info(i);

        if (!number->present)
            continue;
        g_autofree char *value = tlsfit_number_text(i, number->value);
        g_autofree char *limit = g_strdup_printf("%s %s", g_str_has_suffix(info->key, "_min") ? "at least" : "at most",
                                                 value);
        add_line(page, info->key, limit, number->source);
    }
}

static void add_features(Page *page, const TlsfitDevice *device)
{
    for (guint i = 0; i < TLSFIT_FEATURE_COUNT; i++) {
        const TlsfitDeviceFeature *feature = &device->features[i];
        if (feature->word != NULL && strcmp(feature->word, "yes") != 0)
            add_line(page, tlsfit_feature_info(i)->key, feature->word, feature->source);
    }
}

static void add_rest(Page *page, const TlsfitDevice *device)
{
    for (guint i = 0; i < device->broken->len; i++) {
        const TlsfitBroken *broken = g_ptr_array_index(device->broken, i);
        add_line(page, "negotiated, and then it fails", broken->note != NULL ? broken->note : broken->name,
                 broken->source);
    }
    for (guint i = 0; i < device->chains->len; i++) {
        const TlsfitChain *chain = g_ptr_array_index(device->chains, i);
        add_line(page, "sends the chain", chain->name, chain->source);
    }
    for (guint i = 0; device->against != NULL && i < device->against->len; i++) {
        const TlsfitDeviceAgainst *against = g_ptr_array_index(device->against, i);
        add_line(page, "another source disagrees", against->target, against->source);
    }
}

static char *versions_of(const TlsfitDevice *device)
{
    const GArray *codes = device->sets[TLSFIT_SET_VERSIONS].supported.listed;

    return codes != NULL && codes->len > 0 ? names_of(codes, TLSFIT_NAME_VERSION, "") : g_strdup("unknown");
}

static void add_device(GString *text, const TlsfitDevice *device)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    Page page = {text, sources};
    g_autofree char *versions = versions_of(device);

    g_string_append_printf(text, "\n### %s\n\n`%s`%s%s%s%s. Versions: %s.%s%s\n\n", device->name, device->id,
                           device->firmware != NULL ? ", firmware " : "",
                           device->firmware != NULL ? device->firmware : "",
                           device->inherits != NULL ? ", inherits " : "",
                           device->inherits != NULL ? device->inherits : "", versions,
                           device->note != NULL ? " " : "", device->note != NULL ? device->note : "");
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++)
        add_set(&page, device, i);
    add_numbers(&page, device);
    add_features(&page, device);
    add_rest(&page, device);
    for (guint i = 0; i < sources->len; i++) {
        const TlsfitSource *source = g_ptr_array_index(sources, i);
        g_string_append_printf(text, "%s[%u] %s%s%s%s\n", i == 0 ? "\n" : "", i + 1, source->where,
                               source->date != NULL ? " (" : "", source->date != NULL ? source->date : "",
                               source->date != NULL ? ")" : "");
        if (i + 1 < sources->len)
            g_string_append(text, "<br>\n");
    }
}

static void add_index(GString *text, const GPtrArray *devices)
{
    g_string_append(text, "\n| id | system | versions |\n|---|---|---|\n");
    for (guint i = 0; i < devices->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(devices, i);
        g_autofree char *versions = versions_of(device);

        g_string_append_printf(text, "| `%s` | %s | %s |\n", device->id, device->name, versions);
    }
}

char *tlsfit_library_table(const TlsfitLibrary *library)
{
    const GPtrArray *devices = tlsfit_library_devices(library);
    GString *text = g_string_new("# Devices\n\nWritten by `tlsfit devices table` from the profiles in `profiles/`: "
                                 "change those, not this page. What a device cannot do is listed with how sure that "
                                 "is and where it is from; what is not listed may be possible or unknown, which "
                                 "`tlsfit devices show ID` tells.\n");

    add_index(text, devices);
    for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
        gboolean started = FALSE;

        for (guint i = 0; i < devices->len; i++) {
            const TlsfitDevice *device = g_ptr_array_index(devices, i);

            if (strcmp(device->kind, kinds[k].kind) != 0)
                continue;
            if (!started)
                g_string_append_printf(text, "\n## %s\n", kinds[k].title);
            started = TRUE;
            add_device(text, device);
        }
    }
    return g_string_free(text, FALSE);
}
