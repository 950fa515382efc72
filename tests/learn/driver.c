/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs the cases of learning: driver FOLDER CERTIFICATES [NAME]
 *
 * In: FOLDER/<name>/ (see README.md there), the folders of PEM files separated by colons. Out: what differs, and the exit
 * status: 0 only if every case passed. With TLSFIT_CASE_UPDATE=1 in the environment the expected files are written.
 */
#include "../rules/case.h"
#include "tlsfit_learn.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files NUMBER-*.ini of FOLDER, in order. */
static GPtrArray *handshakes_of(const char *folder)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) directory = g_dir_open(folder, 0, NULL);
    const char *name;

    while (directory != NULL && (name = g_dir_read_name(directory)) != NULL) {
        if (g_ascii_isdigit(*name) && g_str_has_suffix(name, ".ini")) {
            g_ptr_array_add(paths, g_build_filename(folder, name, NULL));
        }
    }
    g_ptr_array_sort(paths, compare_names);
    return paths;
}

/* The certificates of [case] anchors, by their names; NULL without. */
static GPtrArray *anchors_of(Case *test)
{
    g_auto(GStrv) names = case_list(test, "case", "anchors");
    g_auto(GStrv) folders = g_strsplit(test->certificates, ":", -1);
    GPtrArray *anchors = names[0] != NULL
                             ? g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_certificate_unref) : NULL;

    for (guint i = 0; names[i] != NULL; i++) {
        for (guint j = 0; folders[j] != NULL; j++) {
            g_autofree char *path = g_strdup_printf("%s/%s.pem", folders[j], names[i]);
            g_autoptr(GPtrArray) found = tlsfit_certificates_from_file(path, NULL);

            if (found != NULL) {
                g_ptr_array_add(anchors, tlsfit_certificate_ref(g_ptr_array_index(found, 0)));
                break;
            }
        }
    }
    if (anchors != NULL && anchors->len != g_strv_length(names)) {
        case_problem(test, "[case] anchors: a certificate is missing");
    }
    return anchors;
}

/* What crosses a pipe is bytes: the lesson must come out as it went in. */
static GVariant *through_bytes(GVariant *lesson)
{
    g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes(lesson);

    return g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(TLSFIT_LESSON_TYPE), bytes, FALSE));
}

/* One handshake becomes a lesson. What is wrong is added to PROBLEMS. */
static void learn_file(TlsfitLearned *learned, const char *path, const char *certificates, const TlsfitDevice *device,
                       GString *problems)
{
    Case test = { .path = (char *)path, .certificates = (char *)certificates, .problems = problems };

    test.file = g_key_file_new();
    test.view.stall_ms = TLSFIT_STALL_MS_DEFAULT;
    if (!g_key_file_load_from_file(test.file, path, G_KEY_FILE_NONE, NULL)) {
        case_problem(&test, "%s cannot be read", path);
    } else {
        g_autofree char *capture = case_string(&test, "case", "capture");
        GPtrArray *anchors = anchors_of(&test);
        const TlsfitLessonContext context = { "192.0.2.7", "00:80:e1:00:00:01", anchors, device };

        case_steps(&test);
        g_autoptr(GVariant) made = tlsfit_lesson_new(test.session, &context);
        if (made == NULL) {
            case_problem(&test, "%s gives no lesson", path);
        } else {
            g_autoptr(GVariant) lesson = through_bytes(g_variant_ref_sink(made));

            (void)g_steal_pointer(&made);
            if (!tlsfit_learned_add(learned, capture != NULL ? capture : "board.pcapng", lesson)) {
                case_problem(&test, "%s gives a lesson that is not taken", path);
            }
            g_variant_unref(lesson);
            (void)g_steal_pointer(&lesson);
        }
        g_clear_pointer(&anchors, g_ptr_array_unref);
        tlsfit_session_free(test.session);
    }
    g_key_file_unref(test.file);
}

/* --- The profile that there is, and the one that comes out -------------------------------------------------------- */

/* Reads PATH beside the built-in profiles; problems with it are problems of the case. NULL without it. */
static TlsfitDevice *find_device(TlsfitLibrary *library, const char *path, GString *problems)
{
    const GPtrArray *devices;

    tlsfit_library_add_builtin(library);
    tlsfit_library_add_file(library, path);
    tlsfit_library_finish(library);
    for (guint i = 0; i < tlsfit_library_problems(library)->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(tlsfit_library_problems(library), i);

        g_string_append_printf(problems, "  lint: line %u: %s\n", problem->line, problem->message);
    }
    devices = tlsfit_library_devices(library);
    for (guint i = 0; i < devices->len; i++) {
        if (g_strcmp0(tlsfit_device_file(g_ptr_array_index(devices, i)), path) == 0) {
            return g_ptr_array_index(devices, i);
        }
    }
    return NULL;
}

static char *changes_text(const GPtrArray *changes, const TlsfitLearned *learned)
{
    g_autoptr(GPtrArray) notes = tlsfit_learned_notes(learned);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < changes->len; i++) {
        const TlsfitLearnChange *change = g_ptr_array_index(changes, i);

        g_string_append_printf(text, "%s | %s | %s | %s, %s", tlsfit_learn_kind_name(change->kind), change->key,
                               change->value, tlsfit_confidence_name(change->learned.confidence), change->learned.where);
        if (change->has_source) {
            g_string_append_printf(text, " | %s, %s", tlsfit_confidence_name(change->profile.confidence),
                                   change->profile.where);
        }
        g_string_append_printf(text, "%s%s\n", change->text != NULL ? " | " : "", change->text != NULL ? change->text : "");
    }
    for (guint i = 0; i < notes->len; i++) {
        g_string_append_printf(text, "note | %s\n", (const char *)g_ptr_array_index(notes, i));
    }
    return g_string_free(text, FALSE);
}

static void compare(const char *folder, const char *name, const char *actual, GString *problems)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *wanted = NULL;

    if (g_getenv("TLSFIT_CASE_UPDATE") != NULL) {
        g_file_set_contents(path, actual, -1, NULL);
    } else if (!g_file_get_contents(path, &wanted, NULL, NULL) || strcmp(wanted, actual) != 0) {
        g_string_append_printf(problems, "  %s differs (TLSFIT_CASE_UPDATE=1 writes it: read the difference); it is\n%s",
                               name, actual);
    }
}

/* Writes TEXT to a file of its own and reads it as a profile. */
static TlsfitDevice *lint(TlsfitLibrary *library, const char *text, char **path, GString *problems)
{
    int handle = g_file_open_tmp("tlsfit-learn-XXXXXX.ini", path, NULL);

    if (handle < 0 || !g_close(handle, NULL) || !g_file_set_contents(*path, text, -1, NULL)) {
        g_string_append(problems, "  the profile cannot be written\n");
        return NULL;
    }
    return find_device(library, *path, problems);
}

/* What was learned once is there: nothing is new the second time, and no byte changes. */
static void check_again(const TlsfitLearned *learned, const char *text, GString *problems)
{
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();
    g_autoptr(GPtrArray) changes = NULL;
    g_autofree char *path = NULL;
    TlsfitDevice *device = lint(library, text, &path, problems);

    if (device != NULL) {
        const TlsfitLearnBase base = { "again.ini", text, device };
        g_autofree char *again = tlsfit_learned_write(learned, NULL, &base, &changes, NULL);

        if (again == NULL || strcmp(again, text) != 0) {
            g_string_append_printf(problems, "  learned once more, the profile changes:\n%s", again);
        }
    } else {
        g_string_append_printf(problems, "  the profile is none:\n%s", text);
    }
    if (path != NULL) {
        g_unlink(path);
    }
}

/* --- A case --------------------------------------------------------------------------------------------------------- */

static void run_case(const char *folder, const char *certificates, GString *problems)
{
    static const TlsfitLearnIdentity identity = { "acme-board", "Acme board", "rtos-stack" };
    g_autoptr(TlsfitLearned) learned = tlsfit_learned_new();
    g_autoptr(TlsfitLibrary) library = tlsfit_library_new();
    g_autoptr(GPtrArray) handshakes = handshakes_of(folder);
    g_autoptr(GPtrArray) changes = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "base.ini", NULL);
    g_autofree char *base_text = NULL;
    TlsfitLearnBase base = { "base.ini", NULL, NULL };

    if (g_file_get_contents(path, &base_text, NULL, NULL)) {
        base.text = base_text;
        base.device = find_device(library, path, problems);
    }
    if (handshakes->len == 0 || (base_text != NULL && base.device == NULL)) {
        g_string_append(problems, "  there are no handshakes, or base.ini is no profile\n");
        return;
    }
    for (guint i = 0; i < handshakes->len; i++) {
        learn_file(learned, g_ptr_array_index(handshakes, i), certificates, base.device, problems);
    }
    g_autofree char *text =
        tlsfit_learned_write(learned, &identity, base_text != NULL ? &base : NULL, &changes, &error);

    if (text == NULL) {
        g_string_append_printf(problems, "  nothing was written: %s\n", error->message);
        return;
    }
    g_autofree char *report = changes_text(changes, learned);

    compare(folder, "expected.ini", text, problems);
    compare(folder, "expected.txt", report, problems);
    check_again(learned, text, problems);
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) directory = argc >= 3 ? g_dir_open(argv[1], 0, NULL) : NULL;
    const char *name;
    guint failed = 0;

    if (directory == NULL) {
        fprintf(stderr, "usage: %s FOLDER CERTIFICATE-FOLDERS [NAME]\n", argv[0]);
        return 2;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (argc < 4 || strcmp(argv[3], name) == 0) {
            g_ptr_array_add(names, g_strdup(name));
        }
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *folder = g_build_filename(argv[1], g_ptr_array_index(names, i), NULL);
        g_autoptr(GString) problems = g_string_new(NULL);

        run_case(folder, argv[2], problems);
        if (problems->len > 0) {
            printf("%s\n%s", folder, problems->str);
            failed++;
        }
    }
    printf("%u of %u cases passed\n", names->len - failed, names->len);
    return failed == 0 && names->len > 0 ? 0 : 1;
}
