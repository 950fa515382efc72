#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The configuration profile "TLS device": its columns, colour rules and filter buttons, as tshark takes them.

In: the build directory. Out: exit status 0 or 1 and what is wrong; 77 where tshark cannot run. Each colour rule and
each button must pick a packet of at least one capture below: a filter that compiles and never fits is a defect too.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = "TLS device"
PROFILE = ROOT / "plugin" / "configuration-profile" / NAME
SEED = ("inventek-stall-sha384-intermediate", "inventek-ism43362")
CAPTURES = [SEED, ("inventek-repaired-chain", "inventek-ism43362"), ("spwf01-rsa4096-anonymous", "advertised"),
            ("netx-tls13-alert-80-no-secrets", "netx-secure-6.4-tls1.3"), ("tls12-pss-only", "advertised"),
            ("x-cube-ecdhe-rsa-gcm", "advertised"), ("version-none-shared", "advertised")]
COLUMNS = ["No.", "Time", "Source", "Destination", "Protocol", "Length", "Device", "Fit", "Outcome", "Cause",
           "Certificate", "Info"]


class Tshark:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder

    def run(self, capture, device, *arguments):
        command = [str(ROOT / "scripts" / "tshark-with-plugin"), str(self.build), "-C", NAME, "-2", "-r",
                   str(ROOT / "test_captures" / capture / "capture.pcapng"), "-o", "tlsfit.device:" + device]
        done = subprocess.run(command + list(arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False, env={"PATH": "/usr/bin:/bin", "TLSFIT_RUN_DIR": self.folder})
        if done.returncode == 77:
            print(f"SKIP: {done.stderr.strip()}")
            raise SystemExit(77)
        errors = [line for line in done.stderr.splitlines() if "Running as user" not in line]
        if done.returncode != 0 or errors:
            raise SystemExit(f"status {done.returncode} of {arguments}:\n" + "\n".join(errors))
        return done.stdout.splitlines()


def lines_of(name):
    text = (PROFILE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def colour_rules():
    """name -> filter"""
    return dict(line.split("@")[1:3] for line in lines_of("colorfilters"))


def buttons():
    """name -> filter; in this file a quotation mark inside of a field is written \\x22."""
    fields = (re.findall(r'"([^"]*)"', line) for line in lines_of("dfilter_buttons"))
    return {label: expression.replace(r"\x22", '"') for _, label, expression, _ in fields}


def columns_complain(tshark):
    titles = re.findall(r'^\t"([^"]+)", "', (PROFILE / "preferences").read_text(encoding="utf-8"), re.M)
    if titles != COLUMNS:
        yield f"the columns are {titles}, wanted {COLUMNS}"
    row = tshark.run(*SEED, "-Y", "frame.number == 8")
    if len(row) != 1 or not re.search(r" inventek-ism43362 .*stalled cert_signature_algorithm 1 ", row[0]):
        yield f"the row of packet 8 is {row}"


def colours_complain(tshark):
    picked = set()
    for capture, device in CAPTURES:
        shown = tshark.run(capture, device, "--color", "-T", "fields", "-e", "frame.number", "-e",
                           "frame.coloring_rule.name")
        picked |= {line.split("\t")[1] for line in shown}
        if (capture, device) == SEED and "6\tDevice cannot handle this" not in shown:
            yield f"the packet with the certificate is not red: {shown}"
    # What goes wrong on the way of a packet is no business of these captures.
    never = set(colour_rules()) - picked - {"TCP trouble", "TCP reset"}
    for name in sorted(never):
        yield f"the colour rule {name} colours no packet of the captures"


def filters_complain(tshark, filters, what):
    if not filters:
        yield f"there is no {what}"
    for name, expression in filters.items():
        if not any(tshark.run(capture, device, "-Y", expression) for capture, device in CAPTURES):
            yield f"the {what} {name} finds nothing: {expression}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder).chmod(0o755)
        shutil.copytree(PROFILE, pathlib.Path(folder) / "home-tshark" / ".config" / "wireshark" / "profiles" / NAME)
        tshark = Tshark(arguments.build, folder)
        complaints = [*columns_complain(tshark), *colours_complain(tshark),
                      *filters_complain(tshark, buttons(), "filter button")]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
