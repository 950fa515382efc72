/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which client of the captures is meant: chosen by address, MAC or fingerprint, or the only one that there is.
 */
#ifndef TLSFIT_LEARN_CLIENTS_H
#define TLSFIT_LEARN_CLIENTS_H

#include "tlsfit_learn.h"

/* A client as the user names it. */
typedef enum { CHOICE_NONE, CHOICE_ADDRESS, CHOICE_MAC, CHOICE_JA3, CHOICE_JA4 } ChoiceKind;

typedef struct {
    ChoiceKind kind;
    char      *text; /* as it is compared; NULL for CHOICE_NONE */
} Choice;

/* Reads TEXT: an address, a MAC address, ja3:HASH or ja4:HASH; NULL chooses nothing. FALSE and ERROR where it is none. */
gboolean choice_read(Choice *choice, const char *text, GError **error);
void choice_clear(Choice *choice);

/* TRUE without a choice too. */
gboolean choice_fits(const Choice *choice, const TlsfitLessonClient *client);

/* Could a client at ADDRESS with MAC fit? Its fingerprint is not looked at. */
gboolean choice_may_fit(const Choice *choice, const char *address, const char *mac);

/* The clients that were met, by address (where there is none: by MAC). */
typedef struct Clients Clients;

Clients *clients_new(void);
void clients_free(Clients *clients);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clients, clients_free)

void clients_add(Clients *clients, const TlsfitLessonClient *client);
guint clients_count(const Clients *clients);

/* A table for people, the busiest first, with what to write behind --client. Newly allocated, ends with a newline. */
char *clients_text(const Clients *clients);

#endif
