/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of every judged session, whatever was fed: shared by the cases, the tests of the core and the fuzzer.
 */
#ifndef TLSFIT_TEST_INVARIANTS_H
#define TLSFIT_TEST_INVARIANTS_H

#include "tlsfit.h"

/* NULL, or the first thing that does not hold of SESSION. Newly allocated. */
char *invariants_broken(const TlsfitSession *session);

#endif
