/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sessions that are fed too much, too little, or after their end.
 */
#include "feed.h"
#include "invariants.h"

#include <malloc.h>

static const char *folder;
static TlsfitLibrary *library;

#define DEVICE "inventek-ism43362"

static void check(const TlsfitSession *session)
{
    g_autofree char *broken = invariants_broken(session);

    g_assert_cmpstr(broken, ==, NULL);
}

/* A live capture that seemed to be over goes on. */
static void test_end_then_more(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(3, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, DEVICE);

    feed_client_hello(session, 1);
    feed_server_flight(session, 2, folder, "leaf-p256.pem", "middle-p256.pem");
    feed_event(session, TLSFIT_CLIENT, TLSFIT_EVENT_ACKNOWLEDGED, 3);
    tlsfit_session_judge(session, &view, 3);
    g_assert_null(tlsfit_session_diagnosis(session));
    tlsfit_session_end(session, feed_time_us(4));
    tlsfit_session_judge(session, &view, 0);
    g_assert_cmpint(tlsfit_session_diagnosis(session)->outcome, ==, TLSFIT_OUTCOME_CUT);
    check(session);
    tlsfit_session_end(session, feed_time_us(1004));
    tlsfit_session_judge(session, &view, 0);
    g_assert_cmpint(tlsfit_session_diagnosis(session)->outcome, ==, TLSFIT_OUTCOME_STALLED);
    check(session);
    feed_alert(session, TLSFIT_CLIENT, 42, 1005);
    g_assert_null(tlsfit_session_diagnosis(session));
    g_assert_cmpuint(tlsfit_session_findings(session)->len, ==, 0);
    tlsfit_session_judge(session, &view, 1005);
    g_assert_cmpint(tlsfit_session_diagnosis(session)->outcome, ==, TLSFIT_OUTCOME_ALERT);
    g_assert_cmpint(tlsfit_session_diagnosis(session)->alert, ==, 42);
    check(session);
    g_assert_cmpuint(tlsfit_session_stream(session), ==, 3);
}

/* What is over stays over, whatever comes. */
static void test_more_after_the_end(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, DEVICE);
    guint before;

    feed_client_hello(session, 1);
    feed_alert(session, TLSFIT_SERVER, 40, 2);
    tlsfit_session_judge(session, &view, 2);
    g_assert_true(tlsfit_session_over(session));
    before = tlsfit_session_findings(session)->len;
    g_assert_cmpuint(before, >, 0);
    feed_server_flight(session, 3, folder, "leaf-p384.pem", "middle-p256.pem");
    feed_alert(session, TLSFIT_CLIENT, 80, 4);
    tlsfit_session_judge(session, &view, 4);
    tlsfit_session_end(session, feed_time_us(5));
    tlsfit_session_judge(session, &view, 0);
    g_assert_cmpuint(tlsfit_session_findings(session)->len, ==, before);
    g_assert_cmpint(tlsfit_session_diagnosis(session)->alert, ==, 40);
}

static void test_thousand_certificates(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, NULL);
    TlsfitMessage message;
    guint kept = 0;

    feed_client_hello(session, 1);
    feed_message(session, TLSFIT_SERVER, TLSFIT_HS_SERVER_HELLO, 2);
    tlsfit_message_init(&message);
    message.side = TLSFIT_SERVER;
    message.type = TLSFIT_HS_CERTIFICATE;
    message.place.frame = 2;
    for (guint16 i = 0; i < 1000; i++) {
        const guint8 der[] = { 0x30, 0x02, (guint8)(i >> 8), (guint8)i };
        const TlsfitPlace place = { 2, 0, i };

        kept += tlsfit_message_add_certificate(&message, der, sizeof der, place) ? 1u : 0u;
    }
    g_assert_cmpuint(kept, ==, TLSFIT_CERTIFICATES_MAX);
    message.truncated = TRUE;
    tlsfit_session_add_message(session, &message, feed_time_us(2));
    g_assert_null(message.certificates);
    feed_alert(session, TLSFIT_CLIENT, 42, 3);
    tlsfit_session_judge(session, &view, 3);
    g_autofree char *unknowns = tlsfit_session_unknowns(session);

    g_assert_nonnull(g_strstr_len(unknowns, -1, "capture_incomplete"));
    g_assert_nonnull(g_strstr_len(unknowns, -1, "certificate[255]"));
    check(session);
}

static gsize allocated(void)
{
    return mallinfo2().uordblks;
}

static void feed_many(TlsfitSession *session, const TlsfitView *view, guint32 first, guint32 count)
{
    static const guint types[] = { TLSFIT_HS_CLIENT_HELLO, TLSFIT_HS_NEW_SESSION_TICKET, TLSFIT_HS_CERTIFICATE,
                                   TLSFIT_HS_CERTIFICATE_REQUEST, 200 };

    for (guint32 i = first; i < first + count; i++) {
        feed_message(session, (TlsfitSide)(i % 2), types[i % G_N_ELEMENTS(types)], i);
        feed_event(session, (TlsfitSide)(i % 2), TLSFIT_EVENT_RECORD, i);
        tlsfit_session_judge(session, view, i);
    }
}

/* After the first thousand messages nothing more is kept of the next hundred thousand. */
static void test_memory_is_bounded(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, "st-x-cube-azure-h5");
    gsize before;

    feed_client_hello(session, 1);
    feed_many(session, &view, 2, 1000);
    before = allocated();
    feed_many(session, &view, 2000, 100000);
    if (before > 0) { /* a sanitizer's allocator tells nothing */
        g_assert_cmpuint(allocated(), <=, before + 4096);
    }
    tlsfit_session_end(session, feed_time_us(200000));
    tlsfit_session_judge(session, &view, 0);
    check(session);
}

/* Sessions that are given up at every point of a handshake: the leak checkers look at what is left. */
static void test_free_half_fed(void)
{
    const TlsfitView view = feed_view(library, DEVICE);

    tlsfit_session_free(NULL);
    for (guint steps = 0; steps < 6; steps++) {
        TlsfitSession *session = tlsfit_session_new(steps, TLSFIT_OVER_DTLS);

        tlsfit_session_start(session, 1750000000);
        if (steps > 0) {
            feed_client_hello(session, 1);
        }
        if (steps > 1) {
            feed_server_flight(session, 2, folder, "leaf-p384.pem", "middle-p256.pem");
        }
        if (steps > 2) {
            tlsfit_session_judge(session, &view, 2);
            g_assert_cmpuint(tlsfit_session_findings(session)->len, >, 0);
        }
        if (steps > 3) {
            feed_alert(session, TLSFIT_CLIENT, 42, 3);
        }
        if (steps > 4) {
            tlsfit_session_judge(session, &view, 3);
            g_assert_nonnull(tlsfit_session_diagnosis(session));
        }
        tlsfit_session_free(session);
    }
}

/* Before either hello nothing is judged. */
static void test_not_started(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = feed_view(library, DEVICE);

    feed_message(session, TLSFIT_SERVER, TLSFIT_HS_CERTIFICATE, 1);
    feed_alert(session, TLSFIT_CLIENT, 42, 2);
    tlsfit_session_judge(session, &view, 2);
    g_assert_false(tlsfit_session_started(session));
    g_assert_null(tlsfit_session_diagnosis(session));
    g_assert_cmpuint(tlsfit_session_findings(session)->len, ==, 0);
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
    g_test_add_func("/session/end-then-more", test_end_then_more);
    g_test_add_func("/session/more-after-the-end", test_more_after_the_end);
    g_test_add_func("/session/thousand-certificates", test_thousand_certificates);
    g_test_add_func("/session/memory-is-bounded", test_memory_is_bounded);
    g_test_add_func("/session/free-half-fed", test_free_half_fed);
    g_test_add_func("/session/not-started", test_not_started);
    status = g_test_run();
    tlsfit_library_free(library);
    return status;
}
