/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct lab_options to GnuTLS's priority string and settings file.
 * In: options. Out: text; a restarted process.
 * Does not verify or connect.
 */
#include "gnutls_settings.h"

#include <gnutls/gnutls.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TEXT_MAX 8192
#define SETTINGS_VARIABLE "GNUTLS_SYSTEM_PRIORITY_FILE"

static const struct { uint16_t code; const char *name; } groups[] = {
	{ 23, "SECP256R1" }, { 24, "SECP384R1" }, { 25, "SECP521R1" },
	{ 29, "X25519" }, { 30, "X448" }, { 256, "FFDHE2048" },
	{ 257, "FFDHE3072" }, { 258, "FFDHE4096" },
};

static const struct { uint16_t code; const char *name; } schemes[] = {
	{ 0x0201, "RSA-SHA1" }, { 0x0203, "ECDSA-SHA1" },
	{ 0x0301, "RSA-SHA224" }, { 0x0303, "ECDSA-SHA224" },
	{ 0x0401, "RSA-SHA256" }, { 0x0501, "RSA-SHA384" },
	{ 0x0601, "RSA-SHA512" }, { 0x0804, "RSA-PSS-RSAE-SHA256" },
	{ 0x0805, "RSA-PSS-RSAE-SHA384" }, { 0x0806, "RSA-PSS-RSAE-SHA512" },
	{ 0x0809, "RSA-PSS-SHA256" }, { 0x080A, "RSA-PSS-SHA384" },
	{ 0x080B, "RSA-PSS-SHA512" }, { 0x0807, "EDDSA-ED25519" },
	{ 0x0808, "EDDSA-ED448" },
};

/* In TLS 1.3 an ECDSA scheme names its curve, before that it does not. */
static const struct { uint16_t code; const char *tls12, *tls13; } ecdsa[] = {
	{ 0x0403, "ECDSA-SHA256", "ECDSA-SECP256R1-SHA256" },
	{ 0x0503, "ECDSA-SHA384", "ECDSA-SECP384R1-SHA384" },
	{ 0x0603, "ECDSA-SHA512", "ECDSA-SECP521R1-SHA512" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char *add(char *text, const char *prefix, const char *name)
{
	if (strlen(text) + strlen(prefix) + strlen(name) + 1 > TEXT_MAX)
		abort();
	return strcat(strcat(text, prefix), name);
}

static const char *group_name(uint16_t code)
{
	for (size_t i = 0; i < COUNT(groups); i++)
		if (groups[i].code == code)
			return groups[i].name;
	return NULL;
}

static bool add_scheme(char *text, uint16_t code, bool tls13)
{
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (schemes[i].code == code) {
			add(text, ":+SIGN-", schemes[i].name);
			return true;
		}
	for (size_t i = 0; i < COUNT(ecdsa); i++)
		if (ecdsa[i].code == code) {
			add(text, ":+SIGN-", ecdsa[i].tls12);
			if (tls13)
				add(text, ":+SIGN-", ecdsa[i].tls13);
			return true;
		}
	return false;
}

bool lab_gnutls_groups_known(const struct lab_options *o)
{
	for (size_t i = 0; i < o->groups.count; i++)
		if (group_name(o->groups.items[i]) == NULL)
			return false;
	return true;
}

bool lab_gnutls_schemes_known(const struct lab_options *o)
{
	char text[TEXT_MAX] = "";

	for (size_t i = 0; i < o->signature_schemes.count; i++)
		if (!add_scheme(text, o->signature_schemes.items[i], true))
			return false;
	return true;
}

/* The suite that GnuTLS knows under an IANA number, or NULL. */
static const char *suite_parts(uint16_t code, gnutls_kx_algorithm_t *kx,
	gnutls_cipher_algorithm_t *cipher, gnutls_mac_algorithm_t *mac)
{
	const char *name;
	unsigned char id[2];
	gnutls_protocol_t version;

	for (size_t i = 0;
	     (name = gnutls_cipher_suite_info(i, id, kx, cipher, mac, &version))
	         != NULL; i++)
		if (id[0] == code >> 8 && id[1] == (code & 0xFF))
			return name;
	return NULL;
}

static void add_suites(char *text, const struct lab_options *o)
{
	add(text, ":-CIPHER-ALL:-MAC-ALL:-KX-ALL", "");
	for (size_t i = 0; i < o->suites.count; i++) {
		gnutls_kx_algorithm_t kx;
		gnutls_cipher_algorithm_t cipher;
		gnutls_mac_algorithm_t mac;

		if (suite_parts(o->suites.items[i], &kx, &cipher, &mac) == NULL)
			continue;
		add(text, ":+", gnutls_cipher_get_name(cipher));
		add(text, ":+", gnutls_mac_get_name(mac));
		if (kx != GNUTLS_KX_UNKNOWN)
			add(text, ":+", gnutls_kx_get_name(kx));
	}
}

char *lab_gnutls_priority(const struct lab_options *o)
{
	static const char *const versions[] = { "1.0", "1.1", "1.2", "1.3" };
	char *text = calloc(1, TEXT_MAX);

	if (text == NULL)
		abort();
	strcpy(text, "NORMAL:-VERS-ALL");
	for (unsigned v = o->version_max; v >= o->version_min; v--) {
		if (o->dtls) /* DTLS 1.0 stands for 1.1, there is no 1.1 */
			add(text, ":+VERS-DTLS", v == 0x0302 ? "1.0" : "1.2");
		else
			add(text, ":+VERS-TLS", versions[v - 0x0301]);
	}
	if (o->suites.count != 0)
		add_suites(text, o);
	if (o->groups.count != 0)
		add(text, ":-GROUP-ALL", "");
	for (size_t i = 0; i < o->groups.count; i++)
		if (group_name(o->groups.items[i]) != NULL)
			add(text, ":+GROUP-", group_name(o->groups.items[i]));
	if (o->signature_schemes.count != 0)
		add(text, ":-SIGN-ALL", "");
	for (size_t i = 0; i < o->signature_schemes.count; i++)
		(void)add_scheme(text, o->signature_schemes.items[i],
			o->version_max >= 0x0304);
	return text;
}

/* Does GnuTLS, told so, offer these suites and no other? */
bool lab_gnutls_suites_exact(const struct lab_options *o)
{
	gnutls_priority_t priority;
	char *text = lab_gnutls_priority(o);
	size_t found = 0;
	unsigned at;
	bool exact = gnutls_priority_init(&priority, text, NULL) == 0;

	free(text);
	if (!exact)
		return false;
	for (unsigned i = 0;; i++) {
		unsigned char id[2] = { 0, 0 };
		const int result =
			gnutls_priority_get_cipher_suite_index(priority, i, &at);

		if (result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		if (result != 0)
			continue;
		(void)gnutls_cipher_suite_info(at, id, NULL, NULL, NULL, NULL);
		exact = exact && lab_list_allows(&o->suites,
			((unsigned)id[0] << 8) | id[1]);
		found++;
	}
	gnutls_priority_deinit(priority);
	return exact && found == o->suites.count;
}

bool lab_gnutls_curves_separable(const struct lab_options *o)
{
	/* Only what is offered for the key exchange may be switched off. */
	for (size_t i = 0; i < COUNT(groups) && groups[i].code < 29; i++)
		if (!lab_list_allows(&o->x509_groups, groups[i].code)
		    && lab_list_allows(&o->groups, groups[i].code))
			return false;
	return true;
}

static void write_settings(const struct lab_options *o, char *text)
{
	static const char *const hashes[] = { NULL, NULL, "sha1", "sha224",
		"sha256", "sha384", "sha512" };
	const size_t empty = strlen(text);

	for (unsigned id = LAB_SHA1; id <= LAB_SHA512; id++) {
		if (!(o->x509_rsa_hashes & (1u << id)))
			add(add(text, "insecure-sig-for-cert = rsa-", hashes[id]),
				"\n", "");
		if (!(o->x509_ecdsa_hashes & (1u << id)))
			add(add(text, "insecure-sig-for-cert = ecdsa-", hashes[id]),
				"\n", "");
	}
	for (size_t i = 0; i < COUNT(groups) && groups[i].code < 29; i++)
		if (!lab_list_allows(&o->x509_groups, groups[i].code))
			add(add(text, "disabled-curve = ", groups[i].name), "\n", "");
	if (strlen(text) == empty)
		text[0] = '\0';
}

void lab_gnutls_restart(const struct lab_options *o, char **argv)
{
	char text[TEXT_MAX] = "[overrides]\n", path[64];
	int fd;

	if (o->device_file == NULL || getenv(SETTINGS_VARIABLE) != NULL)
		return;
	write_settings(o, text);
	fd = memfd_create("gnutls-settings", 0); /* stays open over execv() */
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
		fputs("gnutls client: cannot write the settings\n", stderr);
		exit(2);
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	setenv(SETTINGS_VARIABLE, path, 1);
	setenv("GNUTLS_SYSTEM_PRIORITY_FAIL_ON_INVALID", "1", 1);
	execv("/proc/self/exe", argv);
	exit(2);
}
