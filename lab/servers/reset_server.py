#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that resets a connection as soon as a ClientHello has come.

In: address, port. Out: one connection, of which it reads what is there and
closes it with SO_LINGER 0, so that the kernel sends a reset. It has no TLS.
"""
import socket
import struct

import one_connection


def main():
    arguments = one_connection.arguments(__doc__)
    connection = one_connection.accept(arguments)
    connection.settimeout(10)
    print(f"read {len(connection.recv(65536))} bytes, and resets", flush=True)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))
    connection.close()


if __name__ == "__main__":
    main()
