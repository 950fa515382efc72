/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which device a handshake is judged against, and why that one, as items of the tree. See annotate_page.h.
 *
 * In: the session's device. Out: its subtree, and on the ClientHello an expert info on how it was chosen: a Note
 * where the plugin chose, as the judgement stands and falls with it, and a mere Chat where the user did. It hangs on
 * our own line, so that no node of Wireshark's changes its colour for it, and its text is the same for all handshakes
 * of a device, so that lists of expert infos show one group.
 */
#include "annotate_page.h"

#include "selection.h"

#define HOW_TO_CHANGE "To change it: Preferences > Protocols > TLSFit, or -o tlsfit.device:ID"

static char *
choice_line(const Page *page)
{
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    const char *source = tlsfit_session_device_source(page->session);
    const char *id = device ? tlsfit_device_id(device) : "advertised";

    if (g_strcmp0(source, "preference") == 0)
        return g_strdup_printf("Judged against %s, as the preference tlsfit.device says", id);
    if (g_strcmp0(source, "assigned") == 0)
        return g_strdup_printf("Judged against %s, which the table of assignments names for this connection. To change "
                               "it: the table in Preferences > Protocols > TLSFit, or -o tlsfit.device:ID", id);
    if (g_strcmp0(source, "fingerprint") == 0)
        return g_strdup_printf("Judged against %s, which was recognised by its ClientHello. " HOW_TO_CHANGE, id);
    if (!selection_is_automatic())
        return g_strdup("Judged against what the ClientHello itself offers, as the preference tlsfit.device says");
    return g_strdup("Judged against what the ClientHello itself offers, as no device was chosen, assigned or "
                    "recognised. " HOW_TO_CHANGE);
}

void
page_add_choice(const Page *page, proto_item *item)
{
    if (!page->is_hello)
        return;
    g_autofree char *line = choice_line(page);
    expert_field *field = fields_expert_choice(selection_is_automatic() || page->complaint);
    if (page->complaint)
        expert_add_info_format(page->pinfo, item, field, "%s. Problem: %s", line, page->complaint);
    else
        expert_add_info_format(page->pinfo, item, field, "%s", line);
}

void
page_add_device(const Page *page)
{
    /* Without a profile nothing is judged, and no device made of the ClientHello, before the handshake is over. */
    const TlsfitDevice *device = tlsfit_session_device(page->session);
    const char *source = tlsfit_session_device_source(page->session);
    proto_item *item = page_add_text(page, page->tree, FIELD_device, device ? tlsfit_device_id(device) : "advertised");
    proto_tree *tree = proto_item_add_subtree(item, field_tree_part);

    if (device)
        page_add_text(page, tree, FIELD_device_name, tlsfit_device_name(device));
    page_add_text(page, tree, FIELD_device_source, source ? source : "advertised");
    page_add_text(page, tree, FIELD_role,
                  tlsfit_session_device_side(page->session) == TLSFIT_CLIENT ? "client" : "server");
    page_add_choice(page, item);
    page_add_text(page, page->tree, FIELD_complaint, page->complaint);
}
