/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Chains that a service sends, by description: [chain NAME] sections in, TlsfitChain out. A line a certificate, in
 * the order in which they are sent: `0 = rsa 2048; sha256WithRSAEncryption; 1290; R12`.
 *
 * Holds no certificates and judges nothing.
 */
#include "device.h"

#include <string.h>

#define LINKS_MAX 32u

static void link_clear(gpointer data)
{
    g_free(((TlsfitChainLink *)data)->name);
}

void tlsfit_chain_free(TlsfitChain *chain)
{
    g_free(chain->name);
    g_array_unref(chain->links);
    g_free(chain);
}

const GPtrArray *tlsfit_device_chains(const TlsfitDevice *device)
{
    return device->chains;
}

static guint curve_bits(guint curve)
{
    switch (curve) {
#define TLSFIT_GROUP(code, name, bits, oid) \
    case code:                              \
        return bits;
#include "names_groups.def"
    default:
        return 0;
    }
}

/* "rsa 2048", "ec secp384r1", "ed25519" */
static gboolean parse_key(const char *text, TlsfitChainLink *link)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    guint type = 0;
    guint64 bits = 0;

    if (words[0] == NULL || !tlsfit_code_parse(TLSFIT_NAME_KEY_TYPE, words[0], &type))
        return FALSE;
    link->key_type = (TlsfitKeyType)type;
    if (type == TLSFIT_KEY_RSA || type == TLSFIT_KEY_RSA_PSS || type == TLSFIT_KEY_DSA) {
        if (g_strv_length(words) != 2 || !g_ascii_string_to_unsigned(words[1], 10, 256, 65536, &bits, NULL))
            return FALSE;
        link->key_bits = (guint)bits;
        return TRUE;
    }
    if (type == TLSFIT_KEY_EC) {
        if (g_strv_length(words) != 2 || !tlsfit_code_parse(TLSFIT_NAME_GROUP, words[1], &link->curve))
            return FALSE;
        link->key_bits = curve_bits(link->curve);
        return link->key_bits > 0;
    }
    return g_strv_length(words) == 1;
}

/* FALSE where the line is none of the form above. */
static gboolean parse_link(const char *value, TlsfitChainLink *link)
{
    g_auto(GStrv) parts = g_strsplit(value, ";", 4);
    guint count = g_strv_length(parts), signature = 0;
    guint64 bytes = 0;

    for (guint i = 0; i < count; i++)
        g_strstrip(parts[i]);
    if (count < 2 || !parse_key(parts[0], link) ||
        !tlsfit_code_parse(TLSFIT_NAME_CERT_SIGNATURE, parts[1], &signature))
        return FALSE;
    link->signature = (TlsfitCertSignature)signature;
    if (count > 2 && strcmp(parts[2], "-") != 0) {
        if (!g_ascii_string_to_unsigned(parts[2], 10, 64, 16777215, &bytes, NULL))
            return FALSE;
        link->bytes = (guint)bytes;
    }
    if (count > 3 && *parts[3] != '\0')
        link->name = g_strdup(parts[3]);
    return TRUE;
}

static void compile_link(TlsfitCompile *compile, TlsfitChain *chain, const TlsfitRawEntry *entry)
{
    TlsfitChainLink link = {0};
    g_autofree char *wanted = g_strdup_printf("%u", chain->links->len);

    if (strcmp(entry->key, wanted) != 0 || chain->links->len >= LINKS_MAX)
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "the certificates of a chain are numbered from 0 (the end-entity), at most %u of them; "
                           "not \"%s\"", LINKS_MAX, entry->key);
    else if (!parse_link(entry->value, &link))
        tlsfit_problem_add(compile->problems, entry->profile->file, entry->line,
                           "\"%s\" is no certificate: write key; signature; bytes or -; name, as in rsa 2048; "
                           "sha256WithRSAEncryption; 1290; R12", entry->value);
    g_array_append_val(chain->links, link);
}

static gboolean is_chain_name(const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        if (!g_ascii_islower(*p) && !g_ascii_isdigit(*p) && *p != '-' && *p != '.')
            return FALSE;
    }
    return *name != '\0';
}

static void compile_chain(TlsfitCompile *compile, const TlsfitMergedSection *section)
{
    TlsfitChain *chain = g_new0(TlsfitChain, 1);

    g_ptr_array_add(compile->device->chains, chain);
    chain->name = g_strdup(section->name + strlen("chain "));
    chain->links = g_array_new(FALSE, TRUE, sizeof(TlsfitChainLink));
    g_array_set_clear_func(chain->links, link_clear);
    if (!is_chain_name(chain->name))
        tlsfit_problem_add(compile->problems, section->profile->file, section->line,
                           "\"%s\" is no name for a chain: lower case letters, digits, dots and dashes", chain->name);
    for (guint i = 0; i < section->order->len; i++)
        compile_link(compile, chain, g_ptr_array_index(section->order, i));
    chain->source = (TlsfitSource *)tlsfit_compile_need_source(compile, section->name, section->profile,
                                                               section->line);
}

void tlsfit_compile_chains(TlsfitCompile *compile)
{
    const GPtrArray *sections = compile->merged->order;

    for (guint i = 0; i < sections->len; i++) {
        const TlsfitMergedSection *section = g_ptr_array_index(sections, i);

        if (tlsfit_section_is_chain(section->name) && section->order->len > 0)
            compile_chain(compile, section);
    }
}
