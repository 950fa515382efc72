#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that answers one name only, as servers with many names do.

In: address, port, a certificate, the name. Out: one connection, on OpenSSL: a
ClientHello with another name or none is refused with unrecognized_name, every
other one is served and its line sent back. Stops after that connection.
"""
import ssl

import one_connection


def main():
    arguments = one_connection.arguments(__doc__, "cert", "key", "name")
    context = one_connection.context(arguments)
    context.sni_callback = lambda connection, name, context: (
        None if name == arguments.name
        else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
    connection = one_connection.accept(arguments)
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            print(f"CIPHER is {tls.cipher()[0]}", flush=True)
            tls.sendall(tls.recv(4096)[::-1])
            tls.recv(4096)
    except (ssl.SSLError, OSError) as error:
        print(f"refused: {error}", flush=True)


if __name__ == "__main__":
    main()
