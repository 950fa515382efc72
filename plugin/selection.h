/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which device a handshake is judged against: the preferences, the assignments and the library of device profiles in,
 * a TlsfitView out (preference; else assigned, recognised, advertised). Messages about profiles that cannot be used go
 * to Wireshark's own message channel, each once.
 *
 * Judges nothing and looks at no packet.
 */
#ifndef TLSFIT_SELECTION_H
#define TLSFIT_SELECTION_H

#include "tlsfit.h"
#include "ws_compat.h"

/* Which side is judged. */
typedef enum {
    SELECTION_ROLE_AUTO,   /* the one that the device's profile is about */
    SELECTION_ROLE_CLIENT,
    SELECTION_ROLE_SERVER
} SelectionRole;

/* What the user has set. The strings belong to Wireshark's preferences. */
typedef struct {
    ws_pref_bool enable;
    const char  *device;      /* an id, "advertised" or "auto" */
    const char  *peer;        /* an id, or empty */
    const char  *device_path; /* a directory, or empty */
    guint        stall_ms;
    int          role;        /* SelectionRole */
    ws_pref_bool info_column; /* say there what is wrong */
} SelectionPreferences;

extern SelectionPreferences selection_preferences;

/* The preferences have changed: what was loaded for the old ones is dropped at the next file. */
void selection_invalidate(void);

/* Loads what the preferences ask for, unless that is done and the profiles are as they were; reports what is wrong.
 * Call when a file is opened. */
void selection_prepare(void);

/* The profiles that it loaded; NULL before. Valid until the preferences change. */
TlsfitLibrary *selection_library(void);

/* The view for one handshake; valid until the next selection_prepare(). */
const TlsfitView *selection_for_session(const TlsfitSession *session);

/* The handshake began with PINFO, sent by the client or not: what the table of assignments is compared with. */
void selection_note_ends(const TlsfitSession *session, const packet_info *pinfo, gboolean from_client);

/* What is wrong with the choice of a device, for the tree; NULL where nothing is. */
const char *selection_complaint(const TlsfitSession *session);

/* TRUE where the preference leaves the choice of the device to the plugin. */
gboolean selection_is_automatic(void);

void selection_cleanup(void);

#endif
