/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of fields. See wanted.h.
 *
 * A wanted field costs time wherever it occurs: a node is made and entered into lists. So the nodes are wanted that
 * say where records, messages, certificates and alerts are, and what stands inside a message is read from its bytes
 * (handshake.c). No field of TCP is wanted, because it would occur in every packet (measured with bench/overhead.py:
 * three to five in a hundred of tshark's whole time each); the header is read where TCP's protocol node stands, which
 * most versions make anyway.
 */
#include "wanted.h"

#include <string.h>

typedef struct {
    PlaceItem   place;
    NodeKind    kind;
    const char *suffix;
} WantedField;

/* Each line stands for two fields, of tls and of dtls. Wanted is every kind but KIND_PART; those come first. */
static const WantedField wanted_fields[] = {
    { PLACE_RECORD,            KIND_RECORD,      "record" },
    { PLACE_HANDSHAKE,         KIND_HANDSHAKE,   "handshake" },
    { PLACE_CERTIFICATE,       KIND_CERTIFICATE, "handshake.certificate" },
    { PLACE_ALERT,             KIND_ALERT,       "alert_message" },
    { PLACE_FRAME,             KIND_FRAGMENTS,   "fragments" }, /* tls has none of this name: never seen */
    { PLACE_VERSION,           KIND_PART,        "handshake.version" },
    { PLACE_SUITES,            KIND_PART,        "handshake.ciphersuites" },
    { PLACE_SUITE,             KIND_PART,        "handshake.ciphersuite" },
    { PLACE_VERSIONS,          KIND_PART,        "handshake.extensions.supported_version" },
    { PLACE_GROUPS,            KIND_PART,        "handshake.extensions_supported_groups" },
    { PLACE_KEY_SHARE,         KIND_PART,        "handshake.extensions_key_share_group" },
    { PLACE_KEY_SHARE_RETRY,   KIND_PART,        "handshake.extensions_key_share_selected_group" },
    { PLACE_SCHEMES_FIRST,     KIND_PART,        "handshake.sig_hash_algs" },
    { PLACE_SCHEMES_SECOND,    KIND_PART,        "handshake.sig_hash_algs" },
    { PLACE_SCHEME,            KIND_PART,        "handshake.sig_hash_alg" },
    { PLACE_CERTIFICATE_TYPES, KIND_PART,        "handshake.cert_types" },
    { PLACE_NAMED_CURVE,       KIND_PART,        "handshake.server_named_curve" },
    { PLACE_DH,                KIND_PART,        "handshake.p_len" },
};

/* A name may stand for several fields ("tls.record" is also a record of SSL 2, which is not judged), so lines become
 * ids one to many. */
typedef struct {
    int       id;
    PlaceItem place;
    NodeKind  kind;
    gboolean  is_dtls;
} ResolvedField;

#define RESOLVED_MAX 96u /* bounds what a Wireshark with very many fields of one name could do */

static const char *const family_names[] = { "tls", "dtls" };
static ResolvedField resolved[RESOLVED_MAX]; /* the wanted ones first */
static guint resolved_count, resolved_wanted;
static int protocol_ids[G_N_ELEMENTS(family_names)];
static int tcp_id;

static void
resolve_name(const WantedField *line, const char *name, gboolean is_dtls)
{
    const header_field_info *info = proto_registrar_get_byname(name);

    while (info && resolved_count < RESOLVED_MAX) {
        ResolvedField field = { info->id, line->place, line->kind, is_dtls };
        if (!g_str_has_prefix(info->name, "SSLv2"))
            resolved[resolved_count++] = field;
        info = info->same_name_prev_id > 0 ? proto_registrar_get_nth((guint)info->same_name_prev_id) : NULL;
    }
}

static void
resolve_lines(gboolean parts)
{
    for (guint i = 0; i < G_N_ELEMENTS(wanted_fields); i++) {
        if ((wanted_fields[i].kind == KIND_PART) != parts)
            continue;
        for (guint family = 0; family < G_N_ELEMENTS(family_names); family++) {
            g_autofree char *name = g_strdup_printf("%s.%s", family_names[family], wanted_fields[i].suffix);
            resolve_name(&wanted_fields[i], name, family == 1);
        }
    }
}

void
wanted_resolve(void)
{
    for (guint family = 0; family < G_N_ELEMENTS(family_names); family++)
        protocol_ids[family] = proto_registrar_get_id_byname(family_names[family]);
    resolved_count = 0;
    resolve_lines(FALSE);
    resolved_wanted = resolved_count;
    resolve_lines(TRUE);
    tcp_id = proto_registrar_get_id_byname("tcp");
}

GArray *
wanted_ids_new(void)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));

    /* 4.6 leaves out the items below a protocol whose own item nobody wants. */
    if (WS_PROTOCOLS_ARE_FAKED && tcp_id > 0)
        g_array_append_val(ids, tcp_id);
    for (guint i = 0; WS_PROTOCOLS_ARE_FAKED && i < G_N_ELEMENTS(protocol_ids); i++) {
        if (protocol_ids[i] > 0)
            g_array_append_val(ids, protocol_ids[i]);
    }
    for (guint i = 0; i < resolved_wanted; i++)
        g_array_append_val(ids, resolved[i].id);
    return ids;
}

WantedTls
wanted_tls(const proto_tree *tree, gboolean over_tcp)
{
    WantedTls tls = { FALSE, FALSE, FALSE };

    /* The table begins with the records and the handshake messages. */
    for (guint i = 0; i < resolved_wanted && resolved[i].kind <= KIND_HANDSHAKE; i++) {
        if (over_tcp && resolved[i].is_dtls)
            continue;
        const GPtrArray *fields = proto_get_finfo_ptr_array(tree, resolved[i].id);
        if (!fields || fields->len == 0)
            continue;
        tls.any = TRUE;
        tls.handshakes |= resolved[i].kind == KIND_HANDSHAKE;
        tls.is_dtls |= resolved[i].is_dtls;
    }
    return tls;
}

static guint32
number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

gboolean
wanted_is_bare_tcp(const packet_info *pinfo, int own_protocol)
{
    wmem_list_frame_t *layer = pinfo->layers ? wmem_list_tail(pinfo->layers) : NULL;

    if (layer && GPOINTER_TO_INT(wmem_list_frame_data(layer)) == own_protocol)
        layer = wmem_list_frame_prev(layer);
    return layer && GPOINTER_TO_INT(wmem_list_frame_data(layer)) == tcp_id;
}

/* TCP's node. In a tunnel the last one is the innermost, which carries the TLS. */
static const field_info *
tcp_field(const proto_tree *tree)
{
    const field_info *found = NULL;

    for (const proto_node *node = tree->first_child; node; node = node->next) {
        const field_info *field = PNODE_FINFO(node);
        if (field && field->hfinfo && field->hfinfo->id == tcp_id)
            found = field;
    }
    return found;
}

/* What the IP header in front of the TCP header says: from how far the packet came, and the bytes of IP's payload from
 * the TCP header on, because a frame can have padding behind. 0 where no such header is found (extension headers,
 * reassembled fragments). */
static guint32
take_ip(const field_info *field, const packet_info *pinfo, WantedTcp *tcp)
{
    guint8 ip[40];

    if (pinfo->src.type == AT_IPv6 && field->start >= 40) {
        tvb_memcpy(field->ds_tvb, ip, field->start - 40, 40);
        if (ip[0] >> 4 != 6 || ip[6] != 6)
            return 0;
        tcp->ttl = ip[7];
        return (guint32)ip[4] << 8 | ip[5];
    }
    for (int words = 5; words < 16 && pinfo->src.type == AT_IPv4 && field->start >= 4 * words; words++) {
        tvb_memcpy(field->ds_tvb, ip, field->start - 4 * words, 20);
        const guint32 bytes = (guint32)ip[2] << 8 | ip[3];
        if (ip[0] != (0x40 | words) || ip[9] != 6 || bytes <= 4u * (guint)words)
            continue;
        tcp->ttl = ip[8];
        tcp->identification = (guint16)(ip[4] << 8 | ip[5]);
        return bytes - 4u * (guint)words;
    }
    return 0;
}

/* SYN and ACK: a server's answer to who wants a connection. */
#define SYN_ACK 0x12

gboolean
wanted_is_syn_ack(const proto_tree *tree)
{
    const field_info *field = tcp_field(tree);

    return field && field->ds_tvb && field->start >= 0 &&
           tvb_captured_length_remaining(field->ds_tvb, field->start) >= 20 &&
           (*tvb_get_ptr(field->ds_tvb, field->start + 13, 1) & SYN_ACK) == SYN_ACK;
}

gboolean
wanted_tcp(const proto_tree *tree, const packet_info *pinfo, WantedTcp *tcp)
{
    const field_info *field = tcp_field(tree);
    guint8 header[20];

    if (!field || !field->ds_tvb || field->start < 0 ||
        tvb_captured_length_remaining(field->ds_tvb, field->start) < (int)sizeof header)
        return FALSE;
    tvb_memcpy(field->ds_tvb, header, field->start, sizeof header);
    memset(tcp, 0, sizeof *tcp);
    guint32 header_bytes = 4u * (header[12] >> 4);
    const guint32 rest = (guint32)MAX(tvb_reported_length_remaining(field->ds_tvb, field->start), 0);
    const guint32 said = take_ip(field, pinfo, tcp);
    const guint32 bytes = said > 0 ? MIN(said, rest) : rest;
    tcp->payload_bytes = bytes > header_bytes ? bytes - header_bytes : 0;
    tcp->sequence = number_at(header + 4);
    tcp->acknowledgement = number_at(header + 8);
    tcp->window = (guint16)(header[14] << 8 | header[15]);
    tcp->fin = (header[13] & 0x01) != 0;
    tcp->syn = (header[13] & 0x02) != 0;
    tcp->reset = (header[13] & 0x04) != 0;
    tcp->has_acknowledgement = (header[13] & 0x10) != 0;
    return TRUE;
}

NodeKind
wanted_kind(const field_info *field, PlaceItem *place, gboolean *is_dtls)
{
    int id = field->hfinfo->id;

    for (guint i = 0; i < resolved_wanted; i++) {
        if (id == resolved[i].id) {
            *place = resolved[i].place;
            *is_dtls = resolved[i].is_dtls;
            return resolved[i].kind;
        }
    }
    return KIND_NONE;
}

gboolean
wanted_is(const field_info *field, PlaceItem item)
{
    int id = field->hfinfo->id;

    for (guint i = 0; i < resolved_count; i++) {
        if (resolved[i].place == item && id == resolved[i].id)
            return TRUE;
    }
    return FALSE;
}

gboolean
wanted_is_protocol(const field_info *field)
{
    int id = field->hfinfo->id;

    return id == protocol_ids[0] || id == protocol_ids[1];
}
