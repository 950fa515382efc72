/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of preferences. See preferences.h.
 *
 * In: the user's settings. Out: selection_preferences.
 *
 * Devices are chosen by id, a text: it can name the profiles of any folder, and a wrong one is reported. A list
 * (Wireshark's "enum") can do neither: its entries are fixed when Wireshark starts, and an entry that does not exist,
 * from -o or a file, is silently ignored. People in front of the window want a list of names all the same, so there
 * is one beside each id, which writes it: picking a name sets the id, and the list goes back to its first entry. So
 * there is one truth, files of preferences hold ids alone, and a list never stands against -o tlsfit.device:ID.
 */
#include "preferences.h"

#include "assignments.h"
#include "device_library.h"
#include "selection.h"

#define NAME_LENGTH 52
#define KEEP 0 /* the first entry of a list: nothing was picked */

/* A list that writes an id. */
typedef struct {
    const char *preference; /* whose text is written */
    int         picked;
    enum_val_t *entries;    /* name: the id; ends with NULL; lives as long as the process */
} Picker;

static Picker device_picker = { .preference = "tlsfit.device" };
static Picker peer_picker = { .preference = "tlsfit.peer" };

static void (*report_change)(void);

static gboolean
take_pick(Picker *picker)
{
    g_autofree char *error = NULL;

    if (picker->picked == KEEP)
        return FALSE;
    g_autofree char *setting = g_strdup_printf("%s:%s", picker->preference, picker->entries[picker->picked].name);
    picker->picked = KEEP;
    (void)prefs_set_pref(setting, &error); /* the text is one of our own: nothing can be wrong with it */
    return TRUE;
}

/* The window saves preferences before it applies them, and what it saved still has the pick instead of the id. Other
 * programs never save. */
static void
save_again(void)
{
    const char *program = g_get_prgname();
    g_autofree char *path = NULL;

    if (program && g_ascii_strcasecmp(program, "wireshark") == 0 && write_prefs(&path) != 0)
        report_warning("TLS Fit: the preferences could not be saved in %s", path);
}

void
preferences_take_picks(void)
{
    const gboolean device = take_pick(&device_picker);
    const gboolean peer = take_pick(&peer_picker);

    if (device || peer)
        save_again();
}

static void
apply(void)
{
    preferences_take_picks();
    report_change();
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    const TlsfitDevice *const *first = a, *const *second = b;

    return g_ascii_strcasecmp(tlsfit_device_name(*first), tlsfit_device_name(*second));
}

/* The page is as wide as the longest entry: names are cut, ids tell them apart. */
static char *
entry_title(const TlsfitDevice *device)
{
    const char *name = tlsfit_device_name(device);
    g_autofree char *begin = g_utf8_strlen(name, -1) > NAME_LENGTH ? g_utf8_substring(name, 0, NAME_LENGTH - 3) : NULL;

    return g_strdup_printf("%s%s (%s)", begin ? begin : name, begin ? "..." : "", tlsfit_device_id(device));
}

static void
add_entry(GArray *entries, const char *id, char *title)
{
    enum_val_t entry = { g_strdup(id), title, (int)entries->len };

    g_array_append_val(entries, entry);
}

/* The devices by name. FIRST and the entries of TEXTS (id, title, ...; ends with NULL) come before them. */
static enum_val_t *
list_devices(const char *const *texts)
{
    const GPtrArray *devices = tlsfit_library_devices(device_library_get(NULL));
    g_autoptr(GPtrArray) by_name = g_ptr_array_new();
    GArray *entries = g_array_new(TRUE, TRUE, sizeof(enum_val_t));

    for (; *texts; texts += 2)
        add_entry(entries, texts[0], g_strdup(texts[1]));
    for (guint i = 0; i < devices->len; i++)
        g_ptr_array_add(by_name, g_ptr_array_index(devices, i));
    g_ptr_array_sort(by_name, compare_names);
    for (guint i = 0; i < by_name->len; i++) {
        const TlsfitDevice *device = g_ptr_array_index(by_name, i);
        add_entry(entries, tlsfit_device_id(device), entry_title(device));
    }
    return (enum_val_t *)(void *)g_array_free(entries, FALSE);
}

static void
register_devices(module_t *module)
{
    static const char *const for_device[] = {
        "keep", "As written above", "auto", "Automatic: assigned, else recognised, else the next one",
        "advertised", "What the ClientHello offers", NULL
    };
    static const char *const for_peer[] = { "keep", "As written above", "", "Not known", NULL };
    SelectionPreferences *set = &selection_preferences;

    prefs_register_string_preference(module, "device", "Device (id)",
                                     "The id of the device profile that handshakes are judged against; \"advertised\" "
                                     "takes what the ClientHello offers as the limits; \"auto\" chooses.",
                                     &set->device);
    device_picker.entries = list_devices(for_device);
    prefs_register_enum_preference(module, "device_list", "Pick the device by name",
                                   "Writes the id of the device of this name into the line above. Profiles of the "
                                   "directory below are not in this list: write their id.",
                                   &device_picker.picked, device_picker.entries, FALSE);
    assignments_register(module, report_change);
    prefs_register_string_preference(module, "peer", "Other side (id)",
                                     "The id of the profile of the other side, where one is known.", &set->peer);
    peer_picker.entries = list_devices(for_peer);
    prefs_register_enum_preference(module, "peer_list", "Pick the other side by name",
                                   "Writes the id of the device of this name into the line above.",
                                   &peer_picker.picked, peer_picker.entries, FALSE);
}

void
preferences_register(int protocol, void (*changed)(void))
{
    static const enum_val_t roles[] = {
        { "auto", "The side that the device is on", SELECTION_ROLE_AUTO },
        { "client", "Client", SELECTION_ROLE_CLIENT },
        { "server", "Server", SELECTION_ROLE_SERVER },
        { NULL, NULL, 0 }
    };
    SelectionPreferences *set = &selection_preferences;
    module_t *module = prefs_register_protocol(protocol, apply);

    report_change = changed;
    prefs_register_bool_preference(module, "enable", "Judge handshakes",
                                   "Whether handshakes are judged at all.", &set->enable);
    register_devices(module);
    prefs_register_enum_preference(module, "role", "Side that is judged",
                                   "Where profiles of both sides are known: which of the two is judged. The client "
                                   "without a profile is judged against what its ClientHello offers.",
                                   &set->role, roles, FALSE);
    prefs_register_directory_preference(module, "device_path", "Directory of device profiles",
                                        "Profiles (*.ini) in this directory come before those of the same id in the "
                                        "personal, the system's and the built-in collection.", &set->device_path);
    prefs_register_uint_preference(module, "stall_time", "Stall time (milliseconds)",
                                   "How long a side must be silent to count as gone.", 10, &set->stall_ms);
    prefs_register_bool_preference(module, "info_column", "Say in the Info column what is wrong",
                                   "Whether the Info column of a packet ends with a few words on what does not fit, "
                                   "on the packets where something does not.", &set->info_column);
}
