/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trust anchors for BearSSL, which has no PEM loader of its own.
 * In: a PEM file. Out: anchors that own their bytes and live until the end.
 * Not here: any check of the certificates: BearSSL takes anchors as they are.
 */
#ifndef LAB_BEARSSL_ANCHORS_H
#define LAB_BEARSSL_ANCHORS_H

#include <bearssl.h>
#include <stdbool.h>
#include <stddef.h>

#define LAB_ANCHORS_MAX 8

struct lab_anchors {
	br_x509_trust_anchor items[LAB_ANCHORS_MAX];
	size_t count;
};

/* False: one line on standard error has said why. */
bool lab_anchors_read(struct lab_anchors *anchors, const char *file);

#endif
