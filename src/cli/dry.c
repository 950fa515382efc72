/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging without a capture. See dry.h. In: chains, devices, assumptions. Out: a judged session for each pair.
 */
#include "dry.h"

#include "cli.h"

#include <string.h>

#define VERSION_TLS12 0x0303
#define VERSION_TLS13 0x0304
#define VERSION_DTLS13 0xFEFC
#define VERSION_DTLS_FIRST 0xFE00 /* DTLS counts down from 0xFEFF */

/* A suite of TLS 1.3 goes with no other version, and none other goes with TLS 1.3 (RFC 8446, B.4). */
static gboolean goes_together(const TlsfitAssumed *assumed, const char *suite)
{
    const gboolean is_tls13 = assumed->version == VERSION_TLS13 || assumed->version == VERSION_DTLS13;

    if (assumed->version == 0 || assumed->suite == 0 || tlsfit_name(TLSFIT_NAME_CIPHER_SUITE, assumed->suite) == NULL ||
        tlsfit_suite(assumed->suite)->is_tls13 == is_tls13) {
        return TRUE;
    }
    tlsfit_cli_error("no server can choose %s in %s: it is a suite of %s", suite,
                     tlsfit_name(TLSFIT_NAME_VERSION, assumed->version),
                     is_tls13 ? "TLS 1.2 and older" : "TLS 1.3 alone");
    return FALSE;
}

gboolean tlsfit_assumed_parse(const char *version, const char *suite, TlsfitAssumed *assumed)
{
    assumed->version = assumed->suite = 0;
    if (version != NULL) {
        g_autofree char *full = g_strconcat("TLS", version, NULL);

        if (!tlsfit_name_parse(TLSFIT_NAME_VERSION, strchr(version, '.') == version + 1 ? full : version,
                               &assumed->version)) {
            tlsfit_cli_error("no version '%s'; write it like TLS1.2", version);
            return FALSE;
        }
    }
    if (suite != NULL && !tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, suite, &assumed->suite)) {
        tlsfit_cli_error("no cipher suite '%s'; write its IANA name or number", suite);
        return FALSE;
    }
    return goes_together(assumed, suite);
}

static guint32 certificate_message_bytes(const GPtrArray *chain)
{
    guint32 bytes = 4 + 3; /* RFC 5246, 7.4.2: header, length of the list, then a length before each certificate */

    for (guint i = 0; i < chain->len; i++) {
        const TlsfitCertificate *certificate = g_ptr_array_index(chain, i);

        if (certificate->bytes == 0) { /* a description without a size */
            return 0;
        }
        bytes += 3 + certificate->bytes;
    }
    return bytes;
}

/* What a server would have answered. A suite that only one version has says which. */
static void feed_choice(TlsfitSession *session, const TlsfitAssumed *assumed)
{
    guint version = assumed->version;
    TlsfitMessage hello;

    if (assumed->version == 0 && assumed->suite == 0) {
        return;
    }
    if (version == 0 && tlsfit_suite(assumed->suite)->is_tls13) {
        version = VERSION_TLS13;
    }
    tlsfit_message_init(&hello);
    hello.side = TLSFIT_SERVER;
    hello.type = TLSFIT_HS_SERVER_HELLO;
    hello.version = version == VERSION_TLS13 ? VERSION_TLS12 : (guint16)version;
    if (version != 0) {
        tlsfit_codes_add(&hello.versions, version);
    }
    if (assumed->suite != 0) {
        tlsfit_codes_add(&hello.cipher_suites, assumed->suite);
    }
    tlsfit_session_add_message(session, &hello, 0);
}

static TlsfitSession *session_of(const TlsfitChainInput *chain, TlsfitSide sender, const TlsfitAssumed *assumed)
{
    TlsfitSession *session =
        tlsfit_session_new(0, assumed->version >= VERSION_DTLS_FIRST ? TLSFIT_OVER_DTLS : TLSFIT_OVER_TLS);
    TlsfitMessage message;

    feed_choice(session, assumed);
    tlsfit_message_init(&message);
    message.side = sender;
    message.type = TLSFIT_HS_CERTIFICATE;
    message.bytes = certificate_message_bytes(chain->certificates);
    for (guint i = 0; i < chain->certificates->len; i++) {
        const TlsfitPlace place = { 0, 0, 0 };

        tlsfit_message_add_known(&message, g_ptr_array_index(chain->certificates, i), place);
    }
    tlsfit_session_start(session, g_get_real_time() / G_USEC_PER_SEC); /* dates are judged as of today */
    tlsfit_session_add_message(session, &message, 0);
    return session;
}

/* The first of the heaviest: findings stand in the order in which a handshake meets them. */
static const TlsfitFinding *reason_of(const TlsfitSession *session)
{
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitFinding *reason = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->status > TLSFIT_UNKNOWN && (reason == NULL || finding->status > reason->status)) {
            reason = finding;
        }
    }
    return reason;
}

static void checked_free(gpointer data)
{
    TlsfitChecked *checked = data;

    tlsfit_session_free(checked->session);
    g_free(checked);
}

static TlsfitChecked *check(const TlsfitChainInput *chain, TlsfitDevice *device, const TlsfitAssumed *assumed)
{
    const TlsfitView view = { .device = device, .device_source = "preference", .stall_ms = TLSFIT_STALL_MS_DEFAULT };
    TlsfitChecked *checked = g_new0(TlsfitChecked, 1);

    checked->chain = chain;
    checked->device = device;
    checked->session =
        session_of(chain, tlsfit_device_role(device) == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT, assumed);
    tlsfit_session_judge_dry(checked->session, &view);
    checked->status = tlsfit_session_status(checked->session);
    checked->reason = reason_of(checked->session);
    return checked;
}

GPtrArray *tlsfit_dry_check(const GPtrArray *chains, const GPtrArray *devices, const TlsfitAssumed *assumed)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(checked_free);

    for (guint i = 0; i < chains->len; i++) {
        for (guint j = 0; j < devices->len; j++) {
            g_ptr_array_add(all, check(g_ptr_array_index(chains, i), g_ptr_array_index(devices, j), assumed));
        }
    }
    return all;
}

TlsfitStatus tlsfit_dry_worst(const GPtrArray *checked)
{
    TlsfitStatus worst = TLSFIT_OK;

    for (guint i = 0; i < checked->len; i++) {
        worst = MAX(worst, ((const TlsfitChecked *)g_ptr_array_index(checked, i))->status);
    }
    return worst;
}

int tlsfit_dry_exit(TlsfitStatus status)
{
    return status == TLSFIT_OK ? TLSFIT_EXIT_FITS : status == TLSFIT_UNKNOWN ? TLSFIT_EXIT_UNKNOWN : TLSFIT_EXIT_CANNOT;
}

TlsfitStatus tlsfit_checked_status(const TlsfitChecked *checked, int index)
{
    const GPtrArray *findings = tlsfit_session_findings(checked->session);
    TlsfitStatus worst = TLSFIT_OK;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->cert_index == index || (index < 0 && finding->cert_index < 0)) {
            worst = MAX(worst, finding->status);
        }
    }
    return worst;
}

char *tlsfit_finding_line(const TlsfitFinding *finding)
{
    if (finding->cert_index < 0) {
        return g_strdup(finding->observed);
    }
    if (g_str_has_prefix(finding->observed, "it ")) {
        return g_strdup_printf("%s %s", finding->subject, finding->observed + 3);
    }
    return g_strdup_printf("%s: %s", finding->subject, finding->observed);
}
