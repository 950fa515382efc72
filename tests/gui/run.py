#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark itself, as a user sees it: the seed capture, the configuration profile, the dialogs, a change of device.

In: the build directory; with --pictures a folder that gets the screenshots of the documentation. Out: exit status 0,
or 1 and what was not to be seen; 77 where a program is missing. What is red on the screen is counted in lines of text.
Not done: reading text off the screen; that the texts are right is the business of tests/capture.
"""
import argparse
import pathlib
import shutil
import sys
import tempfile

from desktop import Desktop, Failure, missing, wait

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILE = "TLS device"
CAPTURE = ROOT / "test_captures" / "inventek-stall-sha384-intermediate" / "capture.pcapng"
ERROR = "#ff5c5c"    # Wireshark's colour of an expert info of severity Error
GUILTY = "#c82028"   # the colour rule of what the device cannot handle
NOTE = "#a0ffff"     # and of severity Note
FIRST_LINE = (300, 41)  # in an expert dialog
SEARCH = (700, 366)  # the field to search in, in an expert dialog of 1200 x 420
DEVICE = (480, 84)   # the line with the device, in preferences of 1150 x 560
# What Wireshark says of itself on a machine without a session, without Wi-Fi, and when a window goes.
HARMLESS = ("XDG_RUNTIME_DIR", "nl80211 not found", "QXcbConnection", "Running as user", "MESA", "libGL", "dconf")


class Wireshark:
    def __init__(self, desktop, build, folder, pictures):
        profiles = pathlib.Path(folder) / "home-wireshark" / ".config" / "wireshark" / "profiles"
        shutil.copytree(ROOT / "plugin" / "configuration-profile" / PROFILE, profiles / PROFILE)
        self.desktop, self.pictures = desktop, pictures
        self.process = desktop.start(
            [str(ROOT / "scripts" / "tshark-with-plugin"), str(build), "-C", PROFILE, "-r", str(CAPTURE), "-g", "6",
             "-o", "tlsfit.device:inventek-ism43362", "-o", "gui.layout_content_3:NONE"],
            {**desktop.environment, "TLSFIT_TSHARK": "wireshark", "TLSFIT_RUN_DIR": folder})
        self.main = desktop.window(CAPTURE.name)
        self.main.place(0, 0, 1400, 860)

    def show(self, window, name):
        if self.pictures:
            window.save(self.pictures / name)

    def opened(self, title, x, y, width, height, *keys):
        """A dialog that these keys open."""
        self.main.activate()
        self.main.keys(*keys)
        window = self.desktop.window(title)
        window.place(x, y, width, height)
        window.activate()
        window.settle()
        return window

    def closed(self, window, title):
        window.activate()
        window.keys("Escape")
        wait(f"\"{title}\" to close", lambda: not self.desktop.is_open(title))
        self.main.activate()


def red(window, colour, least, what):
    """Waits for so many lines of that colour; how many they are."""
    return wait(what, lambda: (count := window.rows(colour)) >= least and count)


def packet_list(wireshark):
    red(wireshark.main, GUILTY, 1, "a packet in the colour of what the device cannot handle")
    red(wireshark.main, ERROR, 1, "the protocol that holds the guilty certificate, in red")
    wireshark.show(wireshark.main, "packets.png")


def expert_dialog(wireshark):
    """The Error about the certificate leads to it: the path to it is red."""
    before = wireshark.main.rows(ERROR)
    dialog = wireshark.opened("Wireshark · Expert Information", 60, 60, 1200, 420, "alt+a", "Up", "Return")
    red(dialog, ERROR, 1, "an Error in the expert dialog")
    wireshark.show(dialog, "expert.png")
    dialog.click(*SEARCH)
    dialog.text("Server Hello")  # in the Info column of the packet with the certificates
    # The Error is the first line then, red, or blue where it was selected before.
    wait("the Notes to go with the search", lambda: dialog.rows(NOTE) == 0)
    dialog.click(*FIRST_LINE)
    dialog.keys("Right", "Down")
    wireshark.closed(dialog, "Wireshark · Expert Information")
    after = red(wireshark.main, ERROR, before + 4, "the path to the certificate, in red")
    print(f"{before} red lines before, {after} with the path to the certificate")
    wireshark.show(wireshark.main, "certificate.png")


def statistics(wireshark):
    dialog = wireshark.opened("Wireshark · TLS Fit", 60, 60, 900, 420, "alt+s", "Up", "Return")
    wireshark.show(dialog, "statistics.png")
    wireshark.closed(dialog, "Wireshark · TLS Fit")


def preferences(wireshark):
    """Another device, which can do all that: nothing may stay red."""
    dialog = wireshark.opened("Wireshark · Preferences", 60, 60, 1150, 560, "ctrl+shift+p")
    dialog.click(80, 45)
    dialog.text("Protocols")
    dialog.keys("Right")
    dialog.text("TLSFIT")
    wireshark.show(dialog, "preferences.png")
    dialog.click(*DEVICE)
    dialog.keys("ctrl+a")
    dialog.text("openssl-3.5.0")
    dialog.keys("Return")
    wait("the preferences to close", lambda: not wireshark.desktop.is_open("Wireshark · Preferences"))
    wait("the red to go with the device", lambda: not [colour for colour in (GUILTY, ERROR)
                                                       if wireshark.main.rows(colour) != 0])


def end(wireshark):
    """A clean exit, and nothing on standard error that Wireshark without the plugin would not say."""
    wireshark.main.activate()
    wireshark.desktop.say("xdotool", "key", "ctrl+q")
    wait("Wireshark to end", lambda: wireshark.process.poll() is not None)
    if wireshark.process.returncode != 0:
        raise Failure(f"Wireshark ends with status {wireshark.process.returncode}")
    said = [line for line in wireshark.desktop.errors_of(wireshark.process).splitlines()
            if line.strip() and not any(word in line for word in HARMLESS)]
    if said:
        raise Failure("Wireshark says on standard error:\n" + "\n".join(said))


STEPS = [packet_list, expert_dialog, statistics, preferences, end]


def run(build, pictures):
    with tempfile.TemporaryDirectory() as folder, Desktop(1400, 900) as desktop:
        pathlib.Path(folder).chmod(0o755)
        wireshark = Wireshark(desktop, build, folder, pictures)
        for step in STEPS:
            print(step.__name__)
            try:
                step(wireshark)
            except Failure:
                desktop.root().save(build / "gui-failed.png")
                print(f"the screen is in {build / 'gui-failed.png'}")
                raise


def main():
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--pictures", type=pathlib.Path)
    arguments = parser.parse_args()
    lacking = missing() + [program for program in ["wireshark"] if shutil.which(program) is None]
    if lacking:
        print(f"SKIP: not installed: {', '.join(lacking)}")
        return 77
    try:
        run(arguments.build.resolve(), arguments.pictures)
    except Failure as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
