/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of one capture into Wireshark's dissectors and, through them, into the plugin's code; handshakes out.
 *
 * One at a time in a process. Reads no file and decides not what is worth dissecting.
 */
#ifndef TLSFIT_DISSECTION_H
#define TLSFIT_DISSECTION_H

#include "capture.h"
#include "source.h"

typedef struct Dissection Dissection;

/* Opening costs some 30 ms and as many megabytes, because Wireshark reads its tables of names each time: what this does
 * once, before fork(), is there for the first dissection of every process. */
void dissection_prepare(void);

Dissection *dissection_open(Source *source);

/* Takes the record that SOURCE has read, as frame number FRAME. Frames come in rising order. */
void dissection_take(Dissection *dissection, Source *source, guint32 frame);

/* Has the flow of the frame taken last a handshake that still wants to know of its packets? */
gboolean dissection_flow_is_open(void);

/* The capture has no more; its last packet, dissected or not, was at TIME_US. Ends what is open. */
void dissection_end(Dissection *dissection, gint64 time_us);

/* How many handshakes there are, and the frame with which number INDEX began, in rising order. After the end. */
guint dissection_handshakes(const Dissection *dissection);
guint32 dissection_began(const Dissection *dissection, guint index);

/* Handshake INDEX gets its NUMBER in the whole capture. Valid until the dissection is closed. */
CaptureHandshake dissection_handshake(const Dissection *dissection, guint index, guint number);

void dissection_close(Dissection *dissection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dissection, dissection_close)

#endif
