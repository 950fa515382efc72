/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture again, with comments on some of its packets: everything else stays as Wireshark's reader and writer keep
 * it. What is no pcapng becomes one.
 */
#ifndef TLSFIT_WRITER_H
#define TLSFIT_WRITER_H

#include "capture.h"

/* Writes the packets of INPUT, as many as can be read, to OUTPUT ("-": standard output), and COMMENTS, an array of
 * CaptureComment sorted by frame, beside those that are there; none stands on a packet twice. The file appears under its
 * name when it is whole. LOST becomes a list of what could not be kept, NULL where everything was; newly allocated. FALSE
 * and ERROR ("FILE: reason") where nothing was written. */
gboolean writer_run(const char *input, const char *output, const GPtrArray *comments, char **lost, GError **error);

#endif
