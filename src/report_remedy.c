/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A remedy as JSON. See report_remedy.h.
 */
#include "report_remedy.h"

#include "remedy.h"
#include "tlsfit_json.h"

static void add_codes(JsonBuilder *builder, const char *key, TlsfitNameKind kind, const GArray *codes)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
    for (guint i = 0; i < codes->len; i++) {
        g_autofree char *name = tlsfit_name_or_number(kind, g_array_index(codes, guint16, i));

        json_builder_add_string_value(builder, name);
    }
    json_builder_end_array(builder);
}

static void add_key(JsonBuilder *builder, const char *name, const TlsfitKeyShape *key)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "type", tlsfit_name(TLSFIT_NAME_KEY_TYPE, key->type));
    if (key->type == TLSFIT_KEY_EC) {
        g_autofree char *curve = tlsfit_name_or_number(TLSFIT_NAME_GROUP, key->curve);

        tlsfit_json_string(builder, "curve", curve);
    } else if (key->type == TLSFIT_KEY_RSA) {
        tlsfit_json_count(builder, "bits", key->bits);
    }
    json_builder_end_object(builder);
}

static void add_chain(JsonBuilder *builder, const TlsfitRemedy *remedy)
{
    const TlsfitChainShape *chain = &remedy->chain;

    json_builder_set_member_name(builder, "fix_chain");
    json_builder_begin_object(builder);
    tlsfit_json_yes(builder, "needed", (remedy->parts & TLSFIT_PART_CHAIN) != 0);
    add_key(builder, "end_entity", &chain->end_entity);
    add_key(builder, "ca", &chain->ca);
    tlsfit_json_string(builder, "signature", tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, chain->signature));
    tlsfit_json_count(builder, "certificates", chain->certificates);
    tlsfit_json_count(builder, "certificates_max", chain->certificates_max);
    tlsfit_json_count(builder, "certificate_bytes_max", chain->certificate_bytes_max);
    tlsfit_json_count(builder, "message_bytes_max", chain->message_bytes_max);
    json_builder_end_object(builder);
}

static void add_offer(JsonBuilder *builder, const TlsfitRemedy *remedy)
{
    const TlsfitPlan *plan = &remedy->plan;

    json_builder_set_member_name(builder, "fix_offer");
    json_builder_begin_object(builder);
    add_codes(builder, "versions", TLSFIT_NAME_VERSION, plan->versions);
    add_codes(builder, "cipher_suites", TLSFIT_NAME_CIPHER_SUITE, plan->suites);
    add_codes(builder, "groups", TLSFIT_NAME_GROUP, plan->groups);
    add_codes(builder, "signature_schemes", TLSFIT_NAME_SIGNATURE_SCHEME, plan->schemes);
    tlsfit_json_count(builder, "fragment_bytes", remedy->fragment_bytes);
    json_builder_end_object(builder);
}

void tlsfit_report_remedy(JsonBuilder *builder, const TlsfitSession *session)
{
    const TlsfitRemedy *remedy = tlsfit_session_remedy(session);

    if (remedy == NULL || remedy->parts == 0) {
        return;
    }
    json_builder_set_member_name(builder, "fix_config");
    json_builder_begin_object(builder);
    for (guint i = 0; i < tlsfit_fix_server_count(); i++) {
        g_autofree char *text = tlsfit_session_fix_config(session, i);

        if (text != NULL) {
            tlsfit_json_string(builder, tlsfit_fix_server_id(i), text);
        }
    }
    json_builder_end_object(builder);
    add_offer(builder, remedy);
    add_chain(builder, remedy);
}
