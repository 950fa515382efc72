/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long texts as lines of the tree, and the lines for servers. See lines.h.
 *
 * In: texts of the core. Out: tree items.
 */
#include "lines.h"

#include "fields.h"

#include <string.h>

gsize
lines_first(const char *text)
{
    gsize length = strlen(text);

    if (length <= LINE_BYTES)
        return length;
    for (gsize i = LINE_BYTES; i > LINE_BYTES / 2; i--) {
        if (text[i] == ' ')
            return i;
    }
    length = LINE_BYTES;
    while (length > 0 && ((guchar)text[length] & 0xC0) == 0x80)
        length--; /* not inside a character of UTF-8 */
    return length;
}

/* Lines after the first begin with MARK. */
static void
add_marked(proto_tree *tree, tvbuff_t *tvb, const char *text, const char *mark)
{
    const char *before = "";

    while (*text != '\0') {
        const gsize length = lines_first(text);
        proto_item *item = proto_tree_add_none_format(tree, field_ids[FIELD_text], tvb, 0, 0, "%s%.*s", before,
                                                      (int)length, text);
        proto_item_set_generated(item);
        before = mark;
        text += length;
        while (*text == ' ')
            text++;
    }
}

void
lines_add(proto_tree *tree, tvbuff_t *tvb, const char *text)
{
    add_marked(tree, tvb, text, "");
}

void
lines_add_fix(proto_tree *tree, tvbuff_t *tvb, const TlsfitSession *session)
{
    for (guint server = 0; server < tlsfit_fix_server_count(); server++) {
        g_autofree char *text = tlsfit_session_fix_config(session, server);

        if (!text)
            continue;
        proto_item *item = proto_tree_add_string_format(tree, field_ids[FIELD_fix_config], tvb, 0, 0, text,
                                                        "Lines for %s", tlsfit_fix_server_title(server));
        proto_tree *lines = proto_item_add_subtree(item, field_tree_text);
        g_auto(GStrv) parts = g_strsplit(text, "\n", -1);

        proto_item_set_generated(item);
        for (guint i = 0; parts[i]; i++) /* a comment stays one where it is broken: people paste this */
            add_marked(lines, tvb, parts[i], g_str_has_prefix(parts[i], "# ") ? "# " : "");
    }
}
