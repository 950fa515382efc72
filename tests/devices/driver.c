/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every built-in device can and cannot do, as data: cases/<id>.ini has at least one line that turns on one of
 * the device's own limits (cannot) and one that it can handle (can). A device without such a file, or with a file that
 * lacks either, fails.
 *
 *   cannot = RULE: version=TLS1.3 suite=NAME group=NAME scheme=NAME dh=BITS chain=FILE,FILE bytes=N
 *   can    = the same without RULE
 *       what a server answers; the rules judge it. RULE must be among the findings that speak against the device.
 *   cannot = hello: version=TLS1.0 suite=NAME         what a client offers to a service: none of it, or all of it
 *   cannot = number: limits.record_bytes_max=20000    a number of the profile
 *   cannot = client: scheme=NAME                      what a client must sign with
 *   cannot = chain: DEVICE=NAME                       a chain that the service sends, and another device
 *   cannot = feature: sni=yes                         a word of [features] that is another one
 *
 * In: the folder of cases, a folder of certificates. Out: a line a failure. Reads no capture.
 */
#include "tlsfit.h"

#include <stdio.h>
#include <string.h>

static const char *certificates_folder;
static guint failures;

static void fail(const char *id, const char *line, const char *why)
{
    printf("FAIL %s: %s: %s\n", id, line, why);
    failures++;
}

static guint code(TlsfitNameKind kind, const char *name)
{
    guint value = 0;

    if (!tlsfit_name_parse(kind, name, &value))
        g_error("\"%s\" is no name", name);
    return value;
}

static void add_chain(TlsfitMessage *message, const char *files)
{
    g_auto(GStrv) names = g_strsplit(files, ",", -1);

    message->side = TLSFIT_SERVER;
    message->type = TLSFIT_HS_CERTIFICATE;
    message->bytes = 7;
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *path = g_strdup_printf("%s/%s.pem", certificates_folder, names[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) read = tlsfit_certificates_from_file(path, &error);
        const TlsfitPlace place = {0, 0, 0};

        if (read == NULL)
            g_error("%s", error->message);
        const TlsfitCertificate *certificate = g_ptr_array_index(read, 0);
        tlsfit_message_add_certificate(message, g_bytes_get_data(certificate->der, NULL), certificate->bytes, place);
        message->bytes += 3 + certificate->bytes;
    }
}

/* One word of a line, KEY=VALUE, into the three messages of a server's flight. */
static void add_word(const char *key, const char *value, TlsfitMessage messages[3])
{
    if (strcmp(key, "version") == 0) {
        messages[0].version = (guint16)code(TLSFIT_NAME_VERSION, value);
        if (messages[0].version == 0x0304) {
            tlsfit_codes_add(&messages[0].versions, 0x0304);
            messages[0].version = 0x0303;
        }
    } else if (strcmp(key, "suite") == 0) {
        tlsfit_codes_add(&messages[0].cipher_suites, code(TLSFIT_NAME_CIPHER_SUITE, value));
    } else if (strcmp(key, "chain") == 0) {
        add_chain(&messages[1], value);
    } else if (strcmp(key, "bytes") == 0) {
        messages[1].bytes = (guint32)g_ascii_strtoull(value, NULL, 10);
    } else if (strcmp(key, "group") == 0) {
        messages[2].named_curve = code(TLSFIT_NAME_GROUP, value);
    } else if (strcmp(key, "scheme") == 0) {
        tlsfit_codes_add(&messages[2].schemes, code(TLSFIT_NAME_SIGNATURE_SCHEME, value));
    } else if (strcmp(key, "dh") == 0) {
        messages[2].dh_bits = (guint)g_ascii_strtoull(value, NULL, 10);
    } else {
        g_error("no word \"%s\"", key);
    }
}

/* The session of a server's answer, judged for DEVICE. */
static TlsfitSession *answer(TlsfitDevice *device, const char *words)
{
    TlsfitSession *session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    const TlsfitView view = {.device = device, .device_source = "preference", .stall_ms = TLSFIT_STALL_MS_DEFAULT};
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    static const guint types[] = {TLSFIT_HS_SERVER_HELLO, TLSFIT_HS_CERTIFICATE, TLSFIT_HS_SERVER_KEY_EXCHANGE};
    TlsfitMessage messages[3];
    gboolean has[3] = {FALSE, FALSE, FALSE};

    for (guint i = 0; i < 3; i++) {
        tlsfit_message_init(&messages[i]);
        messages[i].side = TLSFIT_SERVER;
        messages[i].type = types[i];
    }
    messages[0].version = 0x0303;
    for (guint i = 0; parts[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(parts[i], "=", 2);

        if (pair[0] == NULL || pair[1] == NULL)
            continue;
        add_word(pair[0], pair[1], messages);
        has[0] = TRUE;
        has[1] = has[1] || strcmp(pair[0], "chain") == 0;
        has[2] = has[2] || strchr("gd", *pair[0]) != NULL || strcmp(pair[0], "scheme") == 0;
    }
    for (guint i = 0; i < 3; i++) {
        if (has[i])
            tlsfit_session_add_message(session, &messages[i], 0);
        tlsfit_message_clear(&messages[i]);
    }
    tlsfit_session_judge_dry(session, &view);
    return session;
}

/* RULE, or any rule where it is NULL, speaks against the device. */
static gboolean speaks_against(const TlsfitSession *session, const char *rule)
{
    const GPtrArray *findings = tlsfit_session_findings(session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status >= TLSFIT_SUSPECT && (rule == NULL || strcmp(finding->rule, rule) == 0))
            return TRUE;
    }
    return FALSE;
}

static TlsfitStatus set_status(const TlsfitDevice *device, TlsfitSet set, TlsfitNameKind kind, const char *name)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code(kind, name));

    return verdict.status;
}

static TlsfitStatus number_status(const TlsfitDevice *device, const char *key, const char *value)
{
    static const char *const keys[] = {
#define TLSFIT_NUMBER(section, name, lowest, highest, unit, meaning) #section "." #name,
#include "device_keys.def"
    };

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (strcmp(keys[i], key) == 0) {
            g_auto(TlsfitVerdict) verdict = tlsfit_device_number(device, (TlsfitNumber)i,
                                                                 g_ascii_strtoull(value, NULL, 10));
            return verdict.status;
        }
    }
    g_error("no number \"%s\"", key);
}

/* The profile has another word: cannot; the same: ok. */
static TlsfitStatus feature_status(const TlsfitDevice *device, const char *key, const char *value)
{
    static const char *const keys[] = {
#define TLSFIT_FEATURE(name, words, meaning) #name,
#include "device_keys.def"
    };

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        const char *word = strcmp(keys[i], key) == 0 ? tlsfit_device_feature(device, (TlsfitFeature)i, NULL) : NULL;
        if (word != NULL)
            return strcmp(word, value) == 0 ? TLSFIT_OK : TLSFIT_CANNOT;
    }
    return TLSFIT_UNKNOWN;
}

/* DEVICE=CHAIN: what the device says of the keys and the signatures in a chain that a service describes. */
static TlsfitStatus chain_status(TlsfitLibrary *library, const char *id, const char *name)
{
    const TlsfitDevice *device = tlsfit_library_find(library, id);
    const TlsfitChain *chain = tlsfit_library_chain(library, name);
    TlsfitStatus worst = TLSFIT_OK;

    if (device == NULL || chain == NULL)
        g_error("no device \"%s\" or no chain \"%s\"", id, name);
    for (guint i = 0; i < chain->links->len; i++) {
        const TlsfitChainLink *link = &g_array_index(chain->links, TlsfitChainLink, i);
        g_auto(TlsfitVerdict) signature = tlsfit_device_code(device, TLSFIT_SET_CERTIFICATE_SIGNATURES,
                                                             link->signature);
        g_auto(TlsfitVerdict) type = tlsfit_device_code(device, TLSFIT_SET_KEY_TYPES, link->key_type);
        g_auto(TlsfitVerdict) bits = {TLSFIT_OK, NULL, NULL};

        if (link->key_type == TLSFIT_KEY_RSA)
            bits = tlsfit_device_number(device, TLSFIT_NUMBER_rsa_bits_max, link->key_bits);
        worst = MAX(worst, MAX(signature.status, MAX(type.status, bits.status)));
    }
    return worst;
}

/* Worst of the words for cannot, best of them for can: one thing in common is enough, one limit too. */
static gboolean direct(TlsfitLibrary *library, const TlsfitDevice *device, const char *kind, const char *words,
                       gboolean cannot)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", -1);
    gboolean hit = FALSE;

    for (guint i = 0; parts[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(parts[i], "=", 2);
        TlsfitStatus status = TLSFIT_UNKNOWN;

        if (pair[0] == NULL || pair[1] == NULL)
            continue;
        if (strcmp(kind, "number") == 0)
            status = number_status(device, pair[0], pair[1]);
        else if (strcmp(kind, "feature") == 0)
            status = feature_status(device, pair[0], pair[1]);
        else if (strcmp(kind, "chain") == 0)
            status = chain_status(library, pair[0], pair[1]);
        else if (strcmp(kind, "client") == 0)
            status = set_status(device, TLSFIT_SET_CLIENT_SCHEMES, TLSFIT_NAME_SIGNATURE_SCHEME, pair[1]);
        else if (strcmp(pair[0], "version") == 0)
            status = set_status(device, TLSFIT_SET_VERSIONS, TLSFIT_NAME_VERSION, pair[1]);
        else if (strcmp(pair[0], "group") == 0)
            status = set_status(device, TLSFIT_SET_GROUPS, TLSFIT_NAME_GROUP, pair[1]);
        else
            status = set_status(device, TLSFIT_SET_CIPHER_SUITES, TLSFIT_NAME_CIPHER_SUITE, pair[1]);
        if (!cannot && status != TLSFIT_OK)
            return FALSE;
        hit = hit || (cannot ? status >= TLSFIT_SUSPECT : TRUE);
    }
    return hit;
}

static void check_line(TlsfitLibrary *library, TlsfitDevice *device, const char *line, gboolean cannot)
{
    const char *id = tlsfit_device_id(device);
    const char *colon = strchr(line, ':');
    g_autofree char *head = colon != NULL ? g_strndup(line, (gsize)(colon - line)) : NULL;
    const char *words = colon != NULL ? colon + 1 : line;

    if (head != NULL && strstr("hello number client feature chain", head) != NULL) {
        if (!direct(library, device, head, words, cannot))
            fail(id, line, cannot ? "nothing in the profile speaks against it" : "the profile does not say that it can");
        return;
    }
    g_autoptr(TlsfitSession) session = answer(device, words);
    if (cannot && (head == NULL || tlsfit_rule_index(head) < 0))
        fail(id, line, "does not begin with a rule");
    else if (cannot && !speaks_against(session, head))
        fail(id, line, "the rule finds nothing");
    else if (!cannot && speaks_against(session, NULL))
        fail(id, line, "a rule speaks against the device");
}

static void check_device(TlsfitLibrary *library, const char *folder, TlsfitDevice *device)
{
    const char *id = tlsfit_device_id(device);
    g_autofree char *path = g_strdup_printf("%s/%s.ini", folder, id);
    g_autoptr(GKeyFile) file = g_key_file_new();
    guint counted[2] = {0, 0};

    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL)) {
        fail(id, path, "there is no such case");
        return;
    }
    g_auto(GStrv) keys = g_key_file_get_keys(file, "device", NULL, NULL);
    for (guint i = 0; keys != NULL && keys[i] != NULL; i++) {
        g_autofree char *line = g_key_file_get_string(file, "device", keys[i], NULL);
        gboolean cannot = g_str_has_prefix(keys[i], "cannot");

        if (!g_str_has_prefix(keys[i], "can"))
            continue;
        counted[cannot]++;
        check_line(library, device, line, cannot);
    }
    if (counted[0] == 0 || counted[1] == 0)
        fail(id, path, "needs at least one line cannot and one line can");
}

int main(int argc, char **argv)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    if (argc != 3)
        return 2;
    certificates_folder = argv[2];
    tlsfit_library_add_builtin(library);
    tlsfit_library_finish(library);
    const GPtrArray *devices = tlsfit_library_devices(library);
    for (guint i = 0; i < devices->len; i++)
        check_device(library, argv[1], g_ptr_array_index(devices, i));
    printf("%u devices, %u failures\n", devices->len, failures);
    return failures > 0 || devices->len < 60 ? 1 : 0;
}
