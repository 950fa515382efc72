/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command: what its subcommands share. Each subcommand is one file with one function; main.c has the list.
 */
#ifndef TLSFIT_CLI_H
#define TLSFIT_CLI_H

#include "tlsfit.h"

/* Exit status of the command (SPEC: 0 all fits, 1 cannot, 2 usage or input, 3 something unknown). */
enum { TLSFIT_EXIT_FITS = 0, TLSFIT_EXIT_CANNOT = 1, TLSFIT_EXIT_USAGE = 2, TLSFIT_EXIT_UNKNOWN = 3 };

/* argv[0] is the subcommand's name. */
int tlsfit_cli_capture(int argc, char **argv); /* whichever needs a capture: another program (capture/) has it */
gboolean tlsfit_cli_jobs(int jobs);            /* whether --jobs makes sense; where not, that has been said */
gboolean tlsfit_cli_has_capture(void);         /* whether that program is installed */
int tlsfit_cli_check(int argc, char **argv);
int tlsfit_cli_devices(int argc, char **argv);
int tlsfit_cli_doctor(int argc, char **argv);
int tlsfit_cli_explain(int argc, char **argv);
int tlsfit_cli_matrix(int argc, char **argv);

/* Reads the words after a subcommand ("tlsfit NAME" is the program's name by now: g_set_prgname()), whose --help has
 * SUMMARY and DESCRIPTION around the list of ENTRIES. What is no option and not taken by an entry stays in ARGV. FALSE
 * after a message. */
gboolean tlsfit_cli_parse(const char *summary, const char *description, const GOptionEntry *entries, int *argc,
                          char ***argv);

/* All profiles: built in, the system's (/usr/share/wireshark/tlsfit, by XDG_DATA_DIRS), personal
 * (~/.config/wireshark/tlsfit), then DIRECTORY when it is not NULL; later ones win. Problems go to standard error, one line
 * each. Never NULL. */
TlsfitLibrary *tlsfit_cli_library(const char *directory);

/* Writes TEXT to the file PATH, whole or not at all; NULL: to standard output, AS_UTF8 or in the locale's encoding. FALSE
 * after a message. */
gboolean tlsfit_cli_write(const char *path, const GString *text, gboolean as_utf8);

/* One line on standard error: "tlsfit: ...". */
void tlsfit_cli_error(const char *format, ...) G_GNUC_PRINTF(1, 2);

#endif
