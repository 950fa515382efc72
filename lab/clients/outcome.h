/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every lab client does alike around its stack: connect, tell the
 * outcome on one line, be silent or close after a failure.
 * Not here: TLS.
 */
#ifndef LAB_OUTCOME_H
#define LAB_OUTCOME_H

#include "options.h"

struct lab_outcome {
	const char *stack;       /* "BearSSL 0.6" */
	bool completed;          /* the handshake ended well */
	bool echoed;             /* application data came back */
	long error;              /* the stack's number, 0: none */
	const char *error_name;  /* the stack's name or text, NULL: none */
	int alert_received;      /* -1: none */
	unsigned version;        /* 0x0303, 0: not known */
	unsigned suite;          /* 0: not known */
};

/* A connected socket (TCP, or UDP with dtls); leaves with 2 when it fails. */
int lab_connect(const struct lab_options *options);

/* One line on standard output: key=value, texts in double quotes. */
void lab_outcome_print(const struct lab_outcome *outcome);

/*
 * After the stack failed: silence, a plaintext alert, or nothing; then the
 * socket is closed in an orderly way. last_record_version is for the alert.
 */
void lab_failure_play(const struct lab_options *options, int fd);

/* 0 completed, 1 failed. */
int lab_outcome_status(const struct lab_outcome *outcome);

/* All bytes or false. */
bool lab_write_all(int fd, const unsigned char *data, size_t length);

/*
 * Flips a bit in the first encrypted record that leaves: in TLS 1.2 the one
 * behind ChangeCipherSpec, in TLS 1.3 the first of type application_data.
 * One whole record or several in data. State starts as zero.
 */
struct lab_tamper_state { bool ccs_seen; bool done; };
void lab_tamper_finished_mac(struct lab_tamper_state *state,
	unsigned char *data, size_t length);

#endif
