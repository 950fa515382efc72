/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions to devices: verdicts, inheritance, several directories, hostile files, spelling.
 *
 * Profiles are written to a folder of their own and read as a user's would be. What a profile may hold, and the
 * exact text of every error, is tested by data: run.py.
 */
#include "device.h"

#include <glib/gstdio.h>
#include <string.h>

#define IDENTITY(id) "[device]\nid = " id "\nname = A device\nkind = modem\nrole = client\n"
#define SOURCE(target, confidence) "[source " target "]\nconfidence = " confidence "\nwhere = https://example.org/\n"

/* --- Folders -------------------------------------------------------------------------------------------------- */

typedef struct {
    char *path;
    GPtrArray *files;
} Folder;

static Folder *folder_new(void)
{
    Folder *folder = g_new0(Folder, 1);

    folder->path = g_dir_make_tmp("tlsfit-XXXXXX", NULL);
    g_assert_nonnull(folder->path);
    folder->files = g_ptr_array_new_with_free_func(g_free);
    return folder;
}

static void folder_free(Folder *folder)
{
    for (guint i = 0; i < folder->files->len; i++)
        g_remove(g_ptr_array_index(folder->files, i));
    g_rmdir(folder->path);
    g_ptr_array_unref(folder->files);
    g_free(folder->path);
    g_free(folder);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Folder, folder_free)

static const char *folder_write(Folder *folder, const char *name, const char *text, gssize length)
{
    char *path = g_build_filename(folder->path, name, NULL);

    g_assert_true(g_file_set_contents(path, text, length, NULL));
    g_ptr_array_add(folder->files, path);
    return path;
}

static TlsfitLibrary *read_folder(const Folder *folder)
{
    TlsfitLibrary *library = tlsfit_library_new();

    tlsfit_library_add_directory(library, folder->path, TRUE);
    tlsfit_library_finish(library);
    return library;
}

/* The one device that TEXT describes, without any problem. */
static TlsfitDevice *read_device(const char *text)
{
    g_autoptr(Folder) folder = folder_new();

    folder_write(folder, "a.ini", text, -1);
    g_autoptr(TlsfitLibrary) library = read_folder(folder);
    for (guint i = 0; i < tlsfit_library_problems(library)->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), i);
        g_test_message("%u: %s", problem->line, problem->message);
    }
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 0);
    g_assert_cmpuint(tlsfit_library_devices(library)->len, ==, 1);
    return tlsfit_device_ref(g_ptr_array_index(tlsfit_library_devices(library), 0));
}

/* The one problem of LIBRARY has LINE and says WORDS. */
static void assert_problem(TlsfitLibrary *library, guint line, const char *words)
{
    g_assert_cmpuint(tlsfit_library_problems(library)->len, ==, 1);
    const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), 0);
    g_assert_cmpuint(problem->line, ==, line);
    if (strstr(problem->message, words) == NULL)
        g_error("\"%s\" is not in \"%s\"", words, problem->message);
}

static void assert_code(const TlsfitDevice *device, TlsfitSet set, guint code, TlsfitStatus status,
                        const char *limit)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, set, code);

    g_assert_cmpstr(tlsfit_status_name(verdict.status), ==, tlsfit_status_name(status));
    g_assert_cmpstr(verdict.limit, ==, limit);
    if (status == TLSFIT_CANNOT || status == TLSFIT_SUSPECT)
        g_assert_nonnull(verdict.source);
    if (status == TLSFIT_UNKNOWN)
        g_assert_null(verdict.source);
}

static void assert_number(const TlsfitDevice *device, TlsfitNumber number, guint64 value, TlsfitStatus status,
                          const char *limit)
{
    g_auto(TlsfitVerdict) verdict = tlsfit_device_number(device, number, value);

    g_assert_cmpstr(tlsfit_status_name(verdict.status), ==, tlsfit_status_name(status));
    g_assert_cmpstr(verdict.limit, ==, limit);
}

/* --- Verdicts ------------------------------------------------------------------------------------------------- */

static void test_lists(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[groups]\nsupported = secp256r1;x25519\ncomplete = yes\n" SOURCE("groups.supported", "observed")
        "[versions]\nsupported = TLS1.2\nunsupported = TLS1.3;TLS1.0\n" SOURCE("versions.supported", "observed")
        SOURCE("versions.unsupported", "documented") SOURCE("versions.unsupported.TLS1.0", "inferred"));

    assert_code(device, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0018, TLSFIT_CANNOT, "only secp256r1; x25519");
    assert_code(device, TLSFIT_SET_GROUPS, 0x0A0A, TLSFIT_OK, NULL); /* GREASE */
    assert_code(device, TLSFIT_SET_GROUPS, 0x1FFFF, TLSFIT_CANNOT, "only secp256r1; x25519");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0303, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_CANNOT, "not TLS1.3");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0301, TLSFIT_SUSPECT, "not TLS1.0");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0302, TLSFIT_UNKNOWN, NULL);
    assert_code(device, TLSFIT_SET_CIPHER_SUITES, 0xC023, TLSFIT_UNKNOWN, NULL);
    assert_code(device, TLSFIT_SET_KEY_TYPES, TLSFIT_KEY_RSA, TLSFIT_UNKNOWN, NULL);
    g_assert_true(tlsfit_device_complete(device, TLSFIT_SET_GROUPS));
    g_assert_false(tlsfit_device_complete(device, TLSFIT_SET_VERSIONS));
    g_assert_null(tlsfit_device_supported(device, TLSFIT_SET_CIPHER_SUITES));
    const GArray *groups = tlsfit_device_supported(device, TLSFIT_SET_GROUPS);
    g_assert_cmpuint(groups->len, ==, 2);
    g_assert_cmpuint(g_array_index(groups, guint16, 1), ==, 0x001D);
}

/* Each confidence, through the source of the list and through that of the claim that it is complete. */
static void test_confidence(void)
{
    static const struct {
        const char *confidence;
        TlsfitStatus status;
    } cases[] = {{"documented", TLSFIT_CANNOT},
                 {"source-code", TLSFIT_CANNOT},
                 {"observed", TLSFIT_CANNOT},
                 {"reported", TLSFIT_SUSPECT},
                 {"inferred", TLSFIT_SUSPECT}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            IDENTITY("a") "[groups]\nsupported = x25519\ncomplete = yes\n" SOURCE("groups.supported", "%s")
            "[versions]\nsupported = TLS1.2\ncomplete = yes\n" SOURCE("versions.supported", "observed")
            SOURCE("versions.complete", "%s")
            "[limits]\ndh_bits_max = 1024\n" SOURCE("limits.dh_bits_max", "%s"),
            cases[i].confidence, cases[i].confidence, cases[i].confidence);
        g_autoptr(TlsfitDevice) device = read_device(text);

        assert_code(device, TLSFIT_SET_GROUPS, 0x0017, cases[i].status, "only x25519");
        assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, cases[i].status, "only TLS1.2");
        assert_number(device, TLSFIT_NUMBER_dh_bits_max, 1025, cases[i].status, "at most 1024 bits");
    }
}

static void test_long_limit(void)
{
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[groups]\nsupported = 1;2;3;4;5;6;7;8;9;10\ncomplete = yes\n"
        SOURCE("groups.supported", "observed"));
    g_auto(TlsfitVerdict) verdict = tlsfit_device_code(device, TLSFIT_SET_GROUPS, 29);

    g_assert_true(g_str_has_prefix(verdict.limit, "only sect163k1; "));
    g_assert_true(g_str_has_suffix(verdict.limit, " and 2 more"));
}

static void test_end_entity(void)
{
    static const char keys[] = IDENTITY("a")
        "[certificate_keys]\ntypes = rsa;ec\ncurves = secp256r1;secp384r1\nunsupported_curves = secp521r1\n"
        "complete = yes\n" SOURCE("certificate_keys.types", "observed") SOURCE("certificate_keys.curves", "observed")
        SOURCE("certificate_keys.unsupported_curves", "reported");
    g_autoptr(TlsfitDevice) plain = read_device(keys);
    g_autofree char *own = g_strdup_printf(
        "%s" SOURCE("certificate_keys.end_entity_curves", "observed"), keys);
    g_autoptr(GString) text = g_string_new(own);
    char *at = strstr(text->str, "complete = yes");

    /* Without a list of its own the end-entity key is judged as any other. */
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x0018, TLSFIT_OK, NULL);
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x0019, TLSFIT_SUSPECT, "not secp521r1");
    assert_code(plain, TLSFIT_SET_END_ENTITY_CURVES, 0x001D, TLSFIT_CANNOT, "only secp256r1; secp384r1");
    assert_code(plain, TLSFIT_SET_END_ENTITY_TYPES, TLSFIT_KEY_DSA, TLSFIT_CANNOT, "only rsa; ec");
    g_assert_true(tlsfit_device_complete(plain, TLSFIT_SET_END_ENTITY_CURVES));

    g_string_insert(text, at - text->str, "end_entity_curves = secp256r1\n");
    g_autoptr(TlsfitDevice) device = read_device(text->str);
    assert_code(device, TLSFIT_SET_KEY_CURVES, 0x0018, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0018, TLSFIT_CANNOT, "only secp256r1");
    assert_code(device, TLSFIT_SET_END_ENTITY_CURVES, 0x0019, TLSFIT_SUSPECT, "not secp521r1");
    assert_code(device, TLSFIT_SET_END_ENTITY_TYPES, TLSFIT_KEY_EC, TLSFIT_OK, NULL);
}

static void test_numbers(void)
{
    const TlsfitSource *source = NULL;
    guint64 value = 7;
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[certificate_keys]\nrsa_bits_min = 1024\nrsa_bits_max = 2048\n"
        SOURCE("certificate_keys.rsa_bits_min", "inferred") SOURCE("certificate_keys.rsa_bits_max", "documented")
        "[limits]\nchain_certificates_max = 1\n" SOURCE("limits.chain_certificates_max", "documented"));

    assert_number(device, TLSFIT_NUMBER_rsa_bits_min, 1023, TLSFIT_SUSPECT, "at least 1024 bits");
    assert_number(device, TLSFIT_NUMBER_rsa_bits_min, 1024, TLSFIT_OK, NULL);
    assert_number(device, TLSFIT_NUMBER_rsa_bits_max, 2048, TLSFIT_OK, NULL);
    assert_number(device, TLSFIT_NUMBER_rsa_bits_max, 2049, TLSFIT_CANNOT, "at most 2048 bits");
    assert_number(device, TLSFIT_NUMBER_chain_certificates_max, 2, TLSFIT_CANNOT, "at most 1 certificate");
    assert_number(device, TLSFIT_NUMBER_record_bytes_max, G_MAXUINT64, TLSFIT_UNKNOWN, NULL);
    g_assert_false(tlsfit_device_number_value(device, TLSFIT_NUMBER_record_bytes_max, &value, &source));
    g_assert_cmpuint(value, ==, 7);
    g_assert_true(tlsfit_device_number_value(device, TLSFIT_NUMBER_rsa_bits_max, &value, &source));
    g_assert_cmpuint(value, ==, 2048);
    g_assert_cmpint(source->confidence, ==, TLSFIT_DOCUMENTED);
}

static void test_words(void)
{
    const TlsfitSource *source = NULL;
    g_autoptr(TlsfitDevice) device = read_device(
        IDENTITY("a") "[features]\nclock = optional\n" SOURCE("features.clock", "documented")
        "[codes]\n-7 = certificate too large\n" SOURCE("codes", "documented")
        "[fixes]\ncert_key_bits = Use 2048 bits\n" SOURCE("fixes", "documented")
        "[broken gcm]\nversions = TLS1.2\nsymptom = bad_record_mac from server\n" SOURCE("broken gcm", "observed"));

    g_assert_cmpstr(tlsfit_device_feature(device, TLSFIT_FEATURE_clock, &source), ==, "optional");
    g_assert_cmpstr(source->where, ==, "https://example.org/");
    g_assert_null(tlsfit_device_feature(device, TLSFIT_FEATURE_sni, &source));
    g_assert_null(source);
    g_assert_cmpstr(tlsfit_device_code_text(device, "-7"), ==, "certificate too large");
    g_assert_null(tlsfit_device_code_text(device, "-8"));
    g_assert_cmpstr(tlsfit_device_fix(device, "cert_key_bits"), ==, "Use 2048 bits");
    g_assert_null(tlsfit_device_fix(device, "cert_key_curve"));
    g_assert_cmpuint(tlsfit_device_broken(device)->len, ==, 1);
    const TlsfitBroken *broken = g_ptr_array_index(tlsfit_device_broken(device), 0);
    g_assert_cmpstr(broken->name, ==, "gcm");
    g_assert_cmpint(broken->alert, ==, 20);
    g_assert_cmpint(broken->alert_from, ==, TLSFIT_SERVER);
    g_assert_false(broken->stalls);
    g_assert_cmpuint(broken->cipher_suites->len, ==, 0);
    g_assert_cmpuint(g_array_index(broken->versions, guint16, 0), ==, 0x0303);
}

static void test_advertised(void)
{
    static const guint16 offered[] = {0x0A0A, 0x001D, 0x0017};
    g_autoptr(TlsfitDevice) device = tlsfit_device_advertised_new();
    GArray *codes = g_array_new(FALSE, FALSE, sizeof(guint16));
    TlsfitSource *source = g_new0(TlsfitSource, 1);

    source->confidence = TLSFIT_INFERRED;
    g_array_append_vals(codes, offered, G_N_ELEMENTS(offered));
    tlsfit_device_set_codes(device, TLSFIT_SET_GROUPS, codes, TRUE, source);
    g_assert_cmpstr(tlsfit_device_id(device), ==, "advertised");
    g_assert_null(tlsfit_device_file(device));
    g_assert_cmpuint(tlsfit_device_broken(device)->len, ==, 0);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0017, TLSFIT_OK, NULL);
    assert_code(device, TLSFIT_SET_GROUPS, 0x0018, TLSFIT_SUSPECT, "only x25519; secp256r1");
    assert_code(device, TLSFIT_SET_VERSIONS, 0x0304, TLSFIT_UNKNOWN, NULL);

    TlsfitSource *second = g_new0(TlsfitSource, 1);
    second->confidence = TLSFIT_INFERRED;
    tlsfit_device_set_codes(device, TLSFIT_SET_CIPHER_SUITES, g_array_new(FALSE, FALSE, sizeof(guint16)), TRUE,
                            second);
    assert_code(device, TLSFIT_SET_CIPHER_SUITES, 0xC023, TLSFIT_SUSPECT, "none at all");
    g_autofree char *text = tlsfit_device_render(device);
    g_assert_true(g_str_has_prefix(text, "advertised\n"));
}

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
    g_test_add_func("/device/lists", test_lists);
    g_test_add_func("/device/confidence", test_confidence);
    g_test_add_func("/device/long-limit", test_long_limit);
    g_test_add_func("/device/end-entity", test_end_entity);
    g_test_add_func("/device/numbers", test_numbers);
    g_test_add_func("/device/words", test_words);
    g_test_add_func("/device/advertised", test_advertised);
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
