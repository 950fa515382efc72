/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: judging a handshake (engine.c, diagnosis.c, rules/). Part of tlsfit.h, whose conventions hold.
 *
 * tlsfit_session_judge() runs the rules over the facts of a session against a device: the result is a list of
 * TlsfitFinding and, when the handshake is over, a TlsfitDiagnosis. Here too: the rules' own texts, the fix as lines of
 * a server's configuration, and all of it as JSON.
 */
#ifndef TLSFIT_PUBLIC_JUDGE_H
#define TLSFIT_PUBLIC_JUDGE_H

#include "tlsfit_session.h"

G_BEGIN_DECLS

/* One judgement. Belongs to the session; lives until tlsfit_session_reset_judgement() or the session's end. */
typedef struct {
    const char  *rule;       /* rule id */
    TlsfitStatus status;     /* never TLSFIT_OK */
    char        *subject;    /* certificate[1], server_hello.cipher_suite, ... */
    int          cert_index; /* -1: no certificate */
    TlsfitPlace  place;      /* of the thing to blame */
    guint32      known_frame;/* the frame with which it became certain; at or after place.frame */
    char        *observed;   /* what the capture shows */
    char        *limit;      /* what the device can do; NULL where the profile is silent */
    const TlsfitSource *source; /* of the limit; NULL without */
    const char  *why;        /* why it matters, in words a student understands */
    char        *fix_device; /* what to change on the device; NULL: nothing helps there */
    const char  *spec;       /* "RFC 5246, 7.4.2"; NULL without */
    char        *excluded;   /* NULL, or why this cannot be the cause of how the handshake ended */
} TlsfitFinding;

typedef enum {
    TLSFIT_OUTCOME_OPEN,      /* nothing certain yet */
    TLSFIT_OUTCOME_COMPLETED,
    TLSFIT_OUTCOME_RESUMED,
    TLSFIT_OUTCOME_ALERT,
    TLSFIT_OUTCOME_STALLED,   /* the last flight was acknowledged and the other side went silent */
    TLSFIT_OUTCOME_RESET,
    TLSFIT_OUTCOME_CLOSED,
    TLSFIT_OUTCOME_CUT        /* the capture ends */
} TlsfitOutcome;

const char *tlsfit_outcome_name(TlsfitOutcome outcome); /* open, completed, ... */

/* What to change on the server; NULL: nothing helps there. Worked out when somebody asks for the first time, as most
 * handshakes are never looked at; the answer depends on the facts alone, not on when. Belongs to the finding. */
const char *tlsfit_finding_fix_server(const TlsfitFinding *finding);

/* How the handshake ended and why. Belongs to the session. */
typedef struct {
    TlsfitOutcome outcome;
    TlsfitPlace   place;        /* the alert, the reset, the last packet */
    guint32       known_frame;  /* the frame with which it became certain; 0: with the end of the capture */
    gboolean      has_side;
    TlsfitSide    side;         /* who sent the alert, reset or FIN, or who went silent */
    gboolean      from_between; /* reset, FIN: by its origin it came from somebody between the two, in the name of
                                   side: no limit of either explains it */
    TlsfitOrigin  origin;       /* reset, FIN: that origin; all 0: nothing is known of it */
    int           alert;        /* AlertDescription; -1: none, or unreadable */
    gboolean      alert_fits;   /* the cause's rule is known to lead to this alert */
    const TlsfitFinding *cause; /* NULL: completed, or no limit that is known explains it */
    GPtrArray    *candidates;   /* of TlsfitFinding, not owned: what may also explain it, best first, without cause */
    GPtrArray    *device_codes; /* of TlsfitDeviceCode, not owned: the vendor's numbers that belong to this end, the
                                   most particular first; never NULL */
    char         *text;         /* one or two sentences for people */
} TlsfitDiagnosis;

/* How a handshake is looked at. */
typedef struct {
    TlsfitDevice *device;      /* NULL: advertised, the ClientHello itself is the limit */
    TlsfitDevice *peer;        /* the other side's profile, or NULL */
    const char   *device_source; /* assigned, fingerprint, preference, advertised: for reports; static */
    guint         stall_ms;    /* silence from which on a side counts as gone */
} TlsfitView;
#define TLSFIT_STALL_MS_DEFAULT 5000u

/* Runs every rule whose subject has become complete since the last call; cheap when nothing is new. FRAME is the
 * frame being read, which becomes known_frame of what is found. */
void tlsfit_session_judge(TlsfitSession *session, const TlsfitView *view, guint32 frame);

/* Judges what SESSION holds without a handshake having happened: a chain (a Certificate message of the server) and,
 * where they are assumed, a version and a suite (a ServerHello). What the profile leaves open becomes a finding with
 * the status unknown; there is no diagnosis. view->device must not be NULL. */
void tlsfit_session_judge_dry(TlsfitSession *session, const TlsfitView *view);

/* Judges what SESSION holds for a device that was not there: what the server sent, as if it had sent it to this device.
 * Its choices answered another client's offer and are unknown at the worst; neither the ClientHello nor the outcome
 * counts, and there is no diagnosis. FALSE where no chain was seen: then nothing was found that means much, and the
 * device is not one that fits. view->device must not be NULL. */
gboolean tlsfit_session_judge_other(TlsfitSession *session, const TlsfitView *view);

/* Forgets every finding, so that the next judgement starts afresh, for another device. */
void tlsfit_session_reset_judgement(TlsfitSession *session);

/* Of TlsfitFinding, in handshake order of discovery; never NULL. */
const GPtrArray *tlsfit_session_findings(const TlsfitSession *session);

/* NULL while the outcome is open. */
const TlsfitDiagnosis *tlsfit_session_diagnosis(const TlsfitSession *session);

/* The device that was judged against: the view's, or the one made of the ClientHello; NULL before a judgement. */
const TlsfitDevice *tlsfit_session_device(const TlsfitSession *session);
const char *tlsfit_session_device_source(const TlsfitSession *session);
TlsfitSide  tlsfit_session_device_side(const TlsfitSession *session);

/* The first ClientHello of the handshake; NULL where none was seen. */
const TlsfitMessage *tlsfit_session_client_hello(const TlsfitSession *session);

/* Certificate INDEX that SENDER sent; NULL where the capture does not show it. */
const TlsfitCertificate *tlsfit_session_certificate(const TlsfitSession *session, TlsfitSide sender, guint index);

/* The worst status among the findings, TLSFIT_OK where there are none. */
TlsfitStatus tlsfit_session_status(const TlsfitSession *session);

/* What could not be judged, as one sentence; NULL when nothing is open. Newly allocated. */
char *tlsfit_session_unknowns(const TlsfitSession *session);

/* The servers for which a fix can be written as lines of their configuration; ids are for programs (nginx). Static. */
guint       tlsfit_fix_server_count(void);
const char *tlsfit_fix_server_id(guint server);
const char *tlsfit_fix_server_title(guint server);

/* The lines that would let the device through, for the primary cause: what it offers and its profile does not rule out,
 * which chain that takes, and what it costs other clients, as comments. NULL where nothing was found, where another
 * setting would not help, and for a server that does not speak this transport. Newly allocated, several lines. */
char *tlsfit_session_fix_config(const TlsfitSession *session, guint server);

/* The rules, in handshake order. */
typedef struct {
    const char *id;
    const char *title;        /* a few words: "The certificate's signature algorithm" */
    const char *why;          /* for a student */
    const char *cannot_know;  /* what the rule cannot see, for people; NULL: nothing */
    const char *fix_server;
    const char *fix_device;
    const char *spec;         /* citation */
} TlsfitRuleText;

guint tlsfit_rule_count(void);
const TlsfitRuleText *tlsfit_rule_text(guint index);
/* -1 where there is no such rule. */
int tlsfit_rule_index(const char *id);

/* One handshake as one JSON object on one line (without newline), findings and diagnosis included; the schema is in
 * doc/json.md. Newly allocated. */
char *tlsfit_report_json(const TlsfitSession *session);

G_END_DECLS

#endif
