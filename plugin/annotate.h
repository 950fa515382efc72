/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings and diagnosis in, items of the packet tree out: expert infos on Wireshark's own nodes, and the subtree
 * "TLS Fit" with the details. Computes nothing that is not in the session.
 */
#ifndef TLSFIT_ANNOTATE_H
#define TLSFIT_ANNOTATE_H

#include "tlsfit.h"
#include "ws_compat.h"

/* Shows on the frame of PINFO what SESSION has for it. VISITED: the frame is dissected again, so that what lay in its
 * future is known by now. TREE and COMPLAINT may be NULL. */
void annotate_frame(proto_tree *tree, tvbuff_t *tvb, packet_info *pinfo, int protocol, const TlsfitSession *session,
                    gboolean visited, const char *complaint);

#endif
