/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The validity period of each certificate against the time of the capture, and against the clock that the device shows.
 */
#include "engine.h"

static const int alerts[] = { 42, 44, 45, 46, 48, -1 };

#define EXPIRED_ALERT 45 /* certificate_expired: sent for certificates that are not valid yet, too */
#define SPEAKS_FOR_IT 30 /* what that alert adds */

static char *date(gint64 time_s)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(time_s);

    return moment != NULL ? g_date_time_format(moment, "%Y-%m-%d %H:%M") : g_strdup("a date out of range");
}

static void judge_certificate(TlsfitJudge *judge, const TlsfitMessage *chain, guint index)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const gint64 now_s = judge->session->wall_s;
    const gboolean early = now_s < certificate->not_before_s;
    const char *clock = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_clock, NULL);
    TlsfitViolation violation = { TLSFIT_FEATURE_clock, "yes", "checks the validity period",
                                  "RFC 5280, 6.1.3 (a)(2)", TLSFIT_WEIGHT_GENERAL + 4 };

    if ((!early && now_s <= certificate->not_after_s) || g_strcmp0(clock, "no") == 0) {
        return;
    }
    if (tlsfit_chain_is_anchor(chain, index)) { /* an anchor that the device has is not verified by everybody */
        violation.feature = TLSFIT_FEATURE_anchor_validity_checked;
        violation.limit = "checks the dates of the trust anchor too";
        violation.weight = TLSFIT_WEIGHT_GENERAL - 5;
    } else if (tlsfit_chain_perhaps_past_anchor(judge, chain, index)) {
        violation.feature = TLSFIT_FEATURE_COUNT; /* a device that trusts the key below does not come so far */
        violation.limit = "checks the validity period of a certificate whose key it does not hold as an anchor";
    }
    violation.weight += tlsfit_judge_alert_is(judge, EXPIRED_ALERT) ? SPEAKS_FOR_IT : 0;
    g_autofree char *limit = date(early ? certificate->not_before_s : certificate->not_after_s);
    g_autofree char *now = date(now_s);

    tlsfit_judge_violation(judge, &subject, &violation, "it %s %s UTC; judged as of %s (%s)",
                           early ? "is not valid before" : "expired on", limit, now, certificate->subject);
}

/* The time in the ClientHello's random, where it looks like a clock that was never set. By chance less than one random in
 * a hundred does. Zeros are no clock but a stack that shows none, as BearSSL does. 0: no such sign. */
static gint64 unset_clock_s(const TlsfitMessage *hello)
{
    const gboolean shown = hello != NULL && hello->has_random_time && hello->random_time_s > 0 &&
                           !tlsfit_version_is_tls13(tlsfit_hello_newest(hello));

    return shown && tlsfit_clock_was_never_set(hello->random_time_s) ? hello->random_time_s : 0;
}

/* Only where the certificate is valid by the capture's time: then the device's own clock is what remains. */
static void judge_clock(TlsfitJudge *judge, const TlsfitMessage *chain, guint index, gint64 device_s)
{
    const TlsfitCertificate *certificate = tlsfit_chain_entry(chain, index)->certificate;
    const TlsfitSubject subject = tlsfit_subject_certificate(chain, index);
    const char *clock = tlsfit_device_feature(judge->device, TLSFIT_FEATURE_clock, NULL);
    const gint64 now_s = judge->session->wall_s;
    const TlsfitViolation violation = {
        TLSFIT_FEATURE_COUNT, NULL, "checks the validity period by its own clock", "RFC 5246, 7.4.1.2",
        TLSFIT_WEIGHT_GENERAL + 3 + (tlsfit_judge_alert_is(judge, EXPIRED_ALERT) ? SPEAKS_FOR_IT : 0)
    };

    if (g_strcmp0(clock, "no") == 0 || judge->moment != TLSFIT_MOMENT_FAILED || judge->unknown_only ||
        device_s >= certificate->not_before_s || now_s < certificate->not_before_s ||
        now_s > certificate->not_after_s) {
        return;
    }
    g_autofree char *shown = date(device_s);
    g_autofree char *limit = date(certificate->not_before_s);
    TlsfitJudged *judged = tlsfit_judge_violation(
        judge, &subject, &violation,
        "the ClientHello's random begins like a clock at %s UTC, and this certificate is not valid before %s (%s)", shown,
        limit, certificate->subject);

    if (judged != NULL) {
        tlsfit_judged_fix_server(judged, NULL);
    }
}

static void judge_cert_validity(TlsfitJudge *judge)
{
    const TlsfitMessage *chain = tlsfit_judge_chain(judge);
    const gint64 device_s = unset_clock_s(judge->session->slots[TLSFIT_SLOT_CLIENT_HELLO]);

    if (judge->session->wall_s <= 0 && tlsfit_chain_length(chain) > 0) {
        const TlsfitSubject subject = tlsfit_subject_certificate(chain, 0);

        tlsfit_judge_fact(judge, &subject, TLSFIT_UNKNOWN, NULL, NULL,
                          "the date of the handshake is not known: the capture has none, or that of a clock never set");
        return;
    }
    for (guint i = 0; i < tlsfit_chain_length(chain); i++) {
        if (!tlsfit_chain_entry(chain, i)->certificate->readable || tlsfit_chain_past_anchor(judge, chain, i) ||
            tlsfit_chain_off_path(judge, chain, i)) {
            continue;
        }
        judge_certificate(judge, chain, i);
        if (device_s > 0 && judge->side == TLSFIT_CLIENT && !tlsfit_chain_is_anchor(chain, i)) {
            judge_clock(judge, chain, i, device_s);
        }
    }
}

const TlsfitRule tlsfit_rule_cert_validity = {
    .text = {
        .id = "cert_validity",
        .title = "The validity period of a certificate",
        .why = "A certificate is good from one date to another, and every certificate of the path is checked, the "
               "intermediates' too. A device without a battery wakes up in 1970 and finds every certificate "
               "not valid yet until it has fetched the time.",
        .cannot_know = "What the device's clock says. Older stacks show it in the first four bytes of the ClientHello's "
                       "random; in newer ones these are random too.",
        .fix_server = "Renew the certificate, and let the server load the new one; an intermediate that has expired is "
                      "replaced by the CA's current one.",
        .fix_device = "Set the device's clock before it connects (SNTP, the network's time, a time kept over restarts).",
        .spec = "RFC 5280, 4.1.2.5 and 6.1.3",
    },
    .stage = TLSFIT_STAGE_CHAIN,
    .moments = 1u << TLSFIT_MOMENT_CHAIN | 1u << TLSFIT_MOMENT_FAILED,
    .alerts = alerts,
    .judge = judge_cert_validity,
};
