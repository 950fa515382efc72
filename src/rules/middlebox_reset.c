/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reset, or the FIN, in the name of one side was sent by somebody between the two.
 */
#include "engine.h"

#define SOURCE                                                                                                    \
    "this capture's IP and TCP headers; on resets in another's name: Weaver, Sommer and Paxson, Detecting Forged "   \
    "TCP Reset Packets, NDSS 2009"

static void judge_middlebox_reset(TlsfitJudge *judge)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    const gboolean reset = diagnosis->outcome == TLSFIT_OUTCOME_RESET;
    const TlsfitSubject subject = { reset ? "reset" : "fin", -1, diagnosis->place };
    const char *name = diagnosis->side == TLSFIT_CLIENT ? "client" : "server";
    TlsfitJudged *judged;

    if (!diagnosis->from_between) {
        return;
    }
    g_autofree char *seen = tlsfit_origin_text(&diagnosis->origin, name);

    judged = tlsfit_judge_fact(judge, &subject, TLSFIT_SUSPECT, SOURCE, NULL,
                               "it comes from somebody between the two: %s", seen);
    tlsfit_judged_prove(judged);
}

const TlsfitRule tlsfit_rule_middlebox_reset = {
    .text = {
        .id = "middlebox_reset",
        .title = "A reset from between the two",
        .why = "Firewalls, proxies and filters end connections that they do not want by a reset in the name of the "
               "other side. Each router takes one from the TTL of a packet, so that one from nearby has more of it "
               "left than the packets of the host in whose name it was sent. And a host that has reset a connection "
               "sends nothing more on it: where new data of it arrives, the reset was another's. Neither side's limits "
               "explain such an end: neither has ended it.",
        .cannot_know = "Who it was and what it minded: the address, the port, the server name, the version, or the "
                       "size of the ClientHello. A middlebox at the same distance as the host, or one that copies "
                       "its TTL, looks like the host, unless the host is seen to go on. A load balancer, or another host "
                       "behind the same address (anycast), counts as between.",
        .fix_server = "Capture on the server too: if the ClientHello does not arrive there, or no reset leaves it, look "
                      "for the connection in the logs of the firewalls, load balancers and proxies before the server.",
        .fix_device = "Try the device in another network. If it connects there, look for the connection in the logs "
                      "of the firewall or proxy of this one. Then change one thing of the ClientHello at a time "
                      "(its size, the server name, the version): that tells what the middlebox minds.",
        .spec = "RFC 791, 3.2; RFC 8200, 3; RFC 9293, 3.5.2 and 3.10.5",
    },
    .stage = TLSFIT_STAGE_WAY,
    .moments = 1u << TLSFIT_MOMENT_FAILED,
    .judge = judge_middlebox_reset,
};
