#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A lab client behind a receive buffer: what is larger does not pass.

In: --host, --port, the size, what happens then, and the client's command. Out:
the client's handshake with the server, its line, and one line of the gate.
Plays a modem whose TLS is whole and whose buffer is small; reads no more of
TLS than the headers of records, and takes the client's Certificate message out
where that is asked for, as stacks do that know none. hang: it stops reading and keeps the
connection; reset: it resets it. Datagrams that do not fit are dropped.
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
    parser.add_argument("--record-max", type=int, default=65535, help="TLS")
    parser.add_argument("--without-certificate", action="store_true")
    parser.add_argument("--datagram-max", type=int, help="DTLS")
    parser.add_argument("--then", default="reset", help="hang:SECONDS or reset")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def next_record(buffer, most):
    """(the first record when it is whole, the rest, its length when that is
    more than the buffer holds)."""
    end = 5 + int.from_bytes(buffer[3:5], "big")
    if len(buffer) >= 5 and end - 5 > most:
        return b"", buffer, end - 5
    if len(buffer) < max(end, 5):
        return b"", buffer, 0
    return buffer[:end], buffer[end:], 0


def without_certificate(data):
    """The client's records, each of one message, without its Certificate."""
    out = b""
    while len(data) >= 6:
        end = 5 + int.from_bytes(data[3:5], "big")
        if data[0] == 22 and data[5] == 11 and data[1:3] == b"\x03\x03":
            print(f"gate: a Certificate of {end - 5} bytes taken out", flush=True)
        else:
            out += data[:end]
        data = data[end:]
    return out + data


def pump(client, server, most, change):
    """Passes on what fits; the size of the record that does not, or 0."""
    held = b""
    while True:
        for ready in select.select([client, server], [], [], 30)[0]:
            data = ready.recv(65536)
            if not data:
                return 0
            if ready is client:
                server.sendall(change(data))
                continue
            record, held, length = next_record(held + data, most)
            while record:
                client.sendall(record)
                record, held, length = next_record(held, most)
            if length:
                return length


def refuse(server, how):
    if how.startswith("hang:"):
        time.sleep(float(how[5:]))
    else:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))


def pump_datagrams(arguments):
    """Until the client has gone; its exit status."""
    dropped = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as inner, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outer:
        inner.bind(("127.0.0.1", 0))
        outer.connect((arguments.host, arguments.port))
        client, peer = start(arguments, inner), None
        while client.poll() is None:
            for ready in select.select([inner, outer], [], [], 0.2)[0]:
                data, sender = ready.recvfrom(65536)
                if ready is inner:
                    peer = sender
                    outer.send(data)
                elif len(data) <= arguments.datagram_max:
                    inner.sendto(data, peer)
                else:
                    dropped.add(len(data))
        for length in sorted(dropped):
            print(f"gate: datagrams of {length} bytes do not fit", flush=True)
        if dropped and arguments.then.startswith("hang:"):
            time.sleep(float(arguments.then[5:]))
    return client.returncode


def start(arguments, listener):
    port = str(listener.getsockname()[1])
    return subprocess.Popen(arguments.command
                            + ["--host", "127.0.0.1", "--port", port])


def main():
    arguments = parse()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=False, timeout=10)
    if arguments.datagram_max:
        return pump_datagrams(arguments)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = start(arguments, listener)
        inner, _ = listener.accept()
    outer = socket.create_connection((arguments.host, arguments.port), 10)
    with inner, outer:
        length = pump(inner, outer, arguments.record_max,
                      without_certificate if arguments.without_certificate
                      else bytes)
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
