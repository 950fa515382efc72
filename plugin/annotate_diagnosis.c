/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The diagnosis of a handshake as items of the tree, and what could not be judged. See annotate_page.h.
 *
 * In: a diagnosis. Out: how the handshake ended, why, what to change, and the links between the frames of the cause,
 * of the end and of the diagnosis.
 */
#include "annotate_page.h"

#include "lines.h"

static void
add_cause(const Page *page, proto_tree *tree)
{
    const TlsfitFinding *cause = page->diagnosis->cause;
    const GPtrArray *candidates = page->diagnosis->candidates;

    if (cause) {
        page_add_text(page, tree, FIELD_cause, cause->rule);
        if (cause->cert_index >= 0)
            page_add_number(page, tree, FIELD_cause_cert_index, (guint32)cause->cert_index);
        if (cause->place.frame > 0)
            page_add_number(page, tree, FIELD_cause_frame, cause->place.frame);
    }
    for (guint i = 0; candidates && i < candidates->len; i++) {
        const TlsfitFinding *candidate = g_ptr_array_index(candidates, i);
        g_autofree char *text = g_strdup_printf("%s: %s", candidate->rule, candidate->subject);
        page_add_text(page, tree, FIELD_candidate, text);
    }
}

static void
add_device_codes(const Page *page, proto_tree *tree)
{
    const GPtrArray *codes = page->diagnosis->device_codes;

    for (guint i = 0; i < codes->len; i++) {
        const TlsfitDeviceCode *code = g_ptr_array_index(codes, i);
        g_autofree char *text = g_strdup_printf("%s: %s (%s)", code->code, code->text,
                                                tlsfit_confidence_name(code->seen_source->confidence));
        page_add_text(page, tree, FIELD_device_code, text);
    }
}

void
page_add_diagnosis(const Page *page)
{
    const TlsfitDiagnosis *diagnosis = page->diagnosis;
    const TlsfitMessage *hello = tlsfit_session_client_hello(page->session);
    proto_item *item = page_add_text(page, page->tree, FIELD_diagnosis, diagnosis->text);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);

    page_add_text(page, tree, FIELD_outcome, tlsfit_outcome_name(diagnosis->outcome));
    page_add_link(page, tree, FIELD_outcome_frame, diagnosis->place.frame);
    add_cause(page, tree);
    add_device_codes(page, tree);
    page_add_link(page, tree, FIELD_diagnosis_frame, diagnosis->known_frame);
    page_add_link(page, tree, FIELD_hello_frame, hello ? hello->place.frame : 0);
    lines_add_fix(tree, page->tvb, page->session);
}

gboolean
page_tells_unknowns(const Page *page)
{
    const TlsfitDiagnosis *diagnosis = page->diagnosis;

    if (!diagnosis || diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED)
        return FALSE;
    return diagnosis->known_frame == page->pinfo->num ||
           (diagnosis->known_frame == 0 && diagnosis->place.frame == page->pinfo->num);
}

static void
add_unknown(const Page *page, proto_tree *parent, const TlsfitFinding *finding)
{
    proto_item *item = proto_tree_add_none_format(parent, field_ids[FIELD_finding], page->tvb, 0, 0, "%s: %s: %s",
                                                  finding->rule, finding->subject,
                                                  finding->observed ? finding->observed : "nothing is known");
    proto_tree *tree = proto_item_add_subtree(item, field_tree_finding);

    proto_item_set_generated(item);
    page_add_text(page, tree, FIELD_rule, finding->rule);
    page_add_text(page, tree, FIELD_finding_status, tlsfit_status_name(finding->status));
    page_add_text(page, tree, FIELD_subject, finding->subject);
    page_add_link(page, tree, FIELD_finding_frame, finding->place.frame);
    page_add_text(page, tree, FIELD_observed, finding->observed);
}

void
page_add_unknowns(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    g_autofree char *text = page_tells_unknowns(page) ? tlsfit_session_unknowns(page->session) : NULL;
    const char *first = NULL;

    if (!text)
        return;
    proto_item *item = page_add_text(page, page->tree, FIELD_not_judged, text);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status != TLSFIT_UNKNOWN)
            continue;
        first = first ? first : finding->rule;
        if (page->tree)
            add_unknown(page, tree, finding);
    }
    expert_field *field = fields_expert(first, TLSFIT_UNKNOWN);
    if (field)
        expert_add_info_format(page->pinfo, item ? item : page->item, field,
                               "Not judged, nothing is known of the device or the capture lacks it: %s", text);
}
