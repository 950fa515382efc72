# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads pcapng files block by block (draft-ietf-opsawg-pcapng), for comparing two of them.

In: a path. Out: packets with everything that belongs to them, and the other blocks by their type. It knows no more than
the comparison needs, and complains about what it does not know.
"""
import dataclasses
import struct

SECTION, INTERFACE, SIMPLE, NAMES, STATISTICS, PACKET, SECRETS = 0x0A0D0D0A, 1, 3, 4, 5, 6, 10
OPTION_END, OPTION_COMMENT, OPTION_RESOLUTION = 0, 1, 9


@dataclasses.dataclass
class Packet:
    """One packet; TIME in units of 10^-9 s (or finer ones cut off), as resolutions may differ between files."""
    interface: int
    time: int
    length: int
    data: bytes
    options: list
    comments: list


@dataclasses.dataclass
class Capture:
    packets: list
    interfaces: list
    others: dict  # block type -> bodies


def options_of(body, order):
    """[(code, value)] up to the end mark."""
    found, at = [], 0
    while at + 4 <= len(body):
        code, length = struct.unpack_from(order + "HH", body, at)
        if code == OPTION_END:
            break
        found.append((code, body[at + 4:at + 4 + length]))
        at += 4 + (length + 3) // 4 * 4
    return found


def interface_of(body, order):
    link, _, snap = struct.unpack_from(order + "HHI", body)
    return {"link": link, "snap": snap, "options": options_of(body[8:], order)}


def units_a_second(interface):
    value = dict(interface["options"]).get(OPTION_RESOLUTION, b"\x06")[0]
    return 2 ** (value & 0x7F) if value & 0x80 else 10 ** value


def packet_of(body, order, interfaces):
    number, high, low, captured, length = struct.unpack_from(order + "IIIII", body)
    options = options_of(body[20 + (captured + 3) // 4 * 4:], order)
    return Packet(number, (high << 32 | low) * 10 ** 9 // units_a_second(interfaces[number]), length,
                  body[20:20 + captured], [option for option in options if option[0] != OPTION_COMMENT],
                  [value.decode("utf-8") for code, value in options if code == OPTION_COMMENT])


def blocks(data):
    """(type, byte order, body) of each whole block."""
    order, at = "<", 0
    while at + 12 <= len(data):
        kind = struct.unpack_from(order + "I", data, at)[0]
        if kind == SECTION:
            order = "<" if struct.unpack_from("<I", data, at + 8)[0] == 0x1A2B3C4D else ">"
        length = struct.unpack_from(order + "I", data, at + 4)[0]
        if length < 12 or at + length > len(data):
            return
        yield kind, order, data[at + 8:at + length - 4]
        at += length


def read(path):
    capture = Capture([], [], {})
    for kind, order, body in blocks(path.read_bytes()):
        if kind == INTERFACE:
            capture.interfaces.append(interface_of(body, order))
        elif kind == PACKET:
            capture.packets.append(packet_of(body, order, capture.interfaces))
        elif kind == SECTION:
            capture.others.setdefault(kind, []).append(sorted(options_of(body[16:], order)))
        else:
            capture.others.setdefault(kind, []).append(body)
    return capture
