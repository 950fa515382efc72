#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A capture that is still being made: what is found must be there while the handshake runs.

    pipe       packets of a test capture through a pipe, one after the other
    end        what tshark tells when a capture ends in mid handshake: cut, or stalled where time went on
    loopback   the same packets on the loopback interface of a network namespace, captured there

    live.py --build BUILD PART...
"""
import argparse
import atexit
import os
import pathlib
import queue
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

from tshark import CAPTURES, ROOT, SKIP, check, run_parts, skip

CAPTURE = CAPTURES / "inventek-stall-sha384-intermediate" / "capture.pcapng"
DEVICE = "inventek-ism43362"
CERTIFICATES, LAST_ACKNOWLEDGEMENT, FIN = 6, 7, 8
PATIENCE = 120  # seconds: how long a line may take on a busy machine
HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)
COLUMNS = ["-Y", "tlsfit.rule || tlsfit.outcome", "-T", "fields", "-e", "frame.number", "-e", "tlsfit.rule",
           "-e", "tlsfit.outcome"]


def packets(work):
    """(time in microseconds, bytes) of each packet of the capture."""
    if not shutil.which("editcap"):
        skip("editcap is not installed")
    path = pathlib.Path(work) / "packets.pcap"
    subprocess.run(["editcap", "-F", "pcap", str(CAPTURE), str(path)], check=True)
    data, at, found = path.read_bytes(), 24, []
    while at < len(data):
        seconds, microseconds, length, _ = struct.unpack_from("<IIII", data, at)
        found.append((seconds * 1000000 + microseconds, data[at + 16:at + 16 + length]))
        at += 16 + length
    return found


def record(when, data):
    return struct.pack("<IIII", when // 1000000, when % 1000000, len(data), len(data)) + data


class Live:
    """A tshark that captures; its lines arrive in a queue."""

    def __init__(self, build, *arguments, command=(), **settings):
        wrapper = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
        self.process = subprocess.Popen([*command, *wrapper, "-n", "-l", "-o", "tlsfit.device:" + DEVICE, *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **settings)
        atexit.register(self.process.kill)
        self.lines, self.messages = queue.Queue(), []
        for pipe, take in ((self.process.stdout, self.lines.put), (self.process.stderr, self.messages.append)):
            threading.Thread(target=self.read, args=(pipe, take), daemon=True).start()

    @staticmethod
    def read(pipe, take):
        for line in pipe:
            take(line.decode(errors="replace").rstrip("\n"))
        take(None)

    def said(self):
        return "\n".join(message for message in self.messages if message)

    def line(self):
        try:
            line = self.lines.get(timeout=PATIENCE)
        except queue.Empty:
            self.process.kill()
            check(False, f"no line within {PATIENCE} s: {self.said()}")
        if line is None and self.process.wait() == SKIP:
            skip(self.said().strip().splitlines()[-1])
        check(line is not None, f"tshark ended: {self.said()}")
        return line

    def expect(self, frame, rule, outcome):
        found = self.line().split("\t")
        check(found[0] == str(frame) and rule in found[1].split(",") and found[2] == outcome,
              f"{found}, expected frame {frame} with {rule} and '{outcome}'")

    def rest(self):
        self.process.wait(timeout=PATIENCE)
        lines = []
        while (line := self.lines.get(timeout=PATIENCE)) is not None:
            lines.append(line)
        return lines


class Part:
    def __init__(self, build, work):
        self.build, self.packets = build, packets(work)

    def fed(self, source, *arguments):
        live = Live(self.build, *source, *arguments, stdin=subprocess.PIPE)
        live.process.stdin.write(HEADER)
        return live

    def feed(self, live, first, last):
        for when, data in self.packets[first - 1:last]:
            live.process.stdin.write(record(when, data))
        live.process.stdin.flush()

    def pipe(self):
        for source in (["-i", "-"], ["-r", "-"]):
            live = self.fed(source, *COLUMNS)
            self.feed(live, 1, CERTIFICATES)
            live.expect(CERTIFICATES, "cert_signature_algorithm", "")
            self.feed(live, LAST_ACKNOWLEDGEMENT, FIN)
            live.expect(FIN, "handshake_stalled", "stalled")
            live.process.stdin.close()
            rest = live.rest()
            check(live.process.returncode == 0 and not rest, f"{rest}, {live.said()}")

    def end(self):
        for later, outcome in ((None, "cut"), (10000000, "stalled")):
            live = self.fed(["-i", "-"], "-q", "-z", "tlsfit,summary")
            self.feed(live, 1, LAST_ACKNOWLEDGEMENT)
            if later:  # a packet of something else
                when, data = self.packets[0]
                live.process.stdin.write(record(when + later, data[:34] + bytes([1, 2]) + data[36:]))
            live.process.stdin.close()
            lines = live.rest()
            check(len(lines) == 2 and f"  {outcome}" in lines[1], f"{lines}, expected {outcome}; {live.said()}")

    def loopback(self):
        """Here the clock is the real one: the stall time is short."""
        if not os.environ.get("TLSFIT_IN_NAMESPACE"):
            enter_namespace(self.build)
        live = Live(self.build, "-i", "lo", "-o", "tlsfit.stall_time:1000", *COLUMNS, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE
        while "Capturing on" not in live.said() and live.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        if live.process.poll() is not None:
            skip("nothing can be captured here: " + live.said().strip().splitlines()[-1])
        time.sleep(1)
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        sender.bind(("lo", 0))
        for _, data in self.packets[:LAST_ACKNOWLEDGEMENT]:
            sender.send(data)
        live.expect(CERTIFICATES, "cert_signature_algorithm", "")
        time.sleep(1.5)
        sender.send(self.packets[FIN - 1][1])
        live.expect(FIN, "handshake_stalled", "stalled")
        live.process.terminate()
        live.process.wait(timeout=PATIENCE)


def enter_namespace(build):
    """Runs this part once more where a loopback interface is ours, as a user that is not root and may capture."""
    enter = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--net", "--keep-caps"]
    if subprocess.run([*enter, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode != 0:
        skip("no network namespace can be made here")
    script = 'ip link set lo up && exec "$@"'
    done = subprocess.run([*enter, "sh", "-c", script, "sh", sys.executable, "-B", __file__, "--build", str(build),
                           "loopback"], env=dict(os.environ, TLSFIT_IN_NAMESPACE="1"), stdout=subprocess.PIPE,
                          check=False, text=True)
    print(done.stdout, end="")
    sys.exit(done.returncode)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["pipe", "end", "loopback"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        part = Part(arguments.build, work)
        return run_parts({name: getattr(part, name) for name in arguments.parts}, arguments.parts)


if __name__ == "__main__":
    sys.exit(main())
