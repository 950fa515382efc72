/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device behind a handshake. See selection.h.
 *
 * In: preferences, directories, the table of assignments, the ClientHello. Out: one view for all handshakes where the
 * preference names the device; with "auto" one for each, settled when it is asked for the first time, so that it stays
 * the same however often the handshake is judged.
 */
#include "selection.h"

#include "assignments.h"

SelectionPreferences selection_preferences = {
    .enable = TRUE, .device = "auto", .peer = "", .device_path = "", .stall_ms = TLSFIT_STALL_MS_DEFAULT,
    .info_column = TRUE
};

/* What was chosen for one handshake under "auto". */
typedef struct {
    TlsfitView     view;
    AssignmentEnds ends;
    gboolean       settled;
    char          *complaint; /* why nothing was chosen, where something might have been; NULL without */
} Choice;

static TlsfitLibrary *library;
static TlsfitView     view;
static gboolean       automatic;
static char          *complaint;
static GHashTable    *choices; /* TlsfitSession -> Choice */

static void
choice_free(gpointer data)
{
    Choice *choice = data;

    assignments_ends_clear(&choice->ends);
    g_free(choice->complaint);
    g_free(choice);
}

void
selection_cleanup(void)
{
    g_clear_pointer(&choices, g_hash_table_unref);
    g_clear_pointer(&library, tlsfit_library_free);
    g_clear_pointer(&complaint, g_free);
    view.device = view.peer = NULL;
}

void
selection_invalidate(void)
{
    selection_cleanup();
}

const char *
selection_complaint(const TlsfitSession *session)
{
    const Choice *choice = choices ? g_hash_table_lookup(choices, session) : NULL;

    return choice && choice->complaint ? choice->complaint : complaint;
}

gboolean
selection_is_automatic(void)
{
    return automatic;
}

static gboolean
is_set(const char *text)
{
    return text && *text;
}

/* Later directories win: the one named in the preferences over the personal one over the system's. */
static void
load_library(void)
{
    g_autofree char *system_path = g_build_filename(get_datafile_dir(), "tlsfit", NULL);
    g_autofree char *personal_path = get_persconffile_path("tlsfit", FALSE);

    library = tlsfit_library_new();
    tlsfit_library_add_builtin(library);
    tlsfit_library_add_directory(library, system_path, FALSE);
    tlsfit_library_add_directory(library, personal_path, FALSE);
    if (is_set(selection_preferences.device_path))
        tlsfit_library_add_directory(library, selection_preferences.device_path, TRUE);
    tlsfit_library_finish(library);
}

static void
report_problems(void)
{
    const GPtrArray *problems = tlsfit_library_problems(library);

    for (guint i = 0; i < problems->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, i);
        if (problem->line > 0)
            report_warning("TLS Fit: %s:%u: %s", problem->file, problem->line, problem->message);
        else
            report_warning("TLS Fit: %s: %s", problem->file, problem->message);
    }
}

static TlsfitDevice *
find_device(const char *preference, const char *id, const char *instead)
{
    TlsfitDevice *device = tlsfit_library_find(library, id);

    if (device)
        return device;
    g_autofree char *near = tlsfit_library_suggest(library, id);
    g_autofree char *before = complaint;
    char *line = near ? g_strdup_printf("no device profile \"%s\" (%s); did you mean %s? %s", id, preference, near, instead)
                      : g_strdup_printf("no device profile \"%s\" (%s); %s", id, preference, instead);
    report_warning("TLS Fit: %s", line);
    complaint = before ? g_strdup_printf("%s; %s", before, line) : g_strdup(line);
    g_free(line);
    return NULL;
}

/* A row that names no device would look like one that never fits. */
static void
report_assignments(void)
{
    const char *id;

    for (guint i = 0; (id = assignments_device(i)) != NULL; i++) {
        if (tlsfit_library_find(library, id))
            continue;
        g_autofree char *near = tlsfit_library_suggest(library, id);
        report_warning("TLS Fit: no device profile \"%s\" (table of assignments)%s%s%s", id,
                       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
}

void
selection_prepare(void)
{
    g_clear_pointer(&choices, g_hash_table_unref); /* the sessions of the file before are gone */
    choices = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, choice_free);
    if (library)
        return;
    load_library();
    report_problems();
    report_assignments();
    view.device = view.peer = NULL;
    view.device_source = "advertised";
    view.stall_ms = selection_preferences.stall_ms;
    const char *id = selection_preferences.device;
    automatic = !is_set(id) || g_str_equal(id, "auto");
    if (is_set(id) && !g_str_equal(id, "auto") && !g_str_equal(id, "advertised"))
        view.device = find_device("tlsfit.device", id, "what the ClientHello offers is taken instead");
    if (view.device)
        view.device_source = "preference";
    if (is_set(selection_preferences.peer))
        view.peer = find_device("tlsfit.peer", selection_preferences.peer, "the other side stays unknown");
}

TlsfitLibrary *
selection_library(void)
{
    return library;
}

static Choice *
choice_of(const TlsfitSession *session)
{
    Choice *choice = g_hash_table_lookup(choices, session);

    if (!choice) {
        choice = g_new0(Choice, 1);
        g_hash_table_insert(choices, (gpointer)session, choice);
    }
    return choice;
}

void
selection_note_ends(const TlsfitSession *session, const packet_info *pinfo, gboolean from_client)
{
    if (!automatic || !assignments_any())
        return;
    Choice *choice = choice_of(session);
    assignments_ends_clear(&choice->ends);
    choice->ends = assignments_ends(pinfo, from_client);
}

/* The profile that the table names for SIDE; NULL where it names none, or one that cannot be used. */
static TlsfitDevice *
find_assigned(Choice *choice, const char *server_name, TlsfitSide side)
{
    const char *id = assignments_find(&choice->ends, server_name, side);
    TlsfitDevice *device = id ? tlsfit_library_find(library, id) : NULL;

    if (!id || (device && tlsfit_device_role(device) == side))
        return device;
    g_free(choice->complaint);
    if (device)
        choice->complaint = g_strdup_printf("the table of assignments makes \"%s\" the %s, and its profile is about a "
                                            "%s", id, side == TLSFIT_CLIENT ? "client" : "server",
                                            side == TLSFIT_CLIENT ? "server" : "client");
    else
        choice->complaint = g_strdup_printf("no device profile \"%s\" (table of assignments)", id);
    return NULL;
}

/* FALSE where no row of the table fits. With both sides assigned the client is judged, and the server is its peer. */
static gboolean
choose_assigned(Choice *choice, const char *server_name)
{
    TlsfitDevice *client = find_assigned(choice, server_name, TLSFIT_CLIENT);
    TlsfitDevice *server = find_assigned(choice, server_name, TLSFIT_SERVER);

    if (client && server)
        choice->view.peer = server;
    choice->view.device = client ? client : server;
    if (choice->view.device)
        choice->view.device_source = "assigned";
    return choice->view.device != NULL;
}

static void
choose_recognised(Choice *choice, const TlsfitMessage *hello)
{
    g_autoptr(GPtrArray) ambiguous = NULL;
    TlsfitDevice *device = tlsfit_library_recognise(library, hello, &ambiguous);

    if (device) {
        choice->view.device = device;
        choice->view.device_source = "fingerprint";
    }
    if (!ambiguous)
        return;
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < ambiguous->len; i++)
        g_string_append_printf(ids, "%s%s", i ? ", " : "", tlsfit_device_id(g_ptr_array_index(ambiguous, i)));
    g_free(choice->complaint);
    choice->complaint = g_strdup_printf("several device profiles have this ClientHello (%s): none is chosen; name one "
                                        "in tlsfit.device or in the table of assignments", ids->str);
}

const TlsfitView *
selection_for_session(const TlsfitSession *session)
{
    if (!automatic)
        return &view;
    Choice *choice = choice_of(session);
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    if (choice->settled)
        return &choice->view;
    choice->settled = TRUE;
    choice->view = view;
    if ((!assignments_any() || !choose_assigned(choice, hello ? hello->server_name : NULL)) && hello)
        choose_recognised(choice, hello);
    return &choice->view;
}
