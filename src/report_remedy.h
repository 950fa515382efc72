/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fix for the server in the JSON of a handshake.
 */
#ifndef TLSFIT_REPORT_REMEDY_H
#define TLSFIT_REPORT_REMEDY_H

#include "session.h"

#include <json-glib/json-glib.h>

/* Adds the members "fix_config", "fix_offer", "fix_chain" (doc/json.md) to the object that is open; nothing where no
 * setting of the server helps. */
void tlsfit_report_remedy(JsonBuilder *builder, const TlsfitSession *session);

#endif
