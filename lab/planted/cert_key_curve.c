/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A planted error: the rule on curves as one that never says anything.
 * In: nothing. Out: nothing. Linked only into the plugin of the lab's own test,
 * in place of src/rules/cert_key_curve.c; the experiment must notice it.
 */
#include "engine.h"

static void judge_nothing(TlsfitJudge *judge)
{
	(void)judge;
}

const TlsfitRule tlsfit_rule_cert_key_curve = {
	.text = {
		.id = "cert_key_curve",
		.title = "Planted: says nothing",
		.why = "Planted.",
		.spec = "RFC 5480, 2.1.1",
	},
	.stage = TLSFIT_STAGE_CHAIN,
	.moments = 1u << TLSFIT_MOMENT_CHAIN,
	.judge = judge_nothing,
};
