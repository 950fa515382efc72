/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit annotate`: captures in, findings out. See the text of --help below.
 */
#include "command.h"

#include <stdio.h>

typedef struct {
    char    *device;
    char    *directory;
    char    *report;
    char   **files;
    gboolean failed; /* a file could not be read to its end */
    guint    worst;  /* TlsfitStatus */
} Annotate;

static GVariant *visit(const CaptureHandshake *handshake, gpointer data)
{
    g_autofree char *json = tlsfit_report_json(handshake->session);

    (void)data;
    return g_variant_new("(us)", (guint32)tlsfit_session_status(handshake->session), json);
}

static gboolean collect(const CaptureFile *file, gpointer data)
{
    Annotate *annotate = data;

    if (file->problem != NULL) {
        tlsfit_cli_error("%s: %s", file->path, file->problem);
        annotate->failed = TRUE;
    }
    for (guint i = 0; i < file->handshakes->len; i++) {
        const char *json;
        guint32 status;

        g_variant_get(g_ptr_array_index(file->handshakes, i), "(u&s)", &status, &json);
        puts(json);
        annotate->worst = MAX(annotate->worst, status);
    }
    return TRUE;
}

int command_annotate(const char *program, int argc, char **argv)
{
    Annotate annotate = { 0 };
    const GOptionEntry entries[] = {
        { "device", 'd', 0, G_OPTION_ARG_STRING, &annotate.device, "the device to judge against", "DEVICE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &annotate.directory, "a directory with more profiles", "DIR" },
        { "report", 0, 0, G_OPTION_ARG_FILENAME, &annotate.report, "-: JSON lines", "-" },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &annotate.files, NULL, "CAPTURE..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error) || annotate.files == NULL) {
        tlsfit_cli_error("%s; 'tlsfit annotate --help' tells more", error ? error->message : "annotate needs a capture");
        return TLSFIT_EXIT_USAGE;
    }
    const CaptureOptions options = { .device = annotate.device, .device_path = annotate.directory };
    if (!capture_start(program, &options, &error)) {
        tlsfit_cli_error("%s", error->message);
        return TLSFIT_EXIT_USAGE;
    }
    capture_run((const char *const *)annotate.files, visit, collect, &annotate);
    if (annotate.failed)
        return TLSFIT_EXIT_USAGE;
    return annotate.worst == TLSFIT_OK ? TLSFIT_EXIT_FITS
           : annotate.worst == TLSFIT_UNKNOWN ? TLSFIT_EXIT_UNKNOWN : TLSFIT_EXIT_CANNOT;
}
