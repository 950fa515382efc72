# SPDX-License-Identifier: GPL-2.0-or-later
"""What the small servers of this folder share: their words, and the one connection that each of them takes.

In: the command line. Out: arguments, a connection, a TLS context. What is done with them is each server's own business.
"""
import argparse
import socket
import ssl


def arguments(description, *names):
    """Address and port, and the further options NAMES, all of them needed."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    for name in names:
        parser.add_argument("--" + name, required=True)
    return parser.parse_args()


def accept(words):
    with socket.create_server((words.host, words.port)) as listener:
        return listener.accept()[0]


def context(words):
    """TLS 1.2 with the certificate of the options cert and key."""
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    result.maximum_version = ssl.TLSVersion.TLSv1_2
    result.load_cert_chain(words.cert, words.key)
    return result
