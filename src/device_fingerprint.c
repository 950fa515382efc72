/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section [fingerprint] of a profile in, checked in its form, and what a ClientHello is compared with out. The
 * comparison itself is in fingerprint.c.
 */
#include "device.h"

#include <string.h>

#define JA3_DIGITS 32u

void tlsfit_fingerprint_clear(TlsfitDeviceFingerprint *fingerprint)
{
    g_clear_pointer(&fingerprint->cipher_suites, g_array_unref);
    g_clear_pointer(&fingerprint->extensions, g_array_unref);
    g_clear_pointer(&fingerprint->groups, g_array_unref);
    g_clear_pointer(&fingerprint->signature_schemes, g_array_unref);
    g_clear_pointer(&fingerprint->ja3, g_strfreev);
    g_clear_pointer(&fingerprint->ja4, g_strfreev);
}

/* t13d1516h2_8daaf6152771_e5627efa2ab1 */
static gboolean is_ja4(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "_", -1);

    return g_strv_length(parts) == 3 && strlen(parts[0]) == 10 && strchr("tqd", parts[0][0]) != NULL &&
           tlsfit_is_hex(parts[1], 12) && tlsfit_is_hex(parts[2], 12);
}

/* 00:80:E1 */
static gboolean is_oui(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", -1);

    return g_strv_length(parts) == 3 && tlsfit_is_hex(parts[0], 2) && tlsfit_is_hex(parts[1], 2) && tlsfit_is_hex(parts[2], 2);
}

static gboolean is_ja3(const char *text)
{
    return tlsfit_is_hex(text, JA3_DIGITS);
}

static GArray *compile_codes(TlsfitCompile *compile, const char *key, TlsfitNameKind kind)
{
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, "fingerprint", key);

    return entry != NULL ? tlsfit_compile_codes(compile, entry, kind) : NULL;
}

/* The texts under KEY, each of which FITS; NULL without the key. */
static char **compile_words(TlsfitCompile *compile, const char *key, gboolean (*fits)(const char *), const char *form)
{
    const TlsfitRawEntry *entry = tlsfit_merged_entry(compile->merged, "fingerprint", key);
    char **parts = entry != NULL ? tlsfit_list_split(entry->value) : NULL;

    for (guint i = 0; parts != NULL && parts[i] != NULL; i++) {
        if (!fits(parts[i]))
            tlsfit_problem_add(compile->problems, entry->profile->file, entry->line, "\"%s\" is no %s: %s", parts[i],
                               key, form);
    }
    return parts;
}

void tlsfit_compile_fingerprint(TlsfitCompile *compile)
{
    TlsfitDeviceFingerprint *fingerprint = &compile->device->recognised;

    g_strfreev(compile_words(compile, "oui", is_oui, "three bytes, as in 00:80:E1")); /* a hint for people */
    fingerprint->cipher_suites = compile_codes(compile, "cipher_suites", TLSFIT_NAME_CIPHER_SUITE);
    fingerprint->extensions = compile_codes(compile, "extensions", TLSFIT_NAME_EXTENSION);
    fingerprint->groups = compile_codes(compile, "groups", TLSFIT_NAME_GROUP);
    fingerprint->signature_schemes = compile_codes(compile, "signature_schemes", TLSFIT_NAME_SIGNATURE_SCHEME);
    fingerprint->ja3 = compile_words(compile, "ja3", is_ja3, "32 hexadecimal digits");
    fingerprint->ja4 = compile_words(compile, "ja4", is_ja4,
                                     "its three parts, as in t13d1516h2_8daaf6152771_e5627efa2ab1");
}
