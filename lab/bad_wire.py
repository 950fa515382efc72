#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Relays one connection and changes what the server sends on its way.

In: bad_wire.py damage|join ADDRESS PORT TARGET_PORT (on 127.0.0.1). Out: every
byte, but: damage: the first one of the first certificate is 0x00 for 0x30, the
tag of a SEQUENCE. join: the server's first flight, as far as it is not
encrypted, comes in one record and not in several; the messages stay what they
were. So a real server sends what it never would.
"""
import re
import socket
import sys
import threading

# Certificate: type 11, three lengths of 3 bytes, then a SEQUENCE.
CERTIFICATE = re.compile(rb"\x0b\0..\0..\0..\x30\x82", re.S)


def damaged(data):
    match = CERTIFICATE.search(data)
    if not match:
        return data, False
    at = match.end() - 2
    return data[:at] + b"\0" + data[at + 1:], True


def damage_once():
    """A function that damages the first certificate of what it is given."""
    done = False

    def change(data):
        nonlocal done
        if not done:
            data, done = damaged(data)
        return data
    return change


def join_flight():
    """A function that holds a flight back until its ServerHelloDone, and gives
    its messages in one record."""
    held, done = b"", False

    def change(data):
        nonlocal held, done
        if done:
            return data
        held += data
        messages, rest = b"", held
        while len(rest) >= 5 and rest[0] == 22:
            end = 5 + int.from_bytes(rest[3:5], "big")
            if len(rest) < end:
                return b""
            messages, rest = messages + rest[5:end], rest[end:]
        if not messages.endswith(b"\x0e\0\0\0"):
            return b""
        done = True
        return held[:3] + len(messages).to_bytes(2, "big") + messages + rest
    return change


def relay(source, sink, change):
    try:
        while data := source.recv(65536):
            sink.sendall(change(data))
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other direction has ended it


def main():
    change = {"damage": damage_once, "join": join_flight}[sys.argv[1]]()
    address, port, target = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    with socket.create_server((address, port)) as listener:
        client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", target))
    for connection in (client, server):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threads = [threading.Thread(target=relay, args=arguments) for arguments in (
        (client, server, bytes), (server, client, change))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
