/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The certificates of the tests: names of files in certificates/ in, certificates and bytes out.
 */
#ifndef TLSFIT_TEST_FILES_H
#define TLSFIT_TEST_FILES_H

#include "certificate.h"

static inline char *path_of(const char *name)
{
    return g_build_filename(TLSFIT_TEST_CERTIFICATES, name, NULL);
}

static inline GPtrArray *load(const char *name)
{
    g_autofree char *path = path_of(name);
    g_autoptr(GError) error = NULL;
    GPtrArray *certificates = tlsfit_certificates_from_file(path, &error);

    g_assert_no_error(error);
    g_assert_nonnull(certificates);
    return certificates;
}

/* The bytes of the first certificate of a file. */
static inline GBytes *load_bytes(const char *name)
{
    g_autoptr(GPtrArray) certificates = load(name);

    return g_bytes_ref(((TlsfitCertificate *)certificates->pdata[0])->der);
}

#endif
