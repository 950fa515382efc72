# SPDX-License-Identifier: GPL-2.0-or-later
"""The cases of test_captures about hellos, sizes and client authentication.

In: nothing. Out: CASES, as in cases.py. Each failure differs from its twin in
the one thing that its name says.
"""
from cases import BEARSSL, DONE, MBEDTLS, WAITING, WOLFSSL, Case

NAMED = ("--sni", "server.example")
OPENSSL = ("openssl_client.py", "-CAfile", "{chain}/root.pem", "-servername",
           "server.example")
AWS = ("openssl_client.py", "-CAfile", "{chain}/root.pem", "-tls1_2",
       "-servername", "example-ats.iot.eu-central-1.amazonaws.com")
DEVICES = "devices/"
GNUTLS12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2"
RSA_GCM = ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256")
DHE = ("-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
OWN = ("-cert", "{chain}/leaf.pem", "-key", "{chain}/leaf.key")
LAB_OWN = ("--cert", "{chain}/leaf.pem", "--key", "{chain}/leaf.key")
ASKS = ("-Verify", "3", "-CAfile", "{chain}/root.pem")

PSS = (WOLFSSL, "--versions", "1.2", "--suites", "C02F",
       *NAMED, "--signature-schemes")
MBED = (MBEDTLS, "--suites", "C02F,C02B", "--hashes",
        "sha224,sha256,sha384,sha512")
MBED_DHE = (MBEDTLS, "--suites", "009E,C02F", "--hashes", "sha256", *NAMED)
BEAR = ("{build}/lab/" + BEARSSL, "--suites", "C02F", *NAMED, "--anchor",
        "{chain}/root.pem")
GATE = ("gate_client.py", "--record-max")


def gate(most, *client):
    return (*GATE, str(most), "--then", "hang:7", "--", *client)


P384 = (BEARSSL, "--suites", "C02F", "--curves", "0018", *NAMED)
OLD = (MBEDTLS, "--versions", "1.0-1.1", "--suites", "C013,C014", *NAMED)
DTLS_GATE = ("gate_client.py", "--datagram-max", "1024", "--then", "hang:9",
             "--",
             "{build}/lab/" + MBEDTLS, "--dtls", "--suites", "C02F", "--hashes",
             "sha224,sha256,sha384,sha512", *NAMED, "--anchor",
             "{chain}/root.pem")


# A list of protocols that is long enough to need a second segment.
MANY = ",".join(f"protocol-{number:03d}.lab.example" for number in range(60))

CASES = [
    Case("tls12-pss-only", "rsa2048",
         server=("-tls1_2", "-sigalgs", "RSA+SHA256"),
         client=PSS + ("0804,0805,0806",),
         server_says=r"no suitable signature|no shared signature",
         client_says=r"alert_received=40"),
    Case("tls12-pss-and-pkcs1", "rsa2048",
         server=("-tls1_2", "-sigalgs", "RSA+SHA256"),
         client=PSS + ("0804,0805,0806,0401",), client_says=DONE),

    Case("sni-missing", "p256", program="sni_server.py",
         server=("--name", "server.example"), client=MBED,
         server_says=r"refused", client_says=r"alert_received=112"),
    Case("sni-sent", "p256", program="sni_server.py",
         server=("--name", "server.example"), client=MBED + NAMED,
         client_says=DONE),

    Case("alpn-none-in-common", "p256",
         server=("-tls1_2", "-alpn", "x-amzn-mqtt-ca"),
         client=OPENSSL + ("-alpn", "mqtt"),
         client_says=r"alert_received=120"),
    Case("alpn-shared", "p256", server=("-tls1_2", "-alpn", "x-amzn-mqtt-ca"),
         client=OPENSSL + ("-alpn", "x-amzn-mqtt-ca"), client_says=DONE),

    Case("alpn-missing-on-443", "p256", program="alpn_server.py", port="443",
         server=("--protocol", "x-amzn-mqtt-ca"), client=AWS,
         server_says=r"refused", client_says=r"alert_received=120"),
    Case("alpn-sent-on-443", "p256", program="alpn_server.py", port="443",
         server=("--protocol", "x-amzn-mqtt-ca"),
         client=AWS + ("-alpn", "x-amzn-mqtt-ca"), client_says=DONE),

    Case("hello-two-segments", "p256", program="one_segment_server.py",
         client=OPENSSL + ("-tls1_3", "-alpn", MANY),
         server_says=r"the record has [1-9]\d* more",
         client_says=r"outcome=failed", server_ends_s=8),
    Case("hello-two-segments-answered", "p256", server=("-tls1_3",),
         client=OPENSSL + ("-tls1_3", "-alpn", MANY), client_says=DONE,
         keylog=True),

    Case("reset-by-middlebox", "p256", server=("-tls1_3",), routers=5,
         middlebox="tcp dport 8883 ip length > 1400 reject with tcp reset",
         client=OPENSSL + ("-tls1_3", "-alpn", MANY), server_ends_s=3,
         client_says=r"outcome=failed"),
    Case("reset-middlebox-lifted", "p256", server=("-tls1_3",), routers=5,
         client=OPENSSL + ("-tls1_3", "-alpn", MANY), client_says=DONE,
         keylog=True),
    Case("reset-by-server", "p256", program="reset_server.py", routers=5,
         client=OPENSSL + ("-tls1_3", "-alpn", MANY),
         server_says=r"and resets", client_says=r"outcome=failed"),

    Case("reset-injected", "p256", server=("-tls1_2",), injected=0,
         client=OPENSSL + ("-tls1_2",), client_says=r"outcome=failed"),
    Case("reset-injected-dropped", "p256", server=("-tls1_2",), injected=-1000,
         client=OPENSSL + ("-tls1_2",), client_says=DONE),
    Case("reset-injected-far-off", "p256", server=("-tls1_2",), injected=-300000,
         client=OPENSSL + ("-tls1_2",), client_says=DONE),

    Case("group-none-shared", "rsa2048",
         server=("-tls1_2", "-groups", "P-256:X25519"), client=P384,
         server_says=r"no shared (cipher|groups)|no suitable",
         client_says=r"alert_received=40"),
    Case("group-shared", "rsa2048", server=("-tls1_2", "-groups", "P-384"),
         client=P384, client_says=DONE),

    Case("version-none-shared", "rsa2048", server=("-tls1_2",), client=OLD,
         server_says=r"unsupported protocol", client_says=r"alert_received=70"),
    Case("version-shared", "rsa2048",
         server=("-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"), client=OLD,
         client_says=DONE),

    Case("dh-1024", "rsa2048",
         server=DHE + ("-dhparam", "{lab}/servers/modp-1024.pem"),
         client=(WOLFSSL, "--versions", "1.2", "--suites", "009E", *NAMED,
                 "--device", DEVICES + "lab-dh-min-2048.ini"),
         client_says=r"outcome=failed"),
    Case("dh-2048", "rsa2048", server=DHE,
         client=(WOLFSSL, "--versions", "1.2", "--suites", "009E", *NAMED,
                 "--device", DEVICES + "lab-dh-min-2048.ini"),
         client_says=DONE),

    Case("dh-8192-slow", "rsa2048", slow=True, server_ends_s=12,
         server=DHE + ("-dhparam", "{lab}/servers/ffdhe-8192.pem", "-state"),
         client=MBED_DHE, server_says=WAITING),
    Case("dh-8192-avoided", "rsa2048", slow=True,
         server=("-tls1_2", "-serverpref", "-cipher",
                 "ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-GCM-SHA256",
                 "-dhparam", "{lab}/servers/ffdhe-8192.pem"),
         client=MBED_DHE, client_says=DONE),

    Case("renegotiation-info-missing", "p256", program="gnutls-serv",
         server=("--priority", GNUTLS12 + ":%DISABLE_SAFE_RENEGOTIATION"),
         client=OPENSSL + ("-tls1_2",),
         client_says=r"unsafe legacy renegotiation disabled"),
    Case("renegotiation-info-sent", "p256", program="gnutls-serv",
         server=("--priority", GNUTLS12), client=OPENSSL + ("-tls1_2",),
         client_says=DONE),

    Case("record-too-large", "rsa4096-intermediate", server=RSA_GCM,
         client=gate(2303, *BEAR), client_says=r"gate: a record of"),
    Case("record-small-enough", "rsa4096-intermediate",
         server=RSA_GCM + ("-max_send_frag", "2048"),
         client=gate(2303, *BEAR), client_says=DONE),

    Case("fragment-length-not-granted", "rsa2048", program="selfserv",
         server=("-V", "tls1.2:tls1.2"),
         client=gate(832, *BEAR, "--max-fragment", "512"),
         client_says=r"gate: a record of"),
    Case("fragment-length-kept", "rsa2048", server=RSA_GCM,
         client=gate(832, *BEAR, "--max-fragment", "512"), client_says=DONE),

    Case("fragment-length-broken", "rsa2048", server=RSA_GCM, wire="join",
         client=gate(832, *BEAR, "--max-fragment", "512"),
         client_says=r"gate: a record of", server_ends_s=9),

    Case("certificate-in-fragments", "rsa2048",
         server=RSA_GCM + ("-max_send_frag", "512"), client=MBED + NAMED,
         client_says=r"outcome=failed"),
    Case("certificate-in-one-record", "rsa2048", server=RSA_GCM,
         client=MBED + NAMED, client_says=DONE),

    Case("dtls-large-datagrams", "rsa2048", server=("-dtls1_2", "-mtu", "1400"),
         client=DTLS_GATE, client_says=r"gate: datagrams of", udp=True,
         server_ends_s=8),
    Case("dtls-small-datagrams", "rsa2048", server=("-dtls1_2", "-mtu", "800"),
         client=DTLS_GATE, client_says=DONE, udp=True),

    Case("client-certificate-missing", "p256", server=("-tls1_2", *ASKS),
         client=MBED + NAMED, server_says=r"peer did not return a certificate",
         client_says=r"alert_received=40"),
    Case("client-certificate-left-out", "p256", server=("-tls1_2", *ASKS),
         client=("gate_client.py", "--without-certificate", "--",
                 "{build}/lab/" + MBEDTLS, *MBED[1:], *NAMED, "--anchor",
                 "{chain}/root.pem"),
         server_says=r"unexpected message", client_says=r"taken out"),
    Case("client-certificate-sent", "p256", server=("-tls1_2", *ASKS),
         client=MBED + NAMED + LAB_OWN, client_says=DONE),
    Case("client-certificate-missing-tls13", "p256",
         server=("-tls1_3", *ASKS), client=OPENSSL + ("-tls1_3",),
         server_says=r"peer did not return a certificate",
         client_says=r"alert_received=116", keylog=True),
    Case("client-certificate-sent-tls13", "p256", server=("-tls1_3", *ASKS),
         client=OPENSSL + ("-tls1_3", *OWN), client_says=DONE, keylog=True),

    Case("client-key-type-refused", "rsa2048",
         server=("-tls1_2", *ASKS, "-client_sigalgs", "ECDSA+SHA256"),
         client=OPENSSL + OWN,
         server_says=r"peer did not return a certificate",
         client_says=r"alert_received=40"),
    Case("client-key-type-accepted", "rsa2048", server=("-tls1_2", *ASKS),
         client=OPENSSL + OWN, client_says=DONE),
]
