/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What capture_start() was given, for the other files of this folder.
 */
#ifndef TLSFIT_START_H
#define TLSFIT_START_H

#include "capture.h"

extern CaptureOptions capture_options;

/* Keys are configured, so that what looks like application data may be more: every packet is to be dissected, in order
 * and by one process. Secrets in a capture itself are the plan's business. */
gboolean capture_needs_everything(void);

#endif
