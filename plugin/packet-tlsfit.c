/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plugin as Wireshark sees it: the protocol tlsfit, a post-dissector, its preferences, its statistic.
 *
 * In: Wireshark's callbacks. Out: calls of conversation.c (a frame is read for the first time) and annotate.c (a
 * frame is shown). Holds no logic of its own.
 */
#include "annotate.h"
#include "conversation.h"
#include "fields.h"
#include "packet-tlsfit.h"
#include "preferences.h"
#include "selection.h"
#include "tap.h"
#include "tlsfit.h"
#include "wanted.h"
#include "ws_compat.h"

#include <stdio.h>

WS_DLL_PUBLIC_DEF extern const char plugin_version[];
WS_DLL_PUBLIC_DEF extern const int plugin_want_major;
WS_DLL_PUBLIC_DEF extern const int plugin_want_minor;
WS_DLL_PUBLIC_DEF void plugin_register(void);
WS_DLL_PUBLIC_DEF guint32 plugin_describe(void);

const char plugin_version[] = TLSFIT_VERSION;
const int plugin_want_major = WS_BUILT_FOR_MAJOR;
const int plugin_want_minor = WS_BUILT_FOR_MINOR;

static int protocol = -1; /* stays so where another copy of the plugin was faster */
static dissector_handle_t handle;

static void
show(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, const TlsfitSession *session, gboolean visited)
{
    const AnnotateHow how = {
        .visited = visited,
        .info_column = selection_preferences.info_column,
        .complaint = selection_complaint(session),
    };

    annotate_frame(tree, tvb, pinfo, protocol, session, &how);
    tap_tell(pinfo, session, visited);
}

static int
dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    gboolean visited = PINFO_FD_VISITED(pinfo);

    (void)data;
    if (!selection_preferences.enable)
        return 0;
    /* A first visit always has a tree, because fields are wanted; a later one may do without. */
    if (visited)
        conversation_end();
    else if (tree)
        conversation_take(tree, pinfo, protocol);
    for (const GSList *link = conversation_sessions_of(pinfo->num); link; link = link->next)
        show(tree, tvb, pinfo, link->data, visited);
    return 0;
}

static gboolean
is_on(void)
{
    return selection_preferences.enable && proto_is_protocol_enabled(find_protocol_by_id(protocol));
}

/* Fields are wanted only while the plugin is on: they make Wireshark build a tree for every packet. */
static void
want_fields(void)
{
    set_postdissector_wanted_hfids(handle, is_on() ? wanted_ids_new() : NULL);
}

static void
open_file(void)
{
    want_fields();
    if (!is_on())
        return;
    fields_resolve();
    preferences_take_picks();
    selection_prepare();
    conversation_open();
}

/* Wireshark dissects the capture again from the first frame on after this, so that nothing stale remains. */
static void
apply_preferences(void)
{
    selection_invalidate();
    want_fields();
}

void
tlsfit_protocol_register(void)
{
    /* Two copies under two file names would register everything twice, which ends the process. */
    if (proto_get_id_by_filter_name("tlsfit") > 0) {
        if (!g_strcmp0(g_get_prgname(), TLSFIT_CAPTURE_PROGRAM))
            return; /* it has this code built in */
        fprintf(stderr, "tlsfit: another copy of this plugin is loaded already; this one (%s) does nothing. "
                        "Remove one of the two files.\n", TLSFIT_VERSION);
        return;
    }
    protocol = proto_register_protocol("TLS Fit", "TLSFit", "tlsfit");
    fields_register(protocol);
    preferences_register(protocol, apply_preferences);
    handle = register_dissector("tlsfit", dissect, protocol);
    tap_register();
    tap_tree_register();
    register_init_routine(open_file);
    register_cleanup_routine(conversation_close);
    register_shutdown_routine(selection_cleanup);
    register_postdissector(handle);
}

void
tlsfit_protocol_hand_off(void)
{
    if (protocol <= 0)
        return;
    wanted_resolve();
    want_fields();
}

static void
register_listeners(void)
{
    if (protocol > 0)
        tap_register_statistics();
}

void
plugin_register(void)
{
    static proto_plugin dissector = { tlsfit_protocol_register, tlsfit_protocol_hand_off };
    static tap_plugin listeners = { register_listeners };

    proto_register_plugin(&dissector);
    tap_register_plugin(&listeners);
}

guint32
plugin_describe(void)
{
    return WS_PLUGIN_DESCRIPTION;
}
