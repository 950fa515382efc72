/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the mbed TLS client can enforce, and the limits that mbed TLS leaves to
 * the application's verify callback.
 * In: struct lab_options, a certificate. Out: a verdict.
 * Not here: settings of mbed TLS itself, sockets.
 */
#ifndef LAB_MBEDTLS_LIMITS_H
#define LAB_MBEDTLS_LIMITS_H

#include "options.h"

#include <mbedtls/md.h>
#include <mbedtls/x509_crt.h>

/* mbed TLS's number of a hash function (LAB_x). */
mbedtls_md_type_t lab_mbedtls_md(unsigned id);

/* 0, or the flag with which the certificate is refused; reason says why. */
uint32_t lab_mbedtls_refuse(const struct lab_options *options,
	const mbedtls_x509_crt *crt, int depth, char *reason, size_t room);

/* As lab_enforces in from_profile.h. */
bool lab_mbedtls_enforces(const struct lab_options *options, const char *key,
	const char *word);

#endif
