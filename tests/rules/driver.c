/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the cases of one rule, or of all: driver FOLDER RULE|all CERTIFICATES
 *
 * In: FOLDER/<rule>/<name>.ini (see README.md there), the folders of PEM files separated by colons. Out: what differs,
 * and the exit status: 0 only if every case passed and every kind of case is there.
 */
#include "case.h"

#include <stdio.h>
#include <string.h>

/* What a rule cannot show by its nature; the rule's README says why in a line "no KIND: ...". */
static const struct {
    const char *rule;
    const char *kind;
} exceptions[] = {
    { "hello_not_this_device", "cannot" },    { "hello_not_this_device", "unknown" },
    { "hello_suite_unusable", "unknown" },    { "hello_tls13_without_pss", "unknown" },
    { "broken_combination", "cannot" },       { "profile_contradicted", "cannot" },
    { "profile_contradicted", "unknown" },    { "certificates_hidden", "cannot" },
    { "capture_incomplete", "cannot" },       { "hello_tls12_without_pkcs1", "unknown" },
    { "client_auth_empty", "cannot" },        { "middlebox_reset", "cannot" },
    { "middlebox_reset", "unknown" },
};

static const char *const kinds[] = { "ok", "cannot", "unknown", "silent" };

static void run_case(Case *test, char **kind)
{
    g_autofree char *title = NULL;
    g_autoptr(GError) error = NULL;

    if (!g_key_file_load_from_file(test->file, test->path, G_KEY_FILE_NONE, &error)) {
        case_problem(test, "%s", error->message);
        return;
    }
    title = case_string(test, "case", "title");
    *kind = case_string(test, "case", "status");
    if (title == NULL || *kind == NULL) {
        case_problem(test, "[case] has no title or no status");
        return;
    }
    case_devices(test);
    if (test->problems->len == 0) {
        case_steps(test);
        case_expect(test);
        case_kind(test, *kind);
    }
}

/* Runs one file; its kind is counted in SEEN where it passed. */
static gboolean run_file(const char *rule, const char *path, const char *certificates, GHashTable *seen)
{
    Case test = { .rule = rule, .path = g_strdup(path), .certificates = g_strdup(certificates) };
    g_autofree char *kind = NULL;
    gboolean passed;

    test.file = g_key_file_new();
    test.problems = g_string_new(NULL);
    test.view.stall_ms = TLSFIT_STALL_MS_DEFAULT;
    run_case(&test, &kind);
    passed = test.problems->len == 0;
    if (!passed) {
        printf("%s\n%s", path, test.problems->str);
    } else {
        g_hash_table_add(seen, g_strdup(kind));
    }
    tlsfit_session_free(test.session);
    g_clear_pointer(&test.library, tlsfit_library_free);
    g_key_file_unref(test.file);
    g_string_free(test.problems, TRUE);
    g_free(test.certificates);
    g_free(test.path);
    return passed;
}

static gboolean is_exception(const char *rule, const char *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(exceptions); i++) {
        if (g_str_equal(exceptions[i].rule, rule) && g_str_equal(exceptions[i].kind, kind)) {
            return TRUE;
        }
    }
    return FALSE;
}

/* Every kind is there, or the README says why not. */
static gboolean check_kinds(const char *rule, const char *folder, GHashTable *seen)
{
    g_autofree char *path = g_build_filename(folder, "README", NULL);
    g_autofree char *readme = NULL;
    gboolean passed = TRUE;

    g_file_get_contents(path, &readme, NULL, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *reason = g_strdup_printf("no %s: ", kinds[i]);
        const gboolean there = g_hash_table_contains(seen, kinds[i]);
        const gboolean explained = readme != NULL && strstr(readme, reason) != NULL;
        const gboolean excepted = is_exception(rule, kinds[i]);

        if (there == excepted || excepted != explained) {
            printf("%s: %s of the kind %s; the driver %s, and the README %s\n", folder,
                   there ? "there is a case" : "there is no case that passes", kinds[i],
                   excepted ? "knows that the rule cannot give it" : "wants one",
                   explained ? "says why there is none" : "does not say why there is none");
            passed = FALSE;
        }
    }
    return passed;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static gboolean run_rule(const char *root, const char *rule, const char *certificates)
{
    g_autofree char *folder = g_build_filename(root, rule, NULL);
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    guint passed = 0;

    if (directory == NULL) {
        printf("%s: there is no such folder: the rule has no cases\n", folder);
        return FALSE;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (g_str_has_suffix(name, ".ini")) {
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        passed += run_file(rule, g_ptr_array_index(names, i), certificates, seen) ? 1u : 0u;
    }
    printf("%s: %u of %u cases passed\n", rule, passed, names->len);
    return check_kinds(rule, folder, seen) && passed == names->len;
}

int main(int argc, char **argv)
{
    gboolean passed = TRUE;

    if (argc != 4) {
        fprintf(stderr, "usage: %s FOLDER RULE|all CERTIFICATE-FOLDERS\n", argv[0]);
        return 2;
    }
    if (!g_str_equal(argv[2], "all")) {
        return run_rule(argv[1], argv[2], argv[3]) ? 0 : 1;
    }
    for (guint i = 0; i < tlsfit_rule_count(); i++) {
        passed = run_rule(argv[1], tlsfit_rule_text(i)->id, argv[3]) && passed;
    }
    return passed ? 0 : 1;
}
