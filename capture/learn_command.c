/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit learn`: captures in, a device profile out, or the difference to one that there is. See the text of --help
 * below, and doc/learn.md.
 *
 * The core decides what is learned; here handshakes are picked, names are found and files are written.
 */
#include "command.h"
#include "input.h"
#include "learn_clients.h"
#include "learn_report.h"
#include "output.h"
#include "terminal.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_ID "learned-device"

typedef struct {
    /* options */
    char    *client;
    char    *output;
    char    *into;
    char    *id;
    char    *name;
    char    *kind;
    char    *anchors_path;
    char    *keylog;
    char    *directory;
    int      jobs;
    gboolean diff;
    gboolean json;
    char   **files;
    /* what they lead to */
    Choice         choice;
    GPtrArray     *anchors;    /* of TlsfitCertificate; NULL without */
    TlsfitLibrary *library;    /* that holds the base; NULL without --into */
    char          *base_text;
    TlsfitDevice  *base;
    char         **names;      /* of the files, as the sources name them */
    /* what is found */
    TlsfitLearned *learned;
    Clients       *clients;    /* that fit */
    Clients       *others;     /* that do not */
    gboolean       failed;     /* a file could not be read to its end */
} Learn;

static void learn_clear(Learn *learn)
{
    char *texts[] = { learn->client, learn->output, learn->into, learn->id, learn->name, learn->kind,
                      learn->anchors_path, learn->keylog, learn->directory, learn->base_text };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(texts[i]);
    }
    g_strfreev(learn->files);
    g_strfreev(learn->names);
    choice_clear(&learn->choice);
    g_clear_pointer(&learn->anchors, g_ptr_array_unref);
    g_clear_pointer(&learn->library, tlsfit_library_free);
    g_clear_pointer(&learn->learned, tlsfit_learned_free);
    g_clear_pointer(&learn->clients, clients_free);
    g_clear_pointer(&learn->others, clients_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Learn, learn_clear)

/* --- Handshakes -------------------------------------------------------------------------------------------------------- */

/* In the process that dissects. A hint speaks of the profile that there is, where there is one. */
static GVariant *visit(const CaptureHandshake *handshake, gpointer data)
{
    const Learn *learn = data;
    const TlsfitLessonContext context = { handshake->client, handshake->client_mac, learn->anchors, learn->base };

    if (learn->base != NULL && choice_may_fit(&learn->choice, handshake->client, handshake->client_mac)) {
        const TlsfitView view = { .device = learn->base, .device_source = "preference", .stall_ms = TLSFIT_STALL_MS_DEFAULT };

        tlsfit_session_reset_judgement(handshake->session);
        tlsfit_session_judge(handshake->session, &view, 0);
    }
    return tlsfit_lesson_new(handshake->session, &context);
}

static gboolean collect(const CaptureFile *file, gpointer data)
{
    Learn *learn = data;

    if (file->problem != NULL) {
        tlsfit_cli_error("%s: %s", tlsfit_input_shown(file->path), file->problem);
        learn->failed = TRUE;
    }
    for (guint i = 0; i < file->handshakes->len; i++) {
        GVariant *lesson = g_ptr_array_index(file->handshakes, i);
        TlsfitLessonClient client;

        if (!tlsfit_lesson_client(lesson, &client)) {
            continue;
        }
        if (!choice_fits(&learn->choice, &client)) {
            clients_add(learn->others, &client);
            continue;
        }
        clients_add(learn->clients, &client);
        tlsfit_learned_add(learn->learned, learn->names[file->index], lesson);
    }
    return TRUE;
}

/* Without a choice there must be one client; with one there must be any. */
static gboolean check_clients(const Learn *learn)
{
    const gboolean chosen = learn->choice.kind != CHOICE_NONE;
    const guint count = clients_count(learn->clients);

    if (learn->failed && learn->files[1] == NULL && count == 0) {
        return FALSE; /* it has been said why */
    }
    if (count == 0 && clients_count(learn->others) == 0) {
        tlsfit_cli_error("learn: there is no TLS handshake in %s", learn->files[1] == NULL ? learn->files[0] : "these files");
        return FALSE;
    }
    if (chosen ? count > 0 : count == 1) {
        return TRUE;
    }
    g_autofree char *table = clients_text(chosen ? learn->others : learn->clients);

    if (chosen) {
        tlsfit_cli_error("learn: no handshake is of the client %s; there are:", learn->client);
    } else {
        tlsfit_cli_error("learn: there are %u clients; choose one:", count);
    }
    fputs(table, stderr);
    return FALSE;
}

/* --- What is asked for ---------------------------------------------------------------------------------------------------- */

/* The last DEPTH parts of a path. */
static char *tail_of(const char *path, guint depth)
{
    const char *start = path + strlen(path);

    while (start > path && (start[-1] != G_DIR_SEPARATOR || --depth > 0)) {
        start--;
    }
    return g_strdup(start);
}

/* What the sources call a file: its name, with as many folders before it as tell it from the others. */
static char **names_of(char **files)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; files[i] != NULL; i++) {
        guint depth = 1;

        for (guint j = 0; files[j] != NULL; j++) {
            gboolean same = i != j && strcmp(files[i], files[j]) != 0;

            while (same) {
                g_autofree char *own = tail_of(files[i], depth);
                g_autofree char *other = tail_of(files[j], depth);

                same = strcmp(own, other) == 0;
                depth += same ? 1u : 0u;
            }
        }
        g_ptr_array_add(names, strcmp(files[i], "-") == 0 ? g_strdup("standard input") : tail_of(files[i], depth));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}

/* The profile of --into, with its ancestors. */
static gboolean read_base(Learn *learn, GError **error)
{
    const GPtrArray *devices;

    if (learn->into == NULL) {
        return TRUE;
    }
    if (!g_file_get_contents(learn->into, &learn->base_text, NULL, error)) {
        return FALSE;
    }
    g_autofree char *personal = g_build_filename(g_get_user_config_dir(), "wireshark", "tlsfit", NULL);

    learn->library = tlsfit_library_new();
    tlsfit_library_add_builtin(learn->library);
    tlsfit_library_add_directory(learn->library, personal, FALSE);
    if (learn->directory != NULL) {
        tlsfit_library_add_directory(learn->library, learn->directory, TRUE);
    }
    tlsfit_library_add_file(learn->library, learn->into);
    tlsfit_library_finish(learn->library);
    devices = tlsfit_library_devices(learn->library);
    for (guint i = 0; i < devices->len; i++) {
        if (g_strcmp0(tlsfit_device_file(g_ptr_array_index(devices, i)), learn->into) == 0) {
            learn->base = g_ptr_array_index(devices, i);
        }
    }
    if (learn->base == NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                    "%s is no device profile without errors: tlsfit devices lint %s tells more", learn->into, learn->into);
    }
    return learn->base != NULL;
}

static gboolean read_inputs(Learn *learn, GError **error)
{
    if (learn->files == NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "it needs a capture; 'tlsfit learn --help' tells more");
        return FALSE;
    }
    if (learn->diff && learn->output != NULL) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "--diff writes no profile: leave out --output");
        return FALSE;
    }
    if (learn->anchors_path != NULL) {
        learn->anchors = tlsfit_certificates_from_file(learn->anchors_path, error);
        if (learn->anchors == NULL) {
            return FALSE;
        }
    }
    learn->names = names_of(learn->files);
    return choice_read(&learn->choice, learn->client, error) && read_base(learn, error);
}

/* --- The profile ------------------------------------------------------------------------------------------------------------ */

static gboolean is_id(const char *text)
{
    return *text != '\0' && *text != '.' && *text != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(text);
}

/* The file's name without its ending, where that can be one. */
static char *id_of(const Learn *learn)
{
    g_autofree char *name = learn->output != NULL ? g_path_get_basename(learn->output) : g_strdup("-");

    if (learn->id != NULL) {
        return g_strdup(learn->id);
    }
    if (g_str_has_suffix(name, ".ini")) {
        name[strlen(name) - strlen(".ini")] = '\0';
    }
    return g_strdup(is_id(name) ? name : DEFAULT_ID);
}

/* What is wrong with a new profile can only be what the user called it. */
static gboolean check_new(const char *text, GError **error)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();
    g_autofree char *path = NULL;
    const int handle = g_file_open_tmp("tlsfit-learn-XXXXXX.ini", &path, error);

    if (handle < 0 || !g_close(handle, error) || !g_file_set_contents(path, text, -1, error)) {
        return FALSE;
    }
    tlsfit_library_add_file(library, path);
    tlsfit_library_finish(library);
    g_unlink(path);
    if (tlsfit_library_problems(library)->len > 0) {
        const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), 0);

        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s", problem->message);
        return FALSE;
    }
    return TRUE;
}

static char *make_profile(const Learn *learn, GPtrArray **changes, GError **error)
{
    g_autofree char *id = id_of(learn);
    const TlsfitLearnIdentity identity = { id, learn->name != NULL ? learn->name : id,
                                           learn->kind != NULL ? learn->kind : "tls-library" };
    const TlsfitLearnBase base = { learn->into, learn->base_text, learn->base };
    char *text = tlsfit_learned_write(learn->learned, &identity, learn->base != NULL ? &base : NULL, changes, error);

    if (text != NULL && learn->base == NULL && !check_new(text, error)) {
        g_clear_pointer(&text, g_free);
    }
    return text;
}

/* The report goes where the profile does not. */
static void print_report(const Learn *learn, const GPtrArray *changes, gboolean profile_on_stdout)
{
    GString *text = learn->json ? learn_report_json(learn->learned, changes)
                                : learn_report_text(learn->learned, changes, learn->base != NULL);

    if (profile_on_stdout) {
        fputs(text->str, stderr);
    } else {
        tlsfit_text_print(text);
    }
    g_string_free(text, TRUE);
}

static int finish(const Learn *learn)
{
    const TlsfitLearnedCounts counts = tlsfit_learned_counts(learn->learned);
    const gboolean on_stdout = !learn->diff && (learn->output == NULL || strcmp(learn->output, "-") == 0);
    g_autoptr(GPtrArray) changes = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = make_profile(learn, &changes, &error);

    if (text == NULL || (!learn->diff && !tlsfit_output_text(learn->output != NULL ? learn->output : "-", text, &error))) {
        tlsfit_cli_error("learn: %s", error->message);
        return TLSFIT_EXIT_USAGE;
    }
    print_report(learn, changes, on_stdout);
    if (learn->failed) {
        return TLSFIT_EXIT_USAGE;
    }
    if (learn_report_count(changes, TLSFIT_LEARN_CONTRADICTS) > 0) {
        return TLSFIT_EXIT_CANNOT;
    }
    return counts.completed + counts.resumed > 0 ? TLSFIT_EXIT_FITS : TLSFIT_EXIT_UNKNOWN;
}

/* --- The subcommand ----------------------------------------------------------------------------------------------------------- */

static gboolean parse(Learn *learn, int *argc, char ***argv, GError **error)
{
    const GOptionEntry entries[] = {
        { "client", 'c', 0, G_OPTION_ARG_STRING, &learn->client,
          "learn of CLIENT: address, MAC address, ja3:HASH or ja4:HASH (the only one there is)", "CLIENT" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &learn->output, "write the profile to FILE (standard output)", "FILE" },
        { "into", 0, 0, G_OPTION_ARG_FILENAME, &learn->into, "merge into this profile, and show the difference", "FILE" },
        { "diff", 0, 0, G_OPTION_ARG_NONE, &learn->diff, "show the difference only, write no profile", NULL },
        { "id", 0, 0, G_OPTION_ARG_STRING, &learn->id, "id of a new profile (from the name of FILE)", "ID" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &learn->name, "its name for people (its id)", "TEXT" },
        { "kind", 0, 0, G_OPTION_ARG_STRING, &learn->kind, "its kind (tls-library)", "KIND" },
        { "anchors", 0, 0, G_OPTION_ARG_FILENAME, &learn->anchors_path,
          "PEM file of what the device trusts, and nothing else: tells how far it verifies", "FILE" },
        { "keylog", 0, 0, G_OPTION_ARG_FILENAME, &learn->keylog, "TLS secrets (SSLKEYLOGFILE)", "FILE" },
        { "device-path", 0, 0, G_OPTION_ARG_FILENAME, &learn->directory, "directory with more profiles", "DIR" },
        { "jobs", 'j', 0, G_OPTION_ARG_INT, &learn->jobs, "processes at a time (one for each processor)", "N" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &learn->json, "the report as JSON", NULL },
        TLSFIT_COLOUR_OPTION,
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &learn->files, NULL, "CAPTURE..." },
        { NULL, 0, 0, 0, NULL, NULL, NULL },
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);

    g_option_context_set_summary(
        context, "A device profile from what a client offered and what it really completed.\n\n"
                 "What a handshake completed with is observed; what is only offered is inferred; what is never offered cannot\n"
                 "be negotiated. A failure is a hint in a comment, never a limit, and so is the largest size that went well.");
    g_option_context_set_description(
        context, "Examples:\n"
                 "  tlsfit learn board.pcapng -o acme-board.ini --name 'Acme board, firmware 2'\n"
                 "  tlsfit learn *.pcapng --client 192.0.2.7 --anchors roots.pem -o acme-board.ini\n"
                 "  tlsfit learn new.pcapng --into acme-board.ini --diff\n"
                 "  tlsfit learn new.pcapng --into acme-board.ini -o acme-board.ini\n\n"
                 "Exit status: 0 something was proven, 1 it contradicts the profile, 3 no handshake completed, 2 bad usage or\n"
                 "input.");
    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, argc, argv, error);
}

int command_learn(const char *program, int argc, char **argv)
{
    g_auto(Learn) learn = { 0 };
    g_autoptr(GError) error = NULL;

    if (!parse(&learn, &argc, &argv, &error) || !read_inputs(&learn, &error)) {
        tlsfit_cli_error("learn: %s", error->message);
        return TLSFIT_EXIT_USAGE;
    }
    if (!tlsfit_cli_jobs(learn.jobs) || !tlsfit_input_spared(learn.output, learn.files)) {
        return TLSFIT_EXIT_USAGE;
    }
    const CaptureOptions options = { .device = "advertised", .device_path = learn.directory, .keylog = learn.keylog,
                                     .jobs = (guint)learn.jobs, .progress = TRUE };

    if (!capture_start(program, &options, &error)) {
        tlsfit_cli_error("learn: %s", error->message);
        return TLSFIT_EXIT_USAGE;
    }
    learn.learned = tlsfit_learned_new();
    learn.clients = clients_new();
    learn.others = clients_new();
    capture_run((const char *const *)learn.files, visit, collect, &learn);
    return check_clients(&learn) ? finish(&learn) : TLSFIT_EXIT_USAGE;
}
