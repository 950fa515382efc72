/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names in the end-entity certificate against the server_name that the device asked for.
 */
#include "engine.h"

#include <gio/gio.h>
#include <string.h>

static const int alerts[] = { 42, 46, 112, -1 };

/* RFC 9849: server_name outside is then the name of who decrypts it. Some send the extension without meaning it (6.2),
 * and nobody can tell. */
#define ENCRYPTED_CLIENT_HELLO 0xFE0Du

typedef enum {
    NO,
    LOOSE, /* by a rule that was dropped: a wildcard inside a label, the common name */
    YES
} Match;

/* Ends of labels are dots, one at the very end means nothing. NAME is freed by the caller. */
static char *tidy(const char *name)
{
    char *result = g_ascii_strdown(name, -1);
    const gsize length = strlen(result);

    if (length > 1 && result[length - 1] == '.') {
        result[length - 1] = '\0';
    }
    return result;
}

/* RFC 9525, 6.3: a wildcard is the whole left-most label and stands for exactly one. RFC 6125, 6.4.3 allowed it inside
 * that label too. */
static Match match_dns(const char *pattern, const char *name)
{
    g_autofree char *wanted = tidy(pattern);
    const char *star = strchr(wanted, '*');
    const char *rest = strchr(wanted, '.');
    const char *dot = strchr(name, '.');

    if (star == NULL) {
        return strcmp(wanted, name) == 0 ? YES : NO;
    }
    if (rest == NULL || star > rest || strchr(star + 1, '*') != NULL || dot == NULL || dot == name ||
        strcmp(rest, dot) != 0) {
        return NO;
    }
    const gsize before = (gsize)(star - wanted);
    const gsize after = (gsize)(rest - star) - 1;
    const gsize label = (gsize)(dot - name);

    if (before + after == 0) {
        return YES;
    }
    return label >= before + after && strncmp(name, wanted, before) == 0 && strncmp(dot - after, star + 1, after) == 0
               ? LOOSE
               : NO;
}

static Match match_names(const TlsfitCertificate *certificate, const char *name, const char **how)
{
    Match best = NO;

    for (guint i = 0; best != YES && i < certificate->dns_names->len; i++) {
        best = MAX(best, match_dns(g_ptr_array_index(certificate->dns_names, i), name));
    }
    if (best == LOOSE) {
        *how = "only through a wildcard that is not a whole label";
    } else if (best == NO && certificate->dns_names->len == 0 && certificate->common_name != NULL &&
               match_dns(certificate->common_name, name) != NO) {
        best = LOOSE;
        *how = "only through the common name of its subject";
    }
    return best;
}

/* An address matches an iPAddress, and no rule but habit lets it match a dNSName of the same text. */
static gboolean has_address(const TlsfitCertificate *certificate, const char *text)
{
    g_autoptr(GInetAddress) wanted = g_inet_address_new_from_string(text);

    for (guint i = 0; i < certificate->ip_addresses->len; i++) {
        g_autoptr(GInetAddress) address = g_inet_address_new_from_string(g_ptr_array_index(certificate->ip_addresses, i));

        if (address != NULL && g_inet_address_equal(address, wanted)) {
            return TRUE;
        }
    }
    return FALSE;
}

static void append(GString *text, const GPtrArray *names)
{
    for (guint i = 0; i < names->len && i < 4; i++) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", (const char *)g_ptr_array_index(names, i));
    }
    if (names->len > 4) {
        g_string_append_printf(text, " and %u more", names->len - 4);
    }
}

static char *names_text(const TlsfitCertificate *certificate)
{
    GString *text = g_string_new(NULL);

    append(text, certificate->dns_names);
    append(text, certificate->ip_addresses);
    if (text->len == 0 && certificate->common_name != NULL) {
        g_string_append_printf(text, "the common name %s", certificate->common_name);
    }
    if (text->len == 0) {
        g_string_append(text, "no name at all");
    }
    return g_string_free(text, FALSE);
}

/* The device looks for an address that the certificate has, and does not look at addresses. */
static void judge_address(TlsfitJudge *judge, const TlsfitSubject *subject, const char *why)
{
    const TlsfitViolation violation = { TLSFIT_FEATURE_ip_san, "no", "matches host names only, not iPAddress",
                                        "RFC 9525, 6.4", TLSFIT_WEIGHT_GENERAL };

    tlsfit_judge_violation(judge, subject, &violation, "%s", why);
}

static void judge_wanted(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitCertificate *certificate,
                         const char *server_name)
{
    TlsfitViolation violation = { TLSFIT_FEATURE_host_name_checked, "yes", "compares the names", "RFC 9525, 6",
                                  TLSFIT_WEIGHT_GENERAL + 3 };
    g_autofree char *name = tidy(server_name);
    g_autofree char *names = names_text(certificate);
    const char *how = NULL;
    const Match match = match_names(certificate, name, &how);

    if (match == YES) {
        return;
    }
    if (g_hostname_is_ip_address(name) && has_address(certificate, name)) {
        g_autofree char *why = g_strdup_printf("the device asked for the address %s, which it names as iPAddress only", name);

        judge_address(judge, subject, why);
        return;
    }
    if (match == LOOSE) {
        violation.feature = TLSFIT_FEATURE_COUNT; /* that names are compared does not tell how */
        violation.limit = "compares the names as RFC 9525 asks";
        violation.weight = TLSFIT_WEIGHT_GENERAL - 10;
        tlsfit_judge_violation(judge, subject, &violation, "it names %s %s", name, how);
        return;
    }
    tlsfit_judge_violation(judge, subject, &violation, "the device asked for %s, and it names %s", name, names);
}

/* Without server_name the name that the device has in mind is not known. One thing is: with addresses alone in the
 * certificate, a device that does not look at addresses finds nothing whatever it looks for. */
static void judge_unasked(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitCertificate *certificate)
{
    const char *addresses = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_ip_san, NULL);

    if (certificate->ip_addresses->len > 0 && certificate->dns_names->len == 0 && g_strcmp0(addresses, "no") == 0) {
        judge_address(judge, subject, "it names addresses only (iPAddress)");
    } else if (g_strcmp0(tlsfit_device_feature(judge->device, TLSFIT_FEATURE_host_name_checked, NULL), "no") != 0) {
        tlsfit_judge_fact(judge, subject, TLSFIT_UNKNOWN, NULL, NULL,
                          "the ClientHello has no server_name: which name the device looks for is not known");
    }
}

static void judge_cert_name(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);

    if (tlsfit_chain_length(chain) == 0 || tlsfit_chain_begins_with_ca(chain) ||
        !tlsfit_chain_entry(chain, 0)->certificate->readable) {
        return;
    }
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, 0)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, 0);

    if (hello != NULL && tlsfit_codes_has(&hello->extensions, ENCRYPTED_CLIENT_HELLO)) {
        tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL,
                          "the ClientHello may hold another one, encrypted, with the name that the device looks for");
    } else if (hello != NULL && hello->server_name != NULL) {
        judge_wanted(judge, &subject, certificate, hello->server_name);
    } else {
        judge_unasked(judge, &subject, certificate);
    }
}

const TlsfitRule tlsfit_rule_cert_name = {
    .text = {
        .id = "cert_name",
        .title = "The name in the certificate",
        .why = "A valid certificate of somebody else proves nothing: the device compares the name it wanted with the "
               "names in subjectAltName. A wildcard stands for one label only. An address is another kind of name "
               "(iPAddress) than a host name, and several stacks do not look at it.",
        .cannot_know = "Which name the device has in mind: server_name is what it asks for and in nearly all devices the "
                       "same.",
        .fix_server = "Use a certificate whose subjectAltName has the name that the device asks for, or give the device "
                      "the name that the certificate has.",
        .fix_device = "Configure the device with the host name in the certificate, not with an address or an alias.",
        .spec = "RFC 9525, 6.3 and 6.4; RFC 5280, 4.2.1.6; RFC 6066, 3",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_cert_name,
};
