/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile text in each format: a table of what goes in and what must come out.
 */
#include "report_escape.h"

#include <string.h>

typedef struct {
    const char *text;
    const char *html;
    const char *markdown;
    const char *code;
    const char *csv;
} Expected;

static const Expected table[] = {
    { NULL, "", "", "", "\"\"" },
    { "example.org", "example.org", "example.org", "`example.org`", "\"example.org\"" },
    { "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "\\<script>alert(1)\\</script>",
      "`<script>alert(1)</script>`", "\"<script>alert(1)</script>\"" },
    { "\" onmouseover='x'", "&quot; onmouseover=&apos;x&apos;", "\" onmouseover='x'", "`\" onmouseover='x'`",
      "\"\"\" onmouseover='x'\"" },
    { "a&amp;b", "a&amp;amp;b", "a\\&amp;b", "`a&amp;b`", "\"a&amp;b\"" },
    { "a|b", "a|b", "a\\|b", "`a\\|b`", "\"a|b\"" },
    { "one\r\n# two", "one\\u000D\\u000A# two", "one\\\\u000D\\\\u000A# two", "`one\\u000D\\u000A# two`",
      "\"one\\u000D\\u000A# two\"" },
    { "\xE2\x80\xAEgro.elpmaxe", "\\u202Egro.elpmaxe", "\\\\u202Egro.elpmaxe", "`\\u202Egro.elpmaxe`",
      "\"\\u202Egro.elpmaxe\"" },
    { "a\xFF" "b", "a\xEF\xBF\xBD" "b", "a\xEF\xBF\xBD" "b", "`a\xEF\xBF\xBD" "b`", "\"a\xEF\xBF\xBD" "b\"" },
    { "``x`", "``x`", "\\`\\`x\\`", "``` ``x` ```", "\"``x`\"" },
    { "=1+1", "=1+1", "\\=1+1", "`=1+1`", "\"'=1+1\"" },
    { "\xEF\xBC\x9D" "1", "\xEF\xBC\x9D" "1", "\xEF\xBC\x9D" "1", "`\xEF\xBC\x9D" "1`", "\"'\xEF\xBC\x9D" "1\"" },
    { "\t=1", "\\u0009=1", "\\\\u0009=1", "`\\u0009=1`", "\"\\u0009=1\"" },
    { "- x", "- x", "\\- x", "`- x`", "\"'- x\"" },
    { "1. x", "1. x", "1\\. x", "`1. x`", "\"1. x\"" },
    { "cert_key_bits _x_", "cert_key_bits _x_", "cert_key_bits \\_x\\_", "`cert_key_bits _x_`",
      "\"cert_key_bits _x_\"" },
    { "[x](javascript:y)", "[x](javascript:y)", "\\[x\\](javascript:y)", "`[x](javascript:y)`",
      "\"[x](javascript:y)\"" },
    { "certificate[1]: see ![x] [^1] a & b", "certificate[1]: see ![x] [^1] a &amp; b",
      "certificate[1\\]: see \\![x] \\[^1] a & b", "`certificate[1]: see ![x] [^1] a & b`",
      "\"certificate[1]: see ![x] [^1] a & b\"" },
    { "\xC3\xBC\xE6\xBC\xA2", "\xC3\xBC\xE6\xBC\xA2", "\xC3\xBC\xE6\xBC\xA2", "`\xC3\xBC\xE6\xBC\xA2`",
      "\"\xC3\xBC\xE6\xBC\xA2\"" },
};

static void test_table(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GString) html = g_string_new(NULL);
        g_autoptr(GString) markdown = g_string_new(NULL);
        g_autoptr(GString) code = g_string_new(NULL);
        g_autoptr(GString) csv = g_string_new(NULL);

        tlsfit_escape_html(html, table[i].text);
        tlsfit_escape_markdown(markdown, table[i].text);
        tlsfit_escape_code(code, table[i].text, TRUE);
        tlsfit_escape_csv(csv, table[i].text);
        g_assert_cmpstr(html->str, ==, table[i].html);
        g_assert_cmpstr(markdown->str, ==, table[i].markdown);
        g_assert_cmpstr(code->str, ==, table[i].code);
        g_assert_cmpstr(csv->str, ==, table[i].csv);
    }
}

static void test_cut(void)
{
    g_autofree char *most = g_strnfill(TLSFIT_TEXT_CHARACTERS_MAX, 'a');
    g_autofree char *more = g_strconcat(most, "b", NULL);
    g_autofree char *kept = tlsfit_clean(most);
    g_autofree char *cut = tlsfit_clean(more);

    g_assert_cmpstr(kept, ==, most);
    g_assert_true(g_str_has_prefix(cut, most));
    g_assert_true(g_str_has_suffix(cut, "a ... (cut: 2001 characters in all)"));
}

/* Lines stay lines where they are wanted, and nothing else does. */
static void test_lines(void)
{
    g_autofree char *lines = tlsfit_clean_lines("a\nb\r\tc\x1b[31m");

    g_assert_cmpstr(lines, ==, "a\nb\\u000D\\u0009c\\u001B[31m");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/escape/table", test_table);
    g_test_add_func("/report/escape/cut", test_cut);
    g_test_add_func("/report/escape/lines", test_lines);
    return g_test_run();
}
