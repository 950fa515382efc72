/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was learned, for people and for programs: the difference to the profile that there was, and the hints.
 */
#ifndef TLSFIT_LEARN_REPORT_H
#define TLSFIT_LEARN_REPORT_H

#include "tlsfit_learn.h"

/* CHANGES as tlsfit_learned_write() gives them. MERGED: there was a profile; else what is new is only counted. */
GString *learn_report_text(const TlsfitLearned *learned, const GPtrArray *changes, gboolean merged);

/* The same as JSON (doc/schema/learn.schema.json). */
GString *learn_report_json(const TlsfitLearned *learned, const GPtrArray *changes);

/* How many changes are of KIND. */
guint learn_report_count(const GPtrArray *changes, TlsfitLearnKind kind);

#endif
