/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run over all files. See capture.h.
 *
 * In: paths. Out: calls of the two functions of a command, in the order of the paths.
 */
#include "comments.h"
#include "dissection.h"
#include "source.h"
#include "start.h"

static gint64
time_of(const Source *source)
{
    return (gint64)source->record.rec.ts.secs * G_USEC_PER_SEC + source->record.rec.ts.nsecs / 1000;
}

static gboolean
run_file(const char *path, guint index, CaptureVisit visit, CaptureCollect collect, gpointer data)
{
    g_autoptr(Source) source = source_open(path);
    g_autoptr(GPtrArray) handshakes = g_ptr_array_new_with_free_func((GDestroyNotify)g_variant_unref);
    g_autoptr(GPtrArray) comments = g_ptr_array_new_with_free_func(comment_free);
    gint64 time_us = 0;

    if (source->capture) {
        g_autoptr(Dissection) dissection = dissection_open(source);
        while (source_next(source)) {
            time_us = time_of(source);
            dissection_take(dissection, source, source->frames);
        }
        dissection_end(dissection, time_us);
        for (guint i = 0; i < dissection_handshakes(dissection); i++) {
            CaptureHandshake handshake = dissection_handshake(dissection, i, i);
            if (capture_options.comments)
                comments_add(comments, &handshake);
            GVariant *kept = visit(&handshake, data);
            if (kept)
                g_ptr_array_add(handshakes, g_variant_ref_sink(kept));
        }
    }
    comments_sort(comments);
    CaptureFile file = {
        .path = path, .index = index, .opened = source->capture != NULL, .problem = source->problem,
        .frames = source->frames, .handshakes = handshakes, .comments = comments,
    };
    return collect(&file, data);
}

gboolean
capture_run(const char *const *files, CaptureVisit visit, CaptureCollect collect, gpointer data)
{
    for (guint i = 0; files[i]; i++) {
        if (!run_file(files[i], i, visit, collect, data))
            return FALSE;
    }
    return TRUE;
}
