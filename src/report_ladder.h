/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ladder of messages as data: what is drawn as SVG and written as text, with the same facts.
 */
#ifndef TLSFIT_REPORT_LADDER_H
#define TLSFIT_REPORT_LADDER_H

#include "session.h"
#include "tlsfit_report.h"

typedef enum {
    TLSFIT_RUNG_ARROW,   /* messages, ChangeCipherSpec, an alert, FIN */
    TLSFIT_RUNG_HIDDEN,  /* the same, encrypted and unreadable */
    TLSFIT_RUNG_RESET,
    TLSFIT_RUNG_SILENCE,
    TLSFIT_RUNG_REMARK   /* about one side: packets sent again, bytes that the capture misses, the end of the capture */
} TlsfitRungKind;

/* One thing that is held against a message or certificate. */
typedef struct {
    TlsfitStatus status;
    gboolean     is_cause; /* the primary cause */
    char        *text;
} TlsfitReason;

/* One certificate of a Certificate message. */
typedef struct {
    guint        index;
    char        *name;   /* of the subject */
    char        *facts;  /* "EC secp256r1, signed with ecdsa-with-SHA256, 612 bytes" */
    TlsfitStatus status; /* TLSFIT_OK where nothing is held against it */
    GPtrArray   *reasons;/* of TlsfitReason, the cause first; NULL: none */
} TlsfitLadderCertificate;

typedef struct {
    TlsfitRungKind kind;
    TlsfitSide     side;      /* the sender; silence: who said nothing */
    gboolean       between;   /* sent in the name of SIDE by somebody between the two */
    char          *name;      /* "ServerKeyExchange, ServerHelloDone", "nothing from the client for 7.0 s" */
    char          *detail;    /* versions, suite, group, scheme; NULL: nothing to say */
    guint          type;      /* TLSFIT_HS_* of its first message; G_MAXUINT: no message */
    guint32        bytes;     /* 0: not known */
    guint          count;     /* records or datagrams */
    guint32        frame;     /* 0: none */
    gint64         time_us;
    TlsfitStatus   status;    /* the worst of what is held against it */
    GPtrArray     *reasons;   /* as above */
    GPtrArray     *certificates; /* of TlsfitLadderCertificate; NULL: none */
} TlsfitRung;

typedef struct {
    char      *heads[2];      /* by TlsfitSide: "Client (device)" */
    char      *addresses[2];  /* address, server name; NULL */
    GPtrArray *rungs;         /* of TlsfitRung */
    gboolean   fragments_are_datagrams;
} TlsfitLadder;

TlsfitLadder *tlsfit_ladder_new(const TlsfitSession *session, const TlsfitReportWhere *where);
void tlsfit_ladder_free(TlsfitLadder *ladder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitLadder, tlsfit_ladder_free)

/* Did it come, by its IP header, from somebody between the two? */
gboolean tlsfit_step_between(const TlsfitSession *session, const TlsfitStep *step);

/* report_ladder_names.c: the words on a rung. Newly allocated. */
char *tlsfit_step_name(const TlsfitSession *session, const TlsfitStep *step);
char *tlsfit_step_detail(const TlsfitSession *session, const TlsfitStep *step);
char *tlsfit_certificate_facts(const TlsfitCertificate *certificate);

/* The message that STEP stands for, where the session kept it; NULL otherwise. */
const TlsfitMessage *tlsfit_step_message(const TlsfitSession *session, const TlsfitStep *step);

/* "1,642 bytes in 2 records"; NULL where the size is not known. */
char *tlsfit_rung_size(const TlsfitLadder *ladder, const TlsfitRung *rung);

/* report_ladder_text.c, report_ladder_svg.c: NARROW for small screens. */
void tlsfit_ladder_write_text(GString *out, const TlsfitLadder *ladder);
void tlsfit_ladder_write_svg(GString *out, const TlsfitLadder *ladder, gboolean narrow);

#endif
