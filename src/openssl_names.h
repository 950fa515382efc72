/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What OpenSSL calls the things that IANA names: for lines that are pasted into a server's configuration.
 */
#ifndef TLSFIT_OPENSSL_NAMES_H
#define TLSFIT_OPENSSL_NAMES_H

#include "tlsfit.h"

/* The name for a cipher list (TLS 1.3: for the list of ciphersuites, where it is IANA's own). Newly allocated; NULL for
 * a suite that OpenSSL 3 does not have in its usual builds, or that no server should be told to use: without encryption
 * or authentication, with RC4, DES or 3DES, with keys that are shared beforehand. */
char *tlsfit_openssl_suite(guint code);

/* The name for -groups; NULL for what not every OpenSSL 3 has. */
const char *tlsfit_openssl_group(guint code);

/* The name for -sigalgs; NULL as above. */
const char *tlsfit_openssl_scheme(guint code);

/* TLSv1.2, DTLSv1.2, ...; NULL for what OpenSSL 3 does not have. */
const char *tlsfit_openssl_version(guint code);

#endif
