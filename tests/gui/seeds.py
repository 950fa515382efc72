# SPDX-License-Identifier: GPL-2.0-or-later
"""Every capture of the seeds in the window: one process a device, which opens one capture after the other."""
import configparser
import itertools
import shutil

from desktop import Failure, wait
from wireshark import ERROR, GUILTY, PROBABLY, ROOT, WARNING, Wireshark, seen

# What the column Fit says -> the colour of the packet, and that of the node to blame.
COLOURS = {"cannot": (GUILTY, ERROR), "broken": (GUILTY, ERROR), "suspect": (PROBABLY, WARNING)}


class Case:
    """A test capture, by another name: titles of windows tell captures apart by it."""

    def __init__(self, path, folder):
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(path, encoding="utf-8")
        self.name, self.seed = path.parent.name, parser["case"].get("seed")
        self.device, self.expected = parser["case"]["device"], parser["expect"]
        self.source, self.capture = path.with_name("capture.pcapng"), folder / f"{self.name}.pcapng"
        self.peer = self.take_profile(path.with_name(parser["case"]["peer"]), folder) if "peer" in parser["case"] else ""

    @staticmethod
    def take_profile(path, folder):
        """A profile that belongs to the case, as a user's own; its id."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(path, encoding="utf-8")
        shutil.copy(path, folder / f"{parser['device']['id']}.ini")
        return parser["device"]["id"]

    def check(self, rows):
        """The rows that tell how it ended must say how and why, and so in one voice; they are returned."""
        ends = [row for row in rows if row["Outcome"]]
        found = {(row["Device"], row["Outcome"], row["Cause"], row["Certificate"]) for row in ends}
        wanted = (self.device, self.expected["outcome"], self.expected["cause"],
                  self.expected.get("cert_index", "" if not self.expected["cause"] else None))
        if len(found) != 1 or any(want not in (None, have) for have, want in zip(next(iter(found)), wanted)):
            raise Failure(f"{self.name}: the packet list says {found}, expected {wanted}")
        return ends


def look(setting, wireshark, case):
    """What is red or yellow is what the columns say, and nothing else."""
    rows = wireshark.packets()
    case.check(rows)
    blamed = {COLOURS[row["Fit"]]: row["No."] for row in rows if row["Fit"] in COLOURS}
    for colours in COLOURS.values():
        wait(f"{case.name}: no packet in the colour {colours[0]} unless one is blamed",
             lambda colours=colours: (wireshark.main.rows(colours[0]) > 0) == (colours in blamed))
    for colours, frame in blamed.items():
        wireshark.go_to(frame)
        seen(wireshark.main, colours[1], 1, f"{case.name}: the node to blame in packet {frame}")
    setting.show(wireshark.main, f"{case.seed}-{case.name}.png")
    return ", ".join(f"{row['No.']} {row['Fit']} {row['Outcome']} {row['Cause']} {row['Certificate']}".rstrip()
                     for row in rows if row["Fit"] or row["Outcome"])


def steps(setting):
    folder = setting.folder / "captures"
    folder.mkdir()
    cases = [Case(path, folder) for path in sorted(ROOT.glob("test_captures/*/case.ini"))]
    cases = sorted((case for case in cases if case.seed), key=lambda case: (case.device, case.peer, case.name))
    if len({case.seed for case in cases}) != 5:
        raise Failure("not every seed has a capture")
    for (device, peer), group in itertools.groupby(cases, key=lambda case: (case.device, case.peer)):
        wireshark = None
        for case in group:
            shutil.copy(case.source, case.capture)
            if wireshark:
                wireshark.open(case.capture)
            else:
                wireshark = Wireshark(setting.desktop, setting.build, setting.folder, "-o", f"tlsfit.peer:{peer}",
                                      "-o", f"tlsfit.device_path:{folder}", capture=case.capture, device=device)
            yield f"{case.name}: {look(setting, wireshark, case)}"
        wireshark.end()
