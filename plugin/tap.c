/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tap, what is printed when a capture has been read, and the statistic tlsfit,json. See tap.h.
 *
 * In: packets that mean something to a handshake. Out: records for listeners; text on standard output, which is where
 * statistics of tshark go.
 */
#include "tap.h"

#include "conversation.h"

#include <stdio.h>
#include <string.h>

static int      tap;
static void   (*printers[TAP_PRINTERS])(void);
static gboolean printed;

void
tap_register(void)
{
    tap = register_tap("tlsfit");
}

void
tap_tell(packet_info *pinfo, const TlsfitSession *session, gboolean visited)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    TapRecord record = { .session = session };

    if (!have_tap_listener(tap))
        return;
    record.begins = hello && hello->place.frame == pinfo->num;
    if (diagnosis && (diagnosis->known_frame > 0 || visited))
        record.over = (diagnosis->known_frame ? diagnosis->known_frame : diagnosis->place.frame) == pinfo->num;
    if (record.begins || record.over)
        tap_queue_packet(tap, pinfo, wmem_memdup(pinfo->pool, &record, sizeof record));
}

char *
tap_outcome_text(const TlsfitDiagnosis *diagnosis)
{
    const char *side = diagnosis->side == TLSFIT_CLIENT ? "client" : "server";

    if (!diagnosis->has_side)
        return g_strdup(tlsfit_outcome_name(diagnosis->outcome));
    if (diagnosis->outcome == TLSFIT_OUTCOME_STALLED)
        return g_strdup_printf("stalled, the %s is silent", side);
    if (diagnosis->outcome != TLSFIT_OUTCOME_ALERT)
        return g_strdup_printf("%s by the %s", tlsfit_outcome_name(diagnosis->outcome), side);
    if (diagnosis->alert < 0)
        return g_strdup_printf("encrypted alert by the %s", side);
    g_autofree char *alert = tlsfit_name_or_number(TLSFIT_NAME_ALERT, (guint)diagnosis->alert);
    return g_strdup_printf("alert %s (%d) by the %s", alert, diagnosis->alert, side);
}

/* Each printer has its listener, as each may ask for packets; whichever Wireshark calls first prints them all. */
static void
print_all(void *data)
{
    (void)data;
    if (printed)
        return;
    printed = TRUE;
    conversation_end();
    tap_tree_add_late();
    for (guint i = 0; i < TAP_PRINTERS; i++) {
        if (printers[i])
            printers[i]();
    }
    fflush(stdout);
}

static void
print_again(void *data)
{
    (void)data;
    printed = FALSE;
}

gboolean
tap_print_at_end(TapPrinter printer, tap_packet_cb packet, void (*print)(void))
{
    GString *error = register_tap_listener("tlsfit", &printers[printer], NULL, TL_REQUIRES_NOTHING, print_again, packet,
                                           print_all, NULL);

    if (!error) {
        printers[printer] = print;
        return TRUE;
    }
    report_failure("TLS Fit: %s", error->str);
    g_string_free(error, TRUE);
    return FALSE;
}

gboolean
tap_takes_no_more(const char *argument, const char *name)
{
    const char *more = argument + MIN(strlen(name), strlen(argument));

    if (*more == '\0' || g_str_equal(more, ","))
        return TRUE;
    report_failure("TLS Fit: -z %s takes no filter and nothing else behind it: leave out \"%s\"", name, more);
    return FALSE;
}

static void
print_json(void)
{
    const GPtrArray *sessions = conversation_sessions();

    for (guint i = 0; sessions && i < sessions->len; i++) {
        g_autofree char *line = tlsfit_report_json(g_ptr_array_index(sessions, i));
        puts(line);
    }
}

static ws_tap_init_result
start_json(const char *argument, void *user_data)
{
    (void)user_data;
    WS_TAP_INIT_RETURN(tap_takes_no_more(argument, "tlsfit,json") && tap_print_at_end(TAP_JSON, NULL, print_json));
}

void
tap_register_statistics(void)
{
    static stat_tap_ui statistics[] = {
        { REGISTER_TOOLS_GROUP_UNSORTED, "TLS Fit as JSON", "tlsfit,json", start_json, 0, NULL },
        { REGISTER_TOOLS_GROUP_UNSORTED, "TLS Fit summary", "tlsfit,summary", tap_summary_start, 0, NULL },
        { REGISTER_TOOLS_GROUP_UNSORTED, "TLS Fit matrix", "tlsfit,matrix", tap_matrix_start, 0, NULL },
    };

    for (guint i = 0; i < G_N_ELEMENTS(statistics); i++)
        register_stat_tap_ui(&statistics[i], NULL);
}
