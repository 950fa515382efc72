/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging again, for another device or dry, the places of findings, and the report.
 */
#include "feed.h"
#include "invariants.h"

#include <json-glib/json-glib.h>
#include <string.h>

static const char *folder;
static TlsfitLibrary *library;

#define INVENTEK "inventek-ism43362"
#define NETX "netx-secure-6.4-tls1.2"

static const TlsfitFinding *find(const TlsfitSession *session, const char *rule)
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

/* A P-256 certificate whose issuer is P-384 and signs with SHA-384; the device sends unsupported_certificate. */
static TlsfitSession *failed(void)
{
    TlsfitSession *session = tlsfit_session_new(7, TLSFIT_OVER_TLS);

    tlsfit_session_start(session, 1750000000);
    feed_client_hello(session, 11);
    feed_server_flight(session, 12, folder, "leaf-p256-by-p384.pem", "middle-p384-by-p384.pem");
    feed_alert(session, TLSFIT_CLIENT, 43, 13);
    return session;
}

static char *judged_report(TlsfitSession *session, const char *device)
{
    const TlsfitView view = feed_view(library, device);

    tlsfit_session_reset_judgement(session);
    tlsfit_session_judge(session, &view, 13);
    g_autofree char *broken = invariants_broken(session);

    g_assert_cmpstr(broken, ==, NULL);
    return tlsfit_report_json(session);
}

/* Every device gets what it would have got from the start, whoever was judged before. */
static void test_another_device(void)
{
    static const char *const devices[] = { INVENTEK, NETX, NULL, "st-x-cube-azure-h5" };
    g_autoptr(TlsfitSession) session = failed();

    for (guint round = 0; round < 3; round++) {
        for (guint i = 0; i < G_N_ELEMENTS(devices); i++) {
            g_autoptr(TlsfitSession) fresh = failed();
            g_autofree char *again = judged_report(session, devices[i]);
            g_autofree char *first = judged_report(fresh, devices[i]);

            g_assert_cmpstr(again, ==, first);
        }
    }
    g_free(judged_report(session, INVENTEK));
    g_assert_nonnull(find(session, "cert_signature_algorithm"));
    g_assert_cmpstr(tlsfit_device_id(tlsfit_session_device(session)), ==, INVENTEK);
    g_free(judged_report(session, NETX));
    g_assert_null(find(session, "cert_signature_algorithm"));
    g_assert_cmpstr(tlsfit_device_id(tlsfit_session_device(session)), ==, NETX);
}

/* Calling again when nothing is new changes nothing, and a finding keeps the frame with which it became certain. */
static void test_frames(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, INVENTEK);
    const TlsfitFinding *finding;
    guint count;

    feed_client_hello(session, 11);
    tlsfit_session_judge(session, &view, 11);
    feed_server_flight(session, 12, folder, "leaf-p256-by-p384.pem", "middle-p384-by-p384.pem");
    tlsfit_session_judge(session, &view, 14);
    finding = find(session, "cert_signature_algorithm");
    g_assert_nonnull(finding);
    g_assert_cmpuint(finding->place.frame, ==, 12);
    g_assert_cmpuint(finding->known_frame, ==, 14);
    g_assert_cmpint(finding->cert_index, ==, 0);
    g_assert_cmpstr(finding->subject, ==, "certificate[0]");
    g_assert_nonnull(finding->source);
    g_assert_nonnull(finding->why);
    g_assert_nonnull(tlsfit_finding_fix_server(finding));
    g_assert_nonnull(strstr(finding->fix_device, "Nothing to set on the module"));
    count = tlsfit_session_findings(session)->len;
    tlsfit_session_judge(session, &view, 15);
    g_assert_cmpuint(tlsfit_session_findings(session)->len, ==, count);
    feed_alert(session, TLSFIT_CLIENT, 43, 20);
    tlsfit_session_judge(session, &view, 20);
    g_assert_cmpuint(tlsfit_session_diagnosis(session)->place.frame, ==, 20);
    g_assert_cmpuint(tlsfit_session_diagnosis(session)->known_frame, ==, 20);
    g_assert_true(tlsfit_session_diagnosis(session)->cause == finding);
    g_assert_cmpint(tlsfit_session_status(session), ==, TLSFIT_CANNOT);
}

/* A live capture that is looked at in mid handshake: what was certain before is so from then on, not from when it went
 * on; what the end alone had told is gone. */
static void test_looked_at(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, INVENTEK);

    feed_client_hello(session, 11);
    feed_server_flight(session, 12, folder, "leaf-p256-by-p384.pem", "middle-p384-by-p384.pem");
    tlsfit_session_judge(session, &view, 14);
    for (guint frame = 15; frame < 18; frame++) {
        tlsfit_session_end(session, feed_time_us(frame));
        tlsfit_session_judge(session, &view, 0);
        g_assert_nonnull(tlsfit_session_diagnosis(session));
        g_assert_cmpuint(find(session, "cert_signature_algorithm")->known_frame, ==, 14);
        feed_event(session, TLSFIT_CLIENT, TLSFIT_EVENT_OTHER, frame);
        tlsfit_session_judge(session, &view, frame);
        g_assert_null(tlsfit_session_diagnosis(session));
        g_assert_cmpuint(find(session, "cert_signature_algorithm")->known_frame, ==, 14);
    }
    tlsfit_session_reset_judgement(session);
    tlsfit_session_judge(session, &view, 19);
    g_assert_cmpuint(find(session, "cert_signature_algorithm")->known_frame, ==, 19);
}

/* A chain without a handshake: the unknown is said, there is no diagnosis, and again is the same. */
static void test_dry(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, "st-spwf04sa");
    guint count;

    feed_server_flight(session, 0, folder, "leaf-p256-by-p384.pem", "middle-p384-by-p384.pem");
    tlsfit_session_judge_dry(session, &view);
    g_assert_null(tlsfit_session_diagnosis(session));
    g_assert_nonnull(find(session, "cert_key_type"));
    g_assert_cmpint(find(session, "cert_key_type")->status, ==, TLSFIT_UNKNOWN);
    count = tlsfit_session_findings(session)->len;
    tlsfit_session_judge_dry(session, &view);
    g_assert_cmpuint(tlsfit_session_findings(session)->len, ==, count);
}

/* Handshake by handshake the device made of a hello is the same, and thousands of different ones do not pile up. */
static void test_advertised_devices(void)
{
    const TlsfitView view = feed_view(library, NULL);
    const TlsfitDevice *first = NULL;

    for (guint i = 0; i < 3000; i++) {
        g_autoptr(TlsfitSession) session = tlsfit_session_new(i, TLSFIT_OVER_TLS);
        const guint16 suite = (guint16)(i < 2 ? 0xC02B : i);
        TlsfitMessage message;

        tlsfit_message_init(&message);
        message.type = TLSFIT_HS_CLIENT_HELLO;
        message.version = 0x0303;
        message.place.frame = 1;
        tlsfit_codes_set(&message.cipher_suites, &suite, 1);
        tlsfit_session_add_message(session, &message, 0);
        feed_alert(session, TLSFIT_SERVER, 40, 2);
        tlsfit_session_judge(session, &view, 2);
        g_assert_cmpstr(tlsfit_device_id(tlsfit_session_device(session)), ==, "advertised");
        if (i == 0) {
            first = tlsfit_session_device(session);
        } else if (i == 1) {
            g_assert_true(tlsfit_session_device(session) == first);
        }
    }
}

static void check_finding(JsonObject *finding)
{
    static const char *const strings[] = { "rule", "status", "subject", "observed" };

    for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
        g_assert_cmpstr(json_object_get_string_member(finding, strings[i]), !=, "");
    }
    g_assert_cmpint(json_object_get_int_member(finding, "frame"), >, 0);
    g_assert_cmpint(json_object_get_int_member(finding, "known_frame"), >=, json_object_get_int_member(finding, "frame"));
}

static void test_json(void)
{
    g_autoptr(TlsfitSession) session = failed();
    g_autofree char *report = judged_report(session, INVENTEK);
    g_autoptr(JsonParser) parser = json_parser_new();
    JsonObject *root;
    JsonArray *findings;

    g_assert_null(strchr(report, '\n'));
    g_assert_true(json_parser_load_from_data(parser, report, -1, NULL));
    root = json_node_get_object(json_parser_get_root(parser));
    g_assert_cmpint(json_object_get_int_member(root, "stream"), ==, 7);
    g_assert_cmpstr(json_object_get_string_member(root, "device"), ==, INVENTEK);
    g_assert_cmpstr(json_object_get_string_member(root, "device_source"), ==, "preference");
    g_assert_cmpstr(json_object_get_string_member(root, "role"), ==, "client");
    g_assert_cmpstr(json_object_get_string_member(root, "version"), ==, "TLS1.2");
    g_assert_cmpstr(json_object_get_string_member(root, "cipher_suite"), ==, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    g_assert_cmpstr(json_object_get_string_member(root, "status"), ==, "cannot");
    g_assert_cmpstr(json_object_get_string_member(root, "outcome"), ==, "alert");
    g_assert_cmpstr(json_object_get_string_member(root, "outcome_side"), ==, "client");
    g_assert_cmpint(json_object_get_int_member(root, "outcome_frame"), ==, 13);
    g_assert_cmpint(json_object_get_int_member(root, "alert"), ==, 43);
    g_assert_cmpstr(json_object_get_string_member(root, "alert_name"), ==, "unsupported_certificate");
    g_assert_cmpstr(json_object_get_string_member(root, "cause"), ==, tlsfit_session_diagnosis(session)->cause->rule);
    g_assert_cmpstr(json_object_get_string_member(root, "text"), ==, tlsfit_session_diagnosis(session)->text);
    findings = json_object_get_array_member(root, "findings");
    g_assert_cmpuint(json_array_get_length(findings), ==, tlsfit_session_findings(session)->len);
    for (guint i = 0; i < json_array_get_length(findings); i++) {
        check_finding(json_array_get_object_element(findings, i));
    }
}

/* A report of what is open, or never began, is a report too. */
static void test_json_of_little(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    g_autofree char *empty = tlsfit_report_json(session);
    g_autoptr(JsonParser) parser = json_parser_new();

    g_assert_true(json_parser_load_from_data(parser, empty, -1, NULL));
    g_assert_cmpstr(
        json_object_get_string_member(json_node_get_object(json_parser_get_root(parser)), "outcome"), ==, "open");
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    if (argc != 2) {
        g_printerr("usage: %s CERTIFICATES\n", argv[0]);
        return 2;
    }
    folder = argv[1];
    library = feed_library();
    g_test_add_func("/engine/another-device", test_another_device);
    g_test_add_func("/engine/frames", test_frames);
    g_test_add_func("/engine/looked-at", test_looked_at);
    g_test_add_func("/engine/dry", test_dry);
    g_test_add_func("/engine/advertised-devices", test_advertised_devices);
    g_test_add_func("/engine/json", test_json);
    g_test_add_func("/engine/json-of-little", test_json_of_little);
    status = g_test_run();
    tlsfit_library_free(library);
    return status;
}
