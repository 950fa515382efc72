/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arithmetic of sizes in the JSON of a handshake.
 */
#ifndef TLSFIT_REPORT_SIZES_H
#define TLSFIT_REPORT_SIZES_H

#include "session.h"

#include <json-glib/json-glib.h>

/* Adds the member "sizes" (doc/json.md) to the object that is open; nothing where no size is known. */
void tlsfit_report_sizes(JsonBuilder *builder, const TlsfitSession *session);

#endif
