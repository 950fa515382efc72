/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of a handshake: what came, in order, with sizes and times.
 *
 * In, while a session is fed: messages and events, of which a few bytes each are kept. Out, when somebody asks: an
 * array of TlsfitStep, put together from those, from the marks of both sides and from how it ended. Judges nothing.
 */
#include "session.h"
#include "tlsfit_report.h"

static guint32 ticks_at(const TlsfitSession *session, gint64 time_us)
{
    const gint64 ticks = session->talked ? (time_us - session->first_data_us) / TLSFIT_TICK_US : 0;

    return (guint32)CLAMP(ticks, 0, TLSFIT_TICKS_MAX);
}

void tlsfit_session_note_message(TlsfitSession *session, const TlsfitMessage *message, gint64 time_us)
{
    const TlsfitMessageSize size = {
        .place = message->place,
        .bytes = message->bytes,
        .type = (guint16)message->type,
        .fragments = (guint16)MIN(message->fragments, G_MAXUINT16),
        .side = message->side & 1u,
        .ticks = ticks_at(session, time_us) & TLSFIT_TICKS_MAX,
    };

    session->message_count++;
    if (session->sizes == NULL) {
        session->sizes = g_array_sized_new(FALSE, FALSE, sizeof(TlsfitMessageSize), 12);
    }
    if (session->sizes->len < TLSFIT_MESSAGES_MAX) {
        g_array_append_val(session->sizes, size);
    } else {
        session->incomplete = TRUE;
    }
}

void tlsfit_session_note_incident(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us)
{
    const TlsfitIncident incident = {
        .frame = event->place.frame,
        .side = event->side & 1u,
        .ticks = ticks_at(session, time_us) & TLSFIT_TICKS_MAX,
        .kind = (guint8)event->kind,
        .level = (guint8)event->level,
        .number = (gint16)event->number,
    };

    if (session->incidents == NULL) {
        session->incidents = g_array_new(FALSE, FALSE, sizeof(TlsfitIncident));
    }
    if (session->incidents->len < TLSFIT_INCIDENTS_MAX) {
        g_array_append_val(session->incidents, incident);
    }
}

static const TlsfitStep *step_at(const GArray *steps, guint index)
{
    return &g_array_index(steps, TlsfitStep, index);
}

static void add_messages(const TlsfitSession *session, GArray *steps)
{
    for (guint i = 0; session->sizes != NULL && i < session->sizes->len; i++) {
        const TlsfitMessageSize *size = &g_array_index(session->sizes, TlsfitMessageSize, i);
        const TlsfitStep step = {
            .kind = TLSFIT_STEP_MESSAGE,
            .side = (TlsfitSide)size->side,
            .place = size->place,
            .time_us = (gint64)size->ticks * TLSFIT_TICK_US,
            .type = size->type,
            .bytes = size->bytes,
            .count = MAX(size->fragments, 1u),
        };

        g_array_append_val(steps, step);
    }
}

/* Where something of FRAME goes that came after everything else in it. */
static guint end_of_frame(const GArray *steps, guint32 frame)
{
    guint index = steps->len;

    while (index > 0 && step_at(steps, index - 1)->place.frame > frame) {
        index--;
    }
    return index;
}

static void add_last_in_frame(GArray *steps, const TlsfitStep *step)
{
    g_array_insert_vals(steps, end_of_frame(steps, step->place.frame), step, 1);
}

static TlsfitStep step_of_mark(const TlsfitSession *session, const TlsfitMark *mark, TlsfitStepKind kind,
                               TlsfitSide side)
{
    return (TlsfitStep){
        .kind = kind,
        .side = side,
        .place = mark->place,
        .time_us = MAX(mark->time_us - session->first_data_us, 0),
        .number = -1,
        .count = 1,
    };
}

/* Does a message follow ChangeCipherSpec where both are in one frame? Before TLS 1.3 only the Finished does; in it,
 * where ChangeCipherSpec means nothing, all but the hellos that it comes behind (RFC 8446, D.4). */
static gboolean follows_cipher_spec(const TlsfitStep *step, gboolean tls13)
{
    if (step->kind != TLSFIT_STEP_MESSAGE) {
        return TRUE;
    }
    if (tls13) {
        return step->type != TLSFIT_HS_SERVER_HELLO;
    }
    return step->type == TLSFIT_HS_FINISHED || step->type == TLSFIT_HS_ENCRYPTED;
}

static void add_cipher_spec(const TlsfitSession *session, GArray *steps, TlsfitSide side)
{
    const TlsfitMark *mark = &session->party[side].cipher_spec;
    const gboolean tls13 = tlsfit_version_is_tls13(tlsfit_session_version(session));
    const TlsfitStep step = step_of_mark(session, mark, TLSFIT_STEP_CIPHER_SPEC, side);
    guint index;

    if (!mark->seen) {
        return;
    }
    index = end_of_frame(steps, mark->place.frame);
    while (index > 0 && step_at(steps, index - 1)->place.frame == mark->place.frame &&
           follows_cipher_spec(step_at(steps, index - 1), tls13)) {
        index--;
    }
    g_array_insert_val(steps, index, step);
}

static gboolean has_message(const GArray *steps, const TlsfitMark *mark, TlsfitSide side)
{
    for (guint i = 0; i < steps->len; i++) {
        const TlsfitStep *step = step_at(steps, i);

        if (step->side == side && step->place.frame == mark->place.frame &&
            (step->type == TLSFIT_HS_FINISHED || step->type == TLSFIT_HS_ENCRYPTED)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Records that nobody could read: all of TLS 1.3 after its hellos, or the Finished, known by its place. */
static void add_encrypted(const TlsfitSession *session, GArray *steps, TlsfitSide side)
{
    const TlsfitParty *party = &session->party[side];
    const gboolean hidden = party->hidden_records > 0;
    TlsfitStep step = step_of_mark(session, hidden ? &party->first_encrypted : &party->finished,
                                   TLSFIT_STEP_ENCRYPTED, side);

    if (!hidden && (!party->finished.seen || has_message(steps, &party->finished, side))) {
        return;
    }
    step.bytes = party->hidden_bytes;
    step.count = MAX(party->hidden_records, 1u);
    add_last_in_frame(steps, &step);
}

static TlsfitStepKind kind_of_incident(const TlsfitIncident *incident)
{
    switch (incident->kind) {
    case TLSFIT_EVENT_ALERT:
        return TLSFIT_STEP_ALERT;
    case TLSFIT_EVENT_LOST:
        return TLSFIT_STEP_LOST;
    case TLSFIT_EVENT_CONTINUED:
    case TLSFIT_EVENT_RESET_MISSED:
        return TLSFIT_STEP_IGNORED;
    default:
        return TLSFIT_STEP_RESENT;
    }
}

static void add_incidents(const TlsfitSession *session, GArray *steps)
{
    for (guint i = 0; session->incidents != NULL && i < session->incidents->len; i++) {
        const TlsfitIncident *incident = &g_array_index(session->incidents, TlsfitIncident, i);
        const TlsfitStep step = {
            .kind = kind_of_incident(incident),
            .side = (TlsfitSide)incident->side,
            .place = { .frame = incident->frame },
            .time_us = (gint64)incident->ticks * TLSFIT_TICK_US,
            .count = 1,
            .level = incident->level,
            .number = incident->number,
        };

        add_last_in_frame(steps, &step);
    }
}

/* An alert that ended it is among the incidents; so is a close_notify that counts as a FIN. */
static void add_end(const TlsfitSession *session, GArray *steps)
{
    const TlsfitStep *last = steps->len > 0 ? step_at(steps, steps->len - 1) : NULL;

    if (session->end == TLSFIT_END_FIN || session->end == TLSFIT_END_RESET) {
        const TlsfitStep step =
            step_of_mark(session, &session->end_mark,
                         session->end == TLSFIT_END_FIN ? TLSFIT_STEP_FIN : TLSFIT_STEP_RESET, session->end_side);

        if (last == NULL || last->kind != TLSFIT_STEP_ALERT || last->place.frame != step.place.frame) {
            add_last_in_frame(steps, &step);
        }
    } else if (session->end == TLSFIT_END_NONE && session->capture_ended) {
        const TlsfitStep step = {
            .kind = TLSFIT_STEP_END,
            .time_us = session->talked ? MAX(session->capture_end_us - session->first_data_us, 0) : 0,
        };

        g_array_append_val(steps, step);
    }
}

/* Packets sent again, one after the other, are one step. */
static void merge_resent(GArray *steps)
{
    guint kept = 0;

    for (guint i = 0; i < steps->len; i++) {
        TlsfitStep *before = kept > 0 ? &g_array_index(steps, TlsfitStep, kept - 1) : NULL;
        const TlsfitStep *step = step_at(steps, i);

        if (before != NULL && before->kind == TLSFIT_STEP_RESENT && step->kind == TLSFIT_STEP_RESENT &&
            before->side == step->side) {
            before->count++;
            before->duration_us = step->time_us - before->time_us;
        } else {
            g_array_index(steps, TlsfitStep, kept++) = *step;
        }
    }
    g_array_set_size(steps, kept);
}

/* Silence is counted from the last bytes that were new: packets sent again do not break it, they are its sign. */
static void add_silences(GArray *steps)
{
    gint64 spoken_us = 0;
    TlsfitSide speaker = TLSFIT_CLIENT;

    for (guint i = 0; i < steps->len; i++) {
        const TlsfitStep step = *step_at(steps, i);
        const TlsfitStep silence = {
            .kind = TLSFIT_STEP_SILENCE,
            .side = speaker == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT,
            .time_us = spoken_us,
            .duration_us = step.time_us - spoken_us,
        };

        if (step.kind == TLSFIT_STEP_RESENT || step.kind == TLSFIT_STEP_LOST || step.kind == TLSFIT_STEP_IGNORED) {
            continue;
        }
        if (i > 0 && silence.duration_us >= TLSFIT_SILENCE_US) {
            g_array_insert_val(steps, i, silence);
            i++;
        }
        spoken_us = step.time_us;
        speaker = step.side;
    }
}

GArray *tlsfit_session_steps(const TlsfitSession *session)
{
    GArray *steps = g_array_new(FALSE, FALSE, sizeof(TlsfitStep));

    add_messages(session, steps);
    add_cipher_spec(session, steps, TLSFIT_CLIENT);
    add_cipher_spec(session, steps, TLSFIT_SERVER);
    add_encrypted(session, steps, TLSFIT_CLIENT);
    add_encrypted(session, steps, TLSFIT_SERVER);
    add_incidents(session, steps);
    add_end(session, steps);
    merge_resent(steps);
    add_silences(steps);
    return steps;
}
