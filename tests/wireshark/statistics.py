#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The statistics, in one pass and in two, against -z tlsfit,json.

    tree      -z tlsfit,tree counts every outcome, device and cause; with a filter, what passes it
    summary   -z tlsfit,summary has a line for every handshake
    matrix    -z tlsfit,matrix judges every device, and leaves what else is printed as it is

    statistics.py --build BUILD PART...
"""
import argparse
import collections
import json
import pathlib
import sys

from tshark import CAPTURES, Tshark, check, run_parts

# The second ends with the capture: no packet makes its outcome certain. The third completes.
VIEWS = [("inventek-stall-sha384-intermediate", "inventek-ism43362"), ("dtls-large-datagrams", "auto"),
         ("x-cube-ecdhe-rsa-cbc-completes", "st-x-cube-azure-h5"), ("client-certificate-missing", "inventek-ism43362")]
FAILED = ("alert", "stalled", "reset", "closed")
SUMMARY = [
    "#  frame  client            server           server name  device             outcome                        cause",
    "0      4  192.0.2.10:52002  192.0.2.20:8883  -            inventek-ism43362  stalled, the client is silent  "
    "certificate[1]: cert_signature_algorithm",
]


def nodes(text):
    """(depth, name) -> count of a printed statistics tree, of its first two levels."""
    found, started = collections.Counter(), False
    for line in text.splitlines():
        if line.startswith("---"):
            started = not started
        elif started and line.strip():
            name, count = line[:line.index("  ", len(line) - len(line.lstrip()))], line.split("  ")
            number = next(word.strip() for word in count[1:] if word.strip().isdigit())
            depth = len(name) - len(name.lstrip())
            if depth < 2:
                found[name.strip()] += int(number)
    return {name: count for name, count in found.items() if count}


def expected(handshakes):
    counts = collections.Counter()
    for one in handshakes:
        counts.update(["Outcomes", one["outcome"], "Devices", one["device"]])
        if one["outcome"] in FAILED:
            counts.update(["Causes of failure", one.get("cause", "not known")])
    return dict(counts)


class Statistics:
    def __init__(self, build):
        self.tshark = Tshark(build)

    def read(self, view, *arguments):
        return self.tshark.run("-r", CAPTURES / view[0] / "capture.pcapng", "-o", "tlsfit.device:" + view[1], "-q",
                               *arguments)

    def handshakes(self, view):
        return [json.loads(line) for line in self.read(view, "-z", "tlsfit,json").splitlines()]

    def tree(self):
        for view in VIEWS:
            wanted = expected(self.handshakes(view))
            for passes in ([], ["-2"]):
                found = nodes(self.read(view, *passes, "-z", "tlsfit,tree"))
                check(found == wanted, f"{view} {passes}: {found}, expected {wanted}")
        for rule, count in (("cert_signature_algorithm", 1), ("cert_name", 0)):
            found = nodes(self.read(VIEWS[0], "-z", f'tlsfit,tree,tlsfit.cause == "{rule}"'))
            check(found.get("Outcomes", 0) == count, f"with a filter for {rule}: {found}")

    def summary(self):
        for passes in ([], ["-2"]):
            lines = self.read(VIEWS[0], *passes, "-z", "tlsfit,summary").splitlines()
            check(lines == SUMMARY, f"{passes}: {lines}, expected: {SUMMARY}")
        for view in VIEWS[1:]:
            lines = self.read(view, "-z", "tlsfit,summary").splitlines()[1:]
            for line, one in zip(lines, self.handshakes(view), strict=True):
                words = [str(one["stream"]), one["device"], one["outcome"], one.get("cause", "")]
                check(all(word in line for word in words), f"{view}: {line}, expected {words}")

    def matrix(self):
        ids = "tlsfit,matrix,inventek-ism43362,bearssl-0.6"
        rows = self.rows(self.read(VIEWS[0], "-z", ids))
        check(rows == {"inventek-ism43362": "NO", "bearssl-0.6": "?"}, f"the matrix: {rows}")
        plain = self.read(VIEWS[0], "-z", "tlsfit,json")
        both = self.read(VIEWS[0], "-z", ids, "-z", "tlsfit,json", "-z", "tlsfit,tree")
        check(plain.strip() in both, "the matrix changes -z tlsfit,json")
        check(nodes(both) == expected(self.handshakes(VIEWS[0])), f"the matrix changes -z tlsfit,tree: {both}")
        every = self.rows(self.read(VIEWS[0], "-z", "tlsfit,matrix"))
        check(len(every) > 20 and "aws-iot-core-tls12-1.2-2022" not in every, f"all devices: {list(every)}")
        self.tshark.run("-r", CAPTURES / VIEWS[0][0] / "capture.pcapng", "-q", "-z", "tlsfit,matrix,bearssl-0.7",
                        expected="did you mean bearssl-0.6")

    @staticmethod
    def rows(text):
        """Device -> its word in the first column."""
        lines = text.split("\n\n")[0].splitlines()[1:]
        return {line.split()[0]: line.split()[1] for line in lines}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["tree", "summary", "matrix"])
    arguments = parser.parse_args()
    statistics = Statistics(arguments.build)
    return run_parts({name: getattr(statistics, name) for name in arguments.parts}, arguments.parts)


if __name__ == "__main__":
    sys.exit(main())
