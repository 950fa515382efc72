/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device behind a handshake. See selection.h.
 *
 * In: preferences, directories, the table of assignments, the ClientHello. Out: one view for all handshakes where the
 * preference names the device. With "auto" it hangs on the ClientHello, and where there are assignments on the ends of
 * the connection, too: then it is settled when it is asked for the first time, so that it stays the same however often
 * the handshake is judged.
 */
#include "selection.h"

#include "assignments.h"
#include "device_library.h"

#include <string.h>

SelectionPreferences selection_preferences = {
    .enable = TRUE, .device = "auto", .peer = "", .device_path = "", .stall_ms = TLSFIT_STALL_MS_DEFAULT,
    .role = SELECTION_ROLE_AUTO, .info_column = TRUE
};

/* What was chosen under "auto". */
typedef struct {
    TlsfitView view;
    char      *complaint; /* why nothing was chosen, where something might have been; NULL without */
} Choice;

/* The same for one handshake, where the table of assignments was asked, too. */
typedef struct {
    Choice         choice;
    AssignmentEnds ends;
    gboolean       settled;
} Settled;

/* The choice for a handshake that was asked about lately. */
typedef struct {
    const TlsfitSession *session;
    const Choice        *choice;
} Lately;
#define LATELY_COUNT 64u

static TlsfitLibrary *library;  /* NULL: the preferences have changed */
static char          *prepared; /* what they were when the view was made */
static TlsfitView     view;
static gboolean       automatic;
static char          *complaint;
static GHashTable    *settled; /* TlsfitSession -> Settled; empty without assignments */
static GPtrArray     *shared;  /* of Choice, each different: captures have many handshakes and few kinds of clients */
static Lately         lately[LATELY_COUNT];

static void
choice_free(gpointer data)
{
    Choice *choice = data;

    g_free(choice->complaint);
    g_free(choice);
}

static void
settled_free(gpointer data)
{
    Settled *own = data;

    assignments_ends_clear(&own->ends);
    g_free(own->choice.complaint);
    g_free(own);
}

static void
forget_choices(void)
{
    memset(lately, 0, sizeof lately);
    g_clear_pointer(&settled, g_hash_table_unref);
    g_clear_pointer(&shared, g_ptr_array_unref);
}

void
selection_cleanup(void)
{
    selection_invalidate();
    device_library_cleanup();
}

void
selection_invalidate(void)
{
    forget_choices();
    g_clear_pointer(&complaint, g_free);
    g_clear_pointer(&prepared, g_free);
    library = NULL;
    view.device = view.peer = NULL;
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

/* Takes the side that is to be judged, where the profile that was chosen is about the other one. */
static void
take_role(TlsfitView *of, char **problem)
{
    const TlsfitSide side = selection_preferences.role == SELECTION_ROLE_SERVER ? TLSFIT_SERVER : TLSFIT_CLIENT;
    const TlsfitSide chosen = of->device ? tlsfit_device_role(of->device) : TLSFIT_CLIENT;

    if (selection_preferences.role == SELECTION_ROLE_AUTO || chosen == side)
        return;
    if (of->peer && tlsfit_device_role(of->peer) == side) {
        TlsfitDevice *other = of->device;
        of->device_source = of->device ? of->device_source : "preference";
        of->device = of->peer;
        of->peer = other;
    } else if (side == TLSFIT_CLIENT) {
        of->peer = of->device;
        of->device = NULL;
        of->device_source = "advertised";
    } else if (!*problem) {
        *problem = g_strdup("the server is to be judged (tlsfit.role), and no profile of it is known: name it in "
                            "tlsfit.device, tlsfit.peer or the table of assignments");
    }
}

static void
prepare_view(void)
{
    const char *id = selection_preferences.device;
    const char *peer = selection_preferences.peer;

    view.device = view.peer = NULL;
    view.device_source = "advertised";
    view.stall_ms = selection_preferences.stall_ms;
    automatic = !is_set(id) || g_str_equal(id, "auto");
    if (is_set(id) && !automatic && !g_str_equal(id, "advertised"))
        view.device = find_device("tlsfit.device", id, "what the ClientHello offers is taken instead");
    if (view.device)
        view.device_source = "preference";
    if (is_set(peer))
        view.peer = find_device("tlsfit.peer", peer, "the other side stays unknown");
    if (!automatic)
        take_role(&view, &complaint);
}

/* Not every program that uses Wireshark's library tells that preferences have changed. */
static char *
describe_preferences(void)
{
    const SelectionPreferences *set = &selection_preferences;

    return g_strdup_printf("%s\n%s\n%d\n%u", set->device, set->peer, set->role, set->stall_ms);
}

void
selection_prepare(void)
{
    TlsfitLibrary *before = library;
    char *now = describe_preferences();

    forget_choices(); /* the sessions of the file before are gone */
    settled = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, settled_free);
    shared = g_ptr_array_new_with_free_func(choice_free);
    library = device_library_get(selection_preferences.device_path);
    if (library == before && g_strcmp0(now, prepared) == 0) {
        g_free(now);
        return;
    }
    g_free(prepared);
    prepared = now;
    g_clear_pointer(&complaint, g_free);
    device_library_report();
    report_assignments();
    prepare_view();
}

TlsfitLibrary *
selection_library(void)
{
    return library;
}

static Settled *
settled_of(const TlsfitSession *session)
{
    Settled *own = g_hash_table_lookup(settled, session);

    if (!own) {
        own = g_new0(Settled, 1);
        g_hash_table_insert(settled, (gpointer)session, own);
    }
    return own;
}

void
selection_note_ends(const TlsfitSession *session, const packet_info *pinfo, gboolean from_client)
{
    if (!automatic || !library || !assignments_any())
        return;
    Settled *own = settled_of(session);
    assignments_ends_clear(&own->ends);
    own->ends = assignments_ends(pinfo, from_client);
}

/* The profile that the table names for SIDE; NULL where it names none, or one that cannot be used. */
static TlsfitDevice *
find_assigned(Settled *own, const char *server_name, TlsfitSide side)
{
    Choice *choice = &own->choice;
    const char *id = assignments_find(&own->ends, server_name, side);
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
choose_assigned(Settled *own, const char *server_name)
{
    Choice *choice = &own->choice;
    TlsfitDevice *client = find_assigned(own, server_name, TLSFIT_CLIENT);
    TlsfitDevice *server = find_assigned(own, server_name, TLSFIT_SERVER);

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

/* The choice that was kept and is like CHOICE, which is consumed. */
static const Choice *
share(Choice *choice)
{
    for (guint i = 0; i < shared->len; i++) {
        const Choice *known = g_ptr_array_index(shared, i);
        if (known->view.device == choice->view.device && known->view.peer == choice->view.peer &&
            known->view.device_source == choice->view.device_source &&
            g_strcmp0(known->complaint, choice->complaint) == 0) {
            g_free(choice->complaint);
            return known;
        }
    }
    Choice *kept = g_memdup2(choice, sizeof *choice);
    g_ptr_array_add(shared, kept);
    return kept;
}

static const Choice *
choose(const TlsfitSession *session)
{
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);

    if (!assignments_any()) {
        Choice choice = { .view = view };
        if (hello)
            choose_recognised(&choice, hello);
        take_role(&choice.view, &choice.complaint);
        return share(&choice);
    }
    Settled *own = settled_of(session);
    if (!own->settled) {
        own->settled = TRUE;
        own->choice.view = view;
        if (!choose_assigned(own, hello ? hello->server_name : NULL) && hello)
            choose_recognised(&own->choice, hello);
        take_role(&own->choice.view, &own->choice.complaint);
    }
    return &own->choice;
}

static const Choice *
choice_of(const TlsfitSession *session)
{
    Lately *slot = &lately[tlsfit_session_stream(session) % LATELY_COUNT];

    if (slot->session != session) {
        slot->choice = choose(session);
        slot->session = session;
    }
    return slot->choice;
}

const TlsfitView *
selection_for_session(const TlsfitSession *session)
{
    if (!automatic || !library) /* without: the preferences have just changed, and all this is dissected anew */
        return &view;
    return &choice_of(session)->view;
}

const char *
selection_complaint(const TlsfitSession *session)
{
    const Choice *choice = automatic && library ? choice_of(session) : NULL;

    return choice && choice->complaint ? choice->complaint : complaint;
}
