# SPDX-License-Identifier: GPL-2.0-or-later
"""Who reset a connection, told by what comes after the reset: connections made up packet by packet.

In: a build directory. Out: exit status 0 or 1. All packets have the same TTL, so that nothing but sequence numbers speaks.
Each case says how many handshakes there are, whether the first was reset from in between, and since which frame that is
known; in one pass and in two.
"""
import argparse
import json
import pathlib
import struct
import sys
import tempfile

import tshark

sys.path.append(str(tshark.ROOT / "tests" / "hostile"))
import material  # noqa: E402

SYN, RST, PSH, ACK = 2, 4, 8, 16
CLIENT, SERVER = 0, 1
CERTIFICATE = (tshark.ROOT / "tests" / "report" / "certificates" / "hostile.pem").read_text(encoding="utf-8")
CHAIN = [material.certificate(CERTIFICATE, [b"server.example"], [])]
HELLO = material.client_hello(b"server.example")
FLIGHT = material.server_flight(CHAIN)
HALF = len(FLIGHT) // 2


def packet(side, flags, sequence, acknowledgement, payload):
    addresses = [bytes([192, 0, 2, 2]), bytes([192, 0, 2, 1])]
    ports = (50000, 443)
    tcp = struct.pack("!HHIIBBHHH", ports[side], ports[1 - side], sequence % 2**32, acknowledgement % 2**32, 5 << 4, flags,
                      65535, 0, 0) + payload
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 7 + side, 0, 60, 6, 0)
    return head + addresses[side] + addresses[1 - side] + tcp


class Connection:
    """Packets by (side, flags, sequence number from its first byte on, payload)."""

    def __init__(self, starts=(1000, 5000)):
        self.starts, self.packets = starts, []

    def add(self, side, flags, at, payload=b"", acknowledges=0):
        other = self.starts[1 - side] + acknowledges
        self.packets.append(packet(side, flags, self.starts[side] + at, other, payload))
        return self

    def opened(self):
        self.add(CLIENT, SYN, -1)
        return self.add(SERVER, SYN | ACK, -1)

    def hello(self):
        return self.add(CLIENT, PSH | ACK, 0, material.records(22, HELLO))

    def data(self, begin=0, end=None):
        return self.add(SERVER, PSH | ACK, begin, FLIGHT[begin:end], len(HELLO) + 5)

    def reset(self, at):
        return self.add(SERVER, RST | ACK, at, b"", len(HELLO) + 5)


def write(path, packets, seconds_between=0.01):
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))  # LINKTYPE_RAW
        for index, data in enumerate(packets):
            moment = 1750000000 + index * seconds_between
            out.write(struct.pack("<IIII", int(moment), int(moment % 1 * 1e6), len(data), len(data)) + data)


def begun():
    return Connection().opened().hello()


def reused(starts, opened=True):
    again = Connection(starts)
    return (again.opened() if opened else again).hello().data()


def cases():
    """name -> (packets, handshakes, in between, known with frame)."""
    yield "forged", begun().reset(0).data().packets, 1, True, 5
    yield "forged in the middle", begun().data(0, HALF).reset(HALF).data(HALF).packets, 1, True, 6
    yield "forged twice", begun().reset(0).reset(1460).data().packets, 1, True, 6
    yield "its own", begun().reset(0).packets, 1, False, 4
    yield "its own after data", begun().data(0, HALF).reset(HALF).packets, 1, False, 5
    yield "data that was on its way", begun().reset(len(FLIGHT)).data().packets, 1, False, 4
    yield "data that came twice", begun().data(0, HALF).reset(0).data(0, HALF).packets, 1, False, 5
    yield "a keep-alive", begun().data(0, HALF).reset(HALF).add(SERVER, ACK, HALF - 1, b"\0").packets, 1, False, 5
    yield "the same ports again", begun().reset(0).packets + reused((70000, 5100)).packets, 2, False, 4
    yield "the same ports, their SYN lost", begun().reset(0).packets + reused((900000, 7000000), False).packets, 2, False, 4


def check_case(run, path, name, packets, handshakes, between, known):
    write(path, packets)
    for passes in ([], ["-2"]):
        output = run("-r", path, "-o", "tlsfit.device:advertised", "-q", "-z", "tlsfit,json", *passes)
        sessions = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        tshark.check(len(sessions) == handshakes, f"{name}: {len(sessions)} handshakes:\n{output}")
        first = sessions[0]
        found = (first["outcome"], first["outcome_side"], first.get("cause") == "middlebox_reset",
                 first["outcome_known_frame"])
        tshark.check(found == ("reset", "server", between, known), f"{name}: {found}:\n{output}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    run = tshark.Tshark(parser.parse_args().build).run
    with tempfile.TemporaryDirectory() as work:
        parts = {case[0]: lambda case=case: check_case(run, pathlib.Path(work) / "case.pcap", *case) for case in cases()}
        return tshark.run_parts(parts, list(parts))


if __name__ == "__main__":
    sys.exit(main())
