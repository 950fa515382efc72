/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of the prime of a finite-field Diffie-Hellman exchange.
 */
#include "engine.h"

static const int alerts[] = { 40, 47, 71, 80, -1 };

/* The device fell silent over a prime whose arithmetic takes small processors seconds: it may still be computing. */
static void judge_slow(TlsfitJudge *judge, const TlsfitSubject *subject, guint bits)
{
    const TlsfitDiagnosis *diagnosis = judge->session->diagnosis;
    guint64 limit;
    TlsfitJudged *judged;

    if (diagnosis->outcome != TLSFIT_OUTCOME_STALLED || diagnosis->side != judge->side ||
        tlsfit_device_number_value(judge->device, TLSFIT_NUMBER_dh_bits_max, &limit, NULL)) {
        return;
    }
    judged = tlsfit_judge_fact(judge, subject, TLSFIT_SUSPECT,
                               "https://github.com/espressif/arduino-esp32/issues/2896: over 10 s for DHE with 4096 bits",
                               NULL,
                               "the server chose DHE with a prime of %u bits, and the device has said nothing since: on a "
                               "small processor that takes many seconds",
                               bits);
    if (judged != NULL) {
        judged->weight = TLSFIT_WEIGHT_GENERAL - 5;
    }
}

static void judge_server_dh_bits(TlsfitJudge *judge)
{
    const TlsfitMessage *exchange = judge->session->slots[TLSFIT_SLOT_KEY_EXCHANGE];
    const TlsfitNumber numbers[] = { TLSFIT_NUMBER_dh_bits_max, TLSFIT_NUMBER_dh_bits_min };

    if (exchange == NULL || exchange->dh_bits == 0) {
        return;
    }
    const TlsfitSubject subject = { "server_key_exchange.dh_p", -1, exchange->dh_place };

    if (judge->moment == TLSFIT_MOMENT_FAILED) {
        judge_slow(judge, &subject, exchange->dh_bits);
        return;
    }
    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_auto(TlsfitVerdict) verdict = tlsfit_device_number(judge->device, numbers[i], exchange->dh_bits);

        tlsfit_judge_verdict(judge, &subject, &verdict, "the server's Diffie-Hellman prime has %u bits",
                             exchange->dh_bits);
    }
}

const TlsfitRule tlsfit_rule_server_dh_bits = {
    .text = {
        .id = "server_dh_bits",
        .title = "The size of the Diffie-Hellman prime",
        .why = "With DHE suites the server picks the prime. A small device has room and time for some sizes "
               "only, and many stacks refuse primes that are too short to be safe.",
        .cannot_know = "How long the device needs: a processor at 80 MHz may take longer than the server waits.",
        .fix_server = "Put ECDHE suites before DHE in the server's order and leave DHE out for this device (OpenSSL: "
                      "-cipher 'ECDHE:!DHE'), or use another prime (OpenSSL: -dhparam, nginx: ssl_dhparam).",
        .fix_device = "Take the DHE suites out of what the device offers, or enlarge its bignum size.",
        .spec = "RFC 5246, 7.4.3; RFC 7919, 3",
    },
    .stage = TLSFIT_STAGE_EXCHANGE,
    .moments = 1u << TLSFIT_MOMENT_KEY_EXCHANGE | 1u << TLSFIT_MOMENT_FAILED,
    .client_only = TRUE,
    .alerts = alerts,
    .judge = judge_server_dh_bits,
};
