/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matching a connection with the rows of the table tlsfit_devices. See assignments.h.
 *
 * In: texts that a user wrote, checked when they are entered. Out: the id in the first row of which every filled
 * column fits.
 */
#include "assignments.h"

#include <stdlib.h>
#include <string.h>

#define MAC_BYTES 6u

typedef struct {
    char *address;     /* of the device: 192.0.2.7, 192.0.2.0/24, 2001:db8::/32; empty: any */
    char *mac;         /* of the device: 3 to 6 bytes */
    char *port;        /* of the server */
    char *server_name; /* as the client sent it; *.example.com for the names below */
    char *device;      /* id of the profile */
    guint side;        /* TlsfitSide that the device is on */
    GInetAddressMask *mask; /* address, read */
    guint8 mac_bytes[MAC_BYTES];
    guint  mac_length;
    guint  port_number;
} Row;

static Row  *rows;
static guint row_count;

static const value_string side_names[] = {
    { TLSFIT_CLIENT, "client" }, { TLSFIT_SERVER, "server" }, { 0, NULL }
};

UAT_CSTRING_CB_DEF(row, address, Row)
UAT_CSTRING_CB_DEF(row, mac, Row)
UAT_CSTRING_CB_DEF(row, port, Row)
UAT_CSTRING_CB_DEF(row, server_name, Row)
UAT_CSTRING_CB_DEF(row, device, Row)
UAT_VS_DEF(row, side, Row, guint, TLSFIT_CLIENT, "client")

static gboolean
is_set(const char *text)
{
    return text && *text;
}

/* "00:80:e1" or six bytes of it; FALSE for anything else. */
static gboolean
parse_mac(Row *row)
{
    g_auto(GStrv) parts = g_strsplit_set(row->mac ? row->mac : "", ":-.", -1);
    guint count = is_set(row->mac) ? g_strv_length(parts) : 0;

    row->mac_length = 0;
    if (!is_set(row->mac))
        return TRUE;
    if (count < 3 || count > MAC_BYTES)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        if (strlen(parts[i]) != 2 || !g_ascii_isxdigit(parts[i][0]) || !g_ascii_isxdigit(parts[i][1]))
            return FALSE;
        row->mac_bytes[i] = (guint8)(g_ascii_xdigit_value(parts[i][0]) << 4 | g_ascii_xdigit_value(parts[i][1]));
    }
    row->mac_length = count;
    return TRUE;
}

static gboolean
parse_port(Row *row)
{
    guint64 port = 0;

    if (is_set(row->port) && !g_ascii_string_to_unsigned(row->port, 10, 1, 65535, &port, NULL))
        return FALSE;
    row->port_number = (guint)port;
    return TRUE;
}

/* What is wrong with the row, or NULL. */
static char *
parse_row(Row *row)
{
    g_clear_object(&row->mask);
    if (!is_set(row->device))
        return g_strdup("give the id of a device profile (tlsfit devices lists them)");
    if (!is_set(row->address) && !is_set(row->mac) && !is_set(row->port) && !is_set(row->server_name))
        return g_strdup("give at least one of address, MAC, port and server name");
    if (is_set(row->address)) {
        row->mask = g_inet_address_mask_new_from_string(row->address, NULL);
        if (!row->mask)
            return g_strdup_printf("\"%s\" is no address or prefix: write 192.0.2.7 or 192.0.2.0/24", row->address);
    }
    if (!parse_mac(row))
        return g_strdup_printf("\"%s\" is no MAC address: write 00:80:e1 (all of a vendor) or six bytes", row->mac);
    if (!parse_port(row))
        return g_strdup_printf("\"%s\" is no port: 1 to 65535", row->port);
    return NULL;
}

static ws_uat_result
row_update(void *record, char **error)
{
    *error = parse_row(record);
    return *error == NULL;
}

static void *
row_copy(void *to, const void *from, size_t size)
{
    const Row *old = from;
    Row *copy = to;

    (void)size;
    *copy = *old;
    copy->address = g_strdup(old->address);
    copy->mac = g_strdup(old->mac);
    copy->port = g_strdup(old->port);
    copy->server_name = g_strdup(old->server_name);
    copy->device = g_strdup(old->device);
    copy->mask = old->mask ? g_object_ref(old->mask) : NULL;
    return copy;
}

static void
row_free(void *record)
{
    Row *row = record;

    g_free(row->address);
    g_free(row->mac);
    g_free(row->port);
    g_free(row->server_name);
    g_free(row->device);
    g_clear_object(&row->mask);
}

void
assignments_register(module_t *module, void (*changed)(void))
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING(row, address, "Address", "Address of the device, or a prefix: 192.0.2.7, 192.0.2.0/24"),
        UAT_FLD_CSTRING(row, mac, "MAC", "MAC address of the device, or its first bytes: 00:80:e1"),
        UAT_FLD_CSTRING(row, port, "Port", "Port of the server"),
        UAT_FLD_CSTRING(row, server_name, "Server name", "Name that the client asks for; *.example.com: all below it"),
        UAT_FLD_CSTRING(row, device, "Device", "Id of the device profile"),
        UAT_FLD_VS(row, side, "Side", side_names, "Which side of the connection the device is"),
        UAT_END_FIELDS
    };
    uat_t *table = uat_new("TLS Fit devices", sizeof(Row), "tlsfit_devices", TRUE, &rows, &row_count,
                           UAT_AFFECTS_DISSECTION, NULL, row_copy, row_update, row_free, changed, NULL, columns);

    prefs_register_uat_preference(module, "devices", "Assignments",
                                  "Which device is behind an address, a MAC address, a port or a server name. The "
                                  "first row that fits wins; used where the device is \"auto\".", table);
}

gboolean
assignments_any(void)
{
    return row_count > 0;
}

const char *
assignments_device(guint index)
{
    return index < row_count ? rows[index].device : NULL;
}

static GInetAddress *
inet_address(const address *from)
{
    if (from->type == AT_IPv4 && from->len == 4)
        return g_inet_address_new_from_bytes(from->data, G_SOCKET_FAMILY_IPV4);
    if (from->type == AT_IPv6 && from->len == 16)
        return g_inet_address_new_from_bytes(from->data, G_SOCKET_FAMILY_IPV6);
    return NULL;
}

static AssignmentEnd
end_of(const address *network, const address *link)
{
    AssignmentEnd end = { inet_address(network), { 0 }, link->type == AT_ETHER && link->len == (int)MAC_BYTES };

    if (end.has_mac)
        memcpy(end.mac, link->data, MAC_BYTES);
    return end;
}

AssignmentEnds
assignments_ends(const packet_info *pinfo, gboolean from_client)
{
    AssignmentEnds ends = { .port = from_client ? pinfo->destport : pinfo->srcport };
    TlsfitSide source = from_client ? TLSFIT_CLIENT : TLSFIT_SERVER;
    TlsfitSide destination = from_client ? TLSFIT_SERVER : TLSFIT_CLIENT;

    ends.ends[source] = end_of(&pinfo->net_src, &pinfo->dl_src);
    ends.ends[destination] = end_of(&pinfo->net_dst, &pinfo->dl_dst);
    return ends;
}

void
assignments_ends_clear(AssignmentEnds *ends)
{
    for (guint i = 0; i < G_N_ELEMENTS(ends->ends); i++)
        g_clear_object(&ends->ends[i].address);
}

/* Names are compared as DNS does; *.example.com means every name below it. */
static gboolean
name_fits(const char *wanted, const char *name)
{
    if (!name)
        return FALSE;
    if (!g_str_has_prefix(wanted, "*."))
        return g_ascii_strcasecmp(wanted, name) == 0;
    size_t wanted_length = strlen(wanted + 1), length = strlen(name);
    return length > wanted_length && g_ascii_strcasecmp(name + length - wanted_length, wanted + 1) == 0;
}

static gboolean
row_fits(const Row *row, const AssignmentEnds *ends, const char *server_name)
{
    const AssignmentEnd *end = &ends->ends[row->side];

    if (row->mask && !(end->address && g_inet_address_mask_matches(row->mask, end->address)))
        return FALSE;
    if (row->mac_length > 0 && !(end->has_mac && memcmp(row->mac_bytes, end->mac, row->mac_length) == 0))
        return FALSE;
    if (row->port_number > 0 && row->port_number != ends->port)
        return FALSE;
    return !is_set(row->server_name) || name_fits(row->server_name, server_name);
}

const char *
assignments_find(const AssignmentEnds *ends, const char *server_name, TlsfitSide side)
{
    for (guint i = 0; i < row_count; i++) {
        if (rows[i].side == side && row_fits(&rows[i], ends, server_name))
            return rows[i].device;
    }
    return NULL;
}
