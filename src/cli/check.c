/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit check`: a chain against devices, without a capture.
 *
 * In: certificate files or names of chains that a service's profile describes, device ids, an assumed version and
 * suite. Out: a table or JSON, and an exit status for build servers. Each file is one chain; index 0 is its first
 * certificate.
 */
#include "cli.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

typedef struct {
    char    *devices;
    char    *directory;
    char    *version;
    char    *suite;
    gboolean json;
    char   **chains; /* names */
    char   **files;
} Options;

static void options_clear(Options *options)
{
    g_free(options->devices);
    g_free(options->directory);
    g_free(options->version);
    g_free(options->suite);
    g_strfreev(options->chains);
    g_strfreev(options->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean parse(Options *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "device", 'd', 0, G_OPTION_ARG_STRING, &options->devices, "device ids, separated by commas, or 'all'",
          "DEVICE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &options->directory, "a directory with more profiles", "DIR" },
        { "version", 0, 0, G_OPTION_ARG_STRING, &options->version, "assume that the server chooses this version",
          "TLS1.2" },
        { "suite", 0, 0, G_OPTION_ARG_STRING, &options->suite, "assume that the server chooses this cipher suite",
          "SUITE" },
        { "chain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->chains,
          "a chain that a service's profile describes, such as letsencrypt-ye1", "NAME" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "JSON, one line for each device and chain", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "CHAIN.pem..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_set_summary(context, "Checks certificate chains (PEM or DER, the end-entity certificate first) "
                                          "against devices.");
    g_option_context_set_description(context, "Examples:\n  tlsfit check -d inventek-ism43362 fullchain.pem\n"
                                              "  tlsfit check -d all --version TLS1.2 fullchain.pem\n"
                                              "  tlsfit check -d inventek-ism43362 --chain letsencrypt-ye1\n\n"
                                              "Exit status: 0 all fits, 1 something that a device cannot handle, 3 "
                                              "nothing wrong found but something unknown, 2 bad usage or input.\n");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        tlsfit_cli_error("%s; 'tlsfit check --help' tells more", error->message);
        return FALSE;
    }
    if ((options->files == NULL && options->chains == NULL) || options->devices == NULL) {
        tlsfit_cli_error("check needs a device (-d) and at least one chain file or --chain; 'tlsfit check --help' tells more");
        return FALSE;
    }
    return TRUE;
}

/* The devices of -d; NULL after a message. */
static GPtrArray *select_devices(TlsfitLibrary *library, const char *list)
{
    g_autoptr(GPtrArray) devices = g_ptr_array_new();
    g_auto(GStrv) ids = g_strsplit(list, ",", -1);

    if (g_str_equal(list, "all")) {
        const GPtrArray *all = tlsfit_library_devices(library);

        for (guint i = 0; i < all->len; i++) {
            if (tlsfit_device_role(g_ptr_array_index(all, i)) == TLSFIT_CLIENT) {
                g_ptr_array_add(devices, g_ptr_array_index(all, i));
            }
        }
    }
    for (guint i = 0; ids[i] != NULL && !g_str_equal(list, "all"); i++) {
        TlsfitDevice *device = tlsfit_library_find(library, ids[i]);

        if (device == NULL) {
            g_autofree char *near = tlsfit_library_suggest(library, ids[i]);

            tlsfit_cli_error("no device '%s'%s%s; 'tlsfit devices' lists them", ids[i],
                             near != NULL ? ", did you mean " : "", near != NULL ? near : "");
            return NULL;
        }
        g_ptr_array_add(devices, device);
    }
    return g_steal_pointer(&devices);
}

static guint32 certificate_message_bytes(const GPtrArray *chain)
{
    guint32 bytes = 4 + 3; /* RFC 5246, 7.4.2: header, length of the list, then a length before each certificate */

    for (guint i = 0; i < chain->len; i++) {
        const TlsfitCertificate *certificate = g_ptr_array_index(chain, i);

        if (certificate->bytes == 0) { /* a description without a size */
            return 0;
        }
        bytes += 3 + certificate->bytes;
    }
    return bytes;
}

/* What a server would have sent. FALSE after a message: a name that is none. */
static gboolean feed_choice(TlsfitSession *session, const Options *options)
{
    TlsfitMessage hello;
    guint code = 0;

    if (options->version == NULL && options->suite == NULL) {
        return TRUE;
    }
    tlsfit_message_init(&hello);
    hello.side = TLSFIT_SERVER;
    hello.type = TLSFIT_HS_SERVER_HELLO;
    hello.version = 0x0303;
    if (options->version != NULL && tlsfit_name_parse(TLSFIT_NAME_VERSION, options->version, &code)) {
        tlsfit_codes_add(&hello.versions, code);
    } else if (options->version != NULL) {
        tlsfit_cli_error("no version '%s'; write it like TLS1.2", options->version);
        return FALSE;
    }
    if (options->suite != NULL && tlsfit_name_parse(TLSFIT_NAME_CIPHER_SUITE, options->suite, &code)) {
        tlsfit_codes_add(&hello.cipher_suites, code);
    } else if (options->suite != NULL) {
        tlsfit_cli_error("no cipher suite '%s'; write its IANA name or number", options->suite);
        tlsfit_message_clear(&hello);
        return FALSE;
    }
    tlsfit_session_add_message(session, &hello, 0);
    return TRUE;
}

static TlsfitSession *session_of(const GPtrArray *chain, const Options *options)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(0, TLSFIT_OVER_TLS);
    TlsfitMessage message;

    if (!feed_choice(session, options)) {
        return NULL;
    }
    tlsfit_message_init(&message);
    message.side = TLSFIT_SERVER;
    message.type = TLSFIT_HS_CERTIFICATE;
    message.bytes = certificate_message_bytes(chain);
    for (guint i = 0; i < chain->len; i++) {
        const TlsfitPlace place = { 0, 0, 0 };

        tlsfit_message_add_known(&message, g_ptr_array_index(chain, i), place);
    }
    tlsfit_session_start(session, g_get_real_time() / G_USEC_PER_SEC); /* dates are judged as of today */
    tlsfit_session_add_message(session, &message, 0);
    return g_steal_pointer(&session);
}

static void print_table(const TlsfitSession *session, const char *file)
{
    const TlsfitDevice *device = tlsfit_session_device(session);
    const GPtrArray *findings = tlsfit_session_findings(session);
    g_autofree char *unknowns = tlsfit_session_unknowns(session);
    const TlsfitStatus status = tlsfit_session_status(session);

    printf("%-8s %s: %s\n", status == TLSFIT_OK ? "fits" : tlsfit_status_name(status), tlsfit_device_id(device), file);
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->status == TLSFIT_UNKNOWN) {
            continue;
        }
        printf("  %-7s %s: %s\n          %s: %s\n", tlsfit_status_name(finding->status), finding->subject,
               finding->observed, finding->rule, finding->limit != NULL ? finding->limit : "");
        if (finding->source != NULL) {
            printf("          source: %s (%s)\n", finding->source->where,
                   tlsfit_confidence_name(finding->source->confidence));
        }
        if (finding->fix_server != NULL) {
            printf("          fix:    %s\n", finding->fix_server);
        }
    }
    if (unknowns != NULL) {
        printf("  unknown %s\n", unknowns);
    }
}

static void print_json(const TlsfitSession *session, const char *file)
{
    g_autofree char *report = tlsfit_report_json(session);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) judgement = json_from_string(report, NULL);
    g_autofree char *text = NULL;

    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "file");
    json_builder_add_string_value(builder, file);
    json_builder_set_member_name(builder, "judgement");
    json_builder_add_value(builder, g_steal_pointer(&judgement));
    json_builder_end_object(builder);

    g_autoptr(JsonNode) root = json_builder_get_root(builder);

    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, NULL);
    puts(text);
}

static int exit_status(TlsfitStatus worst)
{
    return worst == TLSFIT_OK ? TLSFIT_EXIT_FITS : worst == TLSFIT_UNKNOWN ? TLSFIT_EXIT_UNKNOWN : TLSFIT_EXIT_CANNOT;
}

/* One chain against every device; the worst status, or -1 after a message. */
static int check_chain(const GPtrArray *chain, const char *file, const GPtrArray *devices, const Options *options)
{
    g_autoptr(TlsfitSession) session = session_of(chain, options);
    TlsfitStatus worst = TLSFIT_OK;

    if (session == NULL) {
        return -1;
    }
    for (guint i = 0; i < devices->len; i++) {
        const TlsfitView view = { .device = g_ptr_array_index(devices, i), .device_source = "preference",
                                  .stall_ms = TLSFIT_STALL_MS_DEFAULT };

        tlsfit_session_judge_dry(session, &view);
        worst = MAX(worst, tlsfit_session_status(session));
        if (options->json) {
            print_json(session, file);
        } else {
            print_table(session, file);
        }
    }
    return (int)worst;
}

static int check_file(const char *file, const GPtrArray *devices, const Options *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) chain = tlsfit_certificates_from_file(file, &error);

    if (chain == NULL) {
        tlsfit_cli_error("%s", error->message);
        return -1;
    }
    return check_chain(chain, file, devices, options);
}

static int check_name(TlsfitLibrary *library, const char *name, const GPtrArray *devices, const Options *options)
{
    const TlsfitChain *described = tlsfit_library_chain(library, name);

    if (described == NULL) {
        tlsfit_cli_error("no profile describes a chain '%s'; 'tlsfit devices show lets-encrypt' has some", name);
        return -1;
    }
    g_autoptr(GPtrArray) chain = tlsfit_chain_certificates(described);
    return check_chain(chain, name, devices, options);
}

int tlsfit_cli_check(int argc, char **argv)
{
    g_auto(Options) options = { 0 };
    g_autoptr(TlsfitLibrary) library = NULL;
    g_autoptr(GPtrArray) devices = NULL;
    int worst = TLSFIT_OK;
    gboolean failed = FALSE;

    if (!parse(&options, argc, argv)) {
        return TLSFIT_EXIT_USAGE;
    }
    library = tlsfit_cli_library(options.directory);
    /* what can be done is done, but a directory that is not there is bad input all the same */
    failed = options.directory != NULL && !g_file_test(options.directory, G_FILE_TEST_IS_DIR);
    devices = select_devices(library, options.devices);
    if (devices == NULL) {
        return TLSFIT_EXIT_USAGE;
    }
    for (guint i = 0; options.chains != NULL && options.chains[i] != NULL; i++) {
        const int status = check_name(library, options.chains[i], devices, &options);

        failed = failed || status < 0;
        worst = MAX(worst, status);
    }
    for (guint i = 0; options.files != NULL && options.files[i] != NULL; i++) {
        const int status = check_file(options.files[i], devices, &options);

        failed = failed || status < 0;
        worst = MAX(worst, status);
    }
    return failed ? TLSFIT_EXIT_USAGE : exit_status((TlsfitStatus)worst);
}
