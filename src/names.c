/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of TLS code points and X.509 algorithms, and what follows from a name.
 *
 * Flow: the tables names_*.def in; static strings and values out. Values are found by bisection, names through a hash
 * table that lives in static memory and is filled on first use, so that nothing is left to free when a plugin goes.
 * This file judges nothing and knows no device.
 */
#include "names.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_COUNT 2048u /* a power of two, above twice the number of entries */

typedef struct {
    TlsfitNameKind kind;
    guint          value;
    const char    *name;
} Entry;

/* Sorted by kind and value, for bisection. */
static const Entry entries[] = {
#define TLSFIT_CODE(code, name) { TLSFIT_NAME_VERSION, code, name },
#include "names_versions.def"
#define TLSFIT_SUITE(code, name, kx, auth, aead, tls13, scsv) { TLSFIT_NAME_CIPHER_SUITE, code, name },
#include "names_suites.def"
#define TLSFIT_GROUP(code, name, bits, oid) { TLSFIT_NAME_GROUP, code, name },
#include "names_groups.def"
#define TLSFIT_SCHEME(code, name, key) { TLSFIT_NAME_SIGNATURE_SCHEME, code, name },
#include "names_schemes.def"
#define TLSFIT_CERT_SIGNATURE(enumerator, name, oid, key, scheme) \
    { TLSFIT_NAME_CERT_SIGNATURE, TLSFIT_SIGNATURE_##enumerator, name },
#include "names_certificates.def"
#define TLSFIT_KEY_TYPE(enumerator, name, oid) { TLSFIT_NAME_KEY_TYPE, TLSFIT_KEY_##enumerator, name },
#include "names_certificates.def"
#define TLSFIT_CODE(code, name) { TLSFIT_NAME_ALERT, code, name },
#include "names_alerts.def"
#define TLSFIT_CODE(code, name) { TLSFIT_NAME_HANDSHAKE, code, name },
#include "names_handshakes.def"
#define TLSFIT_CODE(code, name) { TLSFIT_NAME_EXTENSION, code, name },
#include "names_extensions.def"
};

static const Entry aliases[] = {
#define TLSFIT_ALIAS(kind, value, name) { TLSFIT_NAME_##kind, value, name },
#include "names_aliases.def"
};

#define ENTRY_COUNT (G_N_ELEMENTS(entries) + G_N_ELEMENTS(aliases))
G_STATIC_ASSERT(ENTRY_COUNT * 2 < SLOT_COUNT);

/* A place in `entries`, then in `aliases`, plus one; 0: free. */
static guint16 slots[SLOT_COUNT];

static const Entry *entry_at(gsize index)
{
    return index < G_N_ELEMENTS(entries) ? &entries[index] : &aliases[index - G_N_ELEMENTS(entries)];
}

static int entry_compare(const void *left, const void *right)
{
    const Entry *a = left;
    const Entry *b = right;

    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return a->value < b->value ? -1 : a->value > b->value;
}

const char *tlsfit_name(TlsfitNameKind kind, guint value)
{
    const Entry key = { kind, value, NULL };
    const Entry *found = bsearch(&key, entries, G_N_ELEMENTS(entries), sizeof *entries, entry_compare);

    return found != NULL ? found->name : NULL;
}

char *tlsfit_name_or_number(TlsfitNameKind kind, guint value)
{
    const char *name = tlsfit_name(kind, value);

    return name != NULL ? g_strdup(name) : g_strdup_printf("0x%04X", value);
}

char *tlsfit_key_text(TlsfitKeyType type, guint bits, guint curve)
{
    static const char *const families[] = {
        [TLSFIT_KEY_UNKNOWN] = "unknown", [TLSFIT_KEY_RSA] = "RSA",         [TLSFIT_KEY_RSA_PSS] = "RSA-PSS",
        [TLSFIT_KEY_EC] = "EC",           [TLSFIT_KEY_ED25519] = "Ed25519", [TLSFIT_KEY_ED448] = "Ed448",
        [TLSFIT_KEY_DSA] = "DSA",         [TLSFIT_KEY_DH] = "DH",           [TLSFIT_KEY_GOST] = "GOST",
        [TLSFIT_KEY_ML_DSA] = "ML-DSA",
    };

    if (type == TLSFIT_KEY_EC) {
        g_autofree char *name = curve != 0 ? tlsfit_name_or_number(TLSFIT_NAME_GROUP, curve) : g_strdup("another curve");

        return g_strdup_printf("EC %s", name);
    }
    return bits > 0 && (type == TLSFIT_KEY_RSA || type == TLSFIT_KEY_RSA_PSS || type == TLSFIT_KEY_DSA)
               ? g_strdup_printf("%s %u", families[type], bits)
               : g_strdup(families[type]);
}

/* FNV-1a over the kind and the name in lower case. */
static guint name_hash(TlsfitNameKind kind, const char *name, gsize length)
{
    guint hash = 2166136261u ^ (guint)kind;

    for (gsize i = 0; i < length; i++)
        hash = (hash ^ (guchar)g_ascii_tolower(name[i])) * 16777619u;
    return hash;
}

static void slots_fill(void)
{
    for (gsize i = 0; i < ENTRY_COUNT; i++) {
        const Entry *entry = entry_at(i);
        guint slot = name_hash(entry->kind, entry->name, strlen(entry->name)) % SLOT_COUNT;

        while (slots[slot] != 0)
            slot = (slot + 1) % SLOT_COUNT;
        slots[slot] = (guint16)(i + 1);
    }
}

static const Entry *entry_by_name(TlsfitNameKind kind, const char *name, gsize length)
{
    static gboolean filled;

    if (!filled) {
        slots_fill();
        filled = TRUE;
    }
    for (guint slot = name_hash(kind, name, length) % SLOT_COUNT; slots[slot] != 0; slot = (slot + 1) % SLOT_COUNT) {
        const Entry *entry = entry_at(slots[slot] - 1u);

        if (entry->kind == kind && g_ascii_strncasecmp(entry->name, name, length) == 0 && entry->name[length] == '\0')
            return entry;
    }
    return NULL;
}

/* The largest number that can stand for a name. An X.509 algorithm has no number of its own: what is behind it is an
 * enumerator of ours, which must not become part of anybody's file. */
static guint number_highest(TlsfitNameKind kind)
{
    switch (kind) {
    case TLSFIT_NAME_ALERT:
    case TLSFIT_NAME_HANDSHAKE:
        return 0xFF;
    case TLSFIT_NAME_CERT_SIGNATURE:
    case TLSFIT_NAME_KEY_TYPE:
        return 0;
    default:
        return 0xFFFF;
    }
}

/* 0x followed by hexadecimal digits, or decimal digits; no sign, no space, nothing behind. */
static gboolean number_parse(TlsfitNameKind kind, const char *text, guint *value)
{
    gboolean is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hex ? text + 2 : text;
    guint number = 0;
    guint highest = number_highest(kind);

    if (*digits == '\0' || highest == 0)
        return FALSE;
    for (; *digits != '\0'; digits++) {
        int digit = is_hex ? g_ascii_xdigit_value(*digits) : g_ascii_digit_value(*digits);

        if (digit < 0)
            return FALSE;
        number = number * (is_hex ? 16u : 10u) + (guint)digit;
        if (number > highest)
            return FALSE;
    }
    *value = number;
    return TRUE;
}

gboolean tlsfit_name_parse(TlsfitNameKind kind, const char *name, guint *value)
{
    static const char reserved[] = "_RESERVED";
    gsize length = strlen(name);
    gsize suffix = sizeof reserved - 1;
    const Entry *entry = entry_by_name(kind, name, length);

    if (entry == NULL && length > suffix && g_ascii_strcasecmp(name + length - suffix, reserved) == 0)
        entry = entry_by_name(kind, name, length - suffix);
    if (entry == NULL)
        return number_parse(kind, name, value);
    *value = entry->value;
    return TRUE;
}

gboolean tlsfit_is_grease(guint value)
{
    return value <= 0xFFFF && (value & 0x0F0F) == 0x0A0A && value >> 8 == (value & 0xFF);
}

typedef struct {
    guint       code;
    TlsfitSuite suite;
} SuiteEntry;

static const SuiteEntry suites[] = {
#define TLSFIT_SUITE(code, name, kx, auth, aead, tls13, scsv) \
    { code, { name, TLSFIT_KX_##kx, TLSFIT_AUTH_##auth, aead, tls13, scsv } },
#include "names_suites.def"
};

static int suite_compare(const void *left, const void *right)
{
    guint a = ((const SuiteEntry *)left)->code;
    guint b = ((const SuiteEntry *)right)->code;

    return a < b ? -1 : a > b;
}

const TlsfitSuite *tlsfit_suite(guint code)
{
    static const TlsfitSuite unknown = { NULL, TLSFIT_KX_ANY, TLSFIT_AUTH_ANY, FALSE, FALSE, FALSE };
    const SuiteEntry key = { code, unknown };
    const SuiteEntry *found = bsearch(&key, suites, G_N_ELEMENTS(suites), sizeof *suites, suite_compare);

    return found != NULL ? &found->suite : &unknown;
}

TlsfitKeyType tlsfit_cert_signature_key_type(TlsfitCertSignature signature)
{
    switch (signature) {
#define TLSFIT_CERT_SIGNATURE(enumerator, name, oid, key, scheme) \
    case TLSFIT_SIGNATURE_##enumerator:                           \
        return TLSFIT_KEY_##key;
#include "names_certificates.def"
    default:
        return TLSFIT_KEY_UNKNOWN;
    }
}

guint tlsfit_cert_signature_scheme(TlsfitCertSignature signature)
{
    switch (signature) {
#define TLSFIT_CERT_SIGNATURE(enumerator, name, oid, key, scheme) \
    case TLSFIT_SIGNATURE_##enumerator:                           \
        return scheme;
#include "names_certificates.def"
    default:
        return 0;
    }
}

TlsfitKeyType tlsfit_scheme_key_type(guint scheme)
{
    switch (scheme) {
#define TLSFIT_SCHEME(code, name, key) \
    case code:                         \
        return TLSFIT_KEY_##key;
#include "names_schemes.def"
    default:
        return TLSFIT_KEY_UNKNOWN;
    }
}

typedef struct {
    const char *oid; /* NULL: none of its own */
    guint       value;
    guint       bits;
} OidEntry;

static const OidEntry *oid_find(const OidEntry *table, gsize count, const char *oid)
{
    for (gsize i = 0; i < count; i++)
        if (table[i].oid != NULL && strcmp(table[i].oid, oid) == 0)
            return &table[i];
    return NULL;
}

TlsfitCertSignature tlsfit_cert_signature_by_oid(const char *oid)
{
    static const OidEntry table[] = {
#define TLSFIT_CERT_SIGNATURE(enumerator, name, oid, key, scheme) { oid, TLSFIT_SIGNATURE_##enumerator, 0 },
#define TLSFIT_SIGNATURE_OID(enumerator, oid) { oid, TLSFIT_SIGNATURE_##enumerator, 0 },
#include "names_certificates.def"
    };
    const OidEntry *found = oid_find(table, G_N_ELEMENTS(table), oid);

    return found != NULL ? (TlsfitCertSignature)found->value : TLSFIT_SIGNATURE_UNKNOWN;
}

TlsfitCertSignature tlsfit_cert_signature_by_pss_hash(const char *oid)
{
    static const OidEntry table[] = {
#define TLSFIT_PSS_HASH(enumerator, oid) { oid, TLSFIT_SIGNATURE_##enumerator, 0 },
#include "names_certificates.def"
    };
    const OidEntry *found = oid_find(table, G_N_ELEMENTS(table), oid);

    return found != NULL ? (TlsfitCertSignature)found->value : TLSFIT_SIGNATURE_UNKNOWN;
}

TlsfitKeyType tlsfit_key_type_by_oid(const char *oid)
{
    static const OidEntry table[] = {
#define TLSFIT_KEY_TYPE(enumerator, name, oid) { oid, TLSFIT_KEY_##enumerator, 0 },
#define TLSFIT_KEY_OID(enumerator, oid) { oid, TLSFIT_KEY_##enumerator, 0 },
#include "names_certificates.def"
    };
    const OidEntry *found = oid_find(table, G_N_ELEMENTS(table), oid);

    return found != NULL ? (TlsfitKeyType)found->value : TLSFIT_KEY_UNKNOWN;
}

guint tlsfit_group_by_oid(const char *oid, guint *bits)
{
    static const OidEntry table[] = {
#define TLSFIT_GROUP(code, name, field_bits, oid) { oid, code, field_bits },
#include "names_groups.def"
#define TLSFIT_CURVE(oid, field_bits, name) { oid, 0, field_bits },
#include "names_curves.def"
    };
    const OidEntry *found = oid_find(table, G_N_ELEMENTS(table), oid);

    *bits = found != NULL ? found->bits : 0;
    return found != NULL ? found->value : 0;
}
