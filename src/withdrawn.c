/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking back what was concluded from an end that was none: of a capture that goes on after all (live captures), or of a
 * connection by a reset that was forged, or that its receiver did not obey. See session.h.
 *
 * In: findings. Out: none, and what they were certain from, so that it is not a later frame when they are found again.
 */
#include "session.h"

static char *key_of(const TlsfitFinding *finding)
{
    const TlsfitPlace *place = &finding->place;

    return g_strdup_printf("%s %s %u %u %u", finding->rule, finding->subject, place->frame, place->item, place->nth);
}

void tlsfit_session_withdraw(TlsfitSession *session)
{
    GHashTable *since = g_steal_pointer(&session->certain_since);

    for (guint i = 0; i < session->findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(session->findings, i);

        if (finding->known_frame == 0) {
            continue;
        }
        if (since == NULL) {
            since = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        }
        g_hash_table_insert(since, key_of(finding), GUINT_TO_POINTER(finding->known_frame));
    }
    tlsfit_session_reset_judgement(session);
    session->certain_since = since;
}

guint32 tlsfit_session_certain_since(const TlsfitSession *session, const TlsfitFinding *finding, guint32 frame)
{
    g_autofree char *key = session->certain_since != NULL ? key_of(finding) : NULL;
    gpointer since = NULL;

    if (key != NULL) {
        since = g_hash_table_lookup(session->certain_since, key);
    }
    return since != NULL ? GPOINTER_TO_UINT(since) : frame;
}

void tlsfit_session_note_after_reset(TlsfitSession *session, const TlsfitEvent *event)
{
    if (session->end != TLSFIT_END_RESET || session->end_side != event->side ||
        session->end_origin.went_on_frame != 0) {
        return;
    }
    session->end_origin.went_on_frame = event->place.frame;
    tlsfit_session_withdraw(session);
}

void tlsfit_session_note_continued(TlsfitSession *session, guint32 frame)
{
    const TlsfitEvent reset = {
        .kind = TLSFIT_EVENT_CONTINUED,
        .side = session->end_side,
        .place = session->end_mark.place,
        .number = -1,
    };

    if (session->end != TLSFIT_END_RESET) {
        return;
    }
    tlsfit_session_note_incident(session, &reset, session->end_mark.time_us);
    session->continued_frame = frame;
    session->end = TLSFIT_END_NONE;
    session->end_mark = (TlsfitMark){ 0 };
    session->end_origin = (TlsfitOrigin){ 0 };
    session->end_silence_us = 0;
    tlsfit_session_withdraw(session);
}

void tlsfit_session_describe_ignored(const TlsfitSession *session, GString *text)
{
    for (guint i = 0; session->incidents != NULL && i < session->incidents->len; i++) {
        const TlsfitIncident *incident = &g_array_index(session->incidents, TlsfitIncident, i);
        const char *name = incident->side == TLSFIT_CLIENT ? "client" : "server";
        const char *receiver = incident->side == TLSFIT_CLIENT ? "server" : "client";

        if (incident->kind == TLSFIT_EVENT_CONTINUED) {
            g_string_append_printf(text, " The reset in frame %u ended nothing: both went on after it, so that it was not "
                                   "the %s's, and the %s ignored it.", incident->frame, name, receiver);
            return;
        }
        if (incident->kind == TLSFIT_EVENT_RESET_MISSED) {
            g_string_append_printf(text, " The reset in frame %u, in the %s's name, ends nothing: its sequence number is "
                                   "far outside of what the %s expects (RFC 9293, 3.10.7.4).", incident->frame, name,
                                   receiver);
            return;
        }
    }
}
