# SPDX-License-Identifier: GPL-2.0-or-later
"""The cases of test_captures about certificates and chains, as in cases.py.

In: nothing. Out: CHAINS (pki.py makes them) and CASES. Each failure differs
from its twin in the one thing that its name says.
"""
from cases import BEARSSL, DONE, MBEDTLS, Case
from pki import Cert, Chain

P256, PAST = Cert(), ("20230101000000Z", "20240601000000Z")
ADDRESS = "192.0.2.20"


def three(ca=P256, leaf=P256, **how):
    return Chain((P256, ca, leaf), **how)


CHAINS = {
    "plain": three(),
    "expired-leaf": three(leaf=Cert(dates=PAST)),
    "expired-ca": three(ca=Cert(dates=PAST)),
    "other-name": three(leaf=Cert(names="DNS:other.example")),
    "address": three(leaf=Cert(names=f"IP:{ADDRESS}")),
    "address-as-name": three(leaf=Cert(names=f"DNS:{ADDRESS}, IP:{ADDRESS}")),
    "critical-ca": three(ca=Cert(extensions="1.3.6.1.4.1.32473.1 = critical, "
                                 "ASN1:UTF8String:lab")),
    "constrained-ca": three(ca=Cert(extensions="nameConstraints = critical, "
                                    "permitted;DNS:example")),
    "for-clients": three(leaf=Cert(purposes="clientAuth")),
    "ca-does-not-sign": three(ca=Cert(usage="digitalSignature")),
    "v1-ca": three(ca=Cert(v1=True)),
    "explicit-ca": three(ca=Cert(key="explicit")),
    "padded-leaf": three(leaf=Cert(pad_bytes=4096)),
    "leaf-alone": three(sent=("nothing",)),
    "two-cas": Chain((P256,) * 4),
    "two-cas-swapped": Chain((P256,) * 4, sent=("ca1", "ca2")),
    "cross-signed": three(sent=("ca1", "cross"), cross=P256),
    "cross-signed-not-sent": three(sent=("ca1",), cross=P256),
}

TLS12 = ("-tls1_2",)
NAMED = ("--sni", "server.example")
BEAR = (BEARSSL, "--suites", "C02B,C023", *NAMED)
HASHES = ("--hashes", "sha224,sha256,sha384,sha512")
MBED = (MBEDTLS, *HASHES, *NAMED)
BY_ADDRESS = (MBEDTLS, *HASHES, "--sni", ADDRESS)
SMALL = (*MBED, "--device", "devices/lab-certificate-2048.ini")
YEAR_1970 = 86400


def case(name, chain, client, says, alert=0, **how):
    server_says = rf"SSL alert number {alert}" if alert else ""
    return Case(name, chain, TLS12, client, server_says, says, **how)


# What mbed TLS says of a chain: MBEDTLS_X509_BADCERT_*.
EXPIRED, NAME, UNTRUSTED, FUTURE, PURPOSE = (
    f"verify flags 0x{flag:08x}" for flag in (0x1, 0x4, 0x8, 0x200, 0x1000))

CASES = [
    case("certificate-valid", "plain", MBED, DONE),
    case("certificate-expired", "expired-leaf", MBED, EXPIRED, 45),
    case("certificate-expired-intermediate", "expired-ca", BEAR, r"X509_EXPIRED"),
    case("certificate-valid-bearssl", "plain", BEAR, DONE),
    case("clock-in-1970", "plain", MBED + ("--time", str(YEAR_1970)),
         FUTURE, 46, clock_s=YEAR_1970),
    case("certificate-other-name", "other-name", MBED, NAME, 42),
    case("certificate-address", "address", BY_ADDRESS, NAME, 42),
    case("certificate-address-as-name", "address-as-name", BY_ADDRESS, DONE),
    case("certificate-critical-extension", "critical-ca", MBED,
         r"extension tag or value is invalid", 42),
    case("certificate-name-constraints", "constrained-ca", BEAR, r"X509_CRITICAL"),
    case("certificate-for-clients", "for-clients", MBED, PURPOSE, 43),
    case("certificate-ca-does-not-sign", "ca-does-not-sign", MBED, UNTRUSTED, 48),
    case("certificate-version-1", "v1-ca", MBED, UNTRUSTED, 48),
    case("certificate-explicit-curve", "explicit-ca", BEAR, r"error=41 "),
    case("certificate-damaged", "plain", MBED, r"format is invalid", 42, wire="damage"),
    case("certificate-too-large", "padded-leaf", SMALL, r"refused: its size", 43),
    case("certificate-small-enough", "plain", SMALL, DONE),
    case("chain-swapped", "two-cas-swapped", BEAR, r"X509_DN_MISMATCH"),
    case("chain-in-order", "two-cas", BEAR, DONE),
    case("chain-incomplete", "leaf-alone", MBED, UNTRUSTED, 48),
    case("chain-other-root", "cross-signed-not-sent", MBED, UNTRUSTED, 48,
         anchor="other"),
    case("chain-trusted-root", "cross-signed", MBED, DONE, anchor="other"),
    # Every stack here stops at the first anchor or tries other paths: the
    # client refuses for its clock's sake and sends the alert of one that does
    # neither.
    case("chain-cross-signed", "cross-signed", MBED + (
        "--time", str(YEAR_1970), "--on-failure", "alert:48"), FUTURE, 48),
    case("chain-not-cross-signed", "cross-signed-not-sent", MBED, DONE),
]
