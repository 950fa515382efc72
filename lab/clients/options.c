/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command line of the lab clients to struct lab_options.
 * In: argv. Out: options with every default made explicit.
 * Not here: what a stack makes of them.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	OPT_HOST = 256, OPT_PORT, OPT_SUITES, OPT_HASHES, OPT_X509_HASHES,
	OPT_CURVES, OPT_X509_CURVES, OPT_SCHEMES, OPT_RSA, OPT_X509_RSA,
	OPT_RSA_MAX, OPT_RSA_MIN, OPT_VERSIONS, OPT_BUFFER, OPT_FRAGMENT,
	OPT_SNI, OPT_ANCHOR, OPT_TIME, OPT_TIMEOUT, OPT_FAILURE, OPT_TAMPER,
	OPT_SEND, OPT_ANONYMOUS, OPT_DTLS, OPT_DEVICE, OPT_UNENFORCED, OPT_CERT,
	OPT_KEY, OPT_HELP
};

static const struct option long_options[] = {
	{ "host", required_argument, NULL, OPT_HOST },
	{ "port", required_argument, NULL, OPT_PORT },
	{ "suites", required_argument, NULL, OPT_SUITES },
	{ "hashes", required_argument, NULL, OPT_HASHES },
	{ "x509-hashes", required_argument, NULL, OPT_X509_HASHES },
	{ "curves", required_argument, NULL, OPT_CURVES },
	{ "x509-curves", required_argument, NULL, OPT_X509_CURVES },
	{ "signature-schemes", required_argument, NULL, OPT_SCHEMES },
	{ "rsa", required_argument, NULL, OPT_RSA },
	{ "x509-rsa", required_argument, NULL, OPT_X509_RSA },
	{ "rsa-bits-max", required_argument, NULL, OPT_RSA_MAX },
	{ "rsa-bits-min", required_argument, NULL, OPT_RSA_MIN },
	{ "versions", required_argument, NULL, OPT_VERSIONS },
	{ "buffer-bytes", required_argument, NULL, OPT_BUFFER },
	{ "max-fragment", required_argument, NULL, OPT_FRAGMENT },
	{ "sni", required_argument, NULL, OPT_SNI },
	{ "anchor", required_argument, NULL, OPT_ANCHOR },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "on-failure", required_argument, NULL, OPT_FAILURE },
	{ "tamper", required_argument, NULL, OPT_TAMPER },
	{ "send", required_argument, NULL, OPT_SEND },
	{ "anonymous", no_argument, NULL, OPT_ANONYMOUS },
	{ "dtls", no_argument, NULL, OPT_DTLS },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "unenforced", no_argument, NULL, OPT_UNENFORCED },
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "key", required_argument, NULL, OPT_KEY },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 }
};

static const char usage[] =
	"usage: CLIENT --host ADDRESS --port PORT --anchor FILE.pem [options]\n"
	"  --suites C023,003C,...            hexadecimal IANA numbers, in order\n"
	"  --hashes, --x509-hashes sha1,sha256,...   handshake, certificates\n"
	"  --curves, --x509-curves 0017,0018,...     IANA group numbers\n"
	"  --signature-schemes 0403,...      wolfSSL\n"
	"  --rsa yes|no, --x509-rsa yes|no   RSA signatures\n"
	"  --rsa-bits-min N, --rsa-bits-max N\n"
	"  --versions 1.2[-1.3]   --dtls     --max-fragment BYTES\n"
	"  --buffer-bytes N       --sni NAME --anonymous\n"
	"  --time UNIX_SECONDS    for the validity of certificates\n"
	"  --on-failure stack|close|hang:SECONDS|alert:NUMBER\n"
	"  --tamper finished-mac|finished-verify\n"
	"  --send TEXT            --timeout SECONDS\n"
	"  --cert FILE --key FILE for client authentication\n"
	"  --device PROFILE.ini   the limits of a device profile, over all others\n"
	"  --unenforced           with --device: what this stack cannot be made to\n"
	"                         enforce, a line each, and no handshake\n";

static _Noreturn void fail(const char *what, const char *value)
{
	fprintf(stderr, "lab client: %s: %s (see --help)\n", what, value);
	exit(2);
}

_Noreturn void lab_options_refuse(const char *stack, const char *option)
{
	fprintf(stderr, "lab client: %s cannot be made to do this: %s\n", stack,
		option);
	exit(2);
}

bool lab_list_allows(const struct lab_list *list, unsigned number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == number)
			return true;
	return list->count == 0;
}

static unsigned long parse_number(const char *text, int base,
	unsigned long max)
{
	char *end = NULL;
	const unsigned long value = strtoul(text, &end, base);

	if (end == text || *end != '\0' || value > max)
		fail("not a number in range", text);
	return value;
}

static void parse_list(struct lab_list *list, const char *text)
{
	char *copy = strdup(text), *save = NULL;

	if (copy == NULL)
		abort();
	list->count = 0;
	for (char *item = strtok_r(copy, ",", &save); item != NULL;
	     item = strtok_r(NULL, ",", &save)) {
		if (list->count == LAB_LIST_MAX)
			fail("more items than a client keeps", text);
		list->items[list->count++] =
			(uint16_t)parse_number(item, 16, 0xFFFF);
	}
	free(copy);
}

static unsigned parse_hashes(const char *text)
{
	static const char *const names[] = { NULL, "md5", "sha1", "sha224",
		"sha256", "sha384", "sha512" };
	char *copy = strdup(text), *save = NULL;
	unsigned bits = 0;

	if (copy == NULL)
		abort();
	for (char *item = strtok_r(copy, ",", &save); item != NULL;
	     item = strtok_r(NULL, ",", &save)) {
		unsigned id = LAB_MD5;

		while (id <= LAB_SHA512 && strcasecmp(item, names[id]) != 0)
			id++;
		if (id > LAB_SHA512)
			fail("unknown hash function", item);
		bits |= 1u << id;
	}
	free(copy);
	return bits;
}

static bool parse_yes(const char *text)
{
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		fail("neither yes nor no", text);
	return text[0] == 'y';
}

static void parse_versions(struct lab_options *o, const char *text)
{
	unsigned low = 0, high = 0;
	const int n = sscanf(text, "1.%1u-1.%1u", &low, &high);

	if (n < 1 || low > 3 || (n == 2 && (high > 3 || high < low)))
		fail("not a version or range of versions", text);
	o->version_min = (uint16_t)(0x0301 + low);
	o->version_max = (uint16_t)(0x0301 + (n == 2 ? high : low));
}

static void parse_failure(struct lab_options *o, const char *text)
{
	if (strcmp(text, "stack") == 0) {
		o->on_failure = LAB_FAILURE_STACK;
	} else if (strcmp(text, "close") == 0) {
		o->on_failure = LAB_FAILURE_CLOSE;
	} else if (strncmp(text, "hang:", 5) == 0) {
		o->on_failure = LAB_FAILURE_HANG;
		o->on_failure_value = (unsigned)parse_number(text + 5, 10, 600);
	} else if (strncmp(text, "alert:", 6) == 0) {
		o->on_failure = LAB_FAILURE_ALERT;
		o->on_failure_value = (unsigned)parse_number(text + 6, 10, 255);
	} else {
		fail("unknown way to fail", text);
	}
}

static void parse_tamper(struct lab_options *o, const char *text)
{
	if (strcmp(text, "finished-mac") == 0)
		o->tamper = LAB_TAMPER_FINISHED_MAC;
	else if (strcmp(text, "finished-verify") == 0)
		o->tamper = LAB_TAMPER_FINISHED_VERIFY;
	else
		fail("unknown way to tamper", text);
}

/* The limits; false: the option is none of them. */
static bool parse_limit(struct lab_options *o, int id, const char *value)
{
	switch (id) {
	case OPT_SUITES: parse_list(&o->suites, value); break;
	case OPT_CURVES: parse_list(&o->groups, value); break;
	case OPT_X509_CURVES: parse_list(&o->x509_groups, value); break;
	case OPT_SCHEMES: parse_list(&o->signature_schemes, value); break;
	case OPT_HASHES: o->hashes = parse_hashes(value); break;
	case OPT_X509_HASHES: o->x509_hashes = parse_hashes(value); break;
	case OPT_RSA: o->rsa_signatures = parse_yes(value); break;
	case OPT_X509_RSA: o->x509_rsa = parse_yes(value); break;
	case OPT_RSA_MAX:
		o->rsa_bits_max = (unsigned)parse_number(value, 10, 65536);
		break;
	case OPT_RSA_MIN:
		o->rsa_bits_min = (unsigned)parse_number(value, 10, 65536);
		break;
	case OPT_VERSIONS: parse_versions(o, value); break;
	case OPT_BUFFER: o->buffer_bytes = parse_number(value, 10, 65536); break;
	case OPT_FRAGMENT:
		o->max_fragment_bytes = (unsigned)parse_number(value, 10, 4096);
		break;
	default: return false;
	}
	return true;
}

static void parse_other(struct lab_options *o, int id, const char *value)
{
	switch (id) {
	case OPT_HOST: o->host = value; break;
	case OPT_PORT: o->port = value; break;
	case OPT_SNI: o->sni = value; break;
	case OPT_ANCHOR: o->anchor_file = value; break;
	case OPT_SEND: o->send_text = value; break;
	case OPT_TIME:
		o->time_s = (int64_t)parse_number(value, 10, 1ul << 40);
		break;
	case OPT_TIMEOUT:
		o->timeout_s = (unsigned)parse_number(value, 10, 600);
		break;
	case OPT_FAILURE: parse_failure(o, value); break;
	case OPT_TAMPER: parse_tamper(o, value); break;
	case OPT_ANONYMOUS: o->anonymous = true; break;
	case OPT_DTLS: o->dtls = true; break;
	case OPT_DEVICE: o->device_file = value; break;
	case OPT_UNENFORCED: o->list_unenforced = true; break;
	case OPT_CERT: o->cert_file = value; break;
	case OPT_KEY: o->key_file = value; break;
	case OPT_HELP: fputs(usage, stdout); exit(0);
	default: exit(2); /* getopt has said why */
	}
}

void lab_options_parse(int argc, char **argv, struct lab_options *options)
{
	int id;

	*options = (struct lab_options){
		.hashes = 0x7E, .x509_hashes = 0x7E,
		.rsa_signatures = true, .x509_rsa = true,
		.version_min = 0x0303, .version_max = 0x0303,
		.time_s = 1735689600, /* 2025-01-01: inside the lab's chains */
		.timeout_s = 20, .send_text = "hello from the device",
	};
	while ((id = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!parse_limit(options, id, optarg))
			parse_other(options, id, optarg);
	options->key_rsa = options->key_ec = true;
	options->ecdsa_signatures = true;
	options->x509_rsa_hashes = options->x509_rsa ? options->x509_hashes : 0;
	options->x509_ecdsa_hashes = options->x509_hashes;
	if (options->list_unenforced && options->device_file != NULL)
		return;
	if (options->host == NULL || options->port == NULL)
		fail("missing", "--host and --port");
	if (options->anchor_file == NULL && !options->anonymous)
		fail("missing", "--anchor (or --anonymous)");
	if (options->x509_groups.count == 0)
		options->x509_groups = options->groups;
}
