# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a legacy pcap, writes a pcapng that tells nothing of its machine.

In: packets with microsecond times, TLS secrets. Out: section header and
interface without any name or comment, secrets, packets.
Does not dissect, except Ethernet + IPv4 + TCP where a test breaks one byte.
"""
import struct

SECTION, INTERFACE, PACKET, SECRETS = 0x0A0D0D0A, 1, 6, 10
TLS_KEY_LOG = 0x544C534B
ETHERNET, SNAPLEN = 1, 262144


def read_pcap(path):
    """[(time in microseconds, original length, bytes)]"""
    with open(path, "rb") as file:
        data = file.read()
    if len(data) < 24 or data[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        raise ValueError(f"{path}: not a little-endian pcap")
    scale = 1000 if data[:1] == b"\x4d" else 1
    packets, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, kept, original = struct.unpack_from("<IIII", data, at)
        body = data[at + 16:at + 16 + kept]
        packets.append((seconds * 1000000 + fraction // scale, original, body))
        at += 16 + kept
    return packets


def _block(kind, body):
    body += b"\0" * (-len(body) % 4)
    total = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + total + body + total


def write_pcapng(path, packets, keylog=b"", snaplen=SNAPLEN):
    out = _block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += _block(INTERFACE, struct.pack("<HHI", ETHERNET, 0, snaplen))
    if keylog:
        out += _block(SECRETS, struct.pack("<II", TLS_KEY_LOG, len(keylog)) + keylog)
    for time_us, original, body in packets:
        body = body[:snaplen]
        out += _block(PACKET, struct.pack("<IIIII", 0, time_us >> 32,
                                          time_us & 0xFFFFFFFF, len(body),
                                          original) + body)
    with open(path, "wb") as file:
        file.write(out)


def read_pcapng(path):
    """The packets of a file that write_pcapng made."""
    with open(path, "rb") as file:
        data = file.read()
    packets, at = [], 0
    while at + 12 <= len(data):
        kind, total = struct.unpack_from("<II", data, at)
        if kind == PACKET:
            _, high, low, kept, original = struct.unpack_from("<IIIII", data, at + 8)
            body = data[at + 28:at + 28 + kept]
            packets.append(((high << 32) + low, original, body))
        at += total
    return packets


def shift_to(packets, start_s):
    """The same packets, the first of them at start_s."""
    offset = packets[0][0] - start_s * 1000000 if packets else 0
    return [(time - offset, original, body) for time, original, body in packets]


def sum16(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data[:len(data) & ~1]))
    if len(data) & 1:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def fix_tcp_checksum(frame):
    """The frame (Ethernet, IPv4, TCP) with a right TCP checksum."""
    ip = 14
    tcp = ip + (frame[ip] & 15) * 4
    end = ip + struct.unpack_from(">H", frame, ip + 2)[0]
    clean = frame[:tcp + 16] + b"\0\0" + frame[tcp + 18:]
    pseudo = frame[ip + 12:ip + 20] + struct.pack(">BBH", 0, 6, end - tcp)
    value = ~sum16(pseudo + clean[tcp:end]) & 0xFFFF
    return frame[:tcp + 16] + struct.pack(">H", value) + frame[tcp + 18:]


def replace_bytes(packets, old, new):
    """The one frame that holds old gets new in its place, checksum right."""
    hits = [i for i, packet in enumerate(packets) if old in packet[2]]
    if len(hits) != 1 or len(old) != len(new):
        raise ValueError("the bytes to be replaced are not in exactly one frame")
    time, original, body = packets[hits[0]]
    result = list(packets)
    result[hits[0]] = (time, original, fix_tcp_checksum(body.replace(old, new, 1)))
    return result
