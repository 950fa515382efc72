# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's window with the plugin and the configuration profile "TLS device", and what a person does in it.

In: a desktop, the build directory, a folder for settings. Out: its windows, what its packet list says as rows, and
what it said on standard error. The rows come from Wireshark's own export, so no text is read off the screen.
"""
import csv
import pathlib
import shutil
import time

from desktop import Failure, wait

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROFILE = "TLS device"
PREFERENCES = "Wireshark · Preferences"
EXPORT = "Wireshark · Export Packet Dissections"
ERROR = "#ff5c5c"    # Wireshark's colour of an expert info of severity Error
WARNING = "#f7f253"  # of severity Warning
NOTE = "#a0ffff"     # and of severity Note
GUILTY = "#c82028"   # the colour rule of what the device cannot handle
PROBABLY = "#ffc048"  # and of what it probably cannot handle
# In preferences of 1150 x 600. How wide the list of pages is differs from time to time: these places are right always.
PAGES = (80, 45)
DEVICE = (500, 84)
NAMES = (700, 115)
NEW_WORD_S = 0.6  # what is typed into a list within 0.4 s of the last letter still belongs to that word (Qt)
# What Wireshark says of itself on a machine without a session, without Wi-Fi, and when a window goes.
HARMLESS = ("XDG_RUNTIME_DIR", "nl80211 not found", "QXcbConnection", "Running as user", "MESA", "libGL", "dconf",
            "FIX Add drag reordering", "QThreadStorage")


def seen(window, colour, least, what):
    """Waits for so many lines of that colour; how many they are."""
    return wait(what, lambda: (count := window.rows(colour)) >= least and count)


class Wireshark:
    def __init__(self, desktop, build, folder, *arguments, capture, device):
        self.folder = pathlib.Path(folder)
        self.home = self.folder / "home-wireshark"
        profiles = self.home / ".config" / "wireshark" / "profiles"
        shutil.rmtree(profiles, ignore_errors=True)
        shutil.copytree(ROOT / "plugin" / "configuration-profile" / PROFILE, profiles / PROFILE)
        self.desktop = desktop
        self.process = desktop.start(
            [str(ROOT / "scripts" / "tshark-with-plugin"), str(build), "-C", PROFILE, "-r", str(capture),
             "-o", f"tlsfit.device:{device}", "-o", "gui.layout_content_3:NONE", *arguments],
            {**desktop.environment, "TLSFIT_TSHARK": "wireshark", "TLSFIT_RUN_DIR": str(folder)})
        self.main = desktop.window(pathlib.Path(capture).name)
        self.main.place(0, 0, 1400, 860)

    def idle(self, seconds=None):
        """Until it has nothing to do: it sleeps, and has used no processor, time after time."""
        before = [-1, 0]

        def still():
            words = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            used = int(words[11]) + int(words[12])
            quiet = words[0] == "S" and used - before[0] <= 1  # a cursor that blinks takes a little
            before[:] = [used, before[1] + 1 if quiet else 0]
            return before[1] >= 5
        wait("Wireshark to have finished", still, *([seconds] if seconds else []))

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
        self.gone(title)
        self.main.activate()

    def gone(self, title):
        wait(f"\"{title}\" to close", lambda: not self.desktop.is_open(title))

    def open(self, capture):
        """Another capture, by the dialog of the menu."""
        self.main.activate()
        self.main.keys("ctrl+o")
        dialog = self.desktop.window("Wireshark · Open Capture File")
        dialog.activate()
        dialog.text(str(capture))
        dialog.keys("Return")
        wait(f"{capture.name} to open", lambda: self.desktop.is_open(capture.name))
        self.gone("Wireshark · Open Capture File")
        self.idle()

    def go_to(self, frame):
        self.main.activate()
        self.main.keys("ctrl+g")
        self.main.text(str(frame))
        self.main.keys("Return")

    def preferences(self):
        """The page of the plugin."""
        dialog = self.opened(PREFERENCES, 60, 60, 1150, 600, "ctrl+shift+p")
        dialog.click(*PAGES)
        dialog.text("Protocols")
        dialog.keys("Right")
        time.sleep(NEW_WORD_S)
        dialog.text("TLSFIT")
        return dialog

    def write_device(self, dialog, device):
        dialog.click(*DEVICE)
        dialog.keys("ctrl+a")
        dialog.text(device)

    def pick_device(self, dialog, beginning):
        """From the list of names; the beginning of the name is typed into it."""
        dialog.click(*NAMES)
        dialog.text(beginning)
        dialog.keys("Return")

    def confirm(self, dialog):
        """OK for the preferences, from a field to write in: a button would take the key for itself."""
        dialog.activate()
        dialog.click(*DEVICE)
        dialog.keys("Return")
        self.gone(PREFERENCES)

    def packets(self, seconds=None):
        """The packet list as it is displayed: a row a packet, column -> text."""
        path = self.folder / "packets.csv"
        path.unlink(missing_ok=True)
        self.main.activate()
        self.main.keys("alt+f")
        self.main.run_of_keys(*["Down"] * 8)  # Export Packet Dissections
        self.main.keys("Right", "c")    # As CSV
        dialog = self.desktop.window(EXPORT)
        dialog.activate()
        dialog.text(str(path))
        dialog.keys("Return")
        wait(f"{path} to be written", path.exists)
        self.gone(EXPORT)
        self.idle(seconds)
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def end(self):
        """A clean exit, and nothing on standard error that Wireshark without the plugin would not say."""
        self.main.activate()
        self.desktop.say("xdotool", "key", "ctrl+q")
        wait("Wireshark to end", lambda: self.process.poll() is not None)
        if self.process.returncode != 0:
            raise Failure(f"Wireshark ends with status {self.process.returncode}")
        said = [line for line in self.desktop.errors_of(self.process).splitlines()
                if line.strip() and not any(word in line for word in HARMLESS)]
        if said:
            raise Failure("Wireshark says on standard error:\n" + "\n".join(said))
