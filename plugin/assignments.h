/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table tlsfit_devices: rows that say which end of a connection is which device. In: the table as the user filled
 * it (preferences, the file tlsfit_devices, -o uat:tlsfit_devices:...), the ends of a handshake. Out: device ids.
 *
 * Loads no profiles and does not know whether a device of that id exists.
 */
#ifndef TLSFIT_ASSIGNMENTS_H
#define TLSFIT_ASSIGNMENTS_H

#include "tlsfit.h"
#include "ws_compat.h"

#include <gio/gio.h>

/* One end of a connection; what the capture does not have is NULL, or not valid. */
typedef struct {
    GInetAddress *address;
    guint8        mac[6];
    gboolean      has_mac;
} AssignmentEnd;

typedef struct {
    AssignmentEnd ends[2]; /* by TlsfitSide */
    guint         port;    /* the server's; 0: none */
} AssignmentEnds;

/* Registers the table as a preference of MODULE. CHANGED is called after every change. */
void assignments_register(module_t *module, void (*changed)(void));

gboolean assignments_any(void);

/* The device id in row INDEX, NULL beyond the last one. */
const char *assignments_device(guint index);

/* The ends of the connection that PINFO is a packet of. */
AssignmentEnds assignments_ends(const packet_info *pinfo, gboolean from_client);
void assignments_ends_clear(AssignmentEnds *ends);

/* The device id of the first row about SIDE that fits all it says; NULL for none. SERVER_NAME may be NULL. */
const char *assignments_find(const AssignmentEnds *ends, const char *server_name, TlsfitSide side);

#endif
