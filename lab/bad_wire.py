#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Relays one connection and damages the first certificate on its way.

In: bad_wire.py ADDRESS PORT TARGET_PORT (on 127.0.0.1). Out: every byte, but
the first one of the first certificate that the server sends: 0x00 for 0x30,
the tag of a SEQUENCE. So a real server sends what it never would.
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


def relay(source, sink, damage):
    try:
        while data := source.recv(65536):
            if damage:
                data, done = damaged(data)
                damage = not done
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other direction has ended it


def main():
    address, port, target = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with socket.create_server((address, port)) as listener:
        client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", target))
    for connection in (client, server):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threads = [threading.Thread(target=relay, args=arguments) for arguments in (
        (client, server, False), (server, client, True))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
