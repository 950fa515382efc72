/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chain that is known by description as certificates that can be judged: TlsfitChain in, TlsfitCertificate out.
 *
 * They say what the description says: key, signature, size, and who signed whom. They have no bytes and no validity;
 * their names are made up of the description's, so what rests on a real name (anchors) says nothing about them.
 */
#include "certificate.h"

#include <string.h>

static const TlsfitChainLink *link_at(const TlsfitChain *chain, guint index)
{
    return index < chain->links->len ? &g_array_index(chain->links, TlsfitChainLink, index) : NULL;
}

static char *name_of(const TlsfitChain *chain, guint index)
{
    const TlsfitChainLink *link = link_at(chain, index);

    if (link == NULL)
        return g_strdup_printf("CN=issuer of the last certificate of %s", chain->name);
    return g_strdup_printf("CN=%s", link->name != NULL ? link->name : chain->name);
}

static TlsfitCertificate *describe(const TlsfitChain *chain, guint index)
{
    const TlsfitChainLink *link = link_at(chain, index), *issuer = link_at(chain, index + 1);
    TlsfitCertificate *facts = tlsfit_certificate_described();

    facts->readable = TRUE;
    facts->bytes = link->bytes;
    facts->version = 3;
    facts->subject = name_of(chain, index);
    facts->issuer = name_of(chain, index + 1);
    facts->subject_der = g_bytes_new(facts->subject, strlen(facts->subject));
    facts->issuer_der = g_bytes_new(facts->issuer, strlen(facts->issuer));
    facts->spki_sha256 = g_bytes_new(facts->subject, strlen(facts->subject)); /* equal to no hash */
    facts->serial = g_strdup("");
    facts->signature = link->signature;
    facts->signature_oid = g_strdup("");
    facts->signer_bits = issuer != NULL ? issuer->key_bits : 0;
    facts->key_type = link->key_type;
    facts->key_oid = g_strdup("");
    facts->key_bits = link->key_bits;
    facts->curve = link->curve;
    facts->not_before_s = G_MININT64;
    facts->not_after_s = G_MAXINT64;
    facts->is_ca = index > 0;
    facts->path_length = -1;
    return facts;
}

GPtrArray *tlsfit_chain_certificates(const TlsfitChain *chain)
{
    GPtrArray *certificates = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_certificate_unref);

    for (guint i = 0; i < chain->links->len; i++)
        g_ptr_array_add(certificates, describe(chain, i));
    return certificates;
}
