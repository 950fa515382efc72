/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first look at a capture: its packets in, and out which of them have to be dissected, and by which process, so that
 * the same is found as if one process had dissected all of them.
 *
 * Holds 16 bytes a packet and some 150 a flow.
 */
#ifndef TLSFIT_PLAN_H
#define TLSFIT_PLAN_H

#include "flow.h"
#include "source.h"

typedef struct Plan Plan;

/* Reads SOURCE to its end. PROGRESS is called now and then; may be NULL. */
Plan *plan_make(Source *source, void (*progress)(const Source *source, gpointer data), gpointer data);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* The time of the last packet, in microseconds. */
gint64 plan_end_us(const Plan *plan);

/* Every packet matters, in order and to one process: nothing of the plan but this is of use. */
gboolean plan_is_everything(const Plan *plan);

/* Divides the work among at most JOBS processes; how many it is worth. */
guint plan_divide(Plan *plan, guint jobs);

/* Calls TAKE for each packet that SHARE has to dissect, by frame: its answer is whether the packet's flow has an open
 * handshake now. */
typedef gboolean (*PlanTake)(gint64 offset, guint32 frame, gpointer data);
void plan_run(Plan *plan, guint share, PlanTake take, gpointer data);

#endif
