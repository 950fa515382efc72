/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TLS Fit subtree, the expert infos and the words in the Info column of one frame. See annotate.h.
 *
 * In: a session that has been judged. Out: tree items. What of it belongs to the frame is decided here: a finding on
 * the frame of the thing to blame and on the one where it became certain; the diagnosis on the frame where it became
 * certain, and in a later pass on the frame of the cause; the choice of the device on the ClientHello.
 */
#include "annotate.h"

#include "annotate_page.h"
#include "lines.h"

#include <string.h>

proto_item *
page_add_text(const Page *page, proto_tree *tree, FieldId field, const char *text)
{
    proto_item *item;

    if (!text || !tree)
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

void
page_add_number(const Page *page, proto_tree *tree, FieldId field, guint32 number)
{
    proto_item *item = proto_tree_add_uint(tree, field_ids[field], page->tvb, 0, 0, number);

    proto_item_set_generated(item);
}

void
page_add_link(const Page *page, proto_tree *tree, FieldId field, guint32 frame)
{
    if (frame > 0 && frame != page->pinfo->num)
        page_add_number(page, tree, field, frame);
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

static const TlsfitFinding *
worst_finding(const Page *page)
{
    const GPtrArray *findings = tlsfit_session_findings(page->session);
    const TlsfitFinding *worst = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        const gboolean shown = finding->status == TLSFIT_UNKNOWN ? page_tells_unknowns(page)
                                                                 : page_shows_finding(page, finding);
        if (shown && (!worst || finding->status > worst->status))
            worst = finding;
    }
    return worst;
}

/* A limit that is only suspected explains nothing for sure. */
static const char *
because(const TlsfitFinding *cause)
{
    return cause->status == TLSFIT_SUSPECT ? ", perhaps because of" : " because of";
}

/* What people read before they open the subtree. */
static char *
summary_line(const Page *page, const TlsfitFinding *worst)
{
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    const TlsfitFinding *cause = page->diagnosis ? page->diagnosis->cause : NULL;
    GString *line = g_string_new("TLS Fit");

    g_string_append_printf(line, ", %s", device ? tlsfit_device_id(device) : "advertised");
    if (page->diagnosis)
        g_string_append_printf(line, ": %s", tlsfit_outcome_name(page->diagnosis->outcome));
    if (cause)
        g_string_append_printf(line, "%s %s (%s)", because(cause), cause->subject, cause->rule);
    else if (worst && worst->status > TLSFIT_UNKNOWN)
        g_string_append_printf(line, ": %s %s: %s", tlsfit_status_name(worst->status), worst->subject,
                               worst->observed ? worst->observed : worst->rule);
    return g_string_free(line, FALSE);
}

/* The same in few words, where something is wrong and nowhere else. */
static void
extend_info(const Page *page, const TlsfitFinding *worst)
{
    const TlsfitDiagnosis *diagnosis = page->diagnosis;
    const TlsfitOutcome outcome = diagnosis ? diagnosis->outcome : TLSFIT_OUTCOME_OPEN;
    column_info *columns = page->pinfo->cinfo;

    if (diagnosis && diagnosis->cause)
        col_append_fstr(columns, COL_INFO, " [TLS Fit: %s%s %s (%s)]", tlsfit_outcome_name(outcome),
                        because(diagnosis->cause), diagnosis->cause->subject, diagnosis->cause->rule);
    else if (outcome == TLSFIT_OUTCOME_ALERT || outcome == TLSFIT_OUTCOME_STALLED ||
             outcome == TLSFIT_OUTCOME_RESET || outcome == TLSFIT_OUTCOME_CLOSED)
        col_append_fstr(columns, COL_INFO, " [TLS Fit: %s, no cause known]", tlsfit_outcome_name(outcome));
    else if (worst && worst->status > TLSFIT_UNKNOWN)
        col_append_fstr(columns, COL_INFO, " [TLS Fit: %s: %s (%s)]", tlsfit_status_name(worst->status),
                        worst->subject, worst->rule);
}

/* Does anybody look at expert infos that are no more than a remark? Adding one to every handshake takes time. */
static gboolean
remarks_are_read(const Page *page)
{
    const column_info *columns = page->pinfo->cinfo;

    return have_tap_listener(fields_expert_tap) || proto_field_is_referenced(page->root, fields_expert_protocol) ||
           (columns && columns->col_first[COL_EXPERT] >= 0);
}

/* Where nobody asks for our fields, building them would be for nothing: the expert infos alone. */
static void
annotate_briefly(Page *page, int protocol)
{
    const gboolean tells_choice = page->is_hello && remarks_are_read(page);

    if (!tells_choice && !page_tells_unknowns(page) && !page_has_expert(page))
        return;
    page->item = proto_tree_add_protocol_format(page->root, protocol, page->tvb, 0, 0, "TLS Fit");
    page_add_experts(page);
    page_add_unknowns(page);
    if (tells_choice)
        page_add_choice(page, page->item);
}

static void
annotate_fully(Page *page, int protocol, const TlsfitFinding *worst)
{
    g_autofree char *summary = summary_line(page, worst);
    const TlsfitDiagnosis *known = page->known;

    page->item = proto_tree_add_protocol_format(page->root, protocol, page->tvb, 0, 0, "%s", summary);
    page->tree = proto_item_add_subtree(page->item, field_tree_frame);
    proto_item_set_generated(page->item);
    if (page->diagnosis)
        page_add_diagnosis(page);
    page_add_findings(page);
    page_add_unknowns(page);
    page_add_device(page);
    if (worst || page->diagnosis)
        page_add_text(page, page->tree, FIELD_status, tlsfit_status_name(worst ? worst->status : TLSFIT_OK));
    page_add_number(page, page->tree, FIELD_stream, tlsfit_session_stream(page->session));
    if (known && !page->diagnosis)
        page_add_link(page, page->tree, FIELD_diagnosis_frame,
                      known->known_frame ? known->known_frame : known->place.frame);
}

void
annotate_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int protocol, const TlsfitSession *session,
               const AnnotateHow *how)
{
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    Page page = { .root = tree, .tvb = tvb, .pinfo = pinfo, .session = session, .complaint = how->complaint };
    const TlsfitFinding *worst;

    page.is_hello = hello && hello->place.frame == pinfo->num;
    page.known = tlsfit_session_diagnosis(session);
    if (page.known && !how->visited && page.known->known_frame != pinfo->num)
        page.known = NULL;
    if (shows_diagnosis(page.known, pinfo->num, how->visited))
        page.diagnosis = page.known;
    worst = worst_finding(&page);
    if (how->info_column)
        extend_info(&page, worst);
    if (!worst && !page.diagnosis && !page.is_hello)
        return;
    if (proto_field_is_referenced(tree, protocol))
        annotate_fully(&page, protocol, worst);
    else
        annotate_briefly(&page, protocol);
}
