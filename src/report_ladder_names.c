/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words on the rungs of a ladder: what a step is called, and what matters in it.
 *
 * In: a step and the message that the session kept of it. Out: text, not yet escaped. Says nothing of good or bad.
 */
#include "report_ladder.h"

#define NAMES_MAX 3    /* a longer list is counted */
#define VERSIONS_MAX 6 /* the same of versions, whose names are short */

/* "client_hello" -> "ClientHello", as the specifications write it. */
static char *camel_case(const char *name)
{
    GString *out = g_string_new(NULL);
    gboolean up = TRUE;

    for (; *name != '\0'; name++) {
        if (*name == '_') {
            up = TRUE;
        } else {
            g_string_append_c(out, up ? g_ascii_toupper(*name) : *name);
            up = FALSE;
        }
    }
    return g_string_free(out, FALSE);
}

static const char *side_name(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? "client" : "server";
}

const TlsfitMessage *tlsfit_step_message(const TlsfitSession *session, const TlsfitStep *step)
{
    for (guint slot = 0; slot < TLSFIT_SLOT_COUNT; slot++) {
        const TlsfitMessage *message = session->slots[slot];

        if (message != NULL && step->kind == TLSFIT_STEP_MESSAGE && message->type == step->type &&
            message->side == step->side && message->place.frame == step->place.frame &&
            message->place.nth == step->place.nth) {
            return message;
        }
    }
    return NULL;
}

static char *message_name(const TlsfitSession *session, const TlsfitStep *step)
{
    const TlsfitMessage *message = tlsfit_step_message(session, step);
    const char *name = tlsfit_name(TLSFIT_NAME_HANDSHAKE, step->type);

    if (message != NULL && message->is_retry_request) {
        return g_strdup("HelloRetryRequest");
    }
    if (step->type == TLSFIT_HS_ENCRYPTED) {
        return g_strdup(session->party[step->side].cipher_spec.seen ? "Finished (encrypted)" : "encrypted message");
    }
    return name != NULL ? camel_case(name) : g_strdup_printf("handshake message of type %u", step->type);
}

static char *alert_name(const TlsfitStep *step)
{
    if (step->number < 0) {
        return g_strdup("Alert (encrypted)");
    }
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)step->number);

    return g_strdup_printf("Alert %s (%d), %s", name, step->number, step->level == 1 ? "warning" : "fatal");
}

static char *encrypted_name(const TlsfitSession *session)
{
    if (!tlsfit_version_is_tls13(tlsfit_session_version(session))) {
        return g_strdup("Finished (encrypted)");
    }
    return g_strdup("Encrypted handshake messages");
}

gboolean tlsfit_step_between(const TlsfitSession *session, const TlsfitStep *step)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);

    return (step->kind == TLSFIT_STEP_FIN || step->kind == TLSFIT_STEP_RESET) && diagnosis != NULL &&
           diagnosis->from_between;
}

static char *end_name(const TlsfitSession *session, const TlsfitStep *step)
{
    const char *what = step->kind == TLSFIT_STEP_FIN ? "FIN" : "RST";

    if (tlsfit_step_between(session, step)) {
        return g_strdup_printf("%s in the %s's name, from in between", what, side_name(step->side));
    }
    return g_strdup_printf("%s: %s the connection", what, step->kind == TLSFIT_STEP_FIN ? "closes" : "resets");
}

char *tlsfit_step_name(const TlsfitSession *session, const TlsfitStep *step)
{
    switch (step->kind) {
    case TLSFIT_STEP_MESSAGE:
        return message_name(session, step);
    case TLSFIT_STEP_ENCRYPTED:
        return encrypted_name(session);
    case TLSFIT_STEP_CIPHER_SPEC:
        return g_strdup("ChangeCipherSpec");
    case TLSFIT_STEP_ALERT:
        return alert_name(step);
    case TLSFIT_STEP_RESENT:
        return g_strdup_printf("the %s sent %u %s again", side_name(step->side), step->count,
                               step->count == 1 ? "packet" : "packets");
    case TLSFIT_STEP_IGNORED:
        return g_strdup_printf("RST in the %s's name, which ended nothing", side_name(step->side));
    case TLSFIT_STEP_LOST:
        return g_strdup_printf("the capture misses bytes of the %s here", side_name(step->side));
    case TLSFIT_STEP_SILENCE:
        return g_strdup_printf("nothing from the %s for %.1f s", side_name(step->side),
                               (double)step->duration_us / 1e6);
    case TLSFIT_STEP_FIN:
    case TLSFIT_STEP_RESET:
        return end_name(session, step);
    case TLSFIT_STEP_END:
        break;
    }
    return g_strdup("the capture ends here");
}

static void add_part(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_part(GString *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_string_append(out, out->len > 0 ? "; " : "");
    g_string_append_vprintf(out, format, arguments);
    va_end(arguments);
}

/* The names of a short list, the length of a longer one; GREASE is left out. */
static void add_codes(GString *out, const char *one, const char *many, TlsfitNameKind kind, const TlsfitCodes *codes)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < tlsfit_codes_length(codes); i++) {
        if (!tlsfit_is_grease(tlsfit_codes_get(codes, i))) {
            g_ptr_array_add(names, tlsfit_name_or_number(kind, tlsfit_codes_get(codes, i)));
        }
    }
    if (names->len > (kind == TLSFIT_NAME_VERSION ? VERSIONS_MAX : NAMES_MAX)) {
        add_part(out, "%u %s", names->len, many);
    } else if (names->len > 0) {
        g_ptr_array_add(names, NULL);
        g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);

        add_part(out, "%s%s%s", one, one[0] != '\0' ? " " : "", list);
    }
}

static void describe_client_hello(GString *out, const TlsfitMessage *hello)
{
    if (hello->versions.present) {
        add_codes(out, "", "versions", TLSFIT_NAME_VERSION, &hello->versions);
    } else {
        g_autofree char *version = tlsfit_name_or_number(TLSFIT_NAME_VERSION, hello->version);

        add_part(out, "%s", version);
    }
    add_codes(out, "", "cipher suites", TLSFIT_NAME_CIPHER_SUITE, &hello->cipher_suites);
    add_codes(out, "", "groups", TLSFIT_NAME_GROUP, &hello->groups);
    add_codes(out, "", "signature schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &hello->schemes);
    if (hello->server_name != NULL) {
        add_part(out, "server_name %s", hello->server_name);
    }
    if (hello->max_fragment_length >= 1 && hello->max_fragment_length <= 4) {
        add_part(out, "max_fragment_length %u", 1u << (8 + hello->max_fragment_length));
    }
    if (hello->record_size_limit > 0) {
        add_part(out, "record_size_limit %u", hello->record_size_limit);
    }
}

static void describe_server_hello(GString *out, const TlsfitMessage *hello)
{
    const guint version =
        tlsfit_codes_length(&hello->versions) > 0 ? tlsfit_codes_get(&hello->versions, 0) : hello->version;
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_VERSION, version);

    add_part(out, "%s", name);
    add_codes(out, "", "cipher suites", TLSFIT_NAME_CIPHER_SUITE, &hello->cipher_suites);
    add_codes(out, "", "groups", TLSFIT_NAME_GROUP, &hello->key_shares);
}

static void describe_exchange(GString *out, const TlsfitMessage *exchange)
{
    if (exchange->named_curve != 0) {
        g_autofree char *group = tlsfit_name_or_number(TLSFIT_NAME_GROUP, exchange->named_curve);

        add_part(out, "%s", group);
    }
    if (exchange->dh_bits != 0) {
        add_part(out, "Diffie-Hellman prime of %u bits", exchange->dh_bits);
    }
    add_codes(out, "signed with", "signature schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &exchange->schemes);
}

static void describe_message(GString *out, const TlsfitMessage *message)
{
    const guint certificates = message->certificates != NULL ? message->certificates->len : 0;

    switch (message->type) {
    case TLSFIT_HS_CLIENT_HELLO:
        describe_client_hello(out, message);
        break;
    case TLSFIT_HS_SERVER_HELLO:
    case TLSFIT_HS_HELLO_RETRY_REQUEST:
        describe_server_hello(out, message);
        break;
    case TLSFIT_HS_CERTIFICATE:
        if (certificates == 0) {
            add_part(out, "without any certificate");
        } else {
            add_part(out, "%u %s", certificates, certificates == 1 ? "certificate" : "certificates");
        }
        break;
    case TLSFIT_HS_SERVER_KEY_EXCHANGE:
    case TLSFIT_HS_CERTIFICATE_VERIFY:
        describe_exchange(out, message);
        break;
    case TLSFIT_HS_CERTIFICATE_REQUEST:
        add_codes(out, "accepts", "signature schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &message->schemes);
        break;
    default:
        break;
    }
    if (message->truncated) {
        add_part(out, "the capture lacks a part of it");
    }
}

char *tlsfit_step_detail(const TlsfitSession *session, const TlsfitStep *step)
{
    const TlsfitMessage *message = tlsfit_step_message(session, step);
    GString *out = g_string_new(NULL);

    if (message != NULL) {
        describe_message(out, message);
    } else if (step->kind == TLSFIT_STEP_ENCRYPTED && tlsfit_version_is_tls13(tlsfit_session_version(session))) {
        add_part(out, "%s", step->side == TLSFIT_SERVER
                                ? "EncryptedExtensions, Certificate, CertificateVerify and Finished are in there; they "
                                  "cannot be read without the session's secrets"
                                : "the client's answer, up to its Finished");
    }
    return g_string_free(out, out->len == 0);
}

char *tlsfit_certificate_facts(const TlsfitCertificate *certificate)
{
    GString *out = g_string_new(NULL);
    const char *signature = tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, certificate->signature);
    g_autofree char *key = tlsfit_key_text(certificate->key_type, certificate->key_bits, certificate->curve);

    if (certificate->readable) {
        add_part(out, "key %s", key);
        add_part(out, "signed with %s", signature != NULL ? signature : certificate->signature_oid);
    } else {
        add_part(out, "cannot be read: %s", certificate->error);
    }
    if (certificate->bytes > 0) {
        add_part(out, "%u bytes", certificate->bytes);
    }
    return g_string_free(out, FALSE);
}
