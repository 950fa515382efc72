#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs: tshark with and without it on the same capture, in one run.

In: a build directory and a capture. Out: user and system time of each way, medians over interleaved rounds, and
the ratio to plain tshark. Exits with 1 where --limit is given and exceeded; there is no other verdict.
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys

WRAPPER = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "tshark-with-plugin"

WAYS = {
    "plain": ["--disable-protocol", "tlsfit"],
    "plugin": [],
    "plugin, json": ["-z", "tlsfit,json"],
}


def measure(build, capture, options, extra):
    """Seconds of processor time of one run; the clock on the wall says too much about the machine's other work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = dict(os.environ, LC_ALL="C")
    command = [str(WRAPPER), build, "-q", "-n", "-r", capture, *options, *extra]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode(errors='replace').strip()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def split_arguments(arguments):
    """Everything behind "--" is tshark's; argparse would try to understand it."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1:]


def main():
    own, further = split_arguments(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0],
                                     usage="%(prog)s [options] build capture [-- further arguments for tshark]")
    parser.add_argument("build", help="build directory with plugin/tlsfit.so")
    parser.add_argument("capture")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, help="largest ratio of \"plugin\" to \"plain\" that is accepted")
    arguments = parser.parse_args(own)
    # tshark -q alone does not dissect: a statistic that is empty for this traffic makes it, in every way alike.
    extra = ["-z", "sip,stat", *further]
    times = {way: [] for way in WAYS}
    for _ in range(arguments.rounds):
        for way, options in WAYS.items():
            times[way].append(measure(arguments.build, arguments.capture, options, extra))
    plain = statistics.median(times["plain"])
    for way, values in times.items():
        median = statistics.median(values)
        print(f"{way:14} {median:7.2f} s  {median / plain:5.2f} x   ({min(values):.2f} .. {max(values):.2f})")
    ratio = statistics.median(times["plugin"]) / plain
    if arguments.limit and ratio > arguments.limit:
        sys.exit(f"overhead.py: {ratio:.2f} is above {arguments.limit:.2f}")


if __name__ == "__main__":
    main()
