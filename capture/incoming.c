/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Children and what they send. See incoming.h.
 *
 * In: messages of wire.h. Out: CaptureFile, in order. Settles the numbers of handshakes that several processes found in
 * one file: by the frame with which each began, as one process would have numbered them.
 */
#include "incoming.h"

#include "comments.h"
#include "wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    pid_t     pid;
    int       handle;
    WireInput input;
    guint     file;     /* that it works on; NO_FILE: none */
    GArray   *began;    /* of guint32: the frames of its handshakes; NULL: not told yet */
} Child;

#define NO_FILE G_MAXUINT

typedef struct {
    gboolean   opened, partial, done;
    guint32    frames;
    char      *problem;
    GPtrArray *handshakes; /* of GVariant; NULL where nothing was kept */
    GPtrArray *comments;
} File;

struct Incoming {
    const char *const *paths;
    guint       count;
    File       *files;
    guint       next;
    GPtrArray  *children; /* of Child */
    guint       shares;   /* of the file that comes in shares; 0: none does */
    guint       shared;   /* that file */
    guint       settled;  /* how many shares have told where their handshakes begin, or cannot any more */
};

static void
child_free(gpointer data)
{
    Child *child = data;

    close(child->handle);
    if (child->input.bytes)
        g_byte_array_unref(child->input.bytes);
    if (child->began)
        g_array_unref(child->began);
    g_free(child);
}

static void
variant_free(gpointer variant)
{
    if (variant)
        g_variant_unref(variant);
}

static void
file_open(File *file)
{
    if (file->handshakes)
        return;
    file->handshakes = g_ptr_array_new_with_free_func(variant_free);
    file->comments = g_ptr_array_new_with_free_func(comment_free);
}

static void
file_clear(File *file)
{
    g_clear_pointer(&file->handshakes, g_ptr_array_unref);
    g_clear_pointer(&file->comments, g_ptr_array_unref);
    g_clear_pointer(&file->problem, g_free);
}

Incoming *
incoming_new(const char *const *files, guint count)
{
    Incoming *incoming = g_new0(Incoming, 1);

    incoming->paths = files;
    incoming->count = count;
    incoming->files = g_new0(File, count + 1);
    incoming->children = g_ptr_array_new_with_free_func(child_free);
    return incoming;
}

void
incoming_free(Incoming *incoming)
{
    for (guint i = 0; i < incoming->children->len; i++) {
        const Child *child = g_ptr_array_index(incoming->children, i);
        kill(child->pid, SIGKILL);
        waitpid(child->pid, NULL, 0);
    }
    g_ptr_array_unref(incoming->children);
    for (guint i = 0; i < incoming->count; i++)
        file_clear(&incoming->files[i]);
    g_free(incoming->files);
    g_free(incoming);
}

gboolean
incoming_fork(Incoming *incoming, void (*work)(int handle, gpointer data), gpointer data)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return FALSE;
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        work(ends[1], data);
        _exit(0);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return FALSE;
    }
    Child *child = g_new0(Child, 1);
    child->pid = pid;
    child->handle = ends[0];
    child->file = incoming->shares > 0 ? incoming->shared : NO_FILE;
    g_ptr_array_add(incoming->children, child);
    return TRUE;
}

guint
incoming_children(const Incoming *incoming)
{
    return incoming->children->len;
}

/* --- Numbers ---------------------------------------------------------------------------------------------------- */

typedef struct {
    guint32 frame;
    guint   child, index;
} Beginning;

static int
compare(gconstpointer a, gconstpointer b)
{
    const Beginning *first = a, *second = b;

    if (first->frame != second->frame)
        return first->frame < second->frame ? -1 : 1;
    return first->index < second->index ? -1 : first->index > second->index;
}

/* When every share has told its beginnings, each gets its numbers. */
static void
settle(Incoming *incoming)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Beginning));

    if (++incoming->settled < incoming->shares)
        return;
    for (guint i = 0; i < incoming->children->len; i++) {
        const Child *child = g_ptr_array_index(incoming->children, i);
        for (guint j = 0; child->began && j < child->began->len; j++) {
            const Beginning beginning = { g_array_index(child->began, guint32, j), i, j };
            g_array_append_val(all, beginning);
        }
    }
    g_array_sort(all, compare);
    for (guint number = 0; number < all->len; number++) {
        const Beginning *beginning = &g_array_index(all, Beginning, number);
        Child *child = g_ptr_array_index(incoming->children, beginning->child);
        g_array_index(child->began, guint32, beginning->index) = number;
    }
    for (guint i = 0; i < incoming->children->len; i++) {
        const Child *child = g_ptr_array_index(incoming->children, i);
        if (child->began)
            wire_send(child->handle, WIRE_NUMBERS, 0, child->began->data, child->began->len * sizeof(guint32));
    }
}

/* --- Messages --------------------------------------------------------------------------------------------------- */

static void
keep_result(File *file, guint32 number, const guint8 *bytes, gsize length)
{
    g_autoptr(GBytes) copy = g_bytes_new(bytes, length);
    g_autoptr(GVariant) boxed =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE_VARIANT, copy, FALSE));

    if (number >= file->handshakes->len)
        g_ptr_array_set_size(file->handshakes, (gint)number + 1);
    variant_free(file->handshakes->pdata[number]);
    file->handshakes->pdata[number] = g_variant_get_variant(boxed);
}

static void
take_message(Incoming *incoming, Child *child, const WireHeader *header, const guint8 *bytes)
{
    if (header->kind == WIRE_BEGIN)
        child->file = header->first;
    if (child->file >= incoming->count)
        return;
    File *file = &incoming->files[child->file];
    file_open(file);
    switch ((WireKind)header->kind) {
    case WIRE_STARTED:
        child->began = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_array_append_vals(child->began, bytes, (guint)(header->bytes / sizeof(guint32)));
        settle(incoming);
        break;
    case WIRE_RESULT:
        keep_result(file, header->first, bytes, header->bytes);
        break;
    case WIRE_COMMENT: {
        g_autofree char *text = g_strndup((const char *)bytes, header->bytes);
        g_ptr_array_add(file->comments, comment_new(header->first, text));
        break;
    }
    case WIRE_OPENED:
        file->opened = TRUE;
        file->frames = header->first;
        break;
    case WIRE_PROBLEM:
        g_free(file->problem);
        file->problem = g_strndup((const char *)bytes, header->bytes);
        break;
    case WIRE_END:
        child->file = NO_FILE;
        file->done = incoming->shares == 0;
        break;
    case WIRE_BEGIN:
    case WIRE_NUMBERS:
        break;
    }
}

/* A process is gone; if it had not finished, what it was working on is incomplete. */
static void
lose_child(Incoming *incoming, guint index)
{
    Child *child = g_ptr_array_index(incoming->children, index);
    int status = 0;

    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (child->file < incoming->count) {
        File *file = &incoming->files[child->file];
        file_open(file);
        file->opened = file->partial = TRUE;
        g_free(file->problem);
        file->problem = WIFSIGNALED(status)
                            ? g_strdup_printf("the process that dissected it ended early (%s)", g_strsignal(WTERMSIG(status)))
                            : g_strdup("the process that dissected it ended early");
        file->done = incoming->shares == 0;
    }
    const gboolean untold = incoming->shares > 0 && !child->began;
    g_ptr_array_remove_index(incoming->children, index);
    if (untold)
        settle(incoming);
}

void
incoming_wait(Incoming *incoming)
{
    g_autofree struct pollfd *handles = g_new0(struct pollfd, incoming->children->len);
    const guint count = incoming->children->len;

    for (guint i = 0; i < count; i++) {
        handles[i].fd = ((Child *)g_ptr_array_index(incoming->children, i))->handle;
        handles[i].events = POLLIN;
    }
    if (poll(handles, count, -1) < 0)
        return;
    for (guint i = count; i-- > 0;) { /* from behind: children may go */
        Child *child = g_ptr_array_index(incoming->children, i);
        const guint8 *bytes;
        WireHeader header;
        if (!handles[i].revents)
            continue;
        if (!wire_receive(&child->input, child->handle)) {
            lose_child(incoming, i);
            continue;
        }
        while (wire_take(&child->input, &header, &bytes))
            take_message(incoming, child, &header, bytes);
    }
}

/* --- Files ------------------------------------------------------------------------------------------------------ */

void
incoming_open(Incoming *incoming, guint index, guint32 frames, const char *problem, guint shares)
{
    File *file = &incoming->files[index];

    file_open(file);
    file->opened = TRUE;
    file->frames = frames;
    file->problem = g_strdup(problem);
    incoming->shares = shares;
    incoming->shared = index;
    incoming->settled = 0;
}

void
incoming_finish(Incoming *incoming, guint index)
{
    incoming->files[index].done = TRUE;
    incoming->shares = 0;
}

void
incoming_give_up(Incoming *incoming, guint end)
{
    for (guint i = incoming->next; i < end; i++) {
        File *file = &incoming->files[i];
        if (file->done)
            continue;
        file_open(file);
        file->partial = file->done = TRUE;
        if (!file->problem)
            file->problem = g_strdup("no process could be started for it, or it ended at once");
    }
}

gboolean
incoming_next(Incoming *incoming, CaptureFile *capture)
{
    File *file = &incoming->files[incoming->next];

    if (incoming->next >= incoming->count || !file->done)
        return FALSE;
    while (g_ptr_array_remove(file->handshakes, NULL)) /* of which nothing was kept */
        ;
    comments_sort(file->comments);
    *capture = (CaptureFile){
        .path = incoming->paths[incoming->next], .index = incoming->next, .opened = file->opened,
        .problem = file->problem, .frames = file->frames, .partial = file->partial,
        .handshakes = file->handshakes, .comments = file->comments,
    };
    return TRUE;
}

void
incoming_drop(Incoming *incoming)
{
    file_clear(&incoming->files[incoming->next++]);
}
