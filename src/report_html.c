/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The frame of an HTML page. See report_html.h.
 *
 * In: the style, compiled in from report.css and report_ladder.css. Out: text. A page has no script, and its policy
 * (Content Security Policy Level 3) allows this one style and nothing from anywhere: whatever should slip through the
 * escaping runs nothing and fetches nothing.
 */
#include "report_html.h"

#include "report_escape.h"
#include "report_resource.h"

#include <gio/gio.h>

/* A static library has nothing that would register the resource by itself, and registering it twice would leak. */
static GResource *styles(void)
{
    static gboolean registered;

    if (!registered) {
        tlsfit_report_register_resource();
        registered = TRUE;
    }
    return tlsfit_report_get_resource();
}

static char *resource_text(const char *name)
{
    g_autofree char *path = g_strdup_printf("/tlsfit/report/%s", name);
    g_autoptr(GBytes) bytes = g_resource_lookup_data(styles(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    gsize length = 0;
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &length) : "";

    return g_strndup(data, length);
}

char *tlsfit_html_ladder_style(void)
{
    return resource_text("report_ladder.css");
}

/* The hash that lets this style alone pass: base64 of SHA-256 over what stands between the tags (CSP 3, 6.7.3.3). */
static char *style_hash(const char *style)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof(digest);

    g_checksum_update(checksum, (const guchar *)style, -1);
    g_checksum_get_digest(checksum, digest, &length);
    return g_base64_encode(digest, length);
}

void tlsfit_html_open(GString *out, const char *title)
{
    g_autofree char *ladder = resource_text("report_ladder.css");
    g_autofree char *page = resource_text("report.css");
    g_autofree char *style = g_strconcat(ladder, page, NULL);
    g_autofree char *hash = style_hash(style);

    g_string_append_printf(out,
                           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                           "'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                           "<meta name=\"color-scheme\" content=\"light dark\">\n"
                           "<meta name=\"referrer\" content=\"no-referrer\">\n"
                           "<meta name=\"generator\" content=\"tlsfit " TLSFIT_VERSION "\">\n<title>",
                           hash);
    tlsfit_escape_html(out, title);
    g_string_append_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n", style);
}

void tlsfit_html_close(GString *out)
{
    g_string_append(out, "</main>\n<footer>Made by tlsfit " TLSFIT_VERSION ". This page is complete: it loads nothing "
                         "from anywhere and runs no script.</footer>\n</body>\n</html>\n");
}

const char *tlsfit_html_class(TlsfitStatus status)
{
    static const char *const classes[] = {
        [TLSFIT_OK] = "s-ok",         [TLSFIT_UNKNOWN] = "s-unknown", [TLSFIT_SUSPECT] = "s-suspect",
        [TLSFIT_BROKEN] = "s-cannot", [TLSFIT_CANNOT] = "s-cannot",
    };

    return classes[status];
}

const char *tlsfit_html_sign(TlsfitStatus status)
{
    static const char *const signs[] = {
        [TLSFIT_OK] = "✓", [TLSFIT_UNKNOWN] = "?", [TLSFIT_SUSPECT] = "!", [TLSFIT_BROKEN] = "✕", [TLSFIT_CANNOT] = "✕",
    };

    return signs[status];
}

void tlsfit_html_badge(GString *out, TlsfitStatus status, const char *word)
{
    g_string_append_printf(out, "<span class=\"badge %s\"><span aria-hidden=\"true\">%s</span> ",
                           tlsfit_html_class(status), tlsfit_html_sign(status));
    tlsfit_escape_html(out, word != NULL ? word : tlsfit_status_name(status));
    g_string_append(out, "</span>");
}
