/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line of progress. See progress.h. In: counts. Out: standard error, where it is a terminal.
 */
#include "progress.h"

#include "terminal.h"

#include <stdio.h>
#include <unistd.h>

#define FIRST_US (G_USEC_PER_SEC / 2)
#define EVERY_US (G_USEC_PER_SEC / 10)

/* Return to the start of the line, erase it (ECMA-48, EL). */
#define ERASE "\r\033[K"

struct TlsfitProgress {
    const char *what;
    guint64     total;
    gint64      next_us;
    gboolean    visible;
    gboolean    terminal;
};

TlsfitProgress *tlsfit_progress_new(const char *what, guint64 total)
{
    TlsfitProgress *progress = g_new0(TlsfitProgress, 1);

    progress->what = what;
    progress->total = total;
    progress->next_us = g_get_monotonic_time() + FIRST_US;
    progress->terminal = isatty(STDERR_FILENO) == 1 && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
    return progress;
}

void tlsfit_progress_set(TlsfitProgress *progress, guint64 done, const char *detail)
{
    const gint64 now_us = g_get_monotonic_time();
    g_autoptr(GString) line = NULL;

    if (!progress->terminal || now_us < progress->next_us) {
        return;
    }
    progress->next_us = now_us + EVERY_US;
    progress->visible = TRUE;
    line = g_string_new(NULL);
    g_string_append_printf(line, "%s %" G_GUINT64_FORMAT, progress->what, done);
    if (progress->total > 0) {
        g_string_append_printf(line, "/%" G_GUINT64_FORMAT " (%u %%)", progress->total,
                               (guint)(done * 100 / progress->total));
    }
    if (detail != NULL) {
        g_string_append(line, "  ");
        tlsfit_text_append_cut(line, TLSFIT_STYLE_PLAIN, detail, 50);
    }
    fprintf(stderr, ERASE "%s", line->str);
    fflush(stderr);
}

void tlsfit_progress_hide(TlsfitProgress *progress)
{
    if (progress->visible) {
        fputs(ERASE, stderr);
        fflush(stderr);
        progress->visible = FALSE;
    }
}

void tlsfit_progress_free(TlsfitProgress *progress)
{
    if (progress != NULL) {
        tlsfit_progress_hide(progress);
        g_free(progress);
    }
}
