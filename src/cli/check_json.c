/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit check --json`: one object (doc/schema/check.schema.json). See check.h. In: what was judged. Out: text. The
 * findings and the sizes are those of doc/json.md.
 */
#include "check.h"

#include "tlsfit_json.h"

static void add_name(JsonBuilder *builder, const char *key, TlsfitNameKind kind, guint value)
{
    g_autofree char *name = value != 0 ? tlsfit_name_or_number(kind, value) : NULL;

    tlsfit_json_string(builder, key, name);
}

static void add_date(JsonBuilder *builder, const char *key, gint64 seconds)
{
    g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *text = date != NULL ? g_date_time_format(date, "%FT%TZ") : NULL;

    tlsfit_json_string(builder, key, text);
}

static void add_certificate(JsonBuilder *builder, const TlsfitCertificate *certificate, guint index, gboolean described)
{
    json_builder_begin_object(builder);
    tlsfit_json_number(builder, "cert_index", index);
    if (certificate->bytes > 0) {
        tlsfit_json_number(builder, "bytes", certificate->bytes);
    }
    tlsfit_json_string(builder, "error", certificate->error);
    if (certificate->readable) {
        tlsfit_json_string(builder, "subject", certificate->subject);
        tlsfit_json_string(builder, "issuer", certificate->issuer);
        add_name(builder, "key_type", TLSFIT_NAME_KEY_TYPE, certificate->key_type);
        if (certificate->key_bits > 0) {
            tlsfit_json_number(builder, "key_bits", certificate->key_bits);
        }
        add_name(builder, "curve", TLSFIT_NAME_GROUP, certificate->curve);
        add_name(builder, "signature", TLSFIT_NAME_CERT_SIGNATURE, certificate->signature);
        if (!described) {
            add_date(builder, "not_before", certificate->not_before_s);
            add_date(builder, "not_after", certificate->not_after_s);
        }
    }
    json_builder_end_object(builder);
}

static void add_chain(JsonBuilder *builder, const TlsfitChainInput *chain)
{
    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "name", chain->name);
    tlsfit_json_string(builder, "kind", chain->described ? "described" : "file");
    json_builder_set_member_name(builder, "certificates");
    json_builder_begin_array(builder);
    for (guint i = 0; i < chain->certificates->len; i++) {
        add_certificate(builder, g_ptr_array_index(chain->certificates, i), i, chain->described);
    }
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "notes");
    json_builder_begin_array(builder);
    for (guint i = 0; i < chain->notes->len; i++) {
        json_builder_add_string_value(builder, g_ptr_array_index(chain->notes, i));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

/* A member of the session's own report, as it is there. */
static void add_member(JsonBuilder *builder, JsonObject *report, const char *key)
{
    if (json_object_has_member(report, key)) {
        json_builder_set_member_name(builder, key);
        json_builder_add_value(builder, json_object_dup_member(report, key));
    }
}

static void add_result(JsonBuilder *builder, const TlsfitChecked *checked)
{
    g_autofree char *text = tlsfit_report_json(checked->session);
    g_autoptr(JsonNode) node = json_from_string(text, NULL);
    JsonObject *report = json_node_get_object(node);
    const TlsfitFinding *reason = checked->reason;

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "chain", checked->chain->name);
    tlsfit_json_string(builder, "device", tlsfit_device_id(checked->device));
    tlsfit_json_string(builder, "device_name", tlsfit_device_name(checked->device));
    add_member(builder, report, "role");
    tlsfit_json_string(builder, "status", tlsfit_status_name(checked->status));
    if (reason != NULL) {
        g_autofree char *line = tlsfit_finding_line(reason);

        tlsfit_json_string(builder, "rule", reason->rule);
        tlsfit_json_string(builder, "subject", reason->subject);
        if (reason->cert_index >= 0) {
            tlsfit_json_number(builder, "cert_index", reason->cert_index);
        }
        tlsfit_json_string(builder, "reason", line);
        tlsfit_json_string(builder, "fix_server", tlsfit_finding_fix_server(reason));
        tlsfit_json_string(builder, "fix_device", reason->fix_device);
    }
    add_member(builder, report, "unknown");
    add_member(builder, report, "findings");
    add_member(builder, report, "sizes");
    json_builder_end_object(builder);
}

static void add_assumed(JsonBuilder *builder, const TlsfitAssumed *assumed)
{
    json_builder_set_member_name(builder, "assumed");
    json_builder_begin_object(builder);
    add_name(builder, "version", TLSFIT_NAME_VERSION, assumed->version);
    add_name(builder, "cipher_suite", TLSFIT_NAME_CIPHER_SUITE, assumed->suite);
    json_builder_end_object(builder);
}

void tlsfit_check_json(GString *out, const GPtrArray *chains, const GPtrArray *checked, const TlsfitAssumed *assumed,
                       int exit_status)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();

    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "tlsfit", TLSFIT_VERSION);
    tlsfit_json_string(builder, "status", tlsfit_status_name(tlsfit_dry_worst(checked)));
    tlsfit_json_number(builder, "exit_status", exit_status);
    add_date(builder, "as_of", g_get_real_time() / G_USEC_PER_SEC);
    add_assumed(builder, assumed);
    json_builder_set_member_name(builder, "chains");
    json_builder_begin_array(builder);
    for (guint i = 0; i < chains->len; i++) {
        add_chain(builder, g_ptr_array_index(chains, i));
    }
    json_builder_end_array(builder);
    json_builder_set_member_name(builder, "results");
    json_builder_begin_array(builder);
    for (guint i = 0; i < checked->len; i++) {
        add_result(builder, g_ptr_array_index(checked, i));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    tlsfit_json_append(out, builder);
}
