#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes the certificates of the cases about certificates and chains afresh, as PEM into the folder of this script. Needs
# openssl >= 3. All dates are given: the cases are played on 2025-06-15. Keys are made and thrown away, so a run changes
# every file; what the cases rely on (who signed what, names, dates, extensions) stays.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# loud COMMAND...: silent unless it fails
loud() {
    "$@" > log 2>&1 || { cat log >&2; exit 1; }
}

write_config() {
    cat <<'CNF'
[ca]
default_ca = test_ca
[test_ca]
database = index.txt
new_certs_dir = .
serial = serial
policy = any
unique_subject = no
default_md = sha256
default_startdate = 20250101000000Z
default_enddate = 20350101000000Z
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
CNF
    if [ "$version" = 3 ]; then
        printf '[extensions]\nsubjectKeyIdentifier = hash\n'
        [ -e "$issuer.id" ] || [ "$issuer" = "$name" ] && printf 'authorityKeyIdentifier = keyid\n'
        printf '%s\n' "$@"
    fi
}

# make NAME ISSUER LINE...: a certificate with these extensions, signed by ISSUER (which may be NAME itself).
# Variables: key (P-256), subject (the name), version (3), dates (options for openssl ca).
make() {
    local name=$1 issuer=$2 key=${key:-P-256} version=${version:-3}
    shift 2
    if [ ! -e "$name.key" ]; then
        case $key in
        rsa) loud openssl genrsa -out "$name.key" 2048 ;;
        explicit) loud openssl ecparam -genkey -noout -name P-256 -param_enc explicit -out "$name.key" ;;
        *) loud openssl ecparam -genkey -noout -name "$key" -out "$name.key" ;;
        esac
    fi
    write_config "$@" > openssl.cnf
    [ "$version" = 3 ] && : > "$name.id"
    loud openssl req -new -key "$name.key" -subj "/O=tlsfit test/CN=${subject:-$name}" -config openssl.cnf -out request.pem
    : > index.txt
    echo 01A5 > serial
    local by=(-selfsign -keyfile "$name.key")
    [ "$issuer" = "$name" ] || by=(-cert "$here/$issuer.pem" -keyfile "$issuer.key")
    [ "$version" = 3 ] && by+=(-extensions extensions)
    # shellcheck disable=SC2086
    loud openssl ca -batch "${by[@]}" -config openssl.cnf -in request.pem -notext -out "$here/$name.pem" ${dates:-}
}

ca=('basicConstraints = critical, CA:TRUE' 'keyUsage = critical, keyCertSign, digitalSignature')
end=('basicConstraints = CA:FALSE' 'extendedKeyUsage = serverAuth, clientAuth')
sign='keyUsage = critical, digitalSignature'
here_is='subjectAltName = DNS:server.example'
leaf=("${end[@]}" "$sign" "$here_is")
past='-startdate 20240101000000Z -enddate 20250601000000Z'
future='-startdate 20300101000000Z -enddate 20350101000000Z'

# chains
make root root "${ca[@]}"
make root-other root-other "${ca[@]}"
make middle root "${ca[@]}"
make lower middle "${ca[@]}"
make end middle "${leaf[@]}"
make end-by-root root "${leaf[@]}"
make end-by-lower lower "${leaf[@]}"
make end-alone end-alone "${leaf[@]}"
subject=middle make middle-other-key root "${ca[@]}"
cp root.key root-by-other.key
subject=root make root-by-other root-other "${ca[@]}"

# dates
dates=$past make end-expired middle "${leaf[@]}"
dates=$future make end-future middle "${leaf[@]}"
dates=$past make middle-expired root "${ca[@]}"
make end-by-middle-expired middle-expired "${leaf[@]}"
dates=$past make root-expired root-expired "${ca[@]}"
make end-by-root-expired root-expired "${leaf[@]}"
make crossed crossed "${ca[@]}"
make lower-of-crossed crossed "${ca[@]}"
make end-of-crossed lower-of-crossed "${leaf[@]}"
cp crossed.key crossed-by-other-expired.key
dates=$past subject=crossed make crossed-by-other-expired root-other "${ca[@]}"

# names
make end-wildcard middle "${end[@]}" "$sign" 'subjectAltName = DNS:*.device.example'
make end-wildcard-inside middle "${end[@]}" "$sign" 'subjectAltName = DNS:dev*.example.net'
subject=server.example make end-common-name middle "${end[@]}" "$sign"
make end-address middle "${end[@]}" "$sign" 'subjectAltName = IP:192.0.2.7, IP:2001:db8::7'
make end-address-as-name middle "${end[@]}" "$sign" 'subjectAltName = DNS:192.0.2.7, IP:192.0.2.7'

# what a key is for
key=rsa make end-rsa-signs-only middle "${end[@]}" "$sign" "$here_is"
make end-agrees-only middle "${end[@]}" 'keyUsage = critical, keyAgreement' "$here_is"
make end-for-clients middle 'extendedKeyUsage = clientAuth' "$sign" "$here_is"
make end-without-usages middle "$here_is"
make middle-no-ca root 'basicConstraints = critical, CA:FALSE' 'keyUsage = critical, keyCertSign'
make end-by-middle-no-ca middle-no-ca "${leaf[@]}"
make middle-no-sign root 'basicConstraints = critical, CA:TRUE' "$sign"
make end-by-middle-no-sign middle-no-sign "${leaf[@]}"
make middle-length-0 root 'basicConstraints = critical, CA:TRUE, pathlen:0' 'keyUsage = critical, keyCertSign'
make end-by-length-0 middle-length-0 "${leaf[@]}"
make lower-by-length-0 middle-length-0 "${ca[@]}"
make end-by-lower-by-length-0 lower-by-length-0 "${leaf[@]}"
make middle-for-clients root "${ca[@]}" 'extendedKeyUsage = clientAuth'
make end-by-middle-for-clients middle-for-clients "${leaf[@]}"

# extensions, versions, curves
make end-critical middle "${leaf[@]}" '1.3.6.1.4.1.32473.1 = critical, ASN1:UTF8String:unknown'
make end-not-critical middle "${leaf[@]}" '1.3.6.1.4.1.32473.1 = ASN1:UTF8String:unknown'
make end-policy-critical middle "${leaf[@]}" 'certificatePolicies = critical, 1.3.6.1.4.1.32473.2'
make root-of-points root-of-points "${ca[@]}"
make end-points-critical root-of-points "${leaf[@]}" \
    'crlDistributionPoints = critical, URI:http://crl.example/ca.crl'
make middle-constrained root "${ca[@]}" 'nameConstraints = critical, permitted;DNS:example'
make end-by-middle-constrained middle-constrained "${leaf[@]}"
make root-critical root-critical "${ca[@]}" '1.3.6.1.4.1.32473.1 = critical, ASN1:UTF8String:unknown'
make end-by-root-critical root-critical "${leaf[@]}"
version=1 subject=server.example make end-v1 middle
version=1 make middle-v1 root
make end-by-middle-v1 middle-v1 "${leaf[@]}"
version=1 make root-v1 root-v1
make end-by-root-v1 root-v1 "${leaf[@]}"
key=explicit make end-explicit middle "${leaf[@]}"
