#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the keys and certificate chains of the lab with the openssl command.

In: the table CHAINS, an empty folder. Out: DIR/<chain>/{leaf.pem,leaf.key,
chain.pem,root.pem}; chain.pem is what the server sends behind the leaf.
Validity dates are fixed, so that a capture does not age.
Does not start servers, and keeps no key outside the folder it was given.
"""
import argparse
import pathlib
import subprocess
import sys

import certificate_cases
import pki

NOT_BEFORE, NOT_AFTER = "20240101000000Z", "20491231235959Z"

# Each chain from root to leaf: (key, hash of the signature on it).
CHAINS = {
    "p256": [("P-256", "sha256"), ("P-256", "sha256"), ("P-256", "sha256")],
    "p384-intermediate": [
        ("P-384", "sha384"), ("P-384", "sha384"), ("P-256", "sha256")],
    "p384-intermediate-leaf-sha384": [
        ("P-384", "sha384"), ("P-384", "sha384"), ("P-256", "sha384")],
    "p384-key-only": [
        ("P-256", "sha256"), ("P-384", "sha256"), ("P-256", "sha256")],
    "rsa2048": [("2048", "sha256"), ("2048", "sha256"), ("2048", "sha256")],
    "rsa4096-intermediate": [
        ("2048", "sha256"), ("4096", "sha256"), ("2048", "sha256")],
}
ROLES = ("root", "intermediate", "leaf")

# The example CA printed in full in the public report on the SPWF04SA; its
# private key is not ours, so the chain "example-ca" is signed by another key.
EXAMPLE_CA = pathlib.Path(__file__).parent / "hellos" / "spwf04-example-ca.pem"
EXAMPLE_DATES = ("20160704092145Z", "20260513092145Z")
EXAMPLE_SKI = ("3E:F1:74:7F:D7:91:22:14:4B:CA:DF:4F:95:DF:96:0A:32:82:3B:4C")
EXAMPLE_DN = """C = FR
ST = Radius
L = Somewhere
O = Example Inc.
emailAddress = admin@example.org
CN = Example Certificate Authority"""

CONFIG = """\
[ca]
default_ca = lab
[lab]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
policy = anything
unique_subject = no
email_in_dn = yes
preserve = yes
copy_extensions = none
[anything]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
commonName = supplied
emailAddress = optional
[req]
prompt = no
string_mask = utf8only
distinguished_name = name
[name]
{name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = {ski}
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature{encipherment}
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = DNS:server.example, IP:192.0.2.20
"""


def openssl(*arguments):
    run = subprocess.run(["openssl", *map(str, arguments)], text=True,
                         capture_output=True, timeout=120, check=False)
    if run.returncode != 0:
        sys.exit(f"chains: openssl {arguments[0]} failed: {run.stderr.strip()}")


def make_key(path, kind):
    if kind.startswith("P-"):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                f"ec_paramgen_curve:{kind}", "-pkeyopt",
                "ec_param_enc:named_curve", "-out", path)
    else:
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
                f"rsa_keygen_bits:{kind}", "-out", path)


def issue(folder, role, kind, digest, issuer, *, name=None, ski="hash",
          dates=(NOT_BEFORE, NOT_AFTER)):
    """One certificate, signed by the issuer's key (None: by its own)."""
    config = folder / f"{role}.cnf"
    config.write_text(CONFIG.format(
        folder=folder, ski=ski,
        name=name or f"O = tlsfit lab\nCN = {'server.example' if role == 'leaf' else f'lab {role} {folder.name}'}",
        encipherment="" if kind.startswith("P-") else ", keyEncipherment"))
    (folder / "index.txt").touch()
    key, request = folder / f"{role}.key", folder / f"{role}.csr"
    make_key(key, kind)
    openssl("req", "-new", "-config", config, "-key", key, "-out", request)
    signer = ["-selfsign", "-keyfile", key] if issuer is None else [
        "-cert", folder / f"{issuer}.pem", "-keyfile", folder / f"{issuer}.key"]
    openssl("ca", "-batch", "-notext", "-preserveDN", "-config", config, "-extensions", role,
            "-md", digest, "-startdate", dates[0], "-enddate", dates[1],
            "-in", request, "-out", folder / f"{role}.pem", *signer)


def make_chain(folder, certificates):
    issuer = None
    for role, (kind, digest) in zip(ROLES, certificates):
        issue(folder, role, kind, digest, issuer)
        issuer = role
    (folder / "chain.pem").write_text((folder / "intermediate.pem").read_text())


def make_example_chain(folder):
    """An RSA-1024 leaf under the example CA's name, not under its key."""
    issue(folder, "root", "1024", "sha256", None, name=EXAMPLE_DN,
          ski=EXAMPLE_SKI, dates=EXAMPLE_DATES)
    issue(folder, "leaf", "1024", "sha256", "root", dates=EXAMPLE_DATES)
    for name in ("chain.pem", "root.pem"):
        (folder / name).write_text(EXAMPLE_CA.read_text())


def make_all(directory, names=None):
    """Makes the named chains (all when None) that are not there yet."""
    for name in names or [*CHAINS, "example-ca"]:
        folder = pathlib.Path(directory).resolve() / name
        if (folder / "chain.pem").exists():
            continue
        if name in certificate_cases.CHAINS:
            pki.make(folder, folder.parent / "keys", certificate_cases.CHAINS[name])
            continue
        folder.mkdir(parents=True, exist_ok=True)
        if name == "example-ca":
            make_example_chain(folder)
        else:
            make_chain(folder, CHAINS[name])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", help="where the chains are written")
    parser.add_argument("chain", nargs="*", help="only these")
    arguments = parser.parse_args()
    unknown = (set(arguments.chain) - set(CHAINS) - {"example-ca"}
               - set(certificate_cases.CHAINS))
    if unknown:
        sys.exit(f"chains: no such chain: {', '.join(sorted(unknown))}")
    make_all(arguments.directory, arguments.chain or None)


if __name__ == "__main__":
    main()
