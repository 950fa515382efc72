/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer target: any bytes as a certificate.
 *
 * Build with clang and -fsanitize=fuzzer,address,undefined (cmake -DTLSFIT_FUZZ=ON), then for five minutes
 *     fuzz_certificate -max_total_time=300 -max_len=4096 NEW_INPUTS SEEDS
 * where NEW_INPUTS is an empty folder and SEEDS one with DER files, for instance made of tests/unit/certificates:
 *     for f in tests/unit/certificates/[!w]*.pem; do
 *         openssl base64 -d -in <(sed '/-----/d' "$f") -out "SEEDS/$(basename "$f" .pem)"
 *     done
 */
#include "certificate.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    TlsfitCertificate *certificate = tlsfit_certificate_from_der(data, size);

    /* What the header promises. */
    if (certificate->readable != (certificate->error == NULL) || certificate->bytes != size)
        abort();
    if (certificate->readable &&
        (!g_utf8_validate(certificate->subject, -1, NULL) || !g_utf8_validate(certificate->issuer, -1, NULL) ||
         certificate->serial == NULL || certificate->spki_sha256 == NULL))
        abort();
    for (guint i = 0; i < certificate->dns_names->len; i++)
        if (!g_utf8_validate(certificate->dns_names->pdata[i], -1, NULL))
            abort();
    tlsfit_certificate_unref(certificate);
    tlsfit_certificate_cache_clear();
    return 0;
}
