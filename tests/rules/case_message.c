/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake message of a step, by IANA's names.
 *
 * In: the keys of a step. Out: a TlsfitMessage as a reader of packets would fill it.
 */
#include "case_step.h"

#include <string.h>

static void mark_used(Step *step, const char *key)
{
    g_hash_table_add(step->used, g_strdup(key));
}

char *step_string(Step *step, const char *key)
{
    mark_used(step, key);
    return case_string(step->test, step->group, key);
}

char **step_list(Step *step, const char *key)
{
    mark_used(step, key);
    return case_list(step->test, step->group, key);
}

guint step_number(Step *step, const char *key, guint standard)
{
    g_autofree char *text = step_string(step, key);
    guint64 value = 0;

    if (text == NULL) {
        return standard;
    }
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &value, NULL)) {
        case_problem(step->test, "[%s] %s is a number, not \"%s\"", step->group, key, text);
    }
    return (guint)value;
}

static gboolean step_yes(Step *step, const char *key)
{
    g_autofree char *text = step_string(step, key);

    return g_strcmp0(text, "yes") == 0;
}

/* KEY is there, perhaps empty: the list is in the message, perhaps empty. GREASE is written as its number. */
static void read_codes(Step *step, const char *key, TlsfitNameKind kind, TlsfitCodes *codes)
{
    g_auto(GStrv) names = step_list(step, key);

    codes->present = g_key_file_has_key(step->test->file, step->group, key, NULL);
    codes->place = (TlsfitPlace){ codes->present ? step->frame : 0, 0, 0 };
    for (guint i = 0; names[i] != NULL; i++) {
        guint code = 0;

        if (!tlsfit_name_parse(kind, names[i], &code)) {
            case_problem(step->test, "[%s] %s: \"%s\" is not known", step->group, key, names[i]);
        }
        tlsfit_codes_add(codes, code);
    }
}

static guint read_code(Step *step, const char *key, TlsfitNameKind kind)
{
    TlsfitCodes codes = { 0 };
    guint code;

    read_codes(step, key, kind, &codes);
    code = tlsfit_codes_length(&codes) > 0 ? tlsfit_codes_get(&codes, 0) : 0;
    g_clear_pointer(&codes.codes, g_array_unref);
    return code;
}

static void read_session(Step *step, TlsfitMessage *message)
{
    g_autofree char *id = step_string(step, "session_id");

    if (id != NULL) {
        message->session_id_bytes = (guint)MIN(strlen(id), sizeof message->session_id);
        memcpy(message->session_id, id, message->session_id_bytes);
    }
    message->has_psk = step_yes(step, "psk");
}

static void read_client_hello(Step *step, TlsfitMessage *message)
{
    message->version = (guint16)read_code(step, "version", TLSFIT_NAME_VERSION);
    message->version_place = message->place;
    read_codes(step, "versions", TLSFIT_NAME_VERSION, &message->versions);
    read_codes(step, "suites", TLSFIT_NAME_CIPHER_SUITE, &message->cipher_suites);
    read_codes(step, "groups", TLSFIT_NAME_GROUP, &message->groups);
    read_codes(step, "key_shares", TLSFIT_NAME_GROUP, &message->key_shares);
    read_codes(step, "schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &message->schemes);
    read_codes(step, "schemes_cert", TLSFIT_NAME_SIGNATURE_SCHEME, &message->schemes_cert);
    read_session(step, message);
    message->has_random_time = g_key_file_has_key(step->test->file, step->group, "random_time", NULL);
    message->random_time_s = step_number(step, "random_time", 0);
}

/* TLS 1.3 is chosen in supported_versions, with TLS 1.2 in the old place (RFC 8446, 4.1.3). */
static void read_server_hello(Step *step, TlsfitMessage *message)
{
    message->version = (guint16)read_code(step, "version", TLSFIT_NAME_VERSION);
    message->version_place = message->place;
    if (message->version == 0x0304 || message->version == 0xFEFC) {
        tlsfit_codes_add(&message->versions, message->version);
        message->versions.place = message->place;
        message->version = message->version == 0x0304 ? 0x0303 : 0xFEFD;
    }
    read_codes(step, "suite", TLSFIT_NAME_CIPHER_SUITE, &message->cipher_suites);
    read_codes(step, "key_share", TLSFIT_NAME_GROUP, &message->key_shares);
    read_session(step, message);
}

/* Looks for FILE.pem in the folders of the case. */
static GPtrArray *load(Step *step, const char *file)
{
    g_auto(GStrv) folders = g_strsplit(step->test->certificates, ":", -1);

    for (guint i = 0; folders[i] != NULL; i++) {
        g_autofree char *name = g_strdup_printf("%s.pem", file);
        g_autofree char *path = g_build_filename(folders[i], name, NULL);

        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            return tlsfit_certificates_from_file(path, NULL);
        }
    }
    return NULL;
}

static void read_certificates(Step *step, TlsfitMessage *message)
{
    g_auto(GStrv) files = step_list(step, "certificates");
    guint32 bytes = 4 + 3;

    for (guint i = 0; files[i] != NULL; i++) {
        const TlsfitPlace place = { step->frame, 1, (guint16)i };
        g_autoptr(GPtrArray) certificates = load(step, files[i]);

        if (certificates == NULL) {
            case_problem(step->test, "[%s] there is no certificate %s.pem", step->group, files[i]);
            continue;
        }
        for (guint j = 0; j < certificates->len; j++) {
            const TlsfitCertificate *certificate = g_ptr_array_index(certificates, j);
            gsize length;
            const guint8 *der = g_bytes_get_data(certificate->der, &length);

            tlsfit_message_add_certificate(message, der, length, place);
            bytes += 3 + (guint32)length;
        }
    }
    message->bytes = step_number(step, "certificate_bytes", bytes);
}

static void read_key_exchange(Step *step, TlsfitMessage *message)
{
    message->named_curve = read_code(step, "group", TLSFIT_NAME_GROUP);
    message->named_curve_place = message->place;
    message->dh_bits = step_number(step, "dh_bits", 0);
    message->dh_place = message->place;
    read_codes(step, "scheme", TLSFIT_NAME_SIGNATURE_SCHEME, &message->schemes);
}

static guint type_of(const char *name)
{
    guint type = G_MAXUINT;

    if (g_str_equal(name, "hello_retry_request")) {
        return TLSFIT_HS_SERVER_HELLO;
    }
    return tlsfit_name_parse(TLSFIT_NAME_HANDSHAKE, name, &type) ? type : G_MAXUINT;
}

gboolean step_message(Step *step, const char *name, TlsfitMessage *message)
{
    message->type = type_of(name);
    message->side = step->side;
    message->place = (TlsfitPlace){ step->frame, 0, 0 };
    message->is_retry_request = g_str_equal(name, "hello_retry_request");
    message->truncated = step_yes(step, "truncated");
    message->fragments = step_number(step, "fragments", 1);
    switch (message->type) {
    case TLSFIT_HS_CLIENT_HELLO:
        read_client_hello(step, message);
        step_extensions(step, message);
        break;
    case TLSFIT_HS_SERVER_HELLO:
        read_server_hello(step, message);
        step_extensions(step, message);
        break;
    case TLSFIT_HS_ENCRYPTED_EXTENSIONS:
        step_extensions(step, message);
        break;
    case TLSFIT_HS_CERTIFICATE_REQUEST:
        step_certificate_request(step, message);
        read_codes(step, "schemes", TLSFIT_NAME_SIGNATURE_SCHEME, &message->schemes);
        break;
    case TLSFIT_HS_CERTIFICATE:
        read_certificates(step, message);
        return TRUE;
    case TLSFIT_HS_SERVER_KEY_EXCHANGE:
    case TLSFIT_HS_CERTIFICATE_VERIFY:
        read_key_exchange(step, message);
        break;
    case G_MAXUINT:
        return FALSE;
    default:
        break;
    }
    message->bytes = step_number(step, "bytes", 0);
    return TRUE;
}
