# SPDX-License-Identifier: GPL-2.0-or-later
"""How servers other than openssl s_server are started for a recording.

In: a case, its chain, the address. Out: a command. Starts nothing.
"""
import pathlib
import sys

SERVERS = pathlib.Path(__file__).resolve().parent / "servers"


def full_chain(chain):
    """leaf.pem and chain.pem in one file, as most servers want them."""
    path = pathlib.Path(chain) / "full.pem"
    path.write_text((path.parent / "leaf.pem").read_text(encoding="ascii")
                    + (path.parent / "chain.pem").read_text(encoding="ascii"),
                    encoding="ascii")
    return str(path)


def command(case, chain, address, port):
    """case.program and case.server: gnutls-serv, or a script of servers/."""
    if case.program == "gnutls-serv":
        return ["gnutls-serv", "--echo", "--port", port, "--x509certfile",
                full_chain(chain), "--x509keyfile", f"{chain}/leaf.key",
                *case.server]
    base = [sys.executable, str(SERVERS / case.program), "--host", address,
            "--port", port]
    if case.program == "sni_server.py":
        base += ["--cert", full_chain(chain), "--key", f"{chain}/leaf.key"]
    return base + list(case.server)


def fill_in(options, chain, build):
    """{chain} and {build} in options are the folders of this run."""
    return [option.replace("{chain}", str(chain)).replace("{build}", str(build))
            for option in options]
