#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does the experiment notice errors that were put in on purpose?

In: a build directory with the plugin, and its copy in which one rule is dumb.
Out: exit status 0 when a few pairs agree as they are, and do not agree once a
limit in a profile is wrong, or the rule says nothing; 77 as experiment.py.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

LAB = pathlib.Path(__file__).resolve().parent
DEVICE, LIMIT = "lab-curves-no-p384", "secp384r1"
PAIRS = [f"{DEVICE}/*/o12/p384-ca", f"{DEVICE}/*/o12/p521-ca", "lab-plain/mbedtls/o12/p256"]


def figures(build, folder, *more):
    command = [sys.executable, LAB / "experiment.py", "--build", build, "--full", "--out",
               folder, *more]
    for pattern in PAIRS:
        command += ["--only", pattern]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode == 77:
        print(done.stderr, file=sys.stderr, end="")
        sys.exit(77)
    if done.returncode not in (0, 1):
        sys.exit(f"planted: the experiment failed: {done.stdout}{done.stderr}")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return report["figures"], report["confusion"]


def expect(what, true, found, table):
    print(f"{'ok    ' if true else 'FAILED'} {what}: {found['disagreements']} disagreements, "
          f"{json.dumps(table)}")
    return 0 if true else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--dumb-plugin", required=True)
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="tlsfit-planted-") as work:
        work = pathlib.Path(work)
        found, table = figures(arguments.build, work)
        failed += expect("nothing planted", found["good"] and found["disagreements"] == 0
                         and found["labelled"] >= 2, found, table)
        wrong = work / "wrong.ini"
        text = (LAB / "devices" / f"{DEVICE}.ini").read_text(encoding="utf-8")
        wrong.write_text(text.replace(f"= {LIMIT}", "= secp521r1"), encoding="utf-8")
        if wrong.read_text(encoding="utf-8") == text:
            sys.exit("planted: the profile has changed, nothing was planted")
        found, table = figures(arguments.build, work, "--judge-with", f"{DEVICE}={wrong}")
        # The wrong limit misses the real failures and blames what completes.
        failed += expect("a limit is wrong in the profile", not found["good"]
                         and found["cause_right"] == 0
                         and found["completed_with_error"] >= 2, found, table)
        found, table = figures(arguments.build, work, "--plugin", arguments.dumb_plugin)
        failed += expect("a rule says nothing", not found["good"]
                         and found["cause_right"] == 0, found, table)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
