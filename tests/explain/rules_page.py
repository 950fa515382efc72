#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares doc/rules.md with what `tlsfit explain --all --markdown` prints, and with the list of rules.

In: the command, the page, src/rules.def. Out: the first differences and the command that writes the page anew; exit
status 1 if there is any. With --update it writes the page.
"""
import argparse
import difflib
import pathlib
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsfit", type=pathlib.Path, required=True)
    parser.add_argument("--page", type=pathlib.Path, required=True)
    parser.add_argument("--rules", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    now = subprocess.run([arguments.tlsfit, "explain", "--all", "--markdown"], capture_output=True, text=True,
                         timeout=20, check=True).stdout
    if arguments.update:
        arguments.page.write_text(now, encoding="utf-8")
    page = arguments.page.read_text(encoding="utf-8") if arguments.page.exists() else ""
    problems = list(difflib.unified_diff(page.splitlines(), now.splitlines(), str(arguments.page.name), "now",
                                         lineterm=""))[:40]
    rules = re.findall(r"^TLSFIT_RULE\((\w+)\)", arguments.rules.read_text(encoding="utf-8"), re.M)
    headings = re.findall(r"^## (\w+)$", page, re.M)
    if not rules or headings != rules:
        problems.append(f"headings of the page that are no rule, or rules without one: "
                        f"{sorted(set(rules) ^ set(headings)) or 'the order differs'}")
    if problems:
        print("\n".join(problems))
        print(f"\nTo write the page anew: {arguments.tlsfit} explain --all --markdown > {arguments.page.name}")
        return 1
    print(f"{len(rules)} rules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
