/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake as one JSON object. In: a judged session. Out: a line of JSON (doc/json.md). Leaves out what is not
 * known instead of writing null, so that a key that is there always has a value.
 */
#include "report_remedy.h"
#include "report_sizes.h"
#include "session.h"
#include "tlsfit_json.h"

static const char *side_name(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? "client" : "server";
}

static void add_finding(JsonBuilder *builder, const TlsfitFinding *finding)
{
    json_builder_begin_object(builder);
    tlsfit_json_string(builder, "rule", finding->rule);
    tlsfit_json_string(builder, "status", tlsfit_status_name(finding->status));
    tlsfit_json_string(builder, "subject", finding->subject);
    if (finding->cert_index >= 0) {
        tlsfit_json_number(builder, "cert_index", finding->cert_index);
    }
    tlsfit_json_number(builder, "frame", finding->place.frame);
    tlsfit_json_number(builder, "known_frame", finding->known_frame);
    tlsfit_json_string(builder, "observed", finding->observed);
    tlsfit_json_string(builder, "limit", finding->limit);
    if (finding->source != NULL) {
        tlsfit_json_string(builder, "confidence", tlsfit_confidence_name(finding->source->confidence));
        tlsfit_json_string(builder, "source", finding->source->where);
    }
    tlsfit_json_string(builder, "fix_server", tlsfit_finding_fix_server(finding));
    tlsfit_json_string(builder, "fix_device", finding->fix_device);
    tlsfit_json_string(builder, "spec", finding->spec);
    tlsfit_json_string(builder, "excluded", finding->excluded);
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
        tlsfit_json_string(builder, "rule", finding->rule);
        tlsfit_json_string(builder, "subject", finding->subject);
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
        tlsfit_json_string(builder, "code", code->code);
        tlsfit_json_string(builder, "text", code->text);
        tlsfit_json_string(builder, "confidence", tlsfit_confidence_name(code->seen_source->confidence));
        tlsfit_json_string(builder, "source", code->seen_source->where);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

/* The TTL of a reset or a FIN against the earlier packets in the same name, and what came after it. */
static void add_origin(JsonBuilder *builder, const TlsfitDiagnosis *diagnosis)
{
    const TlsfitOrigin *origin = &diagnosis->origin;

    if ((origin->ttl == 0 || origin->lowest_ttl == 0) && origin->went_on_frame == 0) {
        return;
    }
    json_builder_set_member_name(builder, "outcome_origin");
    json_builder_begin_object(builder);
    tlsfit_json_count(builder, "ttl", origin->ttl);
    tlsfit_json_count(builder, "usual_ttl_min", origin->lowest_ttl);
    tlsfit_json_count(builder, "usual_ttl_max", origin->highest_ttl);
    tlsfit_json_count(builder, "went_on_frame", origin->went_on_frame);
    tlsfit_json_yes(builder, "between", diagnosis->from_between);
    json_builder_end_object(builder);
}

static void add_diagnosis(JsonBuilder *builder, const TlsfitDiagnosis *diagnosis)
{
    tlsfit_json_string(builder, "outcome", tlsfit_outcome_name(diagnosis->outcome));
    tlsfit_json_number(builder, "outcome_frame", diagnosis->place.frame);
    tlsfit_json_count(builder, "outcome_known_frame", diagnosis->known_frame);
    if (diagnosis->has_side) {
        tlsfit_json_string(builder, "outcome_side", side_name(diagnosis->side));
    }
    add_origin(builder, diagnosis);
    if (diagnosis->alert >= 0) {
        tlsfit_json_number(builder, "alert", diagnosis->alert);
        tlsfit_json_string(builder, "alert_name", tlsfit_name(TLSFIT_NAME_ALERT, (guint)diagnosis->alert));
        tlsfit_json_yes(builder, "alert_fits", diagnosis->alert_fits);
    }
    if (diagnosis->cause != NULL) {
        tlsfit_json_string(builder, "cause", diagnosis->cause->rule);
        tlsfit_json_number(builder, "cause_frame", diagnosis->cause->place.frame);
        if (diagnosis->cause->cert_index >= 0) {
            tlsfit_json_number(builder, "cause_cert_index", diagnosis->cause->cert_index);
        }
    }
    if (diagnosis->candidates->len > 0) {
        add_candidates(builder, diagnosis->candidates);
    }
    if (diagnosis->device_codes->len > 0) {
        add_device_codes(builder, diagnosis->device_codes);
    }
    tlsfit_json_string(builder, "text", diagnosis->text);
}

static void add_negotiated(JsonBuilder *builder, const TlsfitSession *session)
{
    const guint version = tlsfit_session_version(session);
    const guint suite = tlsfit_session_suite(session);

    if (version != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_VERSION, version);

        tlsfit_json_string(builder, "version", name);
    }
    if (suite != 0) {
        g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_CIPHER_SUITE, suite);

        tlsfit_json_string(builder, "cipher_suite", name);
    }
}

char *tlsfit_report_json(const TlsfitSession *session)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    g_autofree char *unknowns = tlsfit_session_unknowns(session);

    json_builder_begin_object(builder);
    tlsfit_json_number(builder, "stream", session->stream);
    if (session->device != NULL) {
        tlsfit_json_string(builder, "device", tlsfit_device_id(session->device));
        tlsfit_json_string(builder, "device_source", session->device_source);
        tlsfit_json_string(builder, "role", side_name(session->device_side));
    }
    add_negotiated(builder, session);
    tlsfit_json_string(builder, "status", tlsfit_status_name(tlsfit_session_status(session)));
    if (session->diagnosis != NULL) {
        add_diagnosis(builder, session->diagnosis);
    } else {
        tlsfit_json_string(builder, "outcome", tlsfit_outcome_name(TLSFIT_OUTCOME_OPEN));
    }
    add_findings(builder, "findings", session->findings);
    tlsfit_report_sizes(builder, session);
    tlsfit_report_remedy(builder, session);
    tlsfit_json_string(builder, "unknown", unknowns);
    json_builder_end_object(builder);
    return tlsfit_json_line(builder);
}
