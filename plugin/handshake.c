/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake message from its bytes: RFC 5246 7.4, RFC 8446 4, RFC 6347 4.2, RFC 8422 5.4. See handshake.h.
 *
 * In: the body as Wireshark delimited it. Out: numbers and lists; no judgement.
 */
#include "handshake.h"

#include "reader.h"

#include <string.h>

/* RFC 8446, 4.1.3: the random of a ServerHello that is a HelloRetryRequest. */
static const guint8 retry_random[32] = {
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C
};

enum {
    EXT_SERVER_NAME = 0,
    EXT_MAX_FRAGMENT_LENGTH = 1,
    EXT_SUPPORTED_GROUPS = 10,
    EXT_POINT_FORMATS = 11,
    EXT_SIGNATURE_ALGORITHMS = 13,
    EXT_ALPN = 16,
    EXT_RECORD_SIZE_LIMIT = 28,
    EXT_PRE_SHARED_KEY = 41,
    EXT_SUPPORTED_VERSIONS = 43,
    EXT_SIGNATURE_ALGORITHMS_CERT = 50,
    EXT_KEY_SHARE = 51
};

static TlsfitPlace
place_of(const HandshakeContext *context, PlaceItem item)
{
    TlsfitPlace place = context->place;

    place.item = (guint16)item;
    return place;
}

/* Code points on their way into a list, which is made at once. One more than a list takes, so that it says so. */
typedef struct {
    gsize   count;
    guint16 codes[TLSFIT_CODES_MAX + 1];
} Gathered;

static void
gather(Gathered *gathered, guint code)
{
    if (gathered->count < G_N_ELEMENTS(gathered->codes))
        gathered->codes[gathered->count++] = (guint16)code;
}

/* An extension that comes twice, which is an error of the sender, makes its list longer. */
static void
add_codes(TlsfitMessage *message, TlsfitCodes *codes, const Gathered *gathered)
{
    gboolean fits = TRUE;

    if (!codes->codes)
        fits = tlsfit_codes_set(codes, gathered->codes, gathered->count);
    else
        for (gsize i = 0; i < gathered->count && fits; i++)
            fits = tlsfit_codes_add(codes, gathered->codes[i]);
    if (!fits)
        message->truncated = TRUE;
}

/* The next number of 16 bits, where it is still there. */
static void
read_one(TlsfitMessage *message, TlsfitCodes *codes, Reader *reader, TlsfitPlace place)
{
    Gathered gathered;

    gathered.count = 0;
    codes->place = place;
    if (reader->left >= 2) {
        gather(&gathered, take_number(reader, 2));
        add_codes(message, codes, &gathered);
    } else {
        message->truncated = TRUE;
    }
}

/* Numbers of SIZE bytes up to the end of LIST; an odd rest is missing bytes. */
static void
add_list(TlsfitMessage *message, TlsfitCodes *codes, Reader list, gsize size, TlsfitPlace place)
{
    Gathered gathered;

    gathered.count = 0;
    codes->place = place;
    while (list.left >= size)
        gather(&gathered, take_number(&list, size));
    add_codes(message, codes, &gathered);
    if (list.left > 0)
        message->truncated = TRUE;
}

static void
read_server_name(TlsfitMessage *message, Reader data)
{
    message->has_server_name = TRUE;
    if (message->type != TLSFIT_HS_CLIENT_HELLO || message->server_name)
        return;
    Reader names = take_vector(&data, 2);
    guint type = take_number(&names, 1);
    Reader name = take_vector(&names, 2);
    if (type != 0 || names.short_of || name.left == 0)
        return;
    /* The name is shown to people and written to reports: only what is text may pass, and a NUL does not end it. */
    message->server_name = g_utf8_make_valid((const char *)name.bytes, (gssize)name.left);
}

static void
read_key_share(TlsfitMessage *message, Reader data, const HandshakeContext *context)
{
    TlsfitPlace place = place_of(context, PLACE_KEY_SHARE);

    if (message->type == TLSFIT_HS_CLIENT_HELLO) {
        Reader shares = take_vector(&data, 2);
        Gathered groups;
        groups.count = 0;
        message->key_shares.place = place;
        while (shares.left >= 4) {
            gather(&groups, take_number(&shares, 2));
            (void)take_vector(&shares, 2);
        }
        add_codes(message, &message->key_shares, &groups);
        message->truncated |= data.short_of || shares.short_of;
        return;
    }
    if (message->is_retry_request)
        place = place_of(context, PLACE_KEY_SHARE_RETRY);
    read_one(message, &message->key_shares, &data, place);
}

static void
read_alpn(TlsfitMessage *message, Reader data)
{
    Reader names = take_vector(&data, 2);
    gboolean again = message->alpn_lengths.codes != NULL;
    Gathered lengths;

    lengths.count = 0;
    while (names.left > 0) {
        Reader name = take_vector(&names, 1);
        if (!again && lengths.count == 0 && name.left > 0) {
            message->alpn_ends[0] = name.bytes[0];
            message->alpn_ends[1] = name.bytes[name.left - 1];
        }
        gather(&lengths, (guint)name.left);
    }
    add_codes(message, &message->alpn_lengths, &lengths);
    message->truncated |= data.short_of || names.short_of;
}

static void
read_schemes(TlsfitMessage *message, TlsfitCodes *codes, const TlsfitCodes *other, Reader data,
             const HandshakeContext *context)
{
    PlaceItem item = other->present ? PLACE_SCHEMES_SECOND : PLACE_SCHEMES_FIRST;

    add_list(message, codes, take_vector(&data, 2), 2, place_of(context, item));
}

static void
read_versions(TlsfitMessage *message, Reader data, const HandshakeContext *context)
{
    TlsfitPlace place = place_of(context, PLACE_VERSIONS);

    if (message->type == TLSFIT_HS_CLIENT_HELLO)
        add_list(message, &message->versions, take_vector(&data, 1), 2, place);
    else
        read_one(message, &message->versions, &data, place);
}

static void
read_extension(TlsfitMessage *message, guint type, Reader data, const HandshakeContext *context)
{
    switch (type) {
    case EXT_SERVER_NAME:
        read_server_name(message, data);
        break;
    case EXT_MAX_FRAGMENT_LENGTH:
        message->max_fragment_length = (int)take_number(&data, 1);
        break;
    case EXT_SUPPORTED_GROUPS:
        add_list(message, &message->groups, take_vector(&data, 2), 2, place_of(context, PLACE_GROUPS));
        break;
    case EXT_POINT_FORMATS:
        add_list(message, &message->point_formats, take_vector(&data, 1), 1, context->place);
        break;
    case EXT_SIGNATURE_ALGORITHMS:
        read_schemes(message, &message->schemes, &message->schemes_cert, data, context);
        break;
    case EXT_SIGNATURE_ALGORITHMS_CERT:
        read_schemes(message, &message->schemes_cert, &message->schemes, data, context);
        break;
    case EXT_ALPN:
        read_alpn(message, data);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        message->record_size_limit = take_number(&data, 2);
        break;
    case EXT_PRE_SHARED_KEY:
        message->has_psk = TRUE;
        break;
    case EXT_SUPPORTED_VERSIONS:
        read_versions(message, data, context);
        break;
    case EXT_KEY_SHARE:
        read_key_share(message, data, context);
        break;
    default:
        break;
    }
    message->truncated |= data.short_of;
}

static void
read_extensions(TlsfitMessage *message, Reader *reader, const HandshakeContext *context)
{
    if (reader->left == 0)
        return; /* hellos before TLS 1.2 may have none */
    Reader extensions = take_vector(reader, 2);
    Gathered types;
    types.count = 0;
    message->extensions.place = place_of(context, PLACE_HANDSHAKE);
    while (extensions.left > 0) {
        guint type = take_number(&extensions, 2);
        Reader data = take_vector(&extensions, 2);
        if (extensions.short_of)
            break;
        gather(&types, type);
        read_extension(message, type, data, context);
    }
    add_codes(message, &message->extensions, &types);
    reader->short_of |= extensions.short_of;
}

/* version, random and session_id, which both hellos begin with. */
static void
read_hello_head(TlsfitMessage *message, Reader *reader, const HandshakeContext *context, HandshakeHello *hello)
{
    message->version = (guint16)take_number(reader, 2);
    message->version_place = place_of(context, PLACE_VERSION);
    Reader clock = *reader;
    message->random_time_s = take_number(&clock, 4);
    message->has_random_time = !clock.short_of;
    const guint8 *random = take(reader, 32);
    if (random && hello) {
        hello->has_random = TRUE;
        memcpy(hello->random, random, sizeof hello->random);
    }
    if (random && message->type == TLSFIT_HS_SERVER_HELLO)
        message->is_retry_request = memcmp(random, retry_random, sizeof retry_random) == 0;
    Reader session = take_vector(reader, 1);
    if (session.left > 0 && session.left <= sizeof message->session_id) {
        memcpy(message->session_id, session.bytes, session.left);
        message->session_id_bytes = (guint)session.left;
    }
}

static void
read_client_hello(TlsfitMessage *message, Reader *reader, const HandshakeContext *context, HandshakeHello *hello)
{
    read_hello_head(message, reader, context, hello);
    if (context->is_dtls)
        (void)take_vector(reader, 1); /* cookie */
    add_list(message, &message->cipher_suites, take_vector(reader, 2), 2, place_of(context, PLACE_SUITES));
    (void)take_vector(reader, 1); /* compression methods */
    read_extensions(message, reader, context);
}

static void
read_server_hello(TlsfitMessage *message, Reader *reader, const HandshakeContext *context, HandshakeHello *hello)
{
    read_hello_head(message, reader, context, hello);
    read_one(message, &message->cipher_suites, reader, place_of(context, PLACE_SUITE));
    (void)take_number(reader, 1); /* compression method */
    read_extensions(message, reader, context);
}

/* The drafts of TLS 1.3 before 22 had a message of its own: version, suite (since draft 19), extensions. */
static void
read_retry_request(TlsfitMessage *message, Reader *reader, const HandshakeContext *context)
{
    message->is_retry_request = TRUE;
    message->version = (guint16)take_number(reader, 2);
    message->version_place = place_of(context, PLACE_VERSION);
    if (reader->left >= 2 && reader->bytes[0] == 0x13)
        read_one(message, &message->cipher_suites, reader, place_of(context, PLACE_SUITE));
    read_extensions(message, reader, context);
}

/* Versions count up in TLS and down in DTLS; DTLS 1.0 is TLS 1.1. */
static gboolean
is_version_13(guint version)
{
    return version == 0x0304 || version >> 8 == 0x7F || version == 0xFEFC;
}

static gboolean
is_version_12(guint version)
{
    return version == 0x0303 || version == 0xFEFD;
}

static void
read_certificate_request(TlsfitMessage *message, Reader *reader, const HandshakeContext *context)
{
    if (is_version_13(context->version)) {
        (void)take_vector(reader, 1); /* certificate_request_context */
        read_extensions(message, reader, context);
        return;
    }
    add_list(message, &message->certificate_types, take_vector(reader, 1), 1,
             place_of(context, PLACE_CERTIFICATE_TYPES));
    if (is_version_12(context->version))
        add_list(message, &message->schemes, take_vector(reader, 2), 2, place_of(context, PLACE_SCHEMES_FIRST));
}

static guint
count_bits(Reader number)
{
    while (number.left > 0 && number.bytes[0] == 0)
        (void)take(&number, 1);
    if (number.left == 0)
        return 0;
    return (guint)(number.left - 1) * 8 + g_bit_storage(number.bytes[0]);
}

static void
read_server_key_exchange(TlsfitMessage *message, Reader *reader, const HandshakeContext *context)
{
    const TlsfitSuite *suite = tlsfit_suite(context->suite);

    if (suite->kx == TLSFIT_KX_ECDHE) {
        if (take_number(reader, 1) != 3) /* RFC 8422, 5.4: named_curve; the others are gone */
            return;
        message->named_curve = take_number(reader, 2);
        message->named_curve_place = place_of(context, PLACE_NAMED_CURVE);
        (void)take_vector(reader, 1);
    } else if (suite->kx == TLSFIT_KX_DHE) {
        message->dh_bits = count_bits(take_vector(reader, 2));
        message->dh_place = place_of(context, PLACE_DH);
        (void)take_vector(reader, 2);
        (void)take_vector(reader, 2);
        if (reader->short_of)
            message->dh_bits = 0;
    } else {
        return; /* what PSK, SRP and others put here is not judged */
    }
    if (is_version_12(context->version) && suite->auth != TLSFIT_AUTH_ANON)
        read_one(message, &message->schemes, reader, place_of(context, PLACE_SCHEME));
}

void
handshake_read(TlsfitMessage *message, guint type, const guint8 *body, gsize length,
               const HandshakeContext *context, HandshakeHello *hello)
{
    Reader reader = { body, length, FALSE };

    message->type = type;
    message->place = context->place;
    switch (type) {
    case TLSFIT_HS_CLIENT_HELLO:
        read_client_hello(message, &reader, context, hello);
        break;
    case TLSFIT_HS_SERVER_HELLO:
        read_server_hello(message, &reader, context, hello);
        break;
    case TLSFIT_HS_HELLO_RETRY_REQUEST:
        read_retry_request(message, &reader, context);
        break;
    case TLSFIT_HS_HELLO_VERIFY_REQUEST:
        message->version = (guint16)take_number(&reader, 2);
        message->version_place = place_of(context, PLACE_VERSION);
        break;
    case TLSFIT_HS_ENCRYPTED_EXTENSIONS:
        read_extensions(message, &reader, context);
        break;
    case TLSFIT_HS_SERVER_KEY_EXCHANGE:
        read_server_key_exchange(message, &reader, context);
        break;
    case TLSFIT_HS_CERTIFICATE_REQUEST:
        read_certificate_request(message, &reader, context);
        break;
    case TLSFIT_HS_CERTIFICATE_VERIFY:
        if (is_version_12(context->version) || is_version_13(context->version))
            read_one(message, &message->schemes, &reader, place_of(context, PLACE_SCHEME));
        break;
    default:
        break;
    }
    message->truncated |= reader.short_of;
}
