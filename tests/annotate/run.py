#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests `tlsfit annotate` on all captures of test_captures/, and on those in the folder TLSFIT_MORE_CAPTURES.

In: a build directory, the name of a check. Out: exit status 0 or 1, and what is wrong.

    run.py --build BUILD same      the JSON is what tshark with the plugin prints (expected.json of the cases), whatever
                                   the number of processes, and with every packet dissected
    run.py --build BUILD spread    the same for captures that are large enough to be spread over processes
    run.py --build BUILD kept      the annotated captures differ from the inputs by comments alone, and a tshark that
                                   has no plugin shows these on the frames where the plugin shows its findings
"""
import argparse
import configparser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import pcapng

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_CAPTURES = {".md", ".json", ".ini", ".txt", ".keys", ".keylog"}


class Failure(Exception):
    """Something that is not as it should be; the text is for people."""


class Skip(Exception):
    """What cannot be tried here, and why."""


class Tools:
    """The built command, and tshark with the built plugin."""

    def __init__(self, build):
        self.tlsfit = str(build / "src" / "tlsfit")
        self.wrapper = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
        home = build / "annotate-home"
        home.mkdir(exist_ok=True)
        self.environment = dict(os.environ, HOME=str(home), LC_ALL="C.UTF-8")
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "WIRESHARK_CONFIG_DIR", "TLSFIT_CAPTURE_PROGRAM"):
            self.environment.pop(name, None)

    def run(self, *arguments):
        return subprocess.run([self.tlsfit, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=300, check=False, env=self.environment)

    def annotate(self, *arguments, statuses=(0, 1, 3)):
        """(standard output, standard error); the exit status must be one of STATUSES."""
        done = self.run("annotate", *arguments)
        if done.returncode not in statuses:
            raise Failure(f"annotate {' '.join(map(str, arguments))}: status {done.returncode}, standard error:\n"
                          + done.stderr.decode(errors="replace"))
        return done.stdout, done.stderr.decode(errors="replace")

    def tshark(self, capture, *arguments):
        """Standard output, and whether it could read the capture to its end."""
        done = subprocess.run([*self.wrapper, "-r", str(capture), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, check=False)
        if done.returncode == 77:
            print("SKIP: " + done.stderr.decode(errors="replace").strip())
            sys.exit(77)
        return done.stdout, done.returncode == 0

    def handshakes(self, capture, device):
        output, complete = self.tshark(capture, "-o", f"tlsfit.device:{device}", "-q", "-z", "tlsfit,json")
        return b"".join(line for line in output.splitlines(True) if line.startswith(b"{")), complete


def more_captures():
    more = os.environ.get("TLSFIT_MORE_CAPTURES")
    return sorted(path for path in pathlib.Path(more).iterdir()
                  if path.is_file() and path.suffix not in NOT_CAPTURES) if more else []


def captures():
    """All captures: at least those of the project."""
    found = sorted((ROOT / "test_captures").glob("*/capture.pcapng"))
    if not found:
        raise Failure("test_captures/ has no capture: nothing would be checked")
    return found + more_captures()


def by_file(output):
    """file -> its handshakes, from the JSON lines of several captures."""
    found = {}
    for line in output.splitlines():
        handshake = json.loads(line)
        found.setdefault(handshake.pop("file"), []).append(handshake)
    return found


def expected(capture):
    """What tshark prints for a case, as its expected.json has it, and the keys that do not count."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(capture.parent / "case.ini", encoding="utf-8")
    handshakes = json.loads((capture.parent / "expected.json").read_text(encoding="utf-8"))["handshakes"]
    return handshakes, parser["case"].get("ignore", "").split()


def compare_with_tshark(tools, captures_of_others):
    failed = 0
    for capture in captures_of_others:
        wanted, complete = tools.handshakes(capture, "advertised")
        got, _ = tools.annotate("-d", "advertised", "--json", capture, statuses=(0, 1, 3) if complete else (2,))
        if got != wanted:
            failed += 1
            print(f"FAIL {capture}: not what tshark prints")
    return failed


def check_same(tools):
    failed = handshakes = 0
    for (device, own), group in by_device().items():
        output, _ = tools.annotate("-d", device, "--json", *group, ROOT / "test_captures" / "README.md", statuses=(2,))
        for extra in (["--everything", "--jobs", "1"], ["--jobs", "5"]):
            other, _ = tools.annotate("-d", device, "--json", *extra, *group, group[0])
            if not other.startswith(output):
                raise Failure(f"{device}: {extra} gives something else")
        found = by_file(output)
        handshakes += sum(map(len, found.values()))
        for capture in group if own else []:
            wanted, ignored = expected(capture)
            got = [{key: value for key, value in handshake.items() if key not in ignored}
                   for handshake in found.get(str(capture), [])]
            if got != wanted:
                failed += 1
                print(f"FAIL {capture}: {device}: not what tshark prints")
    failed += compare_with_tshark(tools, more_captures())
    print(f"{len(captures())} captures, {handshakes} handshakes, {failed} failed")
    if not handshakes:
        raise Failure("no handshake was found: nothing was checked")
    return failed


def check_spread(tools):
    """Captures large enough to be spread over processes: many handshakes, and bulk data."""
    template = ROOT / "test_captures" / "x-cube-ecdhe-rsa-cbc-completes" / "capture.pcapng"
    with tempfile.TemporaryDirectory() as folder:
        for script, options in (("make_handshakes.py", ["--count", "700"]), ("make_bulk.py", ["--megabytes", "12"])):
            capture = pathlib.Path(folder) / (script + ".pcap")
            subprocess.run([sys.executable, "-B", str(ROOT / "bench" / script), str(template), str(capture), *options],
                           check=True, capture_output=True, timeout=300)
            wanted, _ = tools.handshakes(capture, "advertised")
            for jobs in ("1", "3"):
                got, _ = tools.annotate("-d", "advertised", "--json", "--jobs", jobs, capture)
                if got != wanted or not wanted:
                    raise Failure(f"{script}: {jobs} jobs: not the {len(wanted.splitlines())} lines that tshark prints")
            print(f"{script}: {len(wanted.splitlines())} handshakes")
    return 0


def plain_tshark(capture, *arguments):
    """A tshark that does not have the plugin."""
    with tempfile.TemporaryDirectory() as empty:
        environment = dict(os.environ, HOME=empty, WIRESHARK_PLUGIN_DIR=empty, WIRESHARK_EXTCAP_DIR=empty,
                           LC_ALL="C.UTF-8")
        done = subprocess.run(["tshark", "-r", str(capture), *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=300, check=False, env=environment)
        return done.stdout.decode()


def as_pcapng(capture, work):
    """What is no pcapng becomes one by Wireshark's own editcap."""
    if capture.read_bytes()[:4] == b"\n\r\r\n":
        return capture
    path = work / "converted.pcapng"
    subprocess.run(["editcap", "-F", "pcapng", str(capture), str(path)], capture_output=True, check=False, timeout=300)
    return path


def compare_packets(before, after):
    if len(before.packets) != len(after.packets):
        raise Failure(f"{len(before.packets)} packets became {len(after.packets)}")
    for number, (old, new) in enumerate(zip(before.packets, after.packets), 1):
        for field in ("interface", "time", "length", "data", "options"):
            if getattr(old, field) != getattr(new, field):
                raise Failure(f"packet {number}: {field} {getattr(old, field)!r} became {getattr(new, field)!r}")
        if new.comments[:len(old.comments)] != old.comments:
            raise Failure(f"packet {number}: the comments {old.comments} became {new.comments}")


def compare_blocks(before, after):
    if before.interfaces != after.interfaces:
        raise Failure(f"interfaces {before.interfaces} became {after.interfaces}")
    for kind, bodies in before.others.items():
        if kind == pcapng.NAMES:
            bodies = [names_of(body) for body in bodies]
            got = [names_of(body) for body in after.others.get(kind, [])]
        else:
            got = after.others.get(kind, [])
        if bodies != got:
            raise Failure(f"blocks of type {kind:#x}: {bodies!r} became {got!r}")


def names_of(body):
    """The records of a name resolution block without what pads them."""
    records, at = [], 0
    while at + 4 <= len(body):
        kind, length = int.from_bytes(body[at:at + 2], "little"), int.from_bytes(body[at + 2:at + 4], "little")
        if kind == 0:
            break
        records.append((kind, body[at + 4:at + 4 + length]))
        at += 4 + (length + 3) // 4 * 4
    return sorted(records)


def frames_of_findings(capture):
    """The frames on which the plugin shows a finding of the case's own device, as its expected.json has them; none for
    a capture that is no case."""
    path = capture.parent / "expected.json"
    if not path.exists():
        return set()
    shown = json.loads(path.read_text(encoding="utf-8"))["two_passes"]
    worse = {"suspect", "broken", "cannot"}
    return {frame for frame, fields in shown.items() if worse & set(fields.get("tlsfit.finding.status", []))}


def check_one_kept(capture, path, work, errors):
    """The numbers of the packets that got comments."""
    before, after = pcapng.read(as_pcapng(capture, work)), pcapng.read(path)
    if as_pcapng(capture, work) != capture:
        before.others[pcapng.SECTION] = after.others[pcapng.SECTION]  # editcap writes its name there
    compare_packets(before, after)
    if str(path) + ": Wireshark's writer does not keep" not in errors:
        compare_blocks(before, after)
    return {str(number) for number, (old, new) in enumerate(zip(before.packets, after.packets), 1)
            if len(new.comments) > len(old.comments)}


def check_visible(path, commented):
    shown = plain_tshark(path, "-Y", "frame.comment contains \"TLS Fit\"", "-T", "fields", "-e", "frame.number")
    if set(shown.split()) != commented:
        raise Failure(f"comments on {sorted(commented)}, and tshark without the plugin shows them on {shown.split()}")


def by_device():
    """device -> captures; a case is judged against its own device, where that is one of the library's."""
    groups = {}
    for capture in captures():
        case = capture.parent / "case.ini"
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
        parser.read(case, encoding="utf-8")
        own = case.exists() and not {"device_file", "peer"} & set(parser["case"])
        groups.setdefault((parser["case"]["device"] if own else "advertised", own), []).append(capture)
    return groups


def check_kept(tools):
    failed = commented = 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for (device, own), group in by_device().items():
            links = {capture: work / f"{capture.parent.name}-{capture.name}" for capture in group}
            for capture, link in links.items():
                link.symlink_to(capture)
            out = work / f"{device}-{own}"
            out.mkdir()
            _, errors = tools.annotate("-d", device, *links.values(), "-o", out, statuses=(0, 1, 2, 3))
            for index, (capture, link) in enumerate(links.items()):
                path = out / (re.sub(r"(\.gz)?$", "", link.name).rsplit(".", 1)[0] + ".pcapng")
                try:
                    frames = check_one_kept(capture, path, work, errors)
                    commented += len(frames)
                    missing = frames_of_findings(capture) - frames if own else set()
                    if missing:
                        raise Failure(f"the plugin shows findings on the frames {missing}, which have no comment")
                    if index % 8 == 0:  # each run of tshark costs a third of a second
                        check_visible(path, frames)
                except Failure as failure:
                    failed += 1
                    print(f"FAIL {capture}: {failure}")
    print(f"{len(captures())} captures, {commented} packets with comments, {failed} failed")
    if not commented:
        raise Failure("no capture got a comment: nothing was checked")
    return failed


CHECKS = {"same": check_same, "spread": check_spread, "kept": check_kept}


def run_check(description, checks):
    """Runs the check that the command line names; the exit status."""
    parser = argparse.ArgumentParser(description=description.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("check", choices=sorted(checks))
    arguments = parser.parse_args()
    try:
        return 1 if checks[arguments.check](Tools(arguments.build.resolve())) else 0
    except Failure as failure:
        print(f"FAIL {failure}")
        return 1
    except Skip as skip:
        print(f"SKIP: {skip}")
        return 77


if __name__ == "__main__":
    sys.exit(run_check(__doc__, CHECKS))
