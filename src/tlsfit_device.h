/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: devices and the library of their profiles (device*.c, library.c). Part of tlsfit.h, whose conventions hold.
 *
 * What a profile says of one thing (TlsfitVerdict), with its source; where profiles are found and what is wrong with
 * them. doc/profiles.md has the form of the files. Knows no handshake, but for recognising a device (tlsfit_session.h).
 */
#ifndef TLSFIT_PUBLIC_DEVICE_H
#define TLSFIT_PUBLIC_DEVICE_H

#include "tlsfit_certificate.h"

G_BEGIN_DECLS

typedef enum { TLSFIT_CLIENT, TLSFIT_SERVER } TlsfitSide;

/* How sure a source is. The first three make a `cannot`, the last two a `suspect`. */
typedef enum {
    TLSFIT_DOCUMENTED,  /* the vendor's documentation */
    TLSFIT_SOURCE_CODE, /* read in the source */
    TLSFIT_OBSERVED,    /* seen in a capture, or measured on the device */
    TLSFIT_REPORTED,    /* somebody's report */
    TLSFIT_INFERRED     /* concluded from something else */
} TlsfitConfidence;

const char *tlsfit_confidence_name(TlsfitConfidence confidence); /* documented, source-code, ... */

typedef struct {
    TlsfitConfidence confidence;
    char *where; /* URL, or repository path and commit */
    char *what;  /* what it says; may be NULL */
    char *date;  /* ISO 8601; may be NULL */
} TlsfitSource;

typedef struct TlsfitDevice TlsfitDevice;

/* What a device profile says of one thing. */
typedef enum {
    TLSFIT_OK,      /* covered, and it fits */
    TLSFIT_UNKNOWN, /* the profile is silent */
    TLSFIT_SUSPECT, /* cannot, by a reported or inferred source */
    TLSFIT_BROKEN,  /* offered and negotiated, and then it fails */
    TLSFIT_CANNOT   /* cannot, by a documented, source-code or observed source */
} TlsfitStatus; /* in rising order of weight */

const char *tlsfit_status_name(TlsfitStatus status); /* ok, unknown, suspect, broken, cannot */

typedef struct {
    TlsfitStatus status;        /* never TLSFIT_BROKEN */
    const TlsfitSource *source; /* the device's; NULL when the profile is silent */
    char *limit;                /* what the device can do, for people: "ecdsa-with-SHA1; ecdsa-with-SHA256"; owned
                                   by the verdict, NULL for TLSFIT_OK and TLSFIT_UNKNOWN */
} TlsfitVerdict;

void tlsfit_verdict_clear(TlsfitVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TlsfitVerdict, tlsfit_verdict_clear)

/* The lists of a profile. */
typedef enum {
    TLSFIT_SET_VERSIONS,
    TLSFIT_SET_CIPHER_SUITES,
    TLSFIT_SET_GROUPS,
    TLSFIT_SET_SIGNATURE_SCHEMES,
    TLSFIT_SET_CERTIFICATE_SIGNATURES,
    TLSFIT_SET_KEY_TYPES,          /* [certificate_keys] types, unsupported_types */
    TLSFIT_SET_KEY_CURVES,         /* [certificate_keys] curves, unsupported_curves */
    TLSFIT_SET_END_ENTITY_TYPES,   /* falls back to TLSFIT_SET_KEY_TYPES */
    TLSFIT_SET_END_ENTITY_CURVES,  /* falls back to TLSFIT_SET_KEY_CURVES */
    TLSFIT_SET_CLIENT_SCHEMES,     /* [client_signature_schemes]: what a client signs its own CertificateVerify with */
    TLSFIT_SET_COUNT
} TlsfitSet;

/* The numbers of a profile: one enumerator TLSFIT_NUMBER_<KEY> for each TLSFIT_NUMBER line of device_keys.def. */
typedef enum {
#define TLSFIT_NUMBER(section, key, lowest, highest, unit, meaning) TLSFIT_NUMBER_##key,
#include "device_keys.def"
    TLSFIT_NUMBER_COUNT
} TlsfitNumber;

/* The features of a profile: one enumerator TLSFIT_FEATURE_<KEY> for each TLSFIT_FEATURE line. */
typedef enum {
#define TLSFIT_FEATURE(key, words, meaning) TLSFIT_FEATURE_##key,
#include "device_keys.def"
    TLSFIT_FEATURE_COUNT
} TlsfitFeature;

/* A combination that the device offers and negotiates, and then fails ([broken NAME]). Empty lists match anything. */
typedef struct {
    char   *name;
    GArray *versions;          /* of guint16, all three */
    GArray *cipher_suites;
    GArray *groups;
    GArray *signature_schemes;
    GArray *key_types;         /* of the end-entity certificate; matches only where that is visible */
    gboolean stalls;           /* symptom: the device goes silent */
    int     alert;             /* symptom: the alert's number, -1 without */
    TlsfitSide alert_from;     /* who sends it */
    char   *depends_on;        /* NULL: always; else what it depends on that no capture shows (a setting of the
                                  application): then it is only suspected, and only where the symptom was seen */
    char   *note;              /* what goes wrong, for people; may be NULL */
    char   *fix_server;        /* may be NULL */
    char   *fix_device;        /* may be NULL */
    TlsfitSource *source;
} TlsfitBroken;

const char *tlsfit_device_id(const TlsfitDevice *device);
const char *tlsfit_device_name(const TlsfitDevice *device);
const char *tlsfit_device_kind(const TlsfitDevice *device);
TlsfitSide  tlsfit_device_role(const TlsfitDevice *device);
const char *tlsfit_device_note(const TlsfitDevice *device); /* NULL without */
const char *tlsfit_device_file(const TlsfitDevice *device); /* where it was read; NULL for one that was made */

/* May the device handle CODE? Falls back as TlsfitSet says. */
TlsfitVerdict tlsfit_device_code(const TlsfitDevice *device, TlsfitSet set, guint code);

/* The codes that the profile lists as supported; NULL where it has no such list. Array of guint16. */
const GArray *tlsfit_device_supported(const TlsfitDevice *device, TlsfitSet set);

/* TRUE where the profile says that what is not listed is unsupported. */
gboolean tlsfit_device_complete(const TlsfitDevice *device, TlsfitSet set);

/* Does VALUE stay within the profile's number? Whether the number is a floor or a ceiling is told by its key
 * (_min, _max). The limit text has the unit. */
TlsfitVerdict tlsfit_device_number(const TlsfitDevice *device, TlsfitNumber number, guint64 value);

/* FALSE, and VALUE untouched, where the profile is silent. SOURCE may be NULL. */
gboolean tlsfit_device_number_value(const TlsfitDevice *device, TlsfitNumber number, guint64 *value,
                                    const TlsfitSource **source);

/* The word that the profile has for the feature (yes, no, message, path, ...), NULL where it is silent. SOURCE may be
 * NULL. */
const char *tlsfit_device_feature(const TlsfitDevice *device, TlsfitFeature feature, const TlsfitSource **source);

/* Does the device trust CERTIFICATE as an anchor or, OF_ISSUER, the CA that issued it, which need not have been seen?
 * TLSFIT_UNKNOWN where the profile has no [anchors], where they do not claim to be complete, and where they are known
 * by their keys and only the issuer's name is. */
TlsfitVerdict tlsfit_device_anchor(const TlsfitDevice *device, const TlsfitCertificate *certificate,
                                   gboolean of_issuer);

/* Of TlsfitBroken; never NULL, may be empty. */
const GPtrArray *tlsfit_device_broken(const TlsfitDevice *device);

/* One certificate of a chain that is known by description only. */
typedef struct {
    TlsfitKeyType key_type;
    guint   key_bits;          /* modulus bits, or the field size of the curve */
    guint   curve;             /* TLSFIT_NAME_GROUP value; 0: no EC key */
    TlsfitCertSignature signature; /* on the certificate */
    guint   bytes;             /* DER encoding; 0: not known */
    char   *name;              /* for people; may be NULL */
} TlsfitChainLink;

/* A chain that a service sends ([chain NAME]); index 0 is the end-entity. */
typedef struct {
    char   *name;
    GArray *links;             /* of TlsfitChainLink */
    TlsfitSource *source;
} TlsfitChain;

/* Of TlsfitChain; never NULL, may be empty. */
const GPtrArray *tlsfit_device_chains(const TlsfitDevice *device);

/* What the profile advises on the device's side for a rule ([fixes]), or NULL. */
const char *tlsfit_device_fix(const TlsfitDevice *device, const char *rule);

/* An alert with its sender. */
typedef struct {
    int        number; /* -1: any */
    TlsfitSide from;
} TlsfitDeviceAlert;

/* One of the vendor's own error numbers ([codes]), and with what it is seen ([code NUMBER]). What is empty says
 * nothing; where all three are, the number belongs to nothing that a capture shows. */
typedef struct {
    char   *code;              /* as the device prints it: -0x2700, Certificate Error:22 */
    char   *text;              /* what it means, as far as the source says */
    const TlsfitSource *source;
    char  **rules;             /* ids of the primary cause; NULL: not said */
    GArray *alerts;            /* of TlsfitDeviceAlert */
    guint   outcomes;          /* bits 1 << TlsfitOutcome; 0: not said */
    const TlsfitSource *seen_source; /* of these three */
} TlsfitDeviceCode;

/* Of TlsfitDeviceCode, in order of the number as text; never NULL, may be empty. */
const GPtrArray *tlsfit_device_codes(const TlsfitDevice *device);

/* The whole profile after inheritance, one fact a line with its confidence and source, stable between runs: for
 * people, and for snapshots in review. Newly allocated. */
char *tlsfit_device_render(const TlsfitDevice *device);

TlsfitDevice *tlsfit_device_ref(TlsfitDevice *device);
void tlsfit_device_unref(TlsfitDevice *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitDevice, tlsfit_device_unref)

/* All device profiles that were found. A later source replaces an earlier profile of the same id. */
typedef struct TlsfitLibrary TlsfitLibrary;

/* One thing wrong in a profile: an error skips that profile alone. */
typedef struct {
    char *file;    /* as given; built-in profiles: resource path */
    guint line;    /* from 1; 0 where the whole file is meant */
    char *message; /* what is wrong and what to do, one line, without file and line */
} TlsfitProblem;

/* An empty library. */
TlsfitLibrary *tlsfit_library_new(void);
void tlsfit_library_free(TlsfitLibrary *library);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitLibrary, tlsfit_library_free)

/* Adds the profiles that are compiled into the product. */
void tlsfit_library_add_builtin(TlsfitLibrary *library);

/* Adds every *.ini file of a directory, in name order. A directory that does not exist is a problem when MUST_EXIST.
 * Reads at most TLSFIT_PROFILE_BYTES_MAX of each file; a larger one is a problem. */
void tlsfit_library_add_directory(TlsfitLibrary *library, const char *path, gboolean must_exist);
void tlsfit_library_add_file(TlsfitLibrary *library, const char *path);
#define TLSFIT_PROFILE_BYTES_MAX (256u * 1024u)

/* Resolves inheritance and compiles. Call once, after everything was added and before anything is looked up. */
void tlsfit_library_finish(TlsfitLibrary *library);

/* The device with this id, or NULL. */
TlsfitDevice *tlsfit_library_find(TlsfitLibrary *library, const char *id);

/* Of TlsfitDevice, by id. */
const GPtrArray *tlsfit_library_devices(const TlsfitLibrary *library);

/* Of TlsfitProblem, in the order found; empty where all is well. */
const GPtrArray *tlsfit_library_problems(const TlsfitLibrary *library);

/* The chain of this name in any profile, or NULL. */
const TlsfitChain *tlsfit_library_chain(TlsfitLibrary *library, const char *name);

/* All devices as a page of Markdown: what each cannot do, with confidence and sources. Newly allocated. */
char *tlsfit_library_table(const TlsfitLibrary *library);

/* The certificates of a chain that is known by description: array of TlsfitCertificate, owned by the caller. They have
 * no bytes and no validity, and names only in so far as each is issued by the next. */
GPtrArray *tlsfit_chain_certificates(const TlsfitChain *chain);

/* The (at most three) words of CANDIDATES (of char *) nearest to TEXT in spelling, separated by ", "; NULL where none is
 * near. Newly allocated. */
char *tlsfit_spelling_near(const char *text, const GPtrArray *candidates);

/* The ids nearest to ID in spelling, separated by ", ", for a message; NULL where none is near. Newly allocated. */
char *tlsfit_library_suggest(const TlsfitLibrary *library, const char *id);

G_END_DECLS

#endif
