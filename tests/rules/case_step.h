/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One step of a case while it is being read.
 */
#ifndef TLSFIT_TEST_CASE_STEP_H
#define TLSFIT_TEST_CASE_STEP_H

#include "case.h"

typedef struct {
    Case       *test;
    const char *group;
    GHashTable *used;    /* keys that something has asked for */
    guint32     frame;
    gint64      time_us;
    TlsfitSide  side;
} Step;

/* As case_string() and case_list(), of this step; the key then counts as used. */
char *step_string(Step *step, const char *key);
char **step_list(Step *step, const char *key);
guint step_number(Step *step, const char *key, guint standard);

/* case_message.c: the handshake message NAME with the keys of the step; FALSE where there is no such message. */
gboolean step_message(Step *step, const char *name, TlsfitMessage *message);

/* case_extensions.c: what hellos, EncryptedExtensions and CertificateRequest have beside their lists. */
void step_extensions(Step *step, TlsfitMessage *message);
void step_certificate_request(Step *step, TlsfitMessage *message);

#endif
