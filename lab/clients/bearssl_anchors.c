/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PEM file to BearSSL's trust anchors.
 * In: the file. Out: struct lab_anchors.
 * Does not verify or select: every certificate of the file becomes an anchor.
 */
#include "bearssl_anchors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
	unsigned char *data;
	size_t length;
};

static void append(void *context, const void *data, size_t length)
{
	struct buffer *b = context;

	b->data = realloc(b->data, b->length + length + 1);
	if (b->data == NULL)
		abort();
	memcpy(b->data + b->length, data, length);
	b->length += length;
}

static unsigned char *copy_bytes(const unsigned char *data, size_t length)
{
	struct buffer b = { NULL, 0 };

	append(&b, data, length);
	return b.data;
}

/*
 * NULL, or what is wrong. A decoder's key points into the decoder: what has to
 * live longer is copied.
 */
static const char *add_anchor(struct lab_anchors *anchors,
	const struct buffer *der)
{
	br_x509_trust_anchor *ta = &anchors->items[anchors->count];
	struct buffer dn = { NULL, 0 };
	br_x509_decoder_context dc;
	const br_x509_pkey *key;

	if (anchors->count == LAB_ANCHORS_MAX)
		return "more trust anchors than this client keeps";
	br_x509_decoder_init(&dc, append, &dn);
	br_x509_decoder_push(&dc, der->data, der->length);
	key = br_x509_decoder_get_pkey(&dc);
	if (key == NULL)
		return "a trust anchor cannot be decoded";
	ta->dn.data = dn.data;
	ta->dn.len = dn.length;
	ta->flags = br_x509_decoder_isCA(&dc) ? BR_X509_TA_CA : 0;
	ta->pkey = *key;
	if (key->key_type == BR_KEYTYPE_RSA) {
		ta->pkey.key.rsa.n = copy_bytes(key->key.rsa.n, key->key.rsa.nlen);
		ta->pkey.key.rsa.e = copy_bytes(key->key.rsa.e, key->key.rsa.elen);
	} else {
		ta->pkey.key.ec.q = copy_bytes(key->key.ec.q, key->key.ec.qlen);
	}
	anchors->count++;
	return NULL;
}

static const char *push_pem(struct lab_anchors *anchors,
	br_pem_decoder_context *pem, struct buffer *der,
	const unsigned char *text, size_t length)
{
	const char *error = NULL;

	while (length > 0 && error == NULL) {
		const size_t used = br_pem_decoder_push(pem, text, length);

		text += used;
		length -= used;
		switch (br_pem_decoder_event(pem)) {
		case BR_PEM_BEGIN_OBJ:
			der->length = 0;
			br_pem_decoder_setdest(pem, append, der);
			break;
		case BR_PEM_END_OBJ:
			error = add_anchor(anchors, der);
			break;
		case BR_PEM_ERROR:
			error = "the trust anchor file is no PEM";
			break;
		default:
			break;
		}
	}
	return error;
}

bool lab_anchors_read(struct lab_anchors *anchors, const char *file)
{
	FILE *stream = fopen(file, "rb");
	const char *error = stream == NULL ? "cannot open the file" : NULL;
	struct buffer der = { NULL, 0 };
	br_pem_decoder_context pem;
	unsigned char text[4096];
	size_t length;

	anchors->count = 0;
	br_pem_decoder_init(&pem);
	while (error == NULL
	       && (length = fread(text, 1, sizeof text, stream)) > 0)
		error = push_pem(anchors, &pem, &der, text, length);
	if (error == NULL && anchors->count == 0)
		error = "no trust anchor in the file";
	if (error != NULL)
		fprintf(stderr, "bearssl client: %s: %s\n", file, error);
	if (stream != NULL)
		fclose(stream);
	free(der.data);
	return error == NULL;
}
