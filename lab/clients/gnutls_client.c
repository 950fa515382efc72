/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A TLS or DTLS client on GnuTLS whose limits are options.
 * In: struct lab_options. Out: one handshake, one line of application data
 * when it completes, the outcome line with GnuTLS's own error.
 * Signature algorithms and curves of certificates are settings of the whole
 * library: the client writes them and starts itself again (gnutls_settings.c).
 * Not here: hangs and alerts of other stacks; GnuTLS sends its own.
 */
#include "from_profile.h"
#include "gnutls_settings.h"
#include "options.h"
#include "outcome.h"

#include <gnutls/dtls.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static time_t certificate_time_s;
static unsigned message_bytes_max;

static time_t time_given(time_t *out)
{
	if (out != NULL)
		*out = certificate_time_s;
	return certificate_time_s;
}

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "gnutls client: %s\n", what);
	exit(2);
}

static bool enforces(const struct lab_options *o, const char *key,
	const char *word)
{
	static const char *const always[] = { "versions.supported",
		"certificate_signatures.supported",
		"certificate_signatures.unsupported",
		"limits.message_bytes_max",
		"limits.dh_bits_min", "features.sni",
		"features.client_certificate", NULL };
	static const char *const yes[] = { "features.clock",
		"features.verifies_certificates",
		"features.handshake_defragmentation",
		"features.out_of_order_chain", "features.anchor_key_checked",
		"features.anchor_validity_checked", NULL };

	if (strcmp(key, "cipher_suites.supported") == 0)
		return lab_gnutls_suites_exact(o);
	if (strcmp(key, "groups.supported") == 0)
		return lab_gnutls_groups_known(o);
	if (strcmp(key, "signature_schemes.supported") == 0)
		return lab_gnutls_schemes_known(o);
	if (strcmp(key, "certificate_keys.curves") == 0
	    || strcmp(key, "certificate_keys.unsupported_curves") == 0)
		return lab_gnutls_curves_separable(o);
	if (strcmp(key, "limits.chain_certificates_max") == 0)
		return !o->chain_counts_path;
	if (strcmp(key, "features.chain_count") == 0)
		return strcmp(word, "message") == 0;
	if (strcmp(key, "features.critical_extensions") == 0)
		return strcmp(word, "rejected") == 0;
	return lab_key_in(always, key)
		|| (word != NULL && lab_key_in(yes, key) && word[0] == 'y');
}

static gnutls_certificate_credentials_t read_credentials(
	const struct lab_options *o)
{
	gnutls_certificate_credentials_t c;

	if (gnutls_certificate_allocate_credentials(&c) != 0)
		fail("no memory");
	if (o->anchor_file != NULL
	    && gnutls_certificate_set_x509_trust_file(c, o->anchor_file,
	        GNUTLS_X509_FMT_PEM) <= 0)
		fail("cannot read the trust anchors");
	if (o->cert_file != NULL
	    && gnutls_certificate_set_x509_key_file(c, o->cert_file,
	        o->key_file, GNUTLS_X509_FMT_PEM) != 0)
		fail("cannot read the client's certificate");
	/* 16384 bits and 16 certificates are GnuTLS's own defaults; that it
	 * heeds the bits has not been seen. */
	gnutls_certificate_set_verify_limits(c, 16384,
		o->chain_max != 0 ? o->chain_max : 16);
	return c;
}

/*
 * gnutls_handshake_set_max_packet_length() limits a message together with what
 * it has kept of those before: for one message alone there is this hook.
 */
static int message_seen(gnutls_session_t s, unsigned type, unsigned when,
	unsigned incoming, const gnutls_datum_t *message)
{
	(void)s;
	(void)type;
	(void)when;
	/* the datum is the body, without the header of four bytes */
	return incoming && message_bytes_max != 0
		&& message->size + 4 > message_bytes_max
		? GNUTLS_E_HANDSHAKE_TOO_LARGE : 0;
}

static gnutls_session_t set_up(const struct lab_options *o,
	gnutls_certificate_credentials_t credentials)
{
	const char *at = NULL;
	char *priority = lab_gnutls_priority(o);
	gnutls_session_t s;

	if (gnutls_init(&s, GNUTLS_CLIENT | GNUTLS_NO_TICKETS
	        | (o->dtls ? GNUTLS_DATAGRAM : 0)) != 0)
		fail("no session");
	if (gnutls_priority_set_direct(s, priority, &at) != 0) {
		fprintf(stderr, "gnutls client: priority %s: at %s\n", priority,
			at);
		exit(2);
	}
	free(priority);
	gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials);
	if (o->sni != NULL)
		gnutls_server_name_set(s, GNUTLS_NAME_DNS, o->sni,
			strlen(o->sni));
	if (!o->anonymous)
		gnutls_session_set_verify_cert(s, o->sni, 0);
	if (o->dh_bits_min != 0)
		gnutls_dh_set_prime_bits(s, o->dh_bits_min);
	message_bytes_max = o->message_bytes_max;
	gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_ANY,
		GNUTLS_HOOK_PRE, message_seen);
	gnutls_handshake_set_timeout(s, o->timeout_s * 1000);
	if (o->dtls)
		gnutls_dtls_set_mtu(s, 1400);
	return s;
}

/* 0, or GnuTLS's error; warning alerts are not the end of a handshake. */
static int talk(gnutls_session_t s, const struct lab_options *o,
	struct lab_outcome *outcome)
{
	char line[512], answer[512];
	int result;

	do {
		result = gnutls_handshake(s);
	} while (result < 0 && gnutls_error_is_fatal(result) == 0);
	if (result != 0)
		return result;
	outcome->completed = true;
	snprintf(line, sizeof line, "%s\n", o->send_text);
	gnutls_record_set_timeout(s, 5000);
	do {
		result = (int)gnutls_record_send(s, line, strlen(line));
	} while (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED);
	do {
		result = (int)gnutls_record_recv(s, answer, sizeof answer);
	} while (result == GNUTLS_E_AGAIN || result == GNUTLS_E_INTERRUPTED);
	outcome->echoed = result > 0;
	if (result > 0)
		gnutls_bye(s, GNUTLS_SHUT_WR);
	return result < 0 ? result : 0;
}

static void describe(gnutls_session_t s, int error,
	struct lab_outcome *outcome)
{
	static char text[256];
	const gnutls_protocol_t version = gnutls_protocol_get_version(s);
	const unsigned status = gnutls_session_get_verify_cert_status(s);

	if (version >= GNUTLS_TLS1_0 && version <= GNUTLS_TLS1_3)
		outcome->version = 0x0301u + (unsigned)(version - GNUTLS_TLS1_0);
	if (error == 0)
		return;
	outcome->error = error;
	snprintf(text, sizeof text, "%s%s%s", gnutls_strerror_name(error),
		status == 0 || status == (unsigned)-1 ? "" : " ",
		status == 0 || status == (unsigned)-1 ? ""
			: status & GNUTLS_CERT_INSECURE_ALGORITHM ? "insecure algorithm"
			: status & GNUTLS_CERT_EXPIRED ? "expired"
			: status & GNUTLS_CERT_NOT_ACTIVATED ? "not yet valid"
			: status & GNUTLS_CERT_UNEXPECTED_OWNER ? "name"
			: status & GNUTLS_CERT_SIGNER_NOT_FOUND ? "signer not found"
			: "see gnutls_certificate_status_t");
	outcome->error_name = text;
	if (error == GNUTLS_E_FATAL_ALERT_RECEIVED)
		outcome->alert_received = (int)gnutls_alert_get(s);
	else
		gnutls_alert_send_appropriate(s, error);
}

int main(int argc, char **argv)
{
	struct lab_options options;
	struct lab_outcome outcome = { .stack = "GnuTLS " GNUTLS_VERSION,
		.alert_received = -1 };
	gnutls_certificate_credentials_t credentials;
	gnutls_session_t session;
	int fd, error;

	lab_options_parse(argc, argv, &options);
	lab_profile_apply(&options, enforces, 0x0301, 0x0304);
	if (options.tamper != LAB_TAMPER_NONE || options.buffer_bytes != 0)
		lab_options_refuse("this GnuTLS client", "see its first comment");
	lab_gnutls_restart(&options, argv);
	certificate_time_s = (time_t)options.time_s;
	gnutls_global_set_time_function(time_given);
	credentials = read_credentials(&options);
	session = set_up(&options, credentials);
	fd = lab_connect(&options);
	gnutls_transport_set_int(session, fd);
	error = talk(session, &options, &outcome);
	describe(session, error, &outcome);
	lab_outcome_print(&outcome);
	if (outcome.completed || outcome.alert_received >= 0)
		options.on_failure = LAB_FAILURE_CLOSE;
	lab_failure_play(&options, fd);
	gnutls_deinit(session);
	gnutls_certificate_free_credentials(credentials);
	return lab_outcome_status(&outcome);
}
