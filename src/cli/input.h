/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are given to be read: what one is, how to call it, and that none is written over.
 */
#ifndef TLSFIT_INPUT_H
#define TLSFIT_INPUT_H

#include <glib.h>

/* What a file is by its beginning. Wireshark reads many formats more than have a beginning of their own, and chains too (as
 * PEM files): so what is no chain may still be a capture, and the program that reads captures finds out. */
typedef enum {
    TLSFIT_INPUT_UNSEEN,  /* a named pipe, or what cannot be read or is empty: it may be either */
    TLSFIT_INPUT_CHAIN,
    TLSFIT_INPUT_CAPTURE,
    TLSFIT_INPUT_OTHER,   /* no chain, and a capture only if Wireshark says so */
    TLSFIT_INPUTS
} TlsfitInput;

/* "-" is standard input: it is waited for where it is a pipe, and whoever reads it afterwards finds all of it. What has
 * been read from it already is not seen any more. Where it is neither a file nor a pipe, it is unseen. */
TlsfitInput tlsfit_input_of(const char *path);

/* PATH for a message: "standard input" for "-". */
const char *tlsfit_input_shown(const char *path);

/* What is the same for all names of the file PATH, and for no other file; NULL where it is not there. Newly allocated. */
char *tlsfit_input_identity(const char *path);

/* Whether PATH is one of FILES (up to NULL; NULL: none), by whatever name: what it is about to be replaced with was made of
 * it. A file that is not there is none of them. */
gboolean tlsfit_input_among(const char *path, char *const *files);

/* Whether OUTPUT may be written: FALSE, when that has been said, where it is one of FILES, or where it is there and is a
 * capture or a chain, which a slip of the shell (-o *.pcapng) would replace with a text. TRUE for NULL and "-". */
gboolean tlsfit_input_spared(const char *output, char *const *files);

/* How many bytes at the beginning of each of PATHS (up to NULL) are folders that all of them have in common: what is
 * behind is short, and still tells them apart. 0 for PATHS NULL. */
gsize tlsfit_input_common(char *const *paths);

#endif
