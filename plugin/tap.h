/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "-z tlsfit,json": when the capture has been read, one JSON object a line for each handshake, on standard output.
 * Reads what conversation.c has; needs no tree, so that it is the fast way to all findings.
 */
#ifndef TLSFIT_TAP_H
#define TLSFIT_TAP_H

/* Makes the statistic known to Wireshark. */
void tap_register_statistics(void);

#endif
