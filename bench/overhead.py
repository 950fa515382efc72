#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs: tshark with and without it on the same captures, in one run.

In: a build directory and captures. Out: a table for each capture: user and system time and memory of each way to read it,
medians over interleaved rounds, and the ratio to the plain tshark that does the same. Exits with 1 where a limit is given
and exceeded; there is no other verdict.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

WRAPPER = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "tshark-with-plugin"

# tshark -q alone does not dissect; a statistic that stays empty makes it.
QUIET = ["-q", "-z", "sip,stat"]

# A display filter that every packet passes: the same list, but of a tshark that builds a tree for every packet by itself.
FILTER = ["-Y", "frame"]

# name: (options of tshark, with the plugin?, the way without it that does the same, or None)
WAYS = {
    "list": ([], False, None),
    "list, plugin": ([], True, "list"),
    "filter": (FILTER, False, None),
    "filter, plugin": (FILTER, True, "filter"),
    "quiet": (QUIET, False, None),
    "quiet, plugin": (QUIET, True, "quiet"),
    "json, plugin": (["-q", "-z", "tlsfit,json"], True, "quiet"),
    "two passes": (["-2"], False, None),
    "two passes, plugin": (["-2"], True, "two passes"),
}
LIMITED = {"limit": "list, plugin", "limit_two_passes": "two passes, plugin"}


def measure(build, empty, capture, way):
    """(seconds of processor time, megabytes) of one run; the clock on the wall says too much about other work.

    Plain is a tshark that does not have the plugin: one that has it and disables it may still build every tree.
    """
    options, with_plugin, _ = WAYS[way]
    environment = dict(os.environ, LC_ALL="C")
    command = [str(WRAPPER), build] if with_plugin else ["tshark"]
    if not with_plugin:
        environment.update(HOME=empty, WIRESHARK_PLUGIN_DIR=empty, WIRESHARK_EXTCAP_DIR=empty)
    command += ["-n", "-r", capture, *options]
    with tempfile.TemporaryFile() as errors:
        # pylint: disable=consider-using-with; wait4() takes the place of wait() and tells what this child used
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}: {errors.read().decode(errors='replace').strip()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def read_rounds(build, capture, ways, rounds):
    """The measurements of each way, in turns, so that what else the machine does meets all of them."""
    found = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as empty:
        for _ in range(rounds):
            for way in ways:
                found[way].append(measure(build, empty, capture, way))
    return found


def print_table(capture, found):
    """The table of one capture; the ratio of each way with the plugin."""
    ratios = {}
    print(capture)
    for way, values in found.items():
        times = [seconds for seconds, _ in values]
        base = WAYS[way][2] or way
        middle = statistics.median(times)
        ratios[way] = middle / statistics.median(seconds for seconds, _ in found[base])
        print(f"  {way:19} {middle:7.2f} s  {ratios[way]:5.2f} x   ({min(times):.2f} .. {max(times):.2f})"
              f"  {statistics.median(megabytes for _, megabytes in values):6.0f} MB")
    return ratios


def choose_ways(words):
    """The ways whose names begin with one of WORDS, and those that they are compared with."""
    chosen = [way for way in WAYS if not words or any(way.startswith(word) for word in words)]
    return [way for way in WAYS if way in chosen or any(WAYS[other][2] == way for other in chosen)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", help="build directory with plugin/tlsfit.so")
    parser.add_argument("captures", nargs="+", metavar="capture")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--way", action="append", help="only ways whose name begins so; may be repeated")
    parser.add_argument("--limit", type=float, help="largest ratio of \"list, plugin\" that is accepted")
    parser.add_argument("--limit-two-passes", type=float, help="the same of \"two passes, plugin\"")
    arguments = parser.parse_args()
    ways = choose_ways(arguments.way)
    if not ways:
        parser.error(f"no such way; there are: {'; '.join(WAYS)}")
    exceeded = []
    for capture in arguments.captures:
        ratios = print_table(capture, read_rounds(arguments.build, capture, ways, arguments.rounds))
        for name, way in LIMITED.items():
            limit = getattr(arguments, name)
            if limit and ratios.get(way, 0) > limit:
                exceeded.append(f"{capture}: {way}: {ratios[way]:.2f} is above {limit:.2f}")
    if exceeded:
        sys.exit("overhead.py: " + "; ".join(exceeded))


if __name__ == "__main__":
    main()
