/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake as one JSON object. In: a judged session. Out: a line of JSON (doc/json.md). Leaves out what is not
 * known instead of writing null, so that a key that is there always has a value.
 */
#include "report_remedy.h"
#include "report_sizes.h"
#include "session.h"

#include <json-glib/json-glib.h>

static void add_string(JsonBuilder *builder, const char *key, const char *value)
{
    if (value != NULL) {
        json_builder_set_member_name(builder, key);
        json_builder_add_string_value(builder, value);
    }
}

static void add_number(JsonBuilder *builder, const char *key, gint64 value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_int_value(builder, value);
}

static const char *side_name(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? "client" : "server";
}

static void add_finding(JsonBuilder *builder, const TlsfitFinding *finding)
{
    json_builder_begin_object(builder);
    add_string(builder, "rule", finding->rule);
    add_string(builder, "status", tlsfit_status_name(finding->status));
    add_string(builder, "subject", finding->subject);
    if (finding->cert_index >= 0) {
        add_number(builder, "cert_index", finding->cert_index);
    }
    add_number(builder, "frame", finding->place.frame);
    add_number(builder, "known_frame", finding->known_frame);
    add_string(builder, "observed", finding->observed);
    add_string(builder, "limit", finding->limit);
    if (finding->source != NULL) {
        add_string(builder, "confidence", tlsfit_confidence_name(finding->source->confidence));
        add_string(builder, "source", finding->source->where);
    }
    add_string(builder, "fix_server", tlsfit_finding_fix_server(finding));
    add_string(builder, "fix_device", finding->fix_device);
    add_string(builder, "spec", finding->spec);
    add_string(builder, "excluded", finding->excluded);
    json_builder_end_object(builder);
}

static void add_findings(JsonBuilder *builder, const char *key, const GPtrArray *findings)
{
    json_builder_set_member_name(builder, key);
    json_builder_begin_array(builder);
    for (guint i = 0; i < findings->len; i++) {
        add_finding(builder, g_ptr_array_index(findings, i));
    }
    json_builder_end_array(builder);
}

static void add_candidates(JsonBuilder *builder, const GPtrArray *candidates)
{
    json_builder_set_member_name(builder, "candidates");
    json_builder_begin_array(builder);
    for (guint i = 0; i < candidates->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(candidates, i);

        json_builder_begin_object(builder);
        add_string(builder, "rule", finding->rule);
        add_string(builder, "subject", finding->subject);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

static void add_device_codes(JsonBuilder *builder, const GPtrArray *codes)
{
    json_builder_set_member_name(builder, "device_codes");
    json_builder_begin_array(builder);
    for (guint i = 0; i < codes->len; i++) {
        const TlsfitDeviceCode *code = g_ptr_array_index(codes, i);

        json_builder_begin_object(builder);
        add_string(builder, "code", code->code);
        add_string(builder, "text", code->text);
        add_string(builder, "confidence", tlsfit_confidence_name(code->seen_source->confidence));
        add_string(builder, "source", code->seen_source->where);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

/* The TTL of a reset or a FIN against the earlier packets in the same name. */
static void add_origin(JsonBuilder *builder, const TlsfitDiagnosis *diagnosis)
{
    const TlsfitOrigin *origin = &diagnosis->origin;

    if (origin->ttl == 0 || origin->lowest_ttl == 0) {
        return;
    }
    json_builder_set_member_name(builder, "outcome_origin");
    json_builder_begin_object(builder);
    add_number(builder, "ttl", origin->ttl);
    add_number(builder, "usual_ttl_min", origin->lowest_ttl);
    add_number(builder, "usual_ttl_max", origin->highest_ttl);
    json_builder_set_member_name(builder, "between");
    json_builder_add_boolean_value(builder, diagnosis->from_between);
    json_builder_end_object(builder);
}

static void add_diagnosis(JsonBuilder *builder, const TlsfitDiagnosis *diagnosis)
{
    add_string(builder, "outcome", tlsfit_outcome_name(diagnosis->outcome));
    add_number(builder, "outcome_frame", diagnosis->place.frame);
    if (diagnosis->known_frame != 0) {
        add_number(builder, "outcome_known_frame", diagnosis->known_frame);
    }
    if (diagnosis->has_side) {
        add_string(builder, "outcome_side", side_name(diagnosis->side));
    }
    add_origin(builder, diagnosis);
    if (diagnosis->alert >= 0) {
        add_number(builder, "alert", diagnosis->alert);
        add_string(builder, "alert_name", tlsfit_name(TLSFIT_NAME_ALERT, (guint)diagnosis->alert));
        json_builder_set_member_name(builder, "alert_fits");
        json_builder_add_boolean_value(builder, diagnosis->alert_fits);
    }
    if (diagnosis->cause != NULL) {
        add_string(builder, "cause", diagnosis->cause->rule);
        add_number(builder, "cause_frame", diagnosis->cause->place.frame);
        if (diagnosis->cause->cert_index >= 0) {
            add_number(builder, "cause_cert_index", diagnosis->cause->cert_index);
        }
    }
    if (diagnosis->candidates->len > 0) {
        add_candidates(builder, diagnosis->candidates);
    }
    if (diagnosis->device_codes->len > 0) {
        add_device_codes(builder, diagnosis->device_codes);
    }
    add_string(builder, "text", diagnosis->text);
}

static void add_negotiated(JsonBuilder *builder, const TlsfitSession *session)
{
    const guint version = tlsfit_session_version(session);
    const guint suite = tlsfit_session_suite(session);

    if (version != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_VERSION, version);

        add_string(builder, "version", name);
    }
    if (suite != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, suite);

        add_string(builder, "cipher_suite", name);
    }
}

char *tlsfit_report_json(const TlsfitSession *session)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autofree char *unknowns = tlsfit_session_unknowns(session);
    JsonNode *root;
    char *text;

    json_builder_begin_object(builder);
    add_number(builder, "stream", session->stream);
    if (session->device != NULL) {
        add_string(builder, "device", tlsfit_device_id(session->device));
        add_string(builder, "device_source", session->device_source);
        add_string(builder, "role", side_name(session->device_side));
    }
    add_negotiated(builder, session);
    add_string(builder, "status", tlsfit_status_name(tlsfit_session_status(session)));
    if (session->diagnosis != NULL) {
        add_diagnosis(builder, session->diagnosis);
    } else {
        add_string(builder, "outcome", tlsfit_outcome_name(TLSFIT_OUTCOME_OPEN));
    }
    add_findings(builder, "findings", session->findings);
    tlsfit_report_sizes(builder, session);
    tlsfit_report_remedy(builder, session);
    add_string(builder, "unknown", unknowns);
    json_builder_end_object(builder);
    root = json_builder_get_root(builder);
    json_generator_set_root(generator, root);
    text = json_generator_to_data(generator, NULL);
    json_node_unref(root);
    return text;
}
