/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The subcommands of this program, and what they share. Each is one file with one function; main.c has the list.
 */
#ifndef TLSFIT_CAPTURE_COMMAND_H
#define TLSFIT_CAPTURE_COMMAND_H

#include "capture.h"
#include "cli.h"

/* argv[0] is the subcommand's name; exit status as in cli.h. PROGRAM is for capture_start(). */
int command_annotate(const char *program, int argc, char **argv);
int command_learn(const char *program, int argc, char **argv);
int command_matrix(const char *program, int argc, char **argv);

#endif
