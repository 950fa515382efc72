#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the certificates of the unit tests afresh, as PEM into the folder of this script. Needs openssl >= 3 and python3.
# All dates are given. Keys are made and thrown away, so a run changes every file; what the tests rely on (algorithms,
# sizes, names, dates, extensions) stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > openssl.cnf <<'CNF'
[ca]
default_ca = test_ca
[test_ca]
database = index.txt
new_certs_dir = .
serial = serial
policy = any
unique_subject = no
default_startdate = 20250101000000Z
default_enddate = 20350101000000Z
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
[root]
basicConstraints = critical, CA:TRUE, pathlen:3
keyUsage = critical, keyCertSign, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:device.example, DNS:*.device.example, IP:192.0.2.7, IP:2001:db8::7
[critical]
1.3.6.1.4.1.32473.1 = critical, ASN1:UTF8String:unknown
2.999.1 = ASN1:NULL
CNF


# loud COMMAND...: silent unless it fails
loud() {
    "$@" > log 2>&1 || { cat log >&2; exit 1; }
}

# sign NAME KEY DIGEST [options for openssl ca]: NAME.pem with KEY in it; self-signed unless the options say otherwise
sign() {
    local name=$1 key=$2 digest=$3 by=-selfsign
    shift 3
    [[ " $* " == *" -cert "* ]] && by=
    loud openssl req -new -key "$key" -subj "/O=tlsfit test/CN=$name" -config openssl.cnf -out request.pem
    : > index.txt; echo 01A5 > serial
    loud openssl ca -batch $by -config openssl.cnf -keyfile "$key" -md "$digest" -in request.pem -notext \
        -out "$here/$name.pem" "$@"
}

for bits in 1024 2048 3072 4096; do
    loud openssl genrsa -out "rsa$bits.key" "$bits"
    sign "rsa$bits" "rsa$bits.key" sha256 -extensions root
done
for curve in prime256v1:p256 secp384r1:p384 secp521r1:p521 secp256k1:k256 brainpoolP256r1:brainpool256 \
             brainpoolP320r1:brainpool320 sect283r1:sect283; do
    loud openssl ecparam -genkey -noout -name "${curve%:*}" -out "${curve#*:}.key"
    sign "${curve#*:}" "${curve#*:}.key" sha256 -extensions root
done
for type in ed25519 ed448; do
    loud openssl genpkey -algorithm "$type" -out "$type.key"
    sign "$type" "$type.key" default -extensions root
done
for field in prime256v1:prime sect283r1:binary; do
    loud openssl ecparam -genkey -noout -name "${field%:*}" -param_enc explicit -out explicit.key
    sign "explicit-${field#*:}" explicit.key sha256 -extensions root
done
loud openssl dsaparam -genkey -out dsa.key 2048
for hash in sha1 sha256; do
    sign "dsa-$hash" dsa.key "$hash" -extensions root
done
for hash in md5 sha1 sha224 sha384 sha512; do
    sign "rsa-$hash" rsa2048.key "$hash" -extensions root
done
for hash in sha1 sha224 sha384 sha512; do
    sign "ecdsa-$hash" p256.key "$hash" -extensions root
done

# RSASSA-PSS: made with a plain RSA key, and with a key that is for PSS alone
for hash in sha1 sha224 sha256 sha384 sha512; do
    sign "pss-$hash" rsa2048.key "$hash" -extensions root -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
loud openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.key
sign pss-key pss.key sha256 -extensions root -sigopt rsa_pss_saltlen:digest

sign v1 rsa2048.key sha256
sign critical-unknown p256.key sha256 -extensions critical
loud openssl req -new -key p256.key -subj "/O=tlsfit test/CN=device.example" -config openssl.cnf -out request.pem
: > index.txt
loud openssl ca -batch -config openssl.cnf -cert "$here/p384.pem" -keyfile p384.key -md sha384 -in request.pem -notext \
    -extensions leaf -out "$here/leaf.pem"
{ echo "the end-entity"; cat "$here/leaf.pem"; echo; echo "its issuer"; cat "$here/p384.pem"; } > "$here/chain.pem"

# What no tool writes: assembled by hand and signed with openssl
python3 - "$here" <<'PY'
import base64, subprocess, sys, textwrap

def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x80 | (n.bit_length() + 7) // 8]) + n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag]) + size + body

def oid(text):
    arcs = [int(a) for a in text.split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        piece = bytes([arc & 127])
        while arc := arc >> 7:
            piece = bytes([arc & 127 | 128]) + piece
        out += piece
    return der(6, out)

def name(*values):
    pairs = [der(0x31, der(0x30, oid("2.5.4.3"), value)) for value in values]
    return der(0x30, *pairs)

def san(*names):
    return der(0x30, oid("2.5.29.17"), der(4, der(0x30, *names)))

def key_spki():
    pem = subprocess.run(["openssl", "pkey", "-in", "p256.key", "-pubout", "-outform", "DER"], capture_output=True, check=True)
    return pem.stdout

ALGORITHM = der(0x30, oid("1.2.840.10045.4.3.2"))
TIMES = der(0x30, der(0x17, b"250101000000Z"), der(0x17, b"350101000000Z"))

def certificate(file, serial=b"\x01\xa5", subject=None, issuer=None, times=TIMES, spki=None, extensions=(), algorithm=ALGORITHM):
    subject = subject or name(der(12, file.encode()))
    tail = [der(0xA3, der(0x30, *extensions))] if extensions else []
    version = [der(0xA0, der(2, b"\x02"))] if extensions else []
    tbs = der(0x30, *version, der(2, serial), algorithm, issuer or subject, times, subject, spki or key_spki(), *tail)
    sig = subprocess.run(["openssl", "dgst", "-sha256", "-sign", "p256.key"], input=tbs, capture_output=True, check=True).stdout
    put(file, der(0x30, tbs, algorithm, der(3, b"\0", sig)))

def put(file, data):
    with open(f"{sys.argv[1]}/{file}.pem", "w") as out:
        body = "\n".join(textwrap.wrap(base64.b64encode(data).decode(), 64))
        out.write(f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")

certificate("serial-negative", serial=b"\xfe\x5b")
certificate("serial-zeros", serial=b"\x00\x80\x01")
certificate("name-not-utf8", subject=name(der(12, b"caf\xe9 \xff\xfe")))
certificate("name-nul", subject=name(der(12, b"a\0b")))
certificate("name-bmp", subject=name(der(0x1E, "Gerät".encode("utf-16-be"))))
certificate("name-twice", subject=name(der(12, b"first"), der(12, b"last")))
certificate("name-empty", subject=der(0x30), issuer=name(der(12, b"issuer")), extensions=[san(der(0x82, b"device.example"))])
certificate("no-expiry", times=der(0x30, der(0x17, b"250101000000Z"), der(0x18, b"99991231235959Z")))
certificate("time-1949-and-50", times=der(0x30, der(0x17, b"500101000000Z"), der(0x18, b"20500228235960Z")))
certificate("time-malformed", times=der(0x30, der(0x17, b"251301000000Z"), der(0x17, b"350101000000Z")))
certificate("san-1500", extensions=[san(*[der(0x82, b"d%d.example" % i) for i in range(1500)])])
certificate("san-odd", extensions=[san(der(0x82, b"caf\xe9"), der(0x81, b"a@example"), der(0x86, b"urn:a"), der(0xA4, name(der(12, b"a"))), der(0x88, b"\x2a\x03"), der(0xA0, oid("1.2.3"), der(0xA0, der(12, b"a"))), der(0x82, b""))])
certificate("san-address-of-2-bytes", extensions=[san(der(0x87, b"\x0a\x0b"))])
certificate("extension-malformed", extensions=[der(0x30, oid("2.5.29.19"), der(1, b"\xff"), der(4, b"\x30\x05\x01"))])
certificate("eku-any", extensions=[der(0x30, oid("2.5.29.37"), der(4, der(0x30, oid("2.5.29.37.0"))))])
certificate("path-huge", extensions=[der(0x30, oid("2.5.29.19"), der(1, b"\xff"), der(4, der(0x30, der(1, b"\xff"), der(2, b"\x7f" + b"\xff" * 8))))])
point = b"\0\4" + b"\x11" * 64
certificate("curve-unknown", spki=der(0x30, der(0x30, oid("1.2.840.10045.2.1"), oid("1.3.6.1.4.1.32473.2")), der(3, point)))
certificate("curve-sm2", spki=der(0x30, der(0x30, oid("1.2.840.10045.2.1"), oid("1.2.156.10197.1.301")), der(3, point)))
certificate("curve-implicit", spki=der(0x30, der(0x30, oid("1.2.840.10045.2.1"), b"\5\0"), der(3, point)))
certificate("key-ml-dsa", spki=der(0x30, der(0x30, oid("2.16.840.1.101.3.4.3.18")), der(3, b"\0" + b"\x22" * 1952)))
certificate("key-unknown", spki=der(0x30, der(0x30, oid("1.3.6.1.4.1.32473.3")), der(3, b"\0key")))
certificate("key-gost", spki=der(0x30, der(0x30, oid("1.2.643.7.1.1.1.2"), der(0x30, oid("1.2.643.7.1.2.1.2.1"))), der(3, b"\0" + der(4, b"\x33" * 128))))
certificate("key-rsa-broken", spki=der(0x30, der(0x30, oid("1.2.840.113549.1.1.1"), b"\5\0"), der(3, b"\0\x30\x82\xff\xff\2")))
big = der(0x30, der(2, b"\0\xff" + b"\x55" * 2046 + b"\x01"), der(2, b"\x7f" + b"\xff" * 2000))
certificate("key-rsa-slow", algorithm=der(0x30, oid("1.2.840.113549.1.1.11"), b"\5\0"), spki=der(0x30, der(0x30, oid("1.2.840.113549.1.1.1"), b"\5\0"), der(3, b"\0" + big)))
certificate("signature-unknown", algorithm=der(0x30, oid("1.3.6.1.4.1.32473.4")))
certificate("signature-not-its-own", algorithm=der(0x30, oid("1.2.840.10045.4.3.3")))
put("wrong", b"these are not the bytes of a certificate")
put("wrong-empty", b"")
PY
