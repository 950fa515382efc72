/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tlsfit devices [list | show ID... | lint FILE... | table]: what device profiles there are, what one says, what is
 * wrong in one, and a page of all. Reads profiles through tlsfit.h alone; judges no handshake.
 *
 * Exit status: 0 clean, 2 bad usage, or a profile with errors.
 */
#include "cli.h"
#include "devices_show.h"
#include "select.h"
#include "terminal.h"
#include "tlsfit_json.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    gboolean json;
    char *path; /* directory with more profiles; NULL without */
} Options;

/* --- JSON ----------------------------------------------------------------------------------------------------- */

static void json_identity(JsonBuilder *builder, const TlsfitDevice *device)
{
    tlsfit_json_string(builder, "id", tlsfit_device_id(device));
    tlsfit_json_string(builder, "name", tlsfit_device_name(device));
    tlsfit_json_string(builder, "kind", tlsfit_device_kind(device));
    tlsfit_json_string(builder, "role", tlsfit_device_role(device) == TLSFIT_CLIENT ? "client" : "server");
    tlsfit_json_string(builder, "note", tlsfit_device_note(device));
    tlsfit_json_string(builder, "file", tlsfit_device_file(device));
}

static void json_problems(JsonBuilder *builder, const GPtrArray *problems)
{
    json_builder_begin_array(builder);
    for (guint i = 0; i < problems->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, i);

        json_builder_begin_object(builder);
        tlsfit_json_string(builder, "file", problem->file);
        tlsfit_json_number(builder, "line", problem->line);
        tlsfit_json_string(builder, "message", problem->message);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void json_print(JsonBuilder *builder)
{
    g_autoptr(GString) out = g_string_new(NULL);

    tlsfit_json_append(out, builder);
    tlsfit_cli_write(NULL, out, TRUE);
}

static int usage(const char *message)
{
    tlsfit_cli_error("devices: %s; see tlsfit devices --help", message);
    return TLSFIT_EXIT_USAGE;
}

/* --- list ----------------------------------------------------------------------------------------------------- */

static void list_table(const GPtrArray *devices)
{
    const guint width = tlsfit_terminal()->width;
    g_autoptr(GString) out = g_string_new(NULL);
    guint id_width = 0, kind_width = 0;

    for (guint i = 0; i < devices->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(devices, i);
        id_width = MAX(id_width, tlsfit_text_columns(tlsfit_device_id(device)));
        kind_width = MAX(kind_width, tlsfit_text_columns(tlsfit_device_kind(device)));
    }
    const guint used = id_width + kind_width + 12;
    for (guint i = 0; i < devices->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(devices, i);
        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, tlsfit_device_id(device), id_width + 2);
        tlsfit_text_append(out, TLSFIT_STYLE_FAINT, tlsfit_device_kind(device), kind_width + 2);
        tlsfit_text_append(out, TLSFIT_STYLE_FAINT, tlsfit_device_role(device) == TLSFIT_CLIENT ? "client" : "server", 8);
        tlsfit_text_append_cut(out, TLSFIT_STYLE_PLAIN, tlsfit_device_name(device), width > used + 20 ? width - used : 0);
        g_string_append_c(out, '\n');
    }
    tlsfit_text_print(out);
}

/* WANTED: what -d of check takes; without any word, all. */
static int run_list(const Options *options, char **wanted)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_cli_library(options->path);
    g_autoptr(GPtrArray) selected = wanted[0] != NULL ? tlsfit_select_devices(library, wanted) : NULL;
    const GPtrArray *devices = wanted[0] != NULL ? selected : tlsfit_library_devices(library);

    if (devices == NULL)
        return TLSFIT_EXIT_USAGE;
    if (!options->json) {
        list_table(devices);
    } else {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_builder_begin_array(builder);
        for (guint i = 0; i < devices->len; i++) {
            json_builder_begin_object(builder);
            json_identity(builder, g_ptr_array_index(devices, i));
            json_builder_end_object(builder);
        }
        json_builder_end_array(builder);
        json_print(builder);
    }
    return tlsfit_library_problems(library)->len > 0 ? TLSFIT_EXIT_USAGE : TLSFIT_EXIT_FITS;
}

/* --- show ----------------------------------------------------------------------------------------------------- */

static int run_show(const Options *options, char **ids)
{
    int status = TLSFIT_EXIT_FITS;

    if (ids[0] == NULL)
        return usage("show needs the id of a device");
    g_autoptr(TlsfitLibrary) library = tlsfit_cli_library(options->path);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_array(builder);
    for (guint i = 0; ids[i] != NULL; i++) {
        const TlsfitDevice *device = tlsfit_library_find(library, ids[i]);

        if (device == NULL) {
            g_autofree char *near = tlsfit_library_suggest(library, ids[i]);
            tlsfit_cli_error("no device '%s'%s%s; 'tlsfit devices' lists them", ids[i],
                             near != NULL ? ", did you mean " : "", near != NULL ? near : "");
            status = TLSFIT_EXIT_USAGE;
            continue;
        }
        g_autofree char *text = tlsfit_device_render(device);
        json_builder_begin_object(builder);
        json_identity(builder, device);
        tlsfit_json_string(builder, "profile", text);
        json_builder_end_object(builder);
        if (!options->json)
            tlsfit_devices_show(out, text);
    }
    json_builder_end_array(builder);
    if (options->json)
        json_print(builder);
    else
        tlsfit_text_print(out);
    return status;
}

/* --- lint ----------------------------------------------------------------------------------------------------- */

static void print_problems(const GPtrArray *problems)
{
    for (guint i = 0; i < problems->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, i);

        if (problem->line > 0)
            fprintf(stderr, "%s:%u: error: %s\n", problem->file, problem->line, problem->message);
        else
            fprintf(stderr, "%s: error: %s\n", problem->file, problem->message);
    }
}

static int run_lint(const Options *options, char **files)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    if (files[0] == NULL)
        return usage("lint needs profiles to look at");
    /* The built-in profiles are there to be inherited from. */
    tlsfit_library_add_builtin(library);
    if (options->path != NULL)
        tlsfit_library_add_directory(library, options->path, TRUE);
    for (guint i = 0; files[i] != NULL; i++)
        tlsfit_library_add_file(library, files[i]);
    tlsfit_library_finish(library);

    const GPtrArray *problems = tlsfit_library_problems(library);
    if (options->json) {
        g_autoptr(JsonBuilder) builder = json_builder_new();
        json_problems(builder, problems);
        json_print(builder);
    } else {
        print_problems(problems);
    }
    return problems->len > 0 ? TLSFIT_EXIT_USAGE : TLSFIT_EXIT_FITS;
}

/* --- table ---------------------------------------------------------------------------------------------------- */

static int run_table(const Options *options)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    /* The page is about the product's profiles: a user's own take part only where a directory is named. */
    tlsfit_library_add_builtin(library);
    if (options->path != NULL)
        tlsfit_library_add_directory(library, options->path, TRUE);
    tlsfit_library_finish(library);
    g_autofree char *page = tlsfit_library_table(library);
    print_problems(tlsfit_library_problems(library));
    fputs(page, stdout);
    return tlsfit_library_problems(library)->len > 0 ? TLSFIT_EXIT_USAGE : TLSFIT_EXIT_FITS;
}

/* --- The subcommand ------------------------------------------------------------------------------------------- */

static int run(const Options *options, char **words)
{
    if (words[0] == NULL || strcmp(words[0], "list") == 0)
        return run_list(options, words[0] != NULL ? words + 1 : words);
    if (strcmp(words[0], "show") == 0)
        return run_show(options, words + 1);
    if (strcmp(words[0], "lint") == 0)
        return run_lint(options, words + 1);
    if (strcmp(words[0], "table") == 0 && options->json)
        return usage("table is a page in Markdown; list --json and show --json are for programs");
    if (strcmp(words[0], "table") == 0)
        return words[1] != NULL ? usage("table takes nothing more") : run_table(options);
    g_autofree char *message = g_strdup_printf("'%s' is none of list, show, lint and table", words[0]);
    return usage(message);
}

int tlsfit_cli_devices(int argc, char **argv)
{
    Options options = {FALSE, NULL};
    const GOptionEntry entries[] = {
        {"json", 'j', 0, G_OPTION_ARG_NONE, &options.json, "Print JSON, for programs", NULL},
        {"path", 'p', 0, G_OPTION_ARG_FILENAME, &options.path, "Also read the profiles in DIR", "DIR"},
        {"device-path", 0, 0, G_OPTION_ARG_FILENAME, &options.path, "The same, as check and annotate call it", "DIR"},
        TLSFIT_COLOUR_OPTION,
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("[list [DEVICE...] | show ID... | lint FILE... | table]");
    g_autoptr(GError) error = NULL;
    int status;

    g_option_context_set_summary(context, "Device profiles: which there are, what one says, what is wrong in one.");
    g_option_context_set_description(context, "Examples:\n"
                                              "  tlsfit devices\n"
                                              "  tlsfit devices list kind=modem\n"
                                              "  tlsfit devices show inventek-ism43362\n"
                                              "  tlsfit devices lint my-board.ini\n"
                                              "  tlsfit devices table > devices.md\n");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        status = usage(error->message);
    } else {
        char *none[] = {NULL};
        status = run(&options, argc > 1 ? argv + 1 : none);
    }
    g_free(options.path);
    return status;
}
