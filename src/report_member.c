/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of JSON. See report_member.h. In: values. Out: calls of the builder, text.
 */
#include "report_member.h"

#include "tlsfit_text.h"

void tlsfit_member_string(JsonBuilder *builder, const char *key, const char *value)
{
    g_autofree char *valid = value != NULL ? g_utf8_make_valid(value, -1) : NULL;

    if (valid != NULL) {
        json_builder_set_member_name(builder, key);
        json_builder_add_string_value(builder, valid);
    }
}

void tlsfit_member_number(JsonBuilder *builder, const char *key, gint64 value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_int_value(builder, value);
}

void tlsfit_member_yes(JsonBuilder *builder, const char *key, gboolean yes)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_boolean_value(builder, yes);
}

void tlsfit_member_count(JsonBuilder *builder, const char *key, guint64 value)
{
    if (value > 0) {
        tlsfit_member_number(builder, key, (gint64)value);
    }
}

char *tlsfit_member_text(JsonBuilder *builder)
{
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *text = NULL;

    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, NULL);
    return tlsfit_clean_json(text);
}
