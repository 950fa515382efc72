#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests `tlsfit annotate` on all captures of test_captures/, and on those in the folder TLSFIT_MORE_CAPTURES.

In: a build directory, the name of a check. Out: exit status 0 or 1, and what is wrong.

    run.py --build BUILD same      the JSON is what tshark with the plugin prints, byte for byte
"""
import argparse
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_CAPTURES = {".md", ".json", ".ini", ".txt", ".keys", ".keylog"}


class Failure(Exception):
    """Something that is not as it should be; the text is for people."""


class Tools:
    """The built command, and tshark with the built plugin."""

    def __init__(self, build):
        self.tlsfit = str(build / "src" / "tlsfit")
        self.wrapper = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
        home = build / "annotate-home"
        home.mkdir(exist_ok=True)
        self.environment = dict(os.environ, HOME=str(home), LC_ALL="C.UTF-8")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "WIRESHARK_CONFIG_DIR", "TLSFIT_CAPTURE_PROGRAM"):
            self.environment.pop(name, None)

    def annotate(self, *arguments, statuses=(0, 1, 3)):
        """(standard output, standard error); the exit status must be one of STATUSES."""
        done = subprocess.run([self.tlsfit, "annotate", *map(str, arguments)], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, check=False, env=self.environment)
        if done.returncode not in statuses:
            raise Failure(f"annotate {' '.join(map(str, arguments))}: status {done.returncode}, standard error:\n"
                          + done.stderr.decode(errors="replace"))
        return done.stdout, done.stderr.decode(errors="replace")

    def tshark(self, capture, *arguments):
        """Standard output, and whether it could read the capture to its end."""
        done = subprocess.run([*self.wrapper, "-r", str(capture), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, check=False)
        if done.returncode == 77:
            print("SKIP: " + done.stderr.decode(errors="replace").strip())
            sys.exit(77)
        return done.stdout, done.returncode == 0

    def handshakes(self, capture, device):
        output, complete = self.tshark(capture, "-o", f"tlsfit.device:{device}", "-q", "-z", "tlsfit,json")
        return b"".join(line for line in output.splitlines(True) if line.startswith(b"{")), complete


def captures():
    """All captures: at least those of the project."""
    found = sorted((ROOT / "test_captures").glob("*/capture.pcapng"))
    if not found:
        raise Failure("test_captures/ has no capture: nothing would be checked")
    more = os.environ.get("TLSFIT_MORE_CAPTURES")
    if more:
        found += sorted(path for path in pathlib.Path(more).iterdir()
                        if path.is_file() and path.suffix not in NOT_CAPTURES)
    return found


def device_of(capture):
    """Alternating, so that some captures are judged against a profile and some against their own ClientHello."""
    return "inventek-ism43362" if len(str(capture.parent.name)) % 2 else "advertised"


def check_same(tools):
    failed = handshakes = 0
    for capture in captures():
        device = device_of(capture)
        wanted, complete = tools.handshakes(capture, device)
        got, errors = tools.annotate("-d", device, "--report", "-", capture, statuses=(0, 1, 3) if complete else (2,))
        handshakes += wanted.count(b"\n")
        if got != wanted or (complete and errors):
            failed += 1
            print(f"FAIL {capture}: {device}: not what tshark prints\n{errors}")
    print(f"{len(captures())} captures, {handshakes} handshakes, {failed} failed")
    return failed


CHECKS = {"same": check_same}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("check", choices=sorted(CHECKS))
    arguments = parser.parse_args()
    try:
        failed = CHECKS[arguments.check](Tools(arguments.build))
    except Failure as failure:
        print(f"FAIL {failure}")
        failed = 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
