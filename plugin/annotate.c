/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLS Fit subtree and the expert infos of one frame. See annotate.h.
 *
 * In: a session that has been judged. Out: tree items. What of it belongs to the frame is decided here: a finding on
 * the frame of the thing to blame and on the one where it became certain; the diagnosis on the frame where it became
 * certain, and in a later pass on the frame of the cause.
 */
#include "annotate.h"

#include "extract.h"
#include "fields.h"
#include "lines.h"

#include <string.h>

/* One frame that is being annotated. */
typedef struct {
    proto_tree            *root;    /* NULL where only expert infos are asked for (tshark -2 -q -z expert) */
    proto_tree            *tree;    /* of TLS Fit */
    proto_item            *item;
    tvbuff_t              *tvb;
    packet_info           *pinfo;
    const TlsfitSession   *session;
    const TlsfitDiagnosis *diagnosis; /* NULL where the frame does not show it */
    const TlsfitDiagnosis *known;     /* the same, or where it may be mentioned only */
} Page;

static proto_item *
add_text(const Page *page, proto_tree *tree, FieldId field, const char *text)
{
    proto_item *item;

    if (!text)
        return NULL;
    if (strlen(text) <= LINE_BYTES) {
        item = proto_tree_add_string(tree, field_ids[field], page->tvb, 0, 0, text);
    } else {
        const gsize length = lines_first(text);

        item = proto_tree_add_string_format(tree, field_ids[field], page->tvb, 0, 0, text, "%s: %.*s ...",
                                            proto_registrar_get_nth((guint)field_ids[field])->name, (int)length, text);
        lines_add(proto_item_add_subtree(item, field_tree_text), page->tvb, text + length + strspn(text + length, " "));
    }
    proto_item_set_generated(item);
    return item;
}

static void
add_number(const Page *page, proto_tree *tree, FieldId field, guint32 number)
{
    proto_item *item = proto_tree_add_uint(tree, field_ids[field], page->tvb, 0, 0, number);

    proto_item_set_generated(item);
}

static gboolean
stands_here(const Page *page, const TlsfitFinding *finding)
{
    return finding->place.frame == page->pinfo->num;
}

static gboolean
shows_finding(const Page *page, const TlsfitFinding *finding)
{
    return stands_here(page, finding) || finding->known_frame == page->pinfo->num;
}

static gboolean
shows_diagnosis(const TlsfitDiagnosis *diagnosis, guint32 frame, gboolean visited)
{
    if (!diagnosis)
        return FALSE;
    if (diagnosis->known_frame == frame)
        return TRUE;
    if (!visited)
        return FALSE;
    if (diagnosis->cause && diagnosis->cause->place.frame == frame)
        return TRUE;
    return diagnosis->known_frame == 0 && diagnosis->place.frame == frame;
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

static void
add_expert(const Page *page, proto_item *item, const char *rule, TlsfitStatus status, const char *text)
{
    expert_field *field = fields_expert(rule, status);

    if (field)
        expert_add_info_format(page->pinfo, item, field, "%s", text);
}

/* On Wireshark's own node where the thing to blame stands in this frame; else on the line in our subtree. What cannot
 * be judged has one expert info a handshake, not one each. */
static void
add_finding_expert(const Page *page, const TlsfitFinding *finding, proto_item *own_item, const char *line)
{
    proto_item *item = NULL;

    if (finding->status == TLSFIT_UNKNOWN)
        return;
    if (page->root && stands_here(page, finding))
        item = extract_find(page->root, finding->place);
    add_expert(page, item ? item : own_item, finding->rule, finding->status, line);
}

static void
add_source(const Page *page, proto_tree *tree, const TlsfitSource *source)
{
    if (!source)
        return;
    add_text(page, tree, FIELD_confidence, tlsfit_confidence_name(source->confidence));
    g_autofree char *text = source->what ? g_strdup_printf("%s: %s", source->where, source->what) : NULL;
    add_text(page, tree, FIELD_source, text ? text : source->where);
}

static void
add_finding(const Page *page, const TlsfitFinding *finding)
{
    const char *status = tlsfit_status_name(finding->status);
    g_autofree char *line = finding_line(page, finding);
    const gboolean primary = page->known && page->known->cause == finding;
    proto_item *item = proto_tree_add_none_format(page->tree, field_ids[FIELD_finding], page->tvb, 0, 0,
                                                  "%s, %s: %s: %s", primary ? "Primary cause" : "Finding", status,
                                                  finding->subject,
                                                  finding->observed ? finding->observed : finding->rule);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_finding);

    proto_item_set_generated(item);
    add_text(page, tree, FIELD_rule, finding->rule);
    add_text(page, tree, FIELD_finding_status, status);
    add_text(page, tree, FIELD_subject, finding->subject);
    if (finding->cert_index >= 0)
        add_number(page, tree, FIELD_cert_index, (guint32)finding->cert_index);
    if (finding->place.frame > 0 && !stands_here(page, finding))
        add_number(page, tree, FIELD_finding_frame, finding->place.frame);
    add_text(page, tree, FIELD_observed, finding->observed);
    add_text(page, tree, FIELD_limit, finding->limit);
    add_source(page, tree, finding->source);
    add_text(page, tree, FIELD_why, finding->why);
    add_text(page, tree, FIELD_fix_server, finding->fix_server);
    add_text(page, tree, FIELD_fix_device, finding->fix_device);
    add_text(page, tree, FIELD_spec, finding->spec);
    add_text(page, tree, FIELD_excluded, finding->excluded);
    add_finding_expert(page, finding, item, line);
}

static void
add_cause(const Page *page, proto_tree *tree)
{
    const TlsfitFinding *cause = page->diagnosis->cause;
    const GPtrArray *candidates = page->diagnosis->candidates;

    if (cause) {
        add_text(page, tree, FIELD_cause, cause->rule);
        if (cause->cert_index >= 0)
            add_number(page, tree, FIELD_cause_cert_index, (guint32)cause->cert_index);
        if (cause->place.frame > 0)
            add_number(page, tree, FIELD_cause_frame, cause->place.frame);
    }
    for (guint i = 0; candidates && i < candidates->len; i++) {
        const TlsfitFinding *candidate = g_ptr_array_index(candidates, i);
        g_autofree char *text = g_strdup_printf("%s: %s", candidate->rule, candidate->subject);
        add_text(page, tree, FIELD_candidate, text);
    }
}

static void
add_diagnosis(const Page *page)
{
    const TlsfitDiagnosis *diagnosis = page->diagnosis;
    proto_item *item = add_text(page, page->tree, FIELD_diagnosis, diagnosis->text);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);

    add_text(page, tree, FIELD_outcome, tlsfit_outcome_name(diagnosis->outcome));
    if (diagnosis->place.frame > 0 && diagnosis->place.frame != page->pinfo->num)
        add_number(page, tree, FIELD_outcome_frame, diagnosis->place.frame);
    add_cause(page, tree);
    lines_add_fix(tree, page->tvb, page->session);
}

/* Does this frame tell what could not be judged? Once a handshake: where it becomes certain that it failed. */
static gboolean
tells_unknowns(const Page *page)
{
    const TlsfitDiagnosis *diagnosis = page->diagnosis;

    if (!diagnosis || diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED)
        return FALSE;
    return diagnosis->known_frame == page->pinfo->num ||
           (diagnosis->known_frame == 0 && diagnosis->place.frame == page->pinfo->num);
}

/* The one Note of a handshake that did not complete, and below it what it sums up. */
static void
add_unknowns(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    g_autofree char *text = tells_unknowns(page) ? tlsfit_session_unknowns(page->session) : NULL;
    const char *first = NULL;

    if (!text)
        return;
    proto_item *item = add_text(page, page->tree, FIELD_not_judged, text);
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status != TLSFIT_UNKNOWN)
            continue;
        first = first ? first : finding->rule;
        add_text(page, tree, FIELD_rule, finding->rule);
        add_text(page, tree, FIELD_finding_status, tlsfit_status_name(finding->status));
        add_text(page, tree, FIELD_subject, finding->subject);
        add_text(page, tree, FIELD_observed, finding->observed);
    }
    g_autofree char *note = g_strdup_printf("Not judged, nothing is known of the device or the capture lacks it: %s", text);
    add_expert(page, item, first, TLSFIT_UNKNOWN, note);
}

static void
add_device(const Page *page, TlsfitStatus status, const char *complaint)
{
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    proto_item *item = add_text(page, page->tree, FIELD_device, device ? tlsfit_device_id(device) : "advertised");
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);

    if (device)
        add_text(page, tree, FIELD_device_name, tlsfit_device_name(device));
    add_text(page, tree, FIELD_device_source, tlsfit_session_device_source(page->session));
    add_text(page, tree, FIELD_role, tlsfit_session_device_side(page->session) == TLSFIT_CLIENT ? "client" : "server");
    add_text(page, page->tree, FIELD_complaint, complaint);
    add_text(page, page->tree, FIELD_status, tlsfit_status_name(status));
    add_number(page, page->tree, FIELD_stream, tlsfit_session_stream(page->session));
}

/* What people read before they open the subtree. */
static char *
summary_line(const Page *page, const TlsfitFinding *worst)
{
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    const TlsfitFinding *cause = page->diagnosis ? page->diagnosis->cause : NULL;
    GString *line = g_string_new("TLS Fit");

    if (device)
        g_string_append_printf(line, ", %s", tlsfit_device_id(device));
    if (page->diagnosis)
        g_string_append_printf(line, ": %s", tlsfit_outcome_name(page->diagnosis->outcome));
    if (cause)
        g_string_append_printf(line, " because of %s (%s)", cause->subject, cause->rule);
    else if (worst && worst->status > TLSFIT_UNKNOWN)
        g_string_append_printf(line, ": %s %s: %s", tlsfit_status_name(worst->status), worst->subject,
                               worst->observed ? worst->observed : worst->rule);
    return g_string_free(line, FALSE);
}

/* The primary cause first, then by weight; what is unknown has its own line. */
static void
add_findings(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    const TlsfitFinding *cause = page->known ? page->known->cause : NULL;

    if (cause && shows_finding(page, cause))
        add_finding(page, cause);
    for (TlsfitStatus status = TLSFIT_CANNOT; status > TLSFIT_UNKNOWN; status--) {
        for (guint i = 0; i < findings->len; i++) {
            const TlsfitFinding *finding = g_ptr_array_index(findings, i);
            if (finding->status == status && finding != cause && shows_finding(page, finding))
                add_finding(page, finding);
        }
    }
}

static const TlsfitFinding *
worst_finding(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    const TlsfitFinding *worst = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        const gboolean shown = finding->status == TLSFIT_UNKNOWN ? tells_unknowns(page) : shows_finding(page, finding);
        if (shown && (!worst || finding->status > worst->status))
            worst = finding;
    }
    return worst;
}

/* Where nobody asks for our fields, building them would be for nothing: the expert infos alone. */
static void
annotate_briefly(Page *page, int protocol)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status == TLSFIT_UNKNOWN || !shows_finding(page, finding))
            continue;
        if (!page->item)
            page->item = proto_tree_add_protocol_format(page->root, protocol, page->tvb, 0, 0, "TLS Fit");
        g_autofree char *line = finding_line(page, finding);
        add_finding_expert(page, finding, page->item, line);
    }
    add_unknowns(page);
}

void
annotate_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int protocol, const TlsfitSession *session,
               gboolean visited, const char *complaint)
{
    Page page = { .root = tree, .tvb = tvb, .pinfo = pinfo, .session = session };
    const TlsfitFinding *worst;

    page.known = tlsfit_session_diagnosis(session);
    if (page.known && !visited && page.known->known_frame != pinfo->num)
        page.known = NULL;
    if (shows_diagnosis(page.known, pinfo->num, visited))
        page.diagnosis = page.known;
    worst = worst_finding(&page);
    if (!worst && !page.diagnosis)
        return;
    if (!proto_field_is_referenced(tree, protocol)) {
        annotate_briefly(&page, protocol);
        return;
    }
    g_autofree char *summary = summary_line(&page, worst);
    page.item = proto_tree_add_protocol_format(tree, protocol, tvb, 0, 0, "%s", summary);
    page.tree = proto_item_add_subtree(page.item, field_tree_frame);
    proto_item_set_generated(page.item);
    if (page.diagnosis)
        add_diagnosis(&page);
    add_findings(&page);
    add_unknowns(&page);
    add_device(&page, worst ? worst->status : TLSFIT_OK, complaint);
}
