/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Limits of the mbed TLS client that are no settings of mbed TLS.
 * In: options, certificates. Out: verdicts for the verify callback, and which
 * keys of a profile the client enforces.
 * Not here: the handshake.
 */
#include "mbedtls_limits.h"

#include "from_profile.h"

#include <mbedtls/ecp.h>
#include <mbedtls/ssl_ciphersuites.h>

#include <stdio.h>
#include <string.h>

/* mbed TLS numbers its hashes from MD2 = 1: TLS's number plus two. */
mbedtls_md_type_t lab_mbedtls_md(unsigned id)
{
	static const mbedtls_md_type_t types[] = { MBEDTLS_MD_NONE,
		MBEDTLS_MD_MD5, MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA224,
		MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512 };

	return types[id];
}

static unsigned hash_of(mbedtls_md_type_t md)
{
	unsigned id = LAB_SHA512;

	while (id >= LAB_MD5 && lab_mbedtls_md(id) != md)
		id--;
	return id;
}

static const char *bad_key(const struct lab_options *o,
	const mbedtls_x509_crt *crt, int depth)
{
	static char too_large[64];
	const size_t bits = mbedtls_pk_get_bitlen(&crt->pk);
	const bool leaf = depth == 0;
	const unsigned max = leaf && o->end_entity_rsa_bits_max != 0
		? o->end_entity_rsa_bits_max : o->rsa_bits_max;

	if (mbedtls_pk_get_type(&crt->pk) == MBEDTLS_PK_RSA) {
		snprintf(too_large, sizeof too_large, "RSA %zu > %u bits", bits,
			max);
		if (max != 0 && bits > max)
			return too_large;
		if (leaf && bits < o->end_entity_rsa_bits_min)
			return "its RSA key is too small";
		return o->key_rsa ? NULL : "its key is RSA";
	}
	if (!o->key_ec)
		return "its key is EC";
	if (leaf && o->end_entity_groups.count != 0
	    && !lab_list_allows(&o->end_entity_groups,
	        mbedtls_ecp_curve_info_from_grp_id(
	            mbedtls_pk_ec(crt->pk)->grp.id)->tls_id))
		return "the curve of its key";
	return NULL;
}

/* The anchor's own signature is not looked at by mbed TLS either. */
static bool bad_signature(const struct lab_options *o,
	const mbedtls_x509_crt *crt)
{
	const unsigned hashes = crt->sig_pk == MBEDTLS_PK_ECDSA
		? o->x509_ecdsa_hashes : o->x509_rsa_hashes;

	return (crt->issuer_raw.len != crt->subject_raw.len
	        || memcmp(crt->issuer_raw.p, crt->subject_raw.p,
	            crt->issuer_raw.len) != 0)
		&& (hashes & (1u << hash_of(crt->sig_md))) == 0;
}

/*
 * Limits that mbed TLS leaves to the application's verify callback: the size
 * of keys and certificates, the depth, a hash with one kind of signature.
 */
uint32_t lab_mbedtls_refuse(const struct lab_options *o,
	const mbedtls_x509_crt *crt, int depth, char *reason, size_t room)
{
	const bool anchor = crt->issuer_raw.len == crt->subject_raw.len
		&& memcmp(crt->issuer_raw.p, crt->subject_raw.p,
		    crt->issuer_raw.len) == 0;
	const char *why = bad_key(o, crt, depth);

	if (why == NULL && bad_signature(o, crt))
		why = "the algorithm of its signature";
	if (why == NULL && !anchor && o->certificate_bytes_max != 0
	    && crt->raw.len > o->certificate_bytes_max)
		why = "its size";
	if (why == NULL && !anchor && o->chain_max != 0
	    && depth >= (int)o->chain_max)
		why = "the length of the chain";
	if (why == NULL)
		return 0;
	snprintf(reason, room,
		"certificate at depth %d refused: %s", depth, why);
	return MBEDTLS_X509_BADCERT_BAD_KEY;
}

static bool groups_known(const struct lab_list *groups)
{
	for (size_t i = 0; i < groups->count; i++)
		if (mbedtls_ecp_curve_info_from_tls_id(groups->items[i]) == NULL)
			return false;
	return true;
}

static bool suites_known(const struct lab_list *suites)
{
	for (size_t i = 0; i < suites->count; i++)
		if (mbedtls_ssl_ciphersuite_from_id(suites->items[i]) == NULL)
			return false;
	return true;
}

bool lab_mbedtls_enforces(const struct lab_options *o, const char *key,
	const char *word)
{
	static const char *const always[] = { "certificate_keys.types",
		"certificate_keys.unsupported_types", "certificate_keys.curves",
		"certificate_keys.unsupported_curves",
		"certificate_keys.end_entity_curves",
		"certificate_keys.rsa_bits_min", "certificate_keys.rsa_bits_max",
		"certificate_keys.end_entity_rsa_bits_min",
		"certificate_keys.end_entity_rsa_bits_max",
		"certificate_signatures.supported",
		"certificate_signatures.unsupported",
		"limits.certificate_bytes_max", "limits.record_bytes_max",
		"features.max_fragment_length", "features.sni",
		"features.client_certificate", NULL };
	static const char *const yes[] = { "features.clock",
		"features.out_of_order_chain", "features.anchor_key_checked",
		"features.anchor_validity_checked", NULL };

	if (strcmp(key, "versions.supported") == 0)
		return o->version_max <= 0x0303;
	if (strcmp(key, "groups.supported") == 0)
		return groups_known(&o->groups);
	if (strcmp(key, "cipher_suites.supported") == 0)
		return suites_known(&o->suites);
	if (strcmp(key, "signature_schemes.supported") == 0)
		return o->schemes_pairs;
	if (strcmp(key, "limits.chain_certificates_max") == 0)
		return o->chain_counts_path;
	if (strcmp(key, "features.chain_count") == 0)
		return strcmp(word, "path") == 0;
	if (strcmp(key, "features.critical_extensions") == 0)
		return strcmp(word, "rejected") == 0;
	if (strcmp(key, "features.handshake_defragmentation") == 0)
		return strcmp(word, "no") == 0 || o->dtls;
	if (strcmp(key, "features.verifies_certificates") == 0)
		return strcmp(word, "optional") != 0;
	return lab_key_in(always, key)
		|| (word != NULL && lab_key_in(yes, key) && word[0] == 'y');
}
