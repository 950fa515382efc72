/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Framing. See wire.h. Both ends are the same program, so numbers go over as they are in memory.
 */
#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static gboolean
write_all(int handle, const void *bytes, gsize length)
{
    const guint8 *at = bytes;

    while (length > 0) {
        const gssize written = send(handle, at, length, MSG_NOSIGNAL); /* the other process may be gone */
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return FALSE;
        at += written;
        length -= (gsize)written;
    }
    return TRUE;
}

gboolean
wire_send(int handle, WireKind kind, guint32 first, const void *bytes, gsize length)
{
    const WireHeader header = { (guint32)kind, first, length };

    return write_all(handle, &header, sizeof header) && write_all(handle, bytes, length);
}

gboolean
wire_receive(WireInput *input, int handle)
{
    static guint8 buffer[1u << 16];
    gssize bytes;

    do
        bytes = read(handle, buffer, sizeof buffer);
    while (bytes < 0 && errno == EINTR);
    if (bytes <= 0)
        return FALSE;
    if (!input->bytes)
        input->bytes = g_byte_array_new();
    if (input->taken > 0) {
        g_byte_array_remove_range(input->bytes, 0, (guint)input->taken);
        input->taken = 0;
    }
    g_byte_array_append(input->bytes, buffer, (guint)bytes);
    return TRUE;
}

gboolean
wire_take(WireInput *input, WireHeader *header, const guint8 **bytes)
{
    const gsize have = input->bytes ? input->bytes->len - input->taken : 0;

    if (have < sizeof *header)
        return FALSE;
    memcpy(header, input->bytes->data + input->taken, sizeof *header);
    if (have - sizeof *header < header->bytes)
        return FALSE;
    *bytes = input->bytes->data + input->taken + sizeof *header;
    input->taken += sizeof *header + header->bytes;
    return TRUE;
}
