/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where `tlsfit annotate` writes captures: a name for each input, none of them an input itself, no two the same.
 */
#ifndef TLSFIT_ANNOTATE_OUTPUTS_H
#define TLSFIT_ANNOTATE_OUTPUTS_H

#include <glib.h>

/* The paths to write to, one for each of FILES (up to NULL); free with g_strfreev(). OUTPUT is the file of the only one, or
 * a directory. NULL where that makes no sense or nothing can be written there; it has been said why. */
char **annotate_outputs(const char *output, char *const *files);

#endif
