/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a session holds, for the core alone: session.c writes it, stage.c reads how far and how it ended, the engine
 * adds findings, rules only read.
 */
#ifndef TLSFIT_SESSION_H
#define TLSFIT_SESSION_H

#include "tlsfit.h"

/* The messages that are kept whole; each at most once a handshake (the first one counts). */
typedef enum {
    TLSFIT_SLOT_CLIENT_HELLO,
    TLSFIT_SLOT_RETRY_REQUEST,      /* HelloRetryRequest */
    TLSFIT_SLOT_SECOND_HELLO,       /* the ClientHello after it */
    TLSFIT_SLOT_SERVER_HELLO,
    TLSFIT_SLOT_SERVER_CERTIFICATE,
    TLSFIT_SLOT_CLIENT_CERTIFICATE,
    TLSFIT_SLOT_KEY_EXCHANGE,       /* ServerKeyExchange */
    TLSFIT_SLOT_CERTIFICATE_REQUEST,
    TLSFIT_SLOT_SERVER_VERIFY,      /* CertificateVerify of the server (TLS 1.3) */
    TLSFIT_SLOT_CLIENT_VERIFY,
    TLSFIT_SLOT_ENCRYPTED_EXTENSIONS,
    TLSFIT_SLOT_COUNT
} TlsfitSlot;

/* Of every message, kept or not. */
typedef struct {
    TlsfitPlace place;
    guint32     bytes;
    guint16     type;
    guint16     fragments;
    guint32     side : 1;   /* a TlsfitSide */
    guint32     ticks : 31; /* since the first bytes of the handshake, of TLSFIT_TICK_US each; the largest: or later */
} TlsfitMessageSize;

/* Fine enough for a local network, and 59 hours fit into 31 bits. */
#define TLSFIT_TICK_US 100
#define TLSFIT_TICKS_MAX 0x7FFFFFFF

/* What happened between messages without ending the handshake: alerts, bytes that the capture misses, packets sent
 * again, resets that nobody obeyed. Most handshakes have none. */
typedef struct {
    guint32 frame;
    guint32 side : 1;
    guint32 ticks : 31;
    guint8  kind;           /* a TlsfitEventKind */
    guint8  level;          /* of an alert */
    gint16  number;
} TlsfitIncident;

#define TLSFIT_INCIDENTS_MAX 64u

/* What the sizes of records are compared with. */
typedef enum { TLSFIT_RECORD_PLAIN, TLSFIT_RECORD_ENCRYPTED, TLSFIT_RECORD_DATAGRAM, TLSFIT_RECORD_KINDS } TlsfitRecordKind;

/* A record (or datagram) that was larger than every earlier one of its side and kind. */
typedef struct {
    TlsfitPlace      place;
    guint            bytes;
    TlsfitSide       side;
    TlsfitRecordKind kind;
} TlsfitRecordSize;

/* Messages beyond this many are no handshake any more but an attack on memory: they are counted, not kept. */
#define TLSFIT_MESSAGES_MAX 256u

typedef struct {
    TlsfitPlace place;
    gint64      time_us;
    gboolean    seen;
} TlsfitMark;

/* What is known of one side. */
typedef struct {
    TlsfitMark  last_data;      /* handshake, record, alert: bytes of TLS */
    TlsfitMark  acknowledged;   /* the last time it acknowledged all data of the other side */
    TlsfitMark  cipher_spec;    /* its first ChangeCipherSpec */
    TlsfitMark  finished;       /* its Finished, readable or by its place */
    TlsfitMark  first_encrypted;/* its first TLS 1.3 record that could not be read */
    TlsfitMark  data_after;     /* data of its own after the other side's Finished, or application data */
    TlsfitMark  key_exchange;   /* client: ClientKeyExchange or, in TLS 1.3, Finished */
    guint       largest_bytes[TLSFIT_RECORD_KINDS]; /* of the records that it sent; 0: none */
    guint       hidden_bytes;   /* TLS 1.3: of its records that could not be read, up to the client's Finished */
    guint       hidden_records;
    guint       retransmissions;
    TlsfitMark  insisted;       /* its last packet that brought nothing new: a retransmission, a probe, an ACK */
    gboolean    lost;           /* the capture misses bytes of it */
} TlsfitParty;

/* The first event that ends a handshake. */
typedef enum { TLSFIT_END_NONE, TLSFIT_END_COMPLETED, TLSFIT_END_ALERT, TLSFIT_END_FIN, TLSFIT_END_RESET } TlsfitEnd;

struct TlsfitSession {
    guint           stream;
    TlsfitTransport transport;
    gint64          wall_s;
    guint           server_port;              /* 0: not known */
    TlsfitMessage  *slots[TLSFIT_SLOT_COUNT]; /* NULL: not seen */
    GArray         *sizes;                    /* of TlsfitMessageSize */
    GArray         *records;                  /* of TlsfitRecordSize, each larger than the one before it */
    GArray         *incidents;                /* of TlsfitIncident, the first ones; NULL: none */
    guint           message_count;
    TlsfitParty     party[2];                 /* by TlsfitSide */
    TlsfitSide      last_talker;              /* who sent the last bytes of TLS */
    gboolean        talked;
    gint64          first_data_us;
    gint64          last_data_us;
    gboolean        incomplete;               /* messages or bytes are missing in the capture */
    gboolean        hidden;                   /* records that could not be read came where messages were due */

    TlsfitEnd       end;
    TlsfitSide      end_side;
    TlsfitMark      end_mark;
    gint64          end_silence_us;           /* how long nobody had said anything before it */
    int             end_alert;                /* -1: unreadable */
    TlsfitOrigin    end_origin;               /* of a FIN or reset */
    guint32         continued_frame;          /* since which it is known that an earlier reset ended nothing; 0: none did */
    gboolean        capture_ended;
    gint64          capture_end_us;

    /* the engine's */
    GHashTable     *certain_since;            /* NULL, or of findings that were withdrawn: withdrawn.c */
    TlsfitDevice   *device;
    TlsfitDevice   *peer;
    const char     *device_source;
    TlsfitSide      device_side;
    gboolean        advertised;
    guint           judged;                   /* bits 1 << TlsfitMoment */
    guint           judged_sizes;             /* how many entries of sizes have been judged */
    guint           judged_records;           /* the same of records */
    GPtrArray      *findings;                 /* of TlsfitFinding */
    TlsfitDiagnosis *diagnosis;
    guint           stall_ms;
};

/* stage.c: TRUE for the times that a clock shows which nobody has set: it starts in 1970, or in 2000 (also what Wireshark
 * shows for capture formats without a date). */
gboolean tlsfit_clock_was_never_set(gint64 time_s);

/* origin.c: what an IP header shows of who sent the packet. */
typedef enum {
    TLSFIT_ORIGIN_UNKNOWN, /* nothing to compare with */
    TLSFIT_ORIGIN_USUAL,   /* as the earlier packets of this name, which proves nothing */
    TLSFIT_ORIGIN_ODD,     /* differs, but not by so much that the same sender could not have done it */
    TLSFIT_ORIGIN_BETWEEN  /* sent by somebody nearer to where the capture was made */
} TlsfitOriginKind;
TlsfitOriginKind tlsfit_origin_kind(const TlsfitOrigin *origin);
/* What was compared, in words: "TTL 64 (0 hops away), the server's packets before it have 59 (5 hops away)";
 * NULL where there is nothing to compare. Newly allocated. */
char *tlsfit_origin_text(const TlsfitOrigin *origin, const char *who);

/* sizes.c: remembers the size of a record or datagram, if it is larger than the earlier ones. */
void tlsfit_session_note_record(TlsfitSession *session, const TlsfitEvent *event);

/* steps.c: remembers that a message came, with its size, and what happened beside the messages. */
void tlsfit_session_note_message(TlsfitSession *session, const TlsfitMessage *message, gint64 time_us);
void tlsfit_session_note_incident(TlsfitSession *session, const TlsfitEvent *event, gint64 time_us);

/* stage.c: derived from the facts, cheap. */

/* The negotiated version, suite, group and handshake signature scheme; 0 while not known. */
guint tlsfit_session_version(const TlsfitSession *session);
guint tlsfit_session_suite(const TlsfitSession *session);
guint tlsfit_session_group(const TlsfitSession *session, TlsfitPlace *place);
guint tlsfit_session_scheme(const TlsfitSession *session, TlsfitPlace *place);

gboolean tlsfit_version_is_tls13(guint version); /* TLS 1.3 and DTLS 1.3 */
gboolean tlsfit_version_is_dtls(guint version);
/* Older than TLS 1.2 and DTLS 1.2: RFC 8996 took them out of use, and servers that follow it refuse them. */
gboolean tlsfit_version_is_retired(guint version);

/* The newest version that a ClientHello offers, GREASE left out; 0 without any that is known. */
guint tlsfit_hello_newest(const TlsfitMessage *hello);
/* Is VERSION offered? Without supported_versions everything up to legacy_version counts as offered. */
gboolean tlsfit_hello_offers_version(const TlsfitMessage *hello, guint version);

/* The server's end-entity certificate, NULL where it is not visible. */
const TlsfitCertificate *tlsfit_session_end_entity(const TlsfitSession *session, TlsfitSide sender);

/* The session ID that the server echoed, or a PSK that it selected. */
gboolean tlsfit_session_resumed(const TlsfitSession *session);

/* All Finished messages that can still be refused have been sent: both sides', or in TLS 1.3 the client's. */
gboolean tlsfit_session_finished(const TlsfitSession *session);

/* Takes back who reset the connection where the event shows that it was somebody else (withdrawn.c). */
void tlsfit_session_note_after_reset(TlsfitSession *session, const TlsfitEvent *event);

/* Opens a handshake again that a reset has ended, as FRAME shows, and keeps the reset as an incident (withdrawn.c). */
void tlsfit_session_note_continued(TlsfitSession *session, guint32 frame);

/* Appends to TEXT a sentence on the first reset that has ended nothing; nothing where there was none (withdrawn.c). */
void tlsfit_session_describe_ignored(const TlsfitSession *session, GString *text);

/* Forgets every finding because the capture goes on, and remembers what each was certain from (withdrawn.c). */
void tlsfit_session_withdraw(TlsfitSession *session);

/* The frame with which FINDING, which is found on FRAME, was certain: an earlier one where it was withdrawn. */
guint32 tlsfit_session_certain_since(const TlsfitSession *session, const TlsfitFinding *finding, guint32 frame);

/* The outcome with all that the diagnosis says of it except the cause. */
void tlsfit_session_outcome(const TlsfitSession *session, guint stall_ms, TlsfitDiagnosis *diagnosis);

/* For a side: the last flight that it should answer was seen, acknowledged (where the transport shows that). */
gboolean tlsfit_session_data_acknowledged(const TlsfitSession *session);

#endif
