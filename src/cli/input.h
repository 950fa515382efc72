/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are given to be read: what one is, and how to call it.
 */
#ifndef TLSFIT_INPUT_H
#define TLSFIT_INPUT_H

#include <glib.h>

/* What a file is by its beginning. Wireshark reads many formats more than have a beginning of their own, and chains too (as
 * PEM files): so what is no chain may still be a capture, and the program that reads captures finds out. */
typedef enum {
    TLSFIT_INPUT_UNSEEN,  /* "-", a pipe, or what cannot be read or is empty: it may be either */
    TLSFIT_INPUT_CHAIN,
    TLSFIT_INPUT_CAPTURE,
    TLSFIT_INPUT_OTHER,   /* no chain, and a capture only if Wireshark says so */
    TLSFIT_INPUTS
} TlsfitInput;

TlsfitInput tlsfit_input_of(const char *path);

/* PATH for a message: "standard input" for "-". */
const char *tlsfit_input_shown(const char *path);

/* PATH, which is one of PATHS (up to NULL), without the folders that all of them have in common. Newly allocated. */
char *tlsfit_input_short(const char *path, char *const *paths);

#endif
