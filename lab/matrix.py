# SPDX-License-Identifier: GPL-2.0-or-later
"""Which devices meet which servers, and which rule each limit stands for.

In: nothing. Out: CHAINS, server_of(), pairs(), RULES. All of it is data: what
really happens decides experiment.py.
"""
from dataclasses import dataclass, field

from pki import Cert, Chain

P256, EXPIRED = Cert(), ("20230101000000Z", "20240601000000Z")
NOT_YET = ("20480101000000Z", "20491231235959Z")
UNKNOWN = "1.3.6.1.4.1.55555.1 = critical, ASN1:UTF8String:lab"


def three(root=P256, ca=P256, leaf=P256, **how):
    return Chain((root, ca, leaf), **how)


def rsa(bits, **how):
    return Cert(key=str(bits), **how)


def ec(curve="P-256", **how):
    return Cert(key=curve, **how)


def _digests():
    found = {}
    for digest in ("sha1", "sha224", "sha384", "sha512"):
        found[f"p256-leaf-{digest}"] = three(leaf=ec(digest=digest))
        found[f"p256-ca-{digest}"] = three(ca=ec(digest=digest))
        found[f"rsa-leaf-{digest}"] = three(rsa(2048), rsa(2048), rsa(2048, digest=digest))
        found[f"rsa-ca-{digest}"] = three(rsa(2048), rsa(2048, digest=digest), rsa(2048))
    return found


def _sizes():
    found = {}
    for bits in (1024, 1536, 3072, 4096):
        found[f"rsa{bits}-leaf"] = three(rsa(2048), rsa(2048), rsa(bits))
        found[f"rsa{bits}-ca"] = three(rsa(2048), rsa(bits), rsa(2048))
        found[f"rsa{bits}-root"] = three(rsa(bits), rsa(2048), rsa(2048))
    for kib in (4, 8, 16):
        found[f"pad{kib}k-leaf"] = three(leaf=ec(pad_bytes=kib * 1024))
        found[f"pad{kib}k-ca"] = three(ca=ec(pad_bytes=kib * 1024))
    for count in (3, 4, 5, 6):
        found[f"long{count}"] = Chain((P256,) * (count + 1))
        roles = ["root", *(f"ca{i}" for i in range(1, count - 1))]
        found[f"long{count}-root-sent"] = Chain((P256,) * count,
                                                sent=tuple(reversed(roles)))
    return found


CHAINS = {
    "p256": three(),
    "p256-direct": Chain((P256, P256)),
    "p256-root-sent": three(sent=("ca1", "root")),
    "p384-ca": three(ca=ec("P-384")),
    "p384-root": three(root=ec("P-384")),
    "p384-root-sent": three(root=ec("P-384"), sent=("ca1", "root")),
    "p384-leaf": three(leaf=ec("P-384")),
    "p384-all": three(ec("P-384", digest="sha384"), ec("P-384", digest="sha384"),
                      ec(digest="sha384")),
    "p521-ca": three(ca=ec("P-521")),
    "p521-leaf": three(leaf=ec("P-521")),
    "ed25519-leaf": three(leaf=ec("ed25519")),
    "ed25519-ca": three(ca=ec("ed25519")),
    "rsa2048": three(rsa(2048), rsa(2048), rsa(2048)),
    "rsa2048-direct": Chain((rsa(2048), rsa(2048))),
    "ec-leaf-rsa-ca": three(rsa(2048), rsa(2048), P256),
    "ec-leaf-rsa-root": Chain((rsa(2048), P256)),
    "rsa-leaf-ec-ca": three(P256, P256, rsa(2048)),
    "rsapss-leaf": three(rsa(2048), rsa(2048), rsa(2048, pss=True)),
    "rsapss-ca": three(rsa(2048), rsa(2048, pss=True), rsa(2048)),
    "rsapss-key": three(rsa(2048), rsa(2048), Cert(key="pss2048")),
    **_digests(), **_sizes(),
    # what is wrong with the chain itself; DEFECTS names the twin without it
    "wrong-order": Chain((P256,) * 4, sent=("ca1", "ca2")),
    "missing-ca": three(sent=("nothing",)),
    "cross-signed": three(sent=("ca1", "cross"), cross=P256),
    "cross-signed-rsa4096": three(rsa(2048), rsa(2048), rsa(2048),
                                  sent=("ca1", "cross"), cross=rsa(4096)),
    "expired-leaf": three(leaf=ec(dates=EXPIRED)),
    "expired-ca": three(ca=ec(dates=EXPIRED)),
    "not-yet-leaf": three(leaf=ec(dates=NOT_YET)),
    "not-yet-ca": three(ca=ec(dates=NOT_YET)),
    "wrong-name": three(leaf=ec(names="DNS:other.example")),
    "ip-name": three(leaf=ec(names="IP:127.0.0.1")),
    "critical-leaf": three(leaf=ec(extensions=UNKNOWN)),
    "critical-ca": three(ca=ec(extensions=UNKNOWN)),
    "v1-ca": three(ca=ec(v1=True)),
    "v1-leaf": three(leaf=ec(v1=True)),
}

# chain -> (rule, index of the certificate or None, twin without the defect)
DEFECTS = {
    "wrong-order": ("chain_order", None, "long3"),
    "missing-ca": ("chain_incomplete", None, "p256"),
    "expired-leaf": ("cert_validity", 0, "p256"),
    "expired-ca": ("cert_validity", 1, "p256"),
    "not-yet-leaf": ("cert_validity", 0, "p256"),
    "not-yet-ca": ("cert_validity", 1, "p256"),
    "wrong-name": ("cert_name", 0, "p256"),
    "ip-name": ("cert_name", 0, "p256"),
    "critical-leaf": ("cert_critical_extension", 0, "p256"),
    "critical-ca": ("cert_critical_extension", 1, "p256"),
    "v1-ca": ("cert_version", 1, "p256"),
    "v1-leaf": ("cert_version", 0, "p256"),
}


@dataclass(frozen=True)
class Variant:
    """What a server allows beyond its version: the options that make it so,
    and the same for its profile (role server)."""
    openssl: tuple = ()
    gnutls: str = ""              # appended to the priority string
    peer: dict = field(default_factory=dict, hash=False)
    rule: str = ""                # what a device without it fails with
    dh_group: str = ""


def _suites(*names):
    return {"cipher_suites.supported": ";".join(f"TLS_{name}" for name in names)}


GCM = _suites(*(f"ECDHE_{auth}_WITH_AES_{key}" for auth in ("ECDSA", "RSA") for key in (
    "128_GCM_SHA256", "256_GCM_SHA384")))
CBC = _suites(*(f"ECDHE_{auth}_WITH_AES_{key}_CBC_SHA" for auth in ("ECDSA", "RSA")
                for key in ("128", "256")))
VARIANTS = {
    "": Variant(),
    "gcm": Variant(("-cipher", "ECDHE+AESGCM:@SECLEVEL=0"),
                   ":-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA", GCM),
    "cbc": Variant(("-cipher", "ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
                    "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:@SECLEVEL=0"),
                   ":-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC:-MAC-ALL:+SHA1"
                   ":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA", CBC),
    "p256": Variant(("-groups", "P-256"), ":-GROUP-ALL:+GROUP-SECP256R1",
                    {"groups.supported": "secp256r1"}),
    "p384": Variant(("-groups", "P-384"), ":-GROUP-ALL:+GROUP-SECP384R1",
                    {"groups.supported": "secp384r1"}),
    "aes128": Variant(("-ciphersuites", "TLS_AES_128_GCM_SHA256"),
                      ":-CIPHER-ALL:+AES-128-GCM",
                      _suites("AES_128_GCM_SHA256")),
    "frag": Variant(("-max_send_frag", "512"), rule="handshake_fragmented"),
    "auth": Variant(("-Verify", "2", "-verify_return_error"), rule="client_auth_required"),
    **{f"dh{bits}": Variant(("-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"),
                            dh_group=group)
       for bits, group in ((1536, "modp_1536"), (2048, "modp_2048"),
                           (3072, "modp_3072"))},
}

VERSIONS = {"10": "TLS1.0", "11": "TLS1.1", "12": "TLS1.2", "13": "TLS1.3",
            "d10": "DTLS1.0", "d12": "DTLS1.2", "23": "TLS1.2;TLS1.3"}

# SECTION.KEY of a profile -> (rule before a ServerHello, rule after it)
RULES = {
    "versions.supported": ("no_shared_version", "server_version"),
    "cipher_suites.supported": ("no_shared_suite", "server_suite"),
    "groups.supported": ("no_shared_group", "server_group"),
    "signature_schemes.supported": ("no_shared_signature", "server_signature_scheme"),
    "certificate_signatures.supported": ("", "cert_signature_algorithm"),
    "certificate_signatures.unsupported": ("", "cert_signature_algorithm"),
    "certificate_keys.unsupported_curves": ("", "cert_key_curve"),
    "certificate_keys.end_entity_curves": ("", "cert_key_curve"),
    "certificate_keys.unsupported_types": ("", "cert_key_type"),
    "certificate_keys.rsa_bits_min": ("", "cert_key_bits"),
    "certificate_keys.rsa_bits_max": ("", "cert_key_bits"),
    "certificate_keys.end_entity_rsa_bits_min": ("", "cert_key_bits"),
    "certificate_keys.end_entity_rsa_bits_max": ("", "cert_key_bits"),
    "limits.chain_certificates_max": ("", "chain_length"),
    "limits.certificate_bytes_max": ("", "cert_bytes"),
    "limits.message_bytes_max": ("", "message_bytes"),
    "limits.encrypted_record_bytes_max": ("", "record_bytes"),
    "limits.dh_bits_min": ("", "server_dh_bits"),
    "limits.dh_bits_max": ("", "server_dh_bits"),
    "features.max_fragment_length": ("", "handshake_fragmented"),
}

# device; stacks (b: BearSSL, m: mbed TLS, w: wolfSSL, g: GnuTLS); servers
# (o: openssl s_server, g: gnutls-serv; version; +variant); chains.
PLAN = (
    ("lab-plain", "bmwg", "o12 g12", "p256 rsa2048 p384-all rsa4096-ca ec-leaf-rsa-ca"),
    ("lab-plain", "bmg", "o10 o11", "p256 rsa2048"),
    ("lab-plain", "mg", "od12 gd12 od10", "p256 rsa2048"),
    ("lab-plain", "wg", "o13 g13", "p256 rsa2048 p384-all long6"),
    ("lab-plain", "bmwg", "o12", "p521-ca ed25519-leaf ed25519-ca rsapss-leaf rsapss-ca "
     "long5 long6 long4-root-sent pad4k-leaf pad8k-ca pad16k-leaf cross-signed rsa-leaf-sha1 "
     "rsa1024-leaf"),
    ("lab-plain", "wg", "o13", "expired-leaf wrong-name critical-leaf missing-ca not-yet-ca"),
    ("lab-plain", "bmwg", "o12", "expired-leaf expired-ca not-yet-leaf not-yet-ca wrong-name "
     "ip-name critical-leaf critical-ca missing-ca wrong-order v1-ca v1-leaf"),
    ("lab-no-defragmentation", "m", "o12+frag o12", "p256 rsa2048"),
    ("lab-fragment-length", "m", "o12", "p256 pad8k-leaf pad4k-ca"),
    ("lab-no-client-certificate", "bmwg", "o12+auth o12", "p256"),
    ("lab-signatures-sha256", "bmg", "o12", "p256 p256-ca-sha384 p256-leaf-sha384 "
     "p256-leaf-sha512 rsa2048 rsa-ca-sha384 rsa-leaf-sha512"),
    ("lab-signatures-sha256", "g", "o13 g13", "p256 p256-ca-sha384 rsa-leaf-sha512"),
    ("lab-signatures-sha256", "mg", "od12", "p256 p256-ca-sha384 rsa-leaf-sha384"),
    ("lab-signatures-no-sha384", "bmg", "o12 g12", "p256 p256-ca-sha384 p256-leaf-sha384 "
     "rsa-leaf-sha384 rsa-ca-sha384"),
    ("lab-signatures-no-sha384", "g", "o13 g13", "p256-leaf-sha384 rsa-ca-sha384"),
    ("lab-signatures-no-sha512", "bmg", "o12", "p256 p256-ca-sha512 p256-leaf-sha512 rsa-ca-sha512"),
    ("lab-signatures-no-sha1", "bmg", "o12", "rsa2048 rsa-leaf-sha1 rsa-ca-sha1 p256-leaf-sha1"),
    ("lab-signatures-no-sha224", "bmg", "o12", "p256-leaf-sha224 rsa-ca-sha224"),
    ("lab-signatures-no-sha256", "bmg", "o12", "p384-all rsa2048 p256 p256-ca-sha384"),
    ("lab-signatures-no-rsa", "bmg", "o12", "p256 ec-leaf-rsa-ca ec-leaf-rsa-root"),
    ("lab-signatures-no-rsa", "g", "o13", "p256 ec-leaf-rsa-ca ec-leaf-rsa-root"),
    ("lab-signatures-no-ecdsa", "bmg", "o12", "rsa2048 rsa-leaf-ec-ca"),
    ("lab-signatures-no-ecdsa-sha384", "mg", "o12", "p256-ca-sha384 rsa-ca-sha384"),
    ("lab-signatures-no-rsa-sha512", "mg", "o12", "p256-leaf-sha512 rsa-leaf-sha512"),
    ("lab-curves-p256", "bm", "o12 g12", "p256 p384-ca p384-root p384-root-sent p521-ca p384-leaf"),
    ("lab-curves-p256", "m", "od12", "p256 p384-ca"),
    ("lab-curves-no-p384", "bm", "o12", "p384-ca p384-root p521-ca p384-root-sent"),
    ("lab-curves-no-p521", "bm", "o12", "p384-ca p521-ca p521-leaf"),
    ("lab-curves-no-p256", "bm", "o12", "p256 rsa2048"),
    ("lab-leaf-p256", "bm", "o12", "p256 p384-leaf p384-ca p521-leaf"),
    ("lab-keys-no-rsa", "m", "o12", "p256 rsa2048 ec-leaf-rsa-ca ec-leaf-rsa-root"),
    ("lab-keys-no-ec", "m", "o12", "p256 rsa2048 rsa-leaf-ec-ca"),
    ("lab-rsa-max-1024", "bm", "o12", "rsa1024-leaf rsa2048"),
    ("lab-rsa-max-2048", "bm", "o12 g12", "rsa2048 rsa3072-leaf rsa4096-ca rsa4096-leaf rsa4096-root p256"),
    ("lab-rsa-max-2048", "m", "od12", "rsa2048 rsa4096-ca"),
    ("lab-rsa-max-2048", "bm", "o12", "cross-signed-rsa4096"),
    ("lab-rsa-max-3072", "bm", "o12", "rsa3072-leaf rsa4096-leaf rsa4096-ca"),
    ("lab-rsa-min-2048", "bmw", "o12", "rsa2048 rsa1024-leaf rsa1024-ca rsa1536-leaf"),
    ("lab-rsa-min-3072", "bmw", "o12", "rsa2048 rsa3072-leaf rsa4096-leaf p256"),
    ("lab-rsa-min-3072", "w", "o13 g13", "rsa2048 p256"),
    ("lab-rsa-min-4096", "bmw", "o12", "rsa4096-leaf rsa3072-ca p256"),
    ("lab-leaf-rsa-max-2048", "m", "o12", "rsa2048 rsa4096-leaf rsa4096-ca"),
    ("lab-leaf-rsa-min-3072", "m", "o12", "rsa2048 rsa3072-leaf rsa4096-leaf"),
    ("lab-chain-message-1", "wg", "o12", "p256-direct p256 rsa2048"),
    ("lab-chain-message-2", "wg", "o12 o13", "p256 long3 p256-root-sent long5"),
    ("lab-chain-message-3", "wg", "o12", "long3 long4 long4-root-sent"),
    ("lab-chain-message-4", "wg", "o12 g12", "long4 long5 long6"),
    ("lab-chain-path-1", "m", "o12", "p256-direct p256 rsa2048"),
    ("lab-chain-path-2", "m", "o12 g12 od12", "p256 long3 p256-root-sent"),
    ("lab-chain-path-3", "m", "o12", "long3 long4 long4-root-sent"),
    ("lab-chain-path-4", "m", "o12", "long4 long5 long6"),
    ("lab-certificate-2048", "m", "o12", "p256 pad4k-leaf pad4k-ca rsa4096-ca"),
    ("lab-certificate-4096", "m", "o12", "rsa4096-leaf pad8k-leaf pad8k-ca"),
    ("lab-message-1024", "g", "o12 o13", "p256-direct rsa2048 long3"),
    ("lab-message-2048", "g", "o12 g12 o13", "p256 rsa2048 long5 pad4k-leaf"),
    ("lab-message-4096", "g", "o12 o13", "rsa2048 pad4k-ca pad8k-leaf"),
    ("lab-message-16384", "g", "o12 o13", "pad8k-leaf pad16k-leaf pad16k-ca"),
    ("lab-dh-min-2048", "wg", "o12+dh1536 o12+dh2048", "rsa2048"),
    ("lab-dh-min-3072", "wg", "o12+dh2048 o12+dh3072", "rsa2048"),
    ("lab-dh-max-1024", "w", "o12+dh1536", "rsa2048"),
    ("lab-dh-max-2048", "w", "o12+dh2048 o12+dh3072", "rsa2048"),
    ("lab-tls12", "bmwg", "o12 o13 o11", "p256"),
    ("lab-tls13", "wg", "o12 o13 g12 g13", "p256"),
    ("lab-tls11", "bmg", "o12 o11 g12", "rsa2048"),
    ("lab-tls10", "bmg", "o12 o10 o11", "rsa2048"),
    ("lab-dtls10", "mg", "od12 od10", "rsa2048"),
    ("lab-dtls12", "mg", "od12 od10", "p256"),
    ("lab-suites-cbc", "bmwg", "o12+gcm o12+cbc", "p256 rsa2048"),
    ("lab-suites-cbc", "bmg", "g12+gcm", "p256"),
    ("lab-suites-gcm", "bmwg", "o12+gcm o12+cbc", "p256 rsa2048"),
    ("lab-suites-chacha", "bmwg", "o12+gcm o12", "p256"),
    ("lab-suites-rsa", "bmg", "o12+gcm o12", "rsa2048"),
    ("lab-suites-ecdsa", "bmwg", "o12+gcm", "p256 rsa2048"),
    ("lab-suites-ecdhe-rsa", "bmwg", "o12+gcm", "p256 rsa2048"),
    ("lab-suites-tls13-aes256", "wg", "o13+aes128 o13 g13+aes128", "p256"),
    ("lab-groups-p256", "bmwg", "o12+p384 o12+p256", "rsa2048"),
    ("lab-groups-p256", "wg", "o13+p384 g13+p384", "p256"),
    ("lab-groups-p384", "bmwg", "o12+p256 o12+p384", "rsa2048"),
    ("lab-groups-x25519", "bmwg", "o12+p256 o12", "rsa2048"),
    ("lab-schemes-ecdsa", "bwg", "o12+gcm", "p256 rsa2048"),
    ("lab-schemes-ecdsa", "wg", "o13 g13", "p256 rsa2048"),
    ("lab-schemes-rsa", "bwg", "o12+gcm", "p256 rsa2048"),
    ("lab-schemes-pss", "wg", "o13", "p256 rsa2048"),
    ("lab-schemes-sha256", "bmg", "o12", "p256 rsa2048"),
    ("lab-encrypted-record-1024", "b", "o12", "p256 rsa2048 pad4k-leaf long6"),
    ("lab-sha256-p256", "bm", "o12", "p256 p384-ca p256-ca-sha384 p384-all"),
    ("lab-rsa2048-sha256", "bm", "o12", "rsa2048 rsa4096-ca rsa-leaf-sha384"),
    ("inventek-ism43362", "b", "o12", "p256 p256-ca-sha384 p256-leaf-sha384 p384-ca"),
    ("st-spwf04sa", "m", "o12", "rsa2048 rsa4096-ca p256"),
    ("st-x-cube-azure-h5", "b", "o12", "rsa2048 p256"),
)
STACKS = {"b": "bearssl", "m": "mbedtls", "w": "wolfssl", "g": "gnutls"}


@dataclass(frozen=True)
class Server:
    program: str                  # openssl, gnutls
    version: str                  # a key of VERSIONS
    variant: str
    chain: str

    @property
    def name(self):
        plus = f"+{self.variant}" if self.variant else ""
        return f"{self.program[0]}{self.version}{plus}/{self.chain}"


def server_of(text, chain):
    head, _, variant = text.partition("+")
    return Server({"o": "openssl", "g": "gnutls"}[head[0]], head[1:], variant, chain)


@dataclass(frozen=True)
class Pair:
    device: str
    stack: str
    server: Server

    @property
    def name(self):
        return f"{self.device}/{self.stack}/{self.server.name}"


def pairs():
    """Every pair of PLAN once, in its order."""
    found = {}
    for device, stacks, servers, chain_names in PLAN:
        for stack in stacks:
            for text in servers.split():
                for chain in chain_names.split():
                    pair = Pair(device, STACKS[stack], server_of(text, chain))
                    found[pair.name] = pair
    return list(found.values())
