/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Feeding the sessions. See conversation.h.
 *
 * In: what extract.c and transport.c find in a frame. Out: messages and events with their side, in the order in which
 * the wire had them: what TCP acknowledges and misses, the records, the end of the connection. Judging happens once a
 * frame, after everything was fed.
 */
#include "conversation.h"

#include "aftermath.h"
#include "extract.h"
#include "selection.h"
#include "stream.h"
#include "transport.h"
#include "wanted.h"

#include <string.h>

/* A SYN has no data in common connections; Ethernet, IPv6 and TCP with all its options fit, with room for tunnels. */
#define SYN_FRAME_BYTES_MAX 256u

/* One frame on its way into the sessions. */
typedef struct {
    Stream      *stream;
    packet_info *pinfo;
    int          sender;       /* the end that sent the frame */
    gint64       time_us;
    gboolean     repeated;     /* TCP has seen its data before */
    gboolean     fed;          /* something was given to the session */
    gboolean     resent;       /* RETRANSMISSION was among it */
    gboolean     later;        /* the handshake was reset: all is kept for when that turns out to have ended nothing */
} Feed;

static GPtrArray  *sessions;     /* of TlsfitSession, owned */
static GHashTable *by_frame;     /* frame -> GSList of TlsfitSession */
static guint32     last_shown;   /* the last frame in by_frame: on the first visit most frames lie behind it */
static guint       open_tcp;     /* streams with an open handshake: none, and most packets need no second look */
static guint       open_other;
static gint64      last_time_us;
static gboolean    ended;        /* conversation_end() has seen everything */

ConversationWatch conversation_watch;

static void
free_list(gpointer data)
{
    g_slist_free(data);
}

void
conversation_open(void)
{
    conversation_close();
    sessions = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_session_free);
    by_frame = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, free_list);
    last_shown = open_tcp = open_other = 0;
    last_time_us = 0;
    ended = TRUE;
    aftermath_open();
    stream_table_open();
}

void
conversation_close(void)
{
    stream_table_close();
    g_clear_pointer(&by_frame, g_hash_table_unref);
    g_clear_pointer(&sessions, g_ptr_array_unref);
}

static void
show_on(guint32 frame, TlsfitSession *session)
{
    gpointer key = GUINT_TO_POINTER(frame);
    GSList *list = g_hash_table_lookup(by_frame, key);

    if (frame == 0 || g_slist_find(list, session))
        return;
    last_shown = MAX(last_shown, frame);
    if (list) {
        list = g_slist_append(list, session); /* the head stays */
        return;
    }
    g_hash_table_insert(by_frame, key, g_slist_append(NULL, session));
}

/* Enters the session under every frame that shows something of it. */
static void
judge(TlsfitSession *session, guint32 frame)
{
    guint before = tlsfit_session_findings(session)->len;

    tlsfit_session_judge(session, selection_for_session(session), frame);
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    if (hello && hello->place.frame == frame)
        show_on(frame, session);
    for (guint i = findings->len == before ? before : 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        show_on(finding->place.frame, session);
        show_on(finding->known_frame, session);
    }
    if (!diagnosis)
        return;
    show_on(diagnosis->known_frame ? diagnosis->known_frame : diagnosis->place.frame, session);
    if (diagnosis->cause)
        show_on(diagnosis->cause->place.frame, session);
}

static guint *
open_counter(const Stream *stream)
{
    return stream->is_tcp ? &open_tcp : &open_other;
}

static void
open_handshake(Stream *stream)
{
    stream->open = TRUE;
    ++*open_counter(stream);
}

static void
close_handshake(Stream *stream)
{
    if (stream->open)
        --*open_counter(stream);
    stream->open = FALSE;
    stream_rest(stream);
}

static void
judge_stream(Stream *stream, guint32 frame)
{
    judge(stream->session, frame);
    if (tlsfit_session_over(stream->session))
        close_handshake(stream);
}

static void
start_handshake(Feed *feed)
{
    Stream *stream = feed->stream;

    if (stream->session && feed->fed)
        judge_stream(stream, feed->pinfo->num);
    close_handshake(stream);
    stream_restart(stream);
    stream->session = tlsfit_session_new(sessions->len, stream->transport);
    open_handshake(stream);
    g_ptr_array_add(sessions, stream->session);
    tlsfit_session_start(stream->session, feed->pinfo->abs_ts.secs);
}

static TlsfitSide
side_of(const Feed *feed)
{
    return feed->sender == feed->stream->client_end ? TLSFIT_CLIENT : TLSFIT_SERVER;
}

static void
feed_event(Feed *feed, const TlsfitEvent *event)
{
    if (feed->later)
        aftermath_keep_event(feed->stream, event, feed->time_us);
    else if (feed->stream->open)
        tlsfit_session_add_event(feed->stream->session, event, feed->time_us);
    else
        return;
    feed->fed = TRUE;
}

static void
feed_tcp_end(Feed *feed, const WantedTcp *tcp)
{
    TlsfitEvent event = { .kind = tcp->reset ? TLSFIT_EVENT_RESET : TLSFIT_EVENT_FIN, .number = -1 };

    event.side = side_of(feed);
    event.place.frame = feed->pinfo->num;
    event.origin = transport_origin(&feed->stream->tcp, feed->sender, tcp);
    feed_event(feed, &event);
    if (tcp->reset)
        aftermath_watch(feed->time_us);
}

static void
feed_sign(Feed *feed, TlsfitEventKind kind, gboolean of_sender)
{
    TlsfitEvent event = { .kind = kind, .number = -1 };

    event.side = side_of(feed);
    if (!of_sender)
        event.side = event.side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
    event.place.frame = feed->pinfo->num;
    feed_event(feed, &event);
}

static void
feed_retransmission(Feed *feed)
{
    if (!feed->resent)
        feed_sign(feed, TLSFIT_EVENT_RETRANSMISSION, TRUE);
    feed->resent = TRUE;
}

/* Who is the client, from the first message that can tell; a lone Certificate is the server's in most captures. */
static void
settle_roles(Feed *feed, guint type)
{
    gboolean of_client = type == TLSFIT_HS_CLIENT_HELLO;

    feed->stream->client_end = of_client ? feed->sender : 1 - feed->sender;
    tlsfit_session_set_server_port(feed->stream->session, of_client ? feed->pinfo->destport : feed->pinfo->srcport);
}

static void
take_message(TlsfitMessage *message, guint64 identity, const HandshakeHello *hello, gpointer user_data)
{
    Feed *feed = user_data;
    Stream *stream = feed->stream;
    gboolean ciphertext = message->type == TLSFIT_HS_ENCRYPTED;

    if (feed->later) {
        message->side = side_of(feed);
        aftermath_keep_message(stream, message, hello, feed->time_us);
        feed->fed = TRUE;
        return;
    }
    if (ciphertext && (feed->repeated || !stream->open))
        return;
    if (!ciphertext) {
        if (stream->open && stream_seen(stream, identity)) {
            feed_retransmission(feed);
            return;
        }
        if (stream_begins_handshake(stream, message, hello)) {
            start_handshake(feed);
            settle_roles(feed, message->type);
            selection_note_ends(stream->session, feed->pinfo, feed->sender == stream->client_end);
            if (conversation_watch.started)
                conversation_watch.started(feed->pinfo, feed->sender == stream->client_end, conversation_watch.data);
            (void)stream_seen(stream, identity);
        }
        if (!stream->open)
            return;
        stream_note_hello(stream, message, hello);
    }
    message->side = side_of(feed);
    tlsfit_session_add_message(stream->session, message, feed->time_us);
    feed->fed = TRUE;
}

static void
take_event(const TlsfitEvent *event, gpointer user_data)
{
    Feed *feed = user_data;
    TlsfitEvent with_side = *event;

    if (feed->repeated)
        return;
    with_side.side = side_of(feed);
    feed_event(feed, &with_side);
}

static void
feed_frame(Feed *feed, const proto_tree *tree, const WantedTcp *tcp, gboolean has_tls)
{
    Stream *stream = feed->stream;
    ExtractReceiver receiver = { take_message, take_event, feed };
    TransportSigns signs = { FALSE, FALSE, FALSE, FALSE, FALSE };

    if (tcp && transport_reset_misses(&stream->tcp, feed->sender, tcp)) {
        feed_sign(feed, TLSFIT_EVENT_RESET_MISSED, TRUE);
        return;
    }
    if (tcp) {
        signs = transport_take(&stream->tcp, feed->sender, tcp);
        feed->repeated = signs.repeated;
    }
    if (signs.lost_other)
        feed_sign(feed, TLSFIT_EVENT_LOST, FALSE);
    if (signs.lost_own || (signs.hidden && !has_tls))
        feed_sign(feed, TLSFIT_EVENT_LOST, TRUE);
    if (signs.all_acknowledged)
        feed_sign(feed, TLSFIT_EVENT_ACKNOWLEDGED, TRUE);
    if (signs.repeated)
        feed_retransmission(feed);
    if (has_tls && !(feed->later && feed->repeated))
        extract_frame(tree, feed->pinfo->num, &stream->senders[feed->sender], &receiver);
    if (tcp && (tcp->fin || (tcp->reset && !feed->later)))
        feed_tcp_end(feed, tcp);
    if (!feed->fed)
        feed_sign(feed, TLSFIT_EVENT_OTHER, TRUE);
}

/* What comes after a reset is kept, and fed once it shows that the handshake goes on. */
static void
take_aftermath(Feed *feed, const proto_tree *tree, const WantedTcp *tcp, gboolean has_tls)
{
    Stream *stream = feed->stream;
    const TransportAfter after = aftermath_of(stream, feed->sender, tcp);

    if (after == TRANSPORT_NOT_RESET)
        return;
    feed->later = TRUE;
    feed_frame(feed, tree, tcp, has_tls);
    if (aftermath_tell(stream, side_of(feed), after, feed->pinfo->num, feed->time_us))
        open_handshake(stream);
    judge_stream(stream, feed->pinfo->num);
}

void
conversation_take(const proto_tree *tree, packet_info *pinfo, int own_protocol)
{
    WantedTls tls = { FALSE, FALSE, FALSE };
    WantedTcp tcp;

    last_time_us = (gint64)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
    ended = FALSE;
    gboolean watched = conversation_watch.flow_is_open = aftermath_is_watched(last_time_us);
    if (!wanted_is_bare_tcp(pinfo, own_protocol))
        tls = wanted_tls(tree, pinfo->ptype == PT_TCP);
    else if (pinfo->fd->pkt_len <= SYN_FRAME_BYTES_MAX && wanted_is_syn_ack(tree))
        stream_note_answer(tree, pinfo);
    /* Of a record that the capture cuts off Wireshark shows no message. */
    tls.handshakes |= tls.any && pinfo->fd->cap_len < pinfo->fd->pkt_len;
    if (!tls.handshakes && !(pinfo->ptype == PT_TCP ? open_tcp || watched : open_other))
        return;
    if (pinfo->flags.in_error_pkt) /* a piece of a packet, quoted by ICMP */
        return;
    gboolean is_tcp = pinfo->ptype == PT_TCP && wanted_tcp(tree, pinfo, &tcp);
    Feed feed = { .pinfo = pinfo, .time_us = last_time_us };
    feed.stream = stream_find(pinfo, is_tcp, tls.handshakes);
    if (!feed.stream || (!feed.stream->open && !tls.handshakes && !watched))
        return;
    feed.sender = stream_sender(feed.stream, pinfo);
    if (is_tcp)
        take_aftermath(&feed, tree, &tcp, tls.any);
    if (!feed.later && (feed.stream->open || tls.handshakes)) {
        feed_frame(&feed, tree, is_tcp ? &tcp : NULL, tls.any);
        if (feed.fed && feed.stream->session)
            judge_stream(feed.stream, pinfo->num);
    }
    conversation_watch.flow_is_open = feed.stream->open || aftermath_is_watched(last_time_us);
}

void
conversation_advance(gint64 time_us)
{
    last_time_us = time_us;
}

void
conversation_end(void)
{
    if (ended || !sessions)
        return;
    ended = TRUE;
    for (guint i = 0; i < sessions->len; i++) {
        TlsfitSession *session = g_ptr_array_index(sessions, i);
        if (tlsfit_session_over(session))
            continue;
        tlsfit_session_end(session, last_time_us);
        judge(session, 0);
    }
}

gboolean
conversation_untouched(void)
{
    return last_time_us == 0;
}

const GSList *
conversation_sessions_of(guint32 frame)
{
    return by_frame && frame <= last_shown ? g_hash_table_lookup(by_frame, GUINT_TO_POINTER(frame)) : NULL;
}

const GPtrArray *
conversation_sessions(void)
{
    return sessions;
}
