/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The comments. See comments.h.
 *
 * A finding stands on the frame of the thing to blame and, shorter, on the frame with which it became certain; the
 * diagnosis on the frame where it became certain. These are the frames on which the plugin shows them.
 */
#include "comments.h"

#include "tlsfit_text.h"

#define COMMENT_BYTES_MAX 8000u /* pcapng has room for 65,535 bytes in an option, people have not */

CaptureComment *
comment_new(guint32 frame, const char *text)
{
    CaptureComment *comment = g_new(CaptureComment, 1);

    comment->frame = frame;
    comment->text = g_strdup(text);
    return comment;
}

void
comment_free(gpointer data)
{
    CaptureComment *comment = data;

    g_free(comment->text);
    g_free(comment);
}

static void
add(GPtrArray *comments, guint32 frame, GString *text)
{
    if (text->len > COMMENT_BYTES_MAX) {
        g_string_truncate(text, COMMENT_BYTES_MAX);
        g_string_append(text, " ...");
    }
    g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);
    if (frame > 0)
        g_ptr_array_add(comments, comment_new(frame, valid));
}

static const char *
device_name(const TlsfitSession *session)
{
    const TlsfitDevice *device = tlsfit_session_device(session);

    return device ? tlsfit_device_name(device) : "the device";
}

static void
append_limit(GString *text, const TlsfitSession *session, const TlsfitFinding *finding)
{
    const char *how = finding->status == TLSFIT_CANNOT ? "cannot handle it"
                      : finding->status == TLSFIT_BROKEN ? "offers it and then fails" : "may not handle it";

    if (!finding->limit && !finding->source)
        return;
    g_string_append_printf(text, "\n%s %s", device_name(session), how);
    if (finding->limit)
        g_string_append_printf(text, ": %s", finding->limit);
    if (finding->source)
        g_string_append_printf(text, " (%s: %s)", tlsfit_confidence_name(finding->source->confidence),
                               finding->source->where);
}

static void
append_line(GString *text, const char *title, const char *value)
{
    if (value) {
        g_autofree char *clean = tlsfit_clean(value);
        g_string_append_printf(text, "\n%s: %s", title, clean);
    }
}

static void
append_what(GString *text, const TlsfitFinding *finding)
{
    g_string_append_printf(text, "%s: %s", finding->subject, finding->observed ? finding->observed : finding->rule);
}

/* A finding tells the index; whose certificate it is about follows from what is judged (client authentication is not
 * about one certificate). */
static void
append_certificate(GString *text, const TlsfitSession *session, const TlsfitFinding *finding)
{
    const TlsfitSide sender = tlsfit_session_device_side(session) == TLSFIT_CLIENT ? TLSFIT_SERVER : TLSFIT_CLIENT;
    const TlsfitCertificate *certificate =
        finding->cert_index >= 0 ? tlsfit_session_certificate(session, sender, (guint)finding->cert_index) : NULL;

    if (certificate && certificate->readable)
        append_line(text, "Certificate", certificate->subject);
}

/* On the thing to blame. */
static void
add_finding(GPtrArray *comments, const CaptureHandshake *handshake, const TlsfitFinding *finding)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(handshake->session);
    const TlsfitFinding *cause = diagnosis ? diagnosis->cause : NULL;
    g_autoptr(GString) text = g_string_new("TLS Fit: ");

    append_what(text, finding);
    append_certificate(text, handshake->session, finding);
    append_limit(text, handshake->session, finding);
    /* how it ended is a finding too, and the remedy is the cause's */
    if (!cause || cause == finding || g_strcmp0(tlsfit_finding_fix_server(cause), tlsfit_finding_fix_server(finding)) != 0)
        append_line(text, "Fix on the server", tlsfit_finding_fix_server(finding));
    if (!cause || cause == finding || g_strcmp0(cause->fix_device, finding->fix_device) != 0)
        append_line(text, "Fix on the device", finding->fix_device);
    append_line(text, "Not the cause of how the handshake ended", finding->excluded);
    if (cause == finding)
        g_string_append_printf(text, "\nPrimary cause of how handshake %u ended: %s", handshake->number,
                               tlsfit_outcome_name(diagnosis->outcome));
    g_string_append_printf(text, "\nRule: %s", finding->rule);
    add(comments, finding->place.frame > 0 ? finding->place.frame : finding->known_frame, text);
}

/* On the frame that made it certain, unless the diagnosis stands there, which says as much. */
static void
add_pointer(GPtrArray *comments, const TlsfitFinding *finding, const TlsfitDiagnosis *diagnosis)
{
    g_autoptr(GString) text = g_string_new("TLS Fit: certain with this packet: ");
    const gboolean said = diagnosis && diagnosis->known_frame == finding->known_frame &&
                          (diagnosis->cause == finding || diagnosis->place.frame == finding->place.frame);

    if (finding->place.frame == 0 || finding->known_frame == finding->place.frame || said)
        return;
    append_what(text, finding);
    g_string_append_printf(text, "\nIt stands in frame %u.", finding->place.frame);
    add(comments, finding->known_frame, text);
}

static gboolean
is_well(const TlsfitDiagnosis *diagnosis)
{
    return diagnosis->outcome == TLSFIT_OUTCOME_COMPLETED || diagnosis->outcome == TLSFIT_OUTCOME_RESUMED;
}

static void
add_diagnosis(GPtrArray *comments, const CaptureHandshake *handshake, const TlsfitDiagnosis *diagnosis)
{
    const TlsfitDevice *device = tlsfit_session_device(handshake->session);
    g_autofree char *unknowns = tlsfit_session_unknowns(handshake->session);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_printf(text, "TLS Fit: handshake %u: %s. %s", handshake->number, tlsfit_outcome_name(diagnosis->outcome),
                    diagnosis->text);
    if (diagnosis->cause && diagnosis->cause->place.frame > 0)
        g_string_append_printf(text, "\nThe cause stands in frame %u.", diagnosis->cause->place.frame);
    append_line(text, "Not judged, as nothing is known of the device or the capture lacks it", unknowns);
    if (device)
        append_line(text, "Judged against", tlsfit_device_id(device));
    add(comments, diagnosis->known_frame > 0 ? diagnosis->known_frame : diagnosis->place.frame, text);
}

void
comments_add(GPtrArray *comments, const CaptureHandshake *handshake)
{
    const GPtrArray *findings = tlsfit_session_findings(handshake->session);
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(handshake->session);
    const TlsfitFinding *cause = diagnosis ? diagnosis->cause : NULL;
    gboolean any = FALSE;

    if (cause && cause->status > TLSFIT_UNKNOWN)
        add_finding(comments, handshake, cause);
    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);
        if (finding->status <= TLSFIT_UNKNOWN)
            continue;
        any = TRUE;
        if (finding != cause)
            add_finding(comments, handshake, finding);
        add_pointer(comments, finding, diagnosis);
    }
    if (diagnosis && (any || !is_well(diagnosis)))
        add_diagnosis(comments, handshake, diagnosis);
}

static int
compare(gconstpointer a, gconstpointer b)
{
    const CaptureComment *first = *(CaptureComment *const *)a, *second = *(CaptureComment *const *)b;

    return first->frame < second->frame ? -1 : first->frame > second->frame;
}

/* Equals keep their order: g_ptr_array_sort() is stable, and g_qsort_with_data() deprecated since GLib 2.82. */
void
comments_sort(GPtrArray *comments)
{
    g_ptr_array_sort(comments, compare);
}
