/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statistic tlsfit,json. See tap.h.
 *
 * In: the sessions of the open file. Out: text on standard output, which is where statistics of tshark go.
 */
#include "tap.h"

#include "conversation.h"
#include "tlsfit.h"
#include "ws_compat.h"

#include <stdio.h>

static void
print_sessions(void *tapdata)
{
    (void)tapdata;
    conversation_end();
    const GPtrArray *sessions = conversation_sessions();
    for (guint i = 0; sessions && i < sessions->len; i++) {
        g_autofree char *line = tlsfit_report_json(g_ptr_array_index(sessions, i));
        puts(line);
    }
    fflush(stdout);
}

/* Nothing is collected while the capture is read: a listener is needed to be called at the end. */
static ws_tap_init_result
start(const char *argument, void *user_data)
{
    (void)argument;
    GString *error = register_tap_listener("tlsfit", user_data, NULL, TL_REQUIRES_NOTHING, NULL, NULL, print_sessions,
                                           NULL);
    gboolean started = error == NULL;

    if (error) {
        report_failure("tlsfit,json: %s", error->str);
        g_string_free(error, TRUE);
    }
    WS_TAP_INIT_RETURN(started);
}

void
tap_register_statistics(void)
{
    static stat_tap_ui json = {
        REGISTER_TOOLS_GROUP_UNSORTED, "TLS Fit as JSON", "tlsfit,json", start, 0, NULL
    };

    register_stat_tap_ui(&json, NULL);
}
