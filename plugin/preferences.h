/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of preferences: what the user sets in the window, in a file of preferences or with -o goes into
 * selection_preferences.
 *
 * Decides nothing about devices.
 */
#ifndef TLSFIT_PREFERENCES_H
#define TLSFIT_PREFERENCES_H

#include "ws_compat.h"

/* Registers the page of PROTOCOL. CHANGED is called after every change, before Wireshark dissects anew. */
void preferences_register(int protocol, void (*changed)(void));

/* Writes the ids of devices that were picked from a list, unless that is done. Cheap where none was. */
void preferences_take_picks(void);

#endif
