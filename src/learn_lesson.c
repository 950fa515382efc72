/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake in, a lesson out: what the client offered, what the handshake needed of it, and how it ended.
 *
 * Whether that proves anything is not decided here: a lesson of a handshake that failed has the same facts. The chain's
 * part is in learn_chain.c.
 */
#include "engine.h"
#include "learned.h"
#include "sizes.h"

#define EXT_EXTENDED_MASTER_SECRET 23u

/* The alerts that speak of certificates (RFC 8446, 6.2). The first three leave no doubt that the chain was looked at;
 * the others are also sent for what cannot be read, so that they count only for a chain that is seen to be wrong. */
static const int refusals[] = { 44, 45, 48, 42, 46 };
#define REFUSALS_WITHOUT_DOUBT 3u

void tlsfit_lesson_add(TlsfitLessonBuilder *builder, TlsfitTopic topic, guint value, guint32 frame,
                       TlsfitConfidence confidence, int certificate)
{
    g_variant_builder_add(&builder->facts, "(yuuyn)", (guchar)topic, value, frame, (guchar)confidence,
                          (gint16)certificate);
}

static void add_needed(TlsfitLessonBuilder *builder, TlsfitTopic topic, guint value, guint32 frame)
{
    if (value != 0) {
        tlsfit_lesson_add(builder, topic, value, frame, TLSFIT_OBSERVED, -1);
    }
}

/* --- The ClientHello ------------------------------------------------------------------------------------------- */

static void add_codes(TlsfitLessonBuilder *builder, TlsfitTopic topic, const TlsfitCodes *codes, guint32 frame)
{
    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        const guint code = tlsfit_codes_get(codes, i);

        if (!tlsfit_is_grease(code)) {
            tlsfit_lesson_add(builder, topic, code, frame, TLSFIT_INFERRED, -1);
        }
    }
}

/* Without supported_versions the hello names the newest version; how old a one the client takes, it does not say. In
 * QUIC there is only one version to offer, which says nothing of what the client does elsewhere (RFC 9001, 4.2), and of
 * a version without a name (the DTLS of OpenSSL before 0.9.8f) the family is not known. */
static void add_versions(TlsfitLessonBuilder *builder, const TlsfitMessage *hello)
{
    static const guint16 known[] = { 0x0304, 0x0303, 0x0302, 0x0301, 0x0300, 0xFEFC, 0xFEFD, 0xFEFF };
    const gboolean dtls = tlsfit_version_is_dtls(hello->version);
    const guint32 frame = hello->place.frame;

    if (hello->versions.present) {
        for (guint i = 0; i < tlsfit_codes_length(&hello->versions); i++) {
            const guint version = tlsfit_codes_get(&hello->versions, i);

            if (tlsfit_name(TLSFIT_NAME_VERSION, version) != NULL) {
                tlsfit_lesson_add(builder, TLSFIT_TOPIC_OFFERED_VERSION, version, frame, TLSFIT_INFERRED, -1);
            }
        }
    } else if (tlsfit_name(TLSFIT_NAME_VERSION, hello->version) != NULL) {
        tlsfit_lesson_add(builder, TLSFIT_TOPIC_OFFERED_VERSION, hello->version, frame, TLSFIT_INFERRED, -1);
    }
    if (builder->session->transport == TLSFIT_OVER_QUIC || tlsfit_name(TLSFIT_NAME_VERSION, hello->version) == NULL) {
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        if (tlsfit_version_is_dtls(known[i]) == dtls && !tlsfit_hello_offers_version(hello, known[i])) {
            tlsfit_lesson_add(builder, TLSFIT_TOPIC_REFUSED_VERSION, known[i], frame, TLSFIT_OBSERVED, -1);
        }
    }
}

static void add_hello(TlsfitLessonBuilder *builder, const TlsfitMessage *hello)
{
    const guint32 frame = hello->place.frame;

    add_versions(builder, hello);
    add_codes(builder, TLSFIT_TOPIC_OFFERED_SUITE, &hello->cipher_suites, frame);
    add_codes(builder, TLSFIT_TOPIC_OFFERED_GROUP, &hello->groups, frame);
    add_codes(builder, TLSFIT_TOPIC_OFFERED_SCHEME, &hello->schemes, frame);
    add_codes(builder, TLSFIT_TOPIC_OFFERED_SCHEME_CERT, &hello->schemes_cert, frame);
    add_codes(builder, TLSFIT_TOPIC_OFFERED_EXTENSION, &hello->extensions, frame);
}

/* --- What the server chose and sent ----------------------------------------------------------------------------- */

static void add_choices(TlsfitLessonBuilder *builder)
{
    const TlsfitSession *session = builder->session;
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_SERVER_HELLO];
    const TlsfitMessage *verify = session->slots[TLSFIT_SLOT_CLIENT_VERIFY];
    const TlsfitMessage *exchange = session->slots[TLSFIT_SLOT_KEY_EXCHANGE];
    TlsfitPlace place = { 0, 0, 0 };
    guint code;

    if (hello != NULL) {
        add_needed(builder, TLSFIT_TOPIC_VERSION, tlsfit_session_version(session), hello->place.frame);
        add_needed(builder, TLSFIT_TOPIC_SUITE, tlsfit_session_suite(session), hello->place.frame);
        if (tlsfit_codes_has(&hello->extensions, EXT_EXTENDED_MASTER_SECRET)) {
            tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_extended_master_secret, hello->place.frame,
                              TLSFIT_OBSERVED, -1);
        }
    }
    code = tlsfit_session_group(session, &place);
    add_needed(builder, TLSFIT_TOPIC_GROUP, code, place.frame);
    code = tlsfit_session_scheme(session, &place);
    add_needed(builder, TLSFIT_TOPIC_SCHEME, code, place.frame);
    if (exchange != NULL) {
        add_needed(builder, TLSFIT_TOPIC_DH_BITS, exchange->dh_bits, exchange->place.frame);
    }
    if (verify != NULL && tlsfit_codes_length(&verify->schemes) > 0) {
        add_needed(builder, TLSFIT_TOPIC_CLIENT_SCHEME, tlsfit_codes_get(&verify->schemes, 0), verify->place.frame);
    }
}

/* TRUE for what the client had taken in when it sent its Finished: what came later, it may never have read. */
static gboolean was_taken(const TlsfitSession *session, guint32 frame)
{
    const TlsfitMark *finished = &session->party[TLSFIT_CLIENT].finished;

    return !finished->seen || frame <= finished->place.frame;
}

static void add_messages(TlsfitLessonBuilder *builder)
{
    const TlsfitSession *session = builder->session;
    const gboolean streams = session->transport == TLSFIT_OVER_TLS || session->transport == TLSFIT_OVER_EAP;

    for (guint i = 0; session->sizes != NULL && i < session->sizes->len; i++) {
        const TlsfitMessageSize *size = &g_array_index(session->sizes, TlsfitMessageSize, i);
        const guint32 frame = size->place.frame;

        if (size->side != TLSFIT_SERVER || size->type == TLSFIT_HS_ENCRYPTED || !was_taken(session, frame)) {
            continue;
        }
        add_needed(builder, TLSFIT_TOPIC_MESSAGE_BYTES, size->bytes, frame);
        if (size->type == TLSFIT_HS_SERVER_HELLO) {
            add_needed(builder, TLSFIT_TOPIC_HELLO_BYTES, size->bytes, frame);
        }
        if (streams && size->fragments > 1) {
            tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_handshake_defragmentation, frame,
                              TLSFIT_OBSERVED, -1);
        }
    }
}

static void add_records(TlsfitLessonBuilder *builder)
{
    static const TlsfitTopic topics[TLSFIT_RECORD_KINDS] = {
        [TLSFIT_RECORD_PLAIN] = TLSFIT_TOPIC_RECORD_BYTES,
        [TLSFIT_RECORD_ENCRYPTED] = TLSFIT_TOPIC_ENCRYPTED_RECORD_BYTES,
        [TLSFIT_RECORD_DATAGRAM] = TLSFIT_TOPIC_DATAGRAM_BYTES,
    };
    const TlsfitSession *session = builder->session;

    for (guint i = 0; session->records != NULL && i < session->records->len; i++) {
        const TlsfitRecordSize *record = &g_array_index(session->records, TlsfitRecordSize, i);

        if (record->side == TLSFIT_SERVER && was_taken(session, record->place.frame)) {
            add_needed(builder, topics[record->kind], record->bytes, record->place.frame);
        }
    }
}

/* FALSE where the server asked for a certificate and the client had none to send. */
static gboolean add_client_certificate(TlsfitLessonBuilder *builder)
{
    const TlsfitSession *session = builder->session;
    const TlsfitMessage *sent = session->slots[TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (session->slots[TLSFIT_SLOT_CERTIFICATE_REQUEST] == NULL || sent == NULL || sent->truncated) {
        return TRUE;
    }
    if (tlsfit_chain_length(sent) == 0) {
        return FALSE;
    }
    tlsfit_lesson_add(builder, TLSFIT_TOPIC_FEATURE, TLSFIT_FEATURE_client_certificate, sent->place.frame,
                      TLSFIT_OBSERVED, -1);
    return TRUE;
}

/* --- The end --------------------------------------------------------------------------------------------------- */

static gboolean is_cause(const TlsfitSession *session, const char *rule)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);

    return diagnosis != NULL && diagnosis->cause != NULL && g_str_equal(diagnosis->cause->rule, rule);
}

/* Only the client's own alert counts, and only after the server's certificates. */
static void add_refusal(TlsfitLessonBuilder *builder, const TlsfitDiagnosis *diagnosis)
{
    const TlsfitSession *session = builder->session;
    const gboolean wrong = is_cause(session, "cert_validity") || is_cause(session, "cert_name");

    if (diagnosis->outcome != TLSFIT_OUTCOME_ALERT || diagnosis->side != TLSFIT_CLIENT ||
        session->slots[TLSFIT_SLOT_SERVER_CERTIFICATE] == NULL) {
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        if (refusals[i] == diagnosis->alert && (i < REFUSALS_WITHOUT_DOUBT || wrong)) {
            tlsfit_lesson_add(builder, TLSFIT_TOPIC_REFUSED_CHAIN, (guint)diagnosis->alert, diagnosis->place.frame,
                              TLSFIT_OBSERVED, -1);
        }
    }
}

static guint flags_of(const TlsfitSession *session, TlsfitOutcome outcome, gboolean client_answered)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    guint flags = 0;

    if (hello != NULL) {
        flags |= TLSFIT_LESSON_HELLO;
        flags |= hello->truncated ? TLSFIT_LESSON_TRUNCATED : 0;
        flags |= hello->groups.present ? TLSFIT_LESSON_GROUPS : 0;
        flags |= hello->schemes.present ? TLSFIT_LESSON_SCHEMES : 0;
    }
    if (outcome == TLSFIT_OUTCOME_COMPLETED && tlsfit_version_is_tls13(tlsfit_session_version(session)) &&
        tlsfit_session_end_entity(session, TLSFIT_SERVER) == NULL) {
        flags |= TLSFIT_LESSON_NO_CERTIFICATES;
    }
    return flags | (client_answered ? 0 : TLSFIT_LESSON_ASKED_CLIENT);
}

static void add_needs(TlsfitLessonBuilder *builder, gboolean *client_answered)
{
    add_choices(builder);
    tlsfit_lesson_add_chain(builder);
    add_messages(builder);
    add_records(builder);
    *client_answered = add_client_certificate(builder);
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

GVariant *tlsfit_lesson_new(const TlsfitSession *session, const TlsfitLessonContext *context)
{
    const TlsfitMessage *hello = session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    TlsfitLessonBuilder builder = { .session = session, .context = context };
    const TlsfitDiagnosis *judged = tlsfit_session_diagnosis(session);
    TlsfitDiagnosis diagnosis = { .alert = -1 };
    gboolean client_answered;

    if (hello == NULL && session->slots[TLSFIT_SLOT_SERVER_HELLO] == NULL) {
        return NULL;
    }
    tlsfit_session_outcome(session, TLSFIT_STALL_MS_DEFAULT, &diagnosis);
    g_variant_builder_init(&builder.facts, G_VARIANT_TYPE("a(yuuyn)"));
    if (hello != NULL) {
        add_hello(&builder, hello);
    }
    add_needs(&builder, &client_answered);
    add_refusal(&builder, &diagnosis);

    const gboolean whole = hello != NULL && !hello->truncated;
    g_autofree char *ja3 = whole ? tlsfit_hello_ja3(hello) : NULL;
    g_autofree char *ja4 = whole ? tlsfit_hello_ja4(hello) : NULL;
    g_autofree char *name = tlsfit_one_line(hello != NULL ? or_empty(hello->server_name) : "");
    g_autofree char *hint = tlsfit_one_line(judged != NULL ? or_empty(judged->text) : "");
    const guint flags = flags_of(session, diagnosis.outcome, client_answered);

    return g_variant_new("(sssssxuyua(yuuyn)us)", or_empty(context->address), or_empty(context->mac), or_empty(ja3),
                         or_empty(ja4), name, session->wall_s, hello != NULL ? hello->place.frame : 0,
                         (guchar)diagnosis.outcome, flags | (guint)session->transport << 16,
                         &builder.facts, diagnosis.place.frame, hint);
}
