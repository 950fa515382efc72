#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A server that answers one name only, as servers with many names do.

In: address, port, a certificate, the name. Out: one connection, on OpenSSL: a
ClientHello with another name or none is refused with unrecognized_name, every
other one is served and its line sent back. Stops after that connection.
"""
import argparse
import socket
import ssl


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--cert", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--name", required=True)
    arguments = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(arguments.cert, arguments.key)
    context.sni_callback = lambda connection, name, context: (
        None if name == arguments.name
        else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME)
    with socket.create_server((arguments.host, arguments.port)) as listener:
        connection, _ = listener.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as tls:
            print(f"CIPHER is {tls.cipher()[0]}", flush=True)
            tls.sendall(tls.recv(4096)[::-1])
            tls.recv(4096)
    except (ssl.SSLError, OSError) as error:
        print(f"refused: {error}", flush=True)


if __name__ == "__main__":
    main()
