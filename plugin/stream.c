/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of streams. See stream.h.
 *
 * TCP connections are known by their two ends: every packet of an open handshake is looked up, and asking Wireshark
 * for its conversation or stream number costs more. Everything else is known by Wireshark's conversation.
 */
#include "stream.h"

#include <string.h>

/* More messages than this no handshake has; later ones are taken for new. */
#define IDENTITIES_MAX 256u

/* Both ends of a TCP connection, the same for both directions. Addresses are IPv4 or IPv6, filled up with zeros. */
typedef struct {
    guint64 addresses[4];
    guint32 ports;
} Ends;

/* A SYN, ACK, known by its connection. All connections pass here, most of which are no TLS: so the place is limited, and
 * a later one takes the place of an earlier one. */
typedef struct {
    guint64 connection; /* hash of its ends */
    guint16 port;       /* the server's */
    guint8  ttl;        /* 0: the place is free */
} Answer;
#define ANSWERS_MAX 4096u

static Answer answers[ANSWERS_MAX];
static GHashTable *tcp_streams;   /* Ends -> Stream */
static Ends        last_ends;     /* of the TCP packet before: often this one's too */
static Stream     *last_stream;   /* NULL: it has none */
static GHashTable *other_streams; /* conversation_t -> Stream */

static void
stream_free(gpointer data)
{
    Stream *stream = data;

    free_address(&stream->first_address);
    g_clear_pointer(&stream->later, g_ptr_array_unref);
    stream_rest(stream);
    g_free(stream);
}

static guint64
ends_hash_wide(const Ends *ends)
{
    guint64 hash = ends->ports;

    for (guint i = 0; i < G_N_ELEMENTS(ends->addresses); i++)
        hash = (hash ^ ends->addresses[i]) * 0x9E3779B97F4A7C15u;
    return hash;
}

static guint
ends_hash(gconstpointer key)
{
    return (guint)(ends_hash_wide(key) >> 32);
}

static gboolean
ends_equal(gconstpointer a, gconstpointer b)
{
    const Ends *first = a, *second = b;

    return first->ports == second->ports &&
           memcmp(first->addresses, second->addresses, sizeof first->addresses) == 0;
}

static void
ends_fill(Ends *ends, const packet_info *pinfo)
{
    guint8 source[16] = { 0 }, destination[16] = { 0 };

    memcpy(source, pinfo->src.data, (gsize)CLAMP(pinfo->src.len, 0, (int)sizeof source));
    memcpy(destination, pinfo->dst.data, (gsize)CLAMP(pinfo->dst.len, 0, (int)sizeof destination));
    int order = pinfo->srcport == pinfo->destport ? memcmp(source, destination, sizeof source)
                                                   : (pinfo->srcport < pinfo->destport ? -1 : 1);
    const guint8 *low = order < 0 ? source : destination;
    const guint8 *high = order < 0 ? destination : source;
    memcpy(ends->addresses, low, sizeof source);
    memcpy(ends->addresses + 2, high, sizeof source);
    ends->ports = MIN(pinfo->srcport, pinfo->destport) << 16 | MAX(pinfo->srcport, pinfo->destport);
}

void
stream_table_open(void)
{
    memset(answers, 0, sizeof answers);
    last_stream = NULL;
    tcp_streams = g_hash_table_new_full(ends_hash, ends_equal, g_free, stream_free);
    other_streams = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, stream_free);
}

void
stream_table_close(void)
{
    g_clear_pointer(&tcp_streams, g_hash_table_unref);
    g_clear_pointer(&other_streams, g_hash_table_unref);
}

static TlsfitTransport
transport_of(packet_info *pinfo, gboolean is_tcp)
{
    if (is_tcp)
        return TLSFIT_OVER_TLS;
    if (proto_is_frame_protocol(pinfo->layers, "dtls"))
        return TLSFIT_OVER_DTLS;
    if (proto_is_frame_protocol(pinfo->layers, "quic"))
        return TLSFIT_OVER_QUIC;
    return proto_is_frame_protocol(pinfo->layers, "eap") ? TLSFIT_OVER_EAP : TLSFIT_OVER_TLS;
}

static Stream *
stream_new(packet_info *pinfo, gboolean is_tcp)
{
    Stream *stream = g_new0(Stream, 1);

    stream->is_tcp = is_tcp;
    stream->transport = transport_of(pinfo, is_tcp);
    copy_address(&stream->first_address, &pinfo->src);
    stream->first_port = pinfo->srcport;
    stream->client_end = -1;
    return stream;
}

void
stream_note_answer(const proto_tree *tree, const packet_info *pinfo)
{
    WantedTcp tcp;
    Ends ends;

    if (pinfo->flags.in_error_pkt || !wanted_tcp(tree, pinfo, &tcp) ||
        pinfo->srcport == pinfo->destport) /* whose it is could not be told by the port */
        return;
    ends_fill(&ends, pinfo);
    const guint64 hash = ends_hash_wide(&ends);
    const Answer answer = { hash, (guint16)pinfo->srcport, tcp.ttl };
    answers[hash >> 32 & (ANSWERS_MAX - 1)] = answer;
}

static void
take_answer(Stream *stream, const Ends *ends)
{
    const guint64 hash = ends_hash_wide(ends);
    const Answer *answer = &answers[hash >> 32 & (ANSWERS_MAX - 1)];

    if (answer->ttl > 0 && answer->connection == hash)
        stream->tcp.ends[answer->port == stream->first_port ? 0 : 1].syn_ttl = answer->ttl;
}

static Stream *
find_tcp(packet_info *pinfo, gboolean create)
{
    Ends ends;

    ends_fill(&ends, pinfo);
    if (last_stream && ends_equal(&ends, &last_ends))
        return last_stream;
    Stream *stream = g_hash_table_lookup(tcp_streams, &ends);
    last_ends = ends;
    if (!stream && create) {
        stream = stream_new(pinfo, TRUE);
        take_answer(stream, &ends);
        g_hash_table_insert(tcp_streams, g_memdup2(&ends, sizeof ends), stream);
    }
    last_stream = stream;
    return stream;
}

static Stream *
find_other(packet_info *pinfo, gboolean create)
{
    gpointer key = create ? find_or_create_conversation(pinfo) : find_conversation_pinfo(pinfo, 0);
    Stream *stream = g_hash_table_lookup(other_streams, key);

    if (!stream && create) {
        stream = stream_new(pinfo, FALSE);
        g_hash_table_insert(other_streams, key, stream);
    }
    return stream;
}

Stream *
stream_find(packet_info *pinfo, gboolean is_tcp, gboolean create)
{
    return is_tcp ? find_tcp(pinfo, create) : find_other(pinfo, create);
}

int
stream_sender(const Stream *stream, const packet_info *pinfo)
{
    if (pinfo->srcport != pinfo->destport)
        return pinfo->srcport == stream->first_port ? 0 : 1;
    return addresses_equal(&pinfo->src, &stream->first_address) ? 0 : 1;
}

gboolean
stream_begins_handshake(const Stream *stream, const TlsfitMessage *message, const HandshakeHello *hello)
{
    gboolean fresh = !stream->session || !stream->open;

    switch (message->type) {
    case TLSFIT_HS_CLIENT_HELLO:
        if (fresh || stream->answered)
            return TRUE;
        if (stream->retry)
            return FALSE;
        return !(hello->has_random && stream->has_random && memcmp(hello->random, stream->random, 32) == 0);
    case TLSFIT_HS_SERVER_HELLO:
        return fresh || stream->answered;
    case TLSFIT_HS_HELLO_VERIFY_REQUEST:
    case TLSFIT_HS_HELLO_RETRY_REQUEST:
    case TLSFIT_HS_CERTIFICATE:
    case TLSFIT_HS_SERVER_KEY_EXCHANGE:
    case TLSFIT_HS_CERTIFICATE_REQUEST:
        return !stream->session;
    default:
        return FALSE;
    }
}

void
stream_note_hello(Stream *stream, const TlsfitMessage *message, const HandshakeHello *hello)
{
    if (message->type == TLSFIT_HS_CLIENT_HELLO) {
        stream->retry = FALSE;
        stream->has_random = hello->has_random;
        memcpy(stream->random, hello->random, sizeof stream->random);
    } else if (message->type == TLSFIT_HS_HELLO_VERIFY_REQUEST || message->is_retry_request) {
        stream->retry = TRUE;
    } else if (message->type == TLSFIT_HS_SERVER_HELLO) {
        stream->answered = TRUE;
        for (guint end = 0; end < 2; end++) {
            stream->senders[end].version = tlsfit_codes_length(&message->versions) > 0
                                               ? tlsfit_codes_get(&message->versions, 0) : message->version;
            stream->senders[end].suite = tlsfit_codes_length(&message->cipher_suites) > 0
                                               ? tlsfit_codes_get(&message->cipher_suites, 0) : 0;
        }
    }
}

gboolean
stream_seen(Stream *stream, guint64 identity)
{
    if (!stream->identities)
        stream->identities = g_array_sized_new(FALSE, FALSE, sizeof(guint64), 8);
    for (guint i = 0; i < stream->identities->len; i++) {
        if (g_array_index(stream->identities, guint64, i) == identity)
            return TRUE;
    }
    if (stream->identities->len < IDENTITIES_MAX)
        g_array_append_val(stream->identities, identity);
    return FALSE;
}

void
stream_restart(Stream *stream)
{
    memset(stream->senders, 0, sizeof stream->senders);
    stream->answered = stream->retry = stream->has_random = FALSE;
    transport_forget_reset(&stream->tcp);
    g_clear_pointer(&stream->later, g_ptr_array_unref);
    stream_rest(stream);
}

void
stream_rest(Stream *stream)
{
    g_clear_pointer(&stream->identities, g_array_unref);
}
