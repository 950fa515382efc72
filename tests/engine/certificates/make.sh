#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the certificates of the rule cases afresh, as PEM into the folder of this script. Needs openssl >= 3. All dates
# are given. Keys are made and thrown away, so a run changes every file; what the cases rely on (algorithms, sizes,
# names, who signed what) stays. A name says what is in it: <role>-<key>[-by-<issuer's key>].
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
organizationalUnitName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[end]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = DNS:server.example
CNF

# loud COMMAND...: silent unless it fails
loud() {
    "$@" > log 2>&1 || { cat log >&2; exit 1; }
}

# make NAME KEY EXTENSIONS ISSUER DIGEST [options for openssl ca]; ISSUER may be NAME itself
make() {
    local name=$1 key=$2 extensions=$3 issuer=$4 digest=$5
    shift 5
    case $key in
    rsa*) loud openssl genrsa -out "$name.key" "${key#rsa}" ;;
    ed25519) loud openssl genpkey -algorithm ed25519 -out "$name.key" ;;
    *) loud openssl ecparam -genkey -noout -name "$key" -out "$name.key" ;;
    esac
    loud openssl req -new -key "$name.key" -subj "${subject:-/O=tlsfit test/CN=$name}" -config openssl.cnf -out request.pem
    : > index.txt
    echo 01A5 > serial
    local by=(-selfsign -keyfile "$name.key")
    [ "$issuer" = "$name" ] || by=(-cert "$here/$issuer.pem" -keyfile "$issuer.key")
    loud openssl ca -batch "${by[@]}" -config openssl.cnf -extensions "$extensions" -md "$digest" -in request.pem \
        -notext -out "$here/$name.pem" "$@"
}

make root-p256 prime256v1 authority root-p256 sha256
make root-p384 secp384r1 authority root-p384 sha384
make root-p256-sha384 prime256v1 authority root-p256-sha384 sha384
make root-rsa2048 rsa2048 authority root-rsa2048 sha256
make root-rsa4096 rsa4096 authority root-rsa4096 sha256
make root-rsa1024 rsa1024 authority root-rsa1024 sha256

make middle-p256 prime256v1 authority root-p256 sha256
make middle-p384-by-p384 secp384r1 authority root-p384 sha384
make middle-p256-by-p384 prime256v1 authority root-p384 sha384
make middle-p384-by-p256 secp384r1 authority root-p256 sha256
make middle-rsa2048 rsa2048 authority root-rsa2048 sha256
make middle-rsa2048-by-rsa4096 rsa2048 authority root-rsa4096 sha256
make middle-rsa4096 rsa4096 authority root-rsa2048 sha256

make leaf-p256 prime256v1 end middle-p256 sha256
make leaf-p256-sha1 prime256v1 end middle-p256 sha1
make leaf-p256-by-p384 prime256v1 end middle-p384-by-p384 sha384
make leaf-p256-by-p384-sha256 prime256v1 end middle-p384-by-p256 sha256
make leaf-p256-by-middle-by-p384 prime256v1 end middle-p256-by-p384 sha256
make leaf-p384 secp384r1 end middle-p256 sha256
make leaf-ed25519 ed25519 end middle-p256 sha256
make leaf-rsa1024 rsa1024 end middle-rsa2048 sha256
make leaf-rsa2048 rsa2048 end middle-rsa2048 sha256
make leaf-rsa2048-pss rsa2048 end middle-rsa2048 sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32
make leaf-rsa2048-by-rsa4096 rsa2048 end middle-rsa4096 sha256
make leaf-rsa2048-by-middle-by-rsa4096 rsa2048 end middle-rsa2048-by-rsa4096 sha256
make leaf-rsa4096 rsa4096 end middle-rsa2048 sha256
make alone-p256 prime256v1 end alone-p256 sha256
# what servers show to clients without server_name
subject='/OU=No SNI provided; please fix your client./CN=invalid2.invalid' \
    make no-sni-placeholder prime256v1 end no-sni-placeholder sha256

printf -- '-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n' "$(printf 'no certificate' | base64)" \
    > "$here/unreadable.pem"
