#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What loading all device profiles costs at start-up.

In: the command tlsfit of a build. Out: milliseconds, and how many times the command's bare start that is. The command
that loads the library (`devices show` of one device) and one that does not (`--version`) run in turn, many times, so
that both see the same machine; the difference of the medians is the library. The verdict is about processor time: the
clock on the wall says too much about the machine's other work.

    library.py BUILD/src/tlsfit [--runs N]
"""
import argparse
import os
import statistics
import sys
import time

LIMIT_MS = 20.0


def measure(command):
    """Wall and processor time of one run, in milliseconds."""
    begin = time.perf_counter()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    wall = (time.perf_counter() - begin) * 1000
    if status != 0:
        sys.exit(f"{' '.join(command)}: status {status}")
    return wall, (usage.ru_utime + usage.ru_stime) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", help="the command tlsfit")
    parser.add_argument("--runs", type=int, default=100)
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    commands = {"start alone": [binary, "--version"], "start and library": [binary, "devices", "show", "tinydtls"]}
    results = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            results[name].append(measure(command))
    print(f"{'':20}{'wall, median':>14}{'wall, least':>13}{'processor':>11}   (milliseconds, {options.runs} runs)")
    rows = {}
    for name, runs in results.items():
        wall, cpu = [run[0] for run in runs], [run[1] for run in runs]
        rows[name] = (statistics.median(wall), min(wall), statistics.median(cpu))
        print(f"{name:20}{rows[name][0]:14.2f}{rows[name][1]:13.2f}{rows[name][2]:11.2f}")
    cost = [full - bare for full, bare in zip(rows["start and library"], rows["start alone"])]
    print(f"{'library':20}{cost[0]:14.2f}{cost[1]:13.2f}{cost[2]:11.2f}")
    print(f"the library is {cost[2] / rows['start alone'][2]:.2f} times the bare start (processor time); "
          f"{'below' if cost[2] < LIMIT_MS else 'ABOVE'} {LIMIT_MS:.0f} ms")
    return 0 if cost[2] < LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
