/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dissecting for another process. See worker.h.
 */
#include "worker.h"

#include "comments.h"
#include "dissection.h"
#include "start.h"
#include "wire.h"

#include <string.h>

typedef struct {
    Dissection *dissection;
    Source     *source;
} Work;

static gboolean
take(gint64 offset, guint32 frame, gpointer data)
{
    Work *work = data;

    if (!source_read_at(work->source, offset))
        return FALSE;
    dissection_take(work->dissection, work->source, frame);
    return dissection_flow_is_open();
}

static void
send_variant(int handle, guint32 number, GVariant *kept)
{
    g_autoptr(GVariant) boxed = g_variant_ref_sink(g_variant_new_variant(kept));

    wire_send(handle, WIRE_RESULT, number, g_variant_get_data(boxed), g_variant_get_size(boxed));
}

/* NUMBERS: of the handshakes in the whole capture; NULL: these are all. */
static void
send_handshakes(const WorkerRun *run, const Dissection *dissection, const guint32 *numbers, int handle)
{
    g_autoptr(GPtrArray) comments = g_ptr_array_new_with_free_func(comment_free);

    for (guint i = 0; i < dissection_handshakes(dissection); i++) {
        CaptureHandshake handshake = dissection_handshake(dissection, i, numbers ? numbers[i] : i);
        if (capture_options.comments)
            comments_add(comments, &handshake);
        GVariant *kept = run->visit(&handshake, run->data);
        if (kept)
            send_variant(handle, handshake.number, kept);
    }
    for (guint i = 0; i < comments->len; i++) {
        const CaptureComment *comment = g_ptr_array_index(comments, i);
        wire_send(handle, WIRE_COMMENT, comment->frame, comment->text, strlen(comment->text));
    }
}

/* The numbers come back from the process that knows all shares; FALSE where it is gone. */
static gboolean
exchange(const Dissection *dissection, int handle, WireInput *input, const guint32 **numbers)
{
    g_autoptr(GArray) began = g_array_new(FALSE, FALSE, sizeof(guint32));
    const guint8 *bytes;
    WireHeader header;

    for (guint i = 0; i < dissection_handshakes(dissection); i++) {
        const guint32 frame = dissection_began(dissection, i);
        g_array_append_val(began, frame);
    }
    if (!wire_send(handle, WIRE_STARTED, began->len, began->data, began->len * sizeof(guint32)))
        return FALSE;
    while (!wire_take(input, &header, &bytes)) {
        if (!wire_receive(input, handle))
            return FALSE;
    }
    *numbers = (const guint32 *)(const void *)bytes;
    return header.kind == WIRE_NUMBERS && header.bytes == began->len * sizeof(guint32);
}

/* Every packet, in one pass: secrets become known when they are read, as in tshark. */
static gint64
take_all(Dissection *dissection, Source *source)
{
    gint64 end_us = 0;

    while (source_next(source)) {
        const nstime_t *time = &source->record.rec.ts;
        if (source->record.rec.presence_flags & WTAP_HAS_TS)
            end_us = (gint64)time->secs * G_USEC_PER_SEC + time->nsecs / 1000;
        dissection_take(dissection, source, source->frames);
    }
    return end_us;
}

/* SOURCE has been read by PLAN, if there is one. */
static Dissection *
dissect(Source *source, Plan *plan, guint share)
{
    Dissection *dissection = dissection_open(source);
    Work work = { dissection, source };

    if (!plan) {
        dissection_end(dissection, take_all(dissection, source));
    } else {
        plan_run(plan, share, take, &work);
        dissection_end(dissection, plan_end_us(plan));
    }
    return dissection;
}

void
worker_share(const WorkerRun *run, guint index, Source *source, Plan *plan, guint share, int handle)
{
    WireInput input = { NULL, 0 };
    const guint32 *numbers;

    if (!source_reopen(source))
        return;
    g_autoptr(Dissection) dissection = dissect(source, plan, share);
    if (exchange(dissection, handle, &input, &numbers)) {
        send_handshakes(run, dissection, numbers, handle);
        wire_send(handle, WIRE_END, index, NULL, 0);
    }
    if (input.bytes)
        g_byte_array_unref(input.bytes);
}

static void
run_file(const WorkerRun *run, guint index, int handle)
{
    g_autoptr(Source) source = source_open(run->files[index]);
    g_autoptr(Plan) plan = source->capture && !capture_needs_everything() ? plan_make(source, NULL, NULL) : NULL;

    wire_send(handle, WIRE_BEGIN, index, NULL, 0);
    if (plan && plan_is_everything(plan)) {
        g_clear_pointer(&plan, plan_free);
        source_close(source);
        source = source_open(run->files[index]);
    }
    if (plan)
        plan_divide(plan, 1);
    if (source->capture) {
        g_autoptr(Dissection) dissection = dissect(source, plan, 0);
        wire_send(handle, WIRE_OPENED, source->frames, NULL, 0);
        send_handshakes(run, dissection, NULL, handle);
    }
    if (source->problem)
        wire_send(handle, WIRE_PROBLEM, 0, source->problem, strlen(source->problem));
    wire_send(handle, WIRE_END, index, NULL, 0);
}

void
worker_files(const WorkerRun *run, gint *next, guint end, int handle)
{
    for (guint done = 0; done < FILES_A_PROCESS; done++) {
        const guint index = (guint)g_atomic_int_add(next, 1);
        if (index >= end)
            return;
        run_file(run, index, handle);
    }
}
