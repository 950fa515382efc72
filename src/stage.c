/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the facts of a session amount to: what was negotiated, how far it went, how it ended.
 *
 * In: struct TlsfitSession. Out: answers, computed anew at each call. Keeps nothing and blames nobody: which limit
 * explains the outcome is diagnosis.c's question.
 */
#include "session.h"

#include <string.h>

#define VERSION_SSL3 0x0300u
#define VERSION_TLS12 0x0303u
#define VERSION_TLS13 0x0304u
#define VERSION_DTLS10 0xFEFFu
#define VERSION_DTLS13 0xFEFCu
#define DRAFTS_TLS13 0x7F00u /* 0x7F and the number of the draft (draft-ietf-tls-tls13-28, 4.2.1.1) */

gboolean tlsfit_version_is_tls13(guint version)
{
    return version == VERSION_TLS13 || version == VERSION_DTLS13 || (version & 0xFF00u) == DRAFTS_TLS13;
}

gboolean tlsfit_version_is_dtls(guint version)
{
    return (version & 0xFF00u) == 0xFE00u;
}

/* No server may choose a GREASE value (RFC 8701, 3.1); where one does, nothing is known and nothing may be said of it. */
static guint chosen(guint code)
{
    return tlsfit_is_grease(code) ? 0 : code;
}

guint tlsfit_session_version(const TlsfitSession *session)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_SERVER_HELLO];

    if (hello == NULL) {
        return 0;
    }
    return chosen(tlsfit_codes_length(&hello->versions) > 0 ? tlsfit_codes_get(&hello->versions, 0) : hello->version);
}

gboolean tlsfit_version_is_retired(guint version)
{
    return version == VERSION_DTLS10 || (version >= VERSION_SSL3 && version < VERSION_TLS12);
}

guint tlsfit_session_suite(const TlsfitSession *session)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_SERVER_HELLO];

    return hello != NULL && tlsfit_codes_length(&hello->cipher_suites) > 0
               ? chosen(tlsfit_codes_get(&hello->cipher_suites, 0))
               : 0;
}

guint tlsfit_session_group(const TlsfitSession *session, TlsfitPlace *place)
{
    const TlsfitMessage *exchange = session->slots[TLSFIT_SLOT_KEY_EXCHANGE];
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_SERVER_HELLO];

    if (exchange != NULL && exchange->named_curve != 0) {
        *place = exchange->named_curve_place;
        return chosen(exchange->named_curve);
    }
    if (hello != NULL && tlsfit_codes_length(&hello->key_shares) > 0) {
        *place = hello->key_shares.place;
        return chosen(tlsfit_codes_get(&hello->key_shares, 0));
    }
    return 0;
}

guint tlsfit_session_scheme(const TlsfitSession *session, TlsfitPlace *place)
{
    const TlsfitSlot slots[] = { TLSFIT_SLOT_KEY_EXCHANGE, TLSFIT_SLOT_SERVER_VERIFY };

    for (guint i = 0; i < G_N_ELEMENTS(slots); i++) {
        const TlsfitMessage *message = session->slots[slots[i]];

        if (message != NULL && tlsfit_codes_length(&message->schemes) > 0) {
            *place = message->schemes.place;
            return chosen(tlsfit_codes_get(&message->schemes, 0));
        }
    }
    return 0;
}

/* Later is greater for TLS, smaller for DTLS: as a number that is greater the newer the version is, in both. What is
 * older than SSL 3.0 is the oldest of all. */
static guint version_rank(guint version)
{
    if (tlsfit_version_is_dtls(version)) {
        return 0xFFFFu - version;
    }
    return version < VERSION_SSL3 ? 0 : version - VERSION_SSL3 + 1u;
}

guint tlsfit_hello_newest(const TlsfitMessage *hello)
{
    guint newest = 0;

    if (!hello->versions.present) {
        return hello->version;
    }
    for (guint i = 0; i < tlsfit_codes_length(&hello->versions); i++) {
        const guint version = tlsfit_codes_get(&hello->versions, i);

        if (tlsfit_name(TLSFIT_NAME_VERSION, version) != NULL &&
            (newest == 0 || version_rank(version) > version_rank(newest))) {
            newest = version;
        }
    }
    return newest;
}

gboolean tlsfit_hello_offers_version(const TlsfitMessage *hello, guint version)
{
    if (hello->versions.present) {
        return tlsfit_codes_has(&hello->versions, version);
    }
    return tlsfit_version_is_dtls(version) == tlsfit_version_is_dtls(hello->version) &&
           !tlsfit_version_is_tls13(version) && version_rank(version) <= version_rank(hello->version);
}

const TlsfitCertificate *tlsfit_session_certificate(const TlsfitSession *session, TlsfitSide sender, guint index)
{
    const TlsfitMessage *message =
        session->slots[sender == TLSFIT_SERVER ? TLSFIT_SLOT_SERVER_CERTIFICATE : TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (message == NULL || message->certificates == NULL || index >= message->certificates->len) {
        return NULL;
    }
    return g_array_index(message->certificates, TlsfitCertificateEntry, index).certificate;
}

const TlsfitCertificate *tlsfit_session_end_entity(const TlsfitSession *session, TlsfitSide sender)
{
    return tlsfit_session_certificate(session, sender, 0);
}

gboolean tlsfit_clock_was_never_set(gint64 time_s)
{
    const gint64 day_s = 86400;
    const gint64 year_2000_s = 946684800;

    return time_s < 365 * day_s || (time_s >= year_2000_s && time_s < year_2000_s + 30 * day_s);
}

static gboolean is_before(const TlsfitMark *first, const TlsfitMark *second)
{
    return first->seen && (!second->seen || first->place.frame < second->place.frame ||
                           (first->place.frame == second->place.frame && first->time_us < second->time_us));
}

gboolean tlsfit_session_resumed(const TlsfitSession *session)
{
    const TlsfitMessage *client = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitMessage *server = session->slots[TLSFIT_SLOT_SERVER_HELLO];

    if (client == NULL || server == NULL) {
        return FALSE;
    }
    if (tlsfit_version_is_tls13(tlsfit_session_version(session))) {
        return server->has_psk;
    }
    if (session->slots[TLSFIT_SLOT_SERVER_CERTIFICATE] != NULL || session->slots[TLSFIT_SLOT_KEY_EXCHANGE] != NULL) {
        return FALSE;
    }
    /* The server echoes the session ID (RFC 5246, 7.3); with a ticket (RFC 5077, 3.4) it may send none, and then its
     * ChangeCipherSpec comes before the client's. */
    return (client->session_id_bytes > 0 && client->session_id_bytes == server->session_id_bytes &&
            memcmp(client->session_id, server->session_id, client->session_id_bytes) == 0) ||
           is_before(&session->party[TLSFIT_SERVER].cipher_spec, &session->party[TLSFIT_CLIENT].cipher_spec);
}

gboolean tlsfit_session_data_acknowledged(const TlsfitSession *session)
{
    const TlsfitSide listener = session->last_talker == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
    const TlsfitMark *acknowledged = &session->party[listener].acknowledged;

    if (session->transport != TLSFIT_OVER_TLS) {
        /* Nothing on these transports acknowledges: that the talker repeats itself and gets no answer is the sign.
         * Without it the rest of the conversation may just not be in the capture. */
        return session->party[session->last_talker].insisted.seen &&
               session->party[session->last_talker].insisted.time_us >= session->last_data_us;
    }
    return acknowledged->seen && acknowledged->time_us >= session->last_data_us &&
           acknowledged->place.frame >= session->party[session->last_talker].last_data.place.frame;
}

/* Silence that is long enough, after everything had arrived, is a stall, whoever tidies up afterwards. */
static TlsfitSide other(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
}

/* Where the capture misses bytes of the side whose turn it was, it may have spoken after all. */
static gboolean is_stall(const TlsfitSession *session, guint stall_ms, gint64 silence_us)
{
    return session->talked && silence_us >= (gint64)stall_ms * 1000 && tlsfit_session_data_acknowledged(session) &&
           !session->party[other(session->last_talker)].lost;
}

static void set_stalled(const TlsfitSession *session, TlsfitDiagnosis *diagnosis)
{
    diagnosis->outcome = TLSFIT_OUTCOME_STALLED;
    diagnosis->has_side = TRUE;
    diagnosis->side = other(session->last_talker);
    diagnosis->place = session->party[session->last_talker].last_data.place;
}

gboolean tlsfit_session_finished(const TlsfitSession *session)
{
    return session->party[TLSFIT_CLIENT].finished.seen &&
           (session->party[TLSFIT_SERVER].finished.seen || tlsfit_version_is_tls13(tlsfit_session_version(session)));
}

/* Where the client finishes last and then closes in good order, it is content: nobody else can refuse any more. So it
 * is where the connection is left alone for long and then given up. */
static gboolean ended_content(const TlsfitSession *session, guint stall_ms)
{
    if (!tlsfit_session_finished(session)) {
        return FALSE;
    }
    return session->end_silence_us >= (gint64)stall_ms * 1000 ||
           (session->end == TLSFIT_END_FIN &&
            (session->end_side == TLSFIT_CLIENT || session->party[TLSFIT_CLIENT].data_after.seen));
}

static void set_completed(const TlsfitSession *session, TlsfitDiagnosis *diagnosis)
{
    diagnosis->outcome =
        tlsfit_session_resumed(session) ? TLSFIT_OUTCOME_RESUMED : TLSFIT_OUTCOME_COMPLETED;
    diagnosis->has_side = FALSE;
}

static void outcome_of_end(const TlsfitSession *session, guint stall_ms, TlsfitDiagnosis *diagnosis)
{
    diagnosis->place = session->end_mark.place;
    diagnosis->known_frame = MAX(session->end_mark.place.frame, session->continued_frame);
    diagnosis->has_side = TRUE;
    diagnosis->side = session->end_side;
    switch (session->end) {
    case TLSFIT_END_COMPLETED:
        set_completed(session, diagnosis);
        break;
    case TLSFIT_END_ALERT:
        diagnosis->outcome = TLSFIT_OUTCOME_ALERT;
        diagnosis->alert = session->end_alert;
        break;
    case TLSFIT_END_FIN:
    case TLSFIT_END_RESET:
        if (ended_content(session, stall_ms)) {
            set_completed(session, diagnosis);
        } else if (is_stall(session, stall_ms, session->end_silence_us)) {
            set_stalled(session, diagnosis);
        } else {
            diagnosis->outcome =
                session->end == TLSFIT_END_FIN ? TLSFIT_OUTCOME_CLOSED : TLSFIT_OUTCOME_RESET;
            diagnosis->origin = session->end_origin;
            diagnosis->from_between = tlsfit_origin_kind(&diagnosis->origin) == TLSFIT_ORIGIN_BETWEEN;
            diagnosis->known_frame = MAX(diagnosis->known_frame, diagnosis->origin.went_on_frame);
        }
        break;
    case TLSFIT_END_NONE:
        break;
    }
}

void tlsfit_session_outcome(const TlsfitSession *session, guint stall_ms, TlsfitDiagnosis *diagnosis)
{
    diagnosis->outcome = TLSFIT_OUTCOME_OPEN;
    diagnosis->alert = -1;
    if (session->end != TLSFIT_END_NONE) {
        outcome_of_end(session, stall_ms, diagnosis);
    } else if (session->capture_ended) {
        diagnosis->known_frame = 0;
        if (tlsfit_session_finished(session)) {
            /* the client had finished and nobody objected before the capture ended; that it idles is no stall */
            set_completed(session, diagnosis);
            diagnosis->place = session->party[TLSFIT_CLIENT].finished.place;
        } else if (is_stall(session, stall_ms, session->capture_end_us - session->last_data_us)) {
            set_stalled(session, diagnosis);
        } else {
            diagnosis->outcome = TLSFIT_OUTCOME_CUT;
            diagnosis->place = session->party[session->last_talker].last_data.place;
        }
    }
}

const TlsfitMessage *tlsfit_session_client_hello(const TlsfitSession *session)
{
    return session->slots[TLSFIT_SLOT_CLIENT_HELLO];
}
