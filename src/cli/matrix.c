/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit matrix`: devices by chains. Captures go on to the program that reads them, with the same words.
 *
 * In: chains, device ids. Out: a matrix as text, CSV, JSON or HTML, and an exit status.
 */
#include "cli.h"
#include "dry.h"
#include "input.h"
#include "matrix_options.h"
#include "select.h"

/* An option that would change nothing is an error: who gives it expects that it does. */
static gboolean options_fit(const TlsfitMatrixOptions *options, gboolean chains, gboolean captures)
{
    if (captures && (options->version != NULL || options->suite != NULL)) {
        tlsfit_cli_error("--version and --suite are for chains: in a capture the server has chosen");
        return FALSE;
    }
    if (chains && options->keylog != NULL) {
        tlsfit_cli_error("--keylog is for captures: a chain is not encrypted");
        return FALSE;
    }
    return TRUE;
}

/* Chains or captures, and what is neither by its beginning goes with the others. FALSE, when that has been said: there
 * are both, or an option is for the others. */
static gboolean find_kind(const TlsfitMatrixOptions *options, gboolean *captures)
{
    gboolean there[TLSFIT_INPUTS] = { FALSE };
    gboolean chains;

    for (guint i = 0; options->files != NULL && options->files[i] != NULL; i++) {
        there[tlsfit_input_of(options->files[i])] = TRUE;
    }
    chains = there[TLSFIT_INPUT_CHAIN] || options->chains != NULL;
    *captures = there[TLSFIT_INPUT_CAPTURE] || (there[TLSFIT_INPUT_OTHER] && !chains && tlsfit_cli_has_capture());
    if (chains && *captures) {
        tlsfit_cli_error("chains and captures do not go into one matrix: call it once for each");
        return FALSE;
    }
    return options_fit(options, chains, *captures);
}

static char *column_name(const TlsfitChainInput *chain)
{
    const TlsfitCertificate *first = g_ptr_array_index(chain->certificates, 0);
    g_autofree char *brief = tlsfit_certificate_brief(first, chain->described);

    return g_strdup_printf("%u certificate%s, the first: %s", chain->certificates->len,
                           chain->certificates->len == 1 ? "" : "s", brief);
}

static TlsfitMatrix *matrix_of(const TlsfitMatrixOptions *options, const GPtrArray *devices, const GPtrArray *chains,
                               const TlsfitAssumed *assumed)
{
    TlsfitMatrix *matrix = tlsfit_matrix_of_devices(devices, "chain");
    g_autoptr(GPtrArray) checked = tlsfit_dry_check(chains, devices, assumed);
    const gsize common = tlsfit_input_common(options->files);

    for (guint i = 0; i < chains->len; i++) {
        const TlsfitChainInput *chain = g_ptr_array_index(chains, i);
        g_autofree char *name = column_name(chain);
        const char *id = chain->described ? chain->name : tlsfit_input_shown(chain->name + common);
        const guint column = tlsfit_matrix_add_column(matrix, id, name);

        for (guint row = 0; row < devices->len; row++) {
            const TlsfitChecked *one = g_ptr_array_index(checked, i * devices->len + row);

            tlsfit_matrix_set_session(matrix, row, column, one->session);
        }
    }
    return matrix;
}

static int run_chains(const TlsfitMatrixOptions *options)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_cli_library(options->directory);
    g_autoptr(GPtrArray) devices = tlsfit_select_devices(library, options->devices);
    g_autoptr(GPtrArray) chains = NULL;
    g_autoptr(TlsfitMatrix) matrix = NULL;
    TlsfitAssumed assumed;
    gboolean failed = FALSE;

    if (devices == NULL || !tlsfit_assumed_parse(options->version, options->suite, &assumed)) {
        return TLSFIT_EXIT_USAGE;
    }
    chains = tlsfit_chain_inputs(library, options->chains, options->files, &failed);
    if (chains->len == 0) {
        return TLSFIT_EXIT_USAGE;
    }
    matrix = matrix_of(options, devices, chains, &assumed);
    if (!tlsfit_matrix_options_write(options, matrix) || failed) {
        return TLSFIT_EXIT_USAGE;
    }
    return tlsfit_dry_exit(tlsfit_matrix_status(matrix));
}

int tlsfit_cli_matrix(int argc, char **argv)
{
    g_auto(TlsfitMatrixOptions) options = { 0 };
    g_auto(GStrv) words = g_new0(char *, (gsize)argc + 1); /* parsing moves what it has read */
    gboolean captures;

    for (int i = 0; i < argc; i++) {
        words[i] = g_strdup(argv[i]);
    }
    if (!tlsfit_matrix_options_parse(&options, argc, argv)) {
        return TLSFIT_EXIT_USAGE;
    }
    if (!find_kind(&options, &captures)) {
        return TLSFIT_EXIT_USAGE;
    }
    return captures ? tlsfit_cli_capture(argc, words) : run_chains(&options);
}
