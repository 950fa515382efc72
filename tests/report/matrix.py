#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Matrices in every format against what the folder expects.

In: the driver, a folder of NAME.ini with NAME.text, NAME.csv, NAME.json beside it. Out: exit status 1 and what differs.
CSV and JSON are also read by Python's own readers, HTML by html_check.py; colours may only colour.
"""

import argparse
import csv
import io
import json
import pathlib
import re
import subprocess
import sys

import html_check

COMPARED = ("text", "csv", "json")


def report(driver, case, form):
    result = subprocess.run([driver, case, form], capture_output=True, check=True)
    return result.stdout.decode("utf-8")


def check_readers(outputs):
    found = []
    rows = list(csv.reader(io.StringIO(outputs["csv"], newline="")))
    matrix = json.loads(outputs["json"])
    cells = sum(len(device["cells"]) for device in matrix["devices"])
    if {len(row) for row in rows} != {9} or len(rows) != cells + 1:
        found.append(f"CSV has {len(rows)} lines, the JSON {cells} cells")
    if not outputs["csv"].endswith("\r\n") or "\n" in outputs["csv"].replace("\r\n", ""):
        found.append("CSV lines do not all end in CRLF")
    if re.sub(r"\033\[[0-9;]*m", "", outputs["colour"]) != outputs["text"] or "\033" not in outputs["colour"]:
        found.append("the colours change more than the colour, or there are none")
    problems, text = html_check.problems(outputs["html"])
    found += [f"HTML: {problem}" for problem in problems]
    for device in matrix["devices"]:
        if device["id"].isprintable() and device["id"] not in text:
            found.append(f"HTML does not show {device['id']}")
    return found


def check_case(driver, case, update):
    outputs = {form: report(driver, case, form) for form in (*COMPARED, "colour", "html")}
    found = check_readers(outputs)
    for form in COMPARED:
        expected = case.with_suffix("." + form)
        if update:
            expected.write_bytes(outputs[form].encode())
        elif not expected.exists() or expected.read_bytes().decode() != outputs[form]:
            found.append(f"{expected.name} differs; it is now\n{outputs[form]}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--update", action="store_true", help="write what comes out now; read the difference")
    arguments = parser.parse_args()
    cases = sorted(arguments.folder.glob("*.ini"))
    failed = 0
    for case in cases:
        found = check_case(arguments.driver, case, arguments.update)
        failed += bool(found)
        print("\n".join(f"{case.stem}: {line}" for line in found or ["as expected"]))
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
