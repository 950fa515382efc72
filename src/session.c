/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake: accumulates what is fed, in capture order.
 *
 * In: messages, events. Out: struct TlsfitSession (session.h), facts only. What they mean for the outcome is derived
 * in stage.c, what they mean for a device in the engine and the rules.
 */
#include "engine.h"
#include "session.h"

/* A TLS 1.3 alert is 2 bytes, a content type and the tag: 19 bytes with the 16-byte tags, 11 with CCM_8. Anything
 * that short cannot be a Finished (RFC 8446, 5.2). */
#define ENCRYPTED_ALERT_BYTES_MAX 19u

TlsfitSession *tlsfit_session_new(guint stream, TlsfitTransport transport)
{
    TlsfitSession *session = g_new0(TlsfitSession, 1);

    session->stream = stream;
    session->transport = transport;
    session->end_alert = -1;
    session->findings = g_ptr_array_new_with_free_func(tlsfit_finding_free);
    return session;
}

void tlsfit_session_free(TlsfitSession *session)
{
    if (session == NULL) {
        return;
    }
    tlsfit_session_reset_judgement(session);
    for (guint i = 0; i < TLSFIT_SLOT_COUNT; i++) {
        if (session->slots[i] != NULL) {
            tlsfit_message_clear(session->slots[i]);
            g_free(session->slots[i]);
        }
    }
    g_clear_pointer(&session->sizes, g_array_unref);
    g_clear_pointer(&session->records, g_array_unref);
    g_clear_pointer(&session->incidents, g_array_unref);
    g_ptr_array_unref(session->findings);
    g_free(session);
}

void tlsfit_session_start(TlsfitSession *session, gint64 time_wall_s)
{
    session->wall_s = tlsfit_clock_was_never_set(time_wall_s) ? 0 : time_wall_s;
}

void tlsfit_session_set_server_port(TlsfitSession *session, guint port)
{
    session->server_port = port;
}

guint tlsfit_session_stream(const TlsfitSession *session)
{
    return session->stream;
}

void tlsfit_session_set_stream(TlsfitSession *session, guint stream)
{
    session->stream = stream;
}

gboolean tlsfit_session_over(const TlsfitSession *session)
{
    return session->end != TLSFIT_END_NONE;
}

gboolean tlsfit_session_started(const TlsfitSession *session)
{
    return session->slots[TLSFIT_SLOT_CLIENT_HELLO] != NULL || session->slots[TLSFIT_SLOT_SERVER_HELLO] != NULL ||
           (session->incomplete && session->talked);
}

/* A live capture that was taken for over goes on: what was concluded from its end is withdrawn. */
static void reopen(TlsfitSession *session)
{
    if (session->capture_ended) {
        session->capture_ended = FALSE;
        if (session->end == TLSFIT_END_NONE) {
            tlsfit_session_withdraw(session);
        }
    }
}

static void mark(TlsfitMark *target, TlsfitPlace place, gint64 time_us)
{
    target->place = place;
    target->time_us = time_us;
    target->seen = TRUE;
}

static void mark_first(TlsfitMark *target, TlsfitPlace place, gint64 time_us)
{
    if (!target->seen) {
        mark(target, place, time_us);
    }
}

/* Bytes of TLS from SIDE: remembers who spoke last, and when. */
static void note_data(TlsfitSession *session, TlsfitSide side, TlsfitPlace place, gint64 time_us)
{
    mark(&session->party[side].last_data, place, time_us);
    if (!session->talked) {
        session->first_data_us = time_us;
    }
    session->last_talker = side;
    session->talked = TRUE;
    session->last_data_us = time_us;
}

/* The first ending counts: what follows (a reset after an alert, the other side's FIN) is only its echo. */
static void note_end(TlsfitSession *session, TlsfitEnd end, TlsfitSide side, TlsfitPlace place, gint64 time_us)
{
    if (session->end != TLSFIT_END_NONE) {
        return;
    }
    session->end = end;
    session->end_side = side;
    session->end_silence_us = session->talked ? time_us - session->last_data_us : 0;
    mark(&session->end_mark, place, time_us);
}

static gboolean is_tls13(const TlsfitSession *session)
{
    return tlsfit_version_is_tls13(tlsfit_session_version(session));
}

/* Complete once nothing more can refuse it: who receives the last Finished may still answer with an alert, so that
 * where the client finishes last (TLS 1.3, resumption) a sign of life of the server is waited for. */
static void note_progress(TlsfitSession *session, TlsfitSide side, TlsfitPlace place, gint64 time_us)
{
    const TlsfitParty *client = &session->party[TLSFIT_CLIENT];
    const TlsfitParty *server = &session->party[TLSFIT_SERVER];
    gboolean done;

    if (session->end != TLSFIT_END_NONE) {
        return;
    }
    if (is_tls13(session)) {
        done = client->finished.seen && server->data_after.seen;
    } else {
        const gboolean both = client->finished.seen && server->finished.seen;
        const gboolean server_last = both && server->finished.time_us >= client->finished.time_us &&
                                     server->finished.place.frame >= client->finished.place.frame &&
                                     !tlsfit_session_resumed(session);

        done = server_last || (both && (server->data_after.seen || client->data_after.seen));
    }
    if (done) {
        note_end(session, TLSFIT_END_COMPLETED, side, place, time_us);
    }
}

/* A Finished, readable or recognised by its place: the first handshake record after ChangeCipherSpec. */
static void note_finished(TlsfitSession *session, TlsfitSide side, TlsfitPlace place, gint64 time_us)
{
    mark_first(&session->party[side].finished, place, time_us);
    if (side == TLSFIT_CLIENT) {
        mark_first(&session->party[side].key_exchange, place, time_us);
    }
}

/* Where a message is kept; TLSFIT_SLOT_COUNT: nowhere. */
static TlsfitSlot slot_of(const TlsfitSession *session, const TlsfitMessage *message)
{
    const gboolean from_client = message->side == TLSFIT_CLIENT;

    switch (message->type) {
    case TLSFIT_HS_CLIENT_HELLO:
        return session->slots[TLSFIT_SLOT_RETRY_REQUEST] != NULL ? TLSFIT_SLOT_SECOND_HELLO : TLSFIT_SLOT_CLIENT_HELLO;
    case TLSFIT_HS_SERVER_HELLO:
        return message->is_retry_request ? TLSFIT_SLOT_RETRY_REQUEST : TLSFIT_SLOT_SERVER_HELLO;
    case TLSFIT_HS_HELLO_RETRY_REQUEST:
        return TLSFIT_SLOT_RETRY_REQUEST;
    case TLSFIT_HS_CERTIFICATE:
    case TLSFIT_HS_COMPRESSED_CERTIFICATE:
        return from_client ? TLSFIT_SLOT_CLIENT_CERTIFICATE : TLSFIT_SLOT_SERVER_CERTIFICATE;
    case TLSFIT_HS_SERVER_KEY_EXCHANGE:
        return TLSFIT_SLOT_KEY_EXCHANGE;
    case TLSFIT_HS_CERTIFICATE_REQUEST:
        return TLSFIT_SLOT_CERTIFICATE_REQUEST;
    case TLSFIT_HS_CERTIFICATE_VERIFY:
        return from_client ? TLSFIT_SLOT_CLIENT_VERIFY : TLSFIT_SLOT_SERVER_VERIFY;
    case TLSFIT_HS_ENCRYPTED_EXTENSIONS:
        return TLSFIT_SLOT_ENCRYPTED_EXTENSIONS;
    default:
        return TLSFIT_SLOT_COUNT;
    }
}

/* The first message of a kind is kept; a DTLS ClientHello that comes again with the cookie replaces nothing. */
static void keep(TlsfitSession *session, TlsfitMessage *message)
{
    const TlsfitSlot slot = slot_of(session, message);

    if (slot == TLSFIT_SLOT_COUNT || session->slots[slot] != NULL) {
        tlsfit_message_clear(message);
        return;
    }
    session->slots[slot] = g_new(TlsfitMessage, 1);
    *session->slots[slot] = *message;
    tlsfit_message_init(message);
}

void tlsfit_session_add_message(TlsfitSession *session, TlsfitMessage *message, gint64 time_us)
{
    const TlsfitSide side = message->side;
    const TlsfitPlace place = message->place;
    TlsfitParty *party = &session->party[side];

    reopen(session);
    if (message->type == TLSFIT_HS_HELLO_REQUEST) {
        tlsfit_message_clear(message);
        return;
    }
    note_data(session, side, place, time_us);
    tlsfit_session_note_message(session, message, time_us);
    if (message->truncated) {
        session->incomplete = TRUE;
    }
    switch (message->type) {
    case TLSFIT_HS_CLIENT_KEY_EXCHANGE:
        mark_first(&party->key_exchange, place, time_us);
        break;
    case TLSFIT_HS_FINISHED:
        note_finished(session, side, place, time_us);
        break;
    case TLSFIT_HS_ENCRYPTED:
        if (party->cipher_spec.seen) {
            note_finished(session, side, place, time_us);
        } else {
            session->hidden = TRUE;
        }
        break;
    case TLSFIT_HS_NEW_SESSION_TICKET:
        if (session->party[TLSFIT_CLIENT].finished.seen && is_tls13(session)) {
            mark_first(&party->data_after, place, time_us);
        }
        break;
    default:
        break;
    }
    keep(session, message);
    note_progress(session, side, place, time_us);
}

/* Alerts that do not end a handshake, or end it politely: close_notify, user_canceled, no_renegotiation, and
 * unrecognized_name as a warning (RFC 8446, 6.1; RFC 6066, 3). */
static gboolean alert_is_fatal(const TlsfitSession *session, const TlsfitEvent *event)
{
    switch (event->number) {
    case 0:
    case 90:
    case 100:
        return FALSE;
    case 112:
        return event->level == 2;
    default:
        /* TLS 1.3 has no level any more (RFC 8446, 6); handshake_failure ends it whatever its level says */
        return event->level != 1 || event->number == 40 || is_tls13(session);
    }
}

static void add_alert(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    const gboolean content = event->number < 0 && event->side == TLSFIT_CLIENT && tlsfit_session_finished(session);

    tlsfit_session_note_incident(session, event, time_us);
    if (event->number == 0 || content) {
        /* close_notify before the end is a FIN in TLS's own words; an alert that cannot be read is most likely one,
         * when it comes from a client that has sent its Finished and so refuses nothing any more */
        note_end(session, TLSFIT_END_FIN, event->side, event->place, time_us);
    } else if (alert_is_fatal(session, event)) {
        if (session->end == TLSFIT_END_NONE) {
            session->end_alert = event->number;
        }
        note_end(session, TLSFIT_END_ALERT, event->side, event->place, time_us);
    }
    note_data(session, event->side, event->place, time_us);
}

/* A record of TLS 1.3 that could not be read. The first one of the client is its Finished, its certificate, or, when
 * it is that short, an alert. */
static void add_encrypted_record(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    const TlsfitParty *client = &session->party[TLSFIT_CLIENT];
    TlsfitParty *party = &session->party[event->side];
    const gboolean alert = event->bytes <= ENCRYPTED_ALERT_BYTES_MAX;

    session->hidden = TRUE;
    mark_first(&party->first_encrypted, event->place, time_us);
    if (!alert && (!client->finished.seen || event->place.frame == client->finished.place.frame)) {
        party->hidden_bytes += event->bytes;
        party->hidden_records++;
    }
    if (alert) {
        TlsfitEvent unreadable = *event;

        unreadable.kind = TLSFIT_EVENT_ALERT;
        unreadable.level = 2;
        unreadable.number = -1;
        add_alert(session, &unreadable, time_us);
        return;
    }
    if (event->side == TLSFIT_CLIENT && !client->finished.seen) {
        note_finished(session, TLSFIT_CLIENT, event->place, time_us);
    } else if (client->finished.seen) {
        mark_first(&party->data_after, event->place, time_us);
    }
}

static void add_end(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    const TlsfitEnd end = event->kind == TLSFIT_EVENT_FIN ? TLSFIT_END_FIN : TLSFIT_END_RESET;

    if (session->end == TLSFIT_END_NONE) {
        session->end_origin = event->origin;
    }
    note_end(session, end, event->side, event->place, time_us);
}

static void add_record(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    TlsfitParty *party = &session->party[event->side];
    const gboolean both = session->party[0].finished.seen && session->party[1].finished.seen;

    if (event->content_type == 23 && is_tls13(session) && !both) {
        add_encrypted_record(session, event, time_us);
    } else if (event->content_type == 23) {
        mark_first(&party->data_after, event->place, time_us);
    } else if (event->content_type == 22 && party->cipher_spec.seen) {
        note_finished(session, event->side, event->place, time_us);
    }
    note_data(session, event->side, event->place, time_us);
    note_progress(session, event->side, event->place, time_us);
}

void tlsfit_session_add_event(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    TlsfitParty *party = &session->party[event->side];

    reopen(session);
    tlsfit_session_note_record(session, event);
    switch (event->kind) {
    case TLSFIT_EVENT_ALERT:
        add_alert(session, event, time_us);
        break;
    case TLSFIT_EVENT_CHANGE_CIPHER_SPEC:
        mark_first(&party->cipher_spec, event->place, time_us);
        note_data(session, event->side, event->place, time_us);
        break;
    case TLSFIT_EVENT_RECORD:
        add_record(session, event, time_us);
        break;
    case TLSFIT_EVENT_FIN:
    case TLSFIT_EVENT_RESET:
        add_end(session, event, time_us);
        break;
    case TLSFIT_EVENT_AFTER_RESET:
        tlsfit_session_note_after_reset(session, event);
        break;
    case TLSFIT_EVENT_CONTINUED:
        tlsfit_session_note_continued(session, event->place.frame);
        break;
    case TLSFIT_EVENT_RESET_MISSED:
        tlsfit_session_note_incident(session, event, time_us);
        break;
    case TLSFIT_EVENT_LOST:
        party->lost = TRUE;
        tlsfit_session_note_incident(session, event, time_us);
        session->incomplete = TRUE;
        break;
    case TLSFIT_EVENT_RETRANSMISSION:
        party->retransmissions++;
        tlsfit_session_note_incident(session, event, time_us);
        mark(&party->insisted, event->place, time_us);
        break;
    case TLSFIT_EVENT_ACKNOWLEDGED:
        mark(&party->acknowledged, event->place, time_us);
        break;
    case TLSFIT_EVENT_RECORD_READ: /* sizes only, noted above */
    case TLSFIT_EVENT_DATAGRAM:
        break;
    case TLSFIT_EVENT_OTHER:
        mark(&party->insisted, event->place, time_us);
        break;
    }
}

void tlsfit_session_end(TlsfitSession *session, gint64 time_us)
{
    if (session->capture_ended && session->end == TLSFIT_END_NONE && time_us > session->capture_end_us) {
        tlsfit_session_withdraw(session); /* cut may have become stalled by now */
    }
    session->capture_ended = TRUE;
    session->capture_end_us = time_us;
}
