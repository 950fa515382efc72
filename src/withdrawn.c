/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking back what was concluded from an end that was none: of a capture that goes on after all (live captures), or of a
 * connection by a reset that was forged. See session.h.
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
