/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server would have to do so that this device gets through: the intersection of what the ClientHello offers and
 * what the device profile does not rule out, and the shape of a chain that fits.
 *
 * Between remedy*.c and report_remedy.c. The plan is made when somebody asks for it (a fifth of a millisecond each, and
 * most failed handshakes of a large capture are never looked at), and kept in the primary cause; the lines for each server
 * are written each time (tlsfit_session_fix_config()).
 */
#ifndef TLSFIT_REMEDY_H
#define TLSFIT_REMEDY_H

#include "engine.h"

/* What is to be changed; bits. */
enum {
    TLSFIT_PART_VERSIONS = 1,
    TLSFIT_PART_SUITES = 2,
    TLSFIT_PART_GROUPS = 4,
    TLSFIT_PART_SCHEMES = 8,
    TLSFIT_PART_CHAIN = 16,
    TLSFIT_PART_FRAGMENT = 32
};

/* What makes a change a loss for all clients of the same listener; bits. */
enum {
    TLSFIT_WEAK_VERSION = 1,   /* older than TLS 1.2 */
    TLSFIT_WEAK_CBC = 2,
    TLSFIT_WEAK_TRANSPORT = 4, /* RSA key transport: no forward secrecy */
    TLSFIT_WEAK_SHA1 = 8,
    TLSFIT_WEAK_LEVEL = 16     /* OpenSSL's security level is to be lowered */
};

/* How good a suite is, best first. */
typedef enum {
    TLSFIT_TIER_TLS13,
    TLSFIT_TIER_AEAD,      /* ECDHE with AEAD */
    TLSFIT_TIER_CBC,       /* ECDHE with CBC */
    TLSFIT_TIER_TRANSPORT, /* RSA key transport */
    TLSFIT_TIER_DHE,       /* last: it needs parameters that the device likes, and nothing tells which */
    TLSFIT_TIER_NONE
} TlsfitTier;

typedef struct {
    TlsfitKeyType type;
    guint curve; /* TLSFIT_NAME_GROUP value; 0 unless EC */
    guint bits;  /* RSA modulus, or the field of the curve */
} TlsfitKeyShape;

typedef struct {
    TlsfitKeyShape end_entity;
    TlsfitKeyShape ca;          /* of every CA, the root included */
    TlsfitCertSignature signature; /* on every certificate; TLSFIT_SIGNATURE_UNKNOWN: no chain fits */
    guint   certificates;       /* to send: 2 (end-entity and one CA), or 1 where no more is allowed */
    guint64 certificates_max;   /* 0: the profile is silent, as below */
    guint64 message_bytes_max;
    guint64 certificate_bytes_max;
} TlsfitChainShape;

typedef struct {
    GArray *versions; /* of guint16, best first, as all four */
    GArray *suites;
    GArray *groups;   /* empty: no suite needs one */
    GArray *schemes;  /* empty: no suite signs */
    TlsfitTier tier;  /* of the best suite */
} TlsfitPlan;

struct TlsfitRemedy {
    guint            parts; /* what the primary cause needs; 0: nothing is left that would work */
    guint            weak;
    guint            silent;/* of which parts the profile does not say that the device can do it */
    guint            level; /* OpenSSL's security level that it takes, 0..2 */
    guint            fragment_bytes;
    gboolean         dtls;
    TlsfitPlan       plan;
    TlsfitChainShape chain;
};

/* remedy_plan.c. What may be used with KEY as the server's; FALSE, and PLAN empty, where nothing is left. A combination
 * that only fails under a condition (depends_on) is left out where it is the CAUSE: there the condition holds. */
typedef struct {
    const TlsfitSession *session;
    const TlsfitDevice  *device;
    const TlsfitMessage *hello;      /* the last one */
    const TlsfitBroken  *cause;      /* NULL unless the primary cause is a combination */
    GArray *suites;  /* of guint16: offered, known to OpenSSL and not ruled out; each once, however often it is offered */
    GArray *schemes; /* the same */
    GArray *groups;
} TlsfitPlanInput;

/* Fills the three lists; clear them afterwards. */
void tlsfit_plan_input_read(TlsfitPlanInput *input);
void tlsfit_plan_input_clear(TlsfitPlanInput *input);

gboolean tlsfit_plan_make(const TlsfitPlanInput *input, const TlsfitKeyShape *key, TlsfitPlan *plan);
void tlsfit_plan_clear(TlsfitPlan *plan);

/* TRUE where the profile rules the code out: cannot or suspect. */
gboolean tlsfit_plan_ruled_out(const TlsfitDevice *device, TlsfitSet set, guint code);
TlsfitTier tlsfit_plan_tier(guint suite);

/* The largest fragment that the device asked for or can take, as OpenSSL takes it; 0: none is known. */
guint tlsfit_plan_fragment_bytes(const TlsfitPlanInput *input);

/* remedy_chain.c. The chain that fits the device with KEY at its end, into SHAPE. The result is how far it is from what
 * one would like (0: not at all), G_MAXUINT where no chain fits. */
guint tlsfit_chain_shape_make(const TlsfitPlanInput *input, const TlsfitKeyShape *key, TlsfitChainShape *shape);

/* Keys for a server, the one to be tried first at index 0; NULL behind the last. */
const TlsfitKeyShape *tlsfit_key_shape_at(guint index);
gboolean tlsfit_key_shape_of(const TlsfitCertificate *certificate, TlsfitKeyShape *shape);
guint tlsfit_key_shape_level(const TlsfitKeyShape *shape); /* OpenSSL's security level that allows it */
char *tlsfit_key_shape_text(const TlsfitKeyShape *shape);  /* "EC secp256r1", "RSA 2048"; newly allocated */

/* remedy.c */
/* The primary cause is settled: from now on its remedy may be asked for, where its rule leads to one. Nothing is fed to a
 * session that is over before it is judged afresh, so that the remedy is the same whenever that happens. */
void tlsfit_remedy_announce(TlsfitSession *session);
/* The remedy for the primary cause, made on the first call; NULL: no setting of a server was looked for. */
const TlsfitRemedy *tlsfit_session_remedy(const TlsfitSession *session);
void tlsfit_remedy_free(TlsfitRemedy *remedy); /* NULL is allowed */
/* Is it another chain that helps, and has the finding nothing but the rule's general text? */
gboolean tlsfit_remedy_is_of_chain(const TlsfitJudged *judged);

/* remedy_dry.c. The chain that would fit, into the findings of a session that was judged without a handshake. */
void tlsfit_remedy_dry(TlsfitSession *session);

/* remedy_text.c. Newly allocated. */
char *tlsfit_remedy_text(const TlsfitRemedy *remedy);       /* the short form, one line */
char *tlsfit_remedy_chain_text(const TlsfitRemedy *remedy); /* which chain is needed, without full stop */
char *tlsfit_remedy_weak_text(const TlsfitRemedy *remedy);  /* what it costs all the others, a sentence */
char *tlsfit_remedy_silent_text(const TlsfitRemedy *remedy);/* what is only not ruled out; NULL: nothing */

#endif
