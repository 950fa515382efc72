/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The group of the key exchange that the server chose: named curve, key share, or HelloRetryRequest.
 */
#include "engine.h"

static const int alerts[] = { 40, 47, 80, -1 };

static void judge_server_group(TlsfitJudge *judge)
{
    const TlsfitMessage *retry = judge->session->slots[TLSFIT_SLOT_RETRY_REQUEST];
    TlsfitSubject subject = { "server_key_exchange.group", -1, { 0, 0, 0 } };
    guint group;

    if (judge->moment == TLSFIT_MOMENT_RETRY_REQUEST) {
        if (tlsfit_codes_length(&retry->key_shares) == 0) {
            return; /* asks for a cookie only */
        }
        subject.name = "hello_retry_request.group";
        subject.place = retry->key_shares.place;
        group = tlsfit_codes_get(&retry->key_shares, 0);
    } else {
        const gboolean tls13 = tlsfit_version_is_tls13(tlsfit_session_version(judge->session));

        group = tlsfit_session_group(judge->session, &subject.place);
        if (group == 0 || tls13 != (judge->moment == TLSFIT_MOMENT_SERVER_HELLO)) {
            return; /* no named group, or it stands in the other message: TLS 1.3 names it in the ServerHello */
        }
        subject.name = tls13 ? "server_hello.key_share" : subject.name;
    }
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(judge->device, TLSFIT_SET_GROUPS, group);
    g_autofree char *name = tlsfit_name_or_number(TLSFIT_NAME_GROUP, group);

    tlsfit_judge_verdict(judge, &subject, &verdict, "the server chose the group %s", name);
}

const TlsfitRule tlsfit_rule_server_group = {
    .text = {
        .id = "server_group",
        .title = "The group of the key exchange",
        .why = "Both sides must compute Diffie-Hellman in the same group (curve). A small device often has "
               "one or two curves only.",
        .cannot_know = "Groups of a TLS 1.2 key exchange whose ServerKeyExchange is not in the capture.",
        .fix_server = "Put a group that the device has first in the server's list of groups (OpenSSL: -groups, "
                      "nginx: ssl_ecdh_curve).",
        .fix_device = "Enable the curve in the device's TLS build, or take it out of the supported_groups that the "
                      "device sends.",
        .spec = "RFC 8422, 5.4; RFC 8446, 4.2.8",
    },
    .stage = TLSFIT_STAGE_EXCHANGE,
    .moments = 1u << TLSFIT_MOMENT_RETRY_REQUEST | 1u << TLSFIT_MOMENT_SERVER_HELLO | 1u << TLSFIT_MOMENT_KEY_EXCHANGE,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_group,
};
