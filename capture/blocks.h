/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which blocks a pcapng file has (draft-ietf-opsawg-pcapng): two files in, a list of what is in the first and not in the
 * second out. For telling people what a rewritten file lacks.
 */
#ifndef TLSFIT_BLOCKS_H
#define TLSFIT_BLOCKS_H

#include <glib.h>

/* NULL where BEFORE is no pcapng file, or AFTER has at least as many blocks of every kind; SECTIONS is how many sections
 * BEFORE has. "-" and what cannot be read have no blocks to compare. Newly allocated. */
char *blocks_lost(const char *before, const char *after, guint sections);

#endif
