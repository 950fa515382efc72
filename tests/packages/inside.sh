#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Lives in a clean Debian tree as root: installs the packages that are in /mnt, uses them as root and as somebody else,
# purges them, and looks for what they left behind. Out: what it did, and exit status 1 with the first thing that was
# not as it should be.
set -eu

fail() {
    echo "not as it should be: $*"
    exit 1
}

same() {
    [ "$2" = "$3" ] || fail "$1 is
$2
and should be
$3"
    echo "ok: $1"
}

# What apt keeps for itself is not the packages' business.
files() {
    find / -xdev \( -path /mnt -o -path /var/lib/apt -o -path /var/cache -o -path /var/log -o -name '*-old' \
        -o -path /var/lib/systemd -o -path /var/lib/dpkg/triggers \) -prune -o -print | sort
}

somebody() {
    mkdir -p "$HOME_OF_SOMEBODY"
    chown 1000:1000 "$HOME_OF_SOMEBODY"
    setpriv --reuid=1000 --regid=1000 --clear-groups env HOME="$HOME_OF_SOMEBODY" "$@"
}

# Standard error counts: a plugin that is not loaded says so there. The first line is for root alone.
silently() {
    "$@" 2>"${TMPDIR:-/tmp}/errors" || fail "status $? of $*: $(cat "${TMPDIR:-/tmp}/errors")"
    said=$(grep -v 'Running as user' "${TMPDIR:-/tmp}/errors" || true)
    [ -z "$said" ] || fail "$* says on standard error: $said"
}

diagnosis() {
    "$@" -r /mnt/capture.pcapng -o tlsfit.device:inventek-ism43362 -Y tlsfit.cause -T fields -E separator=' ' \
        -e frame.number -e tlsfit.cause -e tlsfit.cause.cert_index -e tlsfit.outcome
}

HOME_OF_SOMEBODY=${TMPDIR:-/tmp}/somebody
files >"${TMPDIR:-/tmp}/before"
apt-get -q -o Acquire::Check-Valid-Until=false update >"${TMPDIR:-/tmp}/log" 2>&1 || cat "${TMPDIR:-/tmp}/log"
apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends /mnt/*.deb >"${TMPDIR:-/tmp}/log" 2>&1 ||
    fail "apt-get install: $(cat "${TMPDIR:-/tmp}/log")"
dpkg-query -W 'tlsfit*' tshark

wanted='8 cert_signature_algorithm 1 stalled'
same "the diagnosis for root" "$(silently diagnosis tshark)" "$wanted"
same "the diagnosis for somebody" "$(silently diagnosis somebody tshark)" "$wanted"
same "the plugin in the list" "$(tshark -G plugins 2>/dev/null | grep -c '^tlsfit\.so')" 1
same "the diagnosis with the configuration profile" "$(silently diagnosis somebody tshark -C 'TLS device')" "$wanted"
columns=$(silently somebody tshark -C 'TLS device' --color -o tlsfit.device:inventek-ism43362 -r /mnt/capture.pcapng)
case $columns in
*'inventek-ism43362'*'stalled'*'cert_signature_algorithm'*) echo "ok: its columns" ;;
*) fail "the columns of the configuration profile: $columns" ;;
esac
[ -x /usr/bin/tlsfit ] || fail "there is no /usr/bin/tlsfit"
status=0
tlsfit check -d inventek-ism43362 /mnt/p384-intermediate-chain.pem >"${TMPDIR:-/tmp}/log" 2>&1 || status=$?
same "the exit status of tlsfit check" $status 1
tlsfit annotate -d inventek-ism43362 --report - /mnt/capture.pcapng >"${TMPDIR:-/tmp}/log" 2>&1 || true
grep -q '"cert_signature_algorithm"' "${TMPDIR:-/tmp}/log" || fail "tlsfit annotate: $(cat "${TMPDIR:-/tmp}/log")"
echo "ok: tlsfit annotate"
tlsfit doctor >"${TMPDIR:-/tmp}/log" 2>&1 || fail "tlsfit doctor: $(cat "${TMPDIR:-/tmp}/log")"
echo "ok: tlsfit doctor"

apt-get -q -y -o Dpkg::Use-Pty=0 purge --autoremove tlsfit tlsfit-wireshark >"${TMPDIR:-/tmp}/log" 2>&1 ||
    fail "apt-get purge: $(cat "${TMPDIR:-/tmp}/log")"
same "the plugin in the list after the purge" "$(tshark -G plugins 2>/dev/null | grep -c '^tlsfit\.so')" 0
files >"${TMPDIR:-/tmp}/after"
same "what is left behind" "$(diff "${TMPDIR:-/tmp}/before" "${TMPDIR:-/tmp}/after" || true)" ""
