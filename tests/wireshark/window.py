#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, without anybody in front of it (Xvfb). What a person does in the window is in tests/gui.

    pick    a device that was picked from the list of names is saved as its id

    window.py --build BUILD PART...
"""
import argparse
import atexit
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from tshark import CAPTURES, ROOT, SKIP, check, run_parts, skip

CAPTURE = CAPTURES / "inventek-stall-sha384-intermediate" / "capture.pcapng"
PATIENCE = 600  # seconds: how long a window may take on a busy machine


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.3)
    return False


class Windows:
    def __init__(self, build, work):
        for program in ("Xvfb", "wireshark", "xdotool"):
            if not shutil.which(program):
                skip(program + " is not installed")
        self.build, self.work = build, work
        self.screen = self.open_screen()

    @staticmethod
    def open_screen():
        read, write = os.pipe()
        screen = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x1024x24"],
                                  pass_fds=[write], stderr=subprocess.DEVNULL)
        atexit.register(screen.kill)
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        return ":" + number if number else skip("Xvfb does not start here")

    def open(self, *arguments):
        settings = dict(os.environ, DISPLAY=self.screen, TLSFIT_TSHARK="wireshark",
                        TLSFIT_RUN_DIR=str(self.work / "run"))
        process = subprocess.Popen([str(ROOT / "scripts" / "tshark-with-plugin"), str(self.build), "-r", str(CAPTURE),
                                    *arguments], env=settings, stdout=subprocess.DEVNULL,
                                   stderr=(self.work / "errors").open("wb"))
        atexit.register(process.kill)
        return process

    def tool(self, *words):
        done = subprocess.run(["xdotool", *words], env=dict(os.environ, DISPLAY=self.screen), stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False, text=True)
        return done.stdout.split()

    def window(self, process, title):
        """Its number, the newest one of that title; None without."""
        if process.poll() == SKIP:
            skip((self.work / "errors").read_text(encoding="utf-8", errors="replace").strip())
        check(process.poll() is None, f"Wireshark ended: status {process.poll()}")
        return next(reversed(self.tool("search", "--name", title)), None)

    def pick(self):
        """As the window leaves it: saved before the pick was taken."""
        saved = self.work / "run" / "home-wireshark" / ".config" / "wireshark" / "preferences"
        saved.parent.mkdir(parents=True)
        saved.write_text("tlsfit.device: inventek-ism43362\ntlsfit.device_list: bearssl-0.6\n", encoding="utf-8")
        process = self.open()
        check(wait_for(lambda: self.window(process, "^capture.pcapng")), "no window of Wireshark")

        def lines():
            return [line for line in saved.read_text(encoding="utf-8").splitlines() if line.startswith("tlsfit.")]
        check(wait_for(lambda: lines() == ["tlsfit.device: bearssl-0.6"]), f"saved: {lines()}")
        process.terminate()
        process.wait(timeout=PATIENCE)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["pick"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        windows = Windows(arguments.build, work)
        return run_parts({part: getattr(windows, part) for part in arguments.parts}, arguments.parts)


if __name__ == "__main__":
    sys.exit(main())
