/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device as text for people and for snapshots in review: one fact a line, with its confidence and where it is from,
 * in a fixed order. What the source says follows once for the facts that share it.
 *
 * Judges nothing, and shows no more than the profile says.
 */
#include "device.h"

#include <string.h>

#define FACT_COLUMNS 46

typedef struct {
    GString *text;
    const TlsfitSource *last; /* source of the fact before, whose words are still to be written; NULL: none */
} Render;

/* What the source of the facts above says. */
static void render_words(Render *render)
{
    if (render->last != NULL && render->last->what != NULL)
        g_string_append_printf(render->text, "      \"%s\"\n", render->last->what);
    render->last = NULL;
}

static void render_heading(Render *render, const char *heading)
{
    render_words(render);
    g_string_append_printf(render->text, "\n%s\n", heading);
}

/* Columns are counted in characters, as a value may hold any text. */
static void render_fact(Render *render, const char *word, const char *fact, const TlsfitSource *source)
{
    if (render->last != source)
        render_words(render);
    gsize start = render->text->len;
    g_string_append_printf(render->text, "  %-7s %s", word, fact);
    glong width = g_utf8_strlen(render->text->str + start, -1);
    if (source != NULL) {
        g_string_append_printf(render->text, "%*s  %-11s  %s", (int)MAX(0, FACT_COLUMNS - width), "",
                               tlsfit_confidence_name(source->confidence), source->where);
        if (source->date != NULL)
            g_string_append_printf(render->text, " (%s)", source->date);
    }
    g_string_append_c(render->text, '\n');
    render->last = source;
}

static void render_list(Render *render, const TlsfitDeviceSet *set, const TlsfitDeviceList *list, const char *word,
                        TlsfitNameKind kind)
{
    for (guint i = 0; list->listed != NULL && i < list->listed->len; i++) {
        guint code = g_array_index(list->listed, guint16, i);
        g_autofree char *name = tlsfit_name_or_number(kind, code);

        render_fact(render, word, name, tlsfit_device_code_source(set, list, code));
    }
}

/* What a complete list of versions rules out. */
static const char *other_versions(const TlsfitDeviceSet *set)
{
    if (!tlsfit_device_speaks_of(set, 0xFEFD))
        return "any other version of TLS";
    return tlsfit_device_speaks_of(set, 0x0303) ? "anything else" : "any other version of DTLS";
}

static void render_set(Render *render, const TlsfitDevice *device, TlsfitSet which)
{
    static const char *const titles[TLSFIT_SET_COUNT] = {
        [TLSFIT_SET_VERSIONS] = "versions",
        [TLSFIT_SET_CIPHER_SUITES] = "cipher suites",
        [TLSFIT_SET_GROUPS] = "groups",
        [TLSFIT_SET_SIGNATURE_SCHEMES] = "signature schemes",
        [TLSFIT_SET_CERTIFICATE_SIGNATURES] = "signatures on certificates",
        [TLSFIT_SET_KEY_TYPES] = "key types in certificates",
        [TLSFIT_SET_KEY_CURVES] = "curves of keys in certificates",
        [TLSFIT_SET_END_ENTITY_TYPES] = "key types in the end-entity certificate",
        [TLSFIT_SET_CLIENT_SCHEMES] = "schemes that it signs with as a client",
        [TLSFIT_SET_END_ENTITY_CURVES] = "curves of the key in the end-entity certificate",
    };
    const TlsfitDeviceSet *set = &device->sets[which];
    TlsfitNameKind kind = tlsfit_set_info(which)->kind;

    if (set->supported.listed == NULL && set->unsupported.listed == NULL)
        return;
    render_heading(render, titles[which]);
    render_list(render, set, &set->supported, "can", kind);
    render_list(render, set, &set->unsupported, "cannot", kind);
    if (set->complete)
        render_fact(render, "cannot", which == TLSFIT_SET_VERSIONS ? other_versions(set) : "anything else",
                    set->complete_source != NULL ? set->complete_source : set->supported.source);
    else
        render_fact(render, "unknown", "anything else", set->complete_source);
}

static void render_numbers(Render *render, const TlsfitDevice *device)
{
    gboolean started = FALSE;

    for (guint i = 0; i < TLSFIT_NUMBER_COUNT; i++) {
        const TlsfitDeviceNumber *number = &device->numbers[i];
        if (!number->present)
            continue;
        if (!started)
            render_heading(render, "limits");
        started = TRUE;
        g_autofree char *value = tlsfit_number_text(i, number->value);
        g_autofree char *fact = g_strdup_printf("%s = %s", tlsfit_number_info(i)->key, value);
        render_fact(render, "", fact, number->source);
    }
}

static void render_features(Render *render, const TlsfitDevice *device)
{
    gboolean started = FALSE;

    for (guint i = 0; i < TLSFIT_FEATURE_COUNT; i++) {
        const TlsfitDeviceFeature *feature = &device->features[i];
        if (feature->word == NULL)
            continue;
        if (!started)
            render_heading(render, "features");
        started = TRUE;
        g_autofree char *fact = g_strdup_printf("%s = %s", tlsfit_feature_info(i)->key, feature->word);
        render_fact(render, "", fact, feature->source);
    }
}

static void render_strings(Render *render, const char *key, char **values, const TlsfitSource *source)
{
    for (guint i = 0; values != NULL && values[i] != NULL; i++) {
        g_autofree char *fact = g_strdup_printf("%s = %s", key, values[i]);
        render_fact(render, "", fact, source);
    }
}

static void render_anchors(Render *render, const TlsfitDevice *device)
{
    const TlsfitDeviceAnchors *anchors = &device->anchors;

    if (anchors->file == NULL && anchors->spki_sha256 == NULL && anchors->subjects == NULL)
        return;
    render_heading(render, "trusts");
    if (anchors->file != NULL) {
        g_autofree char *fact = g_strdup_printf("file = %s", anchors->file);
        render_fact(render, "", fact, anchors->file_source);
    }
    render_strings(render, "spki_sha256", anchors->spki_sha256, anchors->spki_source);
    render_strings(render, "subject", anchors->subjects, anchors->subjects_source);
    render_fact(render, anchors->complete ? "cannot" : "unknown", "anything else", NULL);
}

static void render_condition(Render *render, const char *key, const GArray *codes, TlsfitNameKind kind)
{
    for (guint i = 0; i < codes->len; i++) {
        g_autofree char *name = tlsfit_name_or_number(kind, g_array_index(codes, guint16, i));
        g_string_append_printf(render->text, "  when    %s %s\n", key, name);
    }
}

static void render_broken(Render *render, const TlsfitBroken *broken)
{
    g_autofree char *heading = g_strdup_printf("broken: %s", broken->name);
    g_autofree char *symptom = NULL;

    render_heading(render, heading);
    render_condition(render, "version", broken->versions, TLSFIT_NAME_VERSION);
    render_condition(render, "suite", broken->cipher_suites, TLSFIT_NAME_CIPHER_SUITE);
    render_condition(render, "group", broken->groups, TLSFIT_NAME_GROUP);
    render_condition(render, "scheme", broken->signature_schemes, TLSFIT_NAME_SIGNATURE_SCHEME);
    render_condition(render, "end-entity key", broken->key_types, TLSFIT_NAME_KEY_TYPE);
    if (broken->stalls) {
        symptom = g_strdup("the device goes silent");
    } else {
        g_autofree char *alert = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)broken->alert);
        symptom = g_strdup_printf("alert %s from the %s", alert,
                                  broken->alert_from == TLSFIT_CLIENT ? "client" : "server");
    }
    render_fact(render, "then", symptom, broken->source);
    render_words(render);
    if (broken->depends_on != NULL)
        g_string_append_printf(render->text, "  only if %s\n", broken->depends_on);
    if (broken->note != NULL)
        g_string_append_printf(render->text, "  note    %s\n", broken->note);
    if (broken->fix_server != NULL)
        g_string_append_printf(render->text, "  server  %s\n", broken->fix_server);
    if (broken->fix_device != NULL)
        g_string_append_printf(render->text, "  device  %s\n", broken->fix_device);
}

static void render_chain(Render *render, const TlsfitChain *chain)
{
    g_autofree char *heading = g_strdup_printf("chain: %s", chain->name);

    render_heading(render, heading);
    for (guint i = 0; i < chain->links->len; i++) {
        const TlsfitChainLink *link = &g_array_index(chain->links, TlsfitChainLink, i);
        g_autofree char *curve = link->curve != 0 ? tlsfit_name_or_number(TLSFIT_NAME_GROUP, link->curve)
                                                  : g_strdup_printf("%u", link->key_bits);
        g_autofree char *bytes = link->bytes != 0 ? g_strdup_printf(", %u bytes", link->bytes) : g_strdup("");
        g_autofree char *fact = g_strdup_printf("%s %s, %s%s%s%s", tlsfit_name(TLSFIT_NAME_KEY_TYPE, link->key_type),
                                                curve, tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, link->signature),
                                                bytes, link->name != NULL ? ": " : "",
                                                link->name != NULL ? link->name : "");
        g_autofree char *number = g_strdup_printf("%u", i);

        render_fact(render, number, fact, chain->source);
    }
}

static void render_against(Render *render, const GPtrArray *against)
{
    if (against == NULL)
        return;
    render_heading(render, "sources that say otherwise");
    for (guint i = 0; i < against->len; i++) {
        const TlsfitDeviceAgainst *one = g_ptr_array_index(against, i);
        g_autofree char *fact = one->value != NULL ? g_strdup_printf("%s = %s", one->target, one->value)
                                                   : g_strdup_printf("not %s", one->target);

        render_fact(render, "", fact, one->source);
    }
}

static void render_texts(Render *render, const char *heading, const GPtrArray *texts)
{
    if (texts == NULL)
        return;
    render_heading(render, heading);
    for (guint i = 0; i < texts->len; i++) {
        const TlsfitDeviceText *text = g_ptr_array_index(texts, i);
        g_autofree char *fact = g_strdup_printf("%s = %s", text->key, text->value);

        render_fact(render, "", fact, text->source);
    }
}

static char *alert_text(const TlsfitDeviceAlert *alert)
{
    g_autofree char *name = alert->number < 0 ? g_strdup("any alert")
                                              : tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)alert->number);

    return g_strdup_printf("%s from %s", name, alert->from == TLSFIT_CLIENT ? "client" : "server");
}

/* With what a number is seen: "cert_validity; bad_certificate from client; reset". NULL where that is not said. */
static char *seen_with(const TlsfitDeviceCode *code)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; code->rules != NULL && code->rules[i] != NULL; i++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", code->rules[i]);
    for (guint i = 0; i < code->alerts->len; i++) {
        g_autofree char *alert = alert_text(&g_array_index(code->alerts, TlsfitDeviceAlert, i));

        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", alert);
    }
    for (guint i = 0; i <= TLSFIT_OUTCOME_CUT; i++) {
        if ((code->outcomes & 1u << i) != 0)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", tlsfit_outcome_name(i));
    }
    return g_string_free(text, text->len == 0);
}

static void render_device_codes(Render *render, const GPtrArray *codes)
{
    if (codes->len == 0)
        return;
    render_heading(render, "the vendor's error numbers");
    for (guint i = 0; i < codes->len; i++) {
        const TlsfitDeviceCode *code = g_ptr_array_index(codes, i);
        g_autofree char *fact = g_strdup_printf("%s = %s", code->code, code->text);
        g_autofree char *seen = seen_with(code);

        render_fact(render, "", fact, code->source);
        if (seen != NULL)
            render_fact(render, "with", seen, code->seen_source);
    }
}

static void render_identity(Render *render, const TlsfitDevice *device)
{
    const struct {
        const char *key;
        const char *value;
    } lines[] = {{"name", device->name},
                 {"kind", device->kind},
                 {"role", device->role == TLSFIT_CLIENT ? "client" : "server"},
                 {"stack", device->stack},
                 {"firmware", device->firmware},
                 {"inherits", device->inherits},
                 {"note", device->note}};

    g_string_append_printf(render->text, "%s\n", device->id);
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        if (lines[i].value != NULL)
            g_string_append_printf(render->text, "  %-8s %s\n", lines[i].key, lines[i].value);
    }
}

char *tlsfit_device_render(const TlsfitDevice *device)
{
    Render render = {.text = g_string_new(NULL)};

    render_identity(&render, device);
    for (guint i = 0; i < TLSFIT_SET_COUNT; i++)
        render_set(&render, device, i);
    render_numbers(&render, device);
    render_features(&render, device);
    render_anchors(&render, device);
    for (guint i = 0; i < device->broken->len; i++)
        render_broken(&render, g_ptr_array_index(device->broken, i));
    for (guint i = 0; i < device->chains->len; i++)
        render_chain(&render, g_ptr_array_index(device->chains, i));
    render_against(&render, device->against);
    render_device_codes(&render, device->codes);
    render_texts(&render, "advice for the device's side, by rule", device->fixes);
    render_texts(&render, "recognised by", device->fingerprint);
    render_words(&render);
    return g_string_free(render.text, FALSE);
}
