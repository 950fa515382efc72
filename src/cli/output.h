/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that appears under its final name only when it is whole: it is written beside that place under another name,
 * and renamed. What ends before (an error, Ctrl-C) leaves whatever stood under the final name as it was.
 *
 *     g_autoptr(TlsfitOutput) output = tlsfit_output_begin(path, &error);
 *     ... fprintf(tlsfit_output_stream(output, &error), ...) or another library that writes tlsfit_output_path(output)
 *     tlsfit_output_finish(output, &error)
 *
 * "-" is standard output. What is there already and is no regular file (a device, a pipe) is written to directly: to
 * rename over it would replace it. A symbolic link stays, the file behind it is replaced. No threads.
 */
#ifndef TLSFIT_OUTPUT_H
#define TLSFIT_OUTPUT_H

#include <glib.h>
#include <stdio.h>

typedef struct TlsfitOutput TlsfitOutput;

/* NULL and ERROR ("FILE: reason") where nothing can be written there; "-" never fails. */
TlsfitOutput *tlsfit_output_begin(const char *path, GError **error);

/* Where to write for a library that opens its file by name: the temporary file, which is there and empty; a device or
 * pipe itself; "-". Use this or the stream, not both. */
const char *tlsfit_output_path(const TlsfitOutput *output);

/* The open stream, which belongs to OUTPUT. NULL and ERROR where it cannot be opened. */
FILE *tlsfit_output_stream(TlsfitOutput *output, GError **error);

/* Closes the stream and gives the file its final name, with the access rights of the one it replaces, else those of the
 * umask. FALSE and ERROR where anything that was written did not arrive: then nothing stands under that name that did
 * not stand there before. Call once; tlsfit_output_free() is still due. */
gboolean tlsfit_output_finish(TlsfitOutput *output, GError **error);

/* Removes what was not finished. NULL is allowed. */
void tlsfit_output_free(TlsfitOutput *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsfitOutput, tlsfit_output_free)

/* All of it at once. */
gboolean tlsfit_output_text(const char *path, const char *text, GError **error);

#endif
