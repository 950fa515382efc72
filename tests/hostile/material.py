# SPDX-License-Identifier: GPL-2.0-or-later
"""A handshake whose names are made to break what shows them.

In: a certificate (PEM) to take the rest from. Out: certificates with hostile names in DER, and a capture, by text2pcap,
in which a client asks for a hostile name, gets these certificates and refuses them. No signature is right.
"""
import base64
import struct
import subprocess

# What each may do: run in a page, end a quote, be computed by a spreadsheet, colour or rename a terminal (C0 and C1),
# reverse what follows, end a C string, end a line of a table or a comment, be no UTF-8.
NAMES = [
    b"</script><script>alert(1)</script>",
    b"\"><img src=x onerror=alert(2)>",
    b"=HYPERLINK(\"http://evil.example\")",
    b"\x1b]0;owned\x07\x1b[2Jcleared",
    "\u009b2Jcleared\u202egnp.exe".encode(),
    b"device.example\x00.evil.example",
    b"one\r\n| forged | line |\nRule: forged",
    b"\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80",
]
LONG = b"=" + b"A" * 65536


def tlv(tag, content):
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def parts(data):
    """The elements of a DER sequence's content, each with its header."""
    at = 0
    while at < len(data):
        size, header = data[at + 1], 2
        if size & 0x80:
            header += size & 0x7F
            size = int.from_bytes(data[at + 2:at + header], "big")
        yield data[at:at + header + size], data[at + header:at + header + size]
        at += header + size


def name(texts):
    """commonName and organizationName as UTF8String, whatever the bytes are."""
    oids = [bytes([0x55, 4, 3])] + [bytes([0x55, 4, 10])] * len(texts)
    return tlv(0x30, b"".join(tlv(0x31, tlv(0x30, tlv(6, oid) + tlv(12, text))) for oid, text in zip(oids, texts)))


def alternative_names(texts):
    """[3] with the one extension subjectAltName."""
    value = tlv(0x30, b"".join(tlv(0x82, text) for text in texts))
    return tlv(0xA3, tlv(0x30, tlv(0x30, tlv(6, bytes([0x55, 0x1D, 17])) + tlv(4, value))))


def certificate(template, names, long_names):
    body = base64.b64decode("".join(line for line in template.splitlines() if not line.startswith("-")))
    tbs, algorithm, signature = list(parts(next(parts(body))[1]))
    version, serial, inner, _, validity, _, key = [whole for whole, _ in parts(tbs[1])][:7]
    content = version + serial + inner + name(names[::-1]) + validity + name(names) + key
    return tlv(0x30, tlv(0x30, content + alternative_names(names + long_names)) + algorithm[0] + signature[0])


def pem(der):
    return "-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(der).decode() + "-----END CERTIFICATE-----\n"


def vector(size, data):
    return len(data).to_bytes(size, "big") + data


def records(kind, data):
    return b"".join(struct.pack("!BHH", kind, 0x0303, len(piece)) + piece
                    for piece in (data[at:at + 16000] for at in range(0, len(data), 16000)))


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def extension(kind, body):
    return struct.pack("!H", kind) + vector(2, body)


def client_hello(server_name):
    extensions = extension(0, vector(2, b"\0" + vector(2, server_name))) + extension(10, vector(2, b"\0\x17")) + \
        extension(11, b"\1\0") + extension(13, vector(2, b"\4\3"))
    return message(1, b"\3\3" + b"c" * 32 + b"\0" + vector(2, b"\xC0\x2B") + b"\1\0" + vector(2, extensions))


def server_flight(certificates):
    """ServerHello and Certificate, in records."""
    hello = message(2, b"\3\3" + b"s" * 32 + b"\0" + b"\xC0\x2B" + b"\0" + vector(2, b""))
    return records(22, hello + message(11, vector(3, b"".join(vector(3, der) for der in certificates))))


def capture(path, server_name, certificates):
    """The handshake as a pcapng at PATH."""
    server = server_flight(certificates)
    packets = [("O", records(22, client_hello(server_name)))]
    packets += [("I", server[at:at + 1400]) for at in range(0, len(server), 1400)]
    packets.append(("O", records(21, b"\2\x2A")))
    lines = []
    for direction, data in packets:
        lines.append(f"{direction}\n")
        lines += [f"{at:06x} {data[at:at + 16].hex(' ')}\n" for at in range(0, len(data), 16)]
    subprocess.run(["text2pcap", "-q", "-D", "-T", "443,50000", "-4", "192.0.2.1,192.0.2.2", "-", str(path)],
                   input="".join(lines), text=True, check=True, capture_output=True)
