/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake as it would look to another device than the one that was on the wire.
 *
 * In: a session with a whole handshake, a view. Out: findings about what the server sent and would have sent to this
 * device too: its chain, the size of its messages, its request for a certificate. What it chose from the other client's
 * offer is nothing that it would have to choose again: there a limit makes the finding unknown, never a failure. How the
 * handshake ended says nothing of this device, and neither does the ClientHello.
 */
#include "engine.h"

/* What becomes of a rule's findings. */
typedef enum {
    KEEP,   /* holds for this device as well */
    CHOICE, /* rests on the other client's offer */
    OWN     /* about the other client itself */
} Bearing;

static Bearing bearing_of(const TlsfitRule *rule)
{
    static const struct {
        const char *rule;
        Bearing     bearing;
    } bearings[] = {
        { "server_version", CHOICE },       { "server_suite", CHOICE },
        { "server_group", CHOICE },         { "server_signature_scheme", CHOICE },
        { "server_dh_bits", CHOICE },       { "server_extension", CHOICE },
        { "broken_combination", CHOICE },   { "record_bytes", CHOICE },
        { "handshake_fragmented", CHOICE }, { "dtls_fragment", CHOICE },
        { "fragment_length_ignored", OWN }, { "hello_bytes", OWN },
    };

    for (guint i = 0; i < G_N_ELEMENTS(bearings); i++) {
        if (g_str_equal(bearings[i].rule, rule->text.id)) {
            return bearings[i].bearing;
        }
    }
    return KEEP;
}

static void soften(TlsfitFinding *finding)
{
    char *observed = g_strdup_printf("%s, after another client's offer: what this device would get is not known",
                                     finding->observed);

    g_free(finding->observed);
    finding->observed = observed;
    finding->status = TLSFIT_UNKNOWN;
}

void tlsfit_findings_for_other(GPtrArray *findings)
{
    for (guint i = findings->len; i-- > 0;) {
        TlsfitJudged *judged = g_ptr_array_index(findings, i);
        const Bearing bearing = bearing_of(judged->rule);

        if (bearing == OWN) {
            g_ptr_array_remove_index(findings, i);
        } else if (bearing == CHOICE && judged->finding.status > TLSFIT_UNKNOWN) {
            soften(&judged->finding);
        }
    }
}
