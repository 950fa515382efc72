/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of a case: each is one frame, with messages or events of one side, after which the session is judged.
 *
 * In: the sections [step N]. Out: the case's session, fed. A key that no message of the step takes is a problem, as it
 * would silently test nothing.
 */
#include "case.h"
#include "case_step.h"

#include "../engine/invariants.h"

#include <string.h>

typedef struct {
    const char *name;
    TlsfitEventKind kind;
    guint content_type;
} EventName;

static const EventName event_names[] = {
    { "alert", TLSFIT_EVENT_ALERT, 0 },
    { "change_cipher_spec", TLSFIT_EVENT_CHANGE_CIPHER_SPEC, 0 },
    { "encrypted_record", TLSFIT_EVENT_RECORD, 23 },
    { "encrypted_handshake", TLSFIT_EVENT_RECORD, 22 },
    { "record", TLSFIT_EVENT_RECORD_READ, 22 },
    { "datagram", TLSFIT_EVENT_DATAGRAM, 0 },
    { "fin", TLSFIT_EVENT_FIN, 0 },
    { "reset", TLSFIT_EVENT_RESET, 0 },
    { "data_after_reset", TLSFIT_EVENT_AFTER_RESET, 0 },
    { "continued", TLSFIT_EVENT_CONTINUED, 0 },
    { "reset_missed", TLSFIT_EVENT_RESET_MISSED, 0 },
    { "lost", TLSFIT_EVENT_LOST, 0 },
    { "retransmission", TLSFIT_EVENT_RETRANSMISSION, 0 },
    { "acknowledged", TLSFIT_EVENT_ACKNOWLEDGED, 0 },
    { "other", TLSFIT_EVENT_OTHER, 0 },
};

static void read_alert(Step *step, TlsfitEvent *event)
{
    g_autofree char *name = step_string(step, "alert");
    g_autofree char *level = step_string(step, "level");

    event->level = g_strcmp0(level, "warning") == 0 ? 1 : 2;
    event->number = -1;
    if (name == NULL) {
        case_problem(step->test, "[%s] has no alert = NAME (or unreadable)", step->group);
    } else if (!g_str_equal(name, "unreadable")) {
        guint number = 0;

        if (!tlsfit_name_parse(TLSFIT_NAME_ALERT, name, &number)) {
            case_problem(step->test, "[%s] there is no alert \"%s\"", step->group, name);
        }
        event->number = (int)number;
    }
}

/* Of a reset or a FIN: its TTL, and those of the earlier packets in the same name, "52" or "50-53". */
static void read_origin(Step *step, TlsfitOrigin *origin)
{
    g_autofree char *usual = step_string(step, "usual_ttl");
    g_autofree char *copied = step_string(step, "copied_id");
    const char *dash = usual != NULL ? strchr(usual, '-') : NULL;

    origin->ttl = (guint8)step_number(step, "ttl", 0);
    if (usual != NULL) {
        origin->lowest_ttl = (guint8)g_ascii_strtoull(usual, NULL, 10);
        origin->highest_ttl = dash != NULL ? (guint8)g_ascii_strtoull(dash + 1, NULL, 10) : origin->lowest_ttl;
    }
    origin->copied_id = g_strcmp0(copied, "yes") == 0;
}

/* FALSE where NAME is no event. */
static gboolean feed_event(Step *step, const char *name)
{
    TlsfitEvent event = { .side = step->side, .place = { step->frame, 0, 0 } };
    const EventName *found = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(event_names); i++) {
        found = g_str_equal(event_names[i].name, name) ? &event_names[i] : found;
    }
    if (found == NULL) {
        return FALSE;
    }
    event.kind = found->kind;
    event.content_type = found->content_type;
    if (event.kind == TLSFIT_EVENT_ALERT) {
        read_alert(step, &event);
    } else if (event.kind == TLSFIT_EVENT_RECORD) {
        event.bytes = step_number(step, "bytes", 64);
    } else if (event.kind == TLSFIT_EVENT_RECORD_READ) {
        event.bytes = step_number(step, "record_bytes", 64);
    } else if (event.kind == TLSFIT_EVENT_DATAGRAM) {
        event.bytes = step_number(step, "datagram_bytes", 64);
    } else if (event.kind == TLSFIT_EVENT_FIN || event.kind == TLSFIT_EVENT_RESET) {
        read_origin(step, &event.origin);
    }
    tlsfit_session_add_event(step->test->session, &event, step->time_us);
    return TRUE;
}

static void feed(Step *step, const char *name)
{
    TlsfitMessage message;

    if (feed_event(step, name)) {
        return;
    }
    tlsfit_message_init(&message);
    if (step_message(step, name, &message)) {
        tlsfit_session_add_message(step->test->session, &message, step->time_us);
    } else {
        case_problem(step->test, "[%s] there is no message or event \"%s\"", step->group, name);
    }
    tlsfit_message_clear(&message);
}

static void check_keys(Step *step)
{
    g_auto(GStrv) keys = g_key_file_get_keys(step->test->file, step->group, NULL, NULL);

    for (guint i = 0; keys[i] != NULL; i++) {
        if (!g_hash_table_contains(step->used, keys[i])) {
            case_problem(step->test, "[%s] nothing in this step takes the key \"%s\"", step->group, keys[i]);
        }
    }
}

static void run_step(Step *step)
{
    static const char *const sides[] = { [TLSFIT_CLIENT] = "client", [TLSFIT_SERVER] = "server" };
    g_autofree char *capture = step_string(step, "capture");
    guint fed = 0;

    for (guint side = 0; side < G_N_ELEMENTS(sides); side++) {
        g_auto(GStrv) names = step_list(step, sides[side]);

        step->side = (TlsfitSide)side;
        for (guint i = 0; names[i] != NULL; i++, fed++) {
            feed(step, names[i]);
        }
    }
    if (capture != NULL) {
        tlsfit_session_end(step->test->session, step->time_us);
        fed++;
    }
    if (fed == 0 || (capture != NULL && !g_str_equal(capture, "ends"))) {
        case_problem(step->test, "[%s] has neither client, nor server, nor capture = ends", step->group);
    }
    check_keys(step);
    tlsfit_session_judge(step->test->session, &step->test->view, capture != NULL ? 0 : step->frame);
    g_autofree char *broken = invariants_broken(step->test->session);

    if (broken != NULL) {
        case_problem(step->test, "[%s] what always holds does not: %s", step->group, broken);
    }
}

static TlsfitTransport transport_of(Case *test)
{
    static const char *const names[] = { "tls", "dtls", "quic", "eap" };
    g_autofree char *name = case_string(test, "case", "transport");

    for (guint i = 0; name != NULL && i < G_N_ELEMENTS(names); i++) {
        if (g_str_equal(name, names[i])) {
            return (TlsfitTransport)i;
        }
    }
    if (name != NULL) {
        case_problem(test, "transport is tls, dtls, quic or eap, not \"%s\"", name);
    }
    return TLSFIT_OVER_TLS;
}

void case_steps(Case *test)
{
    g_autofree char *port = case_string(test, "case", "port");
    g_autofree char *clock = case_string(test, "case", "clock");
    gint64 time_us = 0;
    guint number;

    test->session = tlsfit_session_new(0, transport_of(test));
    tlsfit_session_start(test->session, clock == NULL ? 1750000000 : g_ascii_strtoll(clock, NULL, 10));
    if (port != NULL) {
        tlsfit_session_set_server_port(test->session, (guint)g_ascii_strtoull(port, NULL, 10));
    }
    for (number = 1;; number++) {
        g_autofree char *group = g_strdup_printf("step %u", number);
        Step step = { .test = test, .group = group, .frame = number };

        if (!g_key_file_has_group(test->file, group)) {
            break;
        }
        step.used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_autofree char *after = step_string(&step, "after");

        time_us += after != NULL ? (gint64)(g_ascii_strtod(after, NULL) * 1e6) : 10000;
        step.time_us = time_us;
        run_step(&step);
        g_hash_table_unref(step.used);
    }
    if (number == 1) {
        case_problem(test, "there is no [step 1]");
    }
}
