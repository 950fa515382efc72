/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of the machine that the mbed TLS client plays.
 * In: TLSFIT_LAB_CLOCK in the environment, seconds since 1970. Out: what the
 * C library's time() answers to the stack: mbed TLS 2.28 puts it into the
 * first four bytes of the ClientHello's random (ssl_cli.c,
 * ssl_generate_random) and compares the dates of certificates with it.
 * Without the variable it is the real time. --time is another thing: it
 * changes what the client itself says of dates.
 */
#include <stdlib.h>
#include <time.h>

/* visible to the stack's shared library, which asks the program first */
__attribute__((visibility("default"))) time_t time(time_t *result);

time_t time(time_t *result)
{
	const char *set = getenv("TLSFIT_LAB_CLOCK");
	struct timespec now = { 0, 0 };

	if (set != NULL)
		now.tv_sec = (time_t)strtoll(set, NULL, 10);
	else
		clock_gettime(CLOCK_REALTIME, &now);
	if (result != NULL)
		*result = now.tv_sec;
	return now.tv_sec;
}
