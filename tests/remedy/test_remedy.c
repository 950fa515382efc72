/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases of fixes for servers: driver FOLDER CERTIFICATES
 *
 * In: FOLDER/<name>.ini (README.md here; the steps and devices are those of tests/rules), the folders of PEM files.
 * Out: what differs, and the exit status: 0 only if every case passed and there was one.
 */
#include "../rules/case.h"

#include <stdio.h>
#include <string.h>

/* The lines of TEXT that are no comments, joined by " | "; "none" where there is no text. */
static char *lines_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "none", "\n", -1);
    GString *result = g_string_new(NULL);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);

        if (*line != '\0' && *line != '#') {
            g_string_append_printf(result, "%s%s", result->len > 0 ? " | " : "", line);
        }
    }
    return g_string_free(result, FALSE);
}

static void compare(Case *test, GString *now, const char *key, const char *came)
{
    g_autofree char *wanted = case_string(test, "fix", key);

    g_string_append_printf(now, "%s = %s\n", key, came);
    if (wanted == NULL) {
        case_problem(test, "[fix] has no %s", key);
    } else if (!g_str_equal(wanted, came)) {
        case_problem(test, "%s\n    expected: %s\n    came out: %s", key, wanted, came);
    }
}

static void expect(Case *test)
{
    const TlsfitDiagnosis *diagnosis = tlsfit_session_diagnosis(test->session);
    const TlsfitFinding *cause = diagnosis != NULL ? diagnosis->cause : NULL;
    const char *fix = cause != NULL ? tlsfit_finding_fix_server(cause) : NULL;
    g_autoptr(GString) now = g_string_new("[fix]\n");

    compare(test, now, "cause", cause != NULL ? cause->rule : "none");
    compare(test, now, "text", fix != NULL ? fix : "none");
    for (guint i = 0; i < tlsfit_fix_server_count(); i++) {
        g_autofree char *text = tlsfit_session_fix_config(test->session, i);
        g_autofree char *lines = lines_of(text);

        compare(test, now, tlsfit_fix_server_id(i), lines);
    }
    if (test->problems->len > 0) {
        case_problem(test, "what came out, as a case writes it:\n%s", now->str);
    }
}

static gboolean run_file(const char *path, const char *certificates)
{
    Case test = { .rule = "", .path = g_strdup(path), .certificates = g_strdup(certificates) };
    g_autoptr(GError) error = NULL;
    gboolean passed;

    test.file = g_key_file_new();
    test.problems = g_string_new(NULL);
    test.view.stall_ms = TLSFIT_STALL_MS_DEFAULT;
    if (!g_key_file_load_from_file(test.file, path, G_KEY_FILE_NONE, &error)) {
        case_problem(&test, "%s", error->message);
    } else {
        case_devices(&test);
    }
    if (test.problems->len == 0) {
        case_steps(&test);
        expect(&test);
    }
    passed = test.problems->len == 0;
    if (!passed) {
        printf("%s\n%s", path, test.problems->str);
    }
    tlsfit_session_free(test.session);
    g_clear_pointer(&test.library, tlsfit_library_free);
    g_key_file_unref(test.file);
    g_string_free(test.problems, TRUE);
    g_free(test.certificates);
    g_free(test.path);
    return passed;
}

int main(int argc, char **argv)
{
    g_autoptr(GDir) directory = argc == 3 ? g_dir_open(argv[1], 0, NULL) : NULL;
    const char *name;
    guint count = 0;
    guint passed = 0;

    if (directory == NULL) {
        fprintf(stderr, "usage: %s FOLDER CERTIFICATE-FOLDERS\n", argv[0]);
        return 2;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (g_str_has_suffix(name, ".ini")) {
            g_autofree char *path = g_build_filename(argv[1], name, NULL);

            count++;
            passed += run_file(path, argv[2]) ? 1u : 0u;
        }
    }
    printf("%u of %u cases passed\n", passed, count);
    return count > 0 && passed == count ? 0 : 1;
}
