#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs one check of the source tree, or proves that the check can fail.

In: --root and the name of a check. Out: one line a violation, and exit status 1 if there is any, or
if nothing was there to check; 77 where a tool is missing. With --self-test the check runs on small
made-up trees instead: it must pass the clean one and fail each planted one.
"""

import argparse
import pathlib
import sys

import checks
import selftest
import shape

CHECKS = {
    "layering": checks.layering,
    "spdx": checks.spdx,
    "version-macros": checks.version_macros,
    "generated-includes": checks.generated_includes,
    "open-ends": checks.open_ends,
    "machine-paths": checks.machine_paths,
    "shell": checks.shell,
    "function-length": shape.function_length,
    "file-length": shape.file_length,
    "rule-list": shape.rule_list,
}
MISSING_TOOL = {"shell": checks.shell_missing}


def run(check, root):
    counted, violations = check(root)
    for line in violations:
        print(line)
    if counted == 0:
        print(f"nothing was checked in {root}")
    print(f"{counted} checked, {len(violations)} violations")
    return 1 if violations or counted == 0 else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("check", choices=sorted(CHECKS))
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    missing = MISSING_TOOL.get(arguments.check, lambda: None)()
    if missing:
        print(f"SKIP: {missing}")
        return 77
    check = CHECKS[arguments.check]
    if arguments.self_test:
        return selftest.run(arguments.check, check)
    return run(check, arguments.root)


if __name__ == "__main__":
    sys.exit(main())
