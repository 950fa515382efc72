/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets and the result line of the lab clients.
 * In: options, an outcome. Out: a socket, one line, the way a device ends.
 * Not here: TLS, beyond the five header bytes of a record.
 */
#include "outcome.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RECORD_CCS = 20, RECORD_ALERT = 21, RECORD_TLS13 = 23 };

int lab_connect(const struct lab_options *options)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = options->dtls ? SOCK_DGRAM : SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	int fd = -1;

	if (getaddrinfo(options->host, options->port, &hints, &found) != 0) {
		fprintf(stderr, "lab client: --host and --port must be numeric\n");
		exit(2);
	}
	fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
		fprintf(stderr, "lab client: connect %s:%s: %s\n", options->host,
			options->port, strerror(errno));
		exit(2);
	}
	freeaddrinfo(found);
	alarm(options->timeout_s); /* nothing in the lab may wait for ever */
	return fd;
}

bool lab_write_all(int fd, const unsigned char *data, size_t length)
{
	while (length > 0) {
		const ssize_t n = send(fd, data, length, MSG_NOSIGNAL);

		if (n < 0)
			return false;
		data += n;
		length -= (size_t)n;
	}
	return true;
}

void lab_tamper_finished_mac(struct lab_tamper_state *state,
	unsigned char *data, size_t length)
{
	while (!state->done && length >= 5) {
		const size_t record = 5 + ((size_t)data[3] << 8) + data[4];

		if (record > length)
			return;
		if (data[0] == RECORD_CCS) {
			state->ccs_seen = true;
		} else if (state->ccs_seen || data[0] == RECORD_TLS13) {
			data[record - 1] ^= 1;
			state->done = true;
		}
		data += record;
		length -= record;
	}
}

/* Reads what still comes, so that it is acknowledged, until time is over. */
static void be_silent(int fd, unsigned seconds)
{
	const time_t end = time(NULL) + (time_t)seconds;
	unsigned char sink[4096];

	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		const time_t left = end - time(NULL);

		if (left <= 0 || poll(&p, 1, (int)left * 1000) <= 0)
			return;
		if (recv(fd, sink, sizeof sink, 0) <= 0)
			return; /* the peer has given up first */
	}
}

void lab_failure_play(const struct lab_options *options, int fd)
{
	unsigned char alert[] = { RECORD_ALERT, 3, 3, 0, 2, 2, 0 };

	switch (options->on_failure) {
	case LAB_FAILURE_HANG:
		be_silent(fd, options->on_failure_value);
		break;
	case LAB_FAILURE_ALERT:
		alert[6] = (unsigned char)options->on_failure_value;
		(void)lab_write_all(fd, alert, sizeof alert);
		break;
	case LAB_FAILURE_STACK:
	case LAB_FAILURE_CLOSE:
		break;
	}
	(void)shutdown(fd, SHUT_WR); /* FIN, never RST for unread bytes */
	if (!options->dtls)
		be_silent(fd, 1);
	close(fd);
}

void lab_outcome_print(const struct lab_outcome *o)
{
	printf("client stack=\"%s\" outcome=%s", o->stack,
		o->completed ? (o->echoed ? "completed" : "completed-no-echo")
			: "failed");
	if (o->version != 0)
		printf(" version=0x%04X", o->version);
	if (o->suite != 0)
		printf(" suite=0x%04X", o->suite);
	if (o->error != 0)
		printf(" error=%ld", o->error);
	if (o->error_name != NULL)
		printf(" error_name=\"%s\"", o->error_name);
	if (o->alert_received >= 0)
		printf(" alert_received=%d", o->alert_received);
	putchar('\n');
	fflush(stdout);
}

int lab_outcome_status(const struct lab_outcome *outcome)
{
	return outcome->completed ? 0 : 1;
}
