#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How a device is chosen: on the command line, in a file of preferences, from the list of names.

    command   -o tlsfit.device with an id, auto, advertised, an id of tlsfit.device_path, a misspelt one
    list      -o tlsfit.device_list with an id and a name; what is not in the list changes nothing
    file      the same from preferences that were saved, of the default and of another configuration profile
    role      the side that is judged, where profiles of both are known

    preferences.py --build BUILD PART...
"""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile

from tshark import CAPTURES, Tshark, check, run_parts

CAPTURE = CAPTURES / "inventek-stall-sha384-intermediate" / "capture.pcapng"
HELLO = 4
OF_ITS_OWN = """[device]
id = my-board
name = A board, of this test
kind = rtos-stack
role = client
[certificate_signatures]
unsupported = ecdsa-with-SHA384
complete = no
[source certificate_signatures.unsupported]
confidence = observed
where = https://example.com/board
what = it stops there
date = 2025-01-01
"""


class Preferences:
    def __init__(self, build, work):
        self.work = pathlib.Path(work)
        self.tshark = Tshark(build)
        # Folders of its own, as it writes files of preferences.
        self.settings = {"env": dict(os.environ, TLSFIT_RUN_DIR=str(self.work / "run"))}
        self.profiles = self.work / "profiles"
        self.profiles.mkdir()
        (self.profiles / "my-board.ini").write_text(OF_ITS_OWN, encoding="utf-8")

    def judged(self, *options, expected=None):
        """Device, how it was chosen, the side, and what is wrong with the choice."""
        words = [word for option in options for word in (["-o", option] if isinstance(option, str) else option)]
        text = self.tshark.run("-r", CAPTURE, *words, "-Y", f"frame.number == {HELLO}", "-T", "fields",
                               "-e", "tlsfit.device", "-e", "tlsfit.device.source", "-e", "tlsfit.role",
                               "-e", "tlsfit.device.problem", expected=expected, **self.settings)
        return text.rstrip("\n").split("\t")

    def expect(self, options, wanted, expected=None):
        found = self.judged(*options, expected=expected)
        check(found[:3] == wanted and bool(found[3]) == bool(expected), f"{options}: {found}, expected {wanted}")

    def command(self):
        advertised = ["advertised", "advertised", "client"]
        self.expect([], advertised)
        self.expect(["tlsfit.device:auto"], advertised)
        self.expect(["tlsfit.device:advertised"], advertised)
        self.expect(["tlsfit.device:inventek-ism43362"], ["inventek-ism43362", "preference", "client"])
        self.expect(["tlsfit.device:my-board", f"tlsfit.device_path:{self.profiles}"],
                    ["my-board", "preference", "client"])
        self.expect(["tlsfit.device:inventek-ism43363"], advertised, expected="did you mean inventek-ism43362")

    def list(self):
        inventek = ["inventek-ism43362", "preference", "client"]
        self.expect(["tlsfit.device_list:inventek-ism43362"], inventek)
        name = "BearSSL 0.6, full client profile (bearssl-0.6)"
        self.expect(["tlsfit.device_list:" + name], ["bearssl-0.6", "preference", "client"])
        self.expect(["tlsfit.device:inventek-ism43362", "tlsfit.device_list:no such device"], inventek)
        self.expect(["tlsfit.device:inventek-ism43362", "tlsfit.device_list:auto"],
                    ["advertised", "advertised", "client"])
        text = self.tshark.run("-G", "currentprefs", **self.settings)
        check(name in text and "\n#tlsfit.device_list: " in text, "the list of devices in the preferences")
        check(not list(self.work.glob("run/home-tshark/**/preferences")), "tshark has written preferences")

    def file(self):
        folder = self.work / "run" / "home-tshark" / ".config" / "wireshark"
        for parent, option in ((folder, []), (folder / "profiles" / "board", [["-C", "board"]])):
            parent.mkdir(parents=True)
            saved = parent / "preferences"
            for line, wanted, message in (
                    ("tlsfit.device: inventek-ism43362", ["inventek-ism43362", "preference", "client"], None),
                    ("tlsfit.device: inventek-ism43363", ["advertised", "advertised", "client"], "did you mean"),
                    ("tlsfit.device_list: a name of another version", ["advertised", "advertised", "client"], None)):
                saved.write_text(line + "\n", encoding="utf-8")
                self.expect(option, wanted, message)
            saved.write_text("tlsfit.device: inventek-ism43362\n", encoding="utf-8")
            self.expect([*option, "tlsfit.device:advertised"], ["advertised", "advertised", "client"])
            shutil.rmtree(folder)

    def role(self):
        both = ["tlsfit.device:inventek-ism43362", "tlsfit.peer:aws-iot-core-tls12-1.2-2022"]
        client = ["inventek-ism43362", "preference", "client"]
        server = ["aws-iot-core-tls12-1.2-2022", "preference", "server"]
        self.expect(both, client)
        self.expect([*both, "tlsfit.role:client"], client)
        self.expect([*both, "tlsfit.role:server"], server)
        self.expect([both[1], "tlsfit.role:server"], server)
        self.expect(["tlsfit.device:aws-iot-core-tls12-1.2-2022"], server)
        self.expect(["tlsfit.device:aws-iot-core-tls12-1.2-2022", "tlsfit.role:client"],
                    ["advertised", "advertised", "client"])
        found = self.judged(both[0], "tlsfit.role:server")
        check(found[:3] == client and "no profile of it is known" in found[3], f"a server without a profile: {found}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["command", "list", "file", "role"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)  # it may be read by another user: see scripts/tshark-with-plugin
        preferences = Preferences(arguments.build, work)
        return run_parts({name: getattr(preferences, name) for name in arguments.parts}, arguments.parts)


if __name__ == "__main__":
    sys.exit(main())
