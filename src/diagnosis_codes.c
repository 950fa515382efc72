/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the vendor's own error numbers belong to how the handshake ended.
 *
 * In: the outcome, the primary cause, the device's numbers. Out: diagnosis->device_codes, and a sentence. A capture does
 * not show what a device prints: this says what to look for, and claims no more than the profile's source does.
 */
#include "engine.h"

#include <string.h>

/* How particular a tie is. A number of the cause's rule beats one that any cause of the same alert has. */
enum { BY_OUTCOME = 1, BY_ALERT = 2, BY_RULE = 4 };

static gboolean has_rule(const TlsfitDeviceCode *code, const TlsfitFinding *cause)
{
    return cause != NULL && g_strv_contains((const char *const *)code->rules, cause->rule);
}

static gboolean has_alert(const TlsfitDeviceCode *code, const TlsfitDiagnosis *diagnosis)
{
    for (guint i = 0; i < code->alerts->len; i++) {
        const TlsfitDeviceAlert *alert = &g_array_index(code->alerts, TlsfitDeviceAlert, i);

        if (diagnosis->outcome == TLSFIT_OUTCOME_ALERT && diagnosis->side == alert->from &&
            (alert->number < 0 || alert->number == diagnosis->alert)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* All that the profile says of CODE holds: how particular that is; else 0. */
static int match(const TlsfitDeviceCode *code, const TlsfitDiagnosis *diagnosis)
{
    int particular = 0;

    if (code->outcomes != 0) {
        if ((code->outcomes & 1u << diagnosis->outcome) == 0) {
            return 0;
        }
        particular |= BY_OUTCOME;
    }
    if (code->alerts->len > 0) {
        if (!has_alert(code, diagnosis)) {
            return 0;
        }
        particular |= BY_ALERT;
    }
    if (code->rules != NULL) {
        if (!has_rule(code, diagnosis->cause)) {
            return 0;
        }
        particular |= BY_RULE;
    }
    return particular;
}

static gboolean failed(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->outcome == TLSFIT_OUTCOME_ALERT || diagnosis->outcome == TLSFIT_OUTCOME_STALLED ||
           diagnosis->outcome == TLSFIT_OUTCOME_RESET || diagnosis->outcome == TLSFIT_OUTCOME_CLOSED;
}

void tlsfit_diagnosis_find_codes(const TlsfitSession *session, TlsfitDiagnosis *diagnosis)
{
    const GPtrArray *codes = tlsfit_device_codes(session->device);
    gboolean by_rule = FALSE;

    for (int particular = BY_RULE | BY_ALERT | BY_OUTCOME; failed(diagnosis) && particular > 0; particular--) {
        const gboolean by_alert_alone = (particular & BY_ALERT) != 0 && (particular & BY_RULE) == 0;

        for (guint i = 0; i < codes->len && !(by_rule && by_alert_alone); i++) {
            TlsfitDeviceCode *code = g_ptr_array_index(codes, i);

            if (match(code, diagnosis) == particular) {
                g_ptr_array_add(diagnosis->device_codes, code);
                by_rule |= (particular & BY_RULE) != 0;
            }
        }
    }
}

void tlsfit_diagnosis_describe_codes(const TlsfitDiagnosis *diagnosis, GString *text)
{
    for (guint i = 0; i < diagnosis->device_codes->len; i++) {
        const TlsfitDeviceCode *code = g_ptr_array_index(diagnosis->device_codes, i);

        g_string_append_printf(text, "%s %s (%s)", i == 0 ? ". In the device's own log look for" : ", or",
                               code->code, code->text);
    }
}
