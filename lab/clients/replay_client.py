#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends given ClientHello bytes, reads the answer, may answer with an alert.

In: a file of hexadecimal digits (# starts a comment), a server. Out: the
bytes on the wire and one line that tells what came back.
Does not understand TLS beyond record headers and plaintext alerts.
"""
import argparse
import pathlib
import socket
import sys


def hello_bytes(path):
    lines = pathlib.Path(path).read_text(encoding="ascii").splitlines()
    return bytes.fromhex("".join(line.split("#")[0] for line in lines))


def read_until_quiet(connection, quiet_s):
    connection.settimeout(quiet_s)
    answer = b""
    try:
        while chunk := connection.recv(65536):
            answer += chunk
    except TimeoutError:
        pass
    return answer


def records(answer):
    while len(answer) >= 5:
        length = int.from_bytes(answer[3:5], "big")
        yield answer[0], answer[5:5 + length]
        answer = answer[5 + length:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--hello", required=True, help="file of hex digits")
    parser.add_argument("--alert", type=int, help="answer with this alert")
    parser.add_argument("--quiet", type=float, default=0.5,
                        help="seconds of silence that end an answer")
    arguments = parser.parse_args()
    with socket.create_connection((arguments.host, arguments.port), 10) as c:
        c.sendall(hello_bytes(arguments.hello))
        found = list(records(read_until_quiet(c, arguments.quiet)))
        alerts = [body[1] for kind, body in found if kind == 21 and len(body) == 2]
        if arguments.alert is not None:
            c.sendall(bytes([21, 3, 3, 0, 2, 2, arguments.alert]))
            read_until_quiet(c, arguments.quiet)
        c.shutdown(socket.SHUT_WR)
        read_until_quiet(c, arguments.quiet)
    text = f'client stack="replay" outcome=failed records={len(found)}'
    if alerts:
        text += f" alert_received={alerts[0]}"
    if arguments.alert is not None:
        text += f" alert_sent={arguments.alert}"
    print(text)
    return 1


if __name__ == "__main__":
    sys.exit(main())
