/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of a JSON object, and the object as text, for the reports of the core: strings from captures become valid
 * UTF-8, and the text holds no hidden character (tlsfit_text.h).
 */
#ifndef TLSFIT_REPORT_MEMBER_H
#define TLSFIT_REPORT_MEMBER_H

#include <json-glib/json-glib.h>

/* VALUE NULL adds nothing: what is not known is left out. */
void tlsfit_member_string(JsonBuilder *builder, const char *key, const char *value);
void tlsfit_member_number(JsonBuilder *builder, const char *key, gint64 value);
void tlsfit_member_yes(JsonBuilder *builder, const char *key, gboolean yes);

/* A number that 0 stands for "not known" in. */
void tlsfit_member_count(JsonBuilder *builder, const char *key, guint64 value);

/* What was built, on one line without its end. Newly allocated. */
char *tlsfit_member_text(JsonBuilder *builder);

#endif
