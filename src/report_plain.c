/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake in one sentence for somebody who knows nothing of TLS, and what to do about it.
 *
 * In: a judged session. Out: text. The words of each rule are a table here, and not the rule's: they are a matter of
 * reports, and say less than the rule does.
 */
#include "report_writer.h"

static const struct {
    const char *rule;
    const char *because;
} causes[] = {
    { "no_shared_version", "the two sides have no version of TLS in common" },
    { "no_shared_suite", "the two sides have no cipher suite in common" },
    { "no_shared_group", "the two sides have no method of key exchange in common" },
    { "no_shared_signature", "the two sides have no signature method in common" },
    { "hello_not_this_device", "the captured program is not the device that it was taken for" },
    { "hello_suite_unusable", "the device offers cipher suites that the rest of its offer makes unusable" },
    { "hello_tls13_without_pss", "the device offers TLS 1.3 without the RSA signatures that TLS 1.3 needs" },
    { "hello_tls12_without_pkcs1", "the device offers TLS 1.2 without the RSA signatures that TLS 1.2 servers use" },
    { "hello_sni_missing", "the device did not say which server name it wants to reach" },
    { "hello_alpn_missing", "the device did not name the application protocol that the server insists on" },
    { "hello_bytes", "the device's first message has a size that the other side or a box in between does not take" },
    { "server_version", "the server chose a version of TLS that the device cannot use" },
    { "server_suite", "the server chose a cipher suite that the device cannot use" },
    { "server_group", "the server chose a key exchange that the device cannot use" },
    { "server_extension", "the server's answer has or lacks an extension, and the device does not accept that" },
    { "message_bytes", "a message is larger than the device can take in" },
    { "record_bytes", "the data comes in pieces (records) larger than the device can take in" },
    { "fragment_length_ignored", "the device asked for small pieces (records), and the server sends larger ones" },
    { "handshake_fragmented", "a message comes in several pieces, which the device cannot put together" },
    { "dtls_fragment", "datagrams are larger than what gets through or than the device can take in" },
    { "cert_bytes", "a certificate is larger than the device can take in" },
    { "chain_length", "there are more certificates than the device can take in" },
    { "chain_order", "the certificates come in an order that the device cannot follow" },
    { "cert_unreadable", "a certificate is damaged or written in a way that cannot be read" },
    { "cert_version", "a certificate has a version that the device refuses" },
    { "cert_key_type", "a certificate has a kind of key that the device cannot use" },
    { "cert_key_curve", "a certificate has an elliptic-curve key on a curve that the device cannot use" },
    { "cert_key_bits", "a certificate has a key of a size that the device cannot use" },
    { "cert_signature_algorithm", "a certificate is signed with a method that the device cannot verify" },
    { "cert_critical_extension", "a certificate has a critical extension that the device does not understand" },
    { "cert_key_usage", "a certificate is used for something that it does not allow" },
    { "cert_validity", "a certificate is not valid at this time, or the device's clock is wrong" },
    { "chain_incomplete", "a certificate that the device needs was not sent" },
    { "chain_anchor", "the certificates end at an authority that the device does not trust" },
    { "cert_name", "the certificate is made out to another name than the device asked for" },
    { "server_dh_bits", "the server's Diffie-Hellman key has a size that the device cannot use" },
    { "server_signature_scheme", "the server signs the handshake with a method that the device cannot verify" },
    { "client_auth_required", "a certificate of the client is wanted, and there is none to send" },
    { "client_auth_algorithms", "the client's certificate cannot be used with the signatures that are accepted" },
    { "client_auth_empty", "the client was asked for a certificate and sent none" },
    { "middlebox_reset", "a packet that ended the connection came from neither side" },
    { "broken_combination", "both sides agreed on a combination with which the device is known to fail" },
};

const char *tlsfit_plain_cause(const char *rule)
{
    for (guint i = 0; i < G_N_ELEMENTS(causes); i++) {
        if (g_str_equal(causes[i].rule, rule)) {
            return causes[i].because;
        }
    }
    return NULL;
}

static const char *who(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    if (!diagnosis->has_side) {
        return "One side";
    }
    return diagnosis->side == session->device_side ? "The device" : diagnosis->side == TLSFIT_CLIENT ? "The client"
                                                                                                       : "The server";
}

/* A sentence without its full stop. */
static char *plain_outcome(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis)
{
    const char *subject = who(session, diagnosis);

    switch (diagnosis->outcome) {
    case TLSFIT_OUTCOME_OPEN:
        break;
    case TLSFIT_OUTCOME_COMPLETED:
        return g_strdup("The secure connection was established");
    case TLSFIT_OUTCOME_RESUMED:
        return g_strdup("The secure connection was established; it continued an earlier one, so that no certificates "
                        "were sent");
    case TLSFIT_OUTCOME_ALERT:
        return g_strdup_printf("%s refused the connection", subject);
    case TLSFIT_OUTCOME_STALLED:
        return g_strdup_printf("%s stopped answering", subject);
    case TLSFIT_OUTCOME_RESET:
        return g_strdup_printf("%s broke the connection off", subject);
    case TLSFIT_OUTCOME_CLOSED:
        return g_strdup_printf("%s closed the connection before it was established", subject);
    case TLSFIT_OUTCOME_CUT:
        return g_strdup("The capture ends before the handshake does, so nobody can say how it went on");
    }
    return g_strdup("The handshake is still going on");
}

static gboolean has_failed(const TlsfitDiagnosis *diagnosis)
{
    switch (diagnosis->outcome) {
    case TLSFIT_OUTCOME_ALERT:
    case TLSFIT_OUTCOME_STALLED:
    case TLSFIT_OUTCOME_RESET:
    case TLSFIT_OUTCOME_CLOSED:
        return TRUE;
    case TLSFIT_OUTCOME_OPEN:
    case TLSFIT_OUTCOME_COMPLETED:
    case TLSFIT_OUTCOME_RESUMED:
    case TLSFIT_OUTCOME_CUT:
        break;
    }
    return FALSE;
}

/* The finding of RULE, NULL where there is none. */
static const TlsfitFinding *finding_of(const TlsfitSession *session, const char *rule)
{
    const GPtrArray *findings = tlsfit_session_findings(session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (g_str_equal(finding->rule, rule)) {
            return finding;
        }
    }
    return NULL;
}

/* A failure that no known limit explains: what stands in the way of an explanation, if that is known. */
static const char *obstacle(const TlsfitSession *session)
{
    if (finding_of(session, "certificates_hidden") != NULL) {
        return "Why cannot be seen: the certificates are encrypted";
    }
    if (finding_of(session, "capture_incomplete") != NULL) {
        return "Why cannot be seen: the capture lacks a part of it";
    }
    return "No limit that is known of the device explains it";
}

char *tlsfit_plain_headline(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    g_autofree char *outcome = NULL;

    if (diagnosis == NULL) {
        return g_strdup(session->device != NULL ? "The handshake is still going on." : "Nothing was judged.");
    }
    if (diagnosis->from_between) {
        return g_strdup("Somebody between the device and the other side (a firewall, proxy or filter) broke the "
                        "connection off.");
    }
    outcome = plain_outcome(session, diagnosis);
    if (has_failed(diagnosis) && diagnosis->cause != NULL) {
        const char *because = tlsfit_plain_cause(diagnosis->cause->rule);

        return g_strdup_printf("%s, %sbecause %s%s%s%s.", outcome,
                               diagnosis->cause->status == TLSFIT_SUSPECT ? "probably " : "",
                               because != NULL ? because : diagnosis->cause->observed,
                               diagnosis->cause->cert_index >= 0 ? " (" : "",
                               diagnosis->cause->cert_index >= 0 ? diagnosis->cause->subject : "",
                               diagnosis->cause->cert_index >= 0 ? ")" : "");
    }
    if (has_failed(diagnosis)) {
        return g_strdup_printf("%s. %s.", outcome, obstacle(session));
    }
    if (finding_of(session, "profile_contradicted") != NULL) {
        return g_strdup_printf("%s, although the device profile says that the device cannot do this: the profile needs "
                               "a correction.",
                               outcome);
    }
    return g_strdup_printf("%s.", outcome);
}

static char *action_of(const char *on_server, const char *on_device)
{
    if (on_server != NULL) {
        return g_strdup_printf("On the server: %s", on_server);
    }
    return on_device != NULL ? g_strdup_printf("On the device: %s", on_device) : NULL;
}

char *tlsfit_plain_action(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *finding;

    if (diagnosis == NULL) {
        return NULL;
    }
    if (diagnosis->outcome == TLSFIT_OUTCOME_CUT) {
        return g_strdup("Capture again, until the connection is up or has been given up.");
    }
    if (!has_failed(diagnosis)) {
        return NULL;
    }
    finding = diagnosis->cause != NULL ? diagnosis->cause : finding_of(session, "certificates_hidden");
    return finding != NULL ? action_of(tlsfit_finding_fix_server(finding), finding->fix_device) : NULL;
}
