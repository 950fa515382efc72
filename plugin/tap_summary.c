/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statistic tlsfit,summary: one line a handshake, in columns. See tap.h.
 *
 * In: records of the tap (who talks with whom), and at the end the sessions. Out: a table on standard output. Text from
 * the capture is shown as text: what is no printable character becomes a question mark.
 */
#include "conversation.h"
#include "tap.h"

#include <stdio.h>

enum { COLUMN_NUMBER, COLUMN_FRAME, COLUMN_CLIENT, COLUMN_SERVER, COLUMN_NAME, COLUMN_DEVICE, COLUMN_OUTCOME,
       COLUMN_CAUSE, COLUMNS };

#define WIDTH_MAX 48u /* a hostile name does not push everything else out of sight */

static const char *const titles[COLUMNS] = {
    "#", "frame", "client", "server", "server name", "device", "outcome", "cause"
};

/* Who talks: text that belongs to the table. */
typedef struct {
    char *client, *server;
} Ends;

static GHashTable *ends_of; /* TlsfitSession -> Ends */

static void
ends_free(gpointer data)
{
    Ends *ends = data;

    g_free(ends->client);
    g_free(ends->server);
    g_free(ends);
}

static char *
end_text(packet_info *pinfo, const address *of, guint32 port)
{
    char *text = address_to_str(pinfo->pool, of);

    return g_strdup_printf(of->type == AT_IPv6 ? "[%s]:%u" : "%s:%u", text, port);
}

static tap_packet_status
take_packet(void *data, packet_info *pinfo, epan_dissect_t *edt, const void *record_data, tap_flags_t flags)
{
    const TapRecord *record = record_data;

    (void)data;
    (void)edt;
    (void)flags;
    if (!record->begins)
        return TAP_PACKET_DONT_REDRAW;
    Ends *ends = g_new(Ends, 1);
    ends->client = end_text(pinfo, &pinfo->src, pinfo->srcport);
    ends->server = end_text(pinfo, &pinfo->dst, pinfo->destport);
    g_hash_table_insert(ends_of, (gpointer)record->session, ends);
    return TAP_PACKET_DONT_REDRAW;
}

static char *
printable(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_new(NULL);
    guint length = 0;

    for (const char *at = valid; *at && length < WIDTH_MAX; at = g_utf8_next_char(at), length++) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(clean, g_unichar_isprint(character) ? character : '?');
    }
    return g_string_free(clean, FALSE);
}

static char *
cause_text(const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *cause = diagnosis ? diagnosis->cause : NULL;

    if (!cause)
        return g_strdup("");
    return g_strdup_printf("%s: %s%s", cause->subject, cause->rule,
                           cause->status == TLSFIT_SUSPECT ? " (suspected)" : "");
}

static GStrv
row_of(const TlsfitSession *session)
{
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitDevice *device = tlsfit_session_device(session);
    const Ends *ends = g_hash_table_lookup(ends_of, session);
    GStrv row = g_new0(char *, COLUMNS + 1);

    row[COLUMN_NUMBER] = g_strdup_printf("%u", tlsfit_session_stream(session));
    row[COLUMN_FRAME] = hello ? g_strdup_printf("%u", hello->place.frame) : g_strdup("-");
    row[COLUMN_CLIENT] = g_strdup(ends ? ends->client : "-");
    row[COLUMN_SERVER] = g_strdup(ends ? ends->server : "-");
    row[COLUMN_NAME] = printable(hello && hello->server_name ? hello->server_name : "-");
    row[COLUMN_DEVICE] = g_strdup(device ? tlsfit_device_id(device) : "advertised");
    row[COLUMN_OUTCOME] = diagnosis ? tap_outcome_text(diagnosis) : g_strdup(tlsfit_outcome_name(TLSFIT_OUTCOME_OPEN));
    row[COLUMN_CAUSE] = cause_text(session);
    return row;
}

static void
print_row(const char *const *row, const int *widths)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint i = 0; i < COLUMNS; i++) {
        const int fill = MAX(widths[i] - (int)g_utf8_strlen(row[i], -1), 0);
        if (i <= COLUMN_FRAME)
            g_string_append_printf(line, "%*s%s  ", fill, "", row[i]);
        else
            g_string_append_printf(line, "%s%*s  ", row[i], fill, "");
    }
    puts(g_strchomp(line->str));
}

static void
print_table(void)
{
    int widths[COLUMNS];
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    const GPtrArray *sessions = conversation_sessions();
    for (guint i = 0; sessions && i < sessions->len; i++)
        g_ptr_array_add(rows, row_of(g_ptr_array_index(sessions, i)));
    for (guint i = 0; i < COLUMNS; i++)
        widths[i] = (int)g_utf8_strlen(titles[i], -1);
    for (guint i = 0; i < rows->len * COLUMNS; i++) {
        char *const *row = g_ptr_array_index(rows, i / COLUMNS);
        widths[i % COLUMNS] = MAX(widths[i % COLUMNS], (int)g_utf8_strlen(row[i % COLUMNS], -1));
    }
    print_row(titles, widths);
    for (guint i = 0; i < rows->len; i++)
        print_row(g_ptr_array_index(rows, i), widths);
    g_hash_table_remove_all(ends_of);
}

ws_tap_init_result
tap_summary_start(const char *argument, void *user_data)
{
    gboolean started = FALSE;

    (void)user_data;
    if (!ends_of)
        ends_of = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, ends_free);
    if (tap_takes_no_more(argument, "tlsfit,summary"))
        started = tap_print_at_end(TAP_SUMMARY, take_packet, print_table);
    WS_TAP_INIT_RETURN(started);
}
