/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device behind a handshake. See selection.h.
 *
 * In: preferences, directories. Out: one view, the same for every handshake as long as only preferences decide.
 */
#include "selection.h"

SelectionPreferences selection_preferences = {
    .enable = TRUE, .device = "auto", .peer = "", .device_path = "", .stall_ms = TLSFIT_STALL_MS_DEFAULT
};

static TlsfitLibrary *library;
static TlsfitView     view;
static char          *complaint;

void
selection_cleanup(void)
{
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
selection_complaint(void)
{
    return complaint;
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

void
selection_prepare(void)
{
    if (library)
        return;
    load_library();
    report_problems();
    view.device = view.peer = NULL;
    view.device_source = "advertised";
    view.stall_ms = selection_preferences.stall_ms;
    const char *id = selection_preferences.device;
    if (is_set(id) && !g_str_equal(id, "auto") && !g_str_equal(id, "advertised"))
        view.device = find_device("tlsfit.device", id, "what the ClientHello offers is taken instead");
    if (view.device)
        view.device_source = "preference";
    if (is_set(selection_preferences.peer))
        view.peer = find_device("tlsfit.peer", selection_preferences.peer, "the other side stays unknown");
}

const TlsfitView *
selection_for_session(const TlsfitSession *session)
{
    (void)session; /* assignments and fingerprints will decide by it */
    return &view;
}
