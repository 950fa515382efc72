/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of fields. See wanted.h.
 *
 * Wireshark is asked for as few fields as possible: each one is entered anew into the tree of every packet, and costs
 * time there even when the packet has no TLS at all. So only the nodes are wanted that say where records, messages,
 * certificates and alerts are; what stands inside a message is read from its bytes (handshake.c). The TCP header is
 * found through the stream number, which is needed anyway.
 */
#include "wanted.h"

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

/* A name may stand for several fields ("tls.record" is also a record of SSL 2), so lines become ids one to many. */
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
static int tcp_stream_id, tcp_len_id;

static void
resolve_name(const WantedField *line, const char *name, gboolean is_dtls)
{
    const header_field_info *info = proto_registrar_get_byname(name);

    while (info && resolved_count < RESOLVED_MAX) {
        ResolvedField field = { info->id, line->place, line->kind, is_dtls };
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
    tcp_stream_id = proto_registrar_get_id_byname("tcp.stream");
    tcp_len_id = proto_registrar_get_id_byname("tcp.len");
}

GArray *
wanted_ids_new(void)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));

    if (tcp_stream_id > 0 && tcp_len_id > 0) {
        g_array_append_val(ids, tcp_stream_id);
        g_array_append_val(ids, tcp_len_id);
    }
    /* 4.6 leaves out the items below a protocol whose own item nobody wants. */
    for (guint i = 0; i < G_N_ELEMENTS(protocol_ids); i++) {
        if (protocol_ids[i] > 0)
            g_array_append_val(ids, protocol_ids[i]);
    }
    for (guint i = 0; i < resolved_wanted; i++)
        g_array_append_val(ids, resolved[i].id);
    return ids;
}

WantedTls
wanted_tls(const proto_tree *tree)
{
    WantedTls tls = { FALSE, FALSE, FALSE };

    /* The table begins with the records and the handshake messages. */
    for (guint i = 0; i < resolved_wanted && resolved[i].kind <= KIND_HANDSHAKE; i++) {
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

/* In a tunnel the last header is the innermost one, which carries the TLS. */
static const field_info *
last_field(const proto_tree *tree, int id)
{
    const GPtrArray *fields = id > 0 ? proto_get_finfo_ptr_array(tree, id) : NULL;

    return fields && fields->len > 0 ? g_ptr_array_index(fields, fields->len - 1) : NULL;
}

gboolean
wanted_tcp(const proto_tree *tree, WantedTcp *tcp)
{
    const field_info *stream = last_field(tree, tcp_stream_id);
    const field_info *length = last_field(tree, tcp_len_id);
    guint8 header[20];

    /* The stream number is made up by Wireshark, but its node stands where the header begins. */
    if (!stream || !length || !stream->ds_tvb || stream->start < 0 ||
        tvb_captured_length_remaining(stream->ds_tvb, stream->start) < (int)sizeof header)
        return FALSE;
    tvb_memcpy(stream->ds_tvb, header, stream->start, sizeof header);
    tcp->stream = ws_field_uint(stream);
    tcp->payload_bytes = ws_field_uint(length);
    tcp->sequence = number_at(header + 4);
    tcp->acknowledgement = number_at(header + 8);
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
