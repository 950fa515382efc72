/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits of a lab client in GnuTLS's two languages: priority strings, and
 * the settings file of the library.
 * In: struct lab_options. Out: text, and whether that text says exactly it.
 * Not here: the handshake.
 */
#ifndef LAB_GNUTLS_SETTINGS_H
#define LAB_GNUTLS_SETTINGS_H

#include "options.h"

/* A priority string, newly allocated. */
char *lab_gnutls_priority(const struct lab_options *options);

bool lab_gnutls_suites_exact(const struct lab_options *options);
bool lab_gnutls_groups_known(const struct lab_options *options);
bool lab_gnutls_schemes_known(const struct lab_options *options);

/* A curve that is switched off is gone from the key exchange too. */
bool lab_gnutls_curves_separable(const struct lab_options *options);

/*
 * GnuTLS reads its settings before main(): where options need settings, writes
 * them and starts the program again. Returns in the second start, or where
 * nothing is needed.
 */
void lab_gnutls_restart(const struct lab_options *options, char **argv);

#endif
