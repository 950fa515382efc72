#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `tlsfit annotate` costs beside tshark and nDPI's ndpiReader, on the same captures and in one run.

In: a build directory; captures of bulk data, of handshakes, and of one handshake, as make_bulk.py and
make_handshakes.py write them (they are made where they are not given). Out: a table: wall time, processor time and the
memory of the largest process, medians over interleaved rounds. There is no verdict; the machine decides too much.

Each way reads its input from the page cache. tshark with the plugin prints JSON; plain tshark dissects and prints
nothing (a statistic that stays empty makes it dissect); ndpiReader classifies flows and prints a summary.
"""
import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "test_captures" / "x-cube-ecdhe-rsa-cbc-completes" / "capture.pcapng"


class Bench:
    """Runs commands and remembers what they cost."""

    def __init__(self, build, empty):
        self.tlsfit = [str(build / "src" / "tlsfit"), "annotate", "--json", "-d", "advertised"]
        self.with_plugin = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
        self.plain = dict(os.environ, HOME=empty, WIRESHARK_PLUGIN_DIR=empty, WIRESHARK_EXTCAP_DIR=empty)

    def ways(self, capture):
        ways = {
            "tlsfit annotate": (self.tlsfit + [capture], None),
            "tlsfit annotate, 1 job": (self.tlsfit + ["--jobs", "1", capture], None),
            "tshark -z tlsfit,json": (self.with_plugin + ["-n", "-r", capture, "-q", "-z", "tlsfit,json",
                                                          "-o", "tlsfit.device:advertised"], None),
            "tshark without plugin": (["tshark", "-n", "-r", capture, "-q", "-z", "sip,stat"], self.plain),
        }
        if shutil.which("ndpiReader"):
            ways["ndpiReader"] = (["ndpiReader", "-q", "-i", capture], None)
        return ways

    @staticmethod
    def measure(command, environment=None):
        """(wall seconds, processor seconds, megabytes of the largest process)"""
        start = time.monotonic()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1, 3):
            sys.exit(f"{' '.join(command)[:200]}: status {child.returncode}")
        return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def show(title, results):
    print(f"\n{title}")
    base = statistics.median(run[0] for run in results["tlsfit annotate"])
    for name, runs in results.items():
        wall, cpu, memory = (statistics.median(column) for column in zip(*runs))
        print(f"  {name:28} {wall:8.2f} s wall {wall / base:7.1f} x {cpu:8.2f} s processor {memory:7.0f} MB")
    sys.stdout.flush()


def compare(bench, title, capture, rounds):
    ways = bench.ways(str(capture))
    results = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (command, environment) in ways.items():
            results[name].append(bench.measure(command, environment))
    show(f"{title}: {capture.stat().st_size / 1e6:.0f} MB", results)


def compare_many(bench, capture, count, folder, rounds):
    """COUNT captures in one call, and one tshark each; a tenth of the captures for the memory."""
    links = []
    for number in range(count):
        link = folder / f"{number}.pcapng"
        link.symlink_to(capture)
        links.append(str(link))
    tshark = bench.ways("CAPTURE")["tshark -z tlsfit,json"][0]
    results = {"tlsfit annotate": [], "a tenth of the captures": [], "one tshark each": []}
    for _ in range(rounds):
        results["tlsfit annotate"].append(bench.measure(bench.tlsfit + links))
        results["a tenth of the captures"].append(bench.measure(bench.tlsfit + links[:count // 10]))
        sample = [bench.measure([word.replace("CAPTURE", link) for word in tshark]) for link in links[:20]]
        results["one tshark each"].append((count / 20 * sum(run[0] for run in sample),
                                           count / 20 * sum(run[1] for run in sample), max(run[2] for run in sample)))
    show(f"{count} captures of one handshake (tshark: measured on 20 of them)", results)


def make(script, path, *options):
    subprocess.run([sys.executable, str(ROOT / "bench" / script), str(TEMPLATE), str(path), *options], check=True)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, help="build directory with src/tlsfit, capture/ and plugin/")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bulk", type=pathlib.Path, help="a capture of bulk data")
    parser.add_argument("--handshakes", type=pathlib.Path, help="a capture of many handshakes")
    parser.add_argument("--megabytes", default="1000", help="of the bulk data that is made (default: 1000)")
    parser.add_argument("--count", default="40000", help="of the handshakes that are made (default: 40000)")
    parser.add_argument("--files", type=int, default=1000, help="captures in one call (default: 1000)")
    parser.add_argument("--only", choices=["bulk", "handshakes", "files"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        bench = Bench(arguments.build.resolve(), name)
        if arguments.only in (None, "bulk"):
            bulk = arguments.bulk or make("make_bulk.py", folder / "bulk.pcap", "--megabytes", arguments.megabytes)
            compare(bench, "Bulk data", bulk, arguments.rounds)
        if arguments.only in (None, "handshakes"):
            many = arguments.handshakes or make("make_handshakes.py", folder / "many.pcap", "--count", arguments.count)
            compare(bench, "Handshakes", many, arguments.rounds)
        if arguments.only in (None, "files"):
            compare_many(bench, TEMPLATE, arguments.files, folder, arguments.rounds)


if __name__ == "__main__":
    main()
