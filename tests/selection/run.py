#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which device does the plugin choose by itself ("auto")? By the ClientHello, and by the table of assignments.

In: the wrapper that runs tshark with the plugin, a build. Out: exit status and a line a failure.

    run.py --wrapper W --build B recognise     test_captures/: recognised.ini names those that are recognised; all
                                               others must stay unrecognised
    run.py --wrapper W --build B others        the same for the captures in the folder TLSFIT_MORE_CAPTURES: none of their
                                               ClientHellos may be taken for a device that it is not; 77 without it
    run.py --wrapper W --build B assign        assignments.ini: rows of the table and the device that they lead to,
                                               given as -o uat: and as the file
"""
import argparse
import configparser
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def tshark(options, capture, extra=(), environment=None):
    """(device, source) of every handshake, standard error, exit status."""
    command = [options.wrapper, options.build, "-r", str(capture), "-q", "-z", "tlsfit,json", *extra]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace",
                          timeout=300, check=False, env=environment)
    chosen = []
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            handshake = json.loads(line)
            chosen.append((handshake["device"], handshake["device_source"]))
    errors = [line for line in done.stderr.splitlines() if line and "Running as user" not in line]
    return chosen, "\n".join(errors), done.returncode


def read_ini(name):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(HERE / name, encoding="utf-8")
    return parser


def check_recognition(options, captures, expected):
    failed = handshakes = 0
    for name, capture in captures:
        wanted = expected.get(name, "advertised")
        chosen, errors, status = tshark(options, capture)
        handshakes += len(chosen)
        if status != 0 or errors:
            print(f"FAIL {name}: status {status}: {errors}")
            failed += 1
        for device, source in chosen:
            if device != wanted or source != ("advertised" if wanted == "advertised" else "fingerprint"):
                print(f"FAIL {name}: {device} by {source} instead of {wanted}")
                failed += 1
    print(f"{len(captures)} captures, {handshakes} handshakes, {failed} failed")
    return 1 if failed or handshakes == 0 else 0


def recognise(options):
    captures = [(path.parent.name, path) for path in sorted((ROOT / "test_captures").glob("*/capture.pcapng"))]
    return check_recognition(options, captures, dict(read_ini("recognised.ini")["recognised"]))


def others(options):
    folder = os.environ.get("TLSFIT_MORE_CAPTURES")
    if not folder:
        print("SKIP: TLSFIT_MORE_CAPTURES names no folder with captures of others")
        return 77
    captures = [(path.name, path) for path in sorted(pathlib.Path(folder).glob("*.pcap*"))]
    return check_recognition(options, captures, {})


def assign_case(options, name, case, as_file):
    rows = [row for row in case["rows"].splitlines() if row.strip()]
    capture = ROOT / "test_captures" / case["capture"] / "capture.pcapng"
    extra, environment = [], dict(os.environ)
    with tempfile.TemporaryDirectory() as run_dir:
        if as_file:
            folder = pathlib.Path(run_dir) / "home-tshark" / ".config" / "wireshark"
            folder.mkdir(parents=True)
            (folder / "tlsfit_devices").write_text("\n".join(rows) + "\n", encoding="utf-8")
            for path in (pathlib.Path(run_dir), *folder.parents, folder):
                if str(path).startswith(run_dir):
                    path.chmod(0o777)
            environment["TLSFIT_RUN_DIR"] = run_dir
        else:
            for row in rows:
                extra += ["-o", "uat:tlsfit_devices:" + row]
        chosen, errors, _ = tshark(options, capture, extra, environment)
    wanted = [(case["device"], case["source"])] if "device" in case else []
    where = "file" if as_file else "-o uat:"
    if chosen != wanted and not ("error" in case and as_file):
        return [f"FAIL {name} ({where}): {chosen} instead of {wanted}; {errors}"]
    if case.get("error", "") not in errors or ("error" not in case and errors):
        return [f"FAIL {name} ({where}): standard error is {errors!r}"]
    return []


def assign(options):
    cases = read_ini("assignments.ini")
    failures = []
    for name in cases.sections():
        for as_file in (False, True):
            failures += assign_case(options, name, cases[name], as_file)
    for line in failures:
        print(line)
    print(f"{len(cases.sections())} cases, {len(failures)} failed")
    return 1 if failures or not cases.sections() else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrapper", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("part", choices=["recognise", "others", "assign"])
    options = parser.parse_args()
    return {"recognise": recognise, "others": others, "assign": assign}[options.part](options)


if __name__ == "__main__":
    sys.exit(main())
