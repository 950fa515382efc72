/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Short ways to feed a session. In: what a test wants to happen. Out: messages and events as a reader of packets makes
 * them.
 */
#include "feed.h"

#define SUITE 0xC02Bu      /* TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 */
#define SECP256R1 23u
#define ECDSA_SHA256 0x0403u

gint64 feed_time_us(guint32 frame)
{
    return (gint64)frame * 10000;
}

TlsfitLibrary *feed_library(void)
{
    TlsfitLibrary *library = tlsfit_library_new();

    tlsfit_library_add_builtin(library);
    tlsfit_library_finish(library);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    return library;
}

TlsfitView feed_view(TlsfitLibrary *library, const char *id)
{
    const TlsfitView view = {
        .device = id != NULL ? tlsfit_library_find(library, id) : NULL,
        .device_source = id != NULL ? "preference" : "advertised",
        .stall_ms = TLSFIT_STALL_MS_DEFAULT,
    };

    g_assert_true(id == NULL || view.device != NULL);
    return view;
}

static void start(TlsfitMessage *message, TlsfitSide side, guint type, guint32 frame)
{
    tlsfit_message_init(message);
    message->side = side;
    message->type = type;
    message->place.frame = frame;
}

static void add_code(TlsfitCodes *codes, guint code, guint32 frame)
{
    codes->place.frame = frame;
    tlsfit_codes_add(codes, code);
}

void feed_client_hello(TlsfitSession *session, guint32 frame)
{
    TlsfitMessage message;

    start(&message, TLSFIT_CLIENT, TLSFIT_HS_CLIENT_HELLO, frame);
    message.version = 0x0303;
    message.version_place.frame = frame;
    add_code(&message.cipher_suites, SUITE, frame);
    add_code(&message.groups, SECP256R1, frame);
    add_code(&message.schemes, ECDSA_SHA256, frame);
    tlsfit_session_add_message(session, &message, feed_time_us(frame));
}

static void add_file(TlsfitMessage *message, const char *folder, const char *name, guint32 frame)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GPtrArray) certificates = tlsfit_certificates_from_file(path, NULL);
    const TlsfitPlace place = { frame, 0, 0 };

    g_assert_nonnull(certificates);
    for (guint i = 0; i < certificates->len; i++) {
        const TlsfitCertificate *certificate = g_ptr_array_index(certificates, i);
        gsize length;
        const guint8 *der = g_bytes_get_data(certificate->der, &length);

        g_assert_true(tlsfit_message_add_certificate(message, der, length, place));
    }
}

void feed_server_flight(TlsfitSession *session, guint32 frame, const char *folder, const char *first,
                        const char *second)
{
    TlsfitMessage message;

    start(&message, TLSFIT_SERVER, TLSFIT_HS_SERVER_HELLO, frame);
    message.version = 0x0303;
    message.version_place.frame = frame;
    add_code(&message.cipher_suites, SUITE, frame);
    tlsfit_session_add_message(session, &message, feed_time_us(frame));
    start(&message, TLSFIT_SERVER, TLSFIT_HS_CERTIFICATE, frame);
    message.bytes = 1500;
    add_file(&message, folder, first, frame);
    if (second != NULL) {
        add_file(&message, folder, second, frame);
    }
    tlsfit_session_add_message(session, &message, feed_time_us(frame));
    start(&message, TLSFIT_SERVER, TLSFIT_HS_SERVER_KEY_EXCHANGE, frame);
    message.named_curve = SECP256R1;
    message.named_curve_place.frame = frame;
    add_code(&message.schemes, ECDSA_SHA256, frame);
    tlsfit_session_add_message(session, &message, feed_time_us(frame));
}

void feed_message(TlsfitSession *session, TlsfitSide side, guint type, guint32 frame)
{
    TlsfitMessage message;

    start(&message, side, type, frame);
    tlsfit_session_add_message(session, &message, feed_time_us(frame));
}

void feed_event(TlsfitSession *session, TlsfitSide side, TlsfitEventKind kind, guint32 frame)
{
    const TlsfitEvent event = { .kind = kind, .side = side, .place = { frame, 0, 0 } };

    tlsfit_session_add_event(session, &event, feed_time_us(frame));
}

void feed_alert(TlsfitSession *session, TlsfitSide side, int number, guint32 frame)
{
    const TlsfitEvent event = {
        .kind = TLSFIT_EVENT_ALERT,
        .side = side,
        .place = { frame, 0, 0 },
        .level = 2,
        .number = number,
    };

    tlsfit_session_add_event(session, &event, feed_time_us(frame));
}
