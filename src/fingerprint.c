/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recognising a client by its ClientHello. In: the lists of a hello, and the profiles' fingerprints. Out: the one
 * device that all parts of its fingerprint speak for, or all that do; and the hashes JA3 and JA4.
 *
 * JA3: github.com/salesforce/ja3, README. JA4: github.com/FoxIO-LLC/ja4, technical_details/JA4.md (the client's part,
 * which is free to use). GREASE (RFC 8701) counts nowhere. Nothing here guesses: a part that is missing or differs
 * ends the comparison.
 */
#include "device.h"

#include <string.h>

#define JA4_HASH_DIGITS 12
#define JA4_COUNT_MAX 99u
#define EXT_SERVER_NAME 0u
#define EXT_ALPN 16u
#define EXT_QUIC 57u          /* RFC 9001, 8.2 */
#define EXT_QUIC_DRAFT 0xFFA5u

static guint count_real(const TlsfitCodes *codes)
{
    guint count = 0;

    for (guint i = 0; i < tlsfit_codes_length(codes); i++)
        count += tlsfit_is_grease(tlsfit_codes_get(codes, i)) ? 0 : 1;
    return count;
}

/* --- JA3 ------------------------------------------------------------------------------------------------------ */

static void append_decimals(GString *text, const TlsfitCodes *codes)
{
    const char *separator = "";

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        guint code = tlsfit_codes_get(codes, i);
        if (tlsfit_is_grease(code))
            continue;
        g_string_append_printf(text, "%s%u", separator, code);
        separator = "-";
    }
}

char *tlsfit_hello_ja3(const TlsfitMessage *hello)
{
    const TlsfitCodes *const lists[] = {&hello->cipher_suites, &hello->extensions, &hello->groups,
                                        &hello->point_formats};
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "%u", hello->version);
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_string_append_c(text, ',');
        append_decimals(text, lists[i]);
    }
    return g_compute_checksum_for_string(G_CHECKSUM_MD5, text->str, (gssize)text->len);
}

/* --- JA4 ------------------------------------------------------------------------------------------------------ */

static guint newest_version(const TlsfitMessage *hello)
{
    guint newest = 0;

    for (guint i = 0; i < tlsfit_codes_length(&hello->versions); i++) {
        guint version = tlsfit_codes_get(&hello->versions, i);
        if (!tlsfit_is_grease(version))
            newest = MAX(newest, version);
    }
    return newest != 0 ? newest : hello->version;
}

static const char *version_text(guint version)
{
    static const struct {
        guint version;
        const char *text;
    } texts[] = {{0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"}, {0x0301, "10"}, {0x0300, "s3"},
                 {0x0002, "s2"}, {0xFEFF, "d1"}, {0xFEFD, "d2"}, {0xFEFC, "d3"}};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i].version == version)
            return texts[i].text;
    }
    return "00";
}

static char transport_letter(const TlsfitMessage *hello)
{
    if (hello->version >> 8 == 0xFE)
        return 'd';
    return tlsfit_codes_has(&hello->extensions, EXT_QUIC) || tlsfit_codes_has(&hello->extensions, EXT_QUIC_DRAFT)
               ? 'q' : 't';
}

static void append_alpn(GString *text, const guint8 ends[2])
{
    if (ends[0] == 0 && ends[1] == 0)
        g_string_append(text, "00");
    else if (g_ascii_isalnum(ends[0]) && g_ascii_isalnum(ends[1]))
        g_string_append_printf(text, "%c%c", ends[0], ends[1]);
    else
        g_string_append_printf(text, "%x%x", ends[0] >> 4, ends[1] & 0x0F);
}

static int compare_codes(gconstpointer a, gconstpointer b)
{
    return *(const guint16 *)a - *(const guint16 *)b;
}

static void append_hex(GString *text, const GArray *codes)
{
    for (guint i = 0; i < codes->len; i++)
        g_string_append_printf(text, "%s%04x", i > 0 ? "," : "", g_array_index(codes, guint16, i));
}

/* CODES without GREASE and, where asked for, without what stands in every hello of the same client or not by chance. */
static GArray *real_codes(const TlsfitCodes *codes, gboolean are_extensions)
{
    GArray *real = g_array_new(FALSE, FALSE, sizeof(guint16));

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        guint16 code = (guint16)tlsfit_codes_get(codes, i);
        if (!tlsfit_is_grease(code) && !(are_extensions && (code == EXT_SERVER_NAME || code == EXT_ALPN)))
            g_array_append_val(real, code);
    }
    return real;
}

static void append_hash(GString *result, const GString *text)
{
    g_autofree char *digits = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, (gssize)text->len);

    if (text->len == 0)
        g_string_append(result, "_000000000000");
    else
        g_string_append_printf(result, "_%.*s", JA4_HASH_DIGITS, digits);
}

char *tlsfit_hello_ja4(const TlsfitMessage *hello)
{
    g_autoptr(GArray) suites = real_codes(&hello->cipher_suites, FALSE);
    g_autoptr(GArray) extensions = real_codes(&hello->extensions, TRUE);
    g_autoptr(GArray) schemes = real_codes(&hello->schemes, FALSE);
    g_autoptr(GString) text = g_string_new(NULL);
    GString *result = g_string_new(NULL);

    g_string_append_printf(result, "%c%s%c%02u%02u", transport_letter(hello), version_text(newest_version(hello)),
                           tlsfit_codes_has(&hello->extensions, EXT_SERVER_NAME) ? 'd' : 'i',
                           MIN(suites->len, JA4_COUNT_MAX), MIN(count_real(&hello->extensions), JA4_COUNT_MAX));
    append_alpn(result, hello->alpn_ends);
    g_array_sort(suites, compare_codes);
    append_hex(text, suites);
    append_hash(result, text);
    g_string_truncate(text, 0);
    g_array_sort(extensions, compare_codes);
    append_hex(text, extensions);
    if (schemes->len > 0)
        g_string_append_c(text, '_');
    append_hex(text, schemes);
    append_hash(result, text);
    return g_string_free(result, FALSE);
}

/* --- Recognising ---------------------------------------------------------------------------------------------- */

/* The same codes in the same order, without GREASE on either side. */
static gboolean same_codes(const GArray *wanted, const TlsfitCodes *codes)
{
    guint next = 0;

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        guint code = tlsfit_codes_get(codes, i);
        if (tlsfit_is_grease(code))
            continue;
        while (next < wanted->len && tlsfit_is_grease(g_array_index(wanted, guint16, next)))
            next++;
        if (next == wanted->len || g_array_index(wanted, guint16, next) != code)
            return FALSE;
        next++;
    }
    while (next < wanted->len && tlsfit_is_grease(g_array_index(wanted, guint16, next)))
        next++;
    return next == wanted->len;
}

static gboolean one_of(char **words, const char *text)
{
    for (guint i = 0; words[i] != NULL; i++) {
        if (g_ascii_strcasecmp(words[i], text) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean hashes_match(const TlsfitDeviceFingerprint *wanted, const TlsfitMessage *hello)
{
    g_autofree char *ja3 = wanted->ja3 != NULL ? tlsfit_hello_ja3(hello) : NULL;
    g_autofree char *ja4 = wanted->ja4 != NULL ? tlsfit_hello_ja4(hello) : NULL;

    return (ja3 == NULL || one_of(wanted->ja3, ja3)) && (ja4 == NULL || one_of(wanted->ja4, ja4));
}

gboolean tlsfit_device_recognises(const TlsfitDevice *device, const TlsfitMessage *hello)
{
    const TlsfitDeviceFingerprint *wanted = &device->recognised;
    const struct {
        const GArray *wanted;
        const TlsfitCodes *codes;
    } parts[] = {{wanted->cipher_suites, &hello->cipher_suites},
                 {wanted->extensions, &hello->extensions},
                 {wanted->groups, &hello->groups},
                 {wanted->signature_schemes, &hello->schemes}};
    gboolean any = wanted->ja3 != NULL || wanted->ja4 != NULL;

    if (hello->truncated || device->role != TLSFIT_CLIENT)
        return FALSE; /* a list that is cut off may look like another one */
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i].wanted == NULL)
            continue;
        any = TRUE;
        if (!same_codes(parts[i].wanted, parts[i].codes))
            return FALSE;
    }
    return any && hashes_match(wanted, hello);
}

/* All devices that recognise HELLO; a reference. */
static GPtrArray *find_all(TlsfitLibrary *library, const TlsfitMessage *hello)
{
    TlsfitRecall *recall = tlsfit_library_recall(library);
    const GPtrArray *devices = tlsfit_library_devices(library);
    GPtrArray *found = tlsfit_recall_find(recall, hello);

    if (found != NULL)
        return g_ptr_array_ref(found);
    found = g_ptr_array_new();
    for (guint i = 0; i < devices->len; i++) {
        if (tlsfit_device_recognises(g_ptr_array_index(devices, i), hello))
            g_ptr_array_add(found, g_ptr_array_index(devices, i));
    }
    if (tlsfit_recall_keep(recall, hello, found))
        g_ptr_array_ref(found);
    return found;
}

TlsfitDevice *tlsfit_library_recognise(TlsfitLibrary *library, const TlsfitMessage *hello, GPtrArray **ambiguous)
{
    g_autoptr(GPtrArray) found = find_all(library, hello);

    *ambiguous = NULL;
    if (found->len == 1)
        return g_ptr_array_index(found, 0);
    if (found->len > 1)
        *ambiguous = g_steal_pointer(&found);
    return NULL;
}
