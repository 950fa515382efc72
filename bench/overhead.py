#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin costs: tshark with and without it on the same capture, in one run.

In: a build directory and a capture. Out: user and system time of each way, medians over interleaved rounds, and
the ratio to plain tshark that does the same (lists packets, or says nothing). Exits with 1 where --limit is given and exceeded; there is no other verdict.
"""
import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

WRAPPER = pathlib.Path(__file__).resolve().parent.parent / "scripts" / "tshark-with-plugin"

# tshark -q alone does not dissect; a statistic that stays empty makes it.
QUIET = ["-q", "-z", "sip,stat"]

# name: (with the plugin?, options)
WAYS = {
    "plain, list": (False, []),
    "plugin, list": (True, []),
    "plain, quiet": (False, QUIET),
    "plugin, quiet": (True, QUIET),
    "plugin, json": (True, ["-q", "-z", "tlsfit,json"]),
}


def measure(build, empty, capture, way, extra):
    """Seconds of processor time of one run; the clock on the wall says too much about the machine's other work.

    Plain is a tshark that does not have the plugin: one that has it and disables it may still build every tree.
    """
    with_plugin, options = way
    environment = dict(os.environ, LC_ALL="C")
    command = [str(WRAPPER), build] if with_plugin else ["tshark"]
    if not with_plugin:
        environment.update(HOME=empty, WIRESHARK_PLUGIN_DIR=empty, WIRESHARK_EXTCAP_DIR=empty)
    command += ["-n", "-r", capture, *options, *extra]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
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
    parser.add_argument("--limit", type=float, help="largest ratio of plugin to plain that is accepted (list)")
    arguments = parser.parse_args(own)
    times = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as empty:
        for _ in range(arguments.rounds):
            for name, way in WAYS.items():
                extra = further if way[0] else [word for word in further if word == "-2"]
                times[name].append(measure(arguments.build, empty, arguments.capture, way, extra))
    plain = statistics.median(times["plain, list"])
    quiet = statistics.median(times["plain, quiet"])
    for name, values in times.items():
        median = statistics.median(values)
        base = plain if name.endswith("list") else quiet
        print(f"{name:14} {median:7.2f} s  {median / base:5.2f} x   ({min(values):.2f} .. {max(values):.2f})")
    ratio = statistics.median(times["plugin, list"]) / plain
    if arguments.limit and ratio > arguments.limit:
        sys.exit(f"overhead.py: {ratio:.2f} is above {arguments.limit:.2f}")


if __name__ == "__main__":
    main()
