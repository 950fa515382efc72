#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets a connection in the server's name once the client has sent data.

In: injector.py INTERFACE PORT AHEAD, next to the server. Out: a line when it
listens; then one reset, whose sequence number is the next one that the client
expects, plus AHEAD. With 0 a client obeys it; with less it drops it, as it is
outside of its window (RFC 9293, 3.10.7.4). The server knows nothing of it.
"""
import socket
import struct
import sys

from pcapng import sum16

ETH_P_ALL, ETHERNET_BYTES, TCP, RST_ACK = 3, 14, 6, 0x14


def reset_for(ip, port, ahead):
    """The packet that answers this one of the client; None: not yet."""
    header = (ip[0] & 15) * 4
    if ip[0] >> 4 != 4 or ip[9] != TCP:
        return None
    tcp = ip[header:struct.unpack("!H", ip[2:4])[0]]
    client, server, sequence, acknowledged = struct.unpack("!HHII", tcp[:12])
    payload = len(tcp) - (tcp[12] >> 4) * 4
    if server != port or payload == 0:
        return None
    start = struct.pack("!HHIIBB", server, client, (acknowledged + ahead) % 2**32,
                        (sequence + payload) % 2**32, 5 << 4, RST_ACK)
    source, target = ip[16:20], ip[12:16]
    pseudo = source + target + struct.pack("!HH", TCP, 20)
    answer = start + struct.pack("!HHH", 0, ~sum16(pseudo + start + bytes(6)) & 0xFFFF, 0)
    return struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0, 64, TCP, 0) + source + target + answer


def main():
    interface, port, ahead = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as tap, \
            socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as out:
        tap.bind((interface, 0))
        print("listens", flush=True)
        packet = None
        while packet is None:
            frame = tap.recv(65535)
            if frame[12:14] == b"\x08\x00":
                packet = reset_for(frame[ETHERNET_BYTES:], port, ahead)
        out.sendto(packet, (socket.inet_ntoa(packet[16:20]), 0))


if __name__ == "__main__":
    main()
