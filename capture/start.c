/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting Wireshark's libraries with the plugin's code built in. See capture.h.
 *
 * In: options. Out: libraries that are ready to dissect, with the user's preferences and then the options in force.
 * Opens no capture.
 */
#include "start.h"

#include "packet-tlsfit.h"
#include "selection.h"
#include "ws_compat_capture.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

CaptureOptions capture_options;

static gboolean starting; /* what is wrong with an option is told once, as the error of capture_start() */

static void G_GNUC_PRINTF(1, 0)
say(const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    static const char own[] = "TLS Fit: ";

    fprintf(stderr, "tlsfit: %s\n", g_str_has_prefix(text, own) ? text + strlen(own) : text);
}

static void G_GNUC_PRINTF(1, 0)
warn(const char *format, va_list arguments)
{
    static GHashTable *told;
    g_autofree char *text = NULL;

    if (!told)
        told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    va_list copy;
    va_copy(copy, arguments);
    text = g_strdup_vprintf(format, copy);
    va_end(copy);
    /* The profile of a device that was asked for is looked up again, with an error instead of a warning. */
    if (starting && strstr(text, "no device profile \"") && !strstr(text, "table of assignments"))
        return;
    if (g_hash_table_add(told, g_steal_pointer(&text)))
        say(format, arguments);
}

/* Our own registration comes before that of the plugins in Wireshark's folders, so that a tlsfit.so among them finds
 * its place taken. */
static void
register_protocols(register_cb callback, gpointer data)
{
    (void)callback;
    (void)data;
    tlsfit_protocol_register();
}

static void
hand_off(register_cb callback, gpointer data)
{
    (void)callback;
    (void)data;
    tlsfit_protocol_hand_off();
}

/* Wireshark calls each of a plugin's functions without asking whether it is there. */
static void
nothing(void)
{
}

static void
nothing_for_packet(epan_dissect_t *packet)
{
    (void)packet;
}

static gboolean
start_libraries(const char *argv0, GError **error)
{
    static const struct report_message_routines routines = { .vreport_failure = say, .vreport_warning = warn };
    static const epan_plugin built_in = {
        .init = nothing, .post_init = nothing, .dissect_init = nothing_for_packet,
        .dissect_cleanup = nothing_for_packet, .cleanup = nothing, .register_all_protocols = register_protocols,
        .register_all_handoffs = hand_off, .register_all_tap_listeners = nothing
    };
    g_autofree char *problem = NULL;

    g_set_prgname(TLSFIT_CAPTURE_PROGRAM); /* by which a tlsfit.so in Wireshark's folders knows that it is not needed */
    init_process_policies();
    problem = ws_configure(argv0);
    if (problem) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Wireshark's folders cannot be found: %s", problem);
        return FALSE;
    }
    init_report_message("tlsfit", &routines);
    wtap_init(TRUE);
    epan_register_plugin(&built_in);
    void (*const on_pipe)(int) = signal(SIGPIPE, SIG_DFL);
    const gboolean started = epan_init(NULL, NULL, TRUE);
    (void)signal(SIGPIPE, on_pipe); /* it ignores the signal; with "| head" people want an end and no error */
    if (!started) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "Wireshark's dissection library does not start");
        return FALSE;
    }
    epan_load_settings();
    return TRUE;
}

static gboolean
set_preference(const char *text, GError **error)
{
    g_autofree char *copy = g_strdup(text); /* it is cut into pieces there */
    char *problem = NULL;
    const prefs_set_pref_e result = prefs_set_pref(copy, &problem);
    g_autofree char *owned = problem;

    if (result == PREFS_SET_OK)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s \"%s\"%s%s",
                result == PREFS_SET_NO_SUCH_PREF || result == PREFS_SET_OBSOLETE ? "Wireshark has no preference"
                                                                                  : "Wireshark does not take the preference",
                text, owned ? ": " : "", owned ? owned : "");
    return FALSE;
}

static gboolean
set_named(const char *name, const char *value, GError **error)
{
    if (!value)
        return TRUE;
    g_autofree char *text = g_strdup_printf("%s:%s", name, value);
    return set_preference(text, error);
}

static gboolean
set_preferences(const CaptureOptions *options, GError **error)
{
    g_autofree char *stall = options->stall_ms ? g_strdup_printf("%u", options->stall_ms) : NULL;

    if (!set_named("tlsfit.device", options->device, error) || !set_named("tlsfit.peer", options->peer, error) ||
        !set_named("tlsfit.device_path", options->device_path, error) ||
        !set_named("tlsfit.stall_time", stall, error) || !set_named("tls.keylog_file", options->keylog, error) ||
        !set_named("tlsfit.enable", "TRUE", error))
        return FALSE;
    for (guint i = 0; options->preferences && options->preferences[i]; i++) {
        if (!set_preference(options->preferences[i], error))
            return FALSE;
    }
    prefs_apply_all();
    return TRUE;
}

/* Wireshark passes over what it cannot read, and then something is unknown that need not be. */
static gboolean
check_files(const CaptureOptions *options, GError **error)
{
    if (options->keylog && g_access(options->keylog, R_OK) != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "--keylog %s: %s", options->keylog, g_strerror(errno));
        return FALSE;
    }
    if (options->device_path && !g_file_test(options->device_path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "--device-path %s: there is no such directory",
                    options->device_path);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_device(const char *id, GError **error)
{
    TlsfitLibrary *library = selection_library();

    if (!id || !*id || g_str_equal(id, "auto") || g_str_equal(id, "advertised") || tlsfit_library_find(library, id))
        return TRUE;
    if (g_str_equal(id, "all") || strpbrk(id, ",*?=")) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "'%s' are several devices, and a capture is judged against one; 'tlsfit matrix' takes several", id);
        return FALSE;
    }
    g_autofree char *near = tlsfit_library_suggest(library, id);
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no device '%s'%s%s; 'tlsfit devices' lists them", id,
                near ? ", did you mean " : "", near ? near : "");
    return FALSE;
}

gboolean
capture_start(const char *argv0, const CaptureOptions *options, GError **error)
{
    capture_options = *options;
    if (!check_files(options, error) || !start_libraries(argv0, error) || !set_preferences(options, error))
        return FALSE;
    starting = TRUE;
    selection_prepare();
    starting = FALSE;
    return check_device(selection_preferences.device, error) && check_device(selection_preferences.peer, error);
}

static gboolean
preference_is_set(const char *module_name, const char *name)
{
    module_t *module = prefs_find_module(module_name);
    pref_t *preference = module ? prefs_find_preference(module, name) : NULL;
    const char *value = preference ? prefs_get_string_value(preference, pref_current) : NULL;

    return value && *value;
}

static gboolean
has_settings_file(const char *name)
{
    g_autofree char *path = get_persconffile_path(name, TRUE);
    g_autofree char *text = NULL;
    gsize length = 0;

    return g_file_get_contents(path, &text, &length, NULL) && length > 0;
}

gboolean
capture_needs_everything(void)
{
    static const char *const tables[] = { "ssl_keys", "rsa_keys", "dtlsdecrypttablefile" };
    static int answer = -1;

    if (answer >= 0)
        return answer;
    answer = capture_options.everything;
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
        answer |= has_settings_file(tables[i]);
    for (guint i = 0; capture_options.preferences && capture_options.preferences[i]; i++)
        answer |= g_str_has_prefix(capture_options.preferences[i], "uat:");
    answer |= preference_is_set("tls", "keylog_file") || preference_is_set("tls", "psk") ||
              preference_is_set("dtls", "psk");
    return answer;
}

TlsfitLibrary *
capture_library(void)
{
    return selection_library();
}
