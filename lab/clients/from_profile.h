/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device profile as the limits of a lab client.
 * In: the project's own ini file. Out: struct lab_options, and what the stack
 * cannot be made to enforce, as lines "unenforced: SECTION.KEY".
 * Not here: anything of a stack: each client says what it enforces.
 */
#ifndef LAB_FROM_PROFILE_H
#define LAB_FROM_PROFILE_H

#include "options.h"

/*
 * Does this client enforce the key, with the values that options hold?
 * word: what the profile says of a feature, NULL for all other keys.
 */
typedef bool (*lab_enforces)(const struct lab_options *options,
	const char *key, const char *word);

/*
 * Without --device: nothing. Else the profile's limits replace those of the
 * command line, and what is not enforced is printed. A profile that is silent
 * on versions gets the stack's: lowest to highest. Leaves with 2 when the
 * profile cannot be read, and with 0 after --unenforced.
 */
void lab_profile_apply(struct lab_options *options, lab_enforces enforces,
	uint16_t lowest, uint16_t highest);

/* Is key one of keys, which NULL ends? */
bool lab_key_in(const char *const *keys, const char *key);

#endif
