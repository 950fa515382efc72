/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes hostile text harmless for the eye. See tlsfit_text.h.
 *
 * In: any bytes. Out: valid UTF-8 without a hidden character. Knows nothing of what the text is about.
 */
#include "tlsfit_text.h"

#include <string.h>

/* Invisible, or with a power over what stands around it. */
static gboolean is_hidden(gunichar character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED: /* noncharacters too, which HTML forbids */
        return TRUE;
    default:
        return FALSE;
    }
}

/* Nearly every text is one: the way around looking at each character. */
static gboolean is_plain(const char *text, glong most)
{
    glong length = 0;

    while (text[length] >= ' ' && text[length] <= '~') {
        length++;
    }
    return text[length] == '\0' && (most == 0 || length <= most);
}

static char *clean(const char *text, gboolean lines, glong most)
{
    if (text == NULL || is_plain(text, most)) {
        return g_strdup(text != NULL ? text : "");
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);
    glong kept = 0;

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        if (most > 0 && kept++ == most) {
            g_string_append_printf(out, " ... (cut: %ld characters in all)", g_utf8_strlen(valid, -1));
            break;
        }
        if (is_hidden(character) && !(lines && character == '\n')) {
            g_string_append_printf(out, "\\u%04X", character);
        } else {
            g_string_append_unichar(out, character);
        }
    }
    return g_string_free(out, FALSE);
}

char *tlsfit_clean(const char *text)
{
    return clean(text, FALSE, TLSFIT_TEXT_CHARACTERS_MAX);
}

char *tlsfit_clean_lines(const char *text)
{
    return clean(text, TRUE, 0);
}

char *tlsfit_clean_json(const char *json)
{
    GString *out = g_string_sized_new(strlen(json));

    for (const char *at = json; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        if (character < 0x7F || !is_hidden(character)) {
            g_string_append_len(out, at, g_utf8_next_char(at) - at);
        } else if (character < 0x10000) {
            g_string_append_printf(out, "\\u%04X", character);
        } else {
            g_string_append_printf(out, "\\u%04X\\u%04X", 0xD800 + ((character - 0x10000) >> 10),
                                   0xDC00 + ((character - 0x10000) & 0x3FF));
        }
    }
    return g_string_free(out, FALSE);
}
