/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the driver for rule cases: a case file (see README.md here) becomes a device and a fed session, and what
 * came of it is compared with what the file expects.
 */
#ifndef TLSFIT_TEST_CASE_H
#define TLSFIT_TEST_CASE_H

#include "tlsfit.h"

typedef struct {
    const char     *rule;         /* the rule's folder */
    char           *path;
    GKeyFile       *file;
    char           *certificates; /* folders with PEM files, separated by : */
    TlsfitLibrary  *library;
    TlsfitSession  *session;
    TlsfitView      view;
    GString        *problems;     /* what is wrong, a line each; empty: the case passed */
} Case;

/* Adds a line to the problems. */
void case_problem(Case *test, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The value of a key, or NULL. Newly allocated. */
char *case_string(const Case *test, const char *group, const char *key);

/* The parts of a value that ; separates, stripped, without empty ones; empty where the key is missing. */
char **case_list(const Case *test, const char *group, const char *key);

/* case_device.c: the devices of [case] and of the [device:...] and [peer:...] sections, into test->view. */
void case_devices(Case *test);

/* case_steps.c: feeds the steps in order and judges after each. */
void case_steps(Case *test);

/* case_expect.c: compares with [expect]. */
void case_expect(Case *test);

/* Does [expect] show what [case] status says of the rule: cannot, suspect, broken, unknown, ok, silent? */
void case_kind(Case *test, const char *kind);

#endif
