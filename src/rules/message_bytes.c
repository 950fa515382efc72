/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of every handshake message that the device receives.
 */
#include "engine.h"
#include "sizes.h"

static const int alerts[] = { 22, 40, 47, 50, 80, -1 };

/* What the message is made of, and what leaving certificates out would save. */
static void add_arithmetic(TlsfitJudge *judge, TlsfitJudged *judged)
{
    TlsfitSizes sizes;
    guint64 limit = 0;

    tlsfit_sizes_read(judge->session, judge->side, &sizes);
    tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_message_bytes_max, &limit, NULL);
    g_autofree char *parts = tlsfit_sizes_chain_text(&sizes);

    if (parts != NULL) {
        char *observed = g_strdup_printf("%s: %s", judged->finding.observed, parts);

        g_free(judged->finding.observed);
        judged->finding.observed = observed;
    }
    tlsfit_judged_fix_server(judged, tlsfit_sizes_fix_text(&sizes, judge->rule->text.fix_server, limit));
}

static void judge_message(TlsfitJudge *judge, const TlsfitMessageSize *size)
{
    const char *type = tlsfit_name(TLSFIT_NAME_HANDSHAKE, size->type);
    g_autofree char *name = g_strdup_printf("%s.bytes", type != NULL ? type : "handshake_message");
    const TlsfitSubject subject = { name, -1, size->place };
    g_auto(TlsfitVerdict) verdict =
        tlsfit_device_number(judge->device, TLSFIT_NUMBER_message_bytes_max, size->bytes);

    TlsfitJudged *judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the %s message has %u bytes",
                                                type != NULL ? type : "handshake", size->bytes);

    if (judged != NULL && verdict.status != TLSFIT_UNKNOWN && size->type == TLSFIT_HS_CERTIFICATE) {
        add_arithmetic(judge, judged);
    }
}

static void judge_message_bytes(TlsfitJudge *judge)
{
    const GArray *sizes = judge->session->sizes;
    guint64 limit;

    if (!tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_message_bytes_max, &limit, NULL) &&
        !judge->unknown_only) {
        return;
    }
    for (guint i = judge->first_size; sizes != NULL && i < sizes->len; i++) {
        const TlsfitMessageSize *size = &g_array_index(sizes, TlsfitMessageSize, i);

        /* Where the limit is not known, only the one message that is ever large is worth naming. */
        if (size->side != judge->side && size->bytes > 0 &&
            (!judge->unknown_only || size->type == TLSFIT_HS_CERTIFICATE)) {
            judge_message(judge, size);
        }
    }
}

const TlsfitRule tlsfit_rule_message_bytes = {
    .text = {
        .id = "message_bytes",
        .title = "The size of a handshake message",
        .why = "A device that keeps a whole handshake message in one buffer cannot take a message in that is "
               "larger. The Certificate message is the one that grows: with the number of certificates, with "
               "RSA-4096 keys and signatures, with long lists of names.",
        .cannot_know = "How much of the buffer other data takes at that moment.",
        .fix_server = "Make the Certificate message smaller: leave out the root, use ECDSA instead of RSA, drop "
                      "certificates that the device does not need.",
        .fix_device = "Enlarge the buffer for handshake messages in the device's TLS configuration.",
        .spec = "RFC 8446, 4; RFC 5246, 7.4",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_SIZES,
    .alerts = alerts,
    .judge = judge_message_bytes,
};
