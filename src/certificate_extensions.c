/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The extensions of a certificate.
 *
 * Flow: the extensions' DER in, the list of them and what the known ones say out. Everything is read in one pass: a
 * certificate may hold thousands of names, and GnuTLS starts from the first one for each. An extension whose value is
 * malformed is in the list and says nothing. This file judges nothing.
 */
#include "certificate.h"

#include <gio/gio.h>
#include <string.h>

static void extension_clear(gpointer extension)
{
    g_free(((TlsfitCertExtension *)extension)->oid);
}

/* KeyUsage ::= BIT STRING (RFC 5280, 4.2.1.3); bit 0 is the highest of the first byte. */
static void read_key_usage(TlsfitCertificate *facts, TlsfitDer value)
{
    TlsfitDer bits;
    guint8 first;

    if (!tlsfit_der_take(&value, TLSFIT_DER_BIT_STRING, &bits, NULL))
        return;
    first = bits.length > 1 ? bits.data[1] : 0;
    facts->has_key_usage = TRUE;
    facts->key_usage = ((first & 0x80) != 0 ? TLSFIT_USAGE_DIGITAL_SIGNATURE : 0) |
                       ((first & 0x20) != 0 ? TLSFIT_USAGE_KEY_ENCIPHERMENT : 0) |
                       ((first & 0x08) != 0 ? TLSFIT_USAGE_KEY_AGREEMENT : 0) |
                       ((first & 0x04) != 0 ? TLSFIT_USAGE_CERT_SIGN : 0);
}

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } (4.2.1.9) */
static void read_basic_constraints(TlsfitCertificate *facts, TlsfitDer value)
{
    TlsfitDer fields;
    TlsfitDer field;

    if (!tlsfit_der_take(&value, TLSFIT_DER_SEQUENCE, &fields, NULL))
        return;
    if (tlsfit_der_take(&fields, TLSFIT_DER_BOOLEAN, &field, NULL))
        facts->is_ca = field.length == 1 && field.data[0] != 0;
    if (!tlsfit_der_take(&fields, TLSFIT_DER_INTEGER, &field, NULL) || field.length == 0 || field.data[0] >= 0x80)
        return;
    facts->path_length = 0;
    for (gsize i = 0; i < field.length; i++)
        facts->path_length = facts->path_length > G_MAXINT >> 8 ? G_MAXINT : facts->path_length << 8 | field.data[i];
}

/* ExtKeyUsageSyntax ::= SEQUENCE OF OBJECT IDENTIFIER (4.2.1.12) */
static void read_extended_key_usage(TlsfitCertificate *facts, TlsfitDer value)
{
    static const guint8 any[] = { 0x55, 0x1D, 0x25, 0x00 };                               /* 2.5.29.37.0 */
    static const guint8 purpose[] = { 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03 };         /* 1.3.6.1.5.5.7.3 */
    TlsfitDer list;
    TlsfitDer oid;

    if (!tlsfit_der_take(&value, TLSFIT_DER_SEQUENCE, &list, NULL))
        return;
    facts->has_extended_key_usage = TRUE;
    while (tlsfit_der_take(&list, TLSFIT_DER_OID, &oid, NULL)) {
        gboolean is_any = oid.length == sizeof any && memcmp(oid.data, any, sizeof any) == 0;
        guint8 last = oid.length == sizeof purpose + 1 && memcmp(oid.data, purpose, sizeof purpose) == 0
                          ? oid.data[sizeof purpose] : 0;

        facts->for_server_auth |= is_any || last == 1;
        facts->for_client_auth |= is_any || last == 2;
    }
}

static char *address_text(TlsfitDer bytes)
{
    GInetAddress *address;
    char *text;

    if (bytes.length != 4 && bytes.length != 16)
        return tlsfit_der_hex(bytes);
    address = g_inet_address_new_from_bytes(bytes.data,
                                            bytes.length == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
    text = g_inet_address_to_string(address);
    g_object_unref(address);
    return text;
}

/* GeneralNames (4.2.1.6): [2] dNSName, [7] iPAddress; the other kinds are of no use to TLS. */
static void read_subject_alt_name(TlsfitCertificate *facts, TlsfitDer value)
{
    TlsfitDer names;
    TlsfitDer name;
    guint8 tag;

    if (!tlsfit_der_take(&value, TLSFIT_DER_SEQUENCE, &names, NULL))
        return;
    while (tlsfit_der_next(&names, &tag, &name, NULL)) {
        if (tag == TLSFIT_DER_CONTEXT(2))
            g_ptr_array_add(facts->dns_names, g_utf8_make_valid((const char *)name.data, (gssize)name.length));
        else if (tag == TLSFIT_DER_CONTEXT(7))
            g_ptr_array_add(facts->ip_addresses, address_text(name));
    }
}

static void read_subject_key_id(TlsfitCertificate *facts, TlsfitDer value)
{
    TlsfitDer id;

    if (facts->subject_key_id == NULL && tlsfit_der_take(&value, TLSFIT_DER_OCTET_STRING, &id, NULL))
        facts->subject_key_id = g_bytes_new(id.data, id.length);
}

/* AuthorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier OPTIONAL, ... } (4.2.1.1) */
static void read_authority_key_id(TlsfitCertificate *facts, TlsfitDer value)
{
    TlsfitDer fields;
    TlsfitDer id;

    if (facts->authority_key_id == NULL && tlsfit_der_take(&value, TLSFIT_DER_SEQUENCE, &fields, NULL) &&
        tlsfit_der_take(&fields, TLSFIT_DER_CONTEXT(0), &id, NULL))
        facts->authority_key_id = g_bytes_new(id.data, id.length);
}

static const struct {
    const char *oid;
    void (*read)(TlsfitCertificate *facts, TlsfitDer value);
} readers[] = {
    { "2.5.29.14", read_subject_key_id },
    { "2.5.29.15", read_key_usage },
    { "2.5.29.17", read_subject_alt_name },
    { "2.5.29.19", read_basic_constraints },
    { "2.5.29.35", read_authority_key_id },
    { "2.5.29.37", read_extended_key_usage },
};

/* Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING } (4.1). Takes the next one
 * off REST; VALUE has no data where there is none. */
static gboolean extension_take(TlsfitDer *rest, TlsfitDer *oid, gboolean *critical, TlsfitDer *value)
{
    TlsfitDer fields;
    TlsfitDer flag;

    if (!tlsfit_der_take(rest, TLSFIT_DER_SEQUENCE, &fields, NULL) ||
        !tlsfit_der_take(&fields, TLSFIT_DER_OID, oid, NULL))
        return FALSE;
    *critical = tlsfit_der_take(&fields, TLSFIT_DER_BOOLEAN, &flag, NULL) && flag.length == 1 && flag.data[0] != 0;
    if (!tlsfit_der_take(&fields, TLSFIT_DER_OCTET_STRING, value, NULL))
        *value = (TlsfitDer){ NULL, 0 };
    return TRUE;
}

void tlsfit_certificate_read_extensions(TlsfitCertificate *facts, const TlsfitCertificateParts *parts)
{
    TlsfitDer rest = parts->extensions;
    TlsfitCertExtension extension;
    TlsfitDer oid;
    TlsfitDer value;

    g_array_set_clear_func(facts->extensions, extension_clear);
    while (extension_take(&rest, &oid, &extension.critical, &value)) {
        extension.oid = tlsfit_der_oid_text(oid);
        g_array_append_val(facts->extensions, extension);
        for (guint i = 0; i < G_N_ELEMENTS(readers); i++)
            if (value.data != NULL && strcmp(readers[i].oid, extension.oid) == 0)
                readers[i].read(facts, value);
    }
}

gsize tlsfit_certificate_directory_name_bytes(const TlsfitCertificateParts *parts)
{
    static const guint8 subject_alt_name[] = { 0x55, 0x1D, 0x11 }; /* 2.5.29.17 */
    TlsfitDer rest = parts->extensions;
    TlsfitDer oid;
    TlsfitDer value;
    TlsfitDer names;
    TlsfitDer name;
    gboolean critical;
    guint8 tag;
    gsize bytes = 0;

    while (extension_take(&rest, &oid, &critical, &value)) {
        if (oid.length != sizeof subject_alt_name || memcmp(oid.data, subject_alt_name, sizeof subject_alt_name) != 0 ||
            !tlsfit_der_take(&value, TLSFIT_DER_SEQUENCE, &names, NULL))
            continue;
        while (tlsfit_der_next(&names, &tag, &name, NULL))
            bytes += tag == TLSFIT_DER_CONSTRUCTED(4) ? name.length : 0;
    }
    return bytes;
}
