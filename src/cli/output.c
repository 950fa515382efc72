/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are whole or not there. See output.h.
 *
 * In: a path, and what somebody writes. Out: the file. g_file_set_contents() would do for a text in memory, but not for
 * libraries that write themselves, and it renames over devices and links.
 */
#include "output.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct TlsfitOutput {
    char    *shown;     /* as the user wrote it */
    char    *target;    /* links followed; NULL: written to directly */
    char    *path;      /* where to write */
    FILE    *stream;    /* NULL while nobody asked for it */
    gboolean temporary; /* path is a file of ours that is still there */
};

/* --- What is to be removed when a signal ends the process ------------------------------------------------------ */

static GPtrArray *unfinished; /* of TlsfitOutput */
static pid_t owner;           /* a child of ours must not remove what its parent still writes */

static void on_signal(int number)
{
    for (guint i = 0; owner == getpid() && i < unfinished->len; i++) {
        (void)unlink(((TlsfitOutput *)unfinished->pdata[i])->path);
    }
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* What ends a process from outside. A limit on the size of files (SIGXFSZ) is an error of writing instead. */
static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU };

static void watch_signals(void)
{
    unfinished = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++) {
        struct sigaction action;

        memset(&action, 0, sizeof action);
        if (sigaction(signals[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
            action.sa_handler = on_signal;
            (void)sigaction(signals[i], &action, NULL);
        }
    }
    (void)signal(SIGXFSZ, SIG_IGN);
}

/* The list never changes under the handler's eyes, and no file is there that is not in it. */
static void hold_signals(sigset_t *before)
{
    sigset_t blocked;

    sigemptyset(&blocked);
    for (guint i = 0; i < G_N_ELEMENTS(signals); i++) {
        sigaddset(&blocked, signals[i]);
    }
    (void)pthread_sigmask(SIG_BLOCK, &blocked, before);
}

static void remember(TlsfitOutput *output, gboolean temporary)
{
    sigset_t before;

    if (unfinished == NULL) {
        watch_signals();
    }
    if (owner != getpid()) {
        owner = getpid();
        g_ptr_array_set_size(unfinished, 0);
    }
    hold_signals(&before);
    output->temporary = temporary;
    if (temporary) {
        g_ptr_array_add(unfinished, output);
    } else {
        g_ptr_array_remove(unfinished, output);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* --- The file ------------------------------------------------------------------------------------------------- */

static gboolean fail(GError **error, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s: %s", path, g_strerror(code));
    return FALSE;
}

static char *follow_links(const char *path)
{
    char *real = realpath(path, NULL);
    char *copy = real != NULL ? g_strdup(real) : g_strdup(path);

    free(real);
    return copy;
}

static gboolean make_temporary(TlsfitOutput *output, GError **error)
{
    sigset_t before;
    int handle, code;

    output->path = g_strconcat(output->target, ".XXXXXX", NULL);
    hold_signals(&before);
    handle = g_mkstemp(output->path);
    code = errno;
    if (handle >= 0) {
        close(handle);
        remember(output, TRUE);
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return handle >= 0 || fail(error, output->shown, code);
}

TlsfitOutput *tlsfit_output_begin(const char *path, GError **error)
{
    g_autoptr(TlsfitOutput) output = g_new0(TlsfitOutput, 1);
    GStatBuf there;

    output->shown = g_strdup(path);
    if (g_str_equal(path, "-") || (g_stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))) {
        output->path = g_strdup(path);
        return g_steal_pointer(&output);
    }
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        fail(error, path, EISDIR);
        return NULL;
    }
    /* the rename would not ask whether the file may be written */
    if (g_file_test(path, G_FILE_TEST_EXISTS) && g_access(path, W_OK) != 0) {
        fail(error, path, errno);
        return NULL;
    }
    output->target = follow_links(path);
    return make_temporary(output, error) ? g_steal_pointer(&output) : NULL;
}

const char *tlsfit_output_path(const TlsfitOutput *output)
{
    return output->path;
}

FILE *tlsfit_output_stream(TlsfitOutput *output, GError **error)
{
    if (output->stream == NULL) {
        output->stream = g_str_equal(output->path, "-") ? stdout : fopen(output->path, "wb");
    }
    if (output->stream == NULL) {
        fail(error, output->shown, errno);
    }
    return output->stream;
}

/* Closes the stream; FALSE where anything did not arrive. */
static gboolean close_stream(TlsfitOutput *output, GError **error)
{
    FILE *stream = g_steal_pointer(&output->stream);
    gboolean failed;

    if (stream == NULL) {
        return TRUE;
    }
    errno = 0;
    failed = ferror(stream) != 0;
    failed = (stream == stdout ? fflush(stream) : fclose(stream)) != 0 || failed;
    return failed ? fail(error, g_str_equal(output->shown, "-") ? "standard output" : output->shown,
                         errno != 0 ? errno : EIO)
                  : TRUE;
}

/* mkstemp() makes a file that nobody else may read. */
static mode_t rights(const char *target)
{
    GStatBuf there;
    mode_t mask;

    if (g_stat(target, &there) == 0) {
        return there.st_mode & 07777;
    }
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

gboolean tlsfit_output_finish(TlsfitOutput *output, GError **error)
{
    if (!close_stream(output, error)) {
        return FALSE;
    }
    if (!output->temporary) {
        return TRUE;
    }
    if (chmod(output->path, rights(output->target)) != 0 || g_rename(output->path, output->target) != 0) {
        return fail(error, output->shown, errno);
    }
    remember(output, FALSE);
    return TRUE;
}

void tlsfit_output_free(TlsfitOutput *output)
{
    if (output == NULL) {
        return;
    }
    close_stream(output, NULL);
    if (output->temporary) {
        (void)g_unlink(output->path);
        remember(output, FALSE);
    }
    g_free(output->shown);
    g_free(output->target);
    g_free(output->path);
    g_free(output);
}

gboolean tlsfit_output_text(const char *path, const char *text, GError **error)
{
    g_autoptr(TlsfitOutput) output = tlsfit_output_begin(path, error);
    FILE *stream = output != NULL ? tlsfit_output_stream(output, error) : NULL;

    if (stream == NULL) {
        return FALSE;
    }
    fputs(text, stream);
    return tlsfit_output_finish(output, error);
}
