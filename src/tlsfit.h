/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit: which certificate of a chain, or which choice of a handshake, a device cannot handle.
 *
 * This is the public header of the core, with tlsfit_report.h for reports. The plugin and the command include nothing
 * else of it.
 *
 * Flow: a reader (the plugin, the command, a test) fills a TlsfitMessage for every handshake message it sees and
 * gives it to a TlsfitSession, together with records, alerts and transport events, in the order of the capture. The
 * session keeps the facts. tlsfit_session_judge() runs the rules over the facts against a TlsfitDevice; the result
 * is a list of TlsfitFinding and, when the handshake is over, a TlsfitDiagnosis.
 *
 * The core reads no packets and no trees, opens no capture and prints nothing.
 *
 * Conventions: code points (versions, cipher suites, groups, signature schemes, alerts, handshake types) are the
 * numbers of the IANA TLS registries in host byte order. Sizes end in _bytes or _bits, times in _s or _us.
 * Strings are UTF-8. Unless said otherwise a returned pointer belongs to the object it came from, a pointer
 * argument must not be NULL, and functions abort only when memory runs out, as GLib does.
 * Nothing here is safe to use from two threads at a time.
 */
#ifndef TLSFIT_H
#define TLSFIT_H

#include <glib.h>

G_BEGIN_DECLS

#define TLSFIT_VERSION "0.1.0"

/* ---------------------------------------------------------------------------------------------------------------
 * Names: IANA code points, OIDs and their properties (names.c)
 * ------------------------------------------------------------------------------------------------------------ */

/* The kinds of things that have names. The value of an entry is the IANA code point, except for certificate
 * signatures and key types, which X.509 names by OID: their values are TlsfitCertSignature and TlsfitKeyType. */
typedef enum {
    TLSFIT_NAME_VERSION,           /* TLS1.2, DTLS1.2; values as on the wire: 0x0303, 0xFEFD */
    TLSFIT_NAME_CIPHER_SUITE,      /* TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 */
    TLSFIT_NAME_GROUP,             /* secp256r1 (registry TLS Supported Groups) */
    TLSFIT_NAME_SIGNATURE_SCHEME,  /* ecdsa_secp256r1_sha256; TLS 1.2 pairs without a scheme: sha224_ecdsa */
    TLSFIT_NAME_CERT_SIGNATURE,    /* ecdsa-with-SHA256 */
    TLSFIT_NAME_KEY_TYPE,          /* rsa, ec, ed25519 */
    TLSFIT_NAME_ALERT,             /* bad_record_mac */
    TLSFIT_NAME_HANDSHAKE,         /* client_hello */
    TLSFIT_NAME_EXTENSION          /* server_name */
} TlsfitNameKind;

/* The name of VALUE, or NULL where the registry (as of the date in the table's file) has none. Static. */
const char *tlsfit_name(TlsfitNameKind kind, guint value);

/* The name of VALUE, or its number as 0xNNNN where it has none. Newly allocated. */
char *tlsfit_name_or_number(TlsfitNameKind kind, guint value);

/* Looks NAME up, ignoring case; a number (0xC023 or decimal) stands for itself and need not be registered.
 * FALSE, and VALUE untouched, where it is neither. */
gboolean tlsfit_name_parse(TlsfitNameKind kind, const char *name, guint *value);

/* TRUE for the reserved GREASE values of 16 bits (RFC 8701), which no finding may ever mention. */
gboolean tlsfit_is_grease(guint value);

/* How the keys are agreed upon and who signs: from the name of a cipher suite. TLS 1.3 suites fix neither. */
typedef enum {
    TLSFIT_KX_ANY,   /* TLS 1.3, and suites that are not known */
    TLSFIT_KX_RSA,   /* key transport: no ServerKeyExchange signature, the certificate's key encrypts */
    TLSFIT_KX_DH,    /* static */
    TLSFIT_KX_ECDH,  /* static */
    TLSFIT_KX_DHE,
    TLSFIT_KX_ECDHE,
    TLSFIT_KX_PSK,   /* any suite that authenticates by pre-shared key, SRP or password alone */
    TLSFIT_KX_OTHER  /* KRB5, GOST, NULL and the signalling values (SCSV) */
} TlsfitKx;

typedef enum {
    TLSFIT_AUTH_ANY,   /* TLS 1.3, and suites that are not known */
    TLSFIT_AUTH_RSA,
    TLSFIT_AUTH_ECDSA, /* also Ed25519 and Ed448 (RFC 8422, section 2.1) */
    TLSFIT_AUTH_DSS,
    TLSFIT_AUTH_ANON,
    TLSFIT_AUTH_PSK,
    TLSFIT_AUTH_OTHER
} TlsfitAuth;

typedef struct {
    const char *name;
    TlsfitKx    kx;
    TlsfitAuth  auth;
    gboolean    aead;     /* GCM, CCM, ChaCha20-Poly1305 */
    gboolean    is_tls13; /* defined for TLS 1.3 alone */
    gboolean    is_scsv;  /* a signalling value, not a suite (RFC 5746, RFC 7507) */
} TlsfitSuite;

/* The properties of a cipher suite; never NULL: an unknown one has the name NULL and TLSFIT_KX_ANY. Static. */
const TlsfitSuite *tlsfit_suite(guint code);

/* The public key algorithm in a certificate (subjectPublicKeyInfo) or behind a signature. */
typedef enum {
    TLSFIT_KEY_UNKNOWN,
    TLSFIT_KEY_RSA,     /* rsaEncryption */
    TLSFIT_KEY_RSA_PSS, /* id-RSASSA-PSS */
    TLSFIT_KEY_EC,      /* id-ecPublicKey */
    TLSFIT_KEY_ED25519,
    TLSFIT_KEY_ED448,
    TLSFIT_KEY_DSA,
    TLSFIT_KEY_DH,
    TLSFIT_KEY_GOST,
    TLSFIT_KEY_ML_DSA
} TlsfitKeyType;

/* The signatureAlgorithm of a certificate; RSASSA-PSS by its hash, as that decides what a device can verify. */
typedef enum {
    TLSFIT_SIGNATURE_UNKNOWN,
    TLSFIT_SIGNATURE_MD2_RSA,
    TLSFIT_SIGNATURE_MD5_RSA,
    TLSFIT_SIGNATURE_SHA1_RSA,
    TLSFIT_SIGNATURE_SHA224_RSA,
    TLSFIT_SIGNATURE_SHA256_RSA,
    TLSFIT_SIGNATURE_SHA384_RSA,
    TLSFIT_SIGNATURE_SHA512_RSA,
    TLSFIT_SIGNATURE_PSS_SHA1,
    TLSFIT_SIGNATURE_PSS_SHA256,
    TLSFIT_SIGNATURE_PSS_SHA384,
    TLSFIT_SIGNATURE_PSS_SHA512,
    TLSFIT_SIGNATURE_ECDSA_SHA1,
    TLSFIT_SIGNATURE_ECDSA_SHA224,
    TLSFIT_SIGNATURE_ECDSA_SHA256,
    TLSFIT_SIGNATURE_ECDSA_SHA384,
    TLSFIT_SIGNATURE_ECDSA_SHA512,
    TLSFIT_SIGNATURE_ED25519,
    TLSFIT_SIGNATURE_ED448,
    TLSFIT_SIGNATURE_DSA_SHA1,
    TLSFIT_SIGNATURE_DSA_SHA256,
    TLSFIT_SIGNATURE_COUNT
} TlsfitCertSignature;

/* The key type that makes signatures of this kind. */
TlsfitKeyType tlsfit_cert_signature_key_type(TlsfitCertSignature signature);

/* The signature scheme code point that stands for SIGNATURE in signature_algorithms_cert (RFC 8446, 4.2.3), as the
 * TLS 1.2 pair where TLS 1.3 has none; 0 where there is none. A scheme that names a curve stands for its hash here:
 * before TLS 1.3 the pair says nothing of the curve. */
guint tlsfit_cert_signature_scheme(TlsfitCertSignature signature);

/* The key type that a signature scheme needs in the end-entity certificate (rsa_pss_rsae_*: RSA). */
TlsfitKeyType tlsfit_scheme_key_type(guint scheme);

/* ---------------------------------------------------------------------------------------------------------------
 * Certificates (certificate.c)
 * ------------------------------------------------------------------------------------------------------------ */

/* An X.509 extension, or how its OID and flag read. */
typedef struct {
    char    *oid;
    gboolean critical;
} TlsfitCertExtension;

/* What one certificate says. Parsed once for the same bytes, shared, reference counted, never changed. */
typedef struct TlsfitCertificate {
    GBytes   *der;
    gboolean  readable;         /* FALSE: no X.509 (RFC 5280) could be read; only der, bytes and error hold */
    char     *error;            /* why not, in words; NULL when readable */
    guint     bytes;            /* length of the DER encoding */
    int       version;          /* 1, 2 or 3 */
    char     *subject;          /* RFC 4514 text, for people */
    char     *issuer;
    GBytes   *subject_der;      /* the encoded names, for comparison byte by byte (RFC 5280, 7.1 has the weaker rule) */
    GBytes   *issuer_der;
    char     *serial;           /* hexadecimal */
    TlsfitCertSignature signature;
    char     *signature_oid;
    guint     signer_bits;      /* size of the key that made the signature, read from the signature itself: the
                                   modulus length for RSA, else the smallest of 256, 384, 521 that fits an ECDSA
                                   signature; 0 where that cannot be told */
    TlsfitKeyType key_type;
    char     *key_oid;
    guint     key_bits;         /* modulus bits, or the field size of the curve */
    guint     curve;            /* TLSFIT_NAME_GROUP value; 0: no EC key, or a curve without a code point */
    char     *curve_oid;        /* NULL where there is none (explicit parameters: see explicit_curve) */
    gboolean  explicit_curve;   /* the curve is spelled out (ecParameters), not named: RFC 5480, 2.1.1 forbids it */
    GBytes   *spki_sha256;      /* 32 bytes */
    gint64    not_before_s;     /* seconds since 1970, UTC */
    gint64    not_after_s;
    gboolean  is_ca;            /* basicConstraints cA */
    int       path_length;      /* pathLenConstraint, -1 without */
    gboolean  has_key_usage;
    guint     key_usage;        /* TLSFIT_USAGE_* */
    gboolean  has_extended_key_usage;
    gboolean  for_server_auth;  /* id-kp-serverAuth or anyExtendedKeyUsage is listed */
    gboolean  for_client_auth;
    GPtrArray *dns_names;       /* of char *, from subjectAltName */
    GPtrArray *ip_addresses;    /* of char *, in text form, from subjectAltName */
    char     *common_name;      /* the last one of the subject, or NULL */
    GBytes   *subject_key_id;   /* NULL without */
    GBytes   *authority_key_id; /* keyIdentifier; NULL without */
    GArray   *extensions;       /* of TlsfitCertExtension */
    gboolean  self_issued;      /* subject and issuer are the same bytes */
    gboolean  self_signed;      /* self-issued, and the signature verifies with its own key (or cannot be checked
                                   but the key identifiers agree) */
    int       references;
} TlsfitCertificate;

#define TLSFIT_USAGE_DIGITAL_SIGNATURE 0x01u
#define TLSFIT_USAGE_KEY_ENCIPHERMENT  0x02u
#define TLSFIT_USAGE_KEY_AGREEMENT     0x04u
#define TLSFIT_USAGE_CERT_SIGN         0x08u

/* The facts of one DER certificate. The same bytes give the same object while anybody holds it, and for a bounded
 * number of certificates after that, so that a certificate seen ten thousand times is parsed once. Never NULL: what
 * is no certificate gives one that is not readable. LENGTH may be 0. Free with tlsfit_certificate_unref(). */
TlsfitCertificate *tlsfit_certificate_from_der(const guint8 *der, gsize length);
TlsfitCertificate *tlsfit_certificate_ref(TlsfitCertificate *certificate);
void tlsfit_certificate_unref(TlsfitCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitCertificate, tlsfit_certificate_unref)

/* Is ISSUER, by name and key identifiers, who certified CERTIFICATE? Names are the same when their text is, letter case
 * aside (RFC 5280, 7.1). No signature is verified. FALSE where one of them is not readable. */
gboolean tlsfit_certificate_certifies(const TlsfitCertificate *issuer, const TlsfitCertificate *certificate);

/* How often DER has really been parsed since the start: for tests and benchmarks. */
guint tlsfit_certificate_parse_count(void);

/* Reads all certificates of a PEM or DER file, in file order. NULL and ERROR where the file cannot be read or holds none.
 * Array of TlsfitCertificate, owned by the caller. */
GPtrArray *tlsfit_certificates_from_file(const char *path, GError **error);

/* The same with what else is in the file. */
typedef struct {
    GPtrArray *certificates; /* of TlsfitCertificate, at least one */
    guint      private_keys; /* PEM blocks */
    char      *others;       /* labels of PEM blocks that are neither, separated by ", "; NULL: none */
    gboolean   cut;          /* a PEM block without its end, or bytes behind the DER that are no certificate */
} TlsfitBundle;

/* PATH "-" is standard input. The message of ERROR begins with PATH and says what to do. */
TlsfitBundle *tlsfit_bundle_read(const char *path, GError **error);
void tlsfit_bundle_free(TlsfitBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitBundle, tlsfit_bundle_free)

/* ---------------------------------------------------------------------------------------------------------------
 * Devices (device*.c)
 * ------------------------------------------------------------------------------------------------------------ */

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

/* ---------------------------------------------------------------------------------------------------------------
 * Facts of a handshake (facts.c, session.c)
 * ------------------------------------------------------------------------------------------------------------ */

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
    TLSFIT_EVENT_OTHER               /* any other packet of this side: it is alive */
} TlsfitEventKind;

/* What the IP header of a packet tells of who sent it, against the earlier packets in the same name. */
typedef struct {
    guint8   ttl;         /* time to live (IPv4) or hop limit (IPv6); 0: not known */
    guint8   lowest_ttl;  /* of the earlier packets in the connection; 0: there were none */
    guint8   highest_ttl;
    gboolean copied_id;   /* its IPv4 identification is that of the packet it answers, and not 0 */
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
 * tlsfit_session_start(): seconds since 1970 of the first frame. The contents of MESSAGE move into the session where
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

/* ---------------------------------------------------------------------------------------------------------------
 * Judging (engine.c, diagnosis.c, rules/)
 * ------------------------------------------------------------------------------------------------------------ */

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
    gboolean      from_between; /* reset, FIN: by its IP header it came from somebody between the two, in the name of
                                   side: no limit of either explains it */
    TlsfitOrigin  origin;       /* reset, FIN: that header; all 0: nothing is known of it */
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
