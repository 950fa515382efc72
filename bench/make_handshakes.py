#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a capture of many handshakes: one recorded connection, or several in turns, again and again.

In: pcapng captures of one TCP connection over Ethernet and IPv4 each. Out: a pcap file with COUNT such connections, one
after the other, each from another client address and port, with right checksums.
What the server proves (random numbers, signatures) is repeated too: for measuring time, not for judging anything.
"""
import argparse
import struct
import sys

ENHANCED_PACKET = 6
INTERFACE = 1
SECTION_MAGIC = 0x1A2B3C4D


def read_packets(path):
    """The packets of a little-endian pcapng file as (microseconds, bytes); only microsecond clocks are needed."""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 12 or struct.unpack_from("<I", data, 8)[0] != SECTION_MAGIC:
        sys.exit(f"{path}: not a little-endian pcapng file")
    packets, offset, units = [], 0, 1_000_000
    while offset + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, offset)
        if length < 12 or offset + length > len(data):
            sys.exit(f"{path}: broken block at byte {offset}")
        if kind == INTERFACE:
            units = clock_units(data[offset + 16:offset + length - 4])
        elif kind == ENHANCED_PACKET:
            _, high, low, captured, _ = struct.unpack_from("<IIIII", data, offset + 8)
            time_us = ((high << 32) | low) * 1_000_000 // units
            packets.append((time_us, data[offset + 28:offset + 28 + captured]))
        offset += length
    return packets


def clock_units(options):
    """Units a second of an interface: option 9 (if_tsresol), microseconds without."""
    offset = 0
    while offset + 4 <= len(options):
        code, length = struct.unpack_from("<HH", options, offset)
        if code == 9 and length == 1:
            value = options[offset + 4]
            return 2 ** (value & 0x7F) if value & 0x80 else 10 ** value
        if code == 0:
            break
        offset += 4 + (length + 3) // 4 * 4
    return 1_000_000


def is_tcp(packet):
    return len(packet) >= 54 and packet[12:14] == b"\x08\x00" and packet[14] == 0x45 and packet[23] == 6


def fold(total):
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def replace_end(packet, from_client, address, port):
    """The packet with another client; checksums are adjusted by the difference (RFC 1624)."""
    packet = bytearray(packet)
    address_at, port_at = (26, 34) if from_client else (30, 36)
    old = sum(struct.unpack_from("!HH", packet, address_at))
    new = sum(struct.unpack("!HH", address))
    old_port = struct.unpack_from("!H", packet, port_at)[0]
    packet[address_at:address_at + 4] = address
    struct.pack_into("!H", packet, port_at, port)
    for at, difference in ((24, new - old), (50, new - old + port - old_port)):
        before = struct.unpack_from("!H", packet, at)[0]
        struct.pack_into("!H", packet, at, 0xFFFF - fold(0xFFFF - before + difference + 0x10000 * 0xFFFF))
    return bytes(packet)


def write_handshakes(templates, count, out):
    """Returns the number of packets."""
    moment, written = templates[0][0][0], 0
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    for number in range(count):
        packets = templates[number % len(templates)]
        client = packets[0][1][26:30]
        address = struct.pack("!BBH", 10, 1 + number // 60000, 1 + number % 60000)
        port = 49152 + number % 16384
        shift = moment - packets[0][0]
        for time_us, packet in packets:
            changed = replace_end(packet, packet[26:30] == client, address, port)
            out.write(struct.pack("<IIII", (time_us + shift) // 1_000_000, (time_us + shift) % 1_000_000, len(changed),
                                  len(changed)))
            out.write(changed)
        moment = packets[-1][0] + shift + 1000
        written += len(packets)
    return written


def read_template(path):
    packets = [packet for packet in read_packets(path) if is_tcp(packet[1])]
    if not packets:
        sys.exit(f"{path}: no TCP over Ethernet and IPv4")
    return packets


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("template", nargs="+", help="pcapng capture of one TCP connection")
    parser.add_argument("out", help="pcap file to write")
    parser.add_argument("--count", type=int, default=20000, help="handshakes (default: 20000)")
    arguments = parser.parse_args()
    templates = [read_template(path) for path in arguments.template]
    with open(arguments.out, "wb") as out:
        packets = write_handshakes(templates, arguments.count, out)
    print(f"{arguments.out}: {arguments.count} handshakes of {len(templates)}, {packets} packets")


if __name__ == "__main__":
    main()
