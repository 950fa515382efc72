#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that insists on ALPN, as a service does that shares port 443.

In: address, port, a certificate, the protocol. Out: one connection, on
OpenSSL: a ClientHello without application_layer_protocol_negotiation is
refused with no_application_protocol, every other one is served and its line
sent back. Stops after that connection.
"""
import socket
import ssl

import one_connection

ALPN = 16
NO_APPLICATION_PROTOCOL = 120


def extensions(hello):
    """The types in the ClientHello of the first record."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    at += 1 + hello[at]
    end, found = at + 2 + int.from_bytes(hello[at:at + 2], "big"), []
    at += 2
    while at + 4 <= end:
        found.append(int.from_bytes(hello[at:at + 2], "big"))
        at += 4 + int.from_bytes(hello[at + 2:at + 4], "big")
    return found


def main():
    arguments = one_connection.arguments(__doc__, "cert", "key", "protocol")
    context = one_connection.context(arguments)
    context.set_alpn_protocols([arguments.protocol])
    connection = one_connection.accept(arguments)
    hello = connection.recv(65536, socket.MSG_PEEK)
    if ALPN not in extensions(hello):
        context.sni_callback = lambda *_: NO_APPLICATION_PROTOCOL
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            print(f"CIPHER is {tls.cipher()[0]}", flush=True)
            tls.sendall(tls.recv(4096)[::-1])
            tls.recv(4096)
    except (ssl.SSLError, OSError) as error:
        print(f"refused: {error}", flush=True)


if __name__ == "__main__":
    main()
