#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A stand-in for servers that expect a ClientHello in one TCP segment.

In: address, port. Out: one connection: reads once; where that is not the whole
record it waits for no more and says nothing, as such servers and middleboxes
do. It has no TLS: what is in one segment is not answered either, but said.
"""
import time

import one_connection

SILENT_S = 12


def main():
    arguments = one_connection.arguments(__doc__)
    connection = one_connection.accept(arguments)
    with connection:
        first = connection.recv(1460)
        missing = 5 + int.from_bytes(first[3:5], "big") - len(first)
        print(f"read {len(first)} bytes, the record has {missing} more",
              flush=True)
        connection.settimeout(SILENT_S)
        end = time.monotonic() + SILENT_S
        try:
            while time.monotonic() < end and connection.recv(65536):
                pass
        except OSError:
            pass


if __name__ == "__main__":
    main()
