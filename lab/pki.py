# SPDX-License-Identifier: GPL-2.0-or-later
"""Chains of any shape for the experiment, made with the openssl command.

In: a Chain (below), a folder. Out: DIR/{leaf.pem,leaf.key,chain.pem,root.pem,
full.pem}; chain.pem is what is sent behind the leaf, full.pem both together.
Keys are made once a run and shared by all chains: KEYS/<kind>-<role>.key.
Does not say which chains there are: that is matrix.py's part.
"""
import subprocess
from dataclasses import dataclass

NAME = "server.example"
GOOD_DATES = ("20240101000000Z", "20491231235959Z")
ROOT, LEAF = "root", "leaf"


class Failure(Exception):
    """openssl refused; the text says what."""


@dataclass(frozen=True)
class Cert:
    key: str = "P-256"            # P-256, 2048 (RSA), pss2048, ed25519, explicit
    digest: str = "sha256"        # of the signature on it
    pss: bool = False             # that signature is RSASSA-PSS
    dates: tuple = GOOD_DATES
    names: str = f"DNS:{NAME}"
    purposes: str = "serverAuth, clientAuth"  # of a leaf
    usage: str = ""               # keyUsage, where it is not the usual one
    extensions: str = ""          # more lines of openssl's configuration
    pad_bytes: int = 0            # a comment of this size
    v1: bool = False              # X.509 version 1: no extensions


@dataclass(frozen=True)
class Chain:
    certs: tuple                  # root first, leaf last
    sent: tuple = ()              # roles behind the leaf; (): all but the root
    cross: Cert = None            # a certificate for the root's key by another root

    def roles(self):
        middle = [f"ca{i}" for i in range(1, len(self.certs) - 1)]
        return [ROOT, *middle, LEAF]

    def by_role(self):
        known = dict(zip(self.roles(), self.certs))
        if self.cross:
            known["cross"] = self.cross
        return known

    def sent_roles(self):
        """Index 0 is the leaf."""
        if self.sent == ("nothing",):
            return [LEAF]
        return [LEAF, *(self.sent or reversed(self.roles()[1:-1]))]

    def sent_certs(self):
        return [self.by_role()[role] for role in self.sent_roles()]

    def issuer_key(self, role):
        """The key that made the signature on this certificate."""
        if role == "cross":
            return self.cross.key
        roles = self.roles()
        return self.certs[max(roles.index(role) - 1, 0)].key


CONFIG = """\
[ca]
default_ca = lab
[lab]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
policy = anything
unique_subject = no
preserve = yes
copy_extensions = none
[anything]
organizationName = optional
commonName = supplied
[req]
prompt = no
string_mask = utf8only
distinguished_name = name
[name]
O = tlsfit lab
CN = {name}
"""
EXTENSIONS = """\
[extensions]
basicConstraints = critical, CA:{ca}
keyUsage = critical, {usage}
subjectKeyIdentifier = hash
{issuer_id}
"""


def openssl(*arguments):
    run = subprocess.run(["openssl", *map(str, arguments)], text=True,
                         capture_output=True, timeout=120, check=False)
    if run.returncode != 0:
        raise Failure(f"openssl {' '.join(map(str, arguments))}: {run.stderr.strip()}")


def make_key(keys, kind, role):
    path = keys / f"{kind}-{role}.key"
    if path.exists():
        return path
    if kind.startswith("P-"):
        how = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{kind}",
               "-pkeyopt", "ec_param_enc:named_curve"]
    elif kind == "explicit":      # P-256 by its parameters, not by its name
        how = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
               "-pkeyopt", "ec_param_enc:explicit"]
    elif kind == "ed25519":
        how = ["-algorithm", "ED25519"]
    else:
        how = ["-algorithm", "RSA-PSS" if kind.startswith("pss") else "RSA",
               "-pkeyopt", f"rsa_keygen_bits:{kind.removeprefix('pss')}"]
    part = path.with_suffix(".part")
    openssl("genpkey", *how, "-out", part)
    part.rename(path)
    return path


def _config(folder, role, cert, issuer_has_id=True):
    text = CONFIG.format(folder=folder, name=NAME if role == LEAF
                         else f"lab {role} {folder.name}")
    if cert.v1:
        return text
    rsa = cert.key.isdigit()
    usage = "keyCertSign, cRLSign" if role != LEAF else (
        "digitalSignature, keyEncipherment" if rsa else "digitalSignature")
    text += EXTENSIONS.format(ca="FALSE" if role == LEAF else "TRUE",
                              usage=cert.usage or usage,
                              issuer_id="" if role == ROOT or not issuer_has_id
                              else "authorityKeyIdentifier = keyid:always")
    if role == LEAF:
        text += (f"extendedKeyUsage = {cert.purposes}\n"
                 f"subjectAltName = {cert.names}\n")
    if cert.pad_bytes:
        text += f"nsComment = {'x' * cert.pad_bytes}\n"
    return text + cert.extensions + "\n"


def issue(folder, keys, role, cert, issuer, signer_kind, subject_of=None,
          issuer_v1=False):
    """One certificate; subject_of: its name and key are another role's."""
    config = folder / f"{role}.cnf"
    own = subject_of or role
    config.write_text(_config(folder, own, cert, not issuer_v1))
    (folder / "index.txt").touch()
    key = make_key(keys, cert.key if not subject_of else signer_kind[1], own)
    request = folder / f"{role}.csr"
    openssl("req", "-new", "-config", config, "-key", key, "-out", request)
    kind = signer_kind[0]
    signer = ["-selfsign", "-keyfile", key] if issuer is None else [
        "-cert", folder / f"{issuer}.pem", "-keyfile", make_key(keys, kind, issuer)]
    options = ["-md", "default" if kind == "ed25519" else cert.digest]
    if cert.pss:
        options += ["-sigopt", "rsa_padding_mode:pss", "-sigopt",
                    "rsa_pss_saltlen:digest"]
    if not cert.v1:
        options += ["-extensions", "extensions"]
    openssl("ca", "-batch", "-notext", "-config", config, *options, "-startdate",
            cert.dates[0], "-enddate", cert.dates[1], "-in", request, "-out",
            folder / f"{role}.pem", *signer)
    return key


def make(folder, keys, chain):
    """Makes one chain; folder must not exist."""
    folder.mkdir(parents=True)
    keys.mkdir(parents=True, exist_ok=True)
    issuer, kind, v1 = None, None, False
    for role, cert in zip(chain.roles(), chain.certs):
        key = issue(folder, keys, role, cert, issuer, (kind or cert.key, None),
                    issuer_v1=v1)
        issuer, kind, v1 = role, cert.key, cert.v1
    (folder / "leaf.key").write_text(key.read_text())
    if chain.cross:
        root = Cert(key=chain.cross.key)
        issue(folder, keys, "other", root, None, (root.key, None))
        issue(folder, keys, "cross", chain.cross, "other",
              (root.key, chain.certs[0].key), subject_of=ROOT)
    texts = {role: (folder / f"{role}.pem").read_text()
             for role in chain.sent_roles()}
    (folder / "chain.pem").write_text("".join(
        texts[role] for role in chain.sent_roles()[1:]))
    (folder / "full.pem").write_text("".join(
        texts[role] for role in chain.sent_roles()))
