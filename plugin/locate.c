/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a place back to its node: the other direction of extract.c, for a tree that may hold more than the wanted
 * nodes (all of them, when people look at it) or less (none, in a second pass that shows no tree).
 *
 * In: tree and place. Out: a node of Wireshark's. Changes nothing. The search is bounded in depth and in nodes.
 */
#include "extract.h"

#include "wanted.h"

#define SEARCH_DEPTH_MAX 32
#define SEARCH_NODES_MAX 100000u

typedef struct {
    PlaceItem   item;     /* what is looked for */
    guint       nth;      /* how many of that kind come before it */
    guint       nodes;
    proto_node *found;
    proto_node *protocol; /* the first protocol node of TLS or DTLS on the way */
} Search;

static void
search_children(Search *search, proto_node *parent, int depth)
{
    if (depth > SEARCH_DEPTH_MAX)
        return;
    for (proto_node *node = parent->first_child; node && !search->found; node = node->next) {
        const field_info *field = PNODE_FINFO(node);
        PlaceItem place = PLACE_FRAME;
        gboolean is_dtls;
        if (++search->nodes > SEARCH_NODES_MAX)
            return;
        if (!field || !field->hfinfo) {
            search_children(search, node, depth + 1);
            continue;
        }
        if (!search->protocol && wanted_is_protocol(field))
            search->protocol = node;
        if (wanted_is(field, search->item) && search->nth-- == 0) {
            search->found = node;
            return;
        }
        /* extract.c does not count below certificates either. */
        if (wanted_kind(field, &place, &is_dtls) != KIND_CERTIFICATE)
            search_children(search, node, depth + 1);
    }
}

proto_item *
extract_find(proto_tree *tree, TlsfitPlace place)
{
    gboolean is_part = place.item > PLACE_HANDSHAKE && place.item < PLACE_CERTIFICATE;
    Search search = { .item = is_part ? PLACE_HANDSHAKE : (PlaceItem)place.item, .nth = place.nth };

    search_children(&search, tree, 0);
    if (!search.found)
        return search.protocol;
    if (!is_part)
        return search.found;
    Search part = { .item = (PlaceItem)place.item, .nth = place.item == PLACE_SCHEMES_SECOND ? 1 : 0 };
    search_children(&part, search.found, 0);
    return part.found ? part.found : search.found;
}
