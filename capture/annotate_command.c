/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit annotate`: captures in; out: the same captures with the findings as packet comments, reports, or a table.
 *
 * Files that are written appear under their names when they are whole. No input is ever written to.
 */
#include "annotate_outputs.h"
#include "annotate_pages.h"
#include "annotate_rows.h"
#include "command.h"
#include "input.h"
#include "output.h"
#include "terminal.h"
#include "writer.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

typedef struct {
    CaptureOptions   capture;
    char            *output;
    char           **reports;
    char           **preferences;
    gboolean         json;
    int              jobs;
    int              stall_ms;
    char           **files;
    gboolean         several;  /* files */
    gsize            common;   /* bytes of folders that the names of all files begin with */
    char           **outputs;  /* where the captures go, by the index of the file; NULL: nowhere */
    TlsfitOutput    *lines;    /* the JSON report; NULL: none is asked for */
    FILE            *stream;   /* of lines */
    AnnotatePages    pages;    /* the reports in Markdown and HTML */
    AnnotateTable   *table;    /* NULL: none is asked for */
    AnnotateSummary  summary;
    gboolean         bad;      /* something could not be read or written */
} Annotate;

static const char summary[] =
    "Judges the handshakes in captures: which certificate, or which choice of a server, a device cannot handle. Reads\n"
    "whatever Wireshark reads ('-' is standard input). Without -o and --report it prints a table.";

static const char description[] =
    "With -o the findings become packet comments, which every Wireshark shows without the plugin; the packets stay as\n"
    "they are, and the output is pcapng. For several captures -o names a directory.\n\n"
    "Examples:\n"
    "  tlsfit annotate -d inventek-ism43362 board.pcapng\n"
    "  tlsfit annotate -d inventek-ism43362 board.pcapng -o board-annotated.pcapng\n"
    "  tlsfit annotate board.pcapng --report board.json\n"
    "  tlsfit annotate tickets/*.pcap --report tickets.html --report tickets.md\n"
    "  tlsfit annotate tickets/*.pcap -o annotated/\n"
    "  ssh router tcpdump -w - port 443 | tlsfit annotate -\n\n"
    "Exit status: 0 all fits, 1 something that a device cannot handle, 3 nothing wrong found but something unknown, 2 bad\n"
    "usage or input.\n";

/* --- Options ---------------------------------------------------------------------------------------------------- */

static gboolean parse(Annotate *annotate, int argc, char **argv)
{
    CaptureOptions *capture = &annotate->capture;
    const GOptionEntry entries[] = {
        { "device", 'd', 0, G_OPTION_ARG_STRING, &capture->device,
          "the device to judge against, 'advertised' (what the ClientHello offers), or 'auto' (the default)", "DEVICE" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &annotate->output,
          "write the capture with comments to FILE; a directory for several", "FILE" },
        { "report", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &annotate->reports,
          "write a report, by its ending: .html, .md, .json ('-': JSON to standard output); may be given again", "FILE" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &annotate->json, "the same as --report -", NULL },
        { "jobs", 'j', 0, G_OPTION_ARG_INT, &annotate->jobs, "processes at a time (default: one a processor)", "N" },
        { "keylog", 0, 0, G_OPTION_ARG_FILENAME, &capture->keylog, "TLS secrets, as browsers write to SSLKEYLOGFILE",
          "FILE" },
        { "peer", 0, 0, G_OPTION_ARG_STRING, &capture->peer, "the profile of the other side, where there is one",
          "DEVICE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &capture->device_path, "a directory with more profiles", "DIR" },
        { "stall-time", 0, 0, G_OPTION_ARG_INT, &annotate->stall_ms, "silence from which on a side counts as gone",
          "MILLISECONDS" },
        { "preference", 0, 0, G_OPTION_ARG_STRING_ARRAY, &annotate->preferences,
          "set a preference of Wireshark, as with tshark -o", "NAME:VALUE" },
        { "everything", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &capture->everything,
          "dissect every packet, one process a file", NULL },
        TLSFIT_COLOUR_OPTION,
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &annotate->files, NULL, "CAPTURE..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };

    return tlsfit_cli_parse(summary, description, entries, &argc, &argv);
}

static gboolean check(Annotate *annotate)
{
    if (annotate->files == NULL) {
        tlsfit_cli_error("annotate needs a capture; 'tlsfit annotate --help' tells more");
        return FALSE;
    }
    annotate->several = annotate->files[1] != NULL;
    annotate->common = tlsfit_input_common(annotate->files);
    if (annotate->stall_ms < 0) {
        tlsfit_cli_error("--stall-time is a number of milliseconds");
        return FALSE;
    }
    if (!tlsfit_cli_jobs(annotate->jobs))
        return FALSE;
    annotate->capture.jobs = (guint)annotate->jobs;
    annotate->capture.stall_ms = (guint)annotate->stall_ms;
    annotate->capture.preferences = (const char *const *)annotate->preferences;
    annotate->capture.comments = annotate->output != NULL;
    annotate->capture.progress = TRUE;
    if (annotate->output != NULL)
        annotate->outputs = annotate_outputs(annotate->output, annotate->files);
    return annotate->output == NULL || annotate->outputs != NULL;
}

/* --- Reports ---------------------------------------------------------------------------------------------------- */

static gboolean open_page(Annotate *annotate, TlsfitReportFormat format, const char *path)
{
    g_autoptr(GError) error = NULL;

    if (annotate->pages.outputs[format] != NULL) {
        tlsfit_cli_error("--report %s: there is a report in this format already", path);
        return FALSE;
    }
    if (!annotate_pages_add(&annotate->pages, format, path, &error))
        tlsfit_cli_error("%s", error->message);
    return error == NULL;
}

static gboolean open_report(Annotate *annotate, const char *path)
{
    g_autoptr(GError) error = NULL;
    TlsfitReportFormat format;
    gboolean is_page = annotate_pages_format(path, &format);

    if (tlsfit_input_among(path, annotate->files)) {
        tlsfit_cli_error("--report %s: this is an input", path);
        return FALSE;
    }
    if (is_page)
        return open_page(annotate, format, path);
    if (!g_str_equal(path, "-") && !g_str_has_suffix(path, ".json")) {
        tlsfit_cli_error("--report %s: the ending says what to write: .html, .md or .json", path);
        return FALSE;
    }
    if (annotate->lines != NULL) {
        tlsfit_cli_error("--report %s: there is a JSON report already", path);
        return FALSE;
    }
    annotate->lines = tlsfit_output_begin(path, &error);
    annotate->stream = annotate->lines != NULL ? tlsfit_output_stream(annotate->lines, &error) : NULL;
    if (annotate->stream == NULL)
        tlsfit_cli_error("%s", error->message);
    return annotate->stream != NULL;
}

static gboolean open_reports(Annotate *annotate)
{
    if (annotate->json && !open_report(annotate, "-"))
        return FALSE;
    for (guint i = 0; annotate->reports != NULL && annotate->reports[i] != NULL; i++) {
        if (!open_report(annotate, annotate->reports[i]))
            return FALSE;
    }
    if (annotate->output == NULL && annotate->lines == NULL && !annotate_pages_wanted(&annotate->pages))
        annotate->table = annotate_table_new();
    return TRUE;
}

/* Where several captures were given, each line says which one it is about. */
static void write_line(const Annotate *annotate, const char *file, const char *json)
{
    if (annotate->several) {
        g_autofree char *valid = g_filename_display_name(file);
        g_autoptr(JsonNode) node = json_node_init_string(json_node_alloc(), valid);
        g_autofree char *quoted = json_to_string(node, FALSE);
        fprintf(annotate->stream, "{\"file\":%s,%s\n", quoted, json + 1);
    } else {
        fprintf(annotate->stream, "%s\n", json);
    }
}

/* --- The run ---------------------------------------------------------------------------------------------------- */

#define KEPT "(vmv)" /* what annotate_rows.c keeps, and annotate_pages.c */

static GVariant *visit(const CaptureHandshake *handshake, gpointer data)
{
    const Annotate *annotate = data;
    GVariant *row = annotate_keep(handshake, annotate->lines != NULL);
    GVariant *page = annotate_pages_wanted(&annotate->pages)
                         ? annotate_pages_keep(&annotate->pages, handshake, annotate_client(row), annotate_server(row))
                         : NULL;

    return g_variant_new(KEPT, row, page);
}

static void write_annotated(Annotate *annotate, const CaptureFile *file)
{
    const char *path = annotate->outputs[file->index];
    g_autofree char *lost = NULL;
    g_autoptr(GError) error = NULL;

    if (!writer_run(file->path, path, file->comments, &lost, &error)) {
        tlsfit_cli_error("%s", error->message);
        annotate->bad = TRUE;
    } else if (lost != NULL) {
        tlsfit_cli_error("%s: Wireshark's writer does not keep %s", path, lost);
    }
}

static gboolean collect(const CaptureFile *file, gpointer data)
{
    Annotate *annotate = data;

    annotate->summary.files++;
    annotate->summary.unreadable += !file->opened;
    annotate->summary.in_part += file->opened && file->problem != NULL;
    annotate->summary.without += file->opened && file->problem == NULL && file->handshakes->len == 0;
    if (file->problem != NULL) {
        tlsfit_cli_error("%s: %s%s", tlsfit_input_shown(file->path), file->problem,
                         !file->opened ? "" : file->partial ? "; handshakes of it are missing"
                                                            : "; what stands before that is judged");
        annotate->bad = TRUE;
        if (annotate_pages_wanted(&annotate->pages))
            annotate_pages_problem(&annotate->pages, file->path, file->problem);
    }
    for (guint i = 0; i < file->handshakes->len; i++) {
        g_autoptr(GVariant) kept = NULL;
        g_autoptr(GVariant) page = NULL;
        g_variant_get(g_ptr_array_index(file->handshakes, i), KEPT, &kept, &page);
        annotate_count(&annotate->summary, kept);
        if (annotate->stream != NULL)
            write_line(annotate, file->path, annotate_json(kept));
        if (annotate->table != NULL)
            annotate_table_add(annotate->table, file->path + annotate->common, kept);
        if (page != NULL)
            annotate_pages_take(&annotate->pages, page);
    }
    if (annotate->output != NULL && file->opened)
        write_annotated(annotate, file);
    return TRUE;
}

static int exit_status(const Annotate *annotate)
{
    const guint *by_status = annotate->summary.by_status;

    if (annotate->bad)
        return TLSFIT_EXIT_USAGE;
    if (by_status[TLSFIT_CANNOT] + by_status[TLSFIT_BROKEN] + by_status[TLSFIT_SUSPECT] > 0)
        return TLSFIT_EXIT_CANNOT;
    if (by_status[TLSFIT_UNKNOWN] + annotate->summary.failed > 0 || annotate->summary.handshakes == 0)
        return TLSFIT_EXIT_UNKNOWN;
    return TLSFIT_EXIT_FITS;
}

static int run(Annotate *annotate)
{
    g_autoptr(GError) error = NULL;

    if (!open_reports(annotate))
        return TLSFIT_EXIT_USAGE;
    capture_run((const char *const *)annotate->files, visit, collect, annotate);
    if (annotate->lines != NULL && !tlsfit_output_finish(annotate->lines, &error)) {
        tlsfit_cli_error("%s", error->message);
        annotate->bad = TRUE;
    }
    g_clear_error(&error);
    if (!annotate_pages_finish(&annotate->pages, &error)) {
        tlsfit_cli_error("%s", error->message);
        annotate->bad = TRUE;
    }
    if (annotate->table != NULL && annotate->summary.handshakes > 0)
        annotate_table_print(annotate->table, annotate->several);
    (void)fflush(stdout); /* what follows is about it */
    /* of one file that is no capture everything has been said */
    if (annotate->several || (annotate->summary.unreadable == 0 &&
                              (annotate->output != NULL || annotate->summary.handshakes == 0))) {
        g_autofree char *text = annotate_summary_text(&annotate->summary);
        fprintf(stderr, "%s\n", text);
    }
    return exit_status(annotate);
}

/* The device, the preferences and the like stay: they belong to the library, which was started with them. */
static void annotate_clear(Annotate *annotate)
{
    tlsfit_output_free(annotate->lines);
    annotate_pages_clear(&annotate->pages);
    annotate_table_free(annotate->table);
    g_free(annotate->output);
    g_strfreev(annotate->reports);
    g_strfreev(annotate->files);
    g_strfreev(annotate->outputs);
}

int command_annotate(const char *program, int argc, char **argv)
{
    Annotate annotate = { 0 };
    g_autoptr(GError) error = NULL;
    int status = TLSFIT_EXIT_USAGE;

    if (parse(&annotate, argc, argv) && check(&annotate)) {
        if (capture_start(program, &annotate.capture, &error))
            status = run(&annotate);
        else
            tlsfit_cli_error("%s", error->message);
    }
    annotate_clear(&annotate);
    return status;
}
