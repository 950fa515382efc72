#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the commands that a page of the documentation shows, and compares what they print with what the page says.

In: the build directory, a Markdown page. Out: exit status 0 or 1 and the differences; 77 where a program is missing
that only some of the commands need. A block is one of

    ```console
    $ command, which may go on \\
          in the next line
    what it prints, standard error too
    ```

run by a shell in a copy of test_captures, with the rest of the repository beside it; tshark has the plugin. In the
output "..." stands for anything within a line, and a line "..." for any lines. The blocks of a page share their folder, in order. --update writes the output
into the page, for those commands whose output has no "..." in it; the change is to be read before it is kept.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
# What a machine may lack; the rest of what the commands use is there wherever the tests run.
OPTIONAL = ("jq", "openssl", "editcap", "wireshark")
TIMEOUT_S = 120


def commands_of(block):
    """[(command, its output)], both as written."""
    found = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1] = (found[-1][0] + "\n" + line, [])
        elif found:
            found[-1][1].append(line)
        else:
            raise SystemExit(f"a block does not begin with a command: {line}")
    return found


def pattern_of(lines):
    """A regular expression for an output with "..." in it."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append("(?:.*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(map(re.escape, line.split("..."))) + "\n")
    return re.compile("".join(parts))


def programs(folder, build):
    """tlsfit and tshark by their names, as a user who installed them has them."""
    os.symlink(build / "src" / "tlsfit", folder / "tlsfit")
    wrapper = folder / "tshark"
    wrapper.write_text(f"#!/bin/sh\nTLSFIT_TSHARK={shutil.which('tshark')} exec "
                       f"{ROOT}/scripts/tshark-with-plugin {build} \"$@\"\n", encoding="utf-8")
    wrapper.chmod(0o755)


def printed(command, work, build):
    environment = {**os.environ, "PATH": f"{work}/programs:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TZ": "UTC",
                   "COLUMNS": "100", "TLSFIT_RUN_DIR": f"{work}/run", "HOME": f"{work}/home",
                   "TLSFIT_CAPTURE_PROGRAM": str(build / "capture" / "tlsfit-capture")}
    environment.pop("XDG_CONFIG_HOME", None)
    done = subprocess.run(["bash", "-c", command], cwd=work / "test_captures", env=environment, timeout=TIMEOUT_S,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    lines = done.stdout.decode(errors="replace").splitlines()
    return [line.rstrip() for line in lines if "Running as user" not in line]


def fits(wanted, lines):
    return pattern_of(wanted).fullmatch("".join(line + "\n" for line in lines)) is not None


class Page:
    def __init__(self, path, build):
        self.path, self.build = path, build
        self.text = path.read_text(encoding="utf-8")
        self.complaints, self.left_out, self.tried = [], set(), 0

    def one(self, command, wanted, work):
        """The lines for the page: what was printed, or what is written there already."""
        lacking = {name for name in OPTIONAL if re.search(rf"\b{name}\b", command) and not shutil.which(name)}
        if lacking:
            self.left_out |= lacking
            return wanted
        self.tried += 1
        lines = printed(command, work, self.build)
        if fits(wanted, lines):
            return wanted
        shown = difflib.unified_diff(wanted, lines, "in the page", "printed", lineterm="", n=1)
        self.complaints.append(f"$ {command}\n" + "\n".join(shown))
        return wanted if any("..." in line for line in wanted) else lines

    def run(self, work):
        """The page with the outputs of today."""
        (work / "programs").mkdir()
        (work / "home").mkdir()
        programs(work / "programs", self.build)
        shutil.copytree(ROOT / "test_captures", work / "test_captures")
        for folder in ("tests", "profiles", "doc"):
            os.symlink(ROOT / folder, work / folder)

        def replace(found):
            parts = []
            for command, wanted in commands_of(found.group(1)):
                parts += ["$ " + command, *self.one(command, wanted, work)]
            return "```console\n" + "\n".join(parts) + "\n```"
        return BLOCK.sub(replace, self.text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    if shutil.which("tshark") is None:
        print("SKIP: tshark is not installed")
        return 77
    page = Page(arguments.page, arguments.build.resolve())
    with tempfile.TemporaryDirectory() as work:
        pathlib.Path(work).chmod(0o755)
        text = page.run(pathlib.Path(work).resolve())
    if arguments.update:
        arguments.page.write_text(text, encoding="utf-8")
    print("\n".join(page.complaints))
    print(f"{page.tried} commands, {len(page.complaints)} print something else than the page says")
    if page.complaints:
        print(f"to see the page with today's output: {' '.join(sys.argv)} --update, then git diff")
    if page.tried == 0 and not page.left_out:
        print("the page shows no command")
        return 1
    if page.left_out and not page.complaints:
        print(f"SKIP: not installed: {', '.join(sorted(page.left_out))}; all other commands were tried")
        return 77
    return 1 if page.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
