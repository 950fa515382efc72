/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run over all files. See capture.h.
 *
 * In: paths. Out: calls of a command's functions. Small files are taken by a few processes, one after the other; of a
 * large one every process takes a share. A process that dies takes nothing with it but what it was working on.
 */
#include "dissection.h"
#include "incoming.h"
#include "progress.h"
#include "start.h"
#include "worker.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define LARGE_BYTES (4 * 1024 * 1024)

typedef struct {
    WorkerRun       worker;
    CaptureCollect  collect;
    Incoming       *incoming;
    TlsfitProgress *progress;
    guint           jobs;
    gint           *next; /* the next small file; shared by all processes */
} Run;

/* --- What a forked process does --------------------------------------------------------------------------------- */

typedef struct {
    const WorkerRun *run;
    gint            *next;
    guint            end;
} SmallFiles;

static void
take_small_files(int handle, gpointer data)
{
    const SmallFiles *files = data;

    worker_files(files->run, files->next, files->end, handle);
}

typedef struct {
    const WorkerRun *run;
    guint            index;
    Source          *source;
    Plan            *plan;
    guint            share;
} LargeFile;

static void
take_share(int handle, gpointer data)
{
    const LargeFile *file = data;

    worker_share(file->run, file->index, file->source, file->plan, file->share, handle);
}

/* --- Runs ------------------------------------------------------------------------------------------------------- */

/* Hands over what is complete and comes next; FALSE when the command wants no more. */
static gboolean
deliver(Run *run)
{
    CaptureFile file;

    while (incoming_next(run->incoming, &file)) {
        if (run->progress)
            tlsfit_progress_hide(run->progress);
        const gboolean go_on = run->collect(&file, run->worker.data);
        if (run->progress)
            tlsfit_progress_set(run->progress, file.index + 1, file.path);
        incoming_drop(run->incoming);
        if (!go_on)
            return FALSE;
    }
    return TRUE;
}

static gboolean
run_small(Run *run, guint from, guint to)
{
    SmallFiles files = { &run->worker, run->next, to };

    g_atomic_int_set(run->next, (gint)from);
    for (;;) {
        while (incoming_children(run->incoming) < run->jobs && (guint)g_atomic_int_get(run->next) < to) {
            if (!incoming_fork(run->incoming, take_small_files, &files))
                break;
            if (incoming_children(run->incoming) >= to - from)
                break;
        }
        if (incoming_children(run->incoming) == 0)
            break;
        incoming_wait(run->incoming);
        if (!deliver(run))
            return FALSE;
    }
    incoming_give_up(run->incoming, to);
    return deliver(run);
}

static void
tell_progress(const Source *source, gpointer data)
{
    Run *run = data;

    if (run->progress && run->worker.count == 1)
        tlsfit_progress_set(run->progress, (guint64)source_position(source) >> 20, source->given);
}

/* FALSE where the command wants no more; IS_LARGE is FALSE where nothing was done, because one process will do. */
static gboolean
run_large(Run *run, guint index, gboolean *is_large)
{
    g_autoptr(Source) source = source_open(run->worker.files[index]);

    *is_large = source->capture && source_size(source) >= LARGE_BYTES;
    if (!*is_large)
        return TRUE;
    g_autoptr(Plan) plan = plan_make(source, tell_progress, run);
    *is_large = !plan_is_everything(plan);
    if (!*is_large)
        return TRUE;
    const guint shares = plan_divide(plan, run->jobs);
    incoming_open(run->incoming, index, source->frames, source->problem, shares);
    for (guint share = 0; share < shares; share++) {
        LargeFile file = { &run->worker, index, source, plan, share };
        incoming_fork(run->incoming, take_share, &file);
    }
    while (incoming_children(run->incoming) > 0)
        incoming_wait(run->incoming);
    incoming_finish(run->incoming, index);
    return deliver(run);
}

static gboolean
is_large_file(const char *path)
{
    g_autofree char *problem = NULL;
    const char *real = source_path(path, &problem); /* reads standard input, before anybody is forked */
    g_autoptr(GMappedFile) file = real ? g_mapped_file_new(real, FALSE, NULL) : NULL;

    return file && g_mapped_file_get_length(file) >= LARGE_BYTES;
}

/* Large files one by one, the small ones between them together. */
static gboolean
run_all(Run *run)
{
    guint from = 0;

    for (guint i = 0; i < run->worker.count; i++) {
        gboolean done = FALSE;
        if (!is_large_file(run->worker.files[i]) || run->jobs == 1 || capture_needs_everything())
            continue;
        if (!run_small(run, from, i) || !run_large(run, i, &done))
            return FALSE;
        from = done ? i + 1 : i;
    }
    return run_small(run, from, run->worker.count);
}

gboolean
capture_run(const char *const *files, CaptureVisit visit, CaptureCollect collect, gpointer data)
{
    const guint count = g_strv_length((char **)files);
    Run run = {
        .worker = { files, count, visit, data },
        .collect = collect,
        .incoming = incoming_new(files, count),
        .jobs = capture_options.jobs ? capture_options.jobs : g_get_num_processors(),
        .next = mmap(NULL, sizeof(gint), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
    };

    if (run.next == MAP_FAILED)
        abort(); /* as GLib does where memory runs out */
    dissection_prepare();
    if (capture_options.progress)
        run.progress = count > 1 ? tlsfit_progress_new("captures", count) : tlsfit_progress_new("megabytes", 0);
    const gboolean done = run_all(&run);
    tlsfit_progress_free(run.progress);
    incoming_free(run.incoming);
    munmap(run.next, sizeof(gint));
    return done;
}
