/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The option -d. See select.h. In: what the user wrote, the library. Out: devices, or one message.
 */
#include "select.h"

#include "cli.h"

#include <string.h>

#define KIND "kind="

typedef gboolean (*Matches)(const TlsfitDevice *device, const char *word);

static gboolean is_client(const TlsfitDevice *device, const char *word)
{
    (void)word;
    return tlsfit_device_role(device) == TLSFIT_CLIENT;
}

static gboolean is_like(const TlsfitDevice *device, const char *word)
{
    return g_pattern_match_simple(word, tlsfit_device_id(device));
}

static gboolean is_of_kind(const TlsfitDevice *device, const char *word)
{
    return g_str_equal(tlsfit_device_kind(device), word + strlen(KIND));
}

static void add(GPtrArray *devices, TlsfitDevice *device)
{
    if (!g_ptr_array_find(devices, device, NULL)) {
        g_ptr_array_add(devices, device);
    }
}

static gboolean add_all(GPtrArray *devices, TlsfitLibrary *library, Matches matches, const char *word)
{
    const GPtrArray *all = tlsfit_library_devices(library);
    gboolean found = FALSE;

    for (guint i = 0; i < all->len; i++) {
        if (matches(g_ptr_array_index(all, i), word)) {
            add(devices, g_ptr_array_index(all, i));
            found = TRUE;
        }
    }
    return found;
}

static gboolean add_one(GPtrArray *devices, TlsfitLibrary *library, const char *id)
{
    TlsfitDevice *device = tlsfit_library_find(library, id);
    g_autofree char *near = NULL;

    if (device != NULL) {
        add(devices, device);
        return TRUE;
    }
    near = tlsfit_library_suggest(library, id);
    tlsfit_cli_error("no device '%s'%s%s; 'tlsfit devices' lists them", id, near != NULL ? ", did you mean " : "",
                     near != NULL ? near : "");
    return FALSE;
}

static gboolean add_word(GPtrArray *devices, TlsfitLibrary *library, const char *word)
{
    if (g_str_equal(word, "all")) {
        return add_all(devices, library, is_client, word);
    }
    if (g_str_has_prefix(word, KIND)) {
        if (!add_all(devices, library, is_of_kind, word)) {
            tlsfit_cli_error("no device of the kind '%s'; 'tlsfit devices' shows the kinds", word + strlen(KIND));
            return FALSE;
        }
        return TRUE;
    }
    if (strpbrk(word, "*?") != NULL) {
        if (!add_all(devices, library, is_like, word)) {
            tlsfit_cli_error("no device is like '%s'; 'tlsfit devices' lists them", word);
            return FALSE;
        }
        return TRUE;
    }
    return add_one(devices, library, word);
}

gboolean tlsfit_select_given(char *const *lists, const char *command)
{
    if (lists == NULL) {
        tlsfit_cli_error("%s needs a device: -d ID ('tlsfit devices' lists them), or -d all", command);
        return FALSE;
    }
    return TRUE;
}

GPtrArray *tlsfit_select_devices(TlsfitLibrary *library, char *const *lists)
{
    g_autoptr(GPtrArray) devices = g_ptr_array_new();

    for (guint i = 0; lists[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lists[i], ",", -1);

        for (guint j = 0; words[j] != NULL; j++) {
            const char *word = g_strstrip(words[j]);

            if (*word != '\0' && !add_word(devices, library, word)) {
                return NULL;
            }
        }
    }
    if (devices->len == 0) {
        tlsfit_cli_error("-d names no device; 'tlsfit devices' lists them");
        return NULL;
    }
    return g_steal_pointer(&devices);
}
