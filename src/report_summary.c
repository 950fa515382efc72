/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One handshake in a few words, and its way through a pipe. See tlsfit_report.h.
 *
 * In: a judged session, or what another process made of one. Out: TlsfitSummary.
 */
#include "report_writer.h"

/* The strings of a summary in the order in which they travel. */
static const gsize strings[] = {
    G_STRUCT_OFFSET(TlsfitSummary, file),        G_STRUCT_OFFSET(TlsfitSummary, client),
    G_STRUCT_OFFSET(TlsfitSummary, server),      G_STRUCT_OFFSET(TlsfitSummary, server_name),
    G_STRUCT_OFFSET(TlsfitSummary, device),      G_STRUCT_OFFSET(TlsfitSummary, device_name),
    G_STRUCT_OFFSET(TlsfitSummary, device_source), G_STRUCT_OFFSET(TlsfitSummary, cause),
    G_STRUCT_OFFSET(TlsfitSummary, subject),     G_STRUCT_OFFSET(TlsfitSummary, certificate),
    G_STRUCT_OFFSET(TlsfitSummary, headline),    G_STRUCT_OFFSET(TlsfitSummary, action),
    G_STRUCT_OFFSET(TlsfitSummary, text),
};

static char **string_at(const TlsfitSummary *summary, guint index)
{
    return G_STRUCT_MEMBER_P(summary, strings[index]);
}

static guint32 first_frame(const TlsfitSession *session)
{
    g_autoptr(GArray) steps = tlsfit_session_steps(session);

    for (guint i = 0; i < steps->len; i++) {
        if (g_array_index(steps, TlsfitStep, i).place.frame > 0) {
            return g_array_index(steps, TlsfitStep, i).place.frame;
        }
    }
    return 0;
}

/* The certificate that the cause is about, by the name of its subject. */
static char *certificate_name(const TlsfitSession *session, const TlsfitFinding *cause)
{
    const TlsfitMessage *chain = session->slots[session->device_side == TLSFIT_CLIENT ? TLSFIT_SLOT_SERVER_CERTIFICATE
                                                                                      : TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (cause->cert_index < 0 || chain == NULL || chain->certificates == NULL ||
        (guint)cause->cert_index >= chain->certificates->len) {
        return NULL;
    }
    return g_strdup(g_array_index(chain->certificates, TlsfitCertificateEntry, cause->cert_index).certificate->subject);
}

static void add_diagnosis(TlsfitSummary *summary, const TlsfitSession *session)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);

    if (diagnosis == NULL) {
        return;
    }
    summary->outcome = diagnosis->outcome;
    summary->text = g_strdup(diagnosis->text);
    if (diagnosis->cause != NULL) {
        summary->cause = g_strdup(diagnosis->cause->rule);
        summary->cause_status = diagnosis->cause->status;
        summary->subject = g_strdup(diagnosis->cause->subject);
        summary->cert_index = diagnosis->cause->cert_index;
        summary->certificate = certificate_name(session, diagnosis->cause);
    }
}

TlsfitSummary *tlsfit_summary_new(const TlsfitSession *session, const TlsfitReportWhere *where)
{
    TlsfitSummary *summary = g_new0(TlsfitSummary, 1);
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);

    if (where != NULL) {
        summary->file = g_strdup(where->file);
        summary->client = g_strdup(where->client);
        summary->server = g_strdup(where->server);
        summary->first_frame = where->first_frame;
    }
    if (summary->first_frame == 0) {
        summary->first_frame = first_frame(session);
    }
    summary->stream = session->stream;
    summary->server_name = g_strdup(hello != NULL ? hello->server_name : NULL);
    summary->outcome = TLSFIT_OUTCOME_OPEN;
    summary->status = tlsfit_session_status(session);
    summary->cert_index = -1;
    if (session->device != NULL) {
        summary->device = g_strdup(tlsfit_device_id(session->device));
        summary->device_name = g_strdup(tlsfit_device_name(session->device));
        summary->device_source = g_strdup(session->device_source);
    }
    add_diagnosis(summary, session);
    summary->headline = tlsfit_plain_headline(session);
    summary->action = tlsfit_plain_action(session);
    return summary;
}

void tlsfit_summary_free(TlsfitSummary *summary)
{
    if (summary != NULL) {
        for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
            g_free(*string_at(summary, i));
        }
        g_free(summary);
    }
}

GVariant *tlsfit_summary_to_variant(const TlsfitSummary *summary)
{
    GVariantBuilder builder;

    g_variant_builder_init(&builder, G_VARIANT_TYPE("ams"));
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
        const char *text = *string_at(summary, i);
        g_autofree char *valid = text != NULL ? g_utf8_make_valid(text, -1) : NULL;

        g_variant_builder_add(&builder, "ms", valid);
    }
    return g_variant_new(TLSFIT_SUMMARY_TYPE, summary->stream, summary->first_frame, (int)summary->outcome,
                         (int)summary->status, (int)summary->cause_status, summary->cert_index, &builder);
}

static gboolean is_status(int status)
{
    return status >= TLSFIT_OK && status <= TLSFIT_CANNOT;
}

TlsfitSummary *tlsfit_summary_from_variant(GVariant *variant)
{
    g_autoptr(TlsfitSummary) summary = g_new0(TlsfitSummary, 1);
    g_autoptr(GVariant) texts = NULL;
    int outcome, status, cause_status;

    if (!g_variant_is_of_type(variant, G_VARIANT_TYPE(TLSFIT_SUMMARY_TYPE))) {
        return NULL;
    }
    g_variant_get(variant, "(uuiiii@ams)", &summary->stream, &summary->first_frame, &outcome, &status, &cause_status,
                  &summary->cert_index, &texts);
    if (outcome < TLSFIT_OUTCOME_OPEN || outcome > TLSFIT_OUTCOME_CUT || !is_status(status) ||
        !is_status(cause_status) || g_variant_n_children(texts) != G_N_ELEMENTS(strings)) {
        return NULL;
    }
    summary->outcome = (TlsfitOutcome)outcome;
    summary->status = (TlsfitStatus)status;
    summary->cause_status = (TlsfitStatus)cause_status;
    for (guint i = 0; i < G_N_ELEMENTS(strings); i++) {
        g_variant_get_child(texts, i, "ms", string_at(summary, i));
    }
    return g_steal_pointer(&summary);
}
