/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of `tlsfit check`: a line for each device, a column for each certificate. See check.h. In: what was judged.
 * Out: text. Judges nothing, leaves no device out.
 */
#include "check.h"

#include "input.h"
#include "terminal.h"

#include <string.h>

/* More columns than this are no table any more: the reason names the certificate. */
#define CERTIFICATE_COLUMNS_MAX 8u
/* What is left for the reason on a narrow terminal. */
#define REASON_COLUMNS_MIN 16u
#define VERDICT_COLUMNS 9u
#define CHAIN_COLUMNS 7u
#define FIX_COLUMNS 4u
/* So many devices of which the same is known and the same is not share one line. */
#define GROUP_MIN 3u

void tlsfit_check_chain_head(GString *out, const TlsfitChainInput *chain)
{
    tlsfit_text_append(out, TLSFIT_STYLE_STRONG, tlsfit_input_shown(chain->name), 0);
    g_string_append_printf(out, ": %u certificate%s\n", chain->certificates->len,
                           chain->certificates->len == 1 ? "" : "s");
    for (guint i = 0; i < chain->certificates->len; i++) {
        const TlsfitCertificate *certificate = g_ptr_array_index(chain->certificates, i);
        g_autofree char *brief = tlsfit_certificate_brief(certificate, chain->described);
        g_autofree char *line = certificate->subject != NULL && *certificate->subject != '\0'
                                    ? g_strdup_printf("%s: %s", certificate->subject, brief)
                                    : g_strdup(brief);

        g_string_append_printf(out, "  [%u] ", i);
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, line, i < 10 ? 6 : 7);
    }
    for (guint i = 0; i < chain->notes->len; i++) {
        g_string_append(out, "  note: ");
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_WARNING, g_ptr_array_index(chain->notes, i), 8);
    }
    g_string_append_c(out, '\n');
}

/* The worst first, then by id. */
static gint compare(gconstpointer a, gconstpointer b)
{
    const TlsfitChecked *left = *(const TlsfitChecked *const *)a;
    const TlsfitChecked *right = *(const TlsfitChecked *const *)b;

    return left->status != right->status ? (gint)right->status - (gint)left->status
                                         : strcmp(tlsfit_device_id(left->device), tlsfit_device_id(right->device));
}

static GPtrArray *rows_of(const GPtrArray *checked, const TlsfitChainInput *chain)
{
    GPtrArray *rows = g_ptr_array_new();

    for (guint i = 0; i < checked->len; i++) {
        if (((const TlsfitChecked *)g_ptr_array_index(checked, i))->chain == chain) {
            g_ptr_array_add(rows, g_ptr_array_index(checked, i));
        }
    }
    g_ptr_array_sort(rows, compare);
    return rows;
}

static guint widest_id(const GPtrArray *checked)
{
    guint widest = 6;

    for (guint i = 0; i < checked->len; i++) {
        const TlsfitChecked *one = g_ptr_array_index(checked, i);

        widest = MAX(widest, tlsfit_text_columns(tlsfit_device_id(one->device)));
    }
    return widest;
}

/* The number of the fix in FIXES, from 1; 0: there is none. */
static guint fix_number(GPtrArray *fixes, const TlsfitChecked *checked)
{
    const char *fix = checked->reason != NULL ? tlsfit_finding_fix_server(checked->reason) : NULL;
    guint index;

    if (fix == NULL) {
        return 0;
    }
    if (!g_ptr_array_find_with_equal_func(fixes, fix, g_str_equal, &index)) {
        g_ptr_array_add(fixes, (gpointer)fix);
        index = fixes->len - 1;
    }
    return index + 1;
}

/* What the rules that stay open are about, in one word each; a rule that is not here stands for itself. */
static const char *topic_of(const char *rule)
{
    static const char *const topics[][2] = {
        { "cert_signature_algorithm", "signatures" }, { "cert_key_type", "keys" },     { "cert_key_curve", "keys" },
        { "cert_key_bits", "keys" },                  { "cert_bytes", "sizes" },       { "message_bytes", "sizes" },
        { "record_bytes", "sizes" },                  { "chain_length", "length" },    { "chain_anchor", "anchor" },
        { "chain_order", "order" },                   { "cert_name", "server name" },  { "cert_validity", "dates" },
        { "cert_key_usage", "key usage" },            { "server_suite", "suite" },     { "server_version", "version" },
        { "cert_critical_extension", "extensions" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(topics); i++) {
        if (g_str_equal(topics[i][0], rule)) {
            return topics[i][1];
        }
    }
    return rule;
}

/* What stays open, each topic once. */
static char *open_topics(const TlsfitSession *session)
{
    const GPtrArray *findings = tlsfit_session_findings(session);
    g_autoptr(GPtrArray) topics = g_ptr_array_new();

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        if (!g_ptr_array_find_with_equal_func(topics, topic_of(finding->rule), g_str_equal, NULL)) {
            g_ptr_array_add(topics, (gpointer)topic_of(finding->rule));
        }
    }
    g_ptr_array_add(topics, NULL);
    return g_strjoinv(", ", (char **)topics->pdata);
}

/* What else was found beside the reason; "" for nothing. */
static char *more_text(const TlsfitChecked *checked)
{
    const GPtrArray *findings = tlsfit_session_findings(checked->session);
    guint more = 0;

    for (guint i = 0; i < findings->len; i++) {
        const TlsfitFinding *finding = g_ptr_array_index(findings, i);

        more += finding != checked->reason && finding->status > TLSFIT_UNKNOWN ? 1 : 0;
    }
    return more > 0 ? g_strdup_printf(" (+%u)", more) : g_strdup("");
}

/* "[1] is signed with ...": the column has the same head. */
static char *reason_line(const TlsfitFinding *reason)
{
    static const char subject[] = "certificate";
    g_autofree char *line = tlsfit_finding_line(reason);

    return reason->cert_index >= 0 && g_str_has_prefix(line, subject) ? g_strdup(line + strlen(subject))
                                                                      : g_steal_pointer(&line);
}

/* Why, in one line. A limit that only repeats what was observed is left out. */
static char *reason_text(const TlsfitChecked *checked)
{
    const TlsfitFinding *reason = checked->reason;

    if (checked->status == TLSFIT_OK) {
        return g_strdup("");
    }
    if (reason == NULL) {
        g_autofree char *topics = open_topics(checked->session);

        return g_strdup_printf("nothing known against it; open: %s", topics);
    }
    g_autofree char *line = reason_line(reason);
    return reason->limit != NULL && !g_str_has_prefix(reason->limit, "not ")
               ? g_strdup_printf("%s; limit: %s", line, reason->limit)
               : g_steal_pointer(&line);
}

static void cell(GString *out, TlsfitStatus status, guint columns)
{
    tlsfit_text_append(out, tlsfit_style_of(status), tlsfit_symbol_of(status), columns);
}

/* The columns up to the reason; how wide they are. */
static guint columns(GString *out, const TlsfitChecked *checked, const char *id, guint id_columns, guint fix)
{
    const guint certificates = MIN(checked->chain->certificates->len, CERTIFICATE_COLUMNS_MAX);
    g_autofree char *number = fix > 0 ? g_strdup_printf("%u", fix) : g_strdup("");

    cell(out, checked->status, 2);
    tlsfit_text_append(out, tlsfit_style_of(checked->status), tlsfit_word_of(checked->status), VERDICT_COLUMNS);
    tlsfit_text_append(out, TLSFIT_STYLE_PLAIN, id, id_columns + 1);
    for (guint i = 0; i < certificates; i++) {
        cell(out, tlsfit_checked_status(checked, (int)i), 4);
    }
    cell(out, tlsfit_checked_status(checked, -1), CHAIN_COLUMNS);
    tlsfit_text_append(out, TLSFIT_STYLE_STRONG, number, FIX_COLUMNS);
    return 2 + VERDICT_COLUMNS + id_columns + 1 + 4 * certificates + CHAIN_COLUMNS + FIX_COLUMNS;
}

static void end_line(GString *out)
{
    while (out->len > 0 && out->str[out->len - 1] == ' ') {
        g_string_truncate(out, out->len - 1);
    }
    g_string_append_c(out, '\n');
}

static void row(GString *out, const TlsfitChecked *checked, guint id_columns, GPtrArray *fixes)
{
    const guint used = columns(out, checked, tlsfit_device_id(checked->device), id_columns, fix_number(fixes, checked));
    const guint width = tlsfit_terminal()->width;
    g_autofree char *reason = reason_text(checked);
    g_autofree char *more = more_text(checked);
    const guint taken = used + tlsfit_text_columns(more);

    tlsfit_text_append_cut(out, TLSFIT_STYLE_PLAIN, reason,
                           width == 0 ? 0 : MAX(width > taken ? width - taken : 0, REASON_COLUMNS_MIN));
    tlsfit_text_append(out, TLSFIT_STYLE_FAINT, more, 0);
    end_line(out);
}

/* --- Devices of which the same is not known ---------------------------------------------------------------------- */

/* Two rows that differ in nothing but the device. */
static gboolean is_same(const TlsfitChecked *left, const TlsfitChecked *right)
{
    g_autofree char *left_topics = NULL;
    g_autofree char *right_topics = NULL;

    if (left->status != right->status || left->status > TLSFIT_UNKNOWN) {
        return FALSE;
    }
    for (int i = -1; i < (int)left->chain->certificates->len; i++) {
        if (tlsfit_checked_status(left, i) != tlsfit_checked_status(right, i)) {
            return FALSE;
        }
    }
    left_topics = open_topics(left->session);
    right_topics = open_topics(right->session);
    return g_str_equal(left_topics, right_topics);
}

/* Takes the rows that are like the first one, and it, out of ROWS. */
static GPtrArray *take_group(GPtrArray *rows)
{
    GPtrArray *group = g_ptr_array_new();

    g_ptr_array_add(group, g_ptr_array_remove_index(rows, 0));
    for (guint i = 0; i < rows->len;) {
        if (is_same(g_ptr_array_index(group, 0), g_ptr_array_index(rows, i))) {
            g_ptr_array_add(group, g_ptr_array_remove_index(rows, i));
        } else {
            i++;
        }
    }
    return group;
}

/* One line for all of them, and their ids below it. */
static void group_row(GString *out, const GPtrArray *group, guint id_columns)
{
    const TlsfitChecked *first = g_ptr_array_index(group, 0);
    g_autofree char *title = g_strdup_printf("%u devices", group->len);
    g_autofree char *reason = reason_text(first);
    g_autoptr(GString) ids = g_string_new(NULL);
    const guint used = columns(out, first, title, id_columns, 0);
    const guint width = tlsfit_terminal()->width;

    tlsfit_text_append_cut(out, TLSFIT_STYLE_PLAIN, reason,
                           width == 0 ? 0 : MAX(width > used ? width - used : 0, REASON_COLUMNS_MIN));
    end_line(out);
    for (guint i = 0; i < group->len; i++) {
        const TlsfitChecked *one = g_ptr_array_index(group, i);

        g_string_append_printf(ids, "%s%s", i > 0 ? ", " : "", tlsfit_device_id(one->device));
    }
    g_string_append_printf(out, "%*s", (int)(2 + VERDICT_COLUMNS), "");
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT, ids->str, 2 + VERDICT_COLUMNS);
}

static void header(GString *out, const TlsfitChainInput *chain, guint id_columns)
{
    g_autoptr(GString) line = g_string_new("  verdict  ");

    g_string_append_printf(line, "%-*s ", (int)id_columns, "device");
    for (guint i = 0; i < MIN(chain->certificates->len, CERTIFICATE_COLUMNS_MAX); i++) {
        g_string_append_printf(line, "[%u] ", i);
    }
    g_string_append(line, "chain  fix why");
    tlsfit_text_append(out, TLSFIT_STYLE_FAINT, line->str, 0);
    g_string_append_c(out, '\n');
}

static void summary(GString *out, const GPtrArray *checked, const TlsfitChainInput *chain)
{
    static const TlsfitStatus order[] = { TLSFIT_CANNOT, TLSFIT_BROKEN, TLSFIT_SUSPECT, TLSFIT_UNKNOWN, TLSFIT_OK };
    guint counts[TLSFIT_CANNOT + 1] = { 0 };
    guint devices = 0;
    const char *separator = "";

    for (guint i = 0; i < checked->len; i++) {
        const TlsfitChecked *one = g_ptr_array_index(checked, i);

        if (one->chain == chain) {
            counts[one->status]++;
            devices++;
        }
    }
    g_string_append_printf(out, "\n%u device%s: ", devices, devices == 1 ? "" : "s");
    for (guint i = 0; i < G_N_ELEMENTS(order); i++) {
        if (counts[order[i]] > 0) {
            g_autofree char *text = g_strdup_printf("%u %s", counts[order[i]], tlsfit_word_of(order[i]));

            g_string_append(out, separator);
            tlsfit_text_append(out, tlsfit_style_of(order[i]), text, 0);
            separator = ", ";
        }
    }
    g_string_append(out, "\n\n");
}

static void footer(GString *out, const GPtrArray *fixes)
{
    if (fixes->len > 0) {
        tlsfit_text_append(out, TLSFIT_STYLE_STRONG, "Fixes on the server", 0);
        g_string_append_c(out, '\n');
    }
    for (guint i = 0; i < fixes->len; i++) {
        g_string_append_printf(out, "%3u  ", i + 1);
        tlsfit_text_append_wrapped(out, TLSFIT_STYLE_PLAIN, g_ptr_array_index(fixes, i), 5);
    }
    g_string_append(out, fixes->len > 0 ? "\n" : "");
    tlsfit_text_append_wrapped(out, TLSFIT_STYLE_FAINT,
                               "'tlsfit check -d DEVICE ...' shows one device in detail, 'tlsfit explain RULE' a rule.", 0);
}

static void rows_print(GString *out, GPtrArray *rows, guint id_columns, GPtrArray *fixes)
{
    while (rows->len > 0) {
        g_autoptr(GPtrArray) group = take_group(rows);

        if (group->len >= GROUP_MIN) {
            group_row(out, group, id_columns);
            continue;
        }
        for (guint i = 0; i < group->len; i++) {
            row(out, g_ptr_array_index(group, i), id_columns, fixes);
        }
    }
}

void tlsfit_check_table(GString *out, const GPtrArray *chains, const GPtrArray *checked)
{
    const guint id_columns = widest_id(checked);
    g_autoptr(GPtrArray) fixes = g_ptr_array_new();

    for (guint i = 0; i < chains->len; i++) {
        const TlsfitChainInput *chain = g_ptr_array_index(chains, i);
        g_autoptr(GPtrArray) rows = rows_of(checked, chain);

        tlsfit_check_chain_head(out, chain);
        header(out, chain, id_columns);
        rows_print(out, rows, id_columns, fixes);
        summary(out, checked, chain);
    }
    footer(out, fixes);
}
