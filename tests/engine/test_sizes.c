/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of sizes: chains with and without a root, records against what was asked for.
 */
#include "feed.h"
#include "sizes.h"

#include <string.h>

static const char *folder;

/* A Certificate message of the server, as long as its parts are. */
static guint feed_chain(TlsfitSession *session, const char *const *files)
{
    TlsfitMessage message;

    tlsfit_message_init(&message);
    message.side = TLSFIT_SERVER;
    message.type = TLSFIT_HS_CERTIFICATE;
    message.place.frame = 3;
    message.bytes = 4 + 3;
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        g_autoptr(GPtrArray) found = tlsfit_certificates_from_file(path, NULL);
        gsize length;
        const guint8 *der;

        g_assert_nonnull(found);
        der = g_bytes_get_data(((TlsfitCertificate *)g_ptr_array_index(found, 0))->der, &length);
        tlsfit_message_add_certificate(&message, der, length, message.place);
        message.bytes += 3 + (guint)length;
    }
    const guint bytes = message.bytes;

    tlsfit_session_add_message(session, &message, 30000);
    tlsfit_message_clear(&message);
    return bytes;
}

static void test_root(void)
{
    static const char *const with_root[] = { "leaf-p256.pem", "middle-p256.pem", "root-p256.pem", NULL };
    static const char *const without_root[] = { "leaf-p256.pem", "middle-p256.pem", NULL };
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    g_autoptr(TlsfitSession) shorter = tlsfit_session_new(1, TLSFIT_OVER_TLS);
    const guint all = feed_chain(session, with_root);
    const guint less = feed_chain(shorter, without_root);
    TlsfitSizes sizes;

    tlsfit_sizes_read(session, TLSFIT_CLIENT, &sizes);
    g_assert_cmpuint(sizes.chain_bytes, ==, all);
    g_assert_cmpint(sizes.root_index, ==, 2);
    g_assert_cmpint(sizes.cross_index, ==, -1);
    g_assert_cmpuint(all - sizes.root_bytes, ==, less); /* what is said to be saved is what the shorter message has */
    g_autofree char *enough = tlsfit_sizes_savings_text(&sizes, less);
    g_autofree char *too_little = tlsfit_sizes_savings_text(&sizes, less - 1);
    g_autofree char *wanted = g_strdup_printf("Without certificate[2] (the root, which the device must hold itself anyway) "
                                              "the message has %u bytes instead of %u, which fits.",
                                              less, all);

    g_assert_cmpstr(enough, ==, wanted);
    g_assert_true(g_str_has_suffix(too_little, "which is still too much."));
    tlsfit_sizes_read(shorter, TLSFIT_CLIENT, &sizes);
    g_autofree char *nothing = tlsfit_sizes_savings_text(&sizes, 10);

    g_assert_cmpstr(nothing, ==, NULL);
}

static void test_last_ca(void)
{
    static const char *const files[] = { "leaf-rsa2048.pem", "middle-rsa2048.pem", "middle-rsa4096.pem", NULL };
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    TlsfitSizes sizes;

    feed_chain(session, files);
    tlsfit_sizes_read(session, TLSFIT_CLIENT, &sizes);
    g_assert_cmpint(sizes.root_index, ==, -1);
    g_assert_cmpint(sizes.cross_index, ==, 2);
    g_autofree char *text = tlsfit_sizes_savings_text(&sizes, 0);

    g_assert_nonnull(strstr(text, "Without certificate[2] (the last CA certificate"));
}

static void feed_record(TlsfitSession *session, guint bytes)
{
    const TlsfitEvent event = { .kind = TLSFIT_EVENT_RECORD_READ, .side = TLSFIT_SERVER, .place = { 3, 0, 0 },
                                .content_type = 22, .bytes = bytes };

    tlsfit_session_add_event(session, &event, 30000);
}

static void feed_hello(TlsfitSession *session, TlsfitSide side, int code)
{
    TlsfitMessage message;

    tlsfit_message_init(&message);
    message.side = side;
    message.type = side == TLSFIT_CLIENT ? TLSFIT_HS_CLIENT_HELLO : TLSFIT_HS_SERVER_HELLO;
    message.place.frame = side == TLSFIT_CLIENT ? 1 : 2;
    message.version = 0x0303;
    message.max_fragment_length = code;
    tlsfit_session_add_message(session, &message, 10000);
    tlsfit_message_clear(&message);
}

/* Granted is what the server has repeated, kept is what its records show; only the largest ones are remembered. */
static void test_fragment_length(void)
{
    static const struct {
        int answer;
        guint largest;
        const char *end;
    } cases[] = {
        { 2, 1024, "and the server granted it and kept to it." },
        { 2, 1025, "and the server granted it and did not keep to it." },
        { 0, 4000, "and the server did not grant it." },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TlsfitSession) session = tlsfit_session_new(i, TLSFIT_OVER_TLS);
        TlsfitSizes sizes;

        feed_hello(session, TLSFIT_CLIENT, 2);
        feed_hello(session, TLSFIT_SERVER, cases[i].answer);
        feed_record(session, 90);
        feed_record(session, cases[i].largest);
        feed_record(session, 60);
        tlsfit_sizes_read(session, TLSFIT_CLIENT, &sizes);
        g_autofree char *text = tlsfit_sizes_fragment_text(&sizes);

        g_assert_cmpuint(sizes.max_fragment_length.asked_bytes, ==, 1024);
        g_assert_cmpuint(sizes.largest_bytes[TLSFIT_RECORD_PLAIN], ==, cases[i].largest);
        g_assert_true((sizes.max_fragment_length.broken_by != NULL) == (cases[i].largest > 1024));
        g_assert_true(g_str_has_suffix(text, cases[i].end));
    }
}

/* A hundred thousand records that grow keep memory bounded, and say that something was left out. */
static void test_bounded(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);

    for (guint bytes = 1; bytes <= 100000; bytes++) {
        feed_record(session, bytes);
    }
    g_assert_cmpuint(session->records->len, <=, TLSFIT_MESSAGES_MAX);
    g_assert_cmpuint(session->party[TLSFIT_SERVER].largest_bytes[TLSFIT_RECORD_PLAIN], ==, 100000);
    g_assert_true(session->incomplete);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(argc, ==, 2);
    folder = argv[1];
    g_test_add_func("/sizes/root", test_root);
    g_test_add_func("/sizes/last-ca", test_last_ca);
    g_test_add_func("/sizes/fragment-length", test_fragment_length);
    g_test_add_func("/sizes/bounded", test_bounded);
    return g_test_run();
}
