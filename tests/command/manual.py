#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the manual page with the command: every subcommand and every option of its --help is in the page, and the
page is clean for mandoc and man where they are installed.

In: the command, the page. Out: exit status 0 or 1 and what is missing.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys


def output_of(*words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout, done.stderr


def section(page, name):
    found = re.search(rf"^\.Sh {name.upper()}$(.*?)(?=^\.Sh |\Z)", page, re.M | re.S)
    return found.group(1) if found else None


def missing_options(command, page, common):
    """The options of --help that neither the subcommand's section nor the common one has."""
    text = section(page, command)
    if text is None:
        return [f"no section for {command}"]
    options = re.findall(r"^\s+(?:-\w, )?--([a-z][a-z-]*)", output_of(arguments.tlsfit, command, "--help")[0], re.M)
    if not options:
        return [f"tlsfit {command} --help names no option"]
    return [f"{command}: --{option} is not in the page" for option in options
            if not re.search(rf"Fl -{re.escape(option)}(?![\w-])", text + common)]


def tools(path):
    """What mandoc and man have to say."""
    said = []
    if shutil.which("mandoc"):
        said += [line for line in output_of("mandoc", "-Tlint", "-W", "warning", str(path))[0].splitlines()]
    if shutil.which("man"):
        said += [line for line in output_of("man", "--warnings", "-l", str(path))[1].splitlines()
                 if "can't set the locale" not in line]
    return said


parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
parser.add_argument("--tlsfit", required=True)
parser.add_argument("page", type=pathlib.Path)
arguments = parser.parse_args()
PAGE = arguments.page.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^  ([a-z]+)  +\S", output_of(arguments.tlsfit, "--help")[0], re.M)
COMPLAINTS = [] if COMMANDS else ["tlsfit --help names no command"]
for name in COMMANDS:
    COMPLAINTS += missing_options(name, PAGE, section(PAGE, "description") or "")
COMPLAINTS += tools(arguments.page)
print("\n".join(COMPLAINTS + [f"{len(COMMANDS)} subcommands"]))
sys.exit(1 if COMPLAINTS else 0)
