/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which devices a subcommand works on: the option -d of check and matrix.
 */
#ifndef TLSFIT_SELECT_H
#define TLSFIT_SELECT_H

#include "tlsfit.h"

/* The devices that LISTS name, NULL-terminated strings as -d gave them: ids, patterns with * and ?, kind=KIND, and all
 * (every device that is a client), separated by commas. Each device once, in the order named. NULL after a message:
 * there is no such device. Array of TlsfitDevice, which belong to LIBRARY. */
GPtrArray *tlsfit_select_devices(TlsfitLibrary *library, char *const *lists);

/* Whether -d was given to COMMAND at all; FALSE after a message. */
gboolean tlsfit_select_given(char *const *lists, const char *command);

/* What -d takes, for --help. */
#define TLSFIT_SELECT_HELP "devices: ids, patterns ('mbedtls-*'), kind=modem, or all clients: all; repeat or use commas"

#endif
