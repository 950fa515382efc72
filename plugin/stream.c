/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of streams. See stream.h.
 *
 * TCP connections are known by Wireshark's stream number, everything else by Wireshark's conversation.
 */
#include "stream.h"

#include <string.h>

/* More messages than this no handshake has; later ones are taken for new. */
#define IDENTITIES_MAX 256u

static GHashTable *tcp_streams;   /* stream number -> Stream */
static GHashTable *other_streams; /* conversation_t -> Stream */

static void
stream_free(gpointer data)
{
    Stream *stream = data;

    free_address(&stream->first_address);
    g_array_unref(stream->identities);
    g_free(stream);
}

void
stream_table_open(void)
{
    tcp_streams = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, stream_free);
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

    stream->transport = transport_of(pinfo, is_tcp);
    copy_address(&stream->first_address, &pinfo->src);
    stream->first_port = pinfo->srcport;
    stream->client_end = -1;
    stream->identities = g_array_new(FALSE, FALSE, sizeof(guint64));
    return stream;
}

Stream *
stream_find(packet_info *pinfo, const WantedTcp *tcp, gboolean create)
{
    GHashTable *table = tcp ? tcp_streams : other_streams;
    gpointer key;

    if (tcp)
        key = GUINT_TO_POINTER(tcp->stream);
    else
        key = create ? find_or_create_conversation(pinfo) : find_conversation_pinfo(pinfo, 0);
    Stream *stream = g_hash_table_lookup(table, key);
    if (!stream && create) {
        stream = stream_new(pinfo, tcp != NULL);
        g_hash_table_insert(table, key, stream);
    }
    return stream;
}

int
stream_sender(const Stream *stream, const packet_info *pinfo)
{
    if (pinfo->srcport != pinfo->destport)
        return pinfo->srcport == stream->first_port ? 0 : 1;
    return addresses_equal(&pinfo->src, &stream->first_address) ? 0 : 1;
}

gboolean
stream_seen(Stream *stream, guint64 identity)
{
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
    g_array_set_size(stream->identities, 0);
}
