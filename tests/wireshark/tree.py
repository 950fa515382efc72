#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What people see of a handshake in the list of packets and in the tree, in one pass and in two.

    experts   a finding has one expert info, in one pass as in two
    links     from the end to the cause and back, from the ClientHello to the end
    choice    the ClientHello says which device is judged, and how it was chosen
    info      the Info column ends with what is wrong, where something is, unless that is switched off
    off       --disable-protocol and the preference leave nothing of the plugin

    tree.py --build BUILD PART...
"""
import argparse
import collections
import pathlib
import sys

from tshark import CAPTURES, Tshark, check, run_parts

STALLED = ("inventek-stall-sha384-intermediate", "inventek-ism43362")
# Findings that become certain on their own frame, later, and with the end of the capture; and none.
VIEWS = [STALLED, ("sni-missing", "advertised"), ("client-certificate-missing", "inventek-ism43362"),
         ("dtls-large-datagrams", "bearssl-0.6"), ("x-cube-ecdhe-rsa-cbc-completes", "st-x-cube-azure-h5")]
ENDS_OPEN = "dtls-large-datagrams"
COMPLETES = "x-cube-ecdhe-rsa-cbc-completes"


class Views:
    def __init__(self, build):
        self.tshark = Tshark(build)

    def read(self, view, *arguments):
        capture, device = view
        options = ["-o", "tlsfit.device:" + device] if device else []
        return self.tshark.run("-r", CAPTURES / capture / "capture.pcapng", *options, *arguments)

    def rows(self, view, names, *arguments):
        """Frame -> field -> its values, of frames that have any of the fields."""
        words = [word for name in names for word in ("-e", name)]
        text = self.read(view, *arguments, "-Y", "tlsfit", "-T", "fields", "-E", "aggregator=|", "-e", "frame.number",
                         *words)
        rows = {}
        for line in text.splitlines():
            frame, *cells = line.split("\t")
            rows[frame] = {name: cell.split("|") for name, cell in zip(names, cells, strict=True) if cell}
        return rows

    def rules(self, view, *arguments):
        """Rule -> how many expert infos it has."""
        counts = collections.Counter()
        for line in self.read(view, *arguments, "-Y", "tlsfit", "-T", "pdml").splitlines():
            if '<field name="tlsfit.rule.' in line:
                counts[line.split('"')[1]] += 1
        return counts

    def experts(self):
        for view in VIEWS:
            one, two = self.rules(view), self.rules(view, "-2")
            if view[0] == ENDS_OPEN:
                check(two, f"{view}: no expert info")
                check(not one - two, f"{view}: {one} in one pass, {two} in two")
            else:
                check(one == two and (one or view[0] == COMPLETES), f"{view}: {one} in one pass, {two} in two")
        late = self.rows(VIEWS[1], ["tlsfit.rule.hello_sni_missing", "tlsfit.blamed"], "-2")
        check(late == {"4": {"tlsfit.blamed": ["hello_sni_missing"]}, "6": {"tlsfit.rule.hello_sni_missing": ["1"]}},
              f"the mark on the ClientHello and the expert info on the alert: {late}")

    def links(self):
        names = ["tlsfit.cause.frame", "tlsfit.outcome.frame", "tlsfit.diagnosis.frame", "tlsfit.client_hello.frame",
                 "tlsfit.finding.frame", "tlsfit.finding.known_frame"]
        seen = collections.Counter()
        for view in VIEWS:
            rows = self.rows(view, names, "-2")
            for frame, row in rows.items():
                for name in names:
                    seen.update([name] if name in row else [])
                self.check_links(view, rows, frame)
        check(all(seen[name] for name in names), f"links that never occur: {set(names) - set(seen)}")

    @staticmethod
    def check_links(view, rows, frame):
        """Where a link goes to, one comes back from, unless both ends are one frame; what is unknown stands on the
        frame of the diagnosis alone."""
        row = rows[frame]
        ways = [("tlsfit.finding.frame", ["tlsfit.finding.known_frame"]),
                ("tlsfit.finding.known_frame", ["tlsfit.finding.frame"]),
                ("tlsfit.diagnosis.frame", ["tlsfit.cause.frame", "tlsfit.client_hello.frame"])]
        if "tlsfit.diagnosis.frame" not in row:  # this is the frame of the diagnosis
            ways += [("tlsfit.cause.frame", ["tlsfit.diagnosis.frame"]),
                     ("tlsfit.client_hello.frame", ["tlsfit.diagnosis.frame"])]
        for there, back in ways:
            for target in set(row.get(there, [])) - {frame}:
                answers = [value for name in back for value in rows.get(target, {}).get(name, [])]
                unknown = there == "tlsfit.finding.frame" and not answers
                check(frame in answers or unknown or view[0] == ENDS_OPEN,
                      f"{view}: {there} of frame {frame} leads to {target}, and {back} there to {answers}")

    def choice(self):
        """Its severity: a Note where the plugin chose, a Chat where the user did."""
        expected = [
            (None, "Note", "offers, as no device was chosen"),
            ("advertised", "Chat", "offers, as the preference tlsfit.device says"),
            ("inventek-ism43362", "Chat", "inventek-ism43362, as the preference"),
        ]
        names = ["frame.number", "_ws.expert.severity", "_ws.expert.message"]
        for device, severity, words in expected:
            lines = [self.read((STALLED[0], device), *passes, "-Y", "tlsfit.device.chosen", "-T", "fields",
                               *(word for name in names for word in ("-e", name))).splitlines()
                     for passes in ([], ["-2"])]
            check(lines[0] == lines[1] and len(lines[0]) == 1, f"tlsfit.device.chosen: {lines}")
            frame, number, message = lines[0][0].split("\t")
            name = {0x200000: "Chat", 0x400000: "Note"}.get(int(number, 0))
            check(frame == "4" and name == severity and words in message, f"{device}: {name} '{message}' on {frame}")
        quick = self.read((STALLED[0], None), "-q", "-z", "expert")
        check("as no device was chosen" in quick, f"-z expert does not tell the choice of the device:\n{quick}")

    def info(self):
        ends = {"4": False, "6": True, "8": True}
        text = self.read(STALLED, "-2", "-T", "tabs")
        for line in text.splitlines():
            number, info = line.split("\t")[0].strip(), line.split("\t")[-1]
            told = info.endswith(" [TLS Fit: stalled because of certificate[1] (cert_signature_algorithm)]")
            check(told == ends.get(number, False), f"frame {number}: {info}")
        check("TLS Fit" not in self.read(STALLED, "-2", "-o", "tlsfit.info_column:FALSE"), "switched off, and still there")
        check("TLS Fit" not in self.read((COMPLETES, None), "-2"), "a handshake that completes has something to say")

    def off(self):
        capture = (STALLED[0], None)
        plain = self.tshark.run("-r", CAPTURES / STALLED[0] / "capture.pcapng", "-V", "--disable-protocol", "tlsfit")
        check("TLS Fit" not in plain, "--disable-protocol tlsfit leaves something")
        check(plain == self.read(capture, "-V", "-o", "tlsfit.enable:FALSE"), "the preference switches less off")
        check(self.read(capture, "-q", "-z", "tlsfit,json", "--disable-protocol", "tlsfit") == "", "findings while off")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["experts", "links", "choice", "info", "off"])
    arguments = parser.parse_args()
    views = Views(arguments.build)
    return run_parts({name: getattr(views, name) for name in arguments.parts}, arguments.parts)


if __name__ == "__main__":
    sys.exit(main())
