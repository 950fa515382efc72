# SPDX-License-Identifier: GPL-2.0-or-later
"""Who reset a connection, told by what comes after the reset: connections made up packet by packet.

In: a build directory. Out: exit status 0 or 1. All packets have the same TTL, so that nothing but sequence numbers speaks.
Each case says how the handshakes ended, whether the first was reset from in between, and since which frame that is known; in
one pass and in two, where the last frame says the same.
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
END = len(FLIGHT)
SENT = len(HELLO) + 5
CHANGED = material.records(20, b"\1") + material.records(22, b"e" * 40)
ANSWER = material.records(22, material.message(16, material.vector(1, b"\4" + b"p" * 64))) + CHANGED
ALERT = material.records(21, b"\2\x2A")
DATA = material.records(23, b"d" * 40)


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
        self.starts, self.packets, self.pauses = starts, [], {}

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
        return self.add(SERVER, PSH | ACK, begin, FLIGHT[begin:end], SENT)

    def answer(self, payload=ANSWER, at=0, acknowledges=END):
        return self.add(CLIENT, PSH | ACK, SENT + at, payload, acknowledges)

    def done(self, acknowledges=SENT + len(ANSWER)):
        return self.add(SERVER, PSH | ACK, END, CHANGED, acknowledges)

    def reset(self, at):
        return self.add(SERVER, RST | ACK, at, b"", SENT)

    def reset_of_client(self, at=SENT, acknowledges=0):
        return self.add(CLIENT, RST | ACK, at, b"", acknowledges)

    def pause(self, seconds):
        self.pauses[len(self.packets)] = seconds
        return self


def write(path, connection):
    moment = 1750000000
    with path.open("wb") as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))  # LINKTYPE_RAW
        for index, data in enumerate(connection.packets):
            moment += connection.pauses.get(index, 0.01)
            out.write(struct.pack("<IIII", int(moment), int(moment % 1 * 1e6), len(data), len(data)) + data)


def begun():
    return Connection().opened().hello()


def followed(first, starts, opened=True):
    """Another connection on the same ports."""
    again = Connection(starts)
    again = (again.opened() if opened else again).hello()
    first.packets += again.packets
    first.starts = starts
    return first


def forged_cases():
    """name -> (connection, outcomes, side, in between, known with frame)."""
    yield "forged", begun().reset(0).data(), ["reset"], "server", True, 5
    yield "forged in the middle", begun().data(0, HALF).reset(HALF).data(HALF), ["reset"], "server", True, 6
    yield "forged twice", begun().reset(0).reset(1460).data(), ["reset"], "server", True, 6
    yield "its own", begun().reset(0), ["reset"], "server", False, 4
    yield "its own after data", begun().data(0, HALF).reset(HALF), ["reset"], "server", False, 5
    yield "data that was on its way", begun().reset(END).data(), ["reset"], "server", False, 4
    yield "data that came twice", begun().data(0, HALF).reset(0).data(0, HALF), ["reset"], "server", False, 5
    yield "a keep-alive", begun().data(0, HALF).reset(HALF).add(SERVER, ACK, HALF - 1, b"\0"), ["reset"], "server", False, 5
    yield ("the same ports again", followed(begun().reset(0), (70000, 5100)).data(), ["reset", "cut"], "server", False, 4)
    yield ("the same ports, their SYN lost", followed(begun().reset(0), (900000, 7000000), False).data(),
           ["reset", "cut"], "server", False, 4)


def ignored_cases():
    """The same, of handshakes that go on."""
    forged = ["reset"], "server", True
    yield "ignored", begun().reset(0).data().answer().done(), ["completed"], None, False, 7
    yield "ignored in the middle", begun().data(0, HALF).reset(HALF).data(HALF).answer().done(), ["completed"], None, False, 8
    yield "ignored, in the client's name", begun().reset_of_client().data().answer().done(), ["completed"], None, False, 7
    yield "ignored by both", begun().reset(0).reset_of_client().data().answer().done(), ["completed"], None, False, 8
    yield "ignored after the answer", begun().data().answer().reset(END).done().answer(DATA, len(ANSWER), END + len(CHANGED)), \
        ["completed"], None, False, 8
    yield "ignored, then an alert", begun().reset(0).data().answer(ALERT), ["alert"], "client", False, 6
    yield "ignored, answered late", begun().reset(0).data().pause(8).answer(ALERT), ["alert"], "client", False, 6
    yield ("ignored, then silence", begun().reset(0).data().answer().add(SERVER, ACK, END, b"", SENT + len(ANSWER)).pause(90)
           .add(CLIENT, ACK, SENT + len(ANSWER) - 1, b"\0", END), ["stalled"], "server", False, None)
    yield "ignored, then its own", begun().reset(0).data().answer().reset(END), ["reset"], "server", False, 7
    yield "obeyed by both, and data on its way", begun().reset(0).reset_of_client().data(), *forged, 6
    yield "obeyed by the server", begun().reset(0).reset_of_client().data().answer().reset(END), *forged, 6
    yield "an acknowledgement is no answer", begun().reset(0).data().add(CLIENT, ACK, SENT, b"", END), *forged, 5
    yield "an answer that was on its way", begun().data().reset(END).answer(), ["reset"], "server", False, 5
    yield "nobody answers the end", begun().data().answer().reset(END).done(), *forged, 7
    yield "the client obeys and resets", begun().reset(0).data().reset_of_client(SENT, END), *forged, 5


def missed_cases():
    """The same, of resets outside of the window."""
    yield "far behind", begun().reset(-70000).data().answer().done(), ["completed"], None, False, 7
    yield "far ahead", begun().reset(0x50000000).data().answer().done(), ["cut"], None, False, None  # Wireshark hides the rest
    yield "far ahead, in the client's name", begun().data().reset_of_client(0x50000000, END).answer(ALERT), ["cut"], None, \
        False, None
    yield "far behind, in the client's name", begun().data().reset_of_client(-70000, END).answer().done(), ["completed"], None, \
        False, 7
    yield "far behind, and then its own", begun().reset(-70000).reset(0), ["reset"], "server", False, 5
    yield "far behind, and nothing more", begun().reset(-70000), ["cut"], None, False, None
    yield "behind, but near", begun().reset(-3000), ["reset"], "server", False, 4
    yield "ahead, within the largest window", begun().reset(0x20000000), ["reset"], "server", False, 4
    yield "nothing of the receiver was seen", begun().reset_of_client(-70000), ["reset"], "client", False, 4
    yield ("its own, on the same ports again", followed(begun().data().answer().done(), (900000, 7000000), False).reset(0),
           ["completed", "reset"], None, False, 6)
    yield ("its own of the client, on the same ports again",
           followed(begun().data().answer().done(), (900000, 7000000), False).reset_of_client(), ["completed", "reset"], None,
           False, 6)


def cases():
    yield from forged_cases()
    yield from ignored_cases()
    yield from missed_cases()


def check_case(run, path, name, connection, outcomes, *wanted):
    write(path, connection)
    for passes in ([], ["-2"]):
        output = run("-r", path, "-o", "tlsfit.device:advertised", "-q", "-z", "tlsfit,json", *passes)
        sessions = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        tshark.check([session["outcome"] for session in sessions] == outcomes, f"{name}:\n{output}")
        first = sessions[0]
        found = (first.get("outcome_side"), first.get("cause") == "middlebox_reset", first.get("outcome_known_frame"))
        tshark.check(found == wanted, f"{name}: {found}:\n{output}")
    if sessions[-1].get("outcome_known_frame") is None:  # one pass does not know it in any frame
        return
    last = [run("-r", path, "-o", "tlsfit.device:advertised", "-Y", "tlsfit.outcome", "-T", "fields", "-e", "frame.number", "-e",
                "tlsfit.outcome", "-e", "tlsfit.cause", *passes).splitlines()[-1:] for passes in ([], ["-2"])]
    tshark.check(last[0] == last[1] and last[0], f"{name}: the last frame says {last[0]}, in two passes {last[1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    run = tshark.Tshark(parser.parse_args().build).run
    with tempfile.TemporaryDirectory() as work:
        parts = {case[0]: lambda case=case: check_case(run, pathlib.Path(work) / "case.pcap", *case) for case in cases()}
        return tshark.run_parts(parts, list(parts))


if __name__ == "__main__":
    sys.exit(main())
