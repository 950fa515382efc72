#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Device profiles as data: every profile against its snapshot, every bad profile against its exact errors.
#
#   good/<id>.txt                   what `tlsfit devices show <id>` says of the built-in profile
#   own/<id>.ini, own/<id>.txt      profiles of this test, for what no built-in profile uses yet
#   bad/<name>.ini, <name>.expected one profile and its errors, a line each: LINE: MESSAGE
#   bad/<name>/*.ini, expected      several profiles that are read together: FILE:LINE: MESSAGE
#
# The cases are found by folder. With --update the snapshots and expectations are written instead of compared; look
# at the difference before it is committed. Does not test how a device judges anything: test_device.c and test_library.c do.
import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT_S = 60


class Runner:
    def __init__(self, binary, update, home):
        self.binary = os.path.abspath(binary)
        self.update = update
        self.environment = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home, LC_ALL="C.UTF-8")
        self.cases = 0
        self.failed = 0

    def tlsfit(self, *words, cwd=HERE):
        return subprocess.run([self.binary, "devices", *words], cwd=cwd, env=self.environment, timeout=TIMEOUT_S,
                              capture_output=True, encoding="utf-8")

    def fail(self, name, why):
        self.failed += 1
        print(f"FAIL {name}: {why}")

    def compare(self, name, path, actual):
        self.cases += 1
        if self.update:
            with open(path, "w", encoding="utf-8") as file:
                file.write(actual)
            return
        if not os.path.exists(path):
            self.fail(name, f"{os.path.relpath(path, HERE)} is missing")
            return
        with open(path, encoding="utf-8") as file:
            wanted = file.read()
        if wanted != actual:
            self.fail(name, "differs")
            sys.stdout.writelines(difflib.unified_diff(
                wanted.splitlines(True), actual.splitlines(True), os.path.relpath(path, HERE), "actual"))


def listed_files(folder, suffix):
    return sorted(name[:-len(suffix)] for name in os.listdir(os.path.join(HERE, folder)) if name.endswith(suffix))


def check_good(runner):
    result = runner.tlsfit("list", "--json")
    if result.returncode != 0:
        runner.fail("list", f"exit status {result.returncode}: {result.stderr.strip()}")
        return
    ids = [device["id"] for device in json.loads(result.stdout)]
    for device in ids:
        shown = runner.tlsfit("show", device)
        if shown.returncode != 0:
            runner.fail(device, f"exit status {shown.returncode}: {shown.stderr.strip()}")
        runner.compare(device, os.path.join(HERE, "good", device + ".txt"), shown.stdout)
    for name in sorted(set(listed_files("good", ".txt")) - set(ids)):
        runner.fail(name, f"good/{name}.txt is there, and no such profile")


def check_own(runner):
    for name in listed_files("own", ".ini"):
        lint = runner.tlsfit("lint", "-p", "own", f"own/{name}.ini")
        if lint.returncode != 0 or lint.stdout or lint.stderr:
            runner.fail(name, f"lint says {lint.returncode}: {lint.stderr.strip()}")
        shown = runner.tlsfit("show", "-p", "own", name)
        if shown.returncode != 0:
            runner.fail(name, f"exit status {shown.returncode}: {shown.stderr.strip()}")
        runner.compare(name, os.path.join(HERE, "own", name + ".txt"), shown.stdout)


def lint_errors(runner, name, files, cwd, with_file):
    """The errors as lines; what is not of the form FILE:LINE: error: MESSAGE is a failure of its own."""
    result = runner.tlsfit("lint", *files, cwd=cwd)
    lines = []
    for line in result.stderr.splitlines():
        place, found, message = line.partition(": error: ")
        if not found or place.split(":")[0] not in files:
            runner.fail(name, f"no error with its file: {line}")
        if not with_file:
            place = place.split(":", 1)[1] if ":" in place else "0"
        lines.append(f"{place}: {message}\n")
    if result.returncode != 2 or result.stdout:
        runner.fail(name, f"exit status {result.returncode} instead of 2, standard output {result.stdout!r}")
    if not lines:
        runner.fail(name, "no error at all")
    return "".join(lines)


def check_bad(runner):
    folder = os.path.join(HERE, "bad")
    for entry in sorted(os.listdir(folder)):
        path = os.path.join(folder, entry)
        if os.path.isdir(path):
            files = sorted(name for name in os.listdir(path) if name.endswith(".ini"))
            runner.compare(entry, os.path.join(path, "expected"), lint_errors(runner, entry, files, path, True))
        elif entry.endswith(".ini"):
            name = entry[:-len(".ini")]
            runner.compare(name, os.path.join(folder, name + ".expected"),
                           lint_errors(runner, name, [entry], folder, False))


def main():
    parser = argparse.ArgumentParser(description="test device profiles")
    parser.add_argument("binary", help="the command tlsfit")
    parser.add_argument("--update", action="store_true", help="write the snapshots instead of comparing")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        runner = Runner(options.binary, options.update, home)
        check_good(runner)
        check_own(runner)
        check_bad(runner)
    if runner.cases == 0:
        print("FAIL: no case found")
        return 1
    print(f"{runner.cases} cases, {runner.failed} failed")
    if runner.failed:
        print(f"to accept what it says now: {os.path.relpath(__file__)} --update {options.binary}")
    return 1 if runner.failed else 0


if __name__ == "__main__":
    sys.exit(main())
