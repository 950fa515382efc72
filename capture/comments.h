/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the plugin shows of a handshake, as comments on its packets: text for people who have neither the plugin nor the
 * device's profile. A judged session in, comments with frame numbers out.
 */
#ifndef TLSFIT_COMMENTS_H
#define TLSFIT_COMMENTS_H

#include "capture.h"

/* Appends to COMMENTS, an array of CaptureComment, what is to be said of HANDSHAKE: nothing where it completed and
 * nothing is known against it. */
void comments_add(GPtrArray *comments, const CaptureHandshake *handshake);

/* Sorts by frame; comments of one frame stay in their order. */
void comments_sort(GPtrArray *comments);

CaptureComment *comment_new(guint32 frame, const char *text);
void comment_free(gpointer comment);

#endif
