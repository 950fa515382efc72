/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `tlsfit check` in its parts: check.c reads the options, these show what came out. All take TlsfitChecked (dry.h), chain
 * after chain, and write to OUT.
 */
#ifndef TLSFIT_CHECK_H
#define TLSFIT_CHECK_H

#include "dry.h"

/* check_table.c: many devices, one line each, the worst first; every fix once at the end. */
void tlsfit_check_table(GString *out, const GPtrArray *chains, const GPtrArray *checked);

/* The head of a chain: its name, its certificates, its notes. */
void tlsfit_check_chain_head(GString *out, const TlsfitChainInput *chain);

/* check_detail.c: each pair with everything that was found, source, reason and fixes. */
void tlsfit_check_details(GString *out, const GPtrArray *checked);

/* check_json.c: one object, doc/schema/check.schema.json. */
void tlsfit_check_json(GString *out, const GPtrArray *chains, const GPtrArray *checked, const TlsfitAssumed *assumed,
                       int exit_status);

#endif
