/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program with a time limit. See run.h. In: words. Out: what it wrote.
 */
#include "run.h"

#include <gio/gio.h>

typedef struct {
    GMainLoop   *loop;
    GSubprocess *process;
    GCancellable *cancellable;
    char        *out;
    char        *errors;
    gboolean     late;
    GError      *error;
} Run;

static char *text_of(GBytes *bytes)
{
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);

    return length > 0 ? g_utf8_make_valid(data, (gssize)length) : g_strdup("");
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data)
{
    Run *run = data;
    g_autoptr(GBytes) out = NULL;
    g_autoptr(GBytes) errors = NULL;

    if (g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &out, &errors, &run->error)) {
        run->out = text_of(out);
        run->errors = text_of(errors);
    }
    g_main_loop_quit(run->loop);
}

static gboolean on_late(gpointer data)
{
    Run *run = data;

    run->late = TRUE;
    g_subprocess_force_exit(run->process);
    g_cancellable_cancel(run->cancellable); /* a child of it may still hold the pipes */
    return G_SOURCE_REMOVE;
}

static gboolean wait_for(Run *run, guint limit_s, const char *name, GError **error)
{
    const guint timer = g_timeout_add_seconds(limit_s, on_late, run);

    g_subprocess_communicate_async(run->process, NULL, run->cancellable, on_done, run);
    g_main_loop_run(run->loop);
    if (run->late) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: no answer within %u seconds", name, limit_s);
        return FALSE;
    }
    g_source_remove(timer);
    if (run->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&run->error));
        return FALSE;
    }
    if (g_subprocess_get_if_signaled(run->process)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: it crashed (signal %d)", name,
                    g_subprocess_get_term_sig(run->process));
        return FALSE;
    }
    return TRUE;
}

gboolean tlsfit_run(const char *const *argv, guint limit_s, char **out, char **errors, GError **error)
{
    Run run = { 0 };
    gboolean done;

    run.process = g_subprocess_newv(argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
    if (run.process == NULL) {
        return FALSE;
    }
    run.loop = g_main_loop_new(NULL, FALSE);
    run.cancellable = g_cancellable_new();
    done = wait_for(&run, limit_s, argv[0], error);
    if (done && out != NULL) {
        *out = g_steal_pointer(&run.out);
    }
    if (done && errors != NULL) {
        *errors = g_steal_pointer(&run.errors);
    }
    g_clear_error(&run.error);
    g_free(run.out);
    g_free(run.errors);
    g_main_loop_unref(run.loop);
    g_object_unref(run.cancellable);
    g_object_unref(run.process);
    return done;
}
