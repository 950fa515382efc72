/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device profile to struct lab_options, by the core's own reader (tlsfit.h).
 * In: an ini file. Out: options, lines "unenforced: SECTION.KEY".
 * What the profile leaves open stays as the stack has it. A list that the
 * ClientHello carries is offered as the profile lists it, in its order.
 * Does not know any stack.
 */
#include "from_profile.h"

#include <tlsfit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_RSA = 1, SIGNATURE_ECDSA = 3 };

/* The keys of the sets, as the profile spells them. */
static const struct {
	TlsfitSet set;
	const char *supported, *unsupported;
	unsigned last;
} sets[] = {
	{ TLSFIT_SET_VERSIONS, "versions.supported", "versions.unsupported",
		0xFFFF },
	{ TLSFIT_SET_CIPHER_SUITES, "cipher_suites.supported",
		"cipher_suites.unsupported", 0xFFFF },
	{ TLSFIT_SET_GROUPS, "groups.supported", "groups.unsupported", 0xFFFF },
	{ TLSFIT_SET_SIGNATURE_SCHEMES, "signature_schemes.supported",
		"signature_schemes.unsupported", 0xFFFF },
	{ TLSFIT_SET_CERTIFICATE_SIGNATURES, "certificate_signatures.supported",
		"certificate_signatures.unsupported",
		TLSFIT_SIGNATURE_COUNT - 1 },
	{ TLSFIT_SET_KEY_TYPES, "certificate_keys.types",
		"certificate_keys.unsupported_types", TLSFIT_KEY_ML_DSA },
	{ TLSFIT_SET_KEY_CURVES, "certificate_keys.curves",
		"certificate_keys.unsupported_curves", 0x1FF },
	{ TLSFIT_SET_END_ENTITY_TYPES, "certificate_keys.end_entity_types",
		NULL, 0 },
	{ TLSFIT_SET_END_ENTITY_CURVES, "certificate_keys.end_entity_curves",
		NULL, 0 },
};

bool lab_key_in(const char *const *keys, const char *key)
{
	for (; *keys != NULL; keys++)
		if (strcmp(*keys, key) == 0)
			return true;
	return false;
}

static bool refuses(const TlsfitDevice *device, TlsfitSet set, unsigned code)
{
	g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code);

	return verdict.status == TLSFIT_CANNOT
		|| verdict.status == TLSFIT_SUSPECT;
}

static bool refuses_unlisted(const TlsfitDevice *device, TlsfitSet set,
	unsigned last)
{
	if (tlsfit_device_complete(device, set))
		return false;
	for (unsigned code = 0; code <= last; code++)
		if (refuses(device, set, code))
			return true;
	return false;
}

static void read_list(const TlsfitDevice *device, TlsfitSet set,
	struct lab_list *list)
{
	const GArray *codes = tlsfit_device_supported(device, set);

	list->count = 0;
	for (guint i = 0; codes != NULL && i < codes->len; i++) {
		if (list->count == LAB_LIST_MAX) {
			fputs("lab client: the profile's list is too long\n",
				stderr);
			exit(2);
		}
		list->items[list->count++] = g_array_index(codes, guint16, i);
	}
}

/* A list for certificates: what is not refused of the codes up to last. */
static void read_allowed(const TlsfitDevice *device, TlsfitSet set,
	const struct lab_list *known, struct lab_list *list)
{
	list->count = 0;
	for (size_t i = 0; i < known->count; i++)
		if (!refuses(device, set, known->items[i]))
			list->items[list->count++] = known->items[i];
}

static void read_versions(const TlsfitDevice *device, struct lab_options *o)
{
	struct lab_list versions;
	unsigned low = 0xFFFF, high = 0;

	read_list(device, TLSFIT_SET_VERSIONS, &versions);
	for (size_t i = 0; i < versions.count; i++) {
		const bool dtls = versions.items[i] >= 0xFE00;
		/* DTLS 1.0 is TLS 1.1, DTLS 1.2 is TLS 1.2. */
		const unsigned version = !dtls ? versions.items[i]
			: versions.items[i] == 0xFEFF ? 0x0302u : 0x0303u;

		o->dtls = o->dtls || dtls;
		low = version < low ? version : low;
		high = version > high ? version : high;
	}
	if (versions.count != 0) {
		o->version_min = (uint16_t)low;
		o->version_max = (uint16_t)high;
	}
}

/* Without a suite for TLS 1.3 there is no TLS 1.3, and the other way round. */
static void fit_versions_to_suites(struct lab_options *o)
{
	size_t tls13 = 0;

	for (size_t i = 0; i < o->suites.count; i++)
		tls13 += o->suites.items[i] >> 8 == 0x13;
	if (o->suites.count == 0)
		return;
	if (tls13 == 0 && o->version_max == 0x0304)
		o->version_max = 0x0303;
	else if (tls13 == o->suites.count && o->version_max == 0x0304)
		o->version_min = 0x0304;
}

static void read_schemes(const TlsfitDevice *device, struct lab_options *o)
{
	unsigned rsa = 0, ecdsa = 0;
	bool other = false;

	read_list(device, TLSFIT_SET_SIGNATURE_SCHEMES, &o->signature_schemes);
	for (size_t i = 0; i < o->signature_schemes.count; i++) {
		const unsigned hash = o->signature_schemes.items[i] >> 8;
		const unsigned kind = o->signature_schemes.items[i] & 0xFF;

		if (hash < LAB_MD5 || hash > LAB_SHA512)
			other = true;
		else if (kind == SIGNATURE_RSA)
			rsa |= 1u << hash;
		else if (kind == SIGNATURE_ECDSA)
			ecdsa |= 1u << hash;
	}
	o->schemes_pairs = !other && rsa == ecdsa;
	o->schemes_product = !other && (rsa == ecdsa || rsa == 0 || ecdsa == 0);
	if (o->signature_schemes.count != 0) {
		o->hashes = rsa | ecdsa;
		o->rsa_signatures = rsa != 0;
		o->ecdsa_signatures = ecdsa != 0;
	}
}

static void read_certificate_signatures(const TlsfitDevice *device,
	struct lab_options *o)
{
	static const struct { TlsfitCertSignature rsa, ecdsa; int hash; } all[] = {
		{ TLSFIT_SIGNATURE_SHA1_RSA, TLSFIT_SIGNATURE_ECDSA_SHA1, LAB_SHA1 },
		{ TLSFIT_SIGNATURE_SHA224_RSA, TLSFIT_SIGNATURE_ECDSA_SHA224,
			LAB_SHA224 },
		{ TLSFIT_SIGNATURE_SHA256_RSA, TLSFIT_SIGNATURE_ECDSA_SHA256,
			LAB_SHA256 },
		{ TLSFIT_SIGNATURE_SHA384_RSA, TLSFIT_SIGNATURE_ECDSA_SHA384,
			LAB_SHA384 },
		{ TLSFIT_SIGNATURE_SHA512_RSA, TLSFIT_SIGNATURE_ECDSA_SHA512,
			LAB_SHA512 },
	};
	const TlsfitSet set = TLSFIT_SET_CERTIFICATE_SIGNATURES;

	/* MD5: no stack of today takes it, and no profile need say so. */
	o->x509_rsa_hashes &= ~(1u << LAB_MD5);
	o->x509_ecdsa_hashes &= ~(1u << LAB_MD5);
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (refuses(device, set, all[i].rsa))
			o->x509_rsa_hashes &= ~(1u << all[i].hash);
		if (refuses(device, set, all[i].ecdsa))
			o->x509_ecdsa_hashes &= ~(1u << all[i].hash);
	}
	o->x509_hashes = o->x509_rsa_hashes | o->x509_ecdsa_hashes;
	o->x509_rsa = o->x509_rsa_hashes != 0;
}

static void read_keys(const TlsfitDevice *device, struct lab_options *o)
{
	static const struct lab_list curves = { { 19, 21, 22, 23, 24, 25, 26, 27,
		28, 29, 30 }, 11 };

	o->key_rsa = !refuses(device, TLSFIT_SET_KEY_TYPES, TLSFIT_KEY_RSA);
	o->key_ec = !refuses(device, TLSFIT_SET_KEY_TYPES, TLSFIT_KEY_EC);
	read_allowed(device, TLSFIT_SET_KEY_CURVES, &curves, &o->x509_groups);
	read_allowed(device, TLSFIT_SET_END_ENTITY_CURVES, &curves,
		&o->end_entity_groups);
}

static unsigned number(const TlsfitDevice *device, TlsfitNumber which)
{
	guint64 value = 0;

	tlsfit_device_number_value(device, which, &value, NULL);
	return value > G_MAXINT ? 0 : (unsigned)value;
}

static bool feature_is(const TlsfitDevice *device, TlsfitFeature which,
	const char *word)
{
	return g_strcmp0(tlsfit_device_feature(device, which, NULL), word) == 0;
}

static void read_numbers(const TlsfitDevice *device, struct lab_options *o)
{
	const unsigned record = number(device, TLSFIT_NUMBER_record_bytes_max);
	const unsigned encrypted =
		number(device, TLSFIT_NUMBER_encrypted_record_bytes_max);

	o->rsa_bits_min = number(device, TLSFIT_NUMBER_rsa_bits_min);
	o->rsa_bits_max = number(device, TLSFIT_NUMBER_rsa_bits_max);
	o->end_entity_rsa_bits_min =
		number(device, TLSFIT_NUMBER_end_entity_rsa_bits_min);
	o->end_entity_rsa_bits_max =
		number(device, TLSFIT_NUMBER_end_entity_rsa_bits_max);
	o->chain_max = number(device, TLSFIT_NUMBER_chain_certificates_max);
	o->chain_counts_path =
		feature_is(device, TLSFIT_FEATURE_chain_count, "path");
	o->certificate_bytes_max =
		number(device, TLSFIT_NUMBER_certificate_bytes_max);
	o->message_bytes_max = number(device, TLSFIT_NUMBER_message_bytes_max);
	o->dh_bits_min = number(device, TLSFIT_NUMBER_dh_bits_min);
	o->dh_bits_max = number(device, TLSFIT_NUMBER_dh_bits_max);
	if (encrypted != 0) /* 325: what a record adds in BearSSL's buffer */
		o->buffer_bytes = encrypted + 325;
	if (feature_is(device, TLSFIT_FEATURE_max_fragment_length, "yes"))
		for (unsigned bytes = 512; bytes <= 4096; bytes *= 2)
			if (record == 0 || bytes <= record || bytes == 512)
				o->max_fragment_bytes = bytes;
	if (feature_is(device, TLSFIT_FEATURE_sni, "no"))
		o->sni = NULL;
	if (feature_is(device, TLSFIT_FEATURE_client_certificate, "no"))
		o->cert_file = o->key_file = NULL;
	if (feature_is(device, TLSFIT_FEATURE_verifies_certificates, "no"))
		o->anonymous = true;
}

static void tell(const struct lab_options *o, lab_enforces enforces,
	const char *key, const char *word)
{
	if (!enforces(o, key, word))
		printf("unenforced: %s\n", key);
}

static void tell_values(const TlsfitDevice *device,
	const struct lab_options *o, lab_enforces enforces)
{
	const char *word;
	guint64 value;

#define TLSFIT_NUMBER(section, key, lowest, highest, unit, meaning) \
	if (tlsfit_device_number_value(device, TLSFIT_NUMBER_##key, &value, NULL)) \
		tell(o, enforces, #section "." #key, NULL);
#define TLSFIT_FEATURE(key, words, meaning) \
	word = tlsfit_device_feature(device, TLSFIT_FEATURE_##key, NULL); \
	if (word != NULL) \
		tell(o, enforces, "features." #key, word);
#include <device_keys.def>
	(void)value;
}

static void tell_all(const TlsfitDevice *device, const struct lab_options *o,
	lab_enforces enforces)
{
	const GPtrArray *broken = tlsfit_device_broken(device);

	for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
		if (tlsfit_device_supported(device, sets[i].set) != NULL
		    && !(sets[i].unsupported == NULL
		         && tlsfit_device_supported(device, sets[i].set)
		            == tlsfit_device_supported(device, sets[i - 2].set)))
			tell(o, enforces, sets[i].supported, NULL);
		if (sets[i].unsupported != NULL
		    && refuses_unlisted(device, sets[i].set, sets[i].last))
			tell(o, enforces, sets[i].unsupported, NULL);
	}
	tell_values(device, o, enforces);
	for (guint i = 0; i < broken->len; i++) {
		const TlsfitBroken *b = g_ptr_array_index(broken, i);
		g_autofree char *key = g_strdup_printf("broken.%s", b->name);

		tell(o, enforces, key, NULL);
	}
}

static TlsfitDevice *find(TlsfitLibrary *library, const char *file)
{
	const GPtrArray *problems, *devices;

	tlsfit_library_add_builtin(library);
	tlsfit_library_add_file(library, file);
	tlsfit_library_finish(library);
	problems = tlsfit_library_problems(library);
	for (guint i = 0; i < problems->len; i++) {
		const TlsfitProblem *p = g_ptr_array_index(problems, i);

		fprintf(stderr, "lab client: %s:%u: %s\n", p->file, p->line,
			p->message);
	}
	devices = tlsfit_library_devices(library);
	for (guint i = 0; i < devices->len; i++) {
		TlsfitDevice *device = g_ptr_array_index(devices, i);

		if (g_strcmp0(tlsfit_device_file(device), file) == 0)
			return device;
	}
	return NULL;
}

void lab_profile_apply(struct lab_options *o, lab_enforces enforces,
	uint16_t lowest, uint16_t highest)
{
	g_autoptr(TlsfitLibrary) library = tlsfit_library_new();
	const TlsfitDevice *device;

	if (o->device_file == NULL)
		return;
	device = find(library, o->device_file);
	if (device == NULL) {
		fprintf(stderr, "lab client: no device in %s\n", o->device_file);
		exit(2);
	}
	o->version_min = o->dtls && lowest < 0x0302 ? 0x0302 : lowest;
	o->version_max = o->dtls && highest > 0x0303 ? 0x0303 : highest;
	read_versions(device, o);
	read_list(device, TLSFIT_SET_CIPHER_SUITES, &o->suites);
	fit_versions_to_suites(o);
	read_list(device, TLSFIT_SET_GROUPS, &o->groups);
	read_schemes(device, o);
	read_certificate_signatures(device, o);
	read_keys(device, o);
	read_numbers(device, o);
	tell_all(device, o, enforces);
	fflush(stdout);
	if (o->list_unenforced)
		exit(0);
}
