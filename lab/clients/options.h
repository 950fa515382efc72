/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The limits that a lab client plays, free of any TLS stack.
 * In: a command line. Out: struct lab_options, which each client turns into
 * its stack's own settings. from_profile.c fills the same struct from a device
 * profile.
 * Not here: sockets, certificates, anything of a stack.
 */
#ifndef LAB_OPTIONS_H
#define LAB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Hash functions by their TLS HashAlgorithm number (RFC 5246, 7.4.1.4.1). */
enum {
	LAB_MD5 = 1, LAB_SHA1 = 2, LAB_SHA224 = 3,
	LAB_SHA256 = 4, LAB_SHA384 = 5, LAB_SHA512 = 6
};

/* What happens once the stack has failed. STACK: whatever the stack does. */
enum lab_failure { LAB_FAILURE_STACK, LAB_FAILURE_CLOSE, LAB_FAILURE_HANG,
	LAB_FAILURE_ALERT };

enum lab_tamper { LAB_TAMPER_NONE, LAB_TAMPER_FINISHED_MAC,
	LAB_TAMPER_FINISHED_VERIFY };

#define LAB_LIST_MAX 64

struct lab_list {
	uint16_t items[LAB_LIST_MAX];
	size_t count;
};

struct lab_options {
	const char *host, *port;
	const char *sni;                 /* NULL: no server_name extension */
	const char *anchor_file;         /* PEM */
	const char *send_text;           /* application data, one line */
	struct lab_list suites;          /* IANA numbers, in order; empty: default */
	struct lab_list groups;          /* IANA numbers for the handshake */
	struct lab_list x509_groups;     /* curves for certificate verification */
	struct lab_list signature_schemes; /* wolfSSL only */
	unsigned hashes;                 /* bit (1 << LAB_x) for the handshake */
	unsigned x509_hashes;            /* the same for certificates */
	bool rsa_signatures;             /* RSA in signature_algorithms */
	bool x509_rsa;                   /* RSA signatures on certificates */
	bool anonymous;                  /* verify no certificate */
	bool dtls;
	unsigned rsa_bits_max;           /* 0: the stack's own limit */
	unsigned rsa_bits_min;
	uint16_t version_min, version_max; /* 0x0301 .. 0x0304, also for DTLS */
	size_t buffer_bytes;             /* BearSSL: input buffer */
	unsigned max_fragment_bytes;     /* 512, 1024, 2048, 4096 or 0 */
	int64_t time_s;                  /* Unix time for certificate validity */
	unsigned timeout_s;              /* hard end of the client */
	enum lab_failure on_failure;
	unsigned on_failure_value;       /* seconds, or alert number */
	enum lab_tamper tamper;

	/* What only a device profile says (from_profile.c). */
	const char *device_file;         /* NULL: limits come from the options */
	bool list_unenforced;            /* tell what cannot be enforced, leave */
	const char *cert_file, *key_file; /* client authentication, PEM */
	unsigned x509_rsa_hashes, x509_ecdsa_hashes; /* bit (1 << LAB_x) */
	bool key_rsa, key_ec;            /* types of keys in certificates */
	bool ecdsa_signatures;           /* ECDSA in signature_algorithms */
	bool schemes_product;            /* hashes x {RSA, ECDSA} is exact */
	bool schemes_pairs;              /* every hash comes with RSA and ECDSA */
	struct lab_list end_entity_groups; /* curves of the end-entity key */
	unsigned end_entity_rsa_bits_min, end_entity_rsa_bits_max;
	unsigned chain_max;              /* certificates, 0: no limit */
	bool chain_counts_path;          /* the anchor is not counted */
	unsigned certificate_bytes_max, message_bytes_max;
	unsigned dh_bits_min, dh_bits_max;
};

/* Fills *options. Exits with 2 and one line on standard error on bad usage. */
void lab_options_parse(int argc, char **argv, struct lab_options *options);

/* Is number in list? An empty list holds everything. */
bool lab_list_allows(const struct lab_list *list, unsigned number);

/* Leaves with 2: this stack cannot be made to do what the option asks. */
_Noreturn void lab_options_refuse(const char *stack, const char *option);

#endif
