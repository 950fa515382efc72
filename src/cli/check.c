/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit check`: a chain against devices, without a capture.
 *
 * In: certificate files or names of chains that a service's profile describes, device ids, an assumed version and
 * suite. Out: a table, details or JSON, and an exit status for build servers.
 */
#include "check.h"

#include "cli.h"
#include "input.h"
#include "output.h"
#include "select.h"
#include "terminal.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char   **devices;
    char    *directory;
    char    *version;
    char    *suite;
    char    *output;
    gboolean json;
    gboolean details;
    char   **chains; /* names */
    char   **files;
} Options;

static void options_clear(Options *options)
{
    g_strfreev(options->devices);
    g_free(options->directory);
    g_free(options->version);
    g_free(options->suite);
    g_free(options->output);
    g_strfreev(options->chains);
    g_strfreev(options->files);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static const char summary[] =
    "Checks certificate chains against devices: which certificate, or which choice of a server, a device cannot handle.\n"
    "A chain is a file in PEM or DER, the end-entity certificate first, judged in the order of the file as a server would\n"
    "send it; '-' is standard input. For one device the answer is in detail, for several it is a table.";

static const char description[] =
    "Examples:\n"
    "  tlsfit check -d inventek-ism43362 fullchain.pem\n"
    "  tlsfit check -d all --version TLS1.2 fullchain.pem\n"
    "  tlsfit check -d 'mbedtls-*',kind=modem fullchain.pem\n"
    "  tlsfit check -d inventek-ism43362 --chain letsencrypt-e8\n"
    "  tlsfit check --chain list\n"
    "  openssl s_client -showcerts -connect example.org:443 </dev/null | tlsfit check -d all -\n\n"
    "Exit status: 0 all fits, 1 something that a device cannot handle, 3 nothing wrong found but something unknown, 2 bad\n"
    "usage or input.\n";

static gboolean parse(Options *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "device", 'd', 0, G_OPTION_ARG_STRING_ARRAY, &options->devices, TLSFIT_SELECT_HELP, "DEVICE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &options->directory, "a directory with more profiles", "DIR" },
        { "version", 0, 0, G_OPTION_ARG_STRING, &options->version, "assume that the server chooses this version",
          "TLS1.2" },
        { "suite", 0, 0, G_OPTION_ARG_STRING, &options->suite, "assume that the server chooses this cipher suite",
          "SUITE" },
        { "chain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->chains,
          "a public chain that a profile describes, such as letsencrypt-e8; 'list' shows them", "NAME" },
        { "details", 0, 0, G_OPTION_ARG_NONE, &options->details, "everything that was found, for several devices too",
          NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "JSON, for programs (doc/schema/check.schema.json)", NULL },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "write to FILE", "FILE" },
        TLSFIT_COLOUR_OPTION,
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "CHAIN.pem..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };

    return tlsfit_cli_parse(summary, description, entries, &argc, &argv);
}

static gboolean wants_list(const Options *options)
{
    return options->chains != NULL && g_strv_contains((const char *const *)options->chains, "list");
}

static gboolean is_complete(const Options *options)
{
    if (options->files == NULL && options->chains == NULL) {
        tlsfit_cli_error("check needs a file with a certificate chain, or --chain; 'tlsfit check --help' tells more");
        return FALSE;
    }
    return tlsfit_select_given(options->devices, "check") && tlsfit_input_spared(options->output, options->files);
}

static gboolean show(const Options *options, const GPtrArray *chains, const GPtrArray *devices, const GPtrArray *checked,
                     const TlsfitAssumed *assumed, int status)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (options->json) {
        tlsfit_check_json(out, chains, checked, assumed, status);
    } else if (options->details || devices->len == 1) {
        tlsfit_check_details(out, checked);
    } else {
        tlsfit_check_table(out, chains, checked);
    }
    return tlsfit_cli_write(options->output, out, options->json);
}

int tlsfit_cli_check(int argc, char **argv)
{
    g_auto(Options) options = { 0 };
    g_autoptr(TlsfitLibrary) library = NULL;
    g_autoptr(GPtrArray) devices = NULL;
    g_autoptr(GPtrArray) chains = NULL;
    g_autoptr(GPtrArray) checked = NULL;
    TlsfitAssumed assumed;
    gboolean failed;
    int status;

    if (!parse(&options, argc, argv) || (!wants_list(&options) && !is_complete(&options)) ||
        !tlsfit_assumed_parse(options.version, options.suite, &assumed)) {
        return TLSFIT_EXIT_USAGE;
    }
    library = tlsfit_cli_library(options.directory);
    if (wants_list(&options)) {
        tlsfit_chain_list(library, options.json);
        return TLSFIT_EXIT_FITS;
    }
    /* what can be done is done, but a directory that is not there is bad input all the same */
    failed = options.directory != NULL && !g_file_test(options.directory, G_FILE_TEST_IS_DIR);
    devices = tlsfit_select_devices(library, options.devices);
    if (devices == NULL) {
        return TLSFIT_EXIT_USAGE;
    }
    chains = tlsfit_chain_inputs(library, options.chains, options.files, &failed);
    checked = tlsfit_dry_check(chains, devices, &assumed);
    status = failed ? TLSFIT_EXIT_USAGE : tlsfit_dry_exit(tlsfit_dry_worst(checked));
    if ((chains->len > 0 || options.json) && !show(&options, chains, devices, checked, &assumed, status)) {
        return TLSFIT_EXIT_USAGE;
    }
    return status;
}
