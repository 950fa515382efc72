/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only the core needs of names.c: X.509's OIDs in dotted form to the values of tlsfit.h.
 */
#ifndef TLSFIT_NAMES_H
#define TLSFIT_NAMES_H

#include "tlsfit.h"

/* TLSFIT_SIGNATURE_UNKNOWN for an OID that is not in the table, and for id-RSASSA-PSS, whose hash decides. */
TlsfitCertSignature tlsfit_cert_signature_by_oid(const char *oid);

/* The RSASSA-PSS signature with the hash OID; TLSFIT_SIGNATURE_UNKNOWN where tlsfit.h has none. */
TlsfitCertSignature tlsfit_cert_signature_by_pss_hash(const char *oid);

TlsfitKeyType tlsfit_key_type_by_oid(const char *oid);

/* The TLSFIT_NAME_GROUP value of the named curve, 0 where TLS has no code for it, and the bits of its field, 0 where
 * they are not known. */
guint tlsfit_group_by_oid(const char *oid, guint *bits);

#endif
