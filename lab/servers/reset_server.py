#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that resets a connection as soon as a ClientHello has come.

In: address, port. Out: one connection, of which it reads what is there and
closes it with SO_LINGER 0, so that the kernel sends a reset. It has no TLS.
"""
import argparse
import socket
import struct


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    with socket.create_server((arguments.host, arguments.port)) as listener:
        connection, _ = listener.accept()
    connection.settimeout(10)
    print(f"read {len(connection.recv(65536))} bytes, and resets", flush=True)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


if __name__ == "__main__":
    main()
