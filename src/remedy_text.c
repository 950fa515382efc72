/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A remedy in words. See remedy.h.
 *
 * In: TlsfitRemedy. Out: sentences for people. The lines for servers are remedy_server.c's part.
 */
#include "remedy.h"

/* "allow the group a", "allow the groups a, b". */
static void add_codes(GString *text, const char *what, const char *many, TlsfitNameKind kind, const GArray *codes)
{
    if (codes->len == 0) {
        return;
    }
    g_string_append_printf(text, "%s%s%s ", text->len > 0 ? "; " : "", what, codes->len > 1 ? many : "");
    for (guint i = 0; i < codes->len; i++) {
        g_autofree char *name = tlsfit_name_or_number(kind, g_array_index(codes, guint16, i));

        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", name);
    }
}

char *tlsfit_remedy_chain_text(const TlsfitRemedy *remedy)
{
    const TlsfitChainShape *chain = &remedy->chain;
    g_autofree char *end_entity = tlsfit_key_shape_text(&chain->end_entity);
    g_autofree char *ca = tlsfit_key_shape_text(&chain->ca);
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "a chain with an end-entity key %s, CA keys %s, and every signature %s", end_entity, ca,
                           tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, chain->signature));
    if (chain->certificates_max != 0) {
        g_string_append_printf(text, "; at most %" G_GUINT64_FORMAT " certificate%s", chain->certificates_max,
                               chain->certificates_max == 1 ? "" : "s");
    }
    if (chain->certificate_bytes_max != 0) {
        g_string_append_printf(text, "; no certificate over %" G_GUINT64_FORMAT " bytes", chain->certificate_bytes_max);
    }
    if (chain->message_bytes_max != 0) {
        g_string_append_printf(text, "; the Certificate message at most %" G_GUINT64_FORMAT " bytes",
                               chain->message_bytes_max);
    }
    g_string_append(text, "; the server's certificate first, then each issuer, the root left out");
    return g_string_free(text, FALSE);
}

static void add_loss(GString *text, const TlsfitRemedy *remedy, guint bit, const char *what)
{
    if ((remedy->weak & bit) != 0) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", what);
    }
}

char *tlsfit_remedy_weak_text(const TlsfitRemedy *remedy)
{
    g_autoptr(GString) losses = g_string_new(NULL);
    g_autofree char *level = g_strdup_printf("OpenSSL's security level %u%s", remedy->level,
                                             remedy->level == 1 ? " for small keys" : "");

    add_loss(losses, remedy, TLSFIT_WEAK_VERSION, "a version older than TLS 1.2");
    add_loss(losses, remedy, TLSFIT_WEAK_TRANSPORT, "RSA key transport without forward secrecy");
    add_loss(losses, remedy, TLSFIT_WEAK_CBC, "CBC suites");
    add_loss(losses, remedy, TLSFIT_WEAK_SHA1, "SHA-1 signatures");
    add_loss(losses, remedy, TLSFIT_WEAK_LEVEL, level);
    if (losses->len == 0) {
        return g_strdup("This weakens nothing for other clients.");
    }
    return g_strdup_printf("This weakens the server for every client that reaches it (%s): give the device a listener of "
                           "its own.",
                           losses->str);
}

char *tlsfit_remedy_silent_text(const TlsfitRemedy *remedy)
{
    static const struct {
        guint       part;
        const char *name;
    } names[] = {
        { TLSFIT_PART_VERSIONS, "the versions" },
        { TLSFIT_PART_SUITES, "the cipher suites" },
        { TLSFIT_PART_GROUPS, "the groups" },
        { TLSFIT_PART_SCHEMES, "the signature schemes" },
        { TLSFIT_PART_CHAIN, "the chain" },
    };
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((remedy->silent & names[i].part) != 0) {
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", names[i].name);
        }
    }
    return g_string_free(text, text->len == 0);
}

char *tlsfit_remedy_text(const TlsfitRemedy *remedy)
{
    GString *text = g_string_new(NULL);
    g_autofree char *silent = tlsfit_remedy_silent_text(remedy);

    if (remedy->parts == 0) {
        g_string_free(text, TRUE);
        return g_strdup("No setting of a server of today is left: everything that the device offers is ruled out by its "
                        "profile, or is not in OpenSSL 3 any more.");
    }
    if ((remedy->parts & TLSFIT_PART_VERSIONS) != 0) {
        add_codes(text, "use", "", TLSFIT_NAME_VERSION, remedy->plan.versions);
    }
    if ((remedy->parts & TLSFIT_PART_SUITES) != 0) {
        add_codes(text, "allow the cipher suite", "s", TLSFIT_NAME_CIPHER_SUITE, remedy->plan.suites);
    }
    if ((remedy->parts & TLSFIT_PART_GROUPS) != 0) {
        add_codes(text, "allow the group", "s", TLSFIT_NAME_GROUP, remedy->plan.groups);
    }
    if ((remedy->parts & TLSFIT_PART_SCHEMES) != 0) {
        add_codes(text, "sign with", "", TLSFIT_NAME_SIGNATURE_SCHEME, remedy->plan.schemes);
    }
    if ((remedy->parts & TLSFIT_PART_CHAIN) != 0) {
        g_autofree char *chain = tlsfit_remedy_chain_text(remedy);

        g_string_append_printf(text, "%ssend %s", text->len > 0 ? "; " : "", chain);
    }
    if ((remedy->parts & TLSFIT_PART_FRAGMENT) != 0) {
        g_string_append_printf(text, "%ssend records of at most %u bytes", text->len > 0 ? "; " : "",
                               remedy->fragment_bytes);
    }
    g_string_prepend(text, "Let the server ");
    if (silent != NULL) {
        g_string_append_printf(text, " (not ruled out: the profile says nothing of %s)", silent);
    }
    g_autofree char *weak = tlsfit_remedy_weak_text(remedy);

    g_string_append_printf(text, ". %s", weak);
    return g_string_free(text, FALSE);
}
