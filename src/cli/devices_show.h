/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rendered profile (tlsfit_device_render()) on a terminal.
 */
#ifndef TLSFIT_DEVICES_SHOW_H
#define TLSFIT_DEVICES_SHOW_H

#include <glib.h>

/* Appends TEXT to OUT, one profile after the other with a blank line between: on a terminal with long lines broken where
 * they align, and with colours where they are on; else as it is, for reviews and for programs. */
void tlsfit_devices_show(GString *out, const char *text);

#endif
