/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The statistic tlsfit,tree: handshakes by outcome, device and cause. See tap.h.
 *
 * In: records of the tap, when a handshake is over. Out: nodes of a stats_tree, which Wireshark shows in its menu
 * Statistics, and tshark prints. Wireshark dissects all packets again for a statistic; tshark in one pass does not, and
 * what the end of the capture decides belongs to no packet then: a second listener, which tshark asks first, adds it.
 */
#include "conversation.h"
#include "tap.h"

/* Nodes that a tree starts with, in the order in which they are made: that gives them their numbers, from 1. */
typedef enum { NODE_OUTCOMES = 1, NODE_DEVICES, NODE_CAUSES } Node;

/* What the second listener knows of the tree of -z tlsfit,tree. */
typedef struct {
    stats_tree *tree;
    GHashTable *counted;   /* TlsfitSession that the end of the capture decided, and that a packet told of */
    gboolean    listening; /* the second listener is there, once and for all */
} Late;

static Late late;

static gboolean
failed(TlsfitOutcome outcome)
{
    return outcome == TLSFIT_OUTCOME_ALERT || outcome == TLSFIT_OUTCOME_STALLED || outcome == TLSFIT_OUTCOME_RESET ||
           outcome == TLSFIT_OUTCOME_CLOSED;
}

static void
count(stats_tree *tree, const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitDevice *device = tlsfit_session_device(session);
    const char *id = device ? tlsfit_device_id(device) : "advertised";

    g_autofree char *outcome = tap_outcome_text(diagnosis);
    int node = tick_stat_node(tree, tlsfit_outcome_name(diagnosis->outcome), NODE_OUTCOMES, TRUE);
    if (!g_str_equal(outcome, tlsfit_outcome_name(diagnosis->outcome)))
        tick_stat_node(tree, outcome, node, FALSE);
    tick_stat_node(tree, "Outcomes", 0, TRUE);
    tick_stat_node(tree, "Devices", 0, TRUE);
    node = tick_stat_node(tree, id, NODE_DEVICES, TRUE);
    tick_stat_node(tree, tlsfit_outcome_name(diagnosis->outcome), node, FALSE);
    if (!failed(diagnosis->outcome))
        return;
    const TlsfitFinding *cause = diagnosis->cause;
    tick_stat_node(tree, "Causes of failure", 0, TRUE);
    node = tick_stat_node(tree, cause ? cause->rule : "not known", NODE_CAUSES, TRUE);
    tick_stat_node(tree, cause ? cause->subject : id, node, FALSE);
}

static tap_packet_status
take_packet(stats_tree *tree, packet_info *pinfo, epan_dissect_t *edt, const void *data, tap_flags_t flags)
{
    const TapRecord *record = data;

    (void)pinfo;
    (void)edt;
    (void)flags;
    if (!record->over)
        return TAP_PACKET_DONT_REDRAW;
    count(tree, record->session);
    if (tree == late.tree && tlsfit_session_diagnosis(record->session)->known_frame == 0)
        g_hash_table_add(late.counted, (gpointer)record->session);
    return TAP_PACKET_REDRAW;
}

void
tap_tree_add_late(void)
{
    const GPtrArray *sessions = late.tree ? conversation_sessions() : NULL;

    for (guint i = 0; sessions && i < sessions->len; i++) {
        TlsfitSession *session = g_ptr_array_index(sessions, i);
        const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
        if (diagnosis && diagnosis->known_frame == 0 && g_hash_table_add(late.counted, session))
            count(late.tree, session);
    }
}

static void
draw_late(void *data)
{
    (void)data;
    if (!late.tree)
        return;
    conversation_end();
    tap_tree_add_late();
}

static gboolean
start_listening(void)
{
    GString *error = register_tap_listener("tlsfit", &late, NULL, TL_REQUIRES_NOTHING, NULL, NULL, draw_late, NULL);

    late.listening = !error;
    if (error) {
        report_failure("TLS Fit: %s", error->str);
        g_string_free(error, TRUE);
    }
    return late.listening;
}

static void
start(stats_tree *tree)
{
    stats_tree_create_node(tree, "Outcomes", 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, "Devices", 0, STAT_DT_INT, TRUE);
    stats_tree_create_node(tree, "Causes of failure", 0, STAT_DT_INT, TRUE);
    /* Only tshark starts a statistic before it reads a packet. A filter can be tried on packets alone. */
    if (!conversation_untouched() || late.tree || WS_STATS_TREE_HAS_FILTER(tree))
        return;
    if (!late.listening && !start_listening())
        return;
    late.tree = tree;
    late.counted = g_hash_table_new(g_direct_hash, g_direct_equal);
}

/* The second listener stays: Wireshark ends statistics while it goes through the list of all listeners, and whoever
 * takes another one out of that list frees it twice (4.6 does so when tshark ends). */
static void
end(stats_tree *tree)
{
    if (tree != late.tree)
        return;
    g_clear_pointer(&late.counted, g_hash_table_unref);
    late.tree = NULL;
}

void
tap_tree_register(void)
{
    stats_tree_register_plugin("tlsfit", "tlsfit", "TLS Fit", 0, take_packet, start, end);
}
