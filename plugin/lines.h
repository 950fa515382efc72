/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long texts in the tree: Wireshark cuts a line of the tree at 240 bytes, so that a longer text gets lines of its own.
 */
#ifndef TLSFIT_LINES_H
#define TLSFIT_LINES_H

#include "tlsfit.h"
#include "ws_compat.h"

/* What a window of common width shows of a line beside the name of its field. */
#define LINE_BYTES 110u

/* The length of the first line of TEXT, broken at a space where there is one. */
gsize lines_first(const char *text);

/* Adds TEXT as lines. */
void lines_add(proto_tree *tree, tvbuff_t *tvb, const char *text);

/* Adds what to paste into each server's configuration: one item a server, whose value is the whole text; its lines
 * stand below it. */
void lines_add_fix(proto_tree *tree, tvbuff_t *tvb, const TlsfitSession *session);

#endif
