/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit matrix`: devices by chains. Captures go on to the program that reads them, with the same words.
 *
 * In: chains, device ids. Out: a matrix as text, CSV, JSON or HTML, and an exit status.
 */
#include "cli.h"
#include "dry.h"
#include "matrix_options.h"
#include "select.h"

#include <stdio.h>
#include <string.h>

/* How a capture file begins: pcapng, pcap in both byte orders and with nanoseconds, anything compressed (gzip, zstd, lz4),
 * snoop. */
static gboolean begins_like_capture(const char *path)
{
    static const struct {
        const char *bytes;
        gsize       length;
    } beginnings[] = {
        { "\x0a\x0d\x0d\x0a", 4 }, { "\xd4\xc3\xb2\xa1", 4 }, { "\xa1\xb2\xc3\xd4", 4 }, { "\x4d\x3c\xb2\xa1", 4 },
        { "\xa1\xb2\x3c\x4d", 4 }, { "\x1f\x8b", 2 },         { "\x28\xb5\x2f\xfd", 4 }, { "\x04\x22\x4d\x18", 4 },
        { "snoop", 6 },
    };
    char begin[8] = { 0 };
    FILE *file = fopen(path, "rb");
    gsize count = 0;

    if (file != NULL) {
        count = fread(begin, 1, sizeof begin, file);
        fclose(file);
    }
    for (guint i = 0; i < G_N_ELEMENTS(beginnings); i++) {
        if (count >= beginnings[i].length && memcmp(begin, beginnings[i].bytes, beginnings[i].length) == 0) {
            return TRUE;
        }
    }
    return FALSE;
}

/* A file that is not there, or holds nothing known, is none: reading it as a chain gives the message. */
static gboolean is_capture(const char *path)
{
    return !g_str_equal(path, "-") && g_file_test(path, G_FILE_TEST_IS_REGULAR) && begins_like_capture(path);
}

static guint count_captures(const TlsfitMatrixOptions *options)
{
    guint captures = 0;

    for (guint i = 0; options->files != NULL && options->files[i] != NULL; i++) {
        captures += is_capture(options->files[i]) ? 1 : 0;
    }
    return captures;
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

    for (guint i = 0; i < chains->len; i++) {
        const TlsfitChainInput *chain = g_ptr_array_index(chains, i);
        g_autofree char *name = column_name(chain);
        g_autofree char *id = chain->described ? g_strdup(chain->name) : tlsfit_matrix_short_path(options, chain->name);
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
    guint captures;

    for (int i = 0; i < argc; i++) {
        words[i] = g_strdup(argv[i]);
    }
    if (!tlsfit_matrix_options_parse(&options, argc, argv)) {
        return TLSFIT_EXIT_USAGE;
    }
    captures = count_captures(&options);
    if (captures == 0) {
        return run_chains(&options);
    }
    if (options.chains != NULL || captures < g_strv_length(options.files)) {
        tlsfit_cli_error("chains and captures do not go into one matrix: call it once for each");
        return TLSFIT_EXIT_USAGE;
    }
    return tlsfit_cli_capture(argc, words);
}
