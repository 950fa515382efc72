/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain in a report: certificate by certificate, key, signature, size, validity and verdict.
 *
 * In: a judged session. Out: a table a Certificate message. A certificate fits only where the device's profile was asked
 * and said so; otherwise it is not judged, not known, or accepted by the device itself.
 */
#include "engine.h"
#include "report_writer.h"

static char *date_text(gint64 time_s)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(time_s);

    return time != NULL ? g_date_time_format(time, "%Y-%m-%d") : g_strdup("?");
}

/* From and to, and whether the capture lies between. */
static void write_validity(TlsfitWriter *writer, const TlsfitCertificate *certificate, gint64 capture_s)
{
    g_autofree char *from = date_text(certificate->not_before_s);
    g_autofree char *to = date_text(certificate->not_after_s);

    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    if (certificate->not_before_s != 0 || certificate->not_after_s != 0) {
        writer->ops->word(writer, from);
        writer->ops->text(writer, " to ");
        writer->ops->word(writer, to);
    }
    if (capture_s > 0 && capture_s < certificate->not_before_s) {
        writer->ops->text(writer, " (not yet valid when captured)");
    } else if (capture_s > 0 && capture_s > certificate->not_after_s && certificate->not_after_s != 0) {
        writer->ops->text(writer, " (expired when captured)");
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
}

/* The worst that is held against a certificate and not excluded; NULL where there is nothing. */
static const TlsfitFinding *worst_of(const TlsfitSession *session, guint index)
{
    const GPtrArray *findings = tlsfit_session_findings(session);
    const TlsfitFinding *worst = NULL;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (finding->cert_index == (int)index && finding->excluded == NULL &&
            (worst == NULL || finding->status > worst->status)) {
            worst = finding;
        }
    }
    return worst;
}

static void write_verdict(TlsfitWriter *writer, const TlsfitSession *session, guint index, gboolean received)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(session);
    const TlsfitFinding *worst = received ? worst_of(session, index) : NULL;
    const gboolean judged = received && (session->judged & (1u << TLSFIT_MOMENT_CHAIN)) != 0;

    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    if (worst != NULL && worst->status > TLSFIT_UNKNOWN) {
        writer->ops->badge(writer, worst->status, NULL);
        writer->ops->text(writer, " ");
        writer->ops->text(writer, worst->observed);
    } else if (worst != NULL) {
        writer->ops->badge(writer, TLSFIT_UNKNOWN, NULL);
    } else if (judged && diagnosis != NULL && diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED) {
        writer->ops->badge(writer, TLSFIT_OK, "accepted");
    } else if (judged && diagnosis != NULL && diagnosis->outcome != TLSFIT_OUTCOME_CUT) {
        writer->ops->badge(writer, TLSFIT_OK, "fits");
    } else {
        writer->ops->text(writer, judged ? "nothing known against it" : "not judged: the device sent it");
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
}

static void write_certificate(TlsfitWriter *writer, const TlsfitSession *session, const TlsfitMessage *chain,
                              guint index, gboolean received)
{
    const TlsfitCertificate *certificate = g_array_index(chain->certificates, TlsfitCertificateEntry, index).certificate;
    const char *signature = tlsfit_name(TLSFIT_NAME_CERT_SIGNATURE, certificate->signature);

    writer->ops->begin(writer, TLSFIT_BLOCK_ROW, TLSFIT_OK);
    tlsfit_write_cellf(writer, "%u", index);
    writer->ops->begin(writer, TLSFIT_BLOCK_CELL, TLSFIT_OK);
    if (certificate->readable) {
        writer->ops->code(writer, certificate->subject);
        writer->ops->text(writer, certificate->self_issued ? " (self-issued)" : " by ");
        if (!certificate->self_issued) {
            writer->ops->code(writer, certificate->issuer);
        }
    } else {
        writer->ops->text(writer, "cannot be read: ");
        writer->ops->text(writer, certificate->error);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_CELL);
    if (certificate->readable) {
        g_autofree char *key = tlsfit_key_text(certificate->key_type, certificate->key_bits, certificate->curve);

        tlsfit_write_word_cell(writer, key);
        tlsfit_write_word_cell(writer, signature != NULL ? signature : certificate->signature_oid);
        tlsfit_write_cellf(writer, "%u", certificate->bytes);
        write_validity(writer, certificate, session->wall_s);
    } else {
        tlsfit_write_cell(writer, NULL);
        tlsfit_write_cell(writer, NULL);
        tlsfit_write_cellf(writer, "%u", certificate->bytes);
        tlsfit_write_cell(writer, NULL);
    }
    write_verdict(writer, session, index, received);
    writer->ops->end(writer, TLSFIT_BLOCK_ROW);
}

static void write_chain(TlsfitWriter *writer, const TlsfitSession *session, TlsfitSide sender)
{
    static const char *const headings[] = { "#", "Certificate", "Key", "Signature on it", "Bytes", "Valid", "Verdict",
                                            NULL };
    const TlsfitMessage *chain =
        session->slots[sender == TLSFIT_SERVER ? TLSFIT_SLOT_SERVER_CERTIFICATE : TLSFIT_SLOT_CLIENT_CERTIFICATE];

    if (chain == NULL || chain->certificates == NULL || chain->certificates->len == 0) {
        return;
    }
    writer->ops->heading(writer, sender == TLSFIT_SERVER ? "The server's certificates" : "The client's certificates");
    writer->ops->table(writer, headings);
    for (guint i = 0; i < chain->certificates->len; i++) {
        write_certificate(writer, session, chain, i, sender != session->device_side);
    }
    writer->ops->end(writer, TLSFIT_BLOCK_TABLE);
}

void tlsfit_write_chains(TlsfitWriter *writer, const TlsfitSession *session)
{
    write_chain(writer, session, TLSFIT_SERVER);
    write_chain(writer, session, TLSFIT_CLIENT);
}
