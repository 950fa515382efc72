/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clients of a capture. See learn_clients.h.
 *
 * In: the client of every handshake, a choice. Out: whether it fits, and who was there. Learns nothing.
 */
#include "learn_clients.h"

#include <gio/gio.h>
#include <string.h>

/* Clients that are listed; names and fingerprints that are listed of each. */
#define LISTED_MAX 20u
#define DETAILS_MAX 2u

typedef struct {
    char *address;
    char *mac;
    guint handshakes;
    guint completed;
    GPtrArray *names; /* of char *, each once */
    GPtrArray *ja4;
} Client;

struct Clients {
    GHashTable *by_key; /* address or MAC -> Client */
    GPtrArray *order;   /* of Client, as they were met */
};

/* --- The choice --------------------------------------------------------------------------------------------------- */

/* 00-80-E1-... and 00:80:e1:... in one form; NULL where TEXT is no MAC address. */
static char *mac_of(const char *text)
{
    g_autofree char *mac = g_strdelimit(g_ascii_strdown(text, -1), "-", ':');
    g_auto(GStrv) parts = g_strsplit(mac, ":", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (strlen(parts[i]) != 2 || !g_ascii_isxdigit(parts[i][0]) || !g_ascii_isxdigit(parts[i][1])) {
            return NULL;
        }
    }
    return g_strv_length(parts) == 6 ? g_steal_pointer(&mac) : NULL;
}

static char *address_of(const char *text)
{
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(text);

    return address != NULL ? g_inet_address_to_string(address) : NULL;
}

static gboolean is_ja3(const char *text)
{
    return strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32;
}

gboolean choice_read(Choice *choice, const char *text, GError **error)
{
    *choice = (Choice){ CHOICE_NONE, NULL };
    if (text == NULL) {
        return TRUE;
    }
    if (g_ascii_strncasecmp(text, "ja3:", 4) == 0 || g_ascii_strncasecmp(text, "ja4:", 4) == 0) {
        choice->kind = text[2] == '3' ? CHOICE_JA3 : CHOICE_JA4;
        choice->text = g_ascii_strdown(text + 4, -1);
        if (choice->kind == CHOICE_JA3 ? is_ja3(choice->text) : strlen(choice->text) == 36) {
            return TRUE;
        }
    } else if ((choice->text = mac_of(text)) != NULL) {
        choice->kind = CHOICE_MAC;
        return TRUE;
    } else if ((choice->text = address_of(text)) != NULL) {
        choice->kind = CHOICE_ADDRESS;
        return TRUE;
    }
    choice_clear(choice);
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                "\"%s\" is no client: give an address, a MAC address, ja3:HASH (32 hexadecimal digits) or ja4:HASH (three "
                "parts)", text);
    return FALSE;
}

void choice_clear(Choice *choice)
{
    g_clear_pointer(&choice->text, g_free);
    choice->kind = CHOICE_NONE;
}

gboolean choice_may_fit(const Choice *choice, const char *address, const char *mac)
{
    g_autofree char *own = NULL;

    switch (choice->kind) {
    case CHOICE_ADDRESS:
        own = address_of(address);
        return g_strcmp0(own, choice->text) == 0;
    case CHOICE_MAC:
        own = mac_of(mac);
        return g_strcmp0(own, choice->text) == 0;
    default:
        return TRUE;
    }
}

gboolean choice_fits(const Choice *choice, const TlsfitLessonClient *client)
{
    if (choice->kind == CHOICE_JA3) {
        return strcmp(choice->text, client->ja3) == 0;
    }
    if (choice->kind == CHOICE_JA4) {
        return strcmp(choice->text, client->ja4) == 0;
    }
    return choice_may_fit(choice, client->address, client->mac);
}

/* --- The clients that were met -------------------------------------------------------------------------------------- */

static void client_free(gpointer data)
{
    Client *client = data;

    g_free(client->address);
    g_free(client->mac);
    g_ptr_array_unref(client->names);
    g_ptr_array_unref(client->ja4);
    g_free(client);
}

Clients *clients_new(void)
{
    Clients *clients = g_new0(Clients, 1);

    clients->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, client_free);
    clients->order = g_ptr_array_new();
    return clients;
}

void clients_free(Clients *clients)
{
    if (clients != NULL) {
        g_ptr_array_unref(clients->order);
        g_hash_table_unref(clients->by_key);
        g_free(clients);
    }
}

static void add_once(GPtrArray *list, const char *text)
{
    if (*text != '\0' && !g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL)) {
        g_ptr_array_add(list, g_strdup(text));
    }
}

void clients_add(Clients *clients, const TlsfitLessonClient *lesson)
{
    const char *key = *lesson->address != '\0' ? lesson->address : lesson->mac;
    Client *client = g_hash_table_lookup(clients->by_key, key);

    if (client == NULL) {
        client = g_new0(Client, 1);
        client->address = g_strdup(lesson->address);
        client->mac = g_strdup(lesson->mac);
        client->names = g_ptr_array_new_with_free_func(g_free);
        client->ja4 = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(clients->by_key, g_strdup(key), client);
        g_ptr_array_add(clients->order, client);
    }
    client->handshakes++;
    client->completed += lesson->completed ? 1u : 0u;
    add_once(client->names, lesson->server_name);
    add_once(client->ja4, lesson->ja4);
}

guint clients_count(const Clients *clients)
{
    return clients->order->len;
}

static int compare_clients(gconstpointer a, gconstpointer b)
{
    const Client *left = *(const Client *const *)a;
    const Client *right = *(const Client *const *)b;

    return left->handshakes < right->handshakes ? 1 : left->handshakes > right->handshakes ? -1 : 0;
}

static void append_details(GString *text, const char *before, const GPtrArray *details)
{
    for (guint i = 0; i < details->len && i < DETAILS_MAX; i++) {
        g_string_append_printf(text, "%s%s", i == 0 ? before : ", ", (const char *)g_ptr_array_index(details, i));
    }
    if (details->len > DETAILS_MAX) {
        g_string_append_printf(text, " and %u more", details->len - DETAILS_MAX);
    }
}

char *clients_text(const Clients *clients)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_sized_new(clients->order->len);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < clients->order->len; i++) {
        g_ptr_array_add(sorted, g_ptr_array_index(clients->order, i));
    }
    g_ptr_array_sort(sorted, compare_clients);
    for (guint i = 0; i < sorted->len && i < LISTED_MAX; i++) {
        const Client *client = g_ptr_array_index(sorted, i);
        const gboolean has_address = *client->address != '\0';

        g_string_append_printf(text, "  --client %-17s %5u handshake%s %5u completed",
                               has_address ? client->address : *client->mac != '\0' ? client->mac : "(without address)",
                               client->handshakes, client->handshakes == 1 ? ", " : "s,", client->completed);
        if (has_address && *client->mac != '\0') {
            g_string_append_printf(text, "; %s", client->mac);
        }
        append_details(text, "; to ", client->names);
        append_details(text, "; ja4:", client->ja4);
        g_string_append_c(text, '\n');
    }
    if (sorted->len > LISTED_MAX) {
        g_string_append_printf(text, "  and %u more\n", sorted->len - LISTED_MAX);
    }
    return g_string_free(text, FALSE);
}
