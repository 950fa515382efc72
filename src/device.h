/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files behind tlsfit.h's devices share with each other and with the engine; nothing outside src/ includes it.
 *
 * A profile passes three stages: text -> TlsfitRawProfile (device_read.c) -> TlsfitMergedProfile, the profile over
 * its ancestors (device_merge.c) -> TlsfitDevice (device_compile.c, device_keys.c, device_special.c). library.c drives
 * them. Raw and merged profiles are gone once the library is finished; a TlsfitDevice holds copies of all it needs.
 */
#ifndef TLSFIT_DEVICE_H
#define TLSFIT_DEVICE_H

#include "recall.h"
#include "tlsfit.h"

/* --- Devices that are made, not read -------------------------------------------------------------------------- */

/* A device with the id `advertised` and no limits yet, role client: the engine fills it from a ClientHello with
 * tlsfit_device_set_codes(). Cheap: it is made once for every distinct ClientHello. */
TlsfitDevice *tlsfit_device_advertised_new(void);

/* Makes CODES (array of guint16, in the order of preference) the supported list of SET. Takes over CODES and SOURCE.
 * Call at most once for a set. */
void tlsfit_device_set_codes(TlsfitDevice *device, TlsfitSet set, GArray *codes, gboolean complete,
                             TlsfitSource *source);

/* --- A compiled device ---------------------------------------------------------------------------------------- */

typedef struct {
    GArray *listed;              /* of guint16, as written; NULL: no such list */
    GArray *sorted;              /* the same for searching */
    const TlsfitSource *source;  /* of the key; NULL where every value has its own */
} TlsfitDeviceList;

typedef struct {
    TlsfitDeviceList supported;
    TlsfitDeviceList unsupported;
    gboolean has_complete;               /* the profile says yes or no */
    gboolean complete;
    const TlsfitSource *complete_source; /* of the claim itself; NULL: the source of supported covers it */
    GHashTable *against;                 /* code -> const TlsfitSource that says the device cannot, although it is in
                                            supported; or NULL */
    GHashTable *code_sources;            /* code -> const TlsfitSource, for values with a source of their own; or NULL */
} TlsfitDeviceSet;

typedef struct {
    gboolean present;
    guint64 value;
    const TlsfitSource *source;
    guint64 against_value;       /* what a weaker source says; holds where against is not NULL */
    const TlsfitSource *against;
} TlsfitDeviceNumber;

/* What recognises the device's ClientHello: what is NULL is not asked for. */
typedef struct {
    GArray *cipher_suites;       /* of guint16, in order, as are the next three */
    GArray *extensions;
    GArray *groups;
    GArray *signature_schemes;
    char **ja3;                  /* one of them */
    char **ja4;
} TlsfitDeviceFingerprint;

/* A source that contradicts what the profile says: [against SECTION.KEY] (device_against.c). */
typedef struct {
    char *target;                /* SECTION.KEY or SECTION.KEY.VALUE */
    char *value;                 /* what it says instead; NULL where the target names a value of a list */
    const TlsfitSource *source;
} TlsfitDeviceAgainst;

typedef struct {
    const char *word;           /* NULL where the profile is silent; interned */
    const TlsfitSource *source;
} TlsfitDeviceFeature;

/* A line of [fixes] or [fingerprint]. */
typedef struct {
    char *key;
    char *value;
    const TlsfitSource *source;
} TlsfitDeviceText;

/* What the device trusts (device_anchors.c answers by it). */
typedef struct {
    char *file;                  /* path of a PEM file, as it can be opened; NULL without */
    GPtrArray *certificates;     /* of TlsfitCertificate: what is in it; NULL without */
    char **spki_sha256;          /* 64 lower case hexadecimal digits each; NULL without */
    char **subjects;             /* NULL without */
    gboolean complete;
    const TlsfitSource *file_source;
    const TlsfitSource *spki_source;
    const TlsfitSource *subjects_source;
    const TlsfitSource *complete_source; /* of the claim itself; NULL: the sources above cover it */
} TlsfitDeviceAnchors;

struct TlsfitDevice {
    char *id;
    char *name;
    char *kind;
    char *stack;                 /* this and the next two may be NULL */
    char *firmware;
    char *note;
    char *inherits;              /* NULL without */
    char *file;                  /* NULL for a device that was made */
    TlsfitSide role;
    TlsfitDeviceSet sets[TLSFIT_SET_COUNT];
    TlsfitDeviceNumber numbers[TLSFIT_NUMBER_COUNT];
    TlsfitDeviceFeature features[TLSFIT_FEATURE_COUNT];
    TlsfitDeviceAnchors anchors;
    GPtrArray *broken;           /* of TlsfitBroken; never NULL */
    TlsfitDeviceFingerprint recognised; /* [fingerprint], ready to compare (fingerprint.c) */
    GPtrArray *against;          /* of TlsfitDeviceAgainst, in file order; NULL without */
    GPtrArray *chains;           /* of TlsfitChain; never NULL */
    GPtrArray *codes;            /* of TlsfitDeviceCode; never NULL */
    GPtrArray *fixes;            /* of TlsfitDeviceText, in order of the key; this and the next may be NULL */
    GPtrArray *fingerprint;
    GPtrArray *sources;          /* of TlsfitSource: all that the other members point to */
    int references;
};

/* A device without any limits, references 1. */
TlsfitDevice *tlsfit_device_new(void);
/* Takes over CODES. */
void tlsfit_device_list_fill(TlsfitDeviceList *list, GArray *codes, const TlsfitSource *source);
gboolean tlsfit_device_list_has(const TlsfitDeviceList *list, guint code);

/* TLS and DTLS are two protocols: a list of versions that names none of one of them says nothing of it, complete or not.
 * device_versions.c */
gboolean tlsfit_device_speaks_of(const TlsfitDeviceSet *set, guint version);

/* The source of CODE in LIST of SET: its own, or else that of the list. */
const TlsfitSource *tlsfit_device_code_source(const TlsfitDeviceSet *set, const TlsfitDeviceList *list, guint code);

void tlsfit_source_free(TlsfitSource *source);
void tlsfit_chain_free(TlsfitChain *chain);
void tlsfit_against_free(TlsfitDeviceAgainst *against);
void tlsfit_fingerprint_clear(TlsfitDeviceFingerprint *fingerprint);

/* Do all parts of DEVICE's fingerprint match? FALSE where it has none. */
gboolean tlsfit_device_recognises(const TlsfitDevice *device, const TlsfitMessage *hello);
/* library.c keeps for fingerprint.c which devices recognise a hello: of GPtrArray of TlsfitDevice, not owned. */
TlsfitRecall *tlsfit_library_recall(TlsfitLibrary *library);
void tlsfit_broken_free(TlsfitBroken *broken);
void tlsfit_device_code_free(TlsfitDeviceCode *code);

/* What kind of names a set holds, and how its section and its two keys are called. */
typedef struct {
    const char *section;
    const char *supported;
    const char *unsupported;     /* NULL: the set has no such key */
    const char *complete;        /* its own key for completeness */
    TlsfitNameKind kind;
} TlsfitSetInfo;
const TlsfitSetInfo *tlsfit_set_info(TlsfitSet set);

/* The lines of device_keys.def. */
typedef struct {
    const char *section;
    const char *key;
    guint64 lowest;
    guint64 highest;
    const char *unit;
    const char *meaning;
} TlsfitNumberInfo;
const TlsfitNumberInfo *tlsfit_number_info(TlsfitNumber number);

typedef struct {
    const char *key;
    const char *words;           /* separated by | */
    const char *meaning;
} TlsfitFeatureInfo;
const TlsfitFeatureInfo *tlsfit_feature_info(TlsfitFeature feature);

/* What a SOURCE that forbids something leads to: cannot, or suspect where it is not sure. Takes over LIMIT. */
TlsfitVerdict tlsfit_verdict_against(const TlsfitSource *source, char *limit);

/* "2048 bits", "1 certificate". Newly allocated. */
char *tlsfit_number_text(TlsfitNumber number, guint64 value);

/* --- Stage 1: text to raw (device_read.c) --------------------------------------------------------------------- */

typedef struct TlsfitRawProfile TlsfitRawProfile;

/* A [source ...] section. */
typedef struct {
    const char *target;          /* signature_schemes.supported, versions.supported.TLS1.2, broken gcm, codes */
    guint line;
    TlsfitSource source;
    const TlsfitRawProfile *profile;
} TlsfitRawSource;

/* key = value. The value has been unescaped and stripped; it has no control characters. */
typedef struct {
    const char *section;
    char *key;
    char *value;                 /* empty: unset what the parent says */
    guint line;
    const TlsfitRawProfile *profile;
} TlsfitRawEntry;

typedef struct {
    char *name;
    guint line;
    GPtrArray *entries;          /* of TlsfitRawEntry, in file order */
} TlsfitRawSection;

struct TlsfitRawProfile {
    char *file;
    gboolean builtin;
    char *id;                    /* NULL when it could not be read */
    guint id_line;
    char *inherits;              /* NULL without */
    guint inherits_line;
    GPtrArray *sections;         /* of TlsfitRawSection, without the sources, in file order */
    GPtrArray *sources;          /* of TlsfitRawSource */
    guint depth;                 /* number of ancestors; set by tlsfit_merged_new() */
};

/* Reads TEXT (LENGTH bytes, anything). What is wrong is added to PROBLEMS, and the result is then NULL. */
TlsfitRawProfile *tlsfit_raw_read(const char *file, gboolean builtin, const char *text, gsize length,
                                  GPtrArray *problems);
void tlsfit_raw_free(TlsfitRawProfile *profile);

/* Fills SOURCE from the lines ENTRIES (of TlsfitRawEntry) of SECTION, which begins at LINE (device_source.c). */
void tlsfit_source_read(TlsfitSource *source, const char *section, guint line, const GPtrArray *entries,
                        const TlsfitRawProfile *profile, GPtrArray *problems);

/* --- Stage 2: over the ancestors (device_merge.c) ------------------------------------------------------------- */

typedef struct {
    const char *name;
    guint line;
    const TlsfitRawProfile *profile; /* the youngest one that has the section */
    GPtrArray *order;            /* of TlsfitRawEntry, not owned; the ancestors' first */
    GHashTable *entries;         /* key -> TlsfitRawEntry */
} TlsfitMergedSection;

typedef struct {
    const TlsfitRawProfile *profile; /* the youngest: the one that is being made */
    GPtrArray *order;            /* of TlsfitMergedSection */
    GHashTable *sections;        /* name -> TlsfitMergedSection */
    GPtrArray *chain;            /* of TlsfitRawProfile, not owned; the oldest ancestor first */
    GHashTable *sources;         /* target -> TlsfitRawSource: the youngest for that target */
    GHashTable *used;            /* set of TlsfitRawSource that something refers to */
} TlsfitMergedProfile;

#define TLSFIT_INHERITS_MAX 8u

/* CHAIN (of TlsfitRawProfile, oldest first, not empty) becomes one profile. CHAIN is owned by the result. */
TlsfitMergedProfile *tlsfit_merged_new(GPtrArray *chain, GPtrArray *problems);
void tlsfit_merged_free(TlsfitMergedProfile *merged);
TlsfitMergedSection *tlsfit_merged_section(const TlsfitMergedProfile *merged, const char *section);
TlsfitRawEntry *tlsfit_merged_entry(const TlsfitMergedProfile *merged, const char *section, const char *key);

/* The source with exactly this TARGET that holds for something written by WRITER: an ancestor's source does not
 * cover what a descendant wrote. Marks it used. NULL without. */
TlsfitRawSource *tlsfit_merged_source(TlsfitMergedProfile *merged, const char *target,
                                      const TlsfitRawProfile *writer);

/* TRUE where NAME is `broken`, `chain`, `against` or `code`, and a name. */
gboolean tlsfit_section_is_broken(const char *name);
gboolean tlsfit_section_is_chain(const char *name);
gboolean tlsfit_section_is_against(const char *name);
gboolean tlsfit_section_is_code(const char *name);

/* --- Stage 3: raw to compiled --------------------------------------------------------------------------------- */

typedef struct {
    TlsfitMergedProfile *merged;
    TlsfitDevice *device;
    GPtrArray *problems;
    GHashTable *sources;         /* TlsfitRawSource -> TlsfitSource of the device */
} TlsfitCompile;

/* The whole of stage 3 (device_compile.c): NULL where anything was added to PROBLEMS. */
TlsfitDevice *tlsfit_device_compile(TlsfitMergedProfile *merged, GPtrArray *problems);

/* A source of the device for TARGET as written by WRITER; NULL without. */
const TlsfitSource *tlsfit_compile_source(TlsfitCompile *compile, const char *target, const TlsfitRawProfile *writer);

/* The device's copy of RAW; the same RAW gives the same copy. */
const TlsfitSource *tlsfit_compile_copy(TlsfitCompile *compile, const TlsfitRawSource *raw);

/* As tlsfit_compile_source(), and a problem at LINE where there is none. WHAT names the thing in the message. */
const TlsfitSource *tlsfit_compile_need_source(TlsfitCompile *compile, const char *target,
                                               const TlsfitRawProfile *writer, guint line);

/* A list of names as an array of guint16 (newly allocated, in order); what is wrong becomes a problem. */
GArray *tlsfit_compile_codes(TlsfitCompile *compile, const TlsfitRawEntry *entry, TlsfitNameKind kind);

/* One name; FALSE where there is none of that kind. Certificate signatures and key types have no numbers. */
gboolean tlsfit_code_parse(TlsfitNameKind kind, const char *text, guint *code);

/* yes or no; anything else becomes a problem and counts as no. */
gboolean tlsfit_compile_yes(TlsfitCompile *compile, const TlsfitRawEntry *entry);

/* A section or key of SECTION that does not exist becomes a problem (device_keys.c). */
void tlsfit_compile_check_keys(TlsfitCompile *compile, const TlsfitMergedSection *section);

/* [anchors], [broken ...], [fixes] and [fingerprint] (device_special.c). */
void tlsfit_compile_special(TlsfitCompile *compile);

/* The lines (of TlsfitDeviceText, owned by the caller) of a section that has one source for all that a profile wrote into
 * it, in order of the key; NULL where there are none. */
GPtrArray *tlsfit_compile_texts(TlsfitCompile *compile, const char *name);

/* [codes] and [code ...] (device_codes.c), and the keys that the latter may have, NULL-terminated. */
void tlsfit_compile_device_codes(TlsfitCompile *compile);
const char *const *tlsfit_code_keys(void);

/* The [fingerprint] section: its form and what is compared (device_fingerprint.c). */
void tlsfit_compile_fingerprint(TlsfitCompile *compile);

/* Every part of a list of texts, stripped, without empty ones. */
char **tlsfit_list_split(const char *value);

gboolean tlsfit_is_hex(const char *text, size_t digits);

/* [chain ...] (device_chain.c) and [against ...] (device_against.c). */
void tlsfit_compile_chains(TlsfitCompile *compile);
void tlsfit_compile_against(TlsfitCompile *compile);

/* The keys that a section of device_special.c may have, NULL-terminated; NULL for another section. */
const char *const *tlsfit_special_keys(const char *section);

/* --- Problems ------------------------------------------------------------------------------------------------ */

void tlsfit_problem_add(GPtrArray *problems, const char *file, guint line, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
void tlsfit_problem_free(TlsfitProblem *problem);

/* There is no rule NAME, which stands in ENTRY; and what may have been meant. */
void tlsfit_problem_no_rule(TlsfitCompile *compile, const TlsfitRawEntry *entry, const char *name);

#endif
