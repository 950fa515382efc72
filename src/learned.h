/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files behind tlsfit_learn.h share: facts (learn_lesson.c, learn_chain.c) -> what is known of a client (learned.c) ->
 * claims, in the terms of a profile (learn_claims.c, learn_notes.c) -> the text of one (learn_merge.c, learn_text.c).
 */
#ifndef TLSFIT_LEARNED_H
#define TLSFIT_LEARNED_H

#include "device.h"
#include "tlsfit_learn.h"

/* What a fact is about. */
typedef enum {
    /* the ClientHello, in the order sent, without GREASE; inferred, as an offer proves nothing */
    TLSFIT_TOPIC_OFFERED_VERSION,
    TLSFIT_TOPIC_OFFERED_SUITE,
    TLSFIT_TOPIC_OFFERED_GROUP,
    TLSFIT_TOPIC_OFFERED_SCHEME,
    TLSFIT_TOPIC_OFFERED_SCHEME_CERT,
    TLSFIT_TOPIC_OFFERED_EXTENSION,
    TLSFIT_TOPIC_REFUSED_VERSION,  /* of the same family (TLS, DTLS), and no server may choose it */
    /* what the handshake needed of the client: proven when it completed */
    TLSFIT_TOPIC_VERSION,
    TLSFIT_TOPIC_SUITE,
    TLSFIT_TOPIC_GROUP,
    TLSFIT_TOPIC_SCHEME,
    TLSFIT_TOPIC_CLIENT_SCHEME,
    TLSFIT_TOPIC_SIGNATURE,        /* on a certificate */
    TLSFIT_TOPIC_CA_TYPE,          /* of the key that verifies a signature on a certificate */
    TLSFIT_TOPIC_CA_CURVE,
    TLSFIT_TOPIC_END_TYPE,         /* of the key in the end-entity certificate */
    TLSFIT_TOPIC_END_CURVE,
    TLSFIT_TOPIC_FEATURE,          /* TlsfitFeature that it must have: its word is yes */
    /* the same, as numbers: proven up to the largest and down to the smallest */
    TLSFIT_TOPIC_CA_RSA_BITS,
    TLSFIT_TOPIC_END_RSA_BITS,
    TLSFIT_TOPIC_DH_BITS,
    TLSFIT_TOPIC_CHAIN_MESSAGE,    /* certificates in the message */
    TLSFIT_TOPIC_CHAIN_PATH,       /* the same without a root at its end */
    TLSFIT_TOPIC_CERTIFICATE_BYTES,
    TLSFIT_TOPIC_MESSAGE_BYTES,
    TLSFIT_TOPIC_HELLO_BYTES,
    TLSFIT_TOPIC_RECORD_BYTES,
    TLSFIT_TOPIC_ENCRYPTED_RECORD_BYTES,
    TLSFIT_TOPIC_DATAGRAM_BYTES,
    /* an alert with which the client refused the server's certificates */
    TLSFIT_TOPIC_REFUSED_CHAIN,
    TLSFIT_TOPIC_COUNT
} TlsfitTopic;

#define TLSFIT_TOPIC_OFFERS (TLSFIT_TOPIC_REFUSED_VERSION + 1)
#define TLSFIT_TOPIC_NUMBERS TLSFIT_TOPIC_CA_RSA_BITS

/* Flags of a lesson. */
enum {
    TLSFIT_LESSON_HELLO = 1u << 0,          /* a ClientHello was seen */
    TLSFIT_LESSON_TRUNCATED = 1u << 1,      /* and bytes of it are missing */
    TLSFIT_LESSON_NO_CERTIFICATES = 1u << 2,/* completed in full, and the certificates are encrypted */
    TLSFIT_LESSON_ASKED_CLIENT = 1u << 3,   /* the server asked for a certificate, and an empty one came */
    TLSFIT_LESSON_GROUPS = 1u << 4,         /* the hello has supported_groups */
    TLSFIT_LESSON_SCHEMES = 1u << 5         /* signature_algorithms */
};

/* learn_chain.c: adds what the server's chain needs of the client. */
typedef struct {
    const TlsfitSession *session;
    const TlsfitLessonContext *context;
    GVariantBuilder facts;
} TlsfitLessonBuilder;

void tlsfit_lesson_add(TlsfitLessonBuilder *builder, TlsfitTopic topic, guint value, guint32 frame,
                       TlsfitConfidence confidence, int certificate);
void tlsfit_lesson_add_chain(TlsfitLessonBuilder *builder);

/* By what something is known. */
typedef struct {
    TlsfitTopic topic;
    guint value;
    TlsfitConfidence confidence;
    const char *capture;           /* interned */
    guint32 frame;
    const char *date;              /* interned; NULL: not known */
    int certificate;               /* index in the chain; -1: none */
    guint count;                   /* handshakes that show it */
} TlsfitEvidence;

/* A handshake that failed. */
typedef struct {
    const char *capture;           /* interned */
    guint32 frame;
    char *hint;
    GArray *needed;                /* of TlsfitEvidence: what it needed */
    guint count;                   /* that failed alike */
} TlsfitFailure;

struct TlsfitLearned {
    TlsfitLearnedCounts counts;
    GHashTable *evidence;                       /* topic and value -> TlsfitEvidence */
    GPtrArray *order[TLSFIT_TOPIC_NUMBERS];     /* of TlsfitEvidence, as first seen; never NULL */
    TlsfitEvidence largest[TLSFIT_TOPIC_COUNT]; /* numbers; count 0: none */
    TlsfitEvidence smallest[TLSFIT_TOPIC_COUNT];
    TlsfitEvidence refused;                     /* TLSFIT_TOPIC_REFUSED_CHAIN; count 0: none */
    TlsfitEvidence hello;                       /* the first whole ClientHello; count 0: none */
    GArray *first[TLSFIT_TOPIC_OFFERS];         /* of guint16: what that hello offers, in order */
    gboolean order_differs[TLSFIT_TOPIC_OFFERS];/* another hello has another list, or another order */
    gboolean set_differs[TLSFIT_TOPIC_OFFERS];  /* another hello has another set of them */
    guint by_transport[4];                      /* whole hellos, by TlsfitTransport */
    guint with_groups, with_schemes;            /* whole hellos that have the extension */
    guint without_client_certificate;
    const char *asked_capture;                  /* of the first of those */
    guint32 asked_frame;
    guint in_family[2];                         /* whole hellos of TLS, of DTLS */
    GPtrArray *ja3, *ja4;                       /* of interned char *, each once */
    GPtrArray *failures;                        /* of TlsfitFailure */
};

/* NULL where nothing shows it. */
const TlsfitEvidence *tlsfit_learned_evidence(const TlsfitLearned *learned, TlsfitTopic topic, guint value);

/* --- Claims ---------------------------------------------------------------------------------------------------- */

typedef struct {
    guint code;
    gboolean proven;               /* a handshake completed with it; else it is only offered */
    TlsfitSource *source;
} TlsfitClaimCode;

typedef struct {
    TlsfitFeature feature;
    const char *word;              /* static */
    TlsfitSource *source;
} TlsfitClaimFeature;

/* Something that the profile's number must let through. */
typedef struct {
    TlsfitTopic topic;
    guint value;
    gboolean smallest;             /* the smallest that was seen; else the largest */
    TlsfitSource *source;
} TlsfitClaimNumber;

typedef struct {
    char *key;
    char *value;
} TlsfitClaimText;

typedef struct {
    GPtrArray *supported[TLSFIT_SET_COUNT];   /* of TlsfitClaimCode; never NULL */
    GPtrArray *unsupported[TLSFIT_SET_COUNT];
    TlsfitSource *complete[TLSFIT_SET_COUNT]; /* NULL: not claimed */
    GPtrArray *features;                      /* of TlsfitClaimFeature */
    GPtrArray *numbers;                       /* of TlsfitClaimNumber */
    GPtrArray *fingerprint;                   /* of TlsfitClaimText */
    TlsfitSource *fingerprint_source;         /* NULL: no fingerprint */
} TlsfitClaims;

TlsfitClaims *tlsfit_claims_new(const TlsfitLearned *learned);
void tlsfit_claims_free(TlsfitClaims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitClaims, tlsfit_claims_free)

/* A source that names EVIDENCE; takes WHAT. */
TlsfitSource *tlsfit_claim_source(const TlsfitEvidence *evidence, TlsfitConfidence confidence, char *what);

/* The source of something that a handshake completed with. HOW the handshake used it; a %d in it becomes the index of
 * the certificate, and then the source says what a completed handshake does not prove of certificates. */
TlsfitSource *tlsfit_claim_proven(const TlsfitLearned *learned, const TlsfitEvidence *evidence, const char *how);

/* learn_features.c: of TlsfitClaimFeature. */
GPtrArray *tlsfit_claims_features(const TlsfitLearned *learned);

TlsfitSource *tlsfit_source_copy(const TlsfitSource *source);

/* "board.pcapng, frame 12". Newly allocated. */
char *tlsfit_evidence_where(const TlsfitEvidence *evidence);

/* --- The text of a profile -------------------------------------------------------------------------------------- */

/* The lines of a profile, which stay where they are: GKeyFile would move comments that stand between sections. */
typedef struct TlsfitProfileText TlsfitProfileText;

TlsfitProfileText *tlsfit_profile_text_new(const char *text);
void tlsfit_profile_text_free(TlsfitProfileText *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitProfileText, tlsfit_profile_text_free)
char *tlsfit_profile_text_join(const TlsfitProfileText *profile);

/* As written; NULL where the section or key is not there. Newly allocated. */
char *tlsfit_profile_text_get(const TlsfitProfileText *profile, const char *section, const char *key);
gboolean tlsfit_profile_text_has(const TlsfitProfileText *profile, const char *section);

/* Replaces the value, or adds the key at the end of its section, or the section behind those it belongs to
 * ([source groups.supported] behind what is there of [groups]), else at the end. VALUE is escaped. */
void tlsfit_profile_text_set(TlsfitProfileText *profile, const char *section, const char *key, const char *value);

/* [source TARGET], or the lines of it in SECTION where that is not NULL. */
void tlsfit_profile_text_source(TlsfitProfileText *profile, const char *target, const TlsfitSource *source);
void tlsfit_profile_text_claim(TlsfitProfileText *profile, const char *section, const TlsfitSource *source);

/* Adds "# learn: LINE" at the end, unless it is there already; a failure by the place where it was seen. */
void tlsfit_profile_text_note(TlsfitProfileText *profile, const char *line);

/* TEXT on one line, valid UTF-8, without control characters. Newly allocated. */
char *tlsfit_one_line(const char *text);

/* --- Laying claims over a profile ------------------------------------------------------------------------------- */

typedef struct {
    const TlsfitClaims *claims;
    const TlsfitDevice *device;    /* the profile that there is, or one that says nothing */
    TlsfitProfileText *text;
    GPtrArray *changes;            /* of TlsfitLearnChange */
} TlsfitLearnMerge;

/* Notes a change; PROFILE and TEXT may be NULL. Copies all. */
void tlsfit_learn_change_add(TlsfitLearnMerge *merge, TlsfitLearnKind kind, const char *key, const char *value,
                             const TlsfitSource *learned, const TlsfitSource *profile, const char *text);

/* Would LEARNED be a better source than PROFILE? Only what a handshake showed beats what is reported or inferred. */
gboolean tlsfit_learn_is_stronger(const TlsfitSource *learned, const TlsfitSource *profile);

void tlsfit_learn_merge_lists(TlsfitLearnMerge *merge); /* learn_lists.c */

#endif
