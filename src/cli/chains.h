/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chains that check and matrix judge: files, standard input, and chains that a profile describes.
 *
 * One file is one chain, in the order of the file, as a server would send it. What else is in it, and what looks like a
 * mistake, becomes a note beside the chain; nothing is sorted or left out.
 */
#ifndef TLSFIT_CHAINS_H
#define TLSFIT_CHAINS_H

#include "tlsfit.h"

typedef struct {
    char      *name;         /* as the user wrote it; standard input: "-" */
    gboolean   described;    /* by a profile: no bytes, no dates, no names */
    GPtrArray *certificates; /* of TlsfitCertificate, index 0 first */
    GPtrArray *notes;        /* of char *: what a user should know of the file */
} TlsfitChainInput;

/* From a file, "-" is standard input; NULL after a message. */
TlsfitChainInput *tlsfit_chain_input_file(const char *path);

/* By its name in a profile; NULL after a message. */
TlsfitChainInput *tlsfit_chain_input_named(TlsfitLibrary *library, const char *name);

void tlsfit_chain_input_free(TlsfitChainInput *input);

/* All of them; NULL lists are empty. FAILED becomes TRUE where one could not be had: the others are there. Array of
 * TlsfitChainInput, owned by the caller. */
GPtrArray *tlsfit_chain_inputs(TlsfitLibrary *library, char *const *names, char *const *paths, gboolean *failed);

/* Prints the names of all chains in profiles, one a line, with what they are; or AS_JSON. */
void tlsfit_chain_list(TlsfitLibrary *library, gboolean as_json);

/* One certificate in a few words: "EC secp256r1, signed ecdsa-with-SHA384, 523 bytes". Newly allocated. */
char *tlsfit_certificate_brief(const TlsfitCertificate *certificate, gboolean described);

#endif
