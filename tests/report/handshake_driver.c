/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports on handshakes that ini files describe (tests/rules/README.md; [expect] is not read):
 *
 *     driver CERTIFICATE-FOLDERS text|svg|markdown|html FILE.ini...
 *
 * Out: the ladder of the first file as text or SVG, or one page on all of them. [where] of a file may have file, client
 * and server, with C escapes. Every summary goes through a GVariant and back, as between two processes.
 */
#include "../rules/case.h"
#include "tlsfit_report.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *file;
    char *client;
    char *server;
} Where;

static char *escaped(const Case *test, const char *key)
{
    g_autofree char *value = g_key_file_get_value(test->file, "where", key, NULL);

    return value != NULL ? g_strcompress(value) : NULL;
}

static void case_open(Case *test, const char *path, const char *certificates)
{
    g_autoptr(GError) error = NULL;

    *test = (Case){ .rule = "", .path = g_strdup(path), .certificates = g_strdup(certificates) };
    test->file = g_key_file_new();
    test->problems = g_string_new(NULL);
    test->view.stall_ms = TLSFIT_STALL_MS_DEFAULT;
    test->view.device_source = "preference";
    if (!g_key_file_load_from_file(test->file, path, G_KEY_FILE_NONE, &error)) {
        case_problem(test, "%s", error->message);
        return;
    }
    case_devices(test);
    case_steps(test);
}

static void case_close(Case *test)
{
    g_clear_pointer(&test->session, tlsfit_session_free);
    g_clear_pointer(&test->library, tlsfit_library_free);
    g_key_file_unref(test->file);
    g_string_free(test->problems, TRUE);
    g_free(test->certificates);
    g_free(test->path);
}

/* A summary, sent through what a pipe would carry. */
static TlsfitSummary *summary_of(const TlsfitSession *session, const TlsfitReportWhere *where)
{
    g_autoptr(TlsfitSummary) summary = tlsfit_summary_new(session, where);
    g_autoptr(GVariant) sent = g_variant_ref_sink(tlsfit_summary_to_variant(summary));
    g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(sent);
    g_autoptr(GVariant) received =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(TLSFIT_SUMMARY_TYPE), bytes, FALSE));

    return tlsfit_summary_from_variant(received);
}

/* FALSE after a message. */
static gboolean add_case(const char *path, const char *folders, const char *form, GPtrArray *summaries,
                         GPtrArray *parts)
{
    Case test;
    gboolean passed;

    case_open(&test, path, folders);
    passed = test.problems->len == 0;
    if (passed) {
        g_autofree char *file = escaped(&test, "file");
        g_autofree char *client = escaped(&test, "client");
        g_autofree char *server = escaped(&test, "server");
        const TlsfitReportWhere where = { .file = file, .client = client, .server = server };

        if (g_str_equal(form, "text")) {
            g_ptr_array_add(parts, tlsfit_report_ladder_text(test.session, &where));
        } else if (g_str_equal(form, "svg")) {
            g_ptr_array_add(parts, tlsfit_report_ladder_svg(test.session, &where));
        } else {
            g_ptr_array_add(parts, tlsfit_report_part(test.session,
                                                      g_str_equal(form, "html") ? TLSFIT_REPORT_HTML
                                                                                : TLSFIT_REPORT_MARKDOWN,
                                                      &where));
        }
        g_ptr_array_add(summaries, summary_of(test.session, &where));
    } else {
        fprintf(stderr, "%s: %s", path, test.problems->str);
    }
    case_close(&test);
    return passed;
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_summary_free);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    const TlsfitReportPage page = { .summaries = summaries };

    if (argc < 4) {
        fprintf(stderr, "usage: %s CERTIFICATE-FOLDERS text|svg|markdown|html FILE.ini...\n", argv[0]);
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        if (!add_case(argv[i], argv[1], argv[2], summaries, parts)) {
            return 1;
        }
    }
    if (g_str_equal(argv[2], "text") || g_str_equal(argv[2], "svg")) {
        fputs(g_ptr_array_index(parts, 0), stdout);
    } else {
        g_autofree char *whole = tlsfit_report_page(
            g_str_equal(argv[2], "html") ? TLSFIT_REPORT_HTML : TLSFIT_REPORT_MARKDOWN, &page, parts);

        fputs(whole, stdout);
    }
    return 0;
}
