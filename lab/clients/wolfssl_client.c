/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS 1.2 or 1.3 client on wolfSSL whose limits are options.
 * In: struct lab_options. Out: one handshake, one line of application data
 * when it completes, the outcome line with wolfSSL's own error.
 * wolfSSL sends its own alerts. Its hash functions and curves for certificates
 * are fixed when it is built: options that limit them are refused.
 * Not here: DTLS, which this client leaves to mbed TLS.
 */
#include "from_profile.h"
#include "options.h"
#include "outcome.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/version.h>
#include <wolfssl/wolfcrypt/asn_public.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct transport {
	int fd;
	const struct lab_options *options;
	struct lab_tamper_state tamper;
};

static time_t certificate_time_s;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "wolfssl client: %s\n", what);
	exit(2);
}

static time_t time_given(time_t *out)
{
	if (out != NULL)
		*out = certificate_time_s;
	return certificate_time_s;
}

static int transmit(WOLFSSL *ssl, char *data, int length, void *context)
{
	struct transport *t = context;
	unsigned char *copy = malloc((size_t)length);
	bool sent;

	(void)ssl;
	if (copy == NULL)
		abort();
	memcpy(copy, data, (size_t)length);
	if (t->options->tamper == LAB_TAMPER_FINISHED_MAC)
		lab_tamper_finished_mac(&t->tamper, copy, (size_t)length);
	sent = lab_write_all(t->fd, copy, (size_t)length);
	free(copy);
	return sent ? length : WOLFSSL_CBIO_ERR_CONN_CLOSE;
}

static int receive(WOLFSSL *ssl, char *data, int length, void *context)
{
	struct transport *t = context;
	const ssize_t n = recv(t->fd, data, (size_t)length, 0);

	(void)ssl;
	return n > 0 ? (int)n : WOLFSSL_CBIO_ERR_CONN_CLOSE;
}

static void set_suites(WOLFSSL_CTX *ctx, const struct lab_list *suites)
{
	char names[LAB_LIST_MAX * 48] = "";

	for (size_t i = 0; i < suites->count; i++) {
		const char *name = wolfSSL_get_cipher_name_from_suite(
			(unsigned char)(suites->items[i] >> 8),
			(unsigned char)suites->items[i]);

		if (name == NULL)
			lab_options_refuse("wolfSSL", "an unknown suite");
		if (names[0] != '\0')
			strcat(names, ":");
		strcat(names, name);
	}
	if (suites->count != 0
	    && wolfSSL_CTX_set_cipher_list(ctx, names) != WOLFSSL_SUCCESS)
		lab_options_refuse("wolfSSL", "these --suites");
}

static void set_schemes(WOLFSSL_CTX *ctx, const struct lab_list *schemes)
{
	static const struct { uint16_t id; const char *name; } known[] = {
		{ 0x0403, "ECDSA+SHA256" }, { 0x0503, "ECDSA+SHA384" },
		{ 0x0603, "ECDSA+SHA512" }, { 0x0401, "RSA+SHA256" },
		{ 0x0501, "RSA+SHA384" }, { 0x0601, "RSA+SHA512" },
		{ 0x0303, "ECDSA+SHA224" }, { 0x0804, "RSA-PSS+SHA256" },
		{ 0x0805, "RSA-PSS+SHA384" }, { 0x0806, "RSA-PSS+SHA512" },
	};
	char names[LAB_LIST_MAX * 16] = "";

	for (size_t i = 0; i < schemes->count; i++) {
		size_t k = 0;

		while (k < sizeof known / sizeof known[0]
		       && known[k].id != schemes->items[i])
			k++;
		if (k == sizeof known / sizeof known[0])
			lab_options_refuse("wolfSSL", "this signature scheme");
		if (names[0] != '\0')
			strcat(names, ":");
		strcat(names, known[k].name);
	}
	if (schemes->count != 0
	    && wolfSSL_CTX_set1_sigalgs_list(ctx, names) != WOLFSSL_SUCCESS)
		lab_options_refuse("wolfSSL", "these --signature-schemes");
}

static void set_groups(WOLFSSL_CTX *ctx, const struct lab_list *groups)
{
	int numbers[LAB_LIST_MAX];

	for (size_t i = 0; i < groups->count; i++)
		numbers[i] = groups->items[i];
	if (groups->count != 0
	    && wolfSSL_CTX_set_groups(ctx, numbers, (int)groups->count)
	       != WOLFSSL_SUCCESS)
		lab_options_refuse("wolfSSL", "these --curves");
}

static bool suites_known(const struct lab_list *suites)
{
	for (size_t i = 0; i < suites->count; i++)
		if (wolfSSL_get_cipher_name_from_suite(
		        (unsigned char)(suites->items[i] >> 8),
		        (unsigned char)suites->items[i]) == NULL)
			return false;
	return true;
}

static bool enforces(const struct lab_options *o, const char *key,
	const char *word)
{
	static const char *const always[] = { "groups.supported",
		"signature_schemes.supported", "certificate_keys.rsa_bits_min",
		"limits.chain_certificates_max", "limits.dh_bits_min",
		"limits.dh_bits_max", "features.max_fragment_length",
		"features.sni", "features.client_certificate", NULL };
	static const char *const yes[] = { "features.clock",
		"features.verifies_certificates",
		"features.handshake_defragmentation", NULL };
	static const char *const no[] = { "features.anchor_key_checked",
		"features.anchor_validity_checked", NULL };

	if (strcmp(key, "versions.supported") == 0)
		return !o->dtls && o->version_min >= 0x0303;
	if (strcmp(key, "cipher_suites.supported") == 0)
		return suites_known(&o->suites);
	if (strcmp(key, "features.critical_extensions") == 0)
		return strcmp(word, "rejected") == 0;
	if (strcmp(key, "features.chain_count") == 0)
		return strcmp(word, "message") == 0;
	return lab_key_in(always, key)
		|| (word != NULL && lab_key_in(yes, key) && word[0] == 'y')
		|| (word != NULL && lab_key_in(no, key) && word[0] == 'n');
}

static void set_numbers(WOLFSSL_CTX *ctx, const struct lab_options *o)
{
	unsigned char code = WOLFSSL_MFL_2_9;

	if (o->rsa_bits_min != 0)
		wolfSSL_CTX_SetMinRsaKey_Sz(ctx, (short)o->rsa_bits_min);
	if (o->chain_max != 0)
		wolfSSL_CTX_set_verify_depth(ctx, (int)o->chain_max - 1);
	if (o->dh_bits_min != 0)
		wolfSSL_CTX_SetMinDhKey_Sz(ctx, (word16)o->dh_bits_min);
	if (o->dh_bits_max != 0)
		wolfSSL_CTX_SetMaxDhKey_Sz(ctx, (word16)o->dh_bits_max);
	while (code < WOLFSSL_MFL_2_12 && 256u << code != o->max_fragment_bytes)
		code++;
	if (o->max_fragment_bytes != 0)
		wolfSSL_CTX_UseMaxFragment(ctx, code);
	if (o->cert_file != NULL
	    && (wolfSSL_CTX_use_certificate_chain_file(ctx, o->cert_file)
	            != WOLFSSL_SUCCESS
	        || wolfSSL_CTX_use_PrivateKey_file(ctx, o->key_file,
	            WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS))
		fail("cannot read the client's certificate");
}

static WOLFSSL_CTX *set_up(const struct lab_options *o)
{
	WOLFSSL_METHOD *method = o->version_min == o->version_max
		? (o->version_max == 0x0304 ? wolfTLSv1_3_client_method()
			: wolfTLSv1_2_client_method())
		: wolfSSLv23_client_method();
	WOLFSSL_CTX *ctx = wolfSSL_CTX_new(method);

	if (ctx == NULL)
		fail("no context");
	if (o->version_min < 0x0304
	    && wolfSSL_CTX_SetMinVersion(ctx, WOLFSSL_TLSV1_2)
	       != WOLFSSL_SUCCESS)
		fail("no TLS 1.2");
	if (o->anonymous)
		wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
	else if (wolfSSL_CTX_load_verify_locations(ctx, o->anchor_file, NULL)
	         != WOLFSSL_SUCCESS)
		fail("cannot read the trust anchors");
	else /* built with OPENSSL_COMPATIBLE_DEFAULTS, it verifies nothing */
		wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, NULL);
	set_suites(ctx, &o->suites);
	set_schemes(ctx, &o->signature_schemes);
	set_groups(ctx, &o->groups);
	set_numbers(ctx, o);
	if (o->sni != NULL)
		wolfSSL_CTX_UseSNI(ctx, WOLFSSL_SNI_HOST_NAME, o->sni,
			(unsigned short)strlen(o->sni));
	wolfSSL_CTX_SetIOSend(ctx, transmit);
	wolfSSL_CTX_SetIORecv(ctx, receive);
	return ctx;
}

/* wolfSSL goes on after a client's Finished: only an answer proves success. */
static void talk(WOLFSSL *ssl, const struct lab_options *o,
	struct lab_outcome *outcome)
{
	static char text[128];
	char answer[512], line[512];
	WOLFSSL_ALERT_HISTORY alerts;
	int n = wolfSSL_connect(ssl);
	const bool handshake = n == WOLFSSL_SUCCESS;

	if (handshake) {
		snprintf(line, sizeof line, "%s\n", o->send_text);
		if (wolfSSL_write(ssl, line, (int)strlen(line)) > 0)
			n = wolfSSL_read(ssl, answer, sizeof answer);
		outcome->echoed = n > 0 && answer[0] != '\0';
	}
	outcome->completed = handshake && outcome->echoed;
	if (!outcome->completed) {
		outcome->error = wolfSSL_get_error(ssl, n);
		wolfSSL_ERR_error_string_n((unsigned long)outcome->error, text,
			sizeof text);
		outcome->error_name = text;
	}
	if (wolfSSL_get_alert_history(ssl, &alerts) == WOLFSSL_SUCCESS
	    && alerts.last_rx.level == 2)
		outcome->alert_received = alerts.last_rx.code;
	outcome->version = (unsigned)wolfSSL_version(ssl);
	if (outcome->completed)
		wolfSSL_shutdown(ssl);
}

int main(int argc, char **argv)
{
	struct lab_options options;
	struct lab_outcome outcome = { .stack = "wolfSSL "
		LIBWOLFSSL_VERSION_STRING, .alert_received = -1 };
	struct transport transport = { .fd = -1 };
	WOLFSSL_CTX *ctx;
	WOLFSSL *ssl;

	lab_options_parse(argc, argv, &options);
	lab_profile_apply(&options, enforces, 0x0303, 0x0304);
	if (options.tamper == LAB_TAMPER_FINISHED_VERIFY || options.dtls
	    || options.version_min < 0x0303
	    || (options.device_file == NULL
	        && (options.x509_hashes != 0x7E || !options.x509_rsa
	            || options.rsa_bits_max != 0 || options.buffer_bytes != 0
	            || options.hashes != 0x7E || !options.rsa_signatures)))
		lab_options_refuse("this wolfSSL client", "see its first comment");
	wolfSSL_Init();
	certificate_time_s = (time_t)options.time_s;
	wc_SetTimeCb(time_given);
	ctx = set_up(&options);
	ssl = wolfSSL_new(ctx);
	if (ssl == NULL)
		fail("no session");
	if (options.sni != NULL && !options.anonymous)
		wolfSSL_check_domain_name(ssl, options.sni);
	transport.fd = lab_connect(&options);
	transport.options = &options;
	wolfSSL_SetIOWriteCtx(ssl, &transport);
	wolfSSL_SetIOReadCtx(ssl, &transport);
	talk(ssl, &options, &outcome);
	lab_outcome_print(&outcome);
	if (outcome.completed || outcome.alert_received >= 0)
		options.on_failure = LAB_FAILURE_CLOSE;
	lab_failure_play(&options, transport.fd);
	wolfSSL_free(ssl);
	wolfSSL_CTX_free(ctx);
	return lab_outcome_status(&outcome);
}
