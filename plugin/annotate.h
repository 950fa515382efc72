/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings and diagnosis in, items of the packet tree out: expert infos on Wireshark's own nodes, the subtree
 * "TLS Fit" with the details, a clause in the Info column. Computes nothing that is not in the session.
 */
#ifndef TLSFIT_ANNOTATE_H
#define TLSFIT_ANNOTATE_H

#include "tlsfit.h"
#include "ws_compat.h"

typedef struct {
    gboolean    visited;     /* the frame is dissected again, so that what lay in its future is known by now */
    gboolean    info_column; /* say in the Info column what is wrong */
    const char *complaint;   /* why the device that was asked for is not used; NULL without */
} AnnotateHow;

/* Shows on the frame of PINFO what SESSION has for it. TREE may be NULL. */
void annotate_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int protocol, const TlsfitSession *session,
                    const AnnotateHow *how);

#endif
