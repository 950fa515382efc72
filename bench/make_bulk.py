#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a capture of bulk data over TLS: a recorded handshake a few times, and much application data after each.

In: a pcapng capture of one TCP connection over Ethernet and IPv4 whose handshake completes. Out: a pcap file in which
FLOWS such connections send records of 16 KiB at the same time, the receiver acknowledging every other segment, until
the file has about MEGABYTES. What the records hold are zeros, and TCP's checksums are left out: for measuring time.
"""
import argparse
import struct

import make_handshakes

SEGMENT = 1448
RECORD = b"\x17\x03\x03\x40\x00" + bytes(16384)
ALERT = b"\x15"
TCP_FIN, TCP_PUSH, TCP_ACK = 0x01, 0x08, 0x10


def write_packet(out, moment, packet):
    out.write(struct.pack("<IIII", moment // 1_000_000, moment % 1_000_000, len(packet), len(packet)))
    out.write(packet)


def payload_of(packet):
    return packet[34 + 4 * (packet[46] >> 4):14 + struct.unpack_from("!H", packet, 16)[0]]


class Side:
    """One direction of a connection after its handshake: headers to fill in, and the next sequence number."""

    def __init__(self, packet):
        self.header = bytearray(packet[:54])
        self.header[46] = 0x50  # no options
        self.sequence = struct.unpack_from("!I", packet, 38)[0] + len(payload_of(packet))

    def packet(self, payload, acknowledged, flags):
        header = self.header
        struct.pack_into("!H", header, 16, 40 + len(payload))
        struct.pack_into("!II", header, 38, self.sequence, acknowledged)
        header[47] = flags
        struct.pack_into("!H", header, 24, 0)
        words = struct.unpack_from("!10H", header, 14)
        struct.pack_into("!H", header, 24, 0xFFFF - make_handshakes.fold(sum(words)))
        self.sequence = (self.sequence + len(payload)) & 0xFFFFFFFF
        return bytes(header) + payload


class Flow:
    """The template with a client of its own, without its end (a close_notify alert, FIN)."""

    def __init__(self, packets, number):
        client = packets[0][1][26:30]
        address, port = struct.pack("!BBH", 10, 1, 1 + number), 49152 + number
        self.handshake, self.sides = [], {}
        for time_us, packet in packets:
            if packet[47] & TCP_FIN or payload_of(packet)[:1] == ALERT:
                break
            from_client = packet[26:30] == client
            changed = make_handshakes.replace_end(packet, from_client, address, port)
            self.handshake.append((time_us - packets[0][0], changed))
            self.sides[from_client] = Side(changed)
        self.data, self.segments = b"", 0

    def segment(self):
        """The next segment of the server, and an acknowledgement after every second one."""
        if len(self.data) < SEGMENT:
            self.data += RECORD * 4
        piece, self.data = self.data[:SEGMENT], self.data[SEGMENT:]
        server, client = self.sides[False], self.sides[True]
        self.segments += 1
        yield server.packet(piece, client.sequence, TCP_ACK | TCP_PUSH)
        if self.segments % 2 == 0:
            yield client.packet(b"", server.sequence, TCP_ACK)


def write_bulk(packets, flows, size, out):
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
    moment = packets[0][0]
    for flow in flows:
        for offset, packet in flow.handshake:
            write_packet(out, moment + offset, packet)
        moment += flow.handshake[-1][0] + 100
    while out.tell() < size:
        for flow in flows:
            for packet in flow.segment():
                moment += 5
                write_packet(out, moment, packet)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("template", help="pcapng capture of one TCP connection")
    parser.add_argument("out", help="pcap file to write")
    parser.add_argument("--flows", type=int, default=8)
    parser.add_argument("--megabytes", type=int, default=1000)
    arguments = parser.parse_args()
    packets = [packet for packet in make_handshakes.read_packets(arguments.template)
               if make_handshakes.is_tcp(packet[1])]
    flows = [Flow(packets, number) for number in range(arguments.flows)]
    with open(arguments.out, "wb") as out:
        write_bulk(packets, flows, arguments.megabytes * 1_000_000, out)
    print(f"{arguments.out}: {arguments.flows} flows, {arguments.megabytes} MB")


if __name__ == "__main__":
    main()
