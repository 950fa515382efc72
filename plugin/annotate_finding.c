/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings as items of the tree. See annotate_page.h.
 *
 * In: the findings of a session. Out: on the frames where they belong, a subtree each and the expert info. A finding
 * belongs to the frame of the thing to blame and to the one where it became certain. Its expert info stands on the
 * latter, which one pass and two have alike, so that it is counted once; on the former a second pass marks the node.
 */
#include "annotate_page.h"

#include "extract.h"

static gboolean
stands_here(const Page *page, const TlsfitFinding *finding)
{
    return finding->place.frame == page->pinfo->num;
}

/* Where the end of the capture made it certain there is no frame for that: then it is the frame of the thing. */
static gboolean
certain_here(const Page *page, const TlsfitFinding *finding)
{
    return (finding->known_frame ? finding->known_frame : finding->place.frame) == page->pinfo->num;
}

gboolean
page_shows_finding(const Page *page, const TlsfitFinding *finding)
{
    return stands_here(page, finding) || finding->known_frame == page->pinfo->num;
}

/* One line for the list of expert infos: what does not fit and why. The details are in the subtree. */
static char *
finding_line(const Page *page, const TlsfitFinding *finding)
{
    GString *line = g_string_new(finding->subject);
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    const char *id = device ? tlsfit_device_id(device) : "the device";

    if (finding->observed)
        g_string_append_printf(line, ": %s", finding->observed);
    if (finding->limit) {
        const char *how = finding->status == TLSFIT_CANNOT ? "cannot handle it"
                          : finding->status == TLSFIT_BROKEN ? "offers it and then fails" : "may not handle it";
        g_string_append_printf(line, "; %s %s (%s", id, how, finding->limit);
        if (finding->source)
            g_string_append_printf(line, "; %s", tlsfit_confidence_name(finding->source->confidence));
        g_string_append_c(line, ')');
    }
    if (page->known && page->known->cause == finding)
        g_string_append_printf(line, ". Primary cause of: %s", tlsfit_outcome_name(page->known->outcome));
    return g_string_free(line, FALSE);
}

/* Gives ITEM and what it stands in the colour of an expert info, without one that would be counted. */
static void
colour(proto_item *item, guint severity)
{
    for (; item && PITEM_FINFO(item); item = proto_item_get_parent(item)) {
        field_info *field = PITEM_FINFO(item);
        if (FI_GET_FLAG(field, PI_SEVERITY_MASK) >= severity)
            return;
        field->flags = (field->flags & ~(guint32)(PI_SEVERITY_MASK | PI_GROUP_MASK)) | severity | PI_SECURITY;
    }
}

/* The thing to blame, in a pass that knows of the future: its node says so, and leads to the frame with the expert
 * info. */
static void
mark_node(const Page *page, const TlsfitFinding *finding, proto_item *node, const char *line)
{
    proto_tree *tree = proto_item_get_subtree(node);
    proto_item *item;

    if (!tree)
        tree = proto_item_add_subtree(node, field_tree_part);
    item = proto_tree_add_string_format(tree, field_ids[FIELD_blamed], page->tvb, 0, 0, finding->rule, "TLS Fit: %s",
                                        line);
    proto_item_set_generated(item);
    colour(item, fields_severity(finding->rule, finding->status));
}

/* On Wireshark's own node where the thing to blame stands in this frame; else on the line in our subtree. What cannot
 * be judged has one expert info a handshake, not one each. */
static void
add_expert(const Page *page, const TlsfitFinding *finding, proto_item *own_item)
{
    expert_field *field = fields_expert(finding->rule, finding->status);
    g_autofree char *line = finding_line(page, finding);
    proto_item *node = NULL;

    if (page->root && stands_here(page, finding))
        node = extract_find(page->root, finding->place);
    colour(own_item, fields_severity(finding->rule, finding->status));
    if (certain_here(page, finding) && field)
        expert_add_info_format(page->pinfo, node ? node : own_item, field, "%s", line);
    else if (node)
        mark_node(page, finding, node, line);
}

gboolean
page_has_expert(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status != TLSFIT_UNKNOWN && certain_here(page, finding))
            return TRUE;
    }
    return FALSE;
}

void
page_add_experts(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status != TLSFIT_UNKNOWN && certain_here(page, finding))
            add_expert(page, finding, page->item);
    }
}

static void
add_source(const Page *page, proto_tree *tree, const TlsfitSource *source)
{
    if (!source)
        return;
    page_add_text(page, tree, FIELD_confidence, tlsfit_confidence_name(source->confidence));
    g_autofree char *text = source->what ? g_strdup_printf("%s: %s", source->where, source->what) : NULL;
    page_add_text(page, tree, FIELD_source, text ? text : source->where);
}

static void
add_finding(const Page *page, const TlsfitFinding *finding)
{
    const char *status = tlsfit_status_name(finding->status);
    const gboolean primary = page->known && page->known->cause == finding;
    proto_item *item = proto_tree_add_none_format(page->tree, field_ids[FIELD_finding], page->tvb, 0, 0,
                                                  "%s, %s: %s: %s", primary ? "Primary cause" : "Finding", status,
                                                  finding->subject,
                                                  finding->observed ? finding->observed : finding->rule);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_finding);

    proto_item_set_generated(item);
    page_add_text(page, tree, FIELD_rule, finding->rule);
    page_add_text(page, tree, FIELD_finding_status, status);
    page_add_text(page, tree, FIELD_subject, finding->subject);
    if (finding->cert_index >= 0)
        page_add_number(page, tree, FIELD_cert_index, (guint32)finding->cert_index);
    page_add_link(page, tree, FIELD_finding_frame, finding->place.frame);
    page_add_link(page, tree, FIELD_finding_known_frame, finding->known_frame);
    page_add_text(page, tree, FIELD_observed, finding->observed);
    page_add_text(page, tree, FIELD_limit, finding->limit);
    add_source(page, tree, finding->source);
    page_add_text(page, tree, FIELD_why, finding->why);
    page_add_text(page, tree, FIELD_fix_server, tlsfit_finding_fix_server(finding));
    page_add_text(page, tree, FIELD_fix_device, finding->fix_device);
    page_add_text(page, tree, FIELD_spec, finding->spec);
    page_add_text(page, tree, FIELD_excluded, finding->excluded);
    add_expert(page, finding, item);
}

void
page_add_findings(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    const TlsfitFinding *cause = page->known ? page->known->cause : NULL;

    if (cause && page_shows_finding(page, cause))
        add_finding(page, cause);
    for (TlsfitStatus status = TLSFIT_CANNOT; status > TLSFIT_UNKNOWN; status--) {
        for (guint i = 0; i < findings->len; i++) {
            const TlsfitFinding *finding = g_ptr_array_index(findings, i);
            if (finding->status == status && finding != cause && page_shows_finding(page, finding))
                add_finding(page, finding);
        }
    }
}
