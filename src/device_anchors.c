/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a device trusts: a certificate in, the verdict of the profile's [anchors] out.
 *
 * An anchor is known by its certificate, by its key, or by its name alone. Verifies no signature and builds no path: that
 * is the rules' part.
 */
#include "device.h"

#include <string.h>

/* More names than this make a limit unreadable. */
#define LIMIT_NAMES_MAX 4u

static gboolean is_certificate_of(const TlsfitCertificate *anchor, const TlsfitCertificate *certificate,
                                  gboolean of_issuer)
{
    if (of_issuer)
        return tlsfit_certificate_certifies(anchor, certificate);
    return anchor->readable && g_bytes_equal(anchor->subject_der, certificate->subject_der) &&
           g_bytes_equal(anchor->spki_sha256, certificate->spki_sha256);
}

static gboolean file_has(const TlsfitDeviceAnchors *anchors, const TlsfitCertificate *certificate, gboolean of_issuer)
{
    for (guint i = 0; anchors->certificates != NULL && i < anchors->certificates->len; i++) {
        if (is_certificate_of(g_ptr_array_index(anchors->certificates, i), certificate, of_issuer))
            return TRUE;
    }
    return FALSE;
}

static gboolean keys_have(const TlsfitDeviceAnchors *anchors, const TlsfitCertificate *certificate)
{
    gsize length;
    const guint8 *hash = g_bytes_get_data(certificate->spki_sha256, &length);
    GString *text;
    gboolean found;

    if (anchors->spki_sha256 == NULL)
        return FALSE;
    text = g_string_new(NULL);
    for (gsize i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", hash[i]);
    found = g_strv_contains((const char *const *)anchors->spki_sha256, text->str);
    g_string_free(text, TRUE);
    return found;
}

/* The parts of a name as RFC 4514 writes it, which a comma separates unless a backslash stands before it. Without
 * letter case and outer blanks. */
static GPtrArray *name_parts(const char *name)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);
    const char *start = name;

    for (const char *at = name;; at++) {
        if (at[0] == '\\' && at[1] != '\0') {
            at++;
        } else if (*at == ',' || *at == '\0') {
            g_autofree char *part = g_strndup(start, (gsize)(at - start));

            g_ptr_array_add(parts, g_utf8_casefold(g_strstrip(part), -1));
            start = at + 1;
        }
        if (*at == '\0')
            return parts;
    }
}

/* Is every part of WANTED in NAME? A wanted name without = is a common name. */
static gboolean name_has(GPtrArray *name, const char *wanted)
{
    g_autofree char *whole = strchr(wanted, '=') != NULL ? g_strdup(wanted) : g_strconcat("CN=", wanted, NULL);
    g_autoptr(GPtrArray) parts = name_parts(whole);

    for (guint i = 0; i < parts->len; i++) {
        if (!g_ptr_array_find_with_equal_func(name, g_ptr_array_index(parts, i), g_str_equal, NULL))
            return FALSE;
    }
    return TRUE;
}

static gboolean subjects_have(const TlsfitDeviceAnchors *anchors, const TlsfitCertificate *certificate,
                              gboolean of_issuer)
{
    g_autoptr(GPtrArray) name = NULL;

    if (anchors->subjects == NULL)
        return FALSE;
    name = name_parts(of_issuer ? certificate->issuer : certificate->subject);
    for (guint i = 0; anchors->subjects[i] != NULL; i++) {
        if (name_has(name, anchors->subjects[i]))
            return TRUE;
    }
    return FALSE;
}

static void append_name(GString *text, guint index, const char *name)
{
    if (index < LIMIT_NAMES_MAX)
        g_string_append_printf(text, "%s%s", index == 0 ? "trusts only " : "; ", name);
}

static char *limit_of(const TlsfitDeviceAnchors *anchors)
{
    GString *text = g_string_new(NULL);
    guint count = 0;

    for (guint i = 0; anchors->certificates != NULL && i < anchors->certificates->len; i++) {
        const TlsfitCertificate *anchor = g_ptr_array_index(anchors->certificates, i);

        append_name(text, count++, anchor->readable ? anchor->subject : "a certificate that cannot be read");
    }
    for (guint i = 0; anchors->subjects != NULL && anchors->subjects[i] != NULL; i++)
        append_name(text, count++, anchors->subjects[i]);
    for (guint i = 0; anchors->spki_sha256 != NULL && anchors->spki_sha256[i] != NULL; i++) {
        g_autofree char *key = g_strdup_printf("the key %.16s...", anchors->spki_sha256[i]);

        append_name(text, count++, key);
    }
    if (count > LIMIT_NAMES_MAX)
        g_string_append_printf(text, " and %u more", count - LIMIT_NAMES_MAX);
    return g_string_free(text, FALSE);
}

static const TlsfitSource *source_against(const TlsfitDeviceAnchors *anchors)
{
    const TlsfitSource *const sources[] = {anchors->complete_source, anchors->file_source, anchors->subjects_source};

    for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
        if (sources[i] != NULL)
            return sources[i];
    }
    return anchors->spki_source;
}

TlsfitVerdict tlsfit_device_anchor(const TlsfitDevice *device, const TlsfitCertificate *certificate,
                                   gboolean of_issuer)
{
    const TlsfitDeviceAnchors *anchors = &device->anchors;
    TlsfitVerdict verdict = {TLSFIT_OK, NULL, NULL};

    if (!certificate->readable) {
        verdict.status = TLSFIT_UNKNOWN;
        return verdict;
    }
    if (file_has(anchors, certificate, of_issuer))
        verdict.source = anchors->file_source;
    else if (!of_issuer && keys_have(anchors, certificate))
        verdict.source = anchors->spki_source;
    else if (subjects_have(anchors, certificate, of_issuer))
        verdict.source = anchors->subjects_source;
    if (verdict.source != NULL)
        return verdict;
    if (anchors->complete && !(of_issuer && anchors->spki_sha256 != NULL))
        return tlsfit_verdict_against(source_against(anchors), limit_of(anchors));
    verdict.status = TLSFIT_UNKNOWN;
    return verdict;
}
