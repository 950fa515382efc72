/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options and output of `tlsfit matrix`. See matrix_options.h. In: words. Out: options; a file, or standard output.
 */
#include "matrix_options.h"

#include "cli.h"
#include "input.h"
#include "select.h"
#include "terminal.h"

#include <string.h>

static const char summary[] =
    "Shows which devices can handle which chains or handshakes, and why not: one row a device, one column an input.\n"
    "Inputs are certificate chains (PEM or DER), or captures; '-' is standard input with either. In a capture a device\n"
    "is judged on what the server sent, as if it had been there; what the server chose for another client's offer is\n"
    "unknown for it.";

static const char description[] =
    "Examples:\n"
    "  tlsfit matrix -d all fullchain.pem --chain letsencrypt-e8\n"
    "  tlsfit matrix -d kind=modem -o fleet.html tickets/*.pcapng\n"
    "  tlsfit matrix -d 'mbedtls-*',inventek-ism43362 --format csv *.pem\n\n"
    "Exit status: 0 all fits, 1 something that a device cannot handle, 3 nothing wrong found but something unknown, 2 bad\n"
    "usage or input.\n";

void tlsfit_matrix_options_clear(TlsfitMatrixOptions *options)
{
    g_strfreev(options->devices);
    g_free(options->directory);
    g_free(options->version);
    g_free(options->suite);
    g_strfreev(options->chains);
    g_free(options->keylog);
    g_free(options->format);
    g_free(options->output);
    g_strfreev(options->files);
}

static gboolean has_ending(const char *path)
{
    g_autofree char *base = g_path_get_basename(path);
    const char *dot = strrchr(base, '.');

    return dot != NULL && dot != base && !g_str_has_prefix(path, "/dev/");
}

/* The format by its name, or by the end of the file's name. */
static gboolean find_format(TlsfitMatrixOptions *options)
{
    static const struct {
        const char *name;
        const char *end;
        TlsfitMatrixFormat format;
    } formats[] = {
        { "text", ".txt", TLSFIT_MATRIX_TEXT }, { "csv", ".csv", TLSFIT_MATRIX_CSV },
        { "json", ".json", TLSFIT_MATRIX_JSON }, { "html", ".html", TLSFIT_MATRIX_HTML },
    };

    options->as = TLSFIT_MATRIX_TEXT;
    if (options->json && options->format != NULL && !g_str_equal(options->format, "json")) {
        tlsfit_cli_error("--json and --format %s: give one of them", options->format);
        return FALSE;
    }
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        const gboolean named = options->format != NULL    ? g_str_equal(options->format, formats[i].name)
                               : options->json            ? formats[i].format == TLSFIT_MATRIX_JSON
                               : options->output != NULL ? g_str_has_suffix(options->output, formats[i].end)
                                                          : formats[i].format == TLSFIT_MATRIX_TEXT;

        if (named) {
            options->as = formats[i].format;
            return TRUE;
        }
    }
    if (options->format != NULL) {
        tlsfit_cli_error("no format '%s': text, csv, json or html", options->format);
        return FALSE;
    }
    if (has_ending(options->output)) {
        tlsfit_cli_error("-o %s: the ending says what to write: .txt, .csv, .json or .html; or give --format",
                         options->output);
        return FALSE;
    }
    return TRUE;
}

gboolean tlsfit_matrix_options_parse(TlsfitMatrixOptions *options, int argc, char **argv)
{
    const GOptionEntry entries[] = {
        { "device", 'd', 0, G_OPTION_ARG_STRING_ARRAY, &options->devices, TLSFIT_SELECT_HELP, "DEVICE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &options->directory, "a directory with more profiles", "DIR" },
        { "chain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->chains,
          "a public chain that a profile describes; 'tlsfit check --chain list' shows them", "NAME" },
        { "version", 0, 0, G_OPTION_ARG_STRING, &options->version,
          "chains: assume that the server chooses this version", "TLS1.2" },
        { "suite", 0, 0, G_OPTION_ARG_STRING, &options->suite,
          "chains: assume that the server chooses this cipher suite", "SUITE" },
        { "keylog", 0, 0, G_OPTION_ARG_FILENAME, &options->keylog, "captures: a file of TLS secrets (SSLKEYLOGFILE)",
          "FILE" },
        { "jobs", 'j', 0, G_OPTION_ARG_INT, &options->jobs, "captures: processes at a time", "N" },
        { "format", 0, 0, G_OPTION_ARG_STRING, &options->format,
          "text, csv, json or html; without it the end of FILE's name says", "FORMAT" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &options->json, "the same as --format json", NULL },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, "write to FILE", "FILE" },
        TLSFIT_COLOUR_OPTION,
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->files, NULL, "CHAIN.pem...|CAPTURE..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };

    if (!tlsfit_cli_parse(summary, description, entries, &argc, &argv)) {
        return FALSE;
    }
    if (options->files == NULL && options->chains == NULL) {
        tlsfit_cli_error("matrix needs chains or captures; 'tlsfit matrix --help' tells more");
        return FALSE;
    }
    return tlsfit_select_given(options->devices, "matrix") && tlsfit_cli_jobs(options->jobs) && find_format(options) &&
           tlsfit_input_spared(options->output, options->files);
}

TlsfitMatrix *tlsfit_matrix_of_devices(const GPtrArray *devices, const char *columns)
{
    TlsfitMatrix *matrix = tlsfit_matrix_new(columns);

    for (guint i = 0; i < devices->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(devices, i);

        tlsfit_matrix_add_row(matrix, tlsfit_device_id(device), tlsfit_device_name(device));
    }
    return matrix;
}

gboolean tlsfit_matrix_options_write(const TlsfitMatrixOptions *options, const TlsfitMatrix *matrix)
{
    const gboolean text = options->as == TLSFIT_MATRIX_TEXT;
    const gboolean colours = text && options->output == NULL && tlsfit_terminal()->colour;
    g_autofree char *report = tlsfit_matrix_report(matrix, colours ? TLSFIT_MATRIX_TEXT_COLOUR : options->as);
    g_autoptr(GString) out = g_string_new(report);

    return tlsfit_cli_write(options->output, out, !text);
}
