/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The device profiles as this Wireshark finds them: built in, in the system's and the personal folder, and in the one
 * that a preference names. Folders in, a TlsfitLibrary out, which is loaded again when a file in them has changed.
 *
 * Chooses no device.
 */
#ifndef TLSFIT_DEVICE_LIBRARY_H
#define TLSFIT_DEVICE_LIBRARY_H

#include "tlsfit.h"
#include "ws_compat.h"

/* The library with the profiles of DIRECTORY (NULL or empty: none) before those of the other folders. The same object
 * as long as nothing has changed; otherwise the one before is freed, and pointers to its devices with it. Owned by this
 * module. */
TlsfitLibrary *device_library_get(const char *directory);

/* Tells through Wireshark's own messages what is wrong in the profiles, once for each load. */
void device_library_report(void);

void device_library_cleanup(void);

#endif
