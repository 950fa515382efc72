#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Calls the completion functions of bash and zsh as the shells do, with the command that was just built.

In: the shell, the folder with the program, the completion file, the cases. Out: exit status 0 or 1, 77 without the shell.
zsh's own functions are replaced by ones that print what they are given: its line editor takes no part.
"""
import argparse
import configparser
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_tlsfit
printf '%s\\n' "${COMPREPLY[@]}"
"""

ZSH = """
_describe() { print -l -- "${(P@)2%%:*}" }
compadd() { shift; print -l -- "$@" }
compset() { return 1 }
_files() { print FILES }
file=$1; shift
words=("$@"); CURRENT=${#words}
source "$file"
"""


def offered(shell, program, file, words):
    script = BASH if shell == "bash" else ZSH
    clean = ["--norc", "--noprofile"] if shell == "bash" else ["-f"]
    environment = dict(os.environ, PATH=f"{program}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
    done = subprocess.run([shell, *clean, "-c", script, shell, str(file), *words], capture_output=True, text=True,
                          check=False, env=environment, timeout=60)
    return done.stdout.split(), done.stderr


def complaints_of(name, case, result):
    found, errors = result
    said = [f"[{name}] {errors}"] if errors else []
    said += [f"[{name}] {word} is not offered: {found[:12]}" for word in case.get("has", "").split() if word not in found]
    said += [f"[{name}] {word} is offered" for word in case.get("lacks", "").split() if word in found]
    return said


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--shell", choices=["bash", "zsh"], required=True)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="the folder with tlsfit in it")
    parser.add_argument("--file", type=pathlib.Path, required=True)
    parser.add_argument("cases", type=pathlib.Path)
    arguments = parser.parse_args()
    if not shutil.which(arguments.shell):
        print(f"SKIP: {arguments.shell} is not installed")
        return 77
    cases = configparser.ConfigParser(interpolation=None)
    cases.read(arguments.cases, encoding="utf-8")
    complaints, count = [], 0
    for name in cases.sections():
        case = cases[name]
        if case.get("shell", arguments.shell) != arguments.shell:
            continue
        count += 1
        words = shlex.split(case["words"])
        complaints += complaints_of(name, case, offered(arguments.shell, arguments.program, arguments.file, words))
    print("\n".join(complaints + [f"{count} cases"]))
    return 1 if complaints or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
