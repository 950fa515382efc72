#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests what `tlsfit annotate` does to files: what it writes, and what it leaves when it is kept from writing.

In: a build directory, the name of a check. Out: exit status 0 or 1 and what is wrong; 77 where this machine cannot make
the trouble.

    files.py --build BUILD killed    SIGTERM, SIGINT, SIGHUP and SIGKILL while it writes: under the final names there are
                                     whole captures or none, and no temporary file but after SIGKILL
    files.py --build BUILD lost      a process that dissects is killed: its capture is named, the other one judged
    files.py --build BUILD closed    nobody reads its standard output any more: it ends, and no temporary file is left
    files.py --build BUILD limited   a limit on the size of files: the large output is reported, the small one is there
    files.py --build BUILD full      the same on a file system that is full
    files.py --build BUILD blocks    comments on packets, interface and section are kept; of each blocks/*.ini the block of
                                     pcapng, or its loss is told
    files.py --build BUILD twice     an annotated capture is annotated again: not one comment more
    files.py --build BUILD formats   every format that Wireshark writes: annotate, matrix and learn read it too
    files.py --build BUILD plugin    a tlsfit.so in Wireshark's own folder: no warning, and no finding twice
"""
import configparser
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

import pcapng
from run import Failure, ROOT, Skip, Tools, by_file, compare_blocks, compare_packets, run_check

HERE = pathlib.Path(__file__).resolve().parent
CASE = ROOT / "test_captures" / "inventek-stall-sha384-intermediate" / "capture.pcapng"
DEVICE = "inventek-ism43362"
ANSWER = ("status", "outcome", "cause", "cause_frame", "cause_cert_index")


def made(script, path, *options):
    template = ROOT / "test_captures" / "x-cube-ecdhe-rsa-cbc-completes" / "capture.pcapng"
    subprocess.run([sys.executable, "-B", str(ROOT / "bench" / script), str(template), str(path), *options],
                   check=True, capture_output=True, timeout=300)
    return path


def bulk(folder):
    """A capture that takes a while to write."""
    return made("make_bulk.py", folder / "bulk.pcap", "--megabytes", "12")


def is_whole(path):
    """Every block of it is there, to the last byte."""
    data = path.read_bytes()
    return len(data) > 0 and sum(len(body) + 12 for _, _, body in pcapng.blocks(data)) == len(data)


# --- Kept from writing ------------------------------------------------------------------------------------------------

def kill_while_writing(tools, inputs, out, number):
    """Sends the signal when some outputs are there and the next has been begun; the exit status."""
    words = [tools.tlsfit, "annotate", "-d", "advertised", "--report", str(out / "report.html"), "-o", str(out), *inputs]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env=tools.environment) as child:
        while child.poll() is None and not ((out / "2.pcapng").exists() and list(out.glob("*.pcapng.*"))):
            time.sleep(0.001)
        child.send_signal(number)
        return child.wait(timeout=60)


def check_killed(tools):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        capture = bulk(work)
        inputs = [str(work / f"{number}.pcap") for number in range(20)]
        for path in inputs:
            pathlib.Path(path).symlink_to(capture)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
            out = work / number.name
            out.mkdir()
            status = kill_while_writing(tools, inputs, out, number)
            if status != -number:
                raise Failure(f"{number.name}: status {status}")
            there = sorted(out.iterdir())
            final = [path for path in there if path.suffix == ".pcapng"]
            others = [path.name for path in there if path not in final]
            if not final or len(final) == len(inputs) or not all(map(is_whole, final)):
                raise Failure(f"{number.name} left {[path.name for path in there]}: not only whole captures")
            if number != signal.SIGKILL and others:
                raise Failure(f"{number.name} left {others}")
            if (out / "report.html").exists():
                raise Failure(f"{number.name}: the report is there, and its captures are not")
            print(f"{number.name}: {len(final)} of {len(inputs)} captures, all whole; besides: {others or 'nothing'}")
    return 0


def children_of(process):
    children = []
    for path in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children += [int(word) for word in path.read_text(encoding="ascii").split()]
        except (FileNotFoundError, ProcessLookupError):
            pass  # that thread has ended meanwhile
    return children


def check_lost(tools):
    """One of the processes that dissect is killed, as when memory runs out: that is told, and the other capture judged."""
    if not list(pathlib.Path("/proc/self/task").glob("*/children")):
        raise Skip("this kernel does not tell the children of a process")
    with tempfile.TemporaryDirectory() as folder:
        capture = made("make_handshakes.py", pathlib.Path(folder) / "many.pcap", "--count", "1500")
        words = [tools.tlsfit, "annotate", "-d", "advertised", "--json", "--jobs", "2", str(capture), str(CASE)]
        with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=tools.environment) as child:
            while child.poll() is None and not children_of(child.pid):
                time.sleep(0.001)
            os.kill(children_of(child.pid)[0], signal.SIGKILL)
            output, errors = child.communicate(timeout=120)
        if child.returncode != 2 or b"many.pcap: the process that dissected it ended early (Killed); handshakes of it are missing" not in errors:
            raise Failure(f"status {child.returncode}: {errors.decode(errors='replace')}")
        if f'"file":"{CASE}"'.encode() not in output:
            raise Failure("the other capture was not judged")
        print(errors.decode(errors="replace").strip())
    return 0


def check_closed(tools):
    """Nobody reads what is printed, as after "| head"."""
    with tempfile.TemporaryDirectory() as folder:
        reader, writer = os.pipe()
        os.close(reader)
        words = [tools.tlsfit, "annotate", "-d", DEVICE, str(CASE), "--json", "--report", f"{folder}/report.html"]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, timeout=60,
                              check=False, env=tools.environment)
        os.close(writer)
        left = os.listdir(folder)
        if done.returncode != -signal.SIGPIPE or done.stderr or left:
            raise Failure(f"status {done.returncode}, {done.stderr}, left {left}")
    return 0


def expect_trouble(done, out, reason):
    """Of a large and a small output, the small one is there."""
    errors = done.stderr.decode(errors="replace")
    if done.returncode != 2 or f"{out}/bulk.pcapng: {reason}" not in errors:
        raise Failure(f"status {done.returncode}, not 2 and \"{reason}\": {errors}")
    there = sorted(path.name for path in out.iterdir())
    if there != ["capture.pcapng"] or not is_whole(out / "capture.pcapng"):
        raise Failure(f"there is {there}, and not the small capture alone")
    print(errors.strip())


def words_for(tools, capture, out):
    return [tools.tlsfit, "annotate", "-d", DEVICE, str(capture), str(CASE), "-o", str(out)]


def check_limited(tools):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        out.mkdir()
        done = subprocess.run(words_for(tools, bulk(pathlib.Path(folder)), out), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120, check=False, env=tools.environment,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)))
        expect_trouble(done, out, "File too large")
    return 0


def check_full(tools):
    """The file system goes with the namespace that it was mounted in: what is left is copied out of it."""
    script = 'mount -t tmpfs -o size=1m none "$0" || exit 77\n"$@"\nstatus=$?\ncp -a "$0/." "$0.left" && exit $status'
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        left = pathlib.Path(folder) / "out.left"
        out.mkdir()
        left.mkdir()
        words = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, str(out),
                 *words_for(tools, bulk(pathlib.Path(folder)), out)]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False,
                                  env=tools.environment)
        except FileNotFoundError as error:
            raise Skip("no unshare here") from error
        if done.returncode in (1, 77) and b"out/bulk" not in done.stderr:
            raise Skip(f"no small file system can be mounted here: {done.stderr.decode(errors='replace').strip()}")
        done.stderr = done.stderr.replace(f"{out}/bulk".encode(), f"{left}/bulk".encode())
        expect_trouble(done, left, "No space left on device")
    return 0


# --- What is kept -----------------------------------------------------------------------------------------------------

def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def options(*pairs):
    """Options of a block, with the mark of their end."""
    return b"".join(struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)
                    for code, value in pairs) + bytes(4)


# By the type of the block: what is said of the section (comment, hardware, operating system, program), of the interface
# (comment, name, description, filter), and twice of each packet. None of these blocks has options in the test capture.
SAID = {
    pcapng.SECTION: options((1, b"of the section"), (2, b"a board"), (3, b"none"), (4, b"a logger")),
    pcapng.INTERFACE: options((1, b"of the interface"), (2, b"wlan0"), (3, b"the side of the board"), (11, b"\0tcp port 8883")),
    pcapng.PACKET: options((1, b"of the packet"), (1, "und noch: \u00e4".encode())),
}


def with_block(kind, body, place):
    """The test capture with comments everywhere, and with one block more: before its first packet, before its fifth, or
    behind the last."""
    before = {"head": 1, "middle": 5}.get(place)
    result, packets = b"", 0
    for there, _, content in pcapng.blocks(CASE.read_bytes()):
        packets += there == pcapng.PACKET
        if there == pcapng.PACKET and packets == before:
            result += block(kind, body)
        result += block(there, content + SAID.get(there, b""))
    return result if before else result + block(kind, body)


def check_one_block(case, capture, out, errors):
    before, after = pcapng.read(capture), pcapng.read(out)
    compare_packets(before, after)
    if sum(len(packet.comments) for packet in before.packets) != 2 * len(before.packets):
        raise Failure("the capture does not have the comments that it was given")
    told = [line for line in errors.splitlines() if line.startswith(f"tlsfit: {out}: ")]
    lost = [f"tlsfit: {out}: Wireshark's writer does not keep {case['lost']}"] if "lost" in case else []
    if told not in ([], lost):
        raise Failure(f"told {told}, wanted {lost}")
    if not told and "shortened" not in case:  # newer versions keep more
        compare_blocks(before, after)


def check_blocks(tools):
    cases, failed = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        work, out = pathlib.Path(folder), pathlib.Path(folder) / "out"
        out.mkdir()
        for path in sorted((HERE / "blocks").glob("*.ini")):
            parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
            parser.read(path, encoding="utf-8")
            case = parser["block"]
            for place in ("head", "middle", "tail"):
                capture = work / f"{path.stem}-{place}.pcapng"
                capture.write_bytes(with_block(int(case["type"], 0), bytes.fromhex(case["body"]), place))
                cases[capture] = case
        _, errors = tools.annotate("-d", DEVICE, *cases, "-o", out)
        for capture, case in cases.items():
            try:
                check_one_block(case, capture, out / capture.name, errors)
            except Failure as failure:
                failed += 1
                print(f"FAIL {capture.name}: {failure}")
    print(f"{len(cases)} captures with a block more, {failed} failed")
    return failed if cases else 1


def check_twice(tools):
    with tempfile.TemporaryDirectory() as folder:
        once, twice = pathlib.Path(folder) / "once.pcapng", pathlib.Path(folder) / "twice.pcapng"
        tools.annotate("-d", DEVICE, CASE, "-o", once)
        tools.annotate("-d", DEVICE, once, "-o", twice)
        if once.read_bytes() != twice.read_bytes():
            raise Failure("the second time changed something")
        comments = [comment for packet in pcapng.read(twice).packets for comment in packet.comments]
        if not comments or len(comments) != len(set(comments)):
            raise Failure(f"{len(comments)} comments, of which some are the same")
    print(f"{len(comments)} comments, once and twice")
    return 0


# --- What is read -----------------------------------------------------------------------------------------------------

def formats():
    """The names of the formats that editcap can write."""
    if not shutil.which("editcap"):
        raise Skip("no editcap here")
    listed = subprocess.run(["editcap", "-F"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return re.findall(r"^ +([^ ]+) - ", listed.stdout, re.M)


def convert(name, folder):
    """The test capture in another format; None where that has no such packets, or Wireshark cannot read what it wrote
    (CommView's newer one). editcap takes half a file for a success, tshark does not."""
    path = folder / f"capture.{name}"
    steps = (["editcap", "-F", name, str(CASE), str(path)], ["tshark", "-r", str(path), "-w", str(folder / "back")])
    good = all(subprocess.run(step, capture_output=True, check=False, timeout=60).returncode == 0 for step in steps)
    return path if good else None


def check_formats(tools):
    with tempfile.TemporaryDirectory() as folder:
        paths = list(filter(None, (convert(name, pathlib.Path(folder)) for name in formats())))
        if len(paths) < 4:
            raise Failure(f"only {len(paths)} formats: too little is tried")
        found = by_file(tools.annotate("--json", "-d", DEVICE, CASE, *paths)[0])
        answers = {name: [[handshake[key] for key in ANSWER] for handshake in found[name]] for name in found}
        wanted = answers.pop(str(CASE))
        other = [path.name for path in paths if answers.get(str(path)) != wanted]
        if other or not wanted:
            raise Failure(f"not the answer {wanted} of the capture that they were made from: {other}")
        done = tools.run("matrix", "-d", DEVICE, "--format", "csv", *paths)
        if done.returncode != 1 or done.stdout.count(b",\"cannot\",") != len(paths):
            raise Failure(f"matrix: status {done.returncode}, {done.stderr}")
        done = tools.run("learn", *paths)  # no handshake completed, so that there is little to learn
        if done.returncode != 3 or f"{len(paths)} handshakes".encode() not in done.stderr:
            raise Failure(f"learn: status {done.returncode}, {done.stderr}")
    print(f"{len(paths)} formats: {' '.join(path.suffix[1:] for path in paths)}")
    return 0


# --- Installed twice --------------------------------------------------------------------------------------------------

def as_user():
    """The words that make root somebody whose Wireshark loads plugins."""
    words = ["unshare", "-U", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
    if words and subprocess.run([*words, "true"], capture_output=True, check=False).returncode != 0:
        raise Skip("root's Wireshark loads no plugins, and user namespaces are forbidden here")
    return words


def check_plugin(tools):
    """The folder in which scripts/tshark-with-plugin lays out the plugin is that of an installed one."""
    shown, _ = tools.tshark(CASE, "-c", "1")
    folder = pathlib.Path(tools.wrapper[1]) / "with-plugin" / "plugins"
    if not shown or not list(folder.glob("*/epan/tlsfit.so")):
        raise Failure(f"no plugin in {folder}: nothing would be tried")
    environment = dict(tools.environment, WIRESHARK_PLUGIN_DIR=str(folder), LD_BIND_NOW="1")
    for command in (["annotate", "--json", "-d", DEVICE], ["matrix", "-d", DEVICE], ["learn"]):
        done = {}
        for where, words, env in (("alone", [], tools.environment), ("beside the plugin", as_user(), environment)):
            run = subprocess.run([*words, tools.tlsfit, *command, str(CASE)], stdin=subprocess.DEVNULL, capture_output=True,
                                 timeout=60, check=False, env=env)
            done[where] = (run.returncode, run.stdout, run.stderr)
        if done["alone"] != done["beside the plugin"] or not done["alone"][1]:
            raise Failure(f"{command[0]}: {done}")
        print(f"{command[0]}: the same with and without the plugin, status {done['alone'][0]}")
    return 0


CHECKS = {"killed": check_killed, "lost": check_lost, "closed": check_closed, "limited": check_limited,
          "full": check_full, "blocks": check_blocks, "twice": check_twice, "formats": check_formats, "plugin": check_plugin}


if __name__ == "__main__":
    sys.exit(run_check(__doc__, CHECKS))
