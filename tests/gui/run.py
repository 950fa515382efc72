#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, as a user sees it.

    seed      the first seed capture: packet list, expert dialog, statistics, preferences by id and by name, assignments
    seeds     every capture of the seeds (those whose case.ini has one): what is to blame is in the packet list and red
    switch    a capture of many handshakes: another device in the running window leaves nothing of the one before

In: the build directory, PART; with --pictures a folder that gets screenshots (those of "seed" stand in the
documentation); with --count the number of handshakes of "switch". Out: exit status 0, or 1 and what was not to be seen;
77 where a program is missing. What is red on the screen is counted in lines of text.
Not done: reading text off the screen; that the texts are right is the business of tests/capture.
"""
import argparse
import pathlib
import shutil
import sys
import tempfile

import seed
import seeds
import switch
from desktop import Desktop, Failure, missing

PARTS = {"seed": seed.steps, "seeds": seeds.steps, "switch": switch.steps}


class Setting:
    """What the parts share."""

    def __init__(self, desktop, arguments, folder):
        self.desktop, self.build, self.folder = desktop, arguments.build.resolve(), pathlib.Path(folder)
        self.pictures, self.count = arguments.pictures, arguments.count

    def show(self, window, name):
        if self.pictures:
            window.save(self.pictures / name)


def run(arguments):
    with tempfile.TemporaryDirectory() as folder, Desktop(1400, 900) as desktop:
        pathlib.Path(folder).chmod(0o755)
        try:
            for step in PARTS[arguments.part](Setting(desktop, arguments, folder)):
                print(step)
        except Failure:
            screen = arguments.build / f"gui-{arguments.part}-failed.png"
            desktop.root().save(screen)
            print(f"the screen is in {screen}")
            raise


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("part", choices=PARTS)
    arguments = parser.parse_args()
    lacking = missing() + [program for program in ["wireshark"] if shutil.which(program) is None]
    if lacking:
        print(f"SKIP: not installed: {', '.join(lacking)}")
        return 77
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    try:
        run(arguments)
    except Failure as failure:
        print(f"FAIL: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
