/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the ClientHello come from the device whose profile was chosen?
 */
#include "engine.h"

typedef struct {
    TlsfitSet          set;
    TlsfitNameKind     kind;
    const TlsfitCodes *codes;
} Part;

/* Names what the hello offers and the device is known not to have. */
static void collect(const TlsfitJudge *judge, const Part *part, GString *strange, const TlsfitSource **source)
{
    for (guint i = 0; i < tlsfit_codes_length(part->codes); i++) {
        const guint code = tlsfit_codes_get(part->codes, i);

        if (tlsfit_is_grease(code) || (part->set == TLSFIT_SET_CIPHER_SUITES && tlsfit_suite(code)->is_scsv)) {
            continue;
        }
        g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, part->set, code);

        if (verdict.status != TLSFIT_CANNOT || strange->len > 200) {
            continue;
        }
        g_autofree char *name = tlsfit_name_or_number(part->kind, code);

        g_string_append_printf(strange, "%s%s", strange->len > 0 ? "; " : "", name);
        *source = verdict.source;
    }
}

static void judge_hello_not_this_device(TlsfitJudge *judge)
{
    const TlsfitMessage *hello = judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO];
    const TlsfitSubject subject = { "client_hello", -1, hello->place };
    const Part parts[] = {
        { TLSFIT_SET_VERSIONS, TLSFIT_NAME_VERSION, &hello->versions },
        { TLSFIT_SET_CIPHER_SUITES, TLSFIT_NAME_CIPHER_SUITE, &hello->cipher_suites },
        { TLSFIT_SET_GROUPS, TLSFIT_NAME_GROUP, &hello->groups },
        { TLSFIT_SET_SIGNATURE_SCHEMES, TLSFIT_NAME_SIGNATURE_SCHEME, &hello->schemes },
    };
    TlsfitVerdict verdict = { TLSFIT_SUSPECT, NULL, NULL };
    GString *strange = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(parts) && !judge->session->advertised; i++) {
        collect(judge, &parts[i], strange, &verdict.source);
    }
    if (strange->len > 0) {
        verdict.limit = g_strdup_printf("%s does not have these", tlsfit_device_name(judge->device));
        tlsfit_judge_verdict(judge, &subject, &verdict, "the ClientHello offers what the chosen device does not have: %s",
                             strange->str);
    }
    tlsfit_verdict_clear(&verdict);
    g_string_free(strange, TRUE);
}

const TlsfitRule tlsfit_rule_hello_not_this_device = {
    .text = {
        .id = "hello_not_this_device",
        .title = "Whether the ClientHello is this device's",
        .why = "A ClientHello shows what its sender can do. When it offers things that the chosen device is "
               "known not to have, it comes from something else, or from another firmware: the other "
               "findings then tell what this device would do in its place.",
        .cannot_know = "A device that offers less than its profile lists may be the same one with other settings.",
        .fix_device = "Choose the device that really sent this, or correct the profile.",
        .spec = "RFC 8446, 4.1.2",
    },
    .stage = TLSFIT_STAGE_OUTCOME,
    .moments = 1u << TLSFIT_MOMENT_CLIENT_HELLO,
    .client_only = TRUE,
    .judge = judge_hello_not_this_device,
};
