/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pipe may carry instead of a summary, pages without handshakes, and words for every rule that can be a cause.
 */
#include "engine.h"
#include "report_writer.h"

#include <string.h>

/* A value of the right type with STRINGS strings. */
static TlsfitSummary *received(int outcome, int status, guint strings)
{
    GVariantBuilder builder;
    g_autoptr(GVariant) variant = NULL;

    g_variant_builder_init(&builder, G_VARIANT_TYPE("ams"));
    for (guint i = 0; i < strings; i++) {
        g_variant_builder_add(&builder, "ms", i % 2 == 0 ? "text" : NULL);
    }
    variant = g_variant_ref_sink(g_variant_new("(uuiiiiams)", 7u, 9u, outcome, status, status, -1, &builder));
    return tlsfit_summary_from_variant(variant);
}

static void test_variant(void)
{
    g_autoptr(GVariant) other = g_variant_ref_sink(g_variant_new("(us)", 1u, "x"));
    g_autoptr(TlsfitSummary) good = received(TLSFIT_OUTCOME_STALLED, TLSFIT_CANNOT, 13);

    g_assert_nonnull(good);
    g_assert_cmpuint(good->stream, ==, 7);
    g_assert_cmpuint(good->first_frame, ==, 9);
    g_assert_cmpstr(good->file, ==, "text");
    g_assert_null(good->client);
    g_assert_cmpint(good->outcome, ==, TLSFIT_OUTCOME_STALLED);
    g_assert_null(received(TLSFIT_OUTCOME_CUT + 1, TLSFIT_OK, 13));
    g_assert_null(received(-1, TLSFIT_OK, 13));
    g_assert_null(received(TLSFIT_OUTCOME_OPEN, TLSFIT_CANNOT + 1, 13));
    g_assert_null(received(TLSFIT_OUTCOME_OPEN, TLSFIT_OK, 12));
    g_assert_null(received(TLSFIT_OUTCOME_OPEN, TLSFIT_OK, 14));
    g_assert_null(tlsfit_summary_from_variant(other));
}

/* The bytes of a summary are whatever the other end of the pipe wrote: cut anywhere, they are no crash. */
static void test_cut_variant(void)
{
    g_autoptr(TlsfitSession) session = tlsfit_session_new(3, TLSFIT_OVER_TLS);
    const TlsfitReportWhere where = { .file = "caf\xE9.pcapng", .first_frame = 12, .client = "client" };
    g_autoptr(TlsfitSummary) summary = tlsfit_summary_new(session, &where);
    g_autoptr(GVariant) variant = g_variant_ref_sink(tlsfit_summary_to_variant(summary));
    g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(variant);
    g_autoptr(TlsfitSummary) back = tlsfit_summary_from_variant(variant);

    g_assert_cmpstr(back->file, ==, "caf\xEF\xBF\xBD.pcapng");
    g_assert_cmpuint(back->first_frame, ==, 12);
    g_assert_cmpint(back->cert_index, ==, -1);
    for (gsize length = 0; length < g_bytes_get_size(bytes); length++) {
        g_autoptr(GBytes) cut = g_bytes_new_from_bytes(bytes, 0, length);
        g_autoptr(GVariant) other =
            g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(TLSFIT_SUMMARY_TYPE), cut, FALSE));
        g_autoptr(TlsfitSummary) partly = tlsfit_summary_from_variant(other);

        g_assert_true(partly == NULL || partly->outcome <= TLSFIT_OUTCOME_CUT);
    }
}

/* They say that something cannot be seen: always unknown, and so no cause. */
static gboolean never_a_cause(const char *rule)
{
    return g_str_equal(rule, "certificates_hidden") || g_str_equal(rule, "capture_incomplete");
}

static void test_words(void)
{
    guint causes = 0;

    for (guint i = 0; i < tlsfit_rule_count(); i++) {
        const TlsfitRule *rule = tlsfit_rule_at(i);

        if (rule->stage != TLSFIT_STAGE_OUTCOME && !never_a_cause(rule->text.id)) {
            causes++;
            if (tlsfit_plain_cause(rule->text.id) == NULL) {
                g_error("report_plain.c has no words for %s", rule->text.id);
            }
        }
    }
    g_assert_cmpuint(causes, >, 30);
    g_assert_null(tlsfit_plain_cause("handshake_stalled"));
}

static void test_empty_page(void)
{
    g_autoptr(GPtrArray) nothing = g_ptr_array_new();
    g_autoptr(GPtrArray) problems = g_ptr_array_new();
    const TlsfitReportPage page = { .title = "<T>", .summaries = nothing, .problems = problems };

    g_ptr_array_add(problems, (gpointer) "a.pcapng: cut <short>");
    g_autofree char *html = tlsfit_report_page(TLSFIT_REPORT_HTML, &page, nothing);
    g_autofree char *markdown = tlsfit_report_page(TLSFIT_REPORT_MARKDOWN, &page, nothing);

    g_assert_nonnull(strstr(html, "<title>&lt;T&gt;</title>"));
    g_assert_nonnull(strstr(html, "<li>a.pcapng: cut &lt;short&gt;</li>"));
    g_assert_nonnull(strstr(html, "No TLS handshake was found."));
    g_assert_nonnull(strstr(markdown, "# \\<T>\n"));
    g_assert_nonnull(strstr(markdown, "- a.pcapng: cut \\<short>\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/summary/variant", test_variant);
    g_test_add_func("/report/summary/cut-variant", test_cut_variant);
    g_test_add_func("/report/plain/words", test_words);
    g_test_add_func("/report/page/empty", test_empty_page);
    return g_test_run();
}
