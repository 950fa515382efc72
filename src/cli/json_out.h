/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of JSON, as every subcommand writes them: what is not known is left out, and text is valid UTF-8 whatever a
 * path or a certificate holds.
 */
#ifndef TLSFIT_JSON_OUT_H
#define TLSFIT_JSON_OUT_H

#include <glib.h>
#include <json-glib/json-glib.h>

/* NULL is left out. */
void tlsfit_json_string(JsonBuilder *builder, const char *key, const char *value);
void tlsfit_json_number(JsonBuilder *builder, const char *key, gint64 value);
void tlsfit_json_yes(JsonBuilder *builder, const char *key, gboolean value);

/* Appends what BUILDER has, indented, and a newline. */
void tlsfit_json_append(GString *out, JsonBuilder *builder);

#endif
