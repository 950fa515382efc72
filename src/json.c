/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of JSON. See tlsfit_json.h. In: values. Out: calls of the builder, text.
 */
#include "tlsfit_json.h"

#include "tlsfit_text.h"

void tlsfit_json_string(JsonBuilder *builder, const char *key, const char *value)
{
    g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : NULL;

    if (valid != NULL) {
        json_builder_set_member_name(builder, key);
        json_builder_add_string_value(builder, valid);
    }
}

void tlsfit_json_number(JsonBuilder *builder, const char *key, gint64 value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_int_value(builder, value);
}

void tlsfit_json_yes(JsonBuilder *builder, const char *key, gboolean yes)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_boolean_value(builder, yes);
}

void tlsfit_json_count(JsonBuilder *builder, const char *key, guint64 value)
{
    if (value > 0) {
        tlsfit_json_number(builder, key, (gint64)value);
    }
}

static char *text_of(JsonBuilder *builder, gboolean pretty)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = NULL;

    json_generator_set_pretty(generator, pretty);
    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, NULL);
    return tlsfit_clean_json(text);
}

char *tlsfit_json_line(JsonBuilder *builder)
{
    return text_of(builder, FALSE);
}

void tlsfit_json_append(GString *out, JsonBuilder *builder)
{
    g_autofree char *text = text_of(builder, TRUE);

    g_string_append_printf(out, "%s\n", text);
}
