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

enum { LINE_RECORD, LINE_HANDSHAKE };
enum { TLS, DTLS, FAMILIES };

static const char *const family_names[FAMILIES] = { "tls", "dtls" };
static int field_ids[FAMILIES][G_N_ELEMENTS(wanted_fields)];
static int protocol_ids[FAMILIES];
static int tcp_stream_id;

void
wanted_resolve(void)
{
    for (guint family = 0; family < FAMILIES; family++) {
        protocol_ids[family] = proto_registrar_get_id_byname(family_names[family]);
        for (guint i = 0; i < G_N_ELEMENTS(wanted_fields); i++) {
            g_autofree char *name = g_strdup_printf("%s.%s", family_names[family], wanted_fields[i].suffix);
            field_ids[family][i] = proto_registrar_get_id_byname(name);
        }
    }
    tcp_stream_id = proto_registrar_get_id_byname("tcp.stream");
}

GArray *
wanted_ids_new(void)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int));

    if (tcp_stream_id > 0)
        g_array_append_val(ids, tcp_stream_id);
    for (guint family = 0; family < FAMILIES; family++) {
        for (guint i = 0; i < G_N_ELEMENTS(wanted_fields); i++) {
            if (wanted_fields[i].kind != KIND_PART && field_ids[family][i] > 0)
                g_array_append_val(ids, field_ids[family][i]);
        }
    }
    return ids;
}

static gboolean
has_field(const proto_tree *tree, int id)
{
    const GPtrArray *fields = id > 0 ? proto_get_finfo_ptr_array(tree, id) : NULL;

    return fields && fields->len > 0;
}

WantedTls
wanted_tls(const proto_tree *tree)
{
    WantedTls tls = { FALSE, FALSE, FALSE };

    tls.is_dtls = has_field(tree, field_ids[DTLS][LINE_RECORD]);
    tls.handshakes = has_field(tree, field_ids[tls.is_dtls ? DTLS : TLS][LINE_HANDSHAKE]);
    tls.any = tls.is_dtls || tls.handshakes || has_field(tree, field_ids[TLS][LINE_RECORD]);
    return tls;
}

static guint32
number_at(const guint8 *bytes)
{
    return (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
}

gboolean
wanted_tcp(const proto_tree *tree, WantedTcp *tcp)
{
    const GPtrArray *fields = tcp_stream_id > 0 ? proto_get_finfo_ptr_array(tree, tcp_stream_id) : NULL;
    guint8 header[20];

    if (!fields || fields->len == 0)
        return FALSE;
    /* In a tunnel the last header is the innermost one, which carries the TLS. The stream number is made up by
     * Wireshark, but its node belongs to the buffer that begins with the header. */
    const field_info *field = g_ptr_array_index(fields, fields->len - 1);
    if (!field->ds_tvb || tvb_captured_length(field->ds_tvb) < sizeof header)
        return FALSE;
    tvb_memcpy(field->ds_tvb, header, 0, sizeof header);
    guint32 header_bytes = 4u * (header[12] >> 4);
    guint32 all_bytes = tvb_reported_length(field->ds_tvb);
    tcp->stream = ws_field_uint(field);
    tcp->sequence = number_at(header + 4);
    tcp->acknowledgement = number_at(header + 8);
    tcp->payload_bytes = all_bytes > header_bytes ? all_bytes - header_bytes : 0;
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

    for (guint i = 0; wanted_fields[i].kind != KIND_PART; i++) {
        if (id == field_ids[TLS][i] || id == field_ids[DTLS][i]) {
            *place = wanted_fields[i].place;
            *is_dtls = id == field_ids[DTLS][i];
            return wanted_fields[i].kind;
        }
    }
    return KIND_NONE;
}

gboolean
wanted_is(const field_info *field, PlaceItem item)
{
    int id = field->hfinfo->id;

    for (guint i = 0; i < G_N_ELEMENTS(wanted_fields); i++) {
        if (wanted_fields[i].place == item && (id == field_ids[TLS][i] || id == field_ids[DTLS][i]))
            return TRUE;
    }
    return FALSE;
}

gboolean
wanted_is_protocol(const field_info *field)
{
    int id = field->hfinfo->id;

    return id == protocol_ids[TLS] || id == protocol_ids[DTLS];
}
