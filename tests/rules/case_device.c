/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of a case: a built-in one by its id, advertised, or one that the case spells out.
 *
 * In: [case] device, peer, confidence and the sections [device:NAME] and [peer:NAME]. Out: the case's view. What is
 * spelled out becomes a real profile with a source for every section, and is read as every profile is.
 */
#include "case.h"

#include <glib/gstdio.h>
#include <string.h>

static void add_identity(const Case *test, GString *profile, const char *id, const char *prefix)
{
    static const char *const keys[][2] = { { "name", NULL }, { "kind", "rtos-stack" }, { "role", NULL } };
    g_autofree char *group = g_strdup_printf("%s:device", prefix);
    const gboolean is_peer = g_str_equal(prefix, "peer");
    g_autofree char *device_role = case_string(test, "device:device", "role");
    const gboolean server = (g_strcmp0(device_role, "server") == 0) != is_peer;

    g_string_append_printf(profile, "[device]\nid = %s\n", id);
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *own = case_string(test, group, keys[i][0]);
        const char *standard = keys[i][1] != NULL ? keys[i][1] : i == 0 ? id : server ? "server" : "client";

        g_string_append_printf(profile, "%s = %s\n", keys[i][0], own != NULL ? own : standard);
    }
    g_autofree char *inherits = case_string(test, group, "inherits");

    if (inherits != NULL) {
        g_string_append_printf(profile, "inherits = %s\n", inherits);
    }
}

/* A file of [anchors] is one of the case's certificates; everything else is as it is written. Takes VALUE. */
static char *value_of(const Case *test, const char *section, const char *key, char *value)
{
    g_auto(GStrv) folders = g_strsplit(test->certificates, ":", -1);

    if (!g_str_equal(section, "anchors") || !g_str_equal(key, "file")) {
        return value;
    }
    for (guint i = 0; folders[i] != NULL; i++) {
        char *path = g_build_filename(folders[i], value, NULL);

        if (g_file_test(path, G_FILE_TEST_EXISTS)) {
            g_free(value);
            return path;
        }
        g_free(path);
    }
    return value;
}

/* One section of the profile, and a source for each of its keys. */
static void add_section(Case *test, GString *profile, const char *group, const char *name, const char *confidence)
{
    g_autofree char *own = case_string(test, group, "confidence");
    g_auto(GStrv) keys = g_key_file_get_keys(test->file, group, NULL, NULL);
    const gboolean whole = g_str_has_prefix(name, "broken ") || g_str_has_prefix(name, "code ") ||
                           g_str_equal(name, "fixes") || g_str_equal(name, "codes");
    GString *sources = g_string_new(NULL);

    g_string_append_printf(profile, "[%s]\n", name);
    for (guint i = 0; keys[i] != NULL; i++) {
        g_autofree char *value = value_of(test, name, keys[i], case_string(test, group, keys[i]));

        if (g_str_equal(keys[i], "confidence")) {
            continue;
        }
        g_string_append_printf(profile, "%s = %s\n", keys[i], value);
        if ((!whole || sources->len == 0) && !(g_str_equal(keys[i], "complete"))) {
            g_string_append_printf(sources, "[source %s%s%s]\nconfidence = %s\nwhere = the case\n", name,
                                   whole ? "" : ".", whole ? "" : keys[i], own != NULL ? own : confidence);
        }
    }
    g_string_append(profile, sources->str);
    g_string_free(sources, TRUE);
}

/* The profile that the sections with PREFIX spell out; NULL where there are none. */
static char *profile_of(Case *test, const char *id, const char *prefix)
{
    g_autofree char *start = g_strdup_printf("%s:", prefix);
    g_autofree char *confidence = case_string(test, "case", "confidence");
    g_auto(GStrv) groups = g_key_file_get_groups(test->file, NULL);
    GString *profile = g_string_new(NULL);
    gboolean any = FALSE;

    add_identity(test, profile, id, prefix);
    for (guint i = 0; groups[i] != NULL; i++) {
        const char *name = groups[i] + strlen(start);

        if (!g_str_has_prefix(groups[i], start)) {
            continue;
        }
        any = TRUE;
        if (!g_str_equal(name, "device")) {
            add_section(test, profile, groups[i], name, confidence != NULL ? confidence : "observed");
        }
    }
    return g_string_free(profile, !any);
}

static void add_profile(Case *test, const char *id, const char *prefix)
{
    g_autofree char *profile = profile_of(test, id, prefix);
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    int handle;

    if (profile == NULL) {
        return;
    }
    handle = g_file_open_tmp("tlsfit-case-XXXXXX.ini", &path, &error);
    if (handle < 0 || !g_close(handle, &error) || !g_file_set_contents(path, profile, -1, &error)) {
        case_problem(test, "the device of the case cannot be written: %s", error->message);
        return;
    }
    tlsfit_library_add_file(test->library, path);
    g_unlink(path);
}

static TlsfitDevice *find(Case *test, const char *key, const char *spelled)
{
    g_autofree char *id = case_string(test, "case", key);
    TlsfitDevice *device = tlsfit_library_find(test->library, spelled);

    if (id != NULL && device != NULL) {
        case_problem(test, "[case] names a %s, and [%s:...] spells one out", key, key);
    }
    if (id == NULL || g_str_equal(id, "advertised")) {
        return device;
    }
    device = tlsfit_library_find(test->library, id);
    if (device == NULL) {
        case_problem(test, "there is no device \"%s\"", id);
    }
    return device;
}

/* Most cases spell their device out; the built-in ones take longer to read than all else of a case. */
static gboolean wants_builtin(Case *test)
{
    static const char *const roles[] = { "device", "peer" };

    for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autofree char *id = case_string(test, "case", roles[i]);
        g_autofree char *spelled = g_strdup_printf("%s:device", roles[i]);

        if ((id != NULL && !g_str_equal(id, "advertised")) || g_key_file_has_key(test->file, spelled, "inherits", NULL)) {
            return TRUE;
        }
    }
    return FALSE;
}

void case_devices(Case *test)
{
    g_autofree char *device = case_string(test, "case", "device");
    const GPtrArray *problems;

    test->library = tlsfit_library_new();
    if (wants_builtin(test)) {
        tlsfit_library_add_builtin(test->library);
    }
    add_profile(test, "case-device", "device");
    add_profile(test, "case-peer", "peer");
    tlsfit_library_finish(test->library);
    problems = tlsfit_library_problems(test->library);
    for (guint i = 0; i < problems->len; i++) {
        const TlsfitProblem *problem = g_ptr_array_index(problems, i);

        case_problem(test, "a device has an error: %s", problem->message);
    }
    test->view.device = find(test, "device", "case-device");
    test->view.peer = find(test, "peer", "case-peer");
    test->view.device_source = test->view.device != NULL ? "preference" : "advertised";
    if (test->view.device == NULL && g_strcmp0(device, "advertised") != 0 && test->problems->len == 0) {
        case_problem(test, "no device: [case] device, or sections [device:...]");
    }
}
