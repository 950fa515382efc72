/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What capture_start() was given, for the other files of this folder.
 */
#ifndef TLSFIT_START_H
#define TLSFIT_START_H

#include "capture.h"

extern CaptureOptions capture_options;

#endif
