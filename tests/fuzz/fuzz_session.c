/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer: bytes become messages and events of one handshake, which is judged against several devices.
 *
 * In: one byte a choice, in order (see take()); bytes that run out are zero. Out: nothing, or an abort where something
 * that always holds does not (tests/engine/invariants.c), or where what is learned of it is no profile. Code points
 * come from a list that is full of the ones that matter, GREASE too, or are free.
 */
#include "../engine/invariants.h"
#include "device.h"
#include "tlsfit_learn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t length);

typedef struct {
    const guint8 *at;
    const guint8 *end;
} Bytes;

static guint take(Bytes *bytes)
{
    return bytes->at < bytes->end ? *bytes->at++ : 0;
}

static guint take_code(Bytes *bytes)
{
    static const guint16 codes[] = { 0x0303, 0x0304, 0x0301, 0xFEFD, 0xFEFF, 0xFEFC, 0x0A0A, 0xFAFA, 0xC02B, 0xC02F,
                                     0xC023, 0x1301, 0x002F, 0x009C, 0x00FF, 0x5600, 23,     24,     25,     29,
                                     0x0403, 0x0503, 0x0401, 0x0804, 0x0203, 0x0807, 0x0000, 0x7F1C };
    const guint choice = take(bytes);

    return choice < G_N_ELEMENTS(codes) ? codes[choice] : choice << 8 | take(bytes);
}

static void take_codes(Bytes *bytes, TlsfitCodes *codes, guint32 frame)
{
    const guint count = take(bytes) % 8;

    codes->present = count > 0;
    codes->place.frame = frame;
    for (guint i = 1; i < count; i++) {
        tlsfit_codes_add(codes, take_code(bytes));
    }
}

/* The certificates of the corpus are the folder's own; what follows in the input is none, or a broken one. */
static void take_certificates(Bytes *bytes, TlsfitMessage *message)
{
    static GPtrArray *known;
    const guint count = take(bytes) % 5;

    if (known == NULL) {
        known = tlsfit_certificates_from_file(FUZZ_CERTIFICATES, NULL);
        g_assert_nonnull(known);
    }
    for (guint i = 0; i < count; i++) {
        const guint choice = take(bytes);
        const TlsfitPlace place = { message->place.frame, 1, (guint16)i };

        if (choice < known->len) {
            const TlsfitCertificate *certificate = g_ptr_array_index(known, choice);
            gsize size;
            const guint8 *der = g_bytes_get_data(certificate->der, &size);

            tlsfit_message_add_certificate(message, der, size, place);
        } else {
            const gsize size = MIN((gsize)(bytes->end - bytes->at), choice);

            tlsfit_message_add_certificate(message, bytes->at, size, place);
            bytes->at += size;
        }
    }
}

static void take_message(Bytes *bytes, TlsfitSession *session, TlsfitSide side, guint32 frame, gint64 time_us)
{
    static const guint types[] = { 1, 2, 11, 12, 13, 15, 16, 20, 4, 3, 25, 8, 6, 0, 14, 22, TLSFIT_HS_ENCRYPTED };
    const guint choice = take(bytes);
    TlsfitMessage message;
    guint flags;

    tlsfit_message_init(&message);
    message.side = side;
    message.type = choice < G_N_ELEMENTS(types) ? types[choice] : choice;
    message.place.frame = frame;
    message.version = (guint16)take_code(bytes);
    message.version_place.frame = frame;
    flags = take(bytes);
    message.truncated = (flags & 1u) != 0;
    message.has_psk = (flags & 2u) != 0;
    message.is_retry_request = (flags & 4u) != 0 && message.type == TLSFIT_HS_SERVER_HELLO;
    message.session_id_bytes = (flags & 8u) != 0 ? 32 : 0;
    message.bytes = take(bytes) * 64;
    take_codes(bytes, &message.versions, frame);
    take_codes(bytes, &message.cipher_suites, frame);
    take_codes(bytes, &message.groups, frame);
    take_codes(bytes, &message.key_shares, frame);
    take_codes(bytes, &message.schemes, frame);
    take_codes(bytes, &message.schemes_cert, frame);
    message.named_curve = (flags & 16u) != 0 ? take_code(bytes) : 0;
    message.named_curve_place.frame = frame;
    if (message.type == TLSFIT_HS_CERTIFICATE) {
        take_certificates(bytes, &message);
    }
    tlsfit_session_add_message(session, &message, time_us);
    tlsfit_message_clear(&message);
}

static void take_event(Bytes *bytes, TlsfitSession *session, TlsfitSide side, guint32 frame, gint64 time_us)
{
    TlsfitEvent event = { .side = side, .place = { frame, 0, 0 } };
    const guint kind = take(bytes);

    event.kind = (TlsfitEventKind)(kind % (TLSFIT_EVENT_OTHER + 1));
    event.level = (int)(take(bytes) % 4);
    event.number = (int)take(bytes) - 1;
    event.content_type = 20 + take(bytes) % 6;
    event.bytes = take(bytes) * 8;
    tlsfit_session_add_event(session, &event, time_us);
}

static void judge(TlsfitSession *session, const TlsfitView *view, guint32 frame)
{
    tlsfit_session_judge(session, view, frame);
    g_autofree char *broken = invariants_broken(session);

    if (broken != NULL) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
}

static void run(TlsfitSession *session, Bytes *bytes, const TlsfitView *view)
{
    gint64 time_us = 0;

    for (guint32 frame = 1; bytes->at < bytes->end && frame < 64; frame++) {
        const guint choice = take(bytes);
        const TlsfitSide side = (choice & 1u) != 0 ? TLSFIT_SERVER : TLSFIT_CLIENT;

        time_us += (choice & 2u) != 0 ? 6000000 : 10000;
        if ((choice & 4u) != 0) {
            take_event(bytes, session, side, frame, time_us);
        } else {
            take_message(bytes, session, side, frame, time_us);
        }
        if ((choice & 8u) != 0) {
            tlsfit_session_end(session, time_us);
            judge(session, view, 0);
        }
        if ((choice & 16u) == 0) {
            judge(session, view, frame);
        }
    }
    tlsfit_session_end(session, time_us + 7000000);
    judge(session, view, 0);
}

/* Again for every device, then dry: nothing of the device before may remain, which the invariants would show. */
static void again(TlsfitSession *session, TlsfitLibrary *library)
{
    const GPtrArray *devices = tlsfit_library_devices(library);

    for (guint i = 0; i < devices->len; i++) {
        const TlsfitView view = {
            .device = g_ptr_array_index(devices, i),
            .peer = g_ptr_array_index(devices, devices->len - 1 - i),
            .device_source = "preference",
            .stall_ms = TLSFIT_STALL_MS_DEFAULT,
        };

        tlsfit_session_reset_judgement(session);
        judge(session, &view, 64);
        g_free(tlsfit_report_json(session));
        tlsfit_session_judge_dry(session, &view);
    }
}

static void check_problems(const GPtrArray *problems, const char *text)
{
    if (problems->len > 0) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, 0);

        fprintf(stderr, "learned profile, line %u: %s\n%s", problem->line, problem->message, text);
        abort();
    }
}

/* Whatever was fed: what is learned of it is a profile without errors, which learning once more does not change. */
static void learn(const TlsfitSession *session)
{
    static const TlsfitLearnIdentity identity = { "fuzz", "fuzz", "service" };
    const TlsfitLessonContext context = { "", "", NULL, NULL };
    g_autoptr(TlsfitLearned) learned = tlsfit_learned_new();
    GVariant *lesson = tlsfit_lesson_new(session, &context);

    if (lesson == NULL) {
        return;
    }
    g_variant_ref_sink(lesson);
    tlsfit_learned_add(learned, "fuzz.pcapng", lesson);
    g_variant_unref(lesson);

    GPtrArray *changes = NULL;
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_problem_free);
    g_autofree char *text = tlsfit_learned_write(learned, &identity, NULL, &changes, NULL);
    GPtrArray *chain = g_ptr_array_new();

    g_ptr_array_unref(changes);
    g_ptr_array_add(chain, tlsfit_raw_read("fuzz.ini", FALSE, text, strlen(text), problems));
    check_problems(problems, text);
    TlsfitMergedProfile *merged = tlsfit_merged_new(chain, problems);
    TlsfitDevice *device = tlsfit_device_compile(merged, problems);

    check_problems(problems, text);
    const TlsfitLearnBase base = { "fuzz.ini", text, device };
    g_autofree char *again = tlsfit_learned_write(learned, NULL, &base, &changes, NULL);

    if (strcmp(text, again) != 0) {
        fprintf(stderr, "%s\nlearned once more:\n%s", text, again);
        abort();
    }
    g_ptr_array_unref(changes);
    tlsfit_device_unref(device);
    tlsfit_raw_free(g_ptr_array_index(chain, 0));
    tlsfit_merged_free(merged);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t length)
{
    static TlsfitLibrary *library;
    Bytes bytes = { data, data + length };
    TlsfitView view = { .device_source = "advertised", .stall_ms = TLSFIT_STALL_MS_DEFAULT };
    TlsfitSession *session;

    if (library == NULL) {
        library = tlsfit_library_new();
        tlsfit_library_add_builtin(library);
        tlsfit_library_finish(library);
    }
    const GPtrArray *devices = tlsfit_library_devices(library);
    const guint choice = take(&bytes);

    if (choice % 8 < devices->len) {
        view.device = g_ptr_array_index(devices, choice % 8);
        view.device_source = "preference";
    }
    session = tlsfit_session_new(0, (TlsfitTransport)(choice / 8 % 4));
    run(session, &bytes, &view);
    learn(session);
    again(session, library);
    tlsfit_session_free(session);
    return 0;
}
