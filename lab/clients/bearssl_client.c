/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS client on BearSSL whose limits are options.
 * In: struct lab_options. Out: one handshake, one line of application data
 * when it completes, the outcome line with BearSSL's own error.
 * BearSSL sends no alert when it fails: an alert of --on-failure is ours.
 * Not here: DTLS, TLS 1.3 and unverified handshakes, which BearSSL lacks.
 */
#include "bearssl_anchors.h"
#include "from_profile.h"
#include "options.h"
#include "outcome.h"

#include <bearssl.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	const struct lab_options *options;
	br_ssl_client_context ssl;
	br_x509_minimal_context x509;
	br_ec_impl ec, x509_ec;
	struct lab_anchors anchors;
	unsigned char *input;
	unsigned char output[BR_SSL_BUFSIZE_OUTPUT];
	struct lab_tamper_state tamper;
	bool verify_tampered;
	bool text_sent;
	size_t echo_bytes;
};

/* BearSSL takes plain function pointers, without context, for RSA. */
static unsigned rsa_bits_max;
static br_rsa_pkcs1_vrfy rsa_verify_real;
static br_rsa_public rsa_public_real;

static uint32_t rsa_verify_limited(const unsigned char *x, size_t xlen,
	const unsigned char *hash_oid, size_t hash_len,
	const br_rsa_public_key *pk, unsigned char *hash_out)
{
	if (pk->nlen * 8 > rsa_bits_max)
		return 0;
	return rsa_verify_real(x, xlen, hash_oid, hash_len, pk, hash_out);
}

static uint32_t rsa_public_limited(unsigned char *x, size_t xlen,
	const br_rsa_public_key *pk)
{
	return pk->nlen * 8 > rsa_bits_max ? 0 : rsa_public_real(x, xlen, pk);
}

/* The handshake's signature, with the end-entity key: X.509 never looks at it. */
static struct lab_list end_entity_groups;
static br_ecdsa_vrfy ecdsa_verify_real;

static uint32_t ecdsa_verify_limited(const br_ec_impl *ec, const void *hash,
	size_t hash_len, const br_ec_public_key *pk, const void *sig,
	size_t sig_len)
{
	if (!lab_list_allows(&end_entity_groups, (unsigned)pk->curve))
		return 0;
	return ecdsa_verify_real(ec, hash, hash_len, pk, sig, sig_len);
}

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "bearssl client: %s\n", what);
	exit(2);
}

/* BearSSL's curve numbers are IANA's. */
static void limit_curves(br_ec_impl *ec, const struct lab_list *groups)
{
	*ec = *br_ec_get_default();
	for (unsigned curve = 0; curve < 32; curve++)
		if (!lab_list_allows(groups, curve))
			ec->supported_curves &= ~((uint32_t)1 << curve);
}

static const br_hash_class *const hash_classes[] = { NULL, &br_md5_vtable,
	&br_sha1_vtable, &br_sha224_vtable, &br_sha256_vtable, &br_sha384_vtable,
	&br_sha512_vtable };

/* What a profile that says nothing of suites gets: BearSSL's own full list. */
static const uint16_t all_suites[] = { 0xCCA9, 0xCCA8, 0xC02B, 0xC02F, 0xC02C,
	0xC030, 0xC0AC, 0xC0AD, 0xC023, 0xC027, 0xC024, 0xC028, 0xC009, 0xC013,
	0xC00A, 0xC014, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035 };

static bool suites_known(const struct lab_list *suites)
{
	struct lab_list all = { { 0 }, 0 };

	memcpy(all.items, all_suites, sizeof all_suites);
	all.count = sizeof all_suites / sizeof all_suites[0];
	for (size_t i = 0; i < suites->count; i++)
		if (!lab_list_allows(&all, suites->items[i]))
			return false;
	return true;
}

/* BearSSL takes hash functions, and whether there is RSA and ECDSA at all. */
static bool enforces(const struct lab_options *o, const char *key,
	const char *word)
{
	static const char *const always[] = { "certificate_keys.curves",
		"certificate_keys.unsupported_curves",
		"certificate_keys.end_entity_curves", "groups.supported",
		"certificate_keys.rsa_bits_min", "certificate_keys.rsa_bits_max",
		"limits.encrypted_record_bytes_max", "features.max_fragment_length",
		"features.sni", NULL };
	static const char *const yes[] = { "features.clock",
		"features.handshake_defragmentation",
		"features.verifies_certificates", NULL };
	static const char *const no[] = { "features.out_of_order_chain",
		"features.path_building", "features.critical_name_constraints",
		"features.anchor_key_checked", "features.anchor_validity_checked",
		"features.client_certificate", NULL };

	if (strcmp(key, "versions.supported") == 0)
		return !o->dtls && o->version_max <= 0x0303;
	if (strcmp(key, "cipher_suites.supported") == 0)
		return suites_known(&o->suites);
	if (strcmp(key, "signature_schemes.supported") == 0)
		return o->schemes_product;
	if (strncmp(key, "certificate_signatures.", 23) == 0)
		return o->x509_rsa_hashes == o->x509_ecdsa_hashes
			|| o->x509_rsa_hashes == 0 || o->x509_ecdsa_hashes == 0;
	if (strcmp(key, "features.critical_extensions") == 0)
		return strcmp(word, "rejected") == 0;
	return lab_key_in(always, key)
		|| (word != NULL && lab_key_in(yes, key) && word[0] == 'y')
		|| (word != NULL && lab_key_in(no, key) && word[0] == 'n');
}

static void set_x509(struct client *c)
{
	const struct lab_options *o = c->options;

	br_x509_minimal_init(&c->x509, &br_sha256_vtable, c->anchors.items,
		c->anchors.count);
	for (int id = LAB_SHA1; id <= LAB_SHA512; id++)
		if (o->x509_hashes & (1u << id))
			br_x509_minimal_set_hash(&c->x509, id, hash_classes[id]);
	if (o->x509_rsa)
		br_x509_minimal_set_rsa(&c->x509,
			rsa_bits_max != 0 ? rsa_verify_limited : rsa_verify_real);
	if (o->rsa_bits_min != 0)
		br_x509_minimal_set_minrsa(&c->x509, (int)(o->rsa_bits_min / 8));
	limit_curves(&c->x509_ec, &o->x509_groups);
	if (o->x509_ecdsa_hashes != 0)
		br_x509_minimal_set_ecdsa(&c->x509, &c->x509_ec,
			br_ecdsa_vrfy_asn1_get_default());
	/* Days since year 0 and seconds of the day: BearSSL's own clock. */
	br_x509_minimal_set_time(&c->x509,
		(uint32_t)(o->time_s / 86400 + 719528),
		(uint32_t)(o->time_s % 86400));
}

static void set_engine(struct client *c)
{
	const struct lab_options *o = c->options;
	br_ssl_engine_context *eng = &c->ssl.eng;

	br_ssl_client_zero(&c->ssl);
	br_ssl_engine_set_versions(eng, o->version_min, o->version_max);
	if (o->suites.count != 0)
		br_ssl_engine_set_suites(eng, o->suites.items, o->suites.count);
	else
		br_ssl_engine_set_suites(eng, all_suites,
			sizeof all_suites / sizeof all_suites[0]);
	for (int id = LAB_MD5; id <= LAB_SHA512; id++)
		if (o->hashes & (1u << id))
			br_ssl_engine_set_hash(eng, id, hash_classes[id]);
	br_ssl_engine_set_prf10(eng, &br_tls10_prf);
	br_ssl_engine_set_prf_sha256(eng, &br_tls12_sha256_prf);
	br_ssl_engine_set_prf_sha384(eng, &br_tls12_sha384_prf);
	br_ssl_engine_set_default_aes_cbc(eng);
	br_ssl_engine_set_default_aes_gcm(eng);
	br_ssl_engine_set_default_aes_ccm(eng);
	br_ssl_engine_set_default_des_cbc(eng);
	br_ssl_engine_set_default_chapol(eng);
	limit_curves(&c->ec, &o->groups);
	br_ssl_engine_set_ec(eng, &c->ec);
	if (o->ecdsa_signatures)
		br_ssl_engine_set_ecdsa(eng, ecdsa_verify_limited);
	/* BearSSL writes RSA into signature_algorithms when it can verify it. */
	if (o->rsa_signatures)
		br_ssl_engine_set_rsavrfy(eng,
			rsa_bits_max != 0 ? rsa_verify_limited : rsa_verify_real);
	br_ssl_client_set_rsapub(&c->ssl,
		rsa_bits_max != 0 ? rsa_public_limited : rsa_public_real);
	br_ssl_engine_set_x509(eng, &c->x509.vtable);
}

/* BearSSL derives max_fragment_length from the size of its buffers. */
static void set_buffers(struct client *c)
{
	size_t length = c->options->buffer_bytes;

	if (c->options->max_fragment_bytes != 0)
		length = c->options->max_fragment_bytes + 325;
	if (length == 0)
		length = BR_SSL_BUFSIZE_INPUT;
	c->input = malloc(length);
	if (c->input == NULL)
		abort();
	br_ssl_engine_set_buffers_bidi(&c->ssl.eng, c->input, length, c->output,
		sizeof c->output);
}

static bool is_client_key_exchange(const unsigned char *data, size_t length)
{
	return length > 5 && data[0] == 22 && data[5] == 16;
}

/* False: the peer is gone. */
static bool send_records(struct client *c, int fd)
{
	size_t length;
	unsigned char *data = br_ssl_engine_sendrec_buf(&c->ssl.eng, &length);

	if (c->options->tamper == LAB_TAMPER_FINISHED_MAC)
		lab_tamper_finished_mac(&c->tamper, data, length);
	/*
	 * The transcript hash gets one byte too many after ClientKeyExchange is
	 * in it and before Finished is computed: record protection stays right,
	 * verify_data becomes wrong.
	 */
	if (c->options->tamper == LAB_TAMPER_FINISHED_VERIFY
	    && !c->verify_tampered && is_client_key_exchange(data, length)) {
		br_multihash_update(&c->ssl.eng.mhash, "", 1);
		c->verify_tampered = true;
	}
	if (!lab_write_all(fd, data, length))
		return false;
	br_ssl_engine_sendrec_ack(&c->ssl.eng, length);
	return true;
}

static bool receive_records(struct client *c, int fd)
{
	size_t length;
	unsigned char *data = br_ssl_engine_recvrec_buf(&c->ssl.eng, &length);
	const ssize_t n = recv(fd, data, length, 0);

	if (n <= 0)
		return false;
	br_ssl_engine_recvrec_ack(&c->ssl.eng, (size_t)n);
	return true;
}

static void send_text(struct client *c)
{
	const char *text = c->options->send_text;
	const size_t length = strlen(text);
	size_t room;
	unsigned char *data = br_ssl_engine_sendapp_buf(&c->ssl.eng, &room);

	if (room < length + 1)
		fail("the text is larger than one record");
	memcpy(data, text, length);
	data[length] = '\n';
	br_ssl_engine_sendapp_ack(&c->ssl.eng, length + 1);
	br_ssl_engine_flush(&c->ssl.eng, 0);
	c->text_sent = true;
}

static void receive_text(struct client *c)
{
	size_t length;

	br_ssl_engine_recvapp_buf(&c->ssl.eng, &length);
	br_ssl_engine_recvapp_ack(&c->ssl.eng, length);
	c->echo_bytes += length;
	if (c->echo_bytes > strlen(c->options->send_text))
		br_ssl_engine_close(&c->ssl.eng);
}

/* Runs the engine until it closes, fails, or the peer goes. */
static bool run(struct client *c, int fd)
{
	for (;;) {
		const unsigned state = br_ssl_engine_current_state(&c->ssl.eng);

		if (state & BR_SSL_CLOSED)
			return true;
		if (state & BR_SSL_SENDREC) {
			if (!send_records(c, fd))
				return false;
		} else if (state & BR_SSL_RECVAPP) {
			receive_text(c);
		} else if ((state & BR_SSL_SENDAPP) && !c->text_sent) {
			send_text(c);
		} else if (state & BR_SSL_RECVREC) {
			if (!receive_records(c, fd))
				return false;
		} else {
			return false;
		}
	}
}

static const char *error_name(int error)
{
	static const struct { int error; const char *name; } names[] = {
		{ BR_ERR_BAD_VERSION, "BAD_VERSION" },
		{ BR_ERR_TOO_LARGE, "TOO_LARGE" },
		{ BR_ERR_BAD_MAC, "BAD_MAC" },
		{ BR_ERR_BAD_SIGNATURE, "BAD_SIGNATURE" },
		{ BR_ERR_BAD_CIPHER_SUITE, "BAD_CIPHER_SUITE" },
		{ BR_ERR_BAD_FRAGLEN, "BAD_FRAGLEN" },
		{ BR_ERR_INVALID_ALGORITHM, "INVALID_ALGORITHM" },
		{ BR_ERR_WRONG_KEY_USAGE, "WRONG_KEY_USAGE" },
		{ BR_ERR_X509_UNSUPPORTED, "X509_UNSUPPORTED" },
		{ BR_ERR_X509_LIMIT_EXCEEDED, "X509_LIMIT_EXCEEDED" },
		{ BR_ERR_X509_WRONG_KEY_TYPE, "X509_WRONG_KEY_TYPE" },
		{ BR_ERR_X509_BAD_SIGNATURE, "X509_BAD_SIGNATURE" },
		{ BR_ERR_X509_EXPIRED, "X509_EXPIRED" },
		{ BR_ERR_X509_DN_MISMATCH, "X509_DN_MISMATCH" },
		{ BR_ERR_X509_BAD_SERVER_NAME, "X509_BAD_SERVER_NAME" },
		{ BR_ERR_X509_CRITICAL_EXTENSION, "X509_CRITICAL_EXTENSION" },
		{ BR_ERR_X509_NOT_CA, "X509_NOT_CA" },
		{ BR_ERR_X509_WEAK_PUBLIC_KEY, "X509_WEAK_PUBLIC_KEY" },
		{ BR_ERR_X509_NOT_TRUSTED, "X509_NOT_TRUSTED" },
	};

	if (error >= BR_ERR_RECV_FATAL_ALERT)
		return "fatal alert received";
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].error == error)
			return names[i].name;
	return error == 0 ? NULL : "see bearssl_ssl.h and bearssl_x509.h";
}

static struct lab_outcome outcome_of(struct client *c, bool orderly)
{
	br_ssl_session_parameters session;
	const int error = br_ssl_engine_last_error(&c->ssl.eng);
	struct lab_outcome o = { .stack = "BearSSL 0.6", .alert_received = -1,
		.completed = c->text_sent && error == 0,
		.echoed = c->echo_bytes > 0, .error = error,
		.error_name = error_name(error) };

	br_ssl_engine_get_session_parameters(&c->ssl.eng, &session);
	o.version = session.version;
	o.suite = session.cipher_suite;
	if (error >= BR_ERR_RECV_FATAL_ALERT && error < BR_ERR_SEND_FATAL_ALERT)
		o.alert_received = error - BR_ERR_RECV_FATAL_ALERT;
	if (!orderly && error == 0)
		o.error_name = "the peer closed the connection";
	return o;
}

int main(int argc, char **argv)
{
	static struct client c;
	struct lab_options options;
	struct lab_outcome outcome;
	int fd;

	lab_options_parse(argc, argv, &options);
	lab_profile_apply(&options, enforces, 0x0301, 0x0303);
	if (options.dtls || options.anonymous || options.version_max > 0x0303)
		lab_options_refuse("BearSSL", "--dtls, --anonymous, TLS 1.3");
	if (options.suites.count == 0 && options.device_file == NULL)
		lab_options_refuse("BearSSL", "a ClientHello without --suites");
	c.options = &options;
	rsa_bits_max = options.rsa_bits_max;
	end_entity_groups = options.end_entity_groups;
	ecdsa_verify_real = br_ecdsa_vrfy_asn1_get_default();
	rsa_verify_real = br_rsa_pkcs1_vrfy_get_default();
	rsa_public_real = br_rsa_public_get_default();
	if (!lab_anchors_read(&c.anchors, options.anchor_file))
		return 2;
	set_x509(&c);
	set_engine(&c);
	set_buffers(&c);
	if (!br_ssl_client_reset(&c.ssl, options.sni, 0))
		fail("BearSSL refuses to start: no source of random bytes");
	fd = lab_connect(&options);
	outcome = outcome_of(&c, run(&c, fd));
	lab_outcome_print(&outcome);
	if (outcome.completed || outcome.alert_received >= 0)
		options.on_failure = LAB_FAILURE_CLOSE;
	lab_failure_play(&options, fd);
	free(c.input);
	return lab_outcome_status(&outcome);
}
