/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A handshake message in several records, and a receiver that does not put them together.
 */
#include "engine.h"
#include "sizes.h"

static const int alerts[] = { 10, 22, 40, 47, 50, 80, -1 };

static void judge_message(TlsfitJudge *judge, const TlsfitDevice *receiver, const TlsfitMessageSize *size)
{
    const char *type = tlsfit_name(TLSFIT_NAME_HANDSHAKE, size->type);
    g_autofree char *name = g_strdup_printf("%s.fragments", type != NULL ? type : "handshake_message");
    const TlsfitSubject subject = { name, -1, size->place };
    g_autofree char *limit = g_strdup_printf("%s does not put the pieces of a handshake message together",
                                             tlsfit_device_name(receiver));
    g_auto(TlsfitVerdict) verdict =
        tlsfit_judge_feature(receiver, TLSFIT_FEATURE_handshake_defragmentation, "no", limit);
    TlsfitJudged *judged;
    TlsfitSizes sizes;

    judged = tlsfit_judge_verdict(judge, &subject, &verdict, "the %s message of %u bytes came in %u records",
                                  type != NULL ? type : "handshake", size->bytes, size->fragments);
    if (judged == NULL || verdict.status == TLSFIT_UNKNOWN) {
        return;
    }
    tlsfit_sizes_read(judge->session, judge->side, &sizes);
    if (receiver != judge->device) {
        judged->stage = TLSFIT_STAGE_HELLO; /* the other side refuses the device's hello */
        judged->weight = TLSFIT_WEIGHT_PROVEN;
    } else if (sizes.max_fragment_length.asked_bytes > 0 && sizes.max_fragment_length.granted) {
        g_autofree char *fix = g_strdup_printf("Do not ask for max_fragment_length (it asked for %u bytes, and the server "
                                               "obeys): %s",
                                               sizes.max_fragment_length.asked_bytes, judged->finding.fix_device);

        tlsfit_judged_fix_device(judged, g_steal_pointer(&fix));
    }
}

static void judge_handshake_fragmented(TlsfitJudge *judge)
{
    const GArray *sizes = judge->session->sizes;

    if (judge->session->transport == TLSFIT_OVER_DTLS || judge->session->transport == TLSFIT_OVER_QUIC) {
        return; /* there fragments are the normal case */
    }
    for (guint i = judge->first_size; sizes != NULL && i < sizes->len; i++) {
        const TlsfitMessageSize *size = &g_array_index(sizes, TlsfitMessageSize, i);

        if (size->fragments < 2) {
            continue;
        }
        if (size->side != judge->side) {
            judge_message(judge, judge->device, size);
        } else if (judge->peer != NULL && size->type == TLSFIT_HS_CLIENT_HELLO) {
            judge_message(judge, judge->peer, size);
        }
    }
}

const TlsfitRule tlsfit_rule_handshake_fragmented = {
    .text = {
        .id = "handshake_fragmented",
        .title = "A handshake message split over several records",
        .why = "A handshake message may be cut into several records, when it is larger than 16 KB, when the "
               "client asked for small fragments, or because the server likes to. Some stacks, mbed TLS before "
               "3.6.3 among them, take each record for a whole message and fail.",
        .cannot_know = "Whether the device's stack was updated since the profile was written.",
        .fix_server = "Let the server send each handshake message in one record: no limit on its fragments (OpenSSL: no "
                      "-max_send_frag), and a chain whose Certificate message stays under 16 KB.",
        .fix_device = "Update the stack to one that puts fragments together (mbed TLS 3.6.3).",
        .spec = "RFC 5246, 6.2.1; RFC 8446, 5.1",
    },
    .stage = TLSFIT_STAGE_SIZE,
    .moments = 1u << TLSFIT_MOMENT_SIZES,
    .alerts = alerts,
    .judge = judge_handshake_fragmented,
};
