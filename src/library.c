/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All device profiles that were found: built-in ones, directories and single files in, devices by id out, and a list
 * of what is wrong with the others. Drives the stages of device.h and resolves `inherits`.
 *
 * Prints nothing and decides nothing about which device is used.
 */
#include "device.h"
#include "profiles_resource.h"

#include <gio/gio.h>
#include <string.h>

#define RESOURCE_PREFIX "/tlsfit/profiles"

/* One profile file, and how far it has come. */
typedef struct Candidate {
    TlsfitRawProfile *raw;
    char *origin;                   /* directory, or the resource prefix: ids are unique within one */
    gboolean tried;                 /* device is set, or it failed */
    TlsfitDevice *device;           /* NULL where it failed */
    const struct Candidate *parent; /* NULL without */
    guint depth;                    /* number of ancestors */
} Candidate;

struct TlsfitLibrary {
    GHashTable *candidates; /* id -> GPtrArray of Candidate, in the order found */
    GPtrArray *ids;         /* of char *, the keys of candidates, in the order found */
    GPtrArray *waiting;     /* of Candidate: not tried yet */
    GPtrArray *devices;     /* of TlsfitDevice, by id; empty before the library is finished */
    GHashTable *by_id;      /* id -> TlsfitDevice */
    GPtrArray *problems;
    TlsfitRecall *recall;   /* see tlsfit_library_recall() */
};

static void candidate_free(gpointer data)
{
    Candidate *candidate = data;

    tlsfit_raw_free(candidate->raw);
    tlsfit_device_unref(candidate->device);
    g_free(candidate->origin);
    g_free(candidate);
}

TlsfitLibrary *tlsfit_library_new(void)
{
    TlsfitLibrary *library = g_new0(TlsfitLibrary, 1);

    library->candidates = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    library->ids = g_ptr_array_new();
    library->waiting = g_ptr_array_new();
    library->devices = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_device_unref);
    library->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    library->problems = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_problem_free);
    library->recall = tlsfit_recall_new(TLSFIT_RECALL_SHAPE, (GDestroyNotify)g_ptr_array_unref);
    return library;
}

void tlsfit_library_free(TlsfitLibrary *library)
{
    if (library == NULL)
        return;
    g_hash_table_unref(library->by_id);
    g_ptr_array_unref(library->devices);
    g_ptr_array_unref(library->ids);
    g_ptr_array_unref(library->waiting);
    g_hash_table_unref(library->candidates);
    g_ptr_array_unref(library->problems);
    tlsfit_recall_free(library->recall);
    g_free(library);
}

TlsfitRecall *tlsfit_library_recall(TlsfitLibrary *library)
{
    return library->recall;
}

/* --- Adding --------------------------------------------------------------------------------------------------- */

static Candidate *find_same_origin(const GPtrArray *list, const char *origin)
{
    for (guint i = 0; i < list->len; i++) {
        Candidate *candidate = g_ptr_array_index(list, i);
        if (strcmp(candidate->origin, origin) == 0)
            return candidate;
    }
    return NULL;
}

static void add_text(TlsfitLibrary *library, const char *file, const char *origin, gboolean builtin,
                     const char *text, gsize length)
{
    TlsfitRawProfile *raw = tlsfit_raw_read(file, builtin, text, length, library->problems);

    if (raw == NULL)
        return;
    GPtrArray *list = g_hash_table_lookup(library->candidates, raw->id);
    if (list == NULL) {
        char *id = g_strdup(raw->id);
        list = g_ptr_array_new_with_free_func(candidate_free);
        g_hash_table_insert(library->candidates, id, list);
        g_ptr_array_add(library->ids, id);
    }
    const Candidate *before = find_same_origin(list, origin);
    if (before != NULL) {
        /* The same file, given twice, is no mistake in it. */
        if (strcmp(before->raw->file, file) != 0)
            tlsfit_problem_add(library->problems, file, raw->id_line, "the id \"%s\" is already used by %s", raw->id,
                               before->raw->file);
        tlsfit_raw_free(raw);
        return;
    }
    Candidate *candidate = g_new0(Candidate, 1);
    candidate->raw = raw;
    candidate->origin = g_strdup(origin);
    g_ptr_array_add(list, candidate);
    g_ptr_array_add(library->waiting, candidate);
}

/* A static library has nothing that would register the resource by itself, and registering it twice would leak. */
static GResource *builtin_resource(void)
{
    static gsize registered = 0;

    if (g_once_init_enter(&registered)) {
        tlsfit_profiles_register_resource();
        g_once_init_leave(&registered, 1);
    }
    return tlsfit_profiles_get_resource();
}

void tlsfit_library_add_builtin(TlsfitLibrary *library)
{
    GResource *resource = builtin_resource();
    g_auto(GStrv) names = g_resource_enumerate_children(resource, RESOURCE_PREFIX, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_strconcat(RESOURCE_PREFIX "/", names[i], NULL);
        g_autoptr(GBytes) bytes = g_resource_lookup_data(resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        gsize length = 0;
        const char *text = bytes != NULL ? g_bytes_get_data(bytes, &length) : NULL;

        if (text != NULL)
            add_text(library, path, RESOURCE_PREFIX, TRUE, text, length);
    }
}

void tlsfit_library_add_file(TlsfitLibrary *library, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autoptr(GError) error = NULL;
    g_autofree char *origin = g_path_get_dirname(path);
    g_autofree char *text = g_malloc(TLSFIT_PROFILE_BYTES_MAX + 1);
    gsize length = 0;

    /* A pipe or a device could keep us waiting for ever. */
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        tlsfit_problem_add(library->problems, path, 0, "is not a file: give a device profile");
        return;
    }
    g_autoptr(GFileInputStream) stream = g_file_read(file, NULL, &error);
    /* One byte more than allowed tells a file that is too large from one that just fits. */
    if (stream == NULL || !g_input_stream_read_all(G_INPUT_STREAM(stream), text, TLSFIT_PROFILE_BYTES_MAX + 1, &length,
                                                   NULL, &error)) {
        tlsfit_problem_add(library->problems, path, 0, "cannot be read: %s", error->message);
        return;
    }
    add_text(library, path, origin, FALSE, text, length);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void tlsfit_library_add_directory(TlsfitLibrary *library, const char *path, gboolean must_exist)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) directory = g_dir_open(path, 0, &error);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    if (directory == NULL) {
        if (must_exist || !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
            tlsfit_problem_add(library->problems, path, 0, "%s", error->message);
        return;
    }
    while ((name = g_dir_read_name(directory)) != NULL) {
        if (g_str_has_suffix(name, ".ini"))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *file = g_build_filename(path, g_ptr_array_index(names, i), NULL);
        tlsfit_library_add_file(library, file);
    }
}

/* --- Finishing ------------------------------------------------------------------------------------------------ */

static int compare_problems(gconstpointer a, gconstpointer b)
{
    const TlsfitProblem *left = *(const TlsfitProblem *const *)a, *right = *(const TlsfitProblem *const *)b;
    int files = strcmp(left->file, right->file);

    if (files != 0)
        return files;
    if (left->line != right->line)
        return left->line < right->line ? -1 : 1;
    return strcmp(left->message, right->message);
}

/* Moves PROBLEMS into the library's, in line order. */
static void report(TlsfitLibrary *library, GPtrArray *problems)
{
    g_ptr_array_sort(problems, compare_problems);
    for (guint i = 0; i < problems->len; i++)
        g_ptr_array_add(library->problems, g_ptr_array_index(problems, i));
    g_ptr_array_set_free_func(problems, NULL);
    g_ptr_array_set_size(problems, 0);
}

static void candidate_compile(TlsfitLibrary *library, Candidate *candidate)
{
    g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func((GDestroyNotify)tlsfit_problem_free);
    GPtrArray *chain = g_ptr_array_new();

    for (const Candidate *member = candidate; member != NULL; member = member->parent)
        g_ptr_array_insert(chain, 0, member->raw);
    TlsfitMergedProfile *merged = tlsfit_merged_new(chain, problems);
    candidate->device = tlsfit_device_compile(merged, problems);
    tlsfit_merged_free(merged);
    if (problems->len > 0) /* what merging found counts too */
        g_clear_pointer(&candidate->device, tlsfit_device_unref);
    report(library, problems);
}

/* The parent is the last good profile of that id, so that a bad one in a user's directory takes no built-in profile
 * with it. FALSE: it cannot be told yet. */
static gboolean parent_is_known(const TlsfitLibrary *library, Candidate *candidate)
{
    const GPtrArray *list = candidate->raw->inherits != NULL
                                ? g_hash_table_lookup(library->candidates, candidate->raw->inherits)
                                : NULL;

    for (guint i = 0; list != NULL && i < list->len; i++) {
        const Candidate *parent = g_ptr_array_index(list, i);
        if (!parent->tried)
            return FALSE;
        if (parent->device != NULL)
            candidate->parent = parent;
    }
    candidate->depth = candidate->parent != NULL ? candidate->parent->depth + 1 : 0;
    return TRUE;
}

static void complain_of_parent(TlsfitLibrary *library, const TlsfitRawProfile *raw)
{
    const GPtrArray *list = g_hash_table_lookup(library->candidates, raw->inherits);

    if (list != NULL) {
        const Candidate *parent = g_ptr_array_index(list, list->len - 1);
        tlsfit_problem_add(library->problems, raw->file, raw->inherits_line, "inherits \"%s\", which has errors (%s)",
                           raw->inherits, parent->raw->file);
        return;
    }
    g_autofree char *near = tlsfit_spelling_near(raw->inherits, library->ids);
    tlsfit_problem_add(library->problems, raw->file, raw->inherits_line,
                       "inherits \"%s\", which was not found or could not be read%s%s%s", raw->inherits,
                       near != NULL ? "; did you mean " : "", near != NULL ? near : "", near != NULL ? "?" : "");
}

/* Compiles CANDIDATE, or says why its parent makes that impossible. */
static void candidate_try(TlsfitLibrary *library, Candidate *candidate)
{
    const TlsfitRawProfile *raw = candidate->raw;

    candidate->tried = TRUE;
    if (raw->inherits != NULL && candidate->parent == NULL)
        complain_of_parent(library, raw);
    else if (candidate->depth > TLSFIT_INHERITS_MAX)
        tlsfit_problem_add(library->problems, raw->file, raw->inherits_line, "inherits through more than %u profiles",
                           TLSFIT_INHERITS_MAX);
    else
        candidate_compile(library, candidate);
}

/* Every candidate waits for another one: gives up one that waits for itself in the end. */
static void break_circle(TlsfitLibrary *library)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    Candidate *candidate = g_ptr_array_index(library->waiting, 0);

    while (g_hash_table_add(seen, candidate)) {
        const GPtrArray *list = g_hash_table_lookup(library->candidates, candidate->raw->inherits);
        guint i = 0;

        while (((const Candidate *)g_ptr_array_index(list, i))->tried)
            i++;
        candidate = g_ptr_array_index(list, i);
    }
    candidate->tried = TRUE;
    g_ptr_array_remove(library->waiting, candidate);
    tlsfit_problem_add(library->problems, candidate->raw->file, candidate->raw->inherits_line,
                       "inherits \"%s\", which leads back to this profile", candidate->raw->inherits);
}

/* Parents before children, without recursion: each round compiles what has no parent left to wait for. */
static void compile_all(TlsfitLibrary *library)
{
    while (library->waiting->len > 0) {
        GPtrArray *round = library->waiting;

        library->waiting = g_ptr_array_new();
        for (guint i = 0; i < round->len; i++) {
            Candidate *candidate = g_ptr_array_index(round, i);

            if (parent_is_known(library, candidate))
                candidate_try(library, candidate);
            else
                g_ptr_array_add(library->waiting, candidate);
        }
        if (library->waiting->len == round->len)
            break_circle(library);
        g_ptr_array_unref(round);
    }
}

static int compare_devices(gconstpointer a, gconstpointer b)
{
    return strcmp((*(TlsfitDevice *const *)a)->id, (*(TlsfitDevice *const *)b)->id);
}

void tlsfit_library_finish(TlsfitLibrary *library)
{
    compile_all(library);
    for (guint i = 0; i < library->ids->len; i++) {
        const GPtrArray *list = g_hash_table_lookup(library->candidates, g_ptr_array_index(library->ids, i));
        TlsfitDevice *device = NULL;

        for (guint j = 0; j < list->len; j++) {
            const Candidate *candidate = g_ptr_array_index(list, j);
            device = candidate->device != NULL ? candidate->device : device;
        }
        if (device != NULL)
            g_ptr_array_add(library->devices, tlsfit_device_ref(device));
    }
    g_ptr_array_set_size(library->ids, 0);
    g_hash_table_remove_all(library->candidates);
    g_ptr_array_sort(library->devices, compare_devices);
    for (guint i = 0; i < library->devices->len; i++) {
        TlsfitDevice *device = g_ptr_array_index(library->devices, i);
        g_hash_table_insert(library->by_id, device->id, device);
    }
}

/* --- Looking up ----------------------------------------------------------------------------------------------- */

TlsfitDevice *tlsfit_library_find(TlsfitLibrary *library, const char *id)
{
    return g_hash_table_lookup(library->by_id, id);
}

const GPtrArray *tlsfit_library_devices(const TlsfitLibrary *library)
{
    return library->devices;
}

const GPtrArray *tlsfit_library_problems(const TlsfitLibrary *library)
{
    return library->problems;
}

const TlsfitChain *tlsfit_library_chain(TlsfitLibrary *library, const char *name)
{
    for (guint i = 0; i < library->devices->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(library->devices, i);

        for (guint j = 0; j < device->chains->len; j++) {
            const TlsfitChain *chain = g_ptr_array_index(device->chains, j);
            if (strcmp(chain->name, name) == 0)
                return chain;
        }
    }
    return NULL;
}

char *tlsfit_library_suggest(const TlsfitLibrary *library, const char *id)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new();

    for (guint i = 0; i < library->devices->len; i++)
        g_ptr_array_add(ids, (gpointer)tlsfit_device_id(g_ptr_array_index(library->devices, i)));
    return tlsfit_spelling_near(id, ids);
}
