/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake that completed although a finding says that the device cannot.
 */
#include "engine.h"

static void judge_profile_contradicted(TlsfitJudge *judge)
{
    const GPtrArray *findings = judge->session->findings;
    const TlsfitSubject subject = { "handshake", -1, judge->session->diagnosis->place };
    g_autoptr(GString) contradicted = NULL;
    TlsfitVerdict verdict = { TLSFIT_SUSPECT, NULL, NULL };

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (g_str_equal(finding->rule, "hello_not_this_device")) {
            return; /* another device completed: no contradiction */
        }
        if (finding->status == TLSFIT_CANNOT || finding->status == TLSFIT_BROKEN) {
            contradicted = contradicted != NULL ? g_string_append(contradicted, "; ") : g_string_new(NULL);
            g_string_append_printf(contradicted, "%s (%s)", finding->rule, finding->subject);
            verdict.source = finding->source;
        }
    }
    if (contradicted != NULL) {
        tlsfit_judge_verdict(judge, &subject, &verdict, "the handshake completed in spite of %s", contradicted->str);
    }
}

const TlsfitRule tlsfit_rule_profile_contradicted = {
    .text = {
        .id = "profile_contradicted",
        .title = "The profile is contradicted",
        .why = "A device that completed a handshake can do what was needed for it, or does not verify it at "
               "all. Then the profile is wrong for this device or firmware, or another device was chosen.",
        .cannot_know = "Whether the device verified the certificates at all: many accept any.",
        .fix_device = "Correct the profile, with this capture as the source, or choose the right device.",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_COMPLETED,
    .judge = judge_profile_contradicted,
};
