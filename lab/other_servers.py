# SPDX-License-Identifier: GPL-2.0-or-later
"""How servers other than openssl s_server are started for a recording.

In: a case, its chain, the address. Out: a command. Starts nothing.
"""
import pathlib
import subprocess
import sys

SERVERS = pathlib.Path(__file__).resolve().parent / "servers"


def full_chain(chain):
    """leaf.pem and chain.pem in one file, as most servers want them."""
    path = pathlib.Path(chain) / "full.pem"
    path.write_text((path.parent / "leaf.pem").read_text(encoding="ascii")
                    + (path.parent / "chain.pem").read_text(encoding="ascii"),
                    encoding="ascii")
    return str(path)


def nss_database(chain):
    """The chain and its key as NSS wants them, without a password."""
    folder = pathlib.Path(chain) / "nss"
    if not folder.exists():
        folder.mkdir()
        run("openssl", "pkcs12", "-export", "-in", full_chain(chain), "-inkey",
            f"{chain}/leaf.key", "-name", "leaf", "-passout", "pass:",
            "-out", f"{folder}/leaf.p12")
        run("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
        run("pk12util", "-i", f"{folder}/leaf.p12", "-d", f"sql:{folder}",
            "-W", "", "-K", "")
    return f"sql:{folder}"


def run(*command):
    subprocess.run(command, check=True, timeout=30, stdout=subprocess.DEVNULL)


def command(case, chain, address, port):
    """case.program: gnutls-serv, selfserv (NSS), or a script of servers/."""
    if case.program == "gnutls-serv":
        return ["gnutls-serv", "--echo", "--port", port, "--x509certfile",
                full_chain(chain), "--x509keyfile", f"{chain}/leaf.key",
                *case.server]
    if case.program == "selfserv":
        return ["selfserv", "-d", nss_database(chain), "-n", "leaf", "-p", port,
                "-w", "", *case.server]
    base = [sys.executable, str(SERVERS / case.program), "--host", address,
            "--port", port]
    if case.program in ("sni_server.py", "alpn_server.py"):
        base += ["--cert", full_chain(chain), "--key", f"{chain}/leaf.key"]
    return base + list(case.server)


def fill_in(options, chain, build=""):
    """{chain}, {build} and {lab} in options are the folders of this run."""
    folders = {"{chain}": chain, "{build}": build, "{lab}": SERVERS.parent}
    for name, folder in folders.items():
        options = [option.replace(name, str(folder)) for option in options]
    return options
