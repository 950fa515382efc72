#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that nobody here made, against every profile: nothing crashes, nothing is claimed that no profile says.

In: a folder of captures in TLSFIT_MORE_CAPTURES, the build directory. Out: exit status 0, 1, or 77 without the folder.
The captures are not part of the project; what is checked holds for any capture.
"""
import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
GREASE = {f"0x{high:X}A{high:X}A" for high in range(16)}
CERTAIN = {"documented", "source-code", "observed"}


def tshark(build, capture, *arguments):
    done = subprocess.run([str(ROOT / "scripts" / "tshark-with-plugin"), str(build), "-r", str(capture), *arguments],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
    errors = [line for line in done.stderr.decode(errors="replace").splitlines() if "Running as user" not in line]
    return done.returncode, errors, done.stdout.decode(errors="replace")


def devices(build):
    done = subprocess.run([str(build / "src" / "tlsfit"), "devices", "list", "--json"], capture_output=True, check=True)
    listed = json.loads(done.stdout)
    return [device["id"] for device in (listed["devices"] if isinstance(listed, dict) else listed)]


def complaints_of_finding(device, finding):
    status, confidence = finding["status"], finding.get("confidence")
    outcome_rule = finding["subject"] in ("alert", "handshake")
    if status in ("cannot", "broken") and not outcome_rule and confidence not in CERTAIN:
        yield f"{finding['rule']} is {status} with the confidence {confidence}"
    if device == "advertised" and status in ("cannot", "broken"):
        yield f"{finding['rule']} is {status} though only the ClientHello is known"
    if status == "unknown" and finding.get("limit"):
        yield f"{finding['rule']} is unknown and names a limit"
    words = (finding.get("observed", "") + " " + finding.get("limit", "")).replace(";", " ").split()
    for word in GREASE.intersection(words):
        yield f"{finding['rule']} names the GREASE value {word}"


def check(build, capture, device, seen):
    problems = []
    results = []
    for passes in ([], ["-2"]):
        status, errors, output = tshark(build, capture, *passes, "-o", f"tlsfit.device:{device}", "-q", "-z",
                                        "tlsfit,json")
        if status != 0 or errors:
            problems.append(f"status {status}: {' '.join(errors)[:300]}")
        results.append([json.loads(line) for line in output.splitlines() if line.startswith("{")])
    if results[0] != results[1]:
        problems.append("one pass and two differ")
    for handshake in results[0]:
        seen["handshakes"] += 1
        for finding in handshake["findings"]:
            seen[finding["status"]] += 1
            problems += [f"handshake {handshake['stream']}: {text}" for text in complaints_of_finding(device, finding)]
        if device == "advertised" and handshake["outcome"] in ("completed", "resumed") and handshake["findings"]:
            problems.append(f"handshake {handshake['stream']} completed and has findings")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    folder = os.environ.get("TLSFIT_MORE_CAPTURES")
    if not folder:
        print("SKIP: TLSFIT_MORE_CAPTURES names no folder of captures")
        return 77
    captures = sorted(path for path in pathlib.Path(folder).iterdir() if ".pcap" in path.name)
    if not captures:
        print(f"{folder} holds no capture: nothing would be checked")
        return 1
    seen = collections.Counter()
    failed = 0
    for capture in captures:
        for device in ["advertised", *devices(build)]:
            for problem in check(build, capture, device, seen):
                failed += 1
                print(f"{capture.name}, {device}: {problem}")
    print(f"{len(captures)} captures, {seen['handshakes']} judgements: " +
          ", ".join(f"{seen[status]} {status}" for status in ("cannot", "broken", "suspect", "unknown")))
    if seen["handshakes"] == 0:
        print("no handshake was judged: nothing was checked")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
