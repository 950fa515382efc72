/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS or DTLS client on mbed TLS 2.28 whose limits are options.
 * In: struct lab_options. Out: one handshake, one line of application data
 * when it completes, the outcome line with mbed TLS's own error and flags.
 * mbed TLS sends its own alert; --on-failure hang and close keep it back,
 * alert:N writes N into it on its way out.
 * Not here: TLS 1.3, and separate RSA switches for the handshake.
 */
#include "from_profile.h"
#include "mbedtls_limits.h"
#include "options.h"
#include "outcome.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/timing.h>
#include <mbedtls/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct client {
	struct lab_options *options;
	mbedtls_net_context net;
	mbedtls_ssl_context ssl;
	mbedtls_ssl_config config;
	mbedtls_x509_crt anchors, own;
	mbedtls_pk_context own_key;
	mbedtls_x509_crt_profile profile;
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context random;
	mbedtls_timing_delay_context timer;
	int suites[LAB_LIST_MAX + 1];
	int hashes[8];
	mbedtls_ecp_group_id curves[LAB_LIST_MAX + 1];
	struct lab_tamper_state tamper;
	int alert_received;
	bool echoed;
	char reason[256];
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "mbedtls client: %s\n", what);
	exit(2);
}

static uint32_t curve_bits(const struct lab_list *groups)
{
	uint32_t bits = 0;

	for (const mbedtls_ecp_curve_info *info = mbedtls_ecp_curve_list();
	     info->grp_id != MBEDTLS_ECP_DP_NONE; info++)
		if (lab_list_allows(groups, info->tls_id))
			bits |= MBEDTLS_X509_ID_FLAG(info->grp_id);
	return bits;
}

static time_t time_of(const mbedtls_x509_time *t)
{
	struct tm tm = { .tm_year = t->year - 1900, .tm_mon = t->mon - 1,
		.tm_mday = t->day, .tm_hour = t->hour, .tm_min = t->min,
		.tm_sec = t->sec };

	return timegm(&tm);
}

/* Validity by the lab's clock, and the limits that mbed TLS has no setting for. */
static int verify(void *context, mbedtls_x509_crt *crt, int depth,
	uint32_t *flags)
{
	struct client *c = context;
	const struct lab_options *o = c->options;

	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED
		| MBEDTLS_X509_BADCERT_FUTURE);
	if (time_of(&crt->valid_to) < (time_t)o->time_s)
		*flags |= MBEDTLS_X509_BADCERT_EXPIRED;
	if (time_of(&crt->valid_from) > (time_t)o->time_s)
		*flags |= MBEDTLS_X509_BADCERT_FUTURE;
	*flags |= lab_mbedtls_refuse(o, crt, depth, c->reason,
		sizeof c->reason);
	return 0;
}

static void set_profile(struct client *c)
{
	const struct lab_options *o = c->options;

	c->profile = mbedtls_x509_crt_profile_default;
	c->profile.allowed_mds = 0;
	for (unsigned id = LAB_MD5; id <= LAB_SHA512; id++)
		if (o->x509_hashes & (1u << id))
			c->profile.allowed_mds |= MBEDTLS_X509_ID_FLAG(lab_mbedtls_md(id));
	if (!o->x509_rsa && !(o->device_file != NULL && o->key_rsa))
		c->profile.allowed_pks &=
			~(uint32_t)MBEDTLS_X509_ID_FLAG(MBEDTLS_PK_RSA);
	c->profile.allowed_curves = curve_bits(&o->x509_groups);
	if (o->rsa_bits_min != 0)
		c->profile.rsa_min_bitlen = o->rsa_bits_min;
	mbedtls_ssl_conf_cert_profile(&c->config, &c->profile);
}

static void set_hello(struct client *c)
{
	const struct lab_options *o = c->options;
	size_t n = 0;

	for (size_t i = 0; i < o->suites.count; i++)
		c->suites[i] = o->suites.items[i];
	if (o->suites.count != 0)
		mbedtls_ssl_conf_ciphersuites(&c->config, c->suites);
	for (unsigned id = LAB_SHA512; id >= LAB_SHA1; id--)
		if (o->hashes & (1u << id))
			c->hashes[n++] = (int)lab_mbedtls_md(id);
	c->hashes[n] = MBEDTLS_MD_NONE;
	mbedtls_ssl_conf_sig_hashes(&c->config, c->hashes);
	for (n = 0; n < o->groups.count; n++) {
		const mbedtls_ecp_curve_info *info =
			mbedtls_ecp_curve_info_from_tls_id(o->groups.items[n]);

		if (info == NULL)
			lab_options_refuse("mbed TLS", "this group in --curves");
		c->curves[n] = info->grp_id;
	}
	c->curves[n] = MBEDTLS_ECP_DP_NONE;
	if (n != 0)
		mbedtls_ssl_conf_curves(&c->config, c->curves);
	/* DTLS 1.0 is TLS 1.1 and DTLS 1.2 is TLS 1.2 here: minor 2 and 3. */
	mbedtls_ssl_conf_min_version(&c->config, 3, (o->version_min & 0xFF));
	mbedtls_ssl_conf_max_version(&c->config, 3, (o->version_max & 0xFF));
}

static void set_fragment(struct client *c)
{
	const unsigned bytes = c->options->max_fragment_bytes;
	unsigned char code = MBEDTLS_SSL_MAX_FRAG_LEN_512;

	if (bytes == 0)
		return;
	while (code <= MBEDTLS_SSL_MAX_FRAG_LEN_4096
	       && bytes != 256u << code)
		code++;
	if (mbedtls_ssl_conf_max_frag_len(&c->config, code) != 0)
		lab_options_refuse("mbed TLS", "this --max-fragment");
}

static int receive(void *context, unsigned char *data, size_t length)
{
	struct client *c = context;

	return mbedtls_net_recv(&c->net, data, length);
}

static int receive_timeout(void *context, unsigned char *data, size_t length,
	uint32_t timeout_ms)
{
	struct client *c = context;

	return mbedtls_net_recv_timeout(&c->net, data, length, timeout_ms);
}

/* Only a plaintext alert is touched here: seven bytes in TLS, type 21. */
static int transmit(void *context, const unsigned char *data, size_t length)
{
	struct client *c = context;
	const struct lab_options *o = c->options;
	const size_t header = o->dtls ? 13 : 5;
	unsigned char *copy = NULL;
	int result;

	if (length == header + 2 && data[0] == 21 && data[header] == 2
	    && (o->on_failure == LAB_FAILURE_HANG
	        || o->on_failure == LAB_FAILURE_CLOSE))
		return (int)length;
	copy = malloc(length);
	if (copy == NULL)
		abort();
	memcpy(copy, data, length);
	if (length == header + 2 && data[0] == 21 && data[header] == 2
	    && o->on_failure == LAB_FAILURE_ALERT)
		copy[header + 1] = (unsigned char)o->on_failure_value;
	if (o->tamper == LAB_TAMPER_FINISHED_MAC)
		lab_tamper_finished_mac(&c->tamper, copy, length);
	result = mbedtls_net_send(&c->net, copy, length);
	free(copy);
	return result;
}

static void set_up(struct client *c)
{
	const struct lab_options *o = c->options;

	mbedtls_ssl_init(&c->ssl);
	mbedtls_ssl_config_init(&c->config);
	mbedtls_x509_crt_init(&c->anchors);
	mbedtls_entropy_init(&c->entropy);
	mbedtls_ctr_drbg_init(&c->random);
	if (mbedtls_ctr_drbg_seed(&c->random, mbedtls_entropy_func, &c->entropy,
	        NULL, 0) != 0)
		fail("no source of random bytes");
	if (mbedtls_ssl_config_defaults(&c->config, MBEDTLS_SSL_IS_CLIENT,
	        o->dtls ? MBEDTLS_SSL_TRANSPORT_DATAGRAM
	                : MBEDTLS_SSL_TRANSPORT_STREAM,
	        MBEDTLS_SSL_PRESET_DEFAULT) != 0)
		fail("no default settings");
	mbedtls_ssl_conf_rng(&c->config, mbedtls_ctr_drbg_random, &c->random);
	mbedtls_ssl_conf_session_tickets(&c->config,
		MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
	if (o->anonymous) {
		mbedtls_ssl_conf_authmode(&c->config, MBEDTLS_SSL_VERIFY_NONE);
	} else {
		if (mbedtls_x509_crt_parse_file(&c->anchors, o->anchor_file) != 0)
			fail("cannot read the trust anchors");
		mbedtls_ssl_conf_ca_chain(&c->config, &c->anchors, NULL);
		mbedtls_ssl_conf_authmode(&c->config,
			MBEDTLS_SSL_VERIFY_REQUIRED);
		mbedtls_ssl_conf_verify(&c->config, verify, c);
	}
	if (o->cert_file != NULL) {
		mbedtls_x509_crt_init(&c->own);
		mbedtls_pk_init(&c->own_key);
		if (mbedtls_x509_crt_parse_file(&c->own, o->cert_file) != 0
		    || mbedtls_pk_parse_keyfile(&c->own_key, o->key_file, NULL)
		       != 0
		    || mbedtls_ssl_conf_own_cert(&c->config, &c->own,
		        &c->own_key) != 0)
			fail("cannot read the client's certificate");
	}
	set_profile(c);
	set_hello(c);
	set_fragment(c);
	if (mbedtls_ssl_setup(&c->ssl, &c->config) != 0
	    || (o->sni != NULL && mbedtls_ssl_set_hostname(&c->ssl, o->sni) != 0))
		fail("mbed TLS refuses these settings");
	mbedtls_ssl_set_bio(&c->ssl, c, transmit, receive, receive_timeout);
	mbedtls_ssl_set_timer_cb(&c->ssl, &c->timer, mbedtls_timing_set_delay,
		mbedtls_timing_get_delay);
	mbedtls_ssl_conf_read_timeout(&c->config, 5000);
}

/* 0, or mbed TLS's error. */
static int talk(struct client *c)
{
	unsigned char answer[512];
	int result = mbedtls_ssl_handshake(&c->ssl);
	const char *text = c->options->send_text;

	if (result != 0)
		return result;
	/* The alert of a later error would be encrypted: leave it alone. */
	c->options->on_failure = LAB_FAILURE_STACK;
	mbedtls_ssl_write(&c->ssl, (const unsigned char *)text, strlen(text));
	mbedtls_ssl_write(&c->ssl, (const unsigned char *)"\n", 1);
	result = mbedtls_ssl_read(&c->ssl, answer, sizeof answer);
	c->echoed = result > 0;
	mbedtls_ssl_close_notify(&c->ssl);
	return result < 0 ? result : 0;
}

static void describe(struct client *c, int error)
{
	const uint32_t flags = mbedtls_ssl_get_verify_result(&c->ssl);
	size_t used;

	if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		c->alert_received = c->ssl.in_msg[1];
	if (c->reason[0] == '\0')
		mbedtls_strerror(error, c->reason, sizeof c->reason);
	used = strlen(c->reason);
	if (flags != 0 && flags != (uint32_t)-1)
		snprintf(c->reason + used, sizeof c->reason - used,
			"; verify flags 0x%08X", (unsigned)flags);
}

/* IANA's number from mbed TLS's name of the suite. */
static unsigned suite_of(const mbedtls_ssl_context *ssl)
{
	const char *name = mbedtls_ssl_get_ciphersuite(ssl);

	return name == NULL ? 0 : (unsigned)mbedtls_ssl_get_ciphersuite_id(name);
}

int main(int argc, char **argv)
{
	static struct client c;
	struct lab_options options;
	struct lab_outcome outcome = { .stack = "mbed TLS "
		MBEDTLS_VERSION_STRING };
	int error;

	lab_options_parse(argc, argv, &options);
	lab_profile_apply(&options, lab_mbedtls_enforces, 0x0301, 0x0303);
	if (options.tamper == LAB_TAMPER_FINISHED_VERIFY
	    || (!options.rsa_signatures && options.device_file == NULL)
	    || options.version_max > 0x0303 || options.buffer_bytes != 0)
		lab_options_refuse("mbed TLS",
			"finished-verify, --rsa no, TLS 1.3, --buffer-bytes");
	c.options = &options;
	c.alert_received = -1;
	set_up(&c);
	c.net.fd = lab_connect(&options);
	error = talk(&c);
	if (error != 0)
		describe(&c, error);
	outcome.completed = c.ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER;
	outcome.echoed = c.echoed;
	outcome.error = error;
	outcome.error_name = c.reason[0] != '\0' ? c.reason : NULL;
	outcome.alert_received = c.alert_received;
	outcome.suite = suite_of(&c.ssl);
	lab_outcome_print(&outcome);
	/* The alert, if any, is out already. */
	if (outcome.completed || options.on_failure == LAB_FAILURE_ALERT
	    || outcome.alert_received >= 0)
		options.on_failure = LAB_FAILURE_CLOSE;
	lab_failure_play(&options, c.net.fd);
	return lab_outcome_status(&outcome);
}
