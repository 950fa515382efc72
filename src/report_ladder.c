/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A judged handshake as a ladder of messages. See report_ladder.h.
 *
 * In: the steps of a session, its findings, its diagnosis. Out: rungs, what is held against each, and against each
 * certificate. Findings that the evidence excludes mark nothing.
 */
#include "report_ladder.h"

#include <string.h>

static void reason_free(gpointer data)
{
    TlsfitReason *reason = data;

    g_free(reason->text);
    g_free(reason);
}

static void certificate_free(gpointer data)
{
    TlsfitLadderCertificate *certificate = data;

    g_free(certificate->name);
    g_free(certificate->facts);
    g_clear_pointer(&certificate->reasons, g_ptr_array_unref);
    g_free(certificate);
}

static void rung_free(gpointer data)
{
    TlsfitRung *rung = data;

    g_free(rung->name);
    g_free(rung->detail);
    g_clear_pointer(&rung->reasons, g_ptr_array_unref);
    g_clear_pointer(&rung->certificates, g_ptr_array_unref);
    g_free(rung);
}

void tlsfit_ladder_free(TlsfitLadder *ladder)
{
    if (ladder != NULL) {
        for (guint side = 0; side < 2; side++) {
            g_free(ladder->heads[side]);
            g_free(ladder->addresses[side]);
        }
        g_ptr_array_unref(ladder->rungs);
        g_free(ladder);
    }
}

static TlsfitRungKind kind_of(const TlsfitStep *step)
{
    switch (step->kind) {
    case TLSFIT_STEP_MESSAGE:
        return step->type == TLSFIT_HS_ENCRYPTED ? TLSFIT_RUNG_HIDDEN : TLSFIT_RUNG_ARROW;
    case TLSFIT_STEP_ENCRYPTED:
        return TLSFIT_RUNG_HIDDEN;
    case TLSFIT_STEP_ALERT:
        return step->number < 0 ? TLSFIT_RUNG_HIDDEN : TLSFIT_RUNG_ARROW;
    case TLSFIT_STEP_CIPHER_SPEC:
    case TLSFIT_STEP_FIN:
        return TLSFIT_RUNG_ARROW;
    case TLSFIT_STEP_RESET:
        return TLSFIT_RUNG_RESET;
    case TLSFIT_STEP_SILENCE:
        return TLSFIT_RUNG_SILENCE;
    case TLSFIT_STEP_RESENT:
    case TLSFIT_STEP_IGNORED:
    case TLSFIT_STEP_LOST:
    case TLSFIT_STEP_END:
        break;
    }
    return TLSFIT_RUNG_REMARK;
}

static GPtrArray *certificates_of(const TlsfitMessage *message)
{
    GPtrArray *certificates;

    if (message == NULL || message->certificates == NULL || message->certificates->len == 0) {
        return NULL;
    }
    certificates = g_ptr_array_new_with_free_func(certificate_free);
    for (guint i = 0; i < message->certificates->len; i++) {
        const TlsfitCertificate *source = g_array_index(message->certificates, TlsfitCertificateEntry, i).certificate;
        TlsfitLadderCertificate *certificate = g_new0(TlsfitLadderCertificate, 1);

        certificate->index = i;
        certificate->name = g_strdup(source->subject != NULL && source->subject[0] != '\0' ? source->subject
                                                                                           : "(no subject)");
        certificate->facts = tlsfit_certificate_facts(source);
        g_ptr_array_add(certificates, certificate);
    }
    return certificates;
}

static void add_rungs(const TlsfitSession *session, TlsfitLadder *ladder)
{
    g_autoptr(GArray) steps = tlsfit_session_steps(session);

    for (guint i = 0; i < steps->len; i++) {
        const TlsfitStep *step = &g_array_index(steps, TlsfitStep, i);
        TlsfitRung *rung = g_new0(TlsfitRung, 1);

        rung->kind = kind_of(step);
        rung->side = step->side;
        rung->between = tlsfit_step_between(session, step);
        rung->type = step->kind == TLSFIT_STEP_MESSAGE ? step->type : G_MAXUINT;
        rung->bytes = step->bytes;
        rung->count = step->count;
        rung->frame = step->place.frame;
        rung->time_us = step->time_us;
        rung->name = tlsfit_step_name(session, step);
        rung->detail = tlsfit_step_detail(session, step);
        rung->certificates = certificates_of(tlsfit_step_message(session, step));
        g_ptr_array_add(ladder->rungs, rung);
    }
}

static TlsfitSide other(TlsfitSide side)
{
    return side == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
}

/* The first part of a subject, up to its dot or bracket, as the message that it names; G_MAXUINT: none. */
static guint type_of_subject(const char *subject, TlsfitSide device, TlsfitSide *side)
{
    g_autofree char *name = g_strndup(subject, strcspn(subject, ".["));
    guint type = G_MAXUINT;

    *side = g_str_has_prefix(name, "client_") ? TLSFIT_CLIENT : TLSFIT_SERVER;
    if (g_str_equal(name, "chain") || g_str_equal(name, "certificate") || g_str_equal(name, "certificate_verify")) {
        *side = other(device);
    }
    if (g_str_equal(name, "chain")) {
        return TLSFIT_HS_CERTIFICATE;
    }
    if (g_str_equal(name, "client_certificate")) {
        return TLSFIT_HS_CERTIFICATE;
    }
    if (g_str_equal(name, "hello_retry_request")) {
        return TLSFIT_HS_SERVER_HELLO;
    }
    return !g_ascii_isdigit(name[0]) && tlsfit_name_parse(TLSFIT_NAME_HANDSHAKE, name, &type) ? type : G_MAXUINT;
}

/* The rung that a finding is about: the message that its subject names, in its frame; else the largest thing in that
 * frame; NULL where the ladder has nothing of it. */
static TlsfitRung *rung_of(const TlsfitLadder *ladder, const TlsfitFinding *finding, TlsfitSide device)
{
    TlsfitSide side;
    const guint type = type_of_subject(finding->subject, device, &side);
    TlsfitRung *found = NULL;

    for (guint i = 0; i < ladder->rungs->len; i++) {
        TlsfitRung *rung = g_ptr_array_index(ladder->rungs, i);

        if (rung->frame == 0 || (finding->place.frame != 0 && rung->frame != finding->place.frame)) {
            continue;
        }
        if (type != G_MAXUINT && rung->type == type && rung->side == side) {
            return rung;
        }
        if (finding->place.frame != 0 && (found == NULL || rung->bytes > found->bytes)) {
            found = rung;
        }
    }
    return found;
}

/* A suspicion, unless the IP header proves that neither side did it. */
static const char *cause_words(const TlsfitSession *session, const TlsfitFinding *cause)
{
    return cause->status == TLSFIT_SUSPECT && !tlsfit_session_diagnosis(session)->from_between ? ", the suspected cause"
                                                                                               : ", the primary cause";
}

static void add_reason(GPtrArray **reasons, TlsfitStatus *worst, const TlsfitFinding *finding, const char *cause)
{
    const gboolean is_cause = cause[0] != '\0';
    TlsfitReason *reason = g_new(TlsfitReason, 1);

    reason->status = finding->status;
    reason->is_cause = is_cause;
    reason->text = g_strdup_printf("%s%s: %s%s%s", tlsfit_status_name(finding->status), cause, finding->observed,
                                   finding->limit != NULL ? "; limit: " : "",
                                   finding->limit != NULL ? finding->limit : "");
    if (*reasons == NULL) {
        *reasons = g_ptr_array_new_with_free_func(reason_free);
    }
    g_ptr_array_add(*reasons, reason);
    if (!((const TlsfitReason *)g_ptr_array_index(*reasons, 0))->is_cause || is_cause) {
        *worst = MAX(*worst, finding->status); /* the cause, which comes first, gives the colour */
    }
}

static void hold_against(const TlsfitLadder *ladder, const TlsfitFinding *finding, const TlsfitSession *session,
                         gboolean is_cause)
{
    TlsfitRung *rung = rung_of(ladder, finding, session->device_side);
    const char *cause = is_cause ? cause_words(session, finding) : "";

    if (rung == NULL) {
        return;
    }
    if (finding->cert_index >= 0 && rung->certificates != NULL &&
        (guint)finding->cert_index < rung->certificates->len) {
        TlsfitLadderCertificate *certificate = g_ptr_array_index(rung->certificates, (guint)finding->cert_index);

        rung->status = is_cause ? finding->status : MAX(rung->status, finding->status);
        add_reason(&certificate->reasons, &certificate->status, finding, cause);
    } else {
        add_reason(&rung->reasons, &rung->status, finding, cause);
    }
}

/* Certificates of which something is not known look neither good nor bad. */
static void hold_open(const TlsfitLadder *ladder, const TlsfitFinding *finding, const TlsfitSession *session)
{
    TlsfitRung *rung = rung_of(ladder, finding, session->device_side);

    if (rung != NULL && finding->cert_index >= 0 && rung->certificates != NULL &&
        (guint)finding->cert_index < rung->certificates->len) {
        TlsfitLadderCertificate *certificate = g_ptr_array_index(rung->certificates, (guint)finding->cert_index);

        certificate->status = MAX(certificate->status, TLSFIT_UNKNOWN);
    }
}

static void add_findings(const TlsfitSession *session, const TlsfitLadder *ladder)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *cause = diagnosis != NULL ? diagnosis->cause : NULL;
    const GPtrArray *findings = tlsfit_session_findings(session);

    if (cause != NULL) {
        hold_against(ladder, cause, session, TRUE);
    }
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        const gboolean of_outcome = g_str_equal(finding->subject, "alert") || g_str_equal(finding->subject, "handshake");

        if (finding == cause || of_outcome || finding->excluded != NULL) {
            continue;
        }
        if (finding->status >= TLSFIT_SUSPECT) {
            hold_against(ladder, finding, session, FALSE);
        } else {
            hold_open(ladder, finding, session);
        }
    }
}

/* Nothing is said of it but its name and size. */
static gboolean is_minor(const TlsfitRung *rung)
{
    return rung->kind <= TLSFIT_RUNG_HIDDEN && rung->status == TLSFIT_OK && rung->certificates == NULL &&
           rung->detail == NULL;
}

/* Does RUNG go into the one before it? What lies in one packet and has nothing to it needs no arrow of its own. */
static gboolean goes_with(const TlsfitRung *before, const TlsfitRung *rung)
{
    return is_minor(rung) && before->kind <= TLSFIT_RUNG_HIDDEN && before->side == rung->side &&
           before->frame == rung->frame && before->status == TLSFIT_OK && before->certificates == NULL &&
           !g_str_has_prefix(rung->name, "Alert") && !g_str_has_prefix(rung->name, "FIN");
}

static void merge(TlsfitLadder *ladder)
{
    for (guint i = 1; i < ladder->rungs->len;) {
        TlsfitRung *before = g_ptr_array_index(ladder->rungs, i - 1);
        const TlsfitRung *rung = g_ptr_array_index(ladder->rungs, i);

        if (!goes_with(before, rung)) {
            i++;
            continue;
        }
        char *name = g_strdup_printf("%s, %s", before->name, rung->name);

        g_free(before->name);
        before->name = name;
        before->bytes = before->bytes > 0 && (rung->bytes > 0 || rung->type == G_MAXUINT) ? before->bytes + rung->bytes
                                                                                         : 0;
        before->count = MAX(before->count, rung->count);
        g_ptr_array_remove_index(ladder->rungs, i);
    }
}

static void add_heads(const TlsfitSession *session, const TlsfitReportWhere *where, TlsfitLadder *ladder)
{
    const TlsfitMessage *hello = tlsfit_session_client_hello(session);
    const char *const addresses[] = { where != NULL ? where->client : NULL, where != NULL ? where->server : NULL };

    for (guint side = 0; side < 2; side++) {
        const gboolean device = session->device != NULL && session->device_side == (TlsfitSide)side;

        ladder->heads[side] = g_strdup_printf("%s%s", side == TLSFIT_CLIENT ? "Client" : "Server",
                                              device ? " (device)" : "");
        ladder->addresses[side] = g_strdup(addresses[side]);
    }
    if (ladder->addresses[TLSFIT_SERVER] == NULL && hello != NULL) {
        ladder->addresses[TLSFIT_SERVER] = g_strdup(hello->server_name);
    }
}

TlsfitLadder *tlsfit_ladder_new(const TlsfitSession *session, const TlsfitReportWhere *where)
{
    TlsfitLadder *ladder = g_new0(TlsfitLadder, 1);

    ladder->rungs = g_ptr_array_new_with_free_func(rung_free);
    ladder->fragments_are_datagrams = session->transport == TLSFIT_OVER_DTLS;
    add_heads(session, where, ladder);
    add_rungs(session, ladder);
    add_findings(session, ladder);
    merge(ladder);
    return ladder;
}

char *tlsfit_rung_size(const TlsfitLadder *ladder, const TlsfitRung *rung)
{
    if (rung->bytes == 0 || rung->kind > TLSFIT_RUNG_HIDDEN) {
        return NULL;
    }
    if (rung->count > 1) {
        return g_strdup_printf("%u bytes in %u %s", rung->bytes, rung->count,
                               ladder->fragments_are_datagrams ? "datagrams" : "records");
    }
    return g_strdup_printf("%u bytes", rung->bytes);
}
