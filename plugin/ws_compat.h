/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every difference between the Wireshark versions that the plugin is built for (4.0, 4.4, 4.6), and the only place
 * that looks at a version number. The rest of the plugin includes Wireshark through this file.
 *
 * It holds no logic of the plugin.
 */
#ifndef TLSFIT_WS_COMPAT_H
#define TLSFIT_WS_COMPAT_H

#include <glib.h>
#include <ws_version.h>

#include <epan/column-info.h>
#include <epan/column-utils.h>
#include <epan/conversation.h>
#include <epan/expert.h>
#include <epan/frame_data.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/stat_tap_ui.h>
#include <epan/stats_tree.h>
#include <epan/stats_tree_priv.h>
#include <epan/tap.h>
#include <epan/to_str.h>
#include <epan/tvbuff.h>
#include <epan/uat.h>
#include <wsutil/filesystem.h>
#include <wsutil/report_message.h>

/* 4.0 does not install it, and needs nothing of it. */
#ifdef __has_include
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif
#endif

#define TLSFIT_WS_AT_LEAST(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* A plugin must say for which Wireshark it was built. */
#define WS_BUILT_FOR_MAJOR WIRESHARK_VERSION_MAJOR
#define WS_BUILT_FOR_MINOR WIRESHARK_VERSION_MINOR

/* The type behind a yes/no preference: 4 bytes before 4.2, 1 byte since. */
#if TLSFIT_WS_AT_LEAST(4, 2)
#include <stdbool.h>
typedef bool ws_pref_bool;
#else
typedef gboolean ws_pref_bool;
#endif

/* Where nobody looks at the tree, 4.6 leaves out what protocol nodes say unless they are wanted; before, they are
 * whole. */
#define WS_PROTOCOLS_ARE_FAKED TLSFIT_WS_AT_LEAST(4, 6)

/* What says whether a row of a table is right: a gboolean in 4.0, a bool since 4.2. */
#if TLSFIT_WS_AT_LEAST(4, 2)
typedef bool ws_uat_result;
#else
typedef gboolean ws_uat_result;
#endif

/* What starts a "-z" statistic says since 4.6 whether it could. */
#if TLSFIT_WS_AT_LEAST(4, 6)
typedef bool ws_tap_init_result;
#define WS_TAP_INIT_RETURN(started) return (started)
#else
typedef void ws_tap_init_result;
#define WS_TAP_INIT_RETURN(started) \
    do {                            \
        (void)(started);            \
        return;                     \
    } while (0)
#endif

/* Does the statistic look at some packets only? No function of Wireshark's tells. */
#define WS_STATS_TREE_HAS_FILTER(tree) ((tree)->filter && *(tree)->filter)

/* Since 4.2 a plugin tells what it brings; before, nobody asks. */
#ifdef WS_PLUGIN_DESC_DISSECTOR
#define WS_PLUGIN_DESCRIPTION ((guint32)(WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER))
#else
#define WS_PLUGIN_DESCRIPTION 0u
#endif

#endif
