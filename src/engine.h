/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the engine, the diagnosis and the rules: what a rule is, when it runs, how it reports.
 *
 * A rule only reads: the facts in session.h, the device through tlsfit.h. It reports through tlsfit_judge_*(). Whether
 * it applies (moment, side, advertised or not) is decided here and not in the rules.
 */
#ifndef TLSFIT_ENGINE_H
#define TLSFIT_ENGINE_H

#include "session.h"

/* When a rule can be judged. One bit each in TlsfitSession.judged; they come true in this order. */
typedef enum {
    TLSFIT_MOMENT_CLIENT_HELLO,
    TLSFIT_MOMENT_RETRY_REQUEST,
    TLSFIT_MOMENT_SERVER_HELLO,
    TLSFIT_MOMENT_CHAIN,         /* the Certificate message that the device received */
    TLSFIT_MOMENT_KEY_EXCHANGE,  /* ServerKeyExchange, or CertificateVerify of the other side */
    TLSFIT_MOMENT_REQUEST,       /* CertificateRequest */
    TLSFIT_MOMENT_SIZES,         /* runs again for every new message, and for every record larger than those before */
    TLSFIT_MOMENT_NO_ANSWER,     /* over, and neither a ServerHello nor a HelloRetryRequest came */
    TLSFIT_MOMENT_NO_SERVER_HELLO, /* over, and no ServerHello came: the server has not yet chosen who signs */
    TLSFIT_MOMENT_COMPLETED,     /* over, and it completed */
    TLSFIT_MOMENT_FAILED,        /* over, and it did not */
    TLSFIT_MOMENT_OUTCOME,       /* over, failed, and the primary cause is known */
    TLSFIT_MOMENT_COUNT
} TlsfitMoment;

/* How far a handshake must have come for a finding to be its cause, in the order in which a device stumbles. */
typedef enum {
    TLSFIT_STAGE_HELLO,    /* the server refuses the ClientHello */
    TLSFIT_STAGE_CHOICE,   /* the device refuses the server's choice */
    TLSFIT_STAGE_SIZE,     /* the device cannot take the message in */
    TLSFIT_STAGE_CHAIN,    /* the device refuses the chain */
    TLSFIT_STAGE_EXCHANGE, /* the device refuses the key exchange */
    TLSFIT_STAGE_CLIENT_AUTH, /* the server refuses how the client answers its CertificateRequest */
    TLSFIT_STAGE_FINISHED, /* it breaks where keys are first used */
    TLSFIT_STAGE_WAY,      /* neither side: somebody on the way between the two ended it */
    TLSFIT_STAGE_OUTCOME   /* no cause: tells how it ended */
} TlsfitStage;

typedef struct TlsfitJudge TlsfitJudge;

typedef struct {
    TlsfitRuleText text;
    TlsfitStage    stage;
    guint          moments;     /* bits 1 << TlsfitMoment */
    gboolean       on_the_way;  /* what it is about in a ClientHello a middlebox may mind as well */
    gboolean       client_only; /* judges what a server chose: says nothing of a device that is the server */
    const int     *alerts;      /* alert numbers that this limit is known to end in, closed by -1; NULL: none known.
                                   Evidence among other evidence, never a verdict. */
    void         (*judge)(TlsfitJudge *judge);
} TlsfitRule;

/* What chain.c remembers between two questions: a hostile message has many certificates, and each rule asks for each. */
typedef struct {
    const TlsfitMessage *chain;                           /* NULL: of none yet */
    guint8               used[TLSFIT_CERTIFICATES_MAX / 8]; /* a bit for each certificate that the device has a use for */
} TlsfitChainUse;

/* What a rule sees. */
struct TlsfitJudge {
    TlsfitSession      *session;
    const TlsfitDevice *device;
    const TlsfitDevice *peer;         /* NULL: nothing is known of the other side but the capture */
    TlsfitSide          side;         /* the device's */
    TlsfitMoment        moment;
    guint32             frame;
    guint               first_size;   /* TLSFIT_MOMENT_SIZES: the first entry of sizes not judged yet */
    guint               first_record; /* the same of records */
    gboolean            unknown_only; /* the second look, after a failure: what could not be judged */
    gboolean            was_there;    /* the device is the one on the wire: that it went on says what it can do */
    const TlsfitRule   *rule;
    TlsfitChainUse     *use;          /* of this device */
};

/* What a report is about. */
typedef struct {
    const char *name;       /* server_hello.cipher_suite; for a certificate "certificate", the index is added */
    int         cert_index; /* -1: none */
    TlsfitPlace place;
} TlsfitSubject;

/* What a server would have to do for the primary cause to go away: remedy.h. */
typedef struct TlsfitRemedy TlsfitRemedy;

/* A finding with what only the core needs of it. */
typedef struct {
    TlsfitFinding     finding; /* first: the public view points here */
    const TlsfitRule *rule;
    const TlsfitBroken *broken;/* the combination that matched, or NULL */
    TlsfitStage       stage;   /* the rule's, unless the rule says otherwise of this finding */
    int               weight;  /* how well it would explain a failure, 0..100 */
    TlsfitSource     *own_source; /* not the device's: freed with the finding */
    char             *fix_server; /* the rule's text, or what was said of this very case; NULL: nothing helps */
    const TlsfitFinding *fixed_by;/* its fix on the server is that of this one; NULL: its own */
    const TlsfitSession *fixes;   /* the primary cause: a remedy for this session is to speak, too; else NULL */
    TlsfitRemedy     *remedy;     /* NULL until it is asked for */
} TlsfitJudged;

#define TLSFIT_WEIGHT_CANNOT 60
#define TLSFIT_WEIGHT_SUSPECT 40
#define TLSFIT_WEIGHT_PROVEN 90 /* both sides' lists are known and have nothing in common */

void tlsfit_finding_free(gpointer finding); /* a TlsfitJudged */

/* Reports VERDICT about SUBJECT. TLSFIT_OK reports nothing, an unknown only in the second look. The observed text is
 * formatted only when it is needed. NULL where nothing was reported; else the finding, for the rule to refine. */
TlsfitJudged *tlsfit_judge_verdict(TlsfitJudge *judge, const TlsfitSubject *subject, const TlsfitVerdict *verdict,
                                   const char *observed, ...) G_GNUC_PRINTF(4, 5);

/* The same for what no profile says: STATUS comes from the facts and a published source. WHERE is that source (an
 * RFC, a document), CONFIDENCE its weight; LIMIT may be NULL. Same result. */
TlsfitJudged *tlsfit_judge_fact(TlsfitJudge *judge, const TlsfitSubject *subject, TlsfitStatus status,
                                const char *where, const char *limit, const char *observed, ...)
    G_GNUC_PRINTF(6, 7);

/* Something that the capture shows to be wrong by itself: an expired certificate, another name. Whether it stops the
 * device is what its profile says of FEATURE. */
typedef struct {
    TlsfitFeature feature; /* TLSFIT_FEATURE_COUNT: no feature speaks of it */
    const char   *refuses; /* the feature's word with which the device refuses it; "optional" counts as silence */
    const char   *limit;   /* what the device then does: "checks the validity period" */
    const char   *where;   /* the specification that asks for it */
    int           weight;  /* of the suspicion, where the profile is silent */
} TlsfitViolation;
#define TLSFIT_WEIGHT_GENERAL 30 /* by the rules of everybody, below every limit of the device itself */

/* Reports VIOLATION: cannot (or suspect, by the source) where the profile says that it is refused, nothing where it says
 * that it is not. Where the profile is silent: unknown, and after a handshake that stopped at this stage a suspect by
 * the specification. For rules that run at a moment of their own and at TLSFIT_MOMENT_FAILED. Result as above. */
TlsfitJudged *tlsfit_judge_violation(TlsfitJudge *judge, const TlsfitSubject *subject,
                                     const TlsfitViolation *violation, const char *observed, ...)
    G_GNUC_PRINTF(4, 5);

/* After the end: did the device itself send this alert? Evidence that moves a weight, never a cause. */
gboolean tlsfit_judge_alert_is(const TlsfitJudge *judge, int number);

/* What the profile's word for FEATURE makes of something that a device with the word REFUSES cannot take: by its source
 * TLSFIT_CANNOT or TLSFIT_SUSPECT, with LIMIT; TLSFIT_UNKNOWN where the profile is silent; else TLSFIT_OK. */
TlsfitVerdict tlsfit_judge_feature(const TlsfitDevice *device, TlsfitFeature feature, const char *refuses,
                                   const char *limit);

/* Has this rule said of the subject NAME what is more than unknown? */
gboolean tlsfit_judge_told(const TlsfitJudge *judge, const char *name);

/* Reports how the handshake ended, with the weight of its cause: unknown where there is none. */
void tlsfit_judge_outcome(TlsfitJudge *judge, const TlsfitSubject *subject);

/* Both sides' lists are known: unless it is unknown, JUDGED gets TLSFIT_WEIGHT_PROVEN. NULL is left alone. */
void tlsfit_judged_prove(TlsfitJudged *judged);

/* Replaces texts of a finding; takes the strings. */
void tlsfit_judged_fix_server(TlsfitJudged *judged, char *text);
void tlsfit_judged_fix_device(TlsfitJudged *judged, char *text);

/* chain.c */

/* The Certificate message that the device received, NULL when none is visible; and its entries. */
const TlsfitMessage *tlsfit_judge_chain(const TlsfitJudge *judge);
const TlsfitCertificateEntry *tlsfit_chain_entry(const TlsfitMessage *chain, guint index);
guint tlsfit_chain_length(const TlsfitMessage *chain);

/* TRUE for a self-signed certificate at the end of the chain: its own signature is verified by nobody. */
gboolean tlsfit_chain_is_anchor(const TlsfitMessage *chain, guint index);

/* TRUE for a device that looks for a path among the certificates (features.path_building = yes). */
gboolean tlsfit_chain_builds_paths(const TlsfitJudge *judge);
/* TRUE where such a device has no use for the certificate INDEX, as no path leads to it from the end-entity: it reads it
 * with the message and verifies nothing of it (RFC 4158, 2; RFC 8446, 4.4.2: extraneous certificates). */
gboolean tlsfit_chain_off_path(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index);
/* TRUE where the signature on the certificate INDEX counts: it is no anchor, not sent behind one, and not off the path. */
gboolean tlsfit_chain_is_verified(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index);
/* TRUE where INDEX is the top of the path, its signature counts, and the certificate of its issuer is not sent. */
gboolean tlsfit_chain_misses_issuer(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index);

/* TRUE where the device trusts, by its profile, the issuer of a certificate before INDEX: its path ends there, and what
 * is sent behind (a cross-certificate, the root) is not verified. Not for a device that follows the message to its end
 * (features.anchor_ends_path = no; where that is not said, path_building = no). */
gboolean tlsfit_chain_past_anchor(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index);
/* TRUE where nothing is known of the device's anchors and INDEX may be such a needless certificate: it certifies the
 * issuer of an intermediate, and that issuer may well be an anchor (as ISRG Root X1 was, below an expired cross-certificate
 * of it). That the issuer of the end-entity's certificate is one is not assumed. */
gboolean tlsfit_chain_perhaps_past_anchor(const TlsfitJudge *judge, const TlsfitMessage *chain, guint index);

/* Subject "certificate[INDEX]". */
TlsfitSubject tlsfit_subject_certificate(const TlsfitMessage *chain, guint index);

/* Is the certificate ISSUER, by name and key identifiers, the one that certifies INDEX? */
gboolean tlsfit_chain_certifies(const TlsfitMessage *chain, guint issuer, guint index);
/* The index of the certificate that certifies INDEX, -1 where it is not in the message. */
int tlsfit_chain_issuer(const TlsfitMessage *chain, guint index);
/* The indexes from the end-entity upwards as far as the message goes, in whatever order it is; the length. */
guint tlsfit_chain_path(const TlsfitMessage *chain, guint path[TLSFIT_CERTIFICATES_MAX]);
/* Every certificate is there and could be read. */
gboolean tlsfit_chain_readable(const TlsfitMessage *chain);
/* A CA comes first, and an end-entity certificate after it. */
gboolean tlsfit_chain_begins_with_ca(const TlsfitMessage *chain);

/* The side that answers the ClientHello: the device when it is the server, else the peer's profile; NULL unknown. */
const TlsfitDevice *tlsfit_judge_answerer(const TlsfitJudge *judge);

/* rules.c: the list of rules.def, in handshake order. */
const TlsfitRule *tlsfit_rule_at(guint index);

/* advertised.c: the device that a ClientHello describes, shared between equal hellos. */
TlsfitDevice *tlsfit_advertised_device(const TlsfitMessage *hello);

/* other_device.c: takes out of FINDINGS, or makes unknown, what does not hold for a device that was not there. */
void tlsfit_findings_for_other(GPtrArray *findings);

/* diagnosis.c */
TlsfitDiagnosis *tlsfit_diagnosis_new(TlsfitSession *session, guint stall_ms);
void tlsfit_diagnosis_free(TlsfitDiagnosis *diagnosis);
/* Ranks the findings into DIAGNOSIS: cause, candidates, exclusions, alert_fits (diagnosis_rank.c). */
void tlsfit_diagnosis_rank(TlsfitSession *session, TlsfitDiagnosis *diagnosis);
/* Did the device go on past the point where a finding of this stage, about something in FRAME, would have stopped it?
 * NULL: no, else how that is seen, for people. */
const char *tlsfit_diagnosis_passed(const TlsfitSession *session, TlsfitStage stage, guint32 frame);
/* Did the handshake fail, and as far as can be seen at this stage, by the device's own doing or silence? */
gboolean tlsfit_diagnosis_stopped(const TlsfitSession *session, TlsfitStage stage, guint32 frame);
/* Did the handshake end with the symptom that is written down for this combination? */
gboolean tlsfit_diagnosis_shows(const TlsfitDiagnosis *diagnosis, const TlsfitBroken *broken);
/* Finds the vendor's error numbers for it; call when the cause is settled (diagnosis_codes.c). */
void tlsfit_diagnosis_find_codes(const TlsfitSession *session, TlsfitDiagnosis *diagnosis);
/* Appends them to TEXT as a sentence without full stop; nothing where there are none. */
void tlsfit_diagnosis_describe_codes(const TlsfitDiagnosis *diagnosis, GString *text);
/* How it ended in one sentence without full stop, the cause left out. Newly allocated. */
char *tlsfit_diagnosis_outcome_text(const TlsfitSession *session, const TlsfitDiagnosis *diagnosis);
/* Writes diagnosis->text; call when the cause is settled. */
void tlsfit_diagnosis_describe(const TlsfitSession *session, TlsfitDiagnosis *diagnosis);

#endif
