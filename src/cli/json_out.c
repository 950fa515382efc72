/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON for the subcommands. See json_out.h. In: values. Out: members, text.
 */
#include "json_out.h"

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

void tlsfit_json_yes(JsonBuilder *builder, const char *key, gboolean value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_boolean_value(builder, value);
}

void tlsfit_json_append(GString *out, JsonBuilder *builder)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = NULL;
    g_autofree char *clean = NULL;

    json_generator_set_pretty(generator, TRUE);
    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, NULL);
    clean = tlsfit_clean_json(text);
    g_string_append_printf(out, "%s\n", clean);
}
