/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The detailed view of `tlsfit check`: one device and one chain, everything that was found. See check.h. In: what was
 * judged. Out: text.
 */
#include "check.h"

#include "input.h"
#include "terminal.h"

#define LABEL_COLUMNS 8u
#define INDENT 6u

/* What the verdict on CHAIN means for DEVICE, as a sentence. Newly allocated. */
static char *verdict_text(const TlsfitChecked *checked)
{
    const char *device = tlsfit_device_id(checked->device);
    const char *chain = tlsfit_input_shown(checked->chain->name);

    switch (checked->status) {
    case TLSFIT_OK:
        return g_strdup_printf("%s can handle %s", device, chain);
    case TLSFIT_UNKNOWN:
        return g_strdup_printf("%s: nothing is known against %s, and not everything is known", device, chain);
    case TLSFIT_SUSPECT:
        return g_strdup_printf("%s probably cannot handle %s", device, chain);
    case TLSFIT_BROKEN:
        return g_strdup_printf("%s would negotiate %s, and then fail", device, chain);
    case TLSFIT_CANNOT:
        break;
    }
    return g_strdup_printf("%s cannot handle %s", device, chain);
}

static void labelled(GString *out, const char *label, const char *text)
{
    if (text == NULL) {
        return;
    }
    g_string_append_printf(out, "%*s", (int)INDENT, "");
    tlsfit_text_append(out, TLSFIT_STYLE_FAINT, label, LABEL_COLUMNS);
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, text, INDENT + LABEL_COLUMNS);
}

/* AGAIN: the rule has spoken already, and its general texts need not be repeated. */
static void finding(GString *out, const TlsfitFinding *found, gboolean again)
{
    g_autofree char *rule = g_strdup_printf("%s%s%s", found->rule, found->spec != NULL ? "; " : "",
                                            found->spec != NULL ? found->spec : "");

    g_string_append(out, "    ");
    tlsfit_text_append(out, tlsfit_style_of(found->status), tlsfit_symbol_of(found->status), 2);
    tlsfit_text_append(out, tlsfit_style_of(found->status), tlsfit_word_of(found->status), LABEL_COLUMNS);
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_STRONG, found->observed, INDENT + LABEL_COLUMNS);
    labelled(out, "limit", found->limit);
    if (found->source != NULL) {
        g_autofree char *source = g_strdup_printf("%s: %s", tlsfit_confidence_name(found->source->confidence),
                                                  found->source->where);

        labelled(out, "source", source);
    }
    if (!again) {
        labelled(out, "why", found->why);
        labelled(out, "server", tlsfit_finding_fix_server(found));
        labelled(out, "device", found->fix_device);
        labelled(out, "rule", rule);
    }
}

/* What is more than unknown about one certificate or (-1) everything else, the worst first. */
static void findings_about(GString *out, const TlsfitChecked *checked, int index)
{
    const GPtrArray *findings = tlsfit_session_findings(checked->session);
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);

    for (TlsfitStatus status = TLSFIT_CANNOT; status > TLSFIT_UNKNOWN; status--) {
        for (guint i = 0; i < findings->len; i++) {
            const TlsfitFinding *found = g_ptr_array_index(findings, i);

            if (found->status == status && MAX(found->cert_index, -1) == index) {
                finding(out, found, !g_hash_table_add(told, (gpointer)found->rule));
            }
        }
    }
}

static void certificate(GString *out, const TlsfitChecked *checked, guint index)
{
    const TlsfitCertificate *one = g_ptr_array_index(checked->chain->certificates, index);
    const TlsfitStatus status = tlsfit_checked_status(checked, (int)index);
    g_autofree char *brief = tlsfit_certificate_brief(one, checked->chain->described);
    g_autofree char *name = g_strdup_printf("certificate[%u]", index);

    tlsfit_text_append(out, tlsfit_style_of(status), tlsfit_symbol_of(status), 2);
    tlsfit_text_append(out, TLSFIT_STYLE_STRONG, name, 16);
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, one->subject != NULL ? one->subject : "(no name)", 18);
    g_string_append_printf(out, "%18s", "");
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, brief, 18);
    findings_about(out, checked, (int)index);
}

static void chain_as_a_whole(GString *out, const TlsfitChecked *checked)
{
    const TlsfitStatus status = tlsfit_checked_status(checked, -1);
    const GPtrArray *certificates = checked->chain->certificates;
    guint bytes = 0;
    gboolean known = TRUE;
    g_autofree char *text = NULL;

    for (guint i = 0; i < certificates->len; i++) {
        const guint own = ((const TlsfitCertificate *)g_ptr_array_index(certificates, i))->bytes;

        known = known && own > 0;
        bytes += own;
    }
    text = known ? g_strdup_printf("%u certificate%s, %u bytes", certificates->len, certificates->len == 1 ? "" : "s",
                                   bytes)
                 : g_strdup_printf("%u certificate%s", certificates->len, certificates->len == 1 ? "" : "s");
    tlsfit_text_append(out, tlsfit_style_of(status), tlsfit_symbol_of(status), 2);
    tlsfit_text_append(out, TLSFIT_STYLE_STRONG, "chain", 16);
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, text, 18);
    findings_about(out, checked, -1);
}

static void details(GString *out, const TlsfitChecked *checked)
{
    const TlsfitStyle style = tlsfit_style_of(checked->status);
    g_autofree char *unknowns = tlsfit_session_unknowns(checked->session);
    g_autofree char *title = verdict_text(checked);

    tlsfit_text_append(out, style, tlsfit_symbol_of(checked->status), 2);
    tlsfit_text_append(out, style, title, 0);
    g_string_append(out, "\n  ");
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT, tlsfit_device_name(checked->device), 2);
    if (tlsfit_device_role(checked->device) == TLSFIT_SERVER) {
        g_string_append(out, "  This device is a server: the chain is judged as its client's.\n");
    }
    for (guint i = 0; i < checked->chain->notes->len; i++) {
        g_string_append(out, "  note: ");
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_WARNING, g_ptr_array_index(checked->chain->notes, i), 8);
    }
    g_string_append_c(out, '\n');
    for (guint i = 0; i < checked->chain->certificates->len; i++) {
        certificate(out, checked, i);
    }
    chain_as_a_whole(out, checked);
    if (unknowns != NULL) {
        g_string_append(out, "\n  Not known: ");
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_UNSURE, unknowns, 4);
    }
}

void tlsfit_check_details(GString *out, const GPtrArray *checked)
{
    for (guint i = 0; i < checked->len; i++) {
        g_string_append(out, i > 0 ? "\n" : "");
        details(out, g_ptr_array_index(checked, i));
    }
}
