/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several profiles and hostile files: inheritance, directories over each other, the built-in profiles, spelling,
 * and text that is none.
 *
 * What a profile may hold, and the exact text of every error, is tested by data: run.py.
 */
#include "fixture.h"

#include <string.h>

/* --- Several profiles ----------------------------------------------------------------------------------------- */

static void test_inherits(void)
{
    g_autoptr(Folder) folder = folder_new();

    /* Children first: the order of the files must not matter. */
    folder_write(folder, "1.ini", IDENTITY("grandchild") "inherits = child\n[versions]\nunsupported =\n", -1);
    folder_write(folder, "2.ini",
                 IDENTITY("child") "inherits = parent\n[groups]\nsupported = x25519\n"
                 SOURCE("groups.supported", "reported"), -1);
    folder_write(folder, "3.ini",
                 IDENTITY("parent") "[groups]\nsupported = secp256r1;secp384r1\ncomplete = yes\n"
                 SOURCE("groups.supported", "documented") SOURCE("groups.supported.secp384r1", "inferred")
                 "[versions]\nunsupported = TLS1.3\n" SOURCE("versions.unsupported", "documented"), -1);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    const TlsfitDevice *parent = tlsfit_library_find(library, "parent");
    const TlsfitDevice *child = tlsfit_library_find(library, "child");
    const TlsfitDevice *grandchild = tlsfit_library_find(library, "grandchild");

    assert_code(parent, TLSFIT_SET_GROUPS, 0x001D, TLSFIT_CANNOT, "only secp256r1; secp384r1");
    assert_code(child, TLSFIT_SET_GROUPS, 0x001D, TLSFIT_OK, NULL);
    assert_code(child, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_SUSPECT, "only x25519");
    assert_code(child, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_CANNOT, "not TLS1.3");
    assert_code(grandchild, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_SUSPECT, "only x25519");
    assert_code(grandchild, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_UNKNOWN, NULL);
}

/* A later directory replaces; a bad profile there leaves everything else as it was, children included. */
static void test_directories(void)
{
    g_autoptr(Folder) first = folder_new();
    g_autoptr(Folder) second = folder_new();
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    folder_write(first, "good.ini", IDENTITY("good") "note = first\n", -1);
    folder_write(first, "other.ini", IDENTITY("other") "note = first\n", -1);
    folder_write(first, "child.ini", IDENTITY("child") "inherits = other\n", -1);
    folder_write(first, "own.ini", IDENTITY("own") "note = first\n", -1);
    folder_write(second, "good.ini", IDENTITY("good") "note = second\n", -1);
    folder_write(second, "other.ini", IDENTITY("other") "note = second\n[features]\nsni = perhaps\n", -1);
    folder_write(second, "own.ini", IDENTITY("own") "inherits = own\n", -1);
    folder_write(second, "ignored.txt", "no profile", -1);
    tlsfit_library_add_directory(library, first->path, TRUE);
    tlsfit_library_add_directory(library, second->path, TRUE);
    tlsfit_library_finish(library);

    g_assert_cmpuint(tlsfit_library_devices(library)->len, ==, 4);
    g_assert_cmpstr(tlsfit_device_note(tlsfit_library_find(library, "good")), ==, "second");
    g_assert_cmpstr(tlsfit_device_note(tlsfit_library_find(library, "other")), ==, "first");
    g_assert_cmpstr(tlsfit_device_note(tlsfit_library_find(library, "child")), ==, "first");
    g_assert_cmpstr(tlsfit_device_note(tlsfit_library_find(library, "own")), ==, "first");
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 2);
}

static void test_missing(void)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    tlsfit_library_add_directory(library, "/nonexistent/tlsfit", FALSE);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    tlsfit_library_add_directory(library, "/nonexistent/tlsfit", TRUE);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 1);
    tlsfit_library_add_file(library, "/nonexistent/tlsfit.ini");
    tlsfit_library_add_file(library, g_get_tmp_dir());
    tlsfit_library_finish(library);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 3);
    g_assert_cmpuint(tlsfit_library_devices(library)->len, ==, 0);
}

static void test_builtin(void)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();

    tlsfit_library_add_builtin(library);
    tlsfit_library_finish(library);
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    const TlsfitDevice *module = tlsfit_library_find(library, "inventek-ism43362");
    g_assert_nonnull(module);
    assert_code(module, TLSFIT_SET_CERTIFICATE_SIGNATURES, TLSFIT_SIGNATURE_ECDSA_SHA384, TLSFIT_CANNOT,
                "not ecdsa-with-SHA384");
    assert_code(module, TLSFIT_SET_CERTIFICATE_SIGNATURES, TLSFIT_SIGNATURE_SHA256_RSA, TLSFIT_UNKNOWN, NULL);
    assert_code(module, TLSFIT_SET_KEY_CURVES, 0x0018, TLSFIT_SUSPECT, "not secp384r1");
    assert_code(module, TLSFIT_SET_SIGNATURE_SCHEMES, 0x0401, TLSFIT_CANNOT,
                "only ecdsa_sha1; ecdsa_secp256r1_sha256");
}

static void test_builtin_name(void)
{
    static const char text[] = IDENTITY("a");
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_problem_free);

    g_assert_null(tlsfit_raw_read("/tlsfit/profiles/b.ini", TRUE, text, strlen(text), problems));
    g_assert_cmpuint(problems->len, ==, 1);
    const TlsfitProblem *problem = g_ptr_array_index(problems, 0);
    g_assert_cmpuint(problem->line, ==, 2);
    g_assert_nonnull(strstr(problem->message, "a.ini"));
}

static void test_suggest(void)
{
    g_autoptr(Folder) folder = folder_new();

    folder_write(folder, "1.ini", IDENTITY("acme-modem-1"), -1);
    folder_write(folder, "2.ini", IDENTITY("acme-modem-2"), -1);
    folder_write(folder, "3.ini", IDENTITY("zenith-stack"), -1);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    g_autofree char *near = tlsfit_library_suggest(library, "acme-modem-3");
    g_autofree char *part = tlsfit_library_suggest(library, "zenith");
    g_autofree char *none = tlsfit_library_suggest(library, "bluebird");
    g_autofree char *empty = tlsfit_library_suggest(library, "");
    g_autofree char *filler = g_strnfill(100000, 'a');
    g_autofree char *huge = tlsfit_library_suggest(library, filler);

    g_assert_cmpstr(near, ==, "acme-modem-1, acme-modem-2");
    g_assert_cmpstr(part, ==, "zenith-stack");
    g_assert_null(none);
    g_assert_null(empty);
    g_assert_null(huge);
}

/* --- Hostile files -------------------------------------------------------------------------------------------- */

static void test_not_text(void)
{
    static const struct {
        const char *text;
        gssize length;
        guint line;
        const char *words;
    } cases[] = {{"[device]\nid = a\0b\n", 18, 2, "NUL"},
                 {"[device]\n\nname = \xFF\xFE\n", -1, 3, "UTF-8"},
                 {"\xEF\xBB\xBF[device]\n", -1, 1, "byte order mark"},
                 {"", -1, 0, "id"},
                 {IDENTITY("a") "note = a\\nb\n", -1, 6, "control character"},
                 {IDENTITY("a") "note = a\x1B[31mb\n", -1, 6, "control character"}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Folder) folder = folder_new();
        folder_write(folder, "a.ini", cases[i].text, cases[i].length);
        g_autoptr(TlsfitLibrary) library = read_folder(folder);
        assert_problem(library, cases[i].line, cases[i].words);
        g_assert_cmpuint(tlsfit_library_devices(library)->len, ==, 0);
    }
}

static void test_too_large(void)
{
    g_autoptr(Folder) folder = folder_new();
    g_autoptr(GString) text = g_string_new(IDENTITY("a"));

    g_string_append_c(text, '#');
    while (text->len < TLSFIT_PROFILE_BYTES_MAX)
        g_string_append_c(text, 'x');
    folder_write(folder, "a.ini", text->str, (gssize)text->len);
    g_string_append_c(text, 'x');
    folder_write(folder, "b.ini", text->str, (gssize)text->len);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    assert_problem(library, 0, "larger than");
    g_assert_nonnull(tlsfit_library_find(library, "a"));
}

/* Every prefix of a real profile, and every byte of it replaced, gives a device or a problem, never both or neither. */
static void test_mutations(void)
{
    g_autofree char *text = g_strdup(
        IDENTITY("a") "[groups]\nsupported = x25519;secp256r1\ncomplete = yes\n" SOURCE("groups.supported", "observed")
        SOURCE("groups.supported.x25519", "inferred")
        "[broken gcm]\nversions = TLS1.2\nsymptom = bad_record_mac from server\n" SOURCE("broken gcm", "observed")
        "[anchors]\nsubjects = CN=One\n" SOURCE("anchors.subjects", "observed")
        "[codes]\n-7 = too large\n" SOURCE("codes", "documented"));
    static const char bytes[] = "[]=;\\\n #.\x80" "0a";
    size_t length = strlen(text);

    for (size_t i = 0; i < length; i++) {
        for (size_t j = 0; j <= strlen(bytes); j++) {
            g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_problem_free);
            g_autofree char *copy = g_strdup(text);
            size_t used = j == strlen(bytes) ? i : length;

            if (j < strlen(bytes))
                copy[i] = bytes[j];
            TlsfitRawProfile *raw = tlsfit_raw_read("a.ini", FALSE, copy, used, problems);
            g_assert_true((raw == NULL) == (problems->len > 0));
            if (raw == NULL)
                continue;
            GPtrArray *chain = g_ptr_array_new();
            g_ptr_array_add(chain, raw);
            TlsfitMergedProfile *merged = tlsfit_merged_new(chain, problems);
            guint before = problems->len;
            g_autoptr(TlsfitDevice) device = tlsfit_device_compile(merged, problems);
            g_assert_true((device == NULL) == (problems->len > before));
            g_autofree char *rendered = device != NULL ? tlsfit_device_render(device) : NULL;
            g_assert_true(rendered == NULL || g_utf8_validate(rendered, -1, NULL));
            tlsfit_merged_free(merged);
            tlsfit_raw_free(raw);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/library/inherits", test_inherits);
    g_test_add_func("/library/directories", test_directories);
    g_test_add_func("/library/missing", test_missing);
    g_test_add_func("/library/builtin", test_builtin);
    g_test_add_func("/library/builtin-name", test_builtin_name);
    g_test_add_func("/library/suggest", test_suggest);
    g_test_add_func("/hostile/not-text", test_not_text);
    g_test_add_func("/hostile/too-large", test_too_large);
    g_test_add_func("/hostile/mutations", test_mutations);
    return g_test_run();
}
