/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk over the records and handshake messages of a frame. See extract.h.
 *
 * In: the nodes that wanted.c asks for. Out: calls of the receiver. The walk is bounded in depth and in nodes; what is
 * longer than the capture has of it is marked truncated.
 */
#include "extract.h"

#include "wanted.h"

#include <string.h>

#define WALK_DEPTH_MAX 32
#define WALK_NODES_MAX 100000u

/* The state of one walk over a frame. */
typedef struct {
    guint32                frame;
    ExtractSender         *sender;
    const ExtractReceiver *receiver;
    guint                  nodes;
    guint                  count[PLACE_COUNT]; /* nodes of each kind so far */
    TlsfitMessage         *certificates_of;    /* the message around the nodes being walked */
    const field_info      *record;             /* the record around the nodes being walked */
    gboolean               record_read;        /* something of it was told to the receiver */
    guint32                record_bytes;       /* its length field */
    guint32                datagram_bytes;     /* DTLS: all records of the frame with their headers */
} Walk;

static void walk_children(Walk *walk, const proto_node *parent, int depth);

/* Copies up to SIZE bytes of FIELD from OFFSET on; tells how many there were. */
static gsize
copy_bytes(const field_info *field, int offset, guint8 *bytes, gsize size)
{
    if (!field->ds_tvb || field->start < 0 || offset < 0 || offset > field->length)
        return 0;
    int have = tvb_captured_length_remaining(field->ds_tvb, field->start + offset);
    if (have <= 0)
        return 0;
    gsize length = MIN(MIN((gsize)have, size), (gsize)(field->length - offset));
    if (length > 0)
        tvb_memcpy(field->ds_tvb, bytes, field->start + offset, length);
    return length;
}

static guint32
number_at(const guint8 *bytes, gsize size)
{
    guint32 number = 0;

    for (gsize i = 0; i < size; i++)
        number = number << 8 | bytes[i];
    return number;
}

static TlsfitPlace
walk_place(Walk *walk, PlaceItem item)
{
    TlsfitPlace place = { walk->frame, (guint16)item, (guint16)MIN(walk->count[item], G_MAXUINT16) };

    walk->count[item]++;
    return place;
}

/* Equal messages are recognised by their length and both ends: a hello's random and a certificate's signature are
 * there. A simple hash will do, because nothing hangs on collisions that somebody makes on purpose. */
static guint64
message_identity(const guint8 *bytes, gsize length, guint type)
{
    guint64 hash = (guint64)length << 16 | type;
    guint64 words[16] = { 0 };
    gsize head = MIN(length, 64);
    gsize tail = MIN(length - head, 64);

    memcpy(words, bytes, head);
    memcpy(words + 8, bytes + length - tail, tail);
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        hash = (hash ^ words[i] ^ hash >> 29) * 0x9E3779B97F4A7C15u;
    return hash | 1; /* 0 is ciphertext */
}

/* Hands out the body of a message: LENGTH bytes from OFFSET on, or what was captured of them. NODE may be NULL. */
static void
tell_message(Walk *walk, const proto_node *node, const field_info *field, int offset, guint type, guint32 length,
             guint32 header_bytes, TlsfitPlace place, int depth)
{
    TlsfitMessage message;
    HandshakeHello hello = { 0 };
    HandshakeContext context = { walk->sender->version, walk->sender->suite, header_bytes == 12, place };
    const guint8 *body = (const guint8 *)"";
    int have = field->ds_tvb ? tvb_captured_length_remaining(field->ds_tvb, field->start + offset) : 0;
    gsize captured = have > 0 ? MIN((gsize)have, (gsize)length) : 0;

    if (captured > 0)
        body = tvb_get_ptr(field->ds_tvb, field->start + offset, (int)captured);
    tlsfit_message_init(&message);
    handshake_read(&message, type, body, captured, &context, &hello);
    message.bytes = length + header_bytes;
    message.fragments = walk->sender->fragments + 1;
    message.truncated |= captured < length;
    walk->sender->fragments = 0;
    walk->certificates_of = &message;
    if (node)
        walk_children(walk, node, depth + 1);
    walk->certificates_of = NULL;
    walk->receiver->message(&message, message_identity(body, captured, type), &hello, walk->receiver->user_data);
    tlsfit_message_clear(&message);
}

static void
tell_encrypted(Walk *walk, TlsfitPlace place, guint32 bytes)
{
    TlsfitMessage message;

    tlsfit_message_init(&message);
    message.type = TLSFIT_HS_ENCRYPTED;
    message.place = place;
    message.bytes = bytes;
    walk->receiver->message(&message, 0, NULL, walk->receiver->user_data);
    tlsfit_message_clear(&message);
}

/* A TLS handshake node holds a whole message, or a piece of one, or ciphertext. A whole one is as long as its header
 * says. Ciphertext lies in the record itself (what Wireshark decrypted or put together is in another buffer), after
 * ChangeCipherSpec. */
static void
walk_tls_handshake(Walk *walk, const proto_node *node, const field_info *field, int depth)
{
    TlsfitPlace place = walk_place(walk, PLACE_HANDSHAKE);
    gboolean in_record = walk->record && walk->record->ds_tvb == field->ds_tvb;
    guint32 bytes = (guint32)MAX(field->length, 0);
    guint8 header[4];

    walk->record_read = TRUE;
    if (copy_bytes(field, 0, header, sizeof header) == sizeof header && number_at(header + 1, 3) + 4 == bytes) {
        if (in_record)
            walk->sender->fragments = 0; /* pieces that were never completed */
        tell_message(walk, node, field, 4, header[0], bytes - 4, 4, place, depth);
    } else if (in_record && walk->sender->ciphered) {
        tell_encrypted(walk, place, walk->record_bytes);
    } else {
        walk->sender->fragments++;
    }
}

/* The reassembled bytes of a DTLS message stand behind the node of its last fragment. */
static const field_info *
find_whole(const proto_node *node)
{
    for (node = node->next; node; node = node->next) {
        const field_info *field = PNODE_FINFO(node);
        PlaceItem place;
        gboolean is_dtls;
        NodeKind kind = field && field->hfinfo ? wanted_kind(field, &place, &is_dtls) : KIND_NONE;
        if (kind == KIND_FRAGMENTS)
            return field;
        if (kind == KIND_HANDSHAKE)
            return NULL;
    }
    return NULL;
}

/* A DTLS handshake node holds a message or a fragment of one; the last fragment comes with the whole. How long the
 * node is depends on whether people look at the tree: its header tells. */
static void
walk_dtls_handshake(Walk *walk, const proto_node *node, const field_info *field, int depth)
{
    TlsfitPlace place = walk_place(walk, PLACE_HANDSHAKE);
    gboolean in_record = walk->record && walk->record->ds_tvb == field->ds_tvb;
    guint32 bytes = (guint32)MAX(field->length, 0);
    guint8 header[12];

    walk->record_read = TRUE;
    if (in_record && walk->sender->ciphered) {
        tell_encrypted(walk, place, walk->record_bytes);
        return;
    }
    if (copy_bytes(field, 0, header, sizeof header) < sizeof header)
        return;
    guint32 length = number_at(header + 1, 3);
    guint32 fragment = number_at(header + 9, 3);
    if (fragment == length && bytes >= length + 12) {
        walk->sender->fragments = 0;
        tell_message(walk, node, field, 12, header[0], length, 12, place, depth);
        return;
    }
    const field_info *whole = find_whole(node);
    if (whole && (guint32)MAX(whole->length, 0) == length)
        tell_message(walk, node, whole, 0, header[0], length, 12, place, depth);
    else
        walk->sender->fragments++;
}

static void
tell_alert(Walk *walk, TlsfitPlace place, const guint8 *bytes, gboolean readable)
{
    TlsfitEvent event = { .kind = TLSFIT_EVENT_ALERT, .place = place, .number = -1 };

    if (readable) {
        event.level = bytes[0];
        event.number = bytes[1];
    }
    walk->record_read = TRUE;
    walk->receiver->event(&event, walk->receiver->user_data);
}

static void
walk_alert(Walk *walk, const field_info *field)
{
    guint8 bytes[2] = { 0 };
    gsize have = copy_bytes(field, 0, bytes, sizeof bytes);

    /* Ciphertext is longer than an alert in every cipher suite that has a cipher. */
    tell_alert(walk, walk_place(walk, PLACE_ALERT), bytes, field->length == 2 && have == 2);
}

static void
walk_certificate(Walk *walk, const field_info *field)
{
    TlsfitPlace place = walk_place(walk, PLACE_CERTIFICATE);
    TlsfitMessage *message = walk->certificates_of;

    if (!message || !field->ds_tvb || field->length < 0)
        return;
    int have = tvb_captured_length_remaining(field->ds_tvb, field->start);
    gsize length = have > 0 ? (gsize)MIN(have, field->length) : 0;
    if (length < (gsize)field->length) {
        message->truncated = TRUE; /* half a certificate is none, and must not be taken for a broken one */
        return;
    }
    const guint8 *der = length > 0 ? tvb_get_ptr(field->ds_tvb, field->start, (int)length) : (const guint8 *)"";
    if (!tlsfit_message_add_certificate(message, der, length, place))
        message->truncated = TRUE;
}

/* A record that the capture cuts off: Wireshark shows nothing below it, but the beginning of a plain handshake message
 * can be read all the same. */
static void
read_cut_record(Walk *walk, const field_info *field, TlsfitPlace place, int offset, gboolean is_dtls)
{
    const guint32 header_bytes = is_dtls ? 12 : 4;
    guint8 header[12];

    while (copy_bytes(field, offset, header, header_bytes) == header_bytes) {
        guint32 length = number_at(header + 1, 3);
        if (is_dtls && (number_at(header + 6, 3) != 0 || number_at(header + 9, 3) != length))
            return;
        walk->record_read = TRUE;
        tell_message(walk, NULL, field, offset + (int)header_bytes, header[0], length, header_bytes, place, 0);
        if (length > (guint32)field->length)
            return;
        offset += (int)(header_bytes + length);
    }
}

static gboolean
is_cut(const field_info *field, gsize header_bytes, guint32 bytes)
{
    return tvb_captured_length_remaining(field->ds_tvb, field->start) < (int)(header_bytes + bytes);
}

/* What a record was when nothing in it could be read; and of one that was read, its size. */
static void
end_record(Walk *walk, TlsfitPlace place, guint content_type, guint32 bytes)
{
    TlsfitEvent event = { .kind = TLSFIT_EVENT_RECORD, .place = place, .number = -1,
                          .content_type = content_type, .bytes = bytes };

    if (walk->record_read) {
        event.kind = TLSFIT_EVENT_RECORD_READ;
    } else if (content_type == 20) {
        event.kind = TLSFIT_EVENT_CHANGE_CIPHER_SPEC;
        walk->sender->ciphered = TRUE;
    }
    walk->receiver->event(&event, walk->receiver->user_data);
}

/* The record's header is read from its bytes: type, version, (DTLS: epoch, sequence number,) length. */
static void
walk_record(Walk *walk, const proto_node *node, const field_info *field, gboolean is_dtls, int depth)
{
    TlsfitPlace place = walk_place(walk, PLACE_RECORD);
    gsize header_bytes = is_dtls ? 13 : 5;
    guint8 header[13];

    if (copy_bytes(field, 0, header, header_bytes) < header_bytes)
        return;
    guint content_type = header[0];
    guint32 bytes = number_at(header + header_bytes - 2, 2);
    if (is_dtls && (header[0] & 0xE0) == 0x20) {
        content_type = 23; /* the short header of DTLS 1.3 (RFC 9147, 4), which stands before ciphertext alone */
        bytes = (guint32)MAX(field->length, 0);
        header_bytes = 0; /* counted in */
    } else if (is_dtls) {
        walk->sender->ciphered = number_at(header + 3, 2) > 0; /* epoch */
    } else if (header[1] != 3) { /* SSL 2: not judged */
        walk_children(walk, node, depth + 1);
        return;
    }
    walk->record = field;
    walk->record_read = FALSE;
    walk->record_bytes = bytes;
    if (is_dtls)
        walk->datagram_bytes += (guint32)header_bytes + bytes;
    walk_children(walk, node, depth + 1);
    if (content_type == 22 && !walk->record_read && !walk->sender->ciphered && is_cut(field, header_bytes, bytes))
        read_cut_record(walk, field, place, (int)header_bytes, is_dtls);
    end_record(walk, place, content_type, bytes);
    walk->record = NULL;
}

static void
walk_node(Walk *walk, const proto_node *node, const field_info *field, int depth)
{
    PlaceItem place = PLACE_FRAME;
    gboolean is_dtls = FALSE;

    switch (wanted_kind(field, &place, &is_dtls)) {
    case KIND_RECORD:
        walk_record(walk, node, field, is_dtls, depth);
        break;
    case KIND_HANDSHAKE:
        if (is_dtls)
            walk_dtls_handshake(walk, node, field, depth);
        else
            walk_tls_handshake(walk, node, field, depth);
        break;
    case KIND_CERTIFICATE:
        walk_certificate(walk, field); /* and not below it: Wireshark shows all of X.509 there */
        break;
    case KIND_ALERT:
        walk_alert(walk, field);
        break;
    default:
        walk_children(walk, node, depth + 1);
        break;
    }
}

static void
walk_children(Walk *walk, const proto_node *parent, int depth)
{
    if (depth > WALK_DEPTH_MAX)
        return;
    for (const proto_node *node = parent->first_child; node; node = node->next) {
        const field_info *field = PNODE_FINFO(node);
        if (++walk->nodes > WALK_NODES_MAX)
            return;
        /* A node that nobody has asked for may be without a field, and still have wanted nodes below it. */
        if (field && field->hfinfo)
            walk_node(walk, node, field, depth);
        else
            walk_children(walk, node, depth + 1);
    }
}

void
extract_frame(const proto_tree *tree, guint32 frame, ExtractSender *sender, const ExtractReceiver *receiver)
{
    Walk walk = { .frame = frame, .sender = sender, .receiver = receiver };
    TlsfitEvent datagram = { .kind = TLSFIT_EVENT_DATAGRAM, .place = { frame, 0, 0 }, .number = -1 };

    walk_children(&walk, tree, 0);
    datagram.bytes = walk.datagram_bytes;
    if (datagram.bytes > 0)
        receiver->event(&datagram, receiver->user_data);
}
