#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports on real captures, as `tlsfit annotate --report` writes them.

In: the build directory, the test captures. Out: exit status 1 where a page is not well-formed, where HTML lacks what
Markdown says, where a handshake is missing or a file that is no capture is not named; 77 where the command that reads
captures was not built.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import handshakes

ROOT = pathlib.Path(__file__).resolve().parents[2]
# a stall, an alert before any certificate, DTLS, TLS 1.3 with and without secrets, client authentication, completed, cut
NAMES = ("inventek-stall-sha384-intermediate", "inventek-no-shared-suite", "dtls-p384-intermediate", "netx-tls13-alert-80",
         "netx-tls13-alert-80-no-secrets", "client-certificate-sent-tls13", "inventek-repaired-chain", "truncated",
         "reset-by-middlebox")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    if not (build / "capture/tlsfit-capture").exists():
        print("SKIP: tlsfit-capture was not built")
        return 77
    captures = [ROOT / "test_captures" / name / "capture.pcapng" for name in NAMES]
    with tempfile.TemporaryDirectory() as folder:
        page, ticket, none = (pathlib.Path(folder, name) for name in ("r.html", "r.md", "none.pcap"))
        none.write_bytes(b"\xd4\xc3\xb2\xa1 no capture")
        command = [build / "src/tlsfit", "annotate", *captures, none, "--report", page, "--report", ticket]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        html, markdown = page.read_text(encoding="utf-8"), ticket.read_text(encoding="utf-8")
    found = handshakes.check_page(html, markdown)
    found += [f"{name} is not in the page" for name in (*NAMES, "none.pcap") if name not in html]
    if result.returncode != 2 or html.count("<section ") < len(NAMES):
        found.append(f"status {result.returncode}, {html.count('<section ')} handshakes; {result.stderr}")
    print("\n".join(found))
    print(f"{len(NAMES)} captures, {html.count('<section ')} handshakes, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
