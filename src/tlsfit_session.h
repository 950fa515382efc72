/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: the facts of a handshake (facts.c, session.c). Part of tlsfit.h, whose conventions hold.
 *
 * A reader fills a TlsfitMessage for every handshake message that it sees, and gives it to a TlsfitSession together with
 * records, alerts and transport events, in the order of the capture. The session keeps the facts and judges nothing.
 */
#ifndef TLSFIT_PUBLIC_SESSION_H
#define TLSFIT_PUBLIC_SESSION_H

#include "tlsfit_device.h"

G_BEGIN_DECLS

/* Where a fact stands. The core compares frames and hands the rest back to the reader, which finds its node by it. */
typedef struct {
    guint32 frame; /* frame number, from 1; 0: nowhere */
    guint16 item;  /* the reader's own number for the kind of node; 0: the frame as a whole */
    guint16 nth;   /* which one of that kind in the frame, from 0 */
} TlsfitPlace;

/* A list of code points of a message. */
typedef struct {
    GArray     *codes;   /* of guint16; NULL when empty */
    gboolean    present; /* the list was in the message, even when empty */
    gboolean    shared;  /* codes stands in equal lists of other messages, too: tlsfit_codes_set() */
    TlsfitPlace place;
} TlsfitCodes;

/* One certificate of a Certificate message. */
typedef struct {
    TlsfitCertificate *certificate;
    TlsfitPlace place;
} TlsfitCertificateEntry;

/* HandshakeType values that the core reads (RFC 8446, B.3; RFC 5246, 7.4). */
enum {
    TLSFIT_HS_HELLO_REQUEST = 0,
    TLSFIT_HS_CLIENT_HELLO = 1,
    TLSFIT_HS_SERVER_HELLO = 2,
    TLSFIT_HS_HELLO_VERIFY_REQUEST = 3,
    TLSFIT_HS_NEW_SESSION_TICKET = 4,
    TLSFIT_HS_HELLO_RETRY_REQUEST = 6, /* drafts; since RFC 8446 a ServerHello with a fixed random */
    TLSFIT_HS_ENCRYPTED_EXTENSIONS = 8,
    TLSFIT_HS_CERTIFICATE = 11,
    TLSFIT_HS_SERVER_KEY_EXCHANGE = 12,
    TLSFIT_HS_CERTIFICATE_REQUEST = 13,
    TLSFIT_HS_SERVER_HELLO_DONE = 14,
    TLSFIT_HS_CERTIFICATE_VERIFY = 15,
    TLSFIT_HS_CLIENT_KEY_EXCHANGE = 16,
    TLSFIT_HS_FINISHED = 20,
    TLSFIT_HS_CERTIFICATE_STATUS = 22,
    TLSFIT_HS_COMPRESSED_CERTIFICATE = 25,
    TLSFIT_HS_ENCRYPTED = 256          /* not a wire value: a handshake record that could not be read */
};

/* One handshake message, flat: a field that the message does not have stays as tlsfit_message_init() left it. */
typedef struct {
    TlsfitSide  side;            /* who sent it */
    guint       type;            /* TLSFIT_HS_* */
    TlsfitPlace place;
    guint32     bytes;           /* with its header of 4 bytes (DTLS: 12); 0: not known */
    guint       fragments;       /* records (TLS) or datagram fragments (DTLS) it came in; 0 and 1: whole */
    gboolean    truncated;       /* bytes are missing in the capture: lists may be incomplete */
    guint16     version;         /* legacy_version; ServerHello: the selected one is in versions where present */
    TlsfitPlace version_place;
    TlsfitCodes versions;        /* supported_versions: offered, or (ServerHello) the selected one */
    TlsfitCodes cipher_suites;   /* offered, or (ServerHello) the selected one */
    TlsfitCodes groups;          /* supported_groups */
    TlsfitCodes key_shares;      /* groups with a key share; ServerHello, HelloRetryRequest: the selected one */
    TlsfitCodes schemes;         /* signature_algorithms; of a ServerKeyExchange or CertificateVerify: the one used */
    TlsfitCodes schemes_cert;    /* signature_algorithms_cert */
    TlsfitCodes extensions;      /* types, in order */
    TlsfitCodes certificate_types; /* CertificateRequest: ClientCertificateType values */
    TlsfitCodes alpn_lengths;    /* one entry a protocol name: its length; the names are not kept */
    guint8      alpn_ends[2];    /* first and last byte of the first protocol name; 0: there is none */
    TlsfitCodes point_formats;   /* ec_point_formats */
    gboolean    has_server_name;
    char       *server_name;     /* NULL without */
    int         max_fragment_length; /* code of RFC 6066, section 4 (1..4); 0: not there */
    guint       record_size_limit;   /* RFC 8449; 0: not there */
    gboolean    is_retry_request;    /* a ServerHello that is a HelloRetryRequest */
    gboolean    has_random_time; /* hellos: the first 4 bytes of the random, which older stacks fill with their */
    guint32     random_time_s;   /* clock (RFC 5246, 7.4.1.2) and newer ones with anything */
    guint8      session_id[32];
    guint       session_id_bytes;
    gboolean    has_psk;         /* pre_shared_key: offered, or selected */
    guint       named_curve;     /* ServerKeyExchange; 0: none */
    TlsfitPlace named_curve_place;
    guint       dh_bits;         /* ServerKeyExchange: size of p; 0: none */
    TlsfitPlace dh_place;
    GArray     *certificates;    /* of TlsfitCertificateEntry, index 0 is the end-entity; NULL: none */
} TlsfitMessage;

/* A message without content. */
void tlsfit_message_init(TlsfitMessage *message);

/* Frees what MESSAGE holds and makes it empty again. */
void tlsfit_message_clear(TlsfitMessage *message);

/* Makes CODES, which is empty, a list of COUNT code points. Equal lists share their memory while they are recent, because
 * most hellos of a capture are alike. FALSE where more than TLSFIT_CODES_MAX were dropped, as below. */
gboolean tlsfit_codes_set(TlsfitCodes *codes, const guint16 *values, gsize count);
void tlsfit_codes_clear(TlsfitCodes *codes);

/* Appends one code point; TLSFIT_CODES_MAX keeps a hostile list bounded, what is over it is dropped and the message
 * must be marked truncated by the caller: FALSE says so. */
gboolean tlsfit_codes_add(TlsfitCodes *codes, guint code);
#define TLSFIT_CODES_MAX 4096u

gboolean tlsfit_codes_has(const TlsfitCodes *codes, guint code);
guint tlsfit_codes_length(const TlsfitCodes *codes);
guint tlsfit_codes_get(const TlsfitCodes *codes, guint index);

/* Appends a certificate of a Certificate message; FALSE above TLSFIT_CERTIFICATES_MAX, as above. */
gboolean tlsfit_message_add_certificate(TlsfitMessage *message, const guint8 *der, gsize length, TlsfitPlace place);
#define TLSFIT_CERTIFICATES_MAX 256u

/* The same with a certificate that is there already. */
gboolean tlsfit_message_add_known(TlsfitMessage *message, TlsfitCertificate *certificate, TlsfitPlace place);

/* JA3 of a ClientHello: 32 hexadecimal digits, the MD5 of its lists without GREASE. Newly allocated. */
char *tlsfit_hello_ja3(const TlsfitMessage *hello);

/* JA4 of a ClientHello, as in t13d1516h2_8daaf6152771_e5627efa2ab1. That it came over QUIC or DTLS is read from its
 * extensions and its version. Newly allocated. */
char *tlsfit_hello_ja4(const TlsfitMessage *hello);

/* The device whose profile recognises the ClientHello HELLO: all parts of its [fingerprint] match exactly (oui is no
 * more than a hint, and never recognises). Where several do, NULL, and AMBIGUOUS becomes an array of TlsfitDevice,
 * owned by the caller; it becomes NULL otherwise. A partial match recognises nothing. */
TlsfitDevice *tlsfit_library_recognise(TlsfitLibrary *library, const TlsfitMessage *hello, GPtrArray **ambiguous);

/* The transport that carries the handshake. */
typedef enum { TLSFIT_OVER_TLS, TLSFIT_OVER_DTLS, TLSFIT_OVER_QUIC, TLSFIT_OVER_EAP } TlsfitTransport;

typedef struct TlsfitSession TlsfitSession;

/* What happens on the wire beside handshake messages. */
typedef enum {
    TLSFIT_EVENT_ALERT,              /* level, number; number -1: encrypted, unreadable */
    TLSFIT_EVENT_CHANGE_CIPHER_SPEC,
    TLSFIT_EVENT_RECORD,             /* a record that holds no readable handshake message, alert or CCS: bytes */
    TLSFIT_EVENT_RECORD_READ,        /* a record of which something was read and told: only its size counts; bytes */
    TLSFIT_EVENT_DATAGRAM,           /* all DTLS records of one datagram together, with their headers: bytes */
    TLSFIT_EVENT_FIN,
    TLSFIT_EVENT_RESET,
    TLSFIT_EVENT_LOST,               /* the capture misses bytes of this side (not: the network lost them) */
    TLSFIT_EVENT_RETRANSMISSION,
    TLSFIT_EVENT_ACKNOWLEDGED,       /* this side acknowledged everything that the other side had sent */
    TLSFIT_EVENT_AFTER_RESET,        /* new data of this side after a reset in its name: the reset was not its own, as a
                                        host that resets a connection forgets it (RFC 9293, 3.10.5) */
    TLSFIT_EVENT_CONTINUED,          /* after a reset in this side's name both sides went on: who received it did not obey.
                                        The handshake is open again; what came since the reset is to be fed after this */
    TLSFIT_EVENT_RESET_MISSED,       /* a reset in this side's name outside of the receiver's window, which drops it
                                        (RFC 9293, 3.10.7.4; RFC 5961, 3.2): it ends nothing */
    TLSFIT_EVENT_OTHER               /* any other packet of this side: it is alive */
} TlsfitEventKind;

/* What tells who sent a packet: its IP header, against the earlier packets in the same name, and what came after it. */
typedef struct {
    guint8   ttl;         /* time to live (IPv4) or hop limit (IPv6); 0: not known */
    guint8   lowest_ttl;  /* of the earlier packets in the connection; 0: there were none */
    guint8   highest_ttl;
    gboolean copied_id;   /* its IPv4 identification is that of the packet it answers, and not 0 */
    guint32  went_on_frame; /* reset: where the one in whose name it is sent new data; 0: nowhere. Readers leave it: it
                               comes with TLSFIT_EVENT_AFTER_RESET */
} TlsfitOrigin;

typedef struct {
    TlsfitEventKind kind;
    TlsfitSide  side;         /* who sent it, by its address */
    TlsfitPlace place;
    int         level;        /* alert: 1 warning, 2 fatal */
    int         number;       /* alert: AlertDescription */
    guint       content_type; /* record: ContentType as on the wire (22 handshake, 23 application data) */
    guint       bytes;        /* record: length field; datagram: its payload */
    TlsfitOrigin origin;      /* FIN and reset; all 0: nothing is known of it */
} TlsfitEvent;

/* STREAM is the number of the handshake in the capture, from 0. */
TlsfitSession *tlsfit_session_new(guint stream, TlsfitTransport transport);
void tlsfit_session_free(TlsfitSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitSession, tlsfit_session_free)

/* Feeding, in capture order. TIME_US: microseconds of the frame since any fixed moment, TIME_WALL_S in
 * tlsfit_session_start(): seconds since 1970 of the first frame; in 1970, or in the first days of 2000, it counts as not
 * known, because a clock that nobody has set starts there. The contents of MESSAGE move into the session where
 * it keeps them; MESSAGE is empty afterwards. */
void tlsfit_session_start(TlsfitSession *session, gint64 time_wall_s);
void tlsfit_session_set_server_port(TlsfitSession *session, guint port); /* where there is one; 0: not known */
void tlsfit_session_add_message(TlsfitSession *session, TlsfitMessage *message, gint64 time_us);
void tlsfit_session_add_event(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us);

/* The capture has nothing more up to TIME_US (the time of its last frame): what is open is cut or stalled. May be
 * called again when more arrived after all (live captures). */
void tlsfit_session_end(TlsfitSession *session, gint64 time_us);

guint    tlsfit_session_stream(const TlsfitSession *session);
void     tlsfit_session_set_stream(TlsfitSession *session, guint stream); /* where the order was not known at first */
gboolean tlsfit_session_over(const TlsfitSession *session);      /* the outcome is certain */
gboolean tlsfit_session_started(const TlsfitSession *session);   /* a hello was seen, or its place: bytes
                                                                   that the capture lacks */

G_END_DECLS

#endif
