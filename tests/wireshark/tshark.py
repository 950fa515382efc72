# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark with the plugin of a build, for the tests of this folder.

In: the build directory. Out: what tshark printed; a Failure where it said something on standard error that the test
did not expect. A tshark that cannot run here ends the test as skipped.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = ROOT / "test_captures"
SKIP = 77
PATIENCE = 900  # seconds: a run that takes longer hangs
# What tshark itself says, and what has nothing to do with the plugin.
OWN_REMARKS = re.compile(r"[Rr]unning as (the )?user|^\s*$")


class Failure(Exception):
    """Something is not as it should be; the text is for people."""


def skip(reason):
    print("SKIP:", reason)
    sys.exit(SKIP)


def check(holds, text):
    if not holds:
        raise Failure(text)


class Tshark:
    def __init__(self, build):
        self.command = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]

    def run(self, *arguments, expected=None, **settings):
        """The standard output. EXPECTED: a regular expression that every line on standard error must match."""
        done = subprocess.run(self.command + [str(argument) for argument in arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=PATIENCE, check=False, **settings)
        output, errors = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
        if done.returncode == SKIP:
            skip(errors.strip().splitlines()[-1] if errors.strip() else "tshark cannot run here")
        strange = [line for line in errors.splitlines()
                   if not OWN_REMARKS.search(line) and not (expected and re.search(expected, line))]
        check(done.returncode == 0 and not strange,
              f"{' '.join(map(str, arguments))}: status {done.returncode}, standard error:\n{errors}")
        return output


def run_parts(parts, wanted):
    """Runs the functions of the names in WANTED; the exit status of the test."""
    failed = 0
    for name in wanted:
        try:
            parts[name]()
            print("ok    ", name)
        except Failure as failure:
            failed += 1
            print("FAILED", name + ":", failure)
    return 1 if failed else 0
