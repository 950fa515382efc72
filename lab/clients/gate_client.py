#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A lab client behind a receive buffer: records that are larger do not pass.

In: --host, --port, the size, what happens then, and the client's command. Out:
the client's handshake with the server, its line, and one line of the gate.
Plays a modem whose TLS is whole and whose buffer is small; reads no more of
TLS than the headers of records. hang: it stops reading and keeps the
connection; reset: it resets it.
"""
import argparse
import select
import socket
import struct
import subprocess
import sys
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--record-max", type=int, required=True)
    parser.add_argument("--then", default="reset", help="hang:SECONDS or reset")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def too_large(buffer, most):
    """The length of the first record, when it is more than the buffer holds."""
    length = int.from_bytes(buffer[3:5], "big") if len(buffer) >= 5 else 0
    return length if length > most else 0


def records(buffer):
    """(whole records, the rest)."""
    at = 0
    while len(buffer) - at >= 5:
        length = 5 + int.from_bytes(buffer[at + 3:at + 5], "big")
        if len(buffer) - at < length:
            break
        at += length
    return buffer[:at], buffer[at:]


def pump(client, server, most):
    """Passes on what fits; the size of the record that does not, or 0."""
    held = b""
    while True:
        for ready in select.select([client, server], [], [], 30)[0]:
            data = ready.recv(65536)
            if not data:
                return 0
            if ready is client:
                server.sendall(data)
                continue
            held += data
            while held:
                if too_large(held, most):
                    return too_large(held, most)
                whole, held = records(held)
                if not whole:
                    break
                client.sendall(whole)


def refuse(server, how):
    if how.startswith("hang:"):
        time.sleep(float(how[5:]))
    else:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))


def main():
    arguments = parse()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False, timeout=10)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        client = subprocess.Popen(arguments.command
                                  + ["--host", "127.0.0.1", "--port", port])
        inner, _ = listener.accept()
    outer = socket.create_connection((arguments.host, arguments.port), 10)
    with inner, outer:
        length = pump(inner, outer, arguments.record_max)
        if length:
            print(f"gate: a record of {length} bytes does not fit", flush=True)
            refuse(outer, arguments.then)
    try:
        return client.wait(10)
    except subprocess.TimeoutExpired:
        client.kill()
        return client.wait()


if __name__ == "__main__":
    sys.exit(main())
