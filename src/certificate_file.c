/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Certificates from a file: a PEM bundle, or DER certificates one after the other.
 *
 * Flow: a path in, certificates in file order out, and what else is there. Text between the PEM blocks and blocks of
 * other kinds (keys) are passed over. A block that holds no certificate is kept as one that is not readable, so that the
 * numbers of those behind it stay right.
 */
#include "certificate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_BYTES_MAX (16u * 1024u * 1024u)

static const char pem_begin[] = "-----BEGIN ";
static const char pem_end[] = "-----END ";
static const char pem_dashes[] = "-----";

/* What to call PATH. */
static const char *shown(const char *path)
{
    return g_str_equal(path, "-") ? "standard input" : path;
}

/* Reads piece by piece: neither the size of a pipe nor that of a device file is known before. */
static GString *file_read(const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *piece = g_malloc(65536);
    FILE *file = g_str_equal(path, "-") ? stdin : fopen(path, "rb");
    gboolean failed;
    int code;
    gsize count;

    if (file == NULL) {
        code = errno;
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s", shown(path), g_strerror(code));
        return NULL;
    }
    errno = 0;
    while (text->len <= FILE_BYTES_MAX && (count = fread(piece, 1, 65536, file)) > 0)
        g_string_append_len(text, piece, (gssize)count);
    failed = ferror(file) != 0;
    code = errno;
    if (file != stdin)
        fclose(file);
    if (failed) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s", shown(path), g_strerror(code));
        return NULL;
    }
    if (text->len > FILE_BYTES_MAX) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: larger than %u bytes, this is no certificate file",
                    shown(path), FILE_BYTES_MAX);
        return NULL;
    }
    return g_steal_pointer(&text);
}

/* The labels that stand for a certificate (RFC 7468, 5; the others are OpenSSL's). */
static gboolean label_is_certificate(const char *label, gsize length)
{
    static const char *const labels[] = { "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" };

    for (guint i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strlen(labels[i]) == length && strncmp(labels[i], label, length) == 0)
            return TRUE;
    return FALSE;
}

/* One block's base64. OpenSSL's TRUSTED CERTIFICATE carries settings behind the certificate: only what the outer
 * SEQUENCE spans counts where it is whole. */
static TlsfitCertificate *block_read(const char *body, gsize length)
{
    g_autofree char *base64 = g_strndup(body, length);
    gsize bytes = 0;
    g_autofree guchar *der = g_base64_decode(base64, &bytes);
    TlsfitDer rest = { der, bytes };
    TlsfitDer content;
    TlsfitDer whole = { der, bytes };

    tlsfit_der_take(&rest, TLSFIT_DER_SEQUENCE, &content, &whole);
    return tlsfit_certificate_from_der(whole.data, whole.length);
}

/* The first MARK at the start of a line, or NULL: what is quoted in a text is no block. */
static const char *line_with(const char *text, const char *mark)
{
    const char *found = strstr(text, mark);

    while (found != NULL && found != text && found[-1] != '\n' && found[-1] != '\r')
        found = strstr(found + 1, mark);
    return found;
}

/* Counts a block that is no certificate, unless its label has the form of none (RFC 7468, 3). */
static void note_other(TlsfitBundle *bundle, const char *label, gsize length)
{
    g_autofree char *name = g_strndup(label, length);
    const gboolean again = bundle->others != NULL && strstr(bundle->others, name) != NULL;

    if (length == 0 || length > 64 || !g_str_is_ascii(name) || strpbrk(name, "\r\n\t") != NULL)
        return;
    if (g_str_has_suffix(name, "PRIVATE KEY")) {
        bundle->private_keys++;
    } else if (!again && (bundle->others == NULL || strlen(bundle->others) < 200)) {
        char *others = bundle->others == NULL ? g_strdup(name) : g_strdup_printf("%s, %s", bundle->others, name);

        g_free(bundle->others);
        bundle->others = others;
    }
}

/* Takes one block off TEXT; FALSE where no complete one is left. */
static gboolean block_take(const char **text, TlsfitBundle *bundle)
{
    const char *label = line_with(*text, pem_begin);
    const char *label_end;
    const char *body_end;

    if (label == NULL)
        return FALSE;
    label += strlen(pem_begin);
    label_end = strstr(label, pem_dashes);
    body_end = label_end != NULL ? line_with(label_end, pem_end) : NULL;
    if (body_end == NULL) {
        bundle->cut = TRUE;
        return FALSE;
    }
    if (label_is_certificate(label, (gsize)(label_end - label))) {
        const char *body = label_end + strlen(pem_dashes);

        g_ptr_array_add(bundle->certificates, block_read(body, (gsize)(body_end - body)));
    } else {
        note_other(bundle, label, (gsize)(label_end - label));
    }
    *text = body_end;
    return TRUE;
}

/* DER certificates, one after the other. What is no certificate ends them. */
static void der_take(const GString *contents, TlsfitBundle *bundle)
{
    TlsfitDer rest = { (const guint8 *)contents->str, contents->len };
    TlsfitDer content, whole;

    while (rest.length > 0 && bundle->certificates->len < TLSFIT_CERTIFICATES_MAX) {
        g_autoptr(TlsfitCertificate) certificate = NULL;

        if (!tlsfit_der_take(&rest, TLSFIT_DER_SEQUENCE, &content, &whole))
            break;
        certificate = tlsfit_certificate_from_der(whole.data, whole.length);
        if (!certificate->readable)
            break;
        g_ptr_array_add(bundle->certificates, g_steal_pointer(&certificate));
    }
    bundle->cut = bundle->certificates->len > 0 && rest.length > 0;
}

/* Why there is no certificate, and what would give one. */
static char *why_none(const TlsfitBundle *bundle, const GString *contents, const char *path)
{
    if (contents->len == 0)
        return g_strdup("the file is empty");
    if (bundle->others != NULL && strstr(bundle->others, "PKCS7") != NULL)
        return g_strdup_printf("no certificate in PEM, but PKCS7; 'openssl pkcs7 -print_certs -in %s' writes PEM", path);
    if (bundle->private_keys > 0)
        return g_strdup("no certificate in it, but a private key; give the file with the certificates");
    if (bundle->others != NULL)
        return g_strdup_printf("no certificate in it, but %s; give the file with the certificates", bundle->others);
    if (bundle->cut)
        return g_strdup("no certificate in it: the PEM block that begins there has no END line");
    if ((guchar)contents->str[0] == TLSFIT_DER_SEQUENCE)
        return g_strdup_printf("ASN.1, but no certificate (X.509); of a PKCS #12 file 'openssl pkcs12 -nokeys -in %s' "
                               "writes them", path);
    return g_strdup("no certificate in it, neither PEM (-----BEGIN CERTIFICATE-----) nor DER");
}

TlsfitBundle *tlsfit_bundle_read(const char *path, GError **error)
{
    g_autoptr(TlsfitBundle) bundle = g_new0(TlsfitBundle, 1);
    g_autoptr(GString) contents = file_read(path, error);
    const char *text;

    if (contents == NULL)
        return NULL;
    bundle->certificates = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_certificate_unref);
    text = contents->str;
    while (block_take(&text, bundle))
        continue;
    if (bundle->certificates->len == 0 && contents->len > 0 && (guchar)contents->str[0] == TLSFIT_DER_SEQUENCE)
        der_take(contents, bundle);
    if (bundle->certificates->len == 0) {
        g_autofree char *why = why_none(bundle, contents, path);

        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", shown(path), why);
        return NULL;
    }
    return g_steal_pointer(&bundle);
}

void tlsfit_bundle_free(TlsfitBundle *bundle)
{
    if (bundle == NULL)
        return;
    g_clear_pointer(&bundle->certificates, g_ptr_array_unref);
    g_free(bundle->others);
    g_free(bundle);
}

GPtrArray *tlsfit_certificates_from_file(const char *path, GError **error)
{
    g_autoptr(TlsfitBundle) bundle = tlsfit_bundle_read(path, error);

    return bundle != NULL ? g_steal_pointer(&bundle->certificates) : NULL;
}
