/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks another program something, with a time limit.
 */
#ifndef TLSFIT_RUN_H
#define TLSFIT_RUN_H

#include <glib.h>

/* Runs ARGV (NULL-terminated) without standard input and waits for it, LIMIT_S seconds at the most. OUT and ERRORS become
 * what it wrote (newly allocated, UTF-8); either may be NULL. FALSE and ERROR where it cannot be started, takes too long,
 * or ends by a signal; its exit status does not matter. */
gboolean tlsfit_run(const char *const *argv, guint limit_s, char **out, char **errors, GError **error);

#endif
