# SPDX-License-Identifier: GPL-2.0-or-later
"""What is run for each case of test_captures: server, client, what they say.

In: nothing. Out: the list CASES. The words about a case (title, device,
provenance) are in its case.ini, not here.
"""
from dataclasses import dataclass, field

# A case is refused when its logs do not say what its folder claims.


@dataclass(frozen=True)
class Case:
    name: str
    chain: str = ""             # lab/chains.py
    server: tuple = ()          # options of openssl s_server
    client: tuple = ()          # program and options
    server_says: str = ""       # regular expression, in the server's log
    client_says: str = ""       # the same, in the client's line
    keylog: bool = False        # embed the server's secrets (TLS 1.3)
    udp: bool = False
    anchor: bool | str = True   # the root, or another file of the chain
    clock_s: int = 0            # the client's clock, 0: the machine's
    wire: str = ""              # what bad_wire.py does on the way: damage, join
    port: str = "8883"
    slow: bool = False          # the client computes under valgrind
    routers: int = 0            # between device and server
    middlebox: str = ""         # rule of nftables in the first of them
    injected: int | None = None # where injector.py resets, from what is expected on
    program: str = ""           # another server than openssl s_server (other_servers.py)
    server_ends_s: int = 0      # the server gives up then, as a broker does
    start_s: int = 0            # other clock for the capture, 0: as recorded
    derived: dict = field(default_factory=dict)  # from another case's capture


# What a server lists that serves old clients beside modern ones; the profile
# test_captures/inventek-no-signature-algorithm/server.ini has the same list.
LEGACY = ("-tls1_2", "-cipher",
          "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
          "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"
          "AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:@SECLEVEL=0")
DONE = r"outcome=completed( |$)"
BEARSSL, MBEDTLS, WOLFSSL = "bearssl_client", "mbedtls_client", "wolfssl_client"

# Inventek ISM43362: TLS 1.2, one ECDHE_ECDSA CBC suite beside RSA key
# exchange, signature_algorithms exactly ecdsa_sha1 and ecdsa_secp256r1_sha256.
# P-384 is allowed for keys in certificates: with P-256 alone BearSSL stops at
# the P-384 key of the intermediate before it meets SHA-384, and a capture has
# one cause.
ISM43362 = (BEARSSL, "--suites", "C023,003D,003C,0035,002F,000A",
            "--hashes", "sha1,sha256", "--x509-hashes", "sha1,sha256",
            "--curves", "0017", "--x509-curves", "0017,0018",
            "--rsa", "no", "--x509-rsa", "no")
C023 = ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256")
HANG = ("--on-failure", "hang:15")
WAITING = r"SSL_accept:SSLv3/TLS write server done"

# NetX Secure as X-CUBE-AZURE-H5 configures it; the two broken steps differ.
XCUBE = (BEARSSL, "--suites", "C02B,C02F,C023,C027,009C,003D,003C",
         "--curves", "0017,0018", "--hashes", "sha256,sha384",
         "--x509-hashes", "sha256,sha384", "--sni", "server.example")
XCUBE13 = (WOLFSSL, "--versions", "1.3", "--suites", "1301",
           "--curves", "0017,0018", "--signature-schemes",
           "0403,0503,0401,0501", "--sni", "server.example")
NETX_HELLO = ("replay_client.py", "--hello", "hellos/netx-secure-6.4-tls1.3.hex")

# SPWF modules: suites with RSA key exchange only; what they really offer is
# not published.
RSA_SUITES = ("--suites", "003D,003C,0035,002F,000A", "--hashes",
              "sha1,sha256", "--x509-hashes", "sha1,sha256")
SPWF04 = (MBEDTLS, *RSA_SUITES, "--rsa-bits-max", "2048",
          "--on-failure", "alert:42")
SPWF01 = (MBEDTLS, *RSA_SUITES, "--anonymous")
ECDHE_ONLY = ("-tls1_2", "-cipher", "ECDHE:!SHA1:!SHA384:@SECLEVEL=0")
BAD_CERTIFICATE = r"alert bad certificate.*SSL alert number 42"

# mbed TLS with P-256 alone, for the key and for the hello.
DTLS_P256 = (MBEDTLS, "--dtls", "--suites", "C02B,C023", "--curves", "0017",
             "--hashes", "sha256,sha384", "--x509-hashes", "sha256,sha384")

CASES = [
    Case("inventek-no-shared-suite", "p256",
         ("-tls1_2", "-cipher", "ECDHE+AESGCM"), ISM43362,
         r"no shared cipher", r"alert_received=40"),
    Case("inventek-no-signature-algorithm", "rsa2048", LEGACY, ISM43362,
         r"no suitable signature algorithm", r"alert_received=40"),
    Case("inventek-ecdsa-certificate", "p256", LEGACY, ISM43362, "", DONE),
    Case("inventek-stall-sha384-intermediate", "p384-intermediate",
         C023 + ("-state",), ISM43362 + HANG, WAITING,
         r"error_name=\"X509_UNSUPPORTED", server_ends_s=7),
    Case("inventek-stall-sha384-leaf", "p384-intermediate-leaf-sha384",
         C023 + ("-state",), ISM43362 + HANG, WAITING,
         r"error_name=\"X509_UNSUPPORTED", server_ends_s=7),
    Case("inventek-repaired-chain", "p256", C023, ISM43362, "", DONE),

    Case("netx-tls13-rsa-certificate", "rsa2048", ("-tls1_3",), NETX_HELLO,
         r"no suitable signature algorithm", r"alert_received=40"),
    Case("netx-tls13-alert-80", "p256", ("-tls1_3",),
         NETX_HELLO + ("--alert", "80"),
         r"alert internal error.*SSL alert number 80", r"alert_sent=80",
         keylog=True, anchor=False),
    Case("netx-tls13-ecdsa-completes", "p256", ("-tls1_3",),
         (WOLFSSL, "--versions", "1.3", "--suites", "1301,1304,1305",
          "--curves", "0017,0018,0019", "--signature-schemes",
          "0403,0503,0603,0401,0501,0601"), "", DONE, keylog=True),

    Case("x-cube-ecdhe-rsa-gcm", "rsa2048",
         ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"),
         XCUBE + ("--tamper", "finished-mac"),
         r"bad record mac|decryption failed", r"alert_received=20"),
    Case("x-cube-ecdhe-ecdsa-gcm", "p256",
         ("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"),
         XCUBE + ("--tamper", "finished-verify"),
         r"digest check failed", r"alert_received=51"),
    Case("x-cube-ecdhe-ecdsa-cbc", "p256", C023,
         XCUBE + ("--tamper", "finished-verify"),
         r"digest check failed", r"alert_received=51"),
    Case("x-cube-tls13", "p256", ("-tls1_3",),
         XCUBE13 + ("--tamper", "finished-mac"),
         r"bad record mac|decryption failed", r"alert_received=20",
         keylog=True),
    Case("x-cube-ecdhe-rsa-cbc-completes", "rsa2048",
         ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256"), XCUBE, "", DONE),

    Case("spwf04-rsa4096-intermediate", "rsa4096-intermediate", LEGACY, SPWF04,
         BAD_CERTIFICATE, r"depth 1 refused: RSA 4096"),
    Case("spwf04-rsa2048-intermediate", "rsa2048", LEGACY, SPWF04, "", DONE),
    Case("spwf04-ecdhe-only-server", "rsa2048", ECDHE_ONLY, SPWF04,
         r"no shared cipher", r"alert_received=40"),
    Case("spwf04-example-ca", "example-ca", LEGACY,
         SPWF04 + ("--rsa-bits-min", "1024", "--time", "1504170338"),
         BAD_CERTIFICATE, r"X509 - Certificate verification failed",
         start_s=1504170338),
    Case("spwf01-rsa4096-anonymous", "rsa4096-intermediate", LEGACY, SPWF01,
         "", DONE, anchor=False),
    Case("spwf01-example-ca-anonymous", "example-ca", LEGACY, SPWF01, "", DONE,
         anchor=False, start_s=1504170338),
    Case("spwf01-ecdhe-only-server", "rsa2048", ECDHE_ONLY,
         (MBEDTLS, "--suites", "C027,003D,003C,0035,002F,000A", "--hashes",
          "sha1,sha256", "--curves", "0017", "--anonymous"), "", DONE,
         anchor=False),

    Case("dtls-p384-intermediate", "p384-key-only", ("-dtls1_2",), DTLS_P256,
         r"SSL alert number", r"error=-9984", udp=True),
    Case("dtls-p256-chain", "p256", ("-dtls1_2",), DTLS_P256, "", DONE,
         udp=True),

    Case("truncated", derived={"from": "inventek-repaired-chain",
                               "snaplen": 120}),
    Case("not-der", derived={"from": "inventek-stall-sha384-intermediate",
                             "break_certificate": 0}),
]
