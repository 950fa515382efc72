/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: members of a JSON object, and the object as text. A public header of the core, beside tlsfit.h, whose
 * conventions hold; the only one that needs json-glib.
 *
 * What is not known is left out. Strings become valid UTF-8 whatever a capture, a path or a certificate holds, and the
 * text has no hidden character (tlsfit_text.h).
 */
#ifndef TLSFIT_JSON_H
#define TLSFIT_JSON_H

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* VALUE NULL adds nothing. */
void tlsfit_json_string(JsonBuilder *builder, const char *key, const char *value);
void tlsfit_json_number(JsonBuilder *builder, const char *key, gint64 value);
void tlsfit_json_yes(JsonBuilder *builder, const char *key, gboolean yes);

/* A number that 0 stands for "not known" in: 0 adds nothing. */
void tlsfit_json_count(JsonBuilder *builder, const char *key, guint64 value);

/* What was built, on one line without its end. Newly allocated. */
char *tlsfit_json_line(JsonBuilder *builder);

/* Appends what was built, indented, and a newline. */
void tlsfit_json_append(GString *out, JsonBuilder *builder);

G_END_DECLS

#endif
