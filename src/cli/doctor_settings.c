/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings of Wireshark that switch the plugin off. See doctor.h. In: disabled_protos and preferences, of the default
 * configuration profile and of the others. Out: findings. Changes nothing.
 */
#include "doctor.h"

#include <string.h>

#define SETTINGS_BYTES_MAX (4u * 1024u * 1024u)

/* Has the file a line for which IS_OFF says so? A file that is not there has none. */
static gboolean has_line(const char *path, gboolean (*is_off)(const char *line))
{
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    gsize length = 0;

    if (!g_file_get_contents(path, &text, &length, NULL) || length > SETTINGS_BYTES_MAX) {
        return FALSE;
    }
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (is_off(g_strstrip(lines[i]))) {
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean is_protocol(const char *line)
{
    return g_str_equal(line, "tlsfit");
}

static gboolean is_preference(const char *line)
{
    static const char name[] = "tlsfit.enable:";

    return g_ascii_strncasecmp(line, name, strlen(name)) == 0 &&
           g_ascii_strcasecmp(line + strlen(name) + strspn(line + strlen(name), " \t"), "FALSE") == 0;
}

static char *remove_line(const char *pattern, const char *path)
{
    g_autofree char *word = tlsfit_doctor_word(path);

    return g_strdup_printf("sed -i '/%s/d' %s", pattern, word);
}

/* PROFILE NULL: the default one, with which Wireshark starts. */
static gboolean check_folder(TlsfitWireshark *wireshark, const char *folder, const char *profile)
{
    const TlsfitDoctorLevel level = profile == NULL ? TLSFIT_DOCTOR_PROBLEM : TLSFIT_DOCTOR_NOTE;
    g_autofree char *protocols = g_build_filename(folder, "disabled_protos", NULL);
    g_autofree char *preferences = g_build_filename(folder, "preferences", NULL);
    g_autofree char *which = profile == NULL ? g_strdup("") : g_strdup_printf(" in the configuration profile \"%s\"", profile);
    gboolean off = FALSE;

    if (has_line(protocols, is_protocol)) {
        off = TRUE;
        tlsfit_doctor_add(wireshark->findings, level, "disabled-protocol", remove_line("^tlsfit$", protocols),
                          "the protocol tlsfit is switched off%s (Analyze > Enabled Protocols), in %s", which, protocols);
    }
    if (has_line(preferences, is_preference)) {
        off = TRUE;
        tlsfit_doctor_add(wireshark->findings, level, "preference-off",
                          remove_line("^tlsfit.enable:", preferences),
                          "the preference \"Judge handshakes\" is off%s, in %s", which, preferences);
    }
    return off;
}

gboolean tlsfit_doctor_switched_off(TlsfitWireshark *wireshark)
{
    g_autofree char *profiles = NULL;
    g_autoptr(GDir) dir = NULL;
    const char *name;
    gboolean off = FALSE;

    if (wireshark->global_configuration != NULL) {
        off = check_folder(wireshark, wireshark->global_configuration, NULL);
    }
    if (wireshark->configuration == NULL) {
        return off;
    }
    off = check_folder(wireshark, wireshark->configuration, NULL) || off;
    profiles = g_build_filename(wireshark->configuration, "profiles", NULL);
    dir = g_dir_open(profiles, 0, NULL);
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *folder = g_build_filename(profiles, name, NULL);

        check_folder(wireshark, folder, name);
    }
    return off;
}
