#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `tlsfit annotate` costs beside tshark and nDPI's ndpiReader, on the same captures and in one run.

In: a build directory; captures of bulk data and of handshakes, as make_bulk.py and make_handshakes.py write them (they
are made where they are not given). Out: a table for each: wall time, processor time and the memory of the largest
process, medians over interleaved rounds; below it the ratios that matter. There is no verdict; the machine decides too
much.

Each way reads its input from the page cache. tlsfit and tshark with the plugin print JSON; plain tshark dissects and
prints nothing (a statistic that stays empty makes it dissect); ndpiReader classifies flows and prints a summary. Of
many small captures the ways that take one process each are measured on some, and multiplied.
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


JOBS = 2
SAMPLE = 20  # captures that are read one by one

TLSFIT, ONE_JOB = f"tlsfit annotate, {JOBS} jobs", "tlsfit annotate, 1 job"
JSON, PLAIN, NDPI = "tshark -z tlsfit,json", "tshark without plugin", "ndpiReader"


class Bench:
    """Runs commands and remembers what they cost."""

    def __init__(self, build, empty):
        self.tlsfit = [str(build / "src" / "tlsfit"), "annotate", "--json", "-d", "advertised", "--jobs"]
        self.with_plugin = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
        self.plain = dict(os.environ, HOME=empty, WIRESHARK_PLUGIN_DIR=empty, WIRESHARK_EXTCAP_DIR=empty)

    def ways(self, capture):
        ways = {
            TLSFIT: (self.tlsfit + [str(JOBS), capture], None),
            ONE_JOB: (self.tlsfit + ["1", capture], None),
            JSON: (self.with_plugin + ["-n", "-r", capture, "-q", "-z", "tlsfit,json",
                                       "-o", "tlsfit.device:advertised"], None),
            PLAIN: (["tshark", "-n", "-r", capture, "-q", "-z", "sip,stat"], self.plain),
        }
        if shutil.which("ndpiReader"):
            ways[NDPI] = (["ndpiReader", "-q", "-i", capture], None)
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


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def show(title, results):
    print(f"\n{title}")
    base = medians(next(iter(results.values())))
    for name, runs in results.items():
        wall, cpu, memory = medians(runs)
        print(f"  {name:28} {wall:8.2f} s wall {wall / base[0]:6.1f} x {cpu:8.2f} s processor {cpu / base[1]:6.1f} x "
              f"{memory:6.0f} MB")
    sys.stdout.flush()


def show_ratio(results, slow, fast, wanted):
    """How many times faster FAST is."""
    there, here = medians(results[slow]), medians(results[fast])
    print(f"  {fast} is {there[0] / here[0]:.1f} times as fast as {slow} ({there[1] / here[1]:.1f} times by processor time; "
          f"wanted: {wanted})")


def compare(bench, title, capture, rounds):
    ways = bench.ways(str(capture))
    results = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (command, environment) in ways.items():
            results[name].append(bench.measure(command, environment))
    show(f"{title}: {capture.stat().st_size / 1e6:.0f} MB, {rounds} rounds", results)
    return results


def compare_bulk(bench, capture, rounds):
    results = compare(bench, "Bulk data", capture, rounds)
    show_ratio(results, JSON, TLSFIT, "6")
    print(f"  memory: {medians(results[TLSFIT])[2]:.0f} MB, of {JSON}: {medians(results[JSON])[2]:.0f} MB (wanted: under 300)")


def compare_handshakes(bench, capture, rounds):
    results = compare(bench, "Handshakes", capture, rounds)
    show_ratio(results, PLAIN, TLSFIT, "more than 1")


def scaled(bench, commands, count):
    """What COUNT processes cost, by those that were run."""
    runs = [bench.measure(command) for command in commands]
    return (count / len(runs) * sum(run[0] for run in runs), count / len(runs) * sum(run[1] for run in runs),
            max(run[2] for run in runs))


def compare_many(bench, capture, count, folder, rounds):
    """COUNT captures in one call, and one process each; a tenth of the captures for the memory."""
    links = [str(folder / f"{number}.pcapng") for number in range(count)]
    for link in links:
        os.symlink(capture, link)
    sample = [bench.ways(link) for link in links[:SAMPLE]]
    few = f"{max(count // 10, 1)} captures in one call"
    each = {f"one {name} each": name for name in (JSON, NDPI) if name in sample[0]}
    results = {name: [] for name in (TLSFIT, few, *each)}
    for _ in range(rounds):
        results[TLSFIT].append(bench.measure(bench.tlsfit + [str(JOBS), *links]))
        results[few].append(bench.measure(bench.tlsfit + [str(JOBS), *links[:max(count // 10, 1)]]))
        for name, way in each.items():
            results[name].append(scaled(bench, [ways[way][0] for ways in sample], count))
    show(f"{count} captures of one handshake in one call (one each: {len(sample)} were run, times "
         f"{count / len(sample):g}), {rounds} rounds", results)
    show_ratio(results, f"one {JSON} each", TLSFIT, "5")
    print(f"  memory: {medians(results[TLSFIT])[2] / medians(results[few])[2]:.2f} times that of {few} (wanted: 1)")


def make(script, path, *options):
    subprocess.run([sys.executable, str(ROOT / "bench" / script), str(TEMPLATE), str(path), *options], check=True)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, help="build directory with src/tlsfit, capture/ and plugin/")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved (default: 3)")
    parser.add_argument("--bulk", type=pathlib.Path, help="a capture of bulk data")
    parser.add_argument("--handshakes", type=pathlib.Path, help="a capture of many handshakes")
    parser.add_argument("--megabytes", default="1000", help="of the bulk data that is made (default: 1000)")
    parser.add_argument("--count", default="40000", help="of the handshakes that are made (default: 40000)")
    parser.add_argument("--files", type=int, default=1000, help="captures in one call (default: 1000)")
    parser.add_argument("--only", choices=["bulk", "handshakes", "files"])
    arguments = parser.parse_args()
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {version.splitlines()[0]}")
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name:
        folder = pathlib.Path(name)
        bench = Bench(arguments.build.resolve(), name)
        if arguments.only in (None, "bulk"):
            bulk = arguments.bulk or make("make_bulk.py", folder / "bulk.pcap", "--megabytes", arguments.megabytes)
            compare_bulk(bench, bulk, arguments.rounds)
        if arguments.only in (None, "handshakes"):
            many = arguments.handshakes or make("make_handshakes.py", folder / "many.pcap", "--count", arguments.count)
            compare_handshakes(bench, many, arguments.rounds)
        if arguments.only in (None, "files"):
            compare_many(bench, TEMPLATE, arguments.files, folder, arguments.rounds)


if __name__ == "__main__":
    main()
