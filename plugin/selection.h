/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which device a handshake is judged against: the preferences and the library of device profiles in, a TlsfitView
 * out. Messages about profiles that cannot be used go to Wireshark's own message channel, each once.
 *
 * Judges nothing and looks at no packet.
 */
#ifndef TLSFIT_SELECTION_H
#define TLSFIT_SELECTION_H

#include "tlsfit.h"
#include "ws_compat.h"

/* What the user has set. The strings belong to Wireshark's preferences. */
typedef struct {
    ws_pref_bool enable;
    const char  *device;      /* an id, "advertised" or "auto" */
    const char  *peer;        /* an id, or empty */
    const char  *device_path; /* a directory, or empty */
    guint        stall_ms;
} SelectionPreferences;

extern SelectionPreferences selection_preferences;

/* The preferences have changed: what was loaded for the old ones is dropped at the next file. */
void selection_invalidate(void);

/* Loads what the preferences ask for, unless that is done; reports what is wrong. Call when a file is opened. */
void selection_prepare(void);

/* The view for one handshake; valid until the next selection_prepare(). */
const TlsfitView *selection_for_session(const TlsfitSession *session);

/* What is wrong with the choice of a device, for the tree; NULL where nothing is. */
const char *selection_complaint(void);

void selection_cleanup(void);

#endif
