#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the plugin over one test capture and compares what it says with the case's expected.json and case.ini.

In: the wrapper that runs tshark with the built plugin, a case folder. Out: exit status 0 or 1 and the differences.
Checks what is stated in the case and nothing else: how the capture was made is the business of lab/.

    run.py --wrapper scripts/tshark-with-plugin --build BUILD CASE_DIR [--update]
    run.py ... --all test_captures [--update]
"""
import argparse
import configparser
import difflib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

WORSE_THAN_NOTE = {"suspect", "broken", "cannot"}
FIELDS = ["tlsfit.rule", "tlsfit.finding.status", "tlsfit.subject", "tlsfit.outcome", "tlsfit.cause",
          "tlsfit.cause.cert_index", "tlsfit.cause.frame", "tlsfit.device_code"]


class Failure(Exception):
    """Something that the case does not allow; the text is for people."""


class Tshark:
    """tshark with the plugin, for one case: every call must be silent on standard error."""

    def __init__(self, wrapper, build, case, work):
        self.command = [str(wrapper), str(build)]
        info = read_case(case)
        device = info["case"]["device"]
        if "device_file" in info["case"]:
            device = take_profile(case / info["case"]["device_file"], work)
        self.options = ["-o", "tlsfit.device:" + device, "-o", "tlsfit.device_path:" + str(work)]
        if "peer" in info["case"]:
            self.options += ["-o", "tlsfit.peer:" + take_profile(case / info["case"]["peer"], work)]
        self.capture = case / "capture.pcapng"

    def run(self, *arguments):
        done = subprocess.run(self.command + ["-r", str(self.capture)] + self.options + list(arguments),
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        errors = [line for line in done.stderr.decode(errors="replace").splitlines()
                  if "Running as user" not in line]
        if done.returncode != 0 or errors:
            raise Failure(f"tshark {' '.join(arguments)}: status {done.returncode}, standard error:\n"
                          + "\n".join(errors))
        return done.stdout.decode(errors="replace")


def take_profile(path, work):
    """Puts a profile of the case where the plugin looks for profiles; its id."""
    profile = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    profile.read(path, encoding="utf-8")
    profile_id = profile["device"]["id"]
    shutil.copy(path, pathlib.Path(work) / (profile_id + ".ini"))
    return profile_id


def read_case(case):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(case / "case.ini", encoding="utf-8")
    for section, key in (("case", "device"), ("expect", "outcome"), ("expect", "cause")):
        if not parser.has_option(section, key):
            raise Failure(f"{case.name}/case.ini has no {key} in [{section}]")
    return parser


def handshakes(tshark, *passes):
    lines = tshark.run(*passes, "-q", "-z", "tlsfit,json").splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def tree(tshark, *passes):
    """What stands in the packet tree: frame -> field -> values."""
    arguments = [*passes, "-Y", "tlsfit", "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|",
                 "-e", "frame.number"]
    for field in FIELDS:
        arguments += ["-e", field]
    frames = {}
    for line in tshark.run(*arguments).splitlines():
        number, *values = line.split("\t")
        shown = {field: value.split("|") for field, value in zip(FIELDS, values) if value}
        if shown:
            frames[number] = shown
    return frames


def check_passes(one, two, corrected=()):
    """One pass may know less than two, never something else, but in the frames CORRECTED: a reset that turns out to have
    ended nothing ends the handshake until then."""
    wrong = {frame: f"{field} = {value}" for frame, fields in one.items() for field, values in fields.items()
             for value in values if value not in two.get(frame, {}).get(field, [])}
    for frame, what in wrong.items():
        if frame not in corrected:
            raise Failure(f"frame {frame}: {what} in one pass, not in two")
    for frame in corrected:
        if frame not in wrong:
            raise Failure(f"frame {frame} says in one pass what it says in two")


def is_blame(element):
    """An expert info of a rule; or, where that stands on the later frame that made it certain, the mark."""
    name = element.get("name", "")
    return name == "tlsfit.blamed" or name.startswith("tlsfit.rule.") or "tlsfit.rule." in element.get("show", "")


def check_certificate_nodes(tshark, wanted):
    """The expert info of a certificate finding hangs under that certificate of Wireshark's tree, and under no other."""
    document = ElementTree.fromstring(tshark.run("-2", "-T", "pdml"))
    for packet in document.iter("packet"):
        number = packet.find("proto[@name='geninfo']/field[@name='num']").get("show")
        certificates = [node for proto in packet.findall("proto") for node in proto.iter("field")
                        if node.get("name") in ("tls.handshake.certificate", "dtls.handshake.certificate")]
        for index, node in enumerate(certificates):
            guilty = any(element is not node and is_blame(element) for element in node.iter())
            if guilty != ((number, index) in wanted):
                raise Failure(f"frame {number}: expert info under certificate[{index}]: {guilty}, expected "
                              f"{(number, index) in wanted}")


def check_expectations(info, found):
    expect = info["expect"]
    if len(found) != int(expect.get("handshakes", "1")):
        raise Failure(f"{len(found)} handshakes, expected {expect.get('handshakes', '1')}")
    first = found[0]
    if first["outcome"] != expect["outcome"]:
        raise Failure(f"outcome {first['outcome']}, expected {expect['outcome']}")
    if first.get("cause", "") != expect["cause"]:
        raise Failure(f"cause '{first.get('cause', '')}', expected '{expect['cause']}'")
    if str(first.get("cause_cert_index", "")) != expect.get("cert_index", ""):
        raise Failure(f"certificate {first.get('cause_cert_index')}, expected {expect.get('cert_index')}")
    if first["outcome"] in ("completed", "resumed"):
        worse = [finding["rule"] for finding in first["findings"] if finding["status"] in WORSE_THAN_NOTE]
        if worse:
            raise Failure(f"the handshake completed and there are findings: {worse}")


def check_device_codes(info, first):
    """Where the client of the recording printed a number, the vendor's numbers that are shown have it among them."""
    printed = re.search(r"client: .*\berror=(-?\d+)", info["case"].get("truth", ""))
    shown = []
    for entry in first.get("device_codes", []):
        try:
            shown.append(int(entry["code"], 0))
        except ValueError:
            return  # of a device that numbers its errors otherwise than the stack that plays it here
    if printed and shown and int(printed.group(1)) not in shown:
        raise Failure(f"the client printed {printed.group(1)}, and the vendor's numbers shown are {shown}")


def guilty_certificates(found):
    return {(str(finding["frame"]), finding["cert_index"]) for handshake in found
            for finding in handshake["findings"] if "cert_index" in finding and finding["status"] in WORSE_THAN_NOTE}


def compare(case, result, update, command):
    text = json.dumps(result, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    path = case / "expected.json"
    if update:
        path.write_text(text, encoding="utf-8")
        return
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if old != text:
        difference = difflib.unified_diff(old.splitlines(), text.splitlines(), "expected.json", "now", lineterm="")
        raise Failure("\n".join(difference) + "\n\nIf the difference is right, read it line by line, then: " + command)


def run_case(case, arguments):
    with tempfile.TemporaryDirectory() as work:
        tshark = Tshark(arguments.wrapper, arguments.build, case, work)
        info = read_case(case)
        found = handshakes(tshark)
        if found != handshakes(tshark, "-2"):
            raise Failure("-z tlsfit,json differs between one pass and two")
        one, two = tree(tshark), tree(tshark, "-2")
        check_passes(one, two, info["expect"].get("corrected", "").split())
        check_expectations(info, found)
        check_device_codes(info, found[0])
        check_certificate_nodes(tshark, guilty_certificates(found))
        for handshake in found:
            for key in info["case"].get("ignore", "").split():
                del handshake[key]
        command = f"tests/capture/run.py --build {arguments.build} {case} --update"
        compare(case, {"handshakes": found, "one_pass": one, "two_passes": two}, arguments.update, command)


def main():
    here = pathlib.Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--wrapper", type=pathlib.Path, default=here / "scripts" / "tshark-with-plugin")
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--all", type=pathlib.Path, help="every case in this folder")
    parser.add_argument("--update", action="store_true", help="write expected.json anew")
    parser.add_argument("cases", nargs="*", type=pathlib.Path)
    arguments = parser.parse_args()
    cases = list(arguments.cases)
    if arguments.all:
        cases += sorted(path.parent for path in arguments.all.glob("*/case.ini"))
    if not cases:
        parser.error("no case found")
    failed = 0
    for case in cases:
        try:
            run_case(case, arguments)
            print(f"ok     {case.name}")
        except Failure as failure:
            failed += 1
            print(f"FAILED {case.name}: {failure}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
