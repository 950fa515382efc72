/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Learning a device profile from handshakes: the second public header of the core, for the command alone.
 *
 * Flow: a reader turns every TlsfitSession into a lesson, a GVariant that may cross from one process to another. The
 * lessons of one client are collected in a TlsfitLearned, and tlsfit_learned_write() makes a profile of them, or merges
 * them into one that there is.
 *
 * What a lesson can prove. A handshake that completed shows that the client can do all that was needed for it, so far
 * as it looked: a client that verifies nothing completes too, and what it verifies behind its trust anchor is not to be
 * seen. A ClientHello shows what the client offers, not that it can do it; and what it does not offer cannot be
 * negotiated with it. A handshake that failed shows no limit: it gives hints for people. A size that was handled is no
 * limit either, and no key of a profile can hold it: it becomes a comment.
 *
 * Learns of clients only. Reads no captures and no files.
 */
#ifndef TLSFIT_LEARN_H
#define TLSFIT_LEARN_H

#include "tlsfit.h"

G_BEGIN_DECLS

/* What the session itself does not know. All may be NULL. */
typedef struct {
    const char *address;        /* the client's, as text: 192.0.2.7 */
    const char *mac;            /* the same: 00:80:e1:12:34:56 */
    const GPtrArray *anchors;   /* of TlsfitCertificate: what the client trusts, and nothing else */
    const TlsfitDevice *device; /* the profile that there is: its [anchors] count too */
} TlsfitLessonContext;

/* What one handshake shows of its client: a floating GVariant of this type. SESSION need not be judged; where it is, its
 * diagnosis becomes the hint of a handshake that failed. NULL where neither a ClientHello nor a ServerHello is there. */
GVariant *tlsfit_lesson_new(const TlsfitSession *session, const TlsfitLessonContext *context);
#define TLSFIT_LESSON_TYPE "(sssssxuyua(yuuyn)us)"

/* Of whom a lesson is; "" for what is not known. Belongs to the lesson. */
typedef struct {
    const char *address;
    const char *mac;
    const char *ja3;            /* of its ClientHello */
    const char *ja4;
    const char *server_name;    /* that it asked for */
    gboolean    completed;      /* or resumed */
} TlsfitLessonClient;

/* FALSE where LESSON is no lesson; CLIENT is then untouched. */
gboolean tlsfit_lesson_client(GVariant *lesson, TlsfitLessonClient *client);

typedef struct TlsfitLearned TlsfitLearned;

TlsfitLearned *tlsfit_learned_new(void);
void tlsfit_learned_free(TlsfitLearned *learned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitLearned, tlsfit_learned_free)

/* Adds LESSON from the file CAPTURE (a name for people, which becomes part of every source). Lessons may come in any
 * order; the first one that shows something is its source, and the first ClientHello gives the order of preference.
 * FALSE where LESSON is no lesson. */
gboolean tlsfit_learned_add(TlsfitLearned *learned, const char *capture, GVariant *lesson);

/* What was added so far. */
typedef struct {
    guint handshakes;
    guint completed;      /* of those; without the resumed ones */
    guint resumed;
    guint failed;         /* neither of both, and not cut by the end of the capture */
    guint cut;
    guint hellos;         /* ClientHellos that were read whole */
    guint truncated;      /* ClientHellos of which the capture lacks bytes */
    guint hidden;         /* completed, and the certificates are encrypted: they show nothing of the chain */
} TlsfitLearnedCounts;

TlsfitLearnedCounts tlsfit_learned_counts(const TlsfitLearned *learned);

/* Of char *, owned by the caller: what no key of a profile can say, in lines for people. The sizes and key lengths that
 * a completed handshake had, and then the handshakes that failed, with what they needed and no completed one had. */
GPtrArray *tlsfit_learned_notes(const TlsfitLearned *learned);

/* --- The profile ---------------------------------------------------------------------------------------------- */

typedef enum {
    TLSFIT_LEARN_NEW,         /* the profile did not say it */
    TLSFIT_LEARN_STRONGER,    /* it said so by a weaker source: the value has a source of its own now */
    TLSFIT_LEARN_CONFIRMED,   /* it said so already */
    TLSFIT_LEARN_DIFFERS,     /* it says otherwise than the ClientHellos, which is no proof: left as it is */
    TLSFIT_LEARN_CONTRADICTS  /* it says that the device cannot, and the device did: left as it is */
} TlsfitLearnKind;

const char *tlsfit_learn_kind_name(TlsfitLearnKind kind); /* new, stronger, confirmed, differs, contradicts */

/* One difference between the profile and what was learned. */
typedef struct {
    TlsfitLearnKind kind;
    char *key;                /* cipher_suites.supported */
    char *value;              /* TLS_AES_128_GCM_SHA256, yes, 4096 bits */
    TlsfitSource learned;     /* by what the captures show it */
    gboolean has_source;
    TlsfitSource profile;     /* what the profile itself refers to, where has_source */
    char *text;               /* what it says instead; NULL where it agrees or is silent */
} TlsfitLearnChange;

void tlsfit_learn_change_free(TlsfitLearnChange *change);

/* What a new profile is to be called; all of them are needed. */
typedef struct {
    const char *id;
    const char *name;
    const char *kind;
} TlsfitLearnIdentity;

/* The profile that there is. */
typedef struct {
    const char *file;           /* its name, for messages */
    const char *text;           /* as it was read */
    const TlsfitDevice *device; /* what it says, after inheritance */
} TlsfitLearnBase;

/* The text of the profile. BASE is NULL for a new one, called IDENTITY; else its text with what is new, every line
 * that was there kept in its place, and IDENTITY is not used. CHANGES becomes an array of TlsfitLearnChange, owned by
 * the caller. NULL where BASE cannot be changed; ERROR (G_KEY_FILE_ERROR) says why. Newly allocated. */
char *tlsfit_learned_write(const TlsfitLearned *learned, const TlsfitLearnIdentity *identity,
                           const TlsfitLearnBase *base, GPtrArray **changes, GError **error);

G_END_DECLS

#endif
