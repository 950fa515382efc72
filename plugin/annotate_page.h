/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of annotate.c share: one frame that is being annotated, and the items they all add.
 *
 * Included by annotate*.c alone.
 */
#ifndef TLSFIT_ANNOTATE_PAGE_H
#define TLSFIT_ANNOTATE_PAGE_H

#include "fields.h"
#include "tlsfit.h"
#include "ws_compat.h"

/* One handshake on one frame. */
typedef struct {
    proto_tree            *root;      /* NULL where only expert infos are asked for (tshark -2 -q -z expert) */
    proto_tree            *tree;      /* of TLS Fit; NULL where nobody asks for its fields */
    proto_item            *item;
    tvbuff_t              *tvb;
    packet_info           *pinfo;
    const TlsfitSession   *session;
    const TlsfitDiagnosis *diagnosis; /* NULL where the frame does not show it */
    const TlsfitDiagnosis *known;     /* the same, or where it may be mentioned only */
    const char            *complaint; /* why the device that was asked for is not used; NULL without */
    gboolean               is_hello;  /* the frame of the ClientHello */
} Page;

/* Adds TEXT, where there is one, over several lines where it is long. NULL without text. */
proto_item *page_add_text(const Page *page, proto_tree *tree, FieldId field, const char *text);

void page_add_number(const Page *page, proto_tree *tree, FieldId field, guint32 number);

/* The same for a link to a frame, which is left out where it is frame 0 (nowhere) or the one on the page. */
void page_add_link(const Page *page, proto_tree *tree, FieldId field, guint32 frame);

/* annotate_finding.c: what does not fit. */

gboolean page_shows_finding(const Page *page, const TlsfitFinding *finding);

/* The findings of the frame, the primary cause first, then by weight, without those of the status unknown. */
void page_add_findings(const Page *page);

/* Their expert infos alone, on the page's item where Wireshark's own node is not there; and whether there are any. */
void page_add_experts(const Page *page);
gboolean page_has_expert(const Page *page);

/* annotate_diagnosis.c: how the handshake ended, and what could not be judged. */

void page_add_diagnosis(const Page *page);

/* Does the frame tell what could not be judged? Once a handshake: where it becomes certain that it failed. */
gboolean page_tells_unknowns(const Page *page);

/* The one Note of a handshake that did not complete, and below it what it sums up. Needs no tree. */
void page_add_unknowns(const Page *page);

/* annotate_device.c: which device is judged, and why that one. */

void page_add_device(const Page *page);

/* On the ClientHello alone: how the device was chosen, as an expert info of ITEM. */
void page_add_choice(const Page *page, proto_item *item);

#endif
