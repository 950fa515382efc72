/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statistic tlsfit,matrix: devices by handshakes. See tap.h.
 *
 * In: the sessions of the capture, the device profiles. Out: a table on standard output. The device that was on the
 * wire is judged on its whole handshake; every other one, which is a client, on what the server sent, as if it had been
 * there (tlsfit_session_judge_other()). This takes the place of the judgements that there were: only tshark has it, at
 * the end.
 */
#include "conversation.h"
#include "selection.h"
#include "tap.h"
#include "tlsfit_report.h"

#include <stdio.h>
#include <string.h>

static GStrv wanted; /* ids; NULL: every client */

/* A device that was on the wire may be a server: others are judged on what a server sends. */
static gboolean
is_row(const TlsfitDevice *device)
{
    const GPtrArray *sessions = conversation_sessions();

    if (wanted)
        return g_strv_contains((const char *const *)wanted, tlsfit_device_id(device));
    if (tlsfit_device_role(device) == TLSFIT_CLIENT)
        return TRUE;
    for (guint i = 0; i < sessions->len; i++) {
        if (tlsfit_cell_is_own(g_ptr_array_index(sessions, i), device))
            return TRUE;
    }
    return FALSE;
}

static void
report_unknown(TlsfitLibrary *library)
{
    for (guint i = 0; wanted && wanted[i]; i++) {
        if (tlsfit_library_find(library, wanted[i]))
            continue;
        g_autofree char *near = tlsfit_library_suggest(library, wanted[i]);
        report_failure("TLS Fit: no device profile \"%s\" (-z tlsfit,matrix)%s%s%s", wanted[i],
                       near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
}

static void
set_other(TlsfitMatrix *matrix, guint row, guint column, TlsfitSession *session, TlsfitDevice *device)
{
    g_autofree char *text = NULL;
    TlsfitCell cell;

    tlsfit_cell_of_other(session, device, &cell, &text);
    tlsfit_matrix_set(matrix, row, column, &cell);
}

static guint
add_column(TlsfitMatrix *matrix, const TlsfitSession *session)
{
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitDevice *device = tlsfit_session_device(session);
    g_autofree char *id = g_strdup_printf("#%u", tlsfit_session_stream(session));
    g_autofree char *outcome = diagnosis ? tap_outcome_text(diagnosis) : g_strdup("open");
    g_autofree char *name = g_strdup_printf("frame %u, %s, on the wire: %s", hello ? hello->place.frame : 0, outcome,
                                            device ? tlsfit_device_id(device) : "advertised");

    return tlsfit_matrix_add_column(matrix, id, name);
}

/* The judgement that there is goes first: the next one takes its place. */
static void
judge_column(TlsfitMatrix *matrix, const GPtrArray *rows, TlsfitSession *session)
{
    const guint column = add_column(matrix, session);
    int own = -1;

    for (guint i = 0; i < rows->len && own < 0; i++) {
        if (tlsfit_cell_is_own(session, g_ptr_array_index(rows, i)))
            own = (int)i;
    }
    if (own >= 0)
        tlsfit_matrix_set_session(matrix, (guint)own, column, session);
    for (guint i = 0; i < rows->len; i++) {
        TlsfitDevice *device = g_ptr_array_index(rows, i);
        if ((int)i != own && tlsfit_device_role(device) == TLSFIT_CLIENT)
            set_other(matrix, i, column, session, device);
    }
}

static void
print_matrix(void)
{
    const GPtrArray *sessions = conversation_sessions();
    TlsfitLibrary *library = selection_library();
    g_autoptr(TlsfitMatrix) matrix = tlsfit_matrix_new("handshake");
    g_autoptr(GPtrArray) rows = g_ptr_array_new();

    if (!sessions || !library)
        return;
    report_unknown(library);
    const GPtrArray *devices = tlsfit_library_devices(library);
    for (guint i = 0; i < devices->len; i++) {
        TlsfitDevice *device = g_ptr_array_index(devices, i);
        if (!is_row(device))
            continue;
        tlsfit_matrix_add_row(matrix, tlsfit_device_id(device), tlsfit_device_name(device));
        g_ptr_array_add(rows, device);
    }
    for (guint i = 0; i < sessions->len; i++)
        judge_column(matrix, rows, g_ptr_array_index(sessions, i));
    g_autofree char *text = tlsfit_matrix_report(matrix, TLSFIT_MATRIX_TEXT);
    fputs(text, stdout);
}

ws_tap_init_result
tap_matrix_start(const char *argument, void *user_data)
{
    const char *ids = argument + MIN(strlen("tlsfit,matrix,"), strlen(argument));
    const char *program = g_get_prgname();
    gboolean started = FALSE;

    (void)user_data;
    if (program && g_ascii_strcasecmp(program, "wireshark") == 0) {
        report_failure("TLS Fit: -z tlsfit,matrix is for tshark; a window would have nothing left to show");
    } else {
        g_strfreev(wanted);
        wanted = *ids ? g_strsplit(ids, ",", -1) : NULL;
        started = tap_print_at_end(TAP_MATRIX, NULL, print_matrix);
    }
    WS_TAP_INIT_RETURN(started);
}
