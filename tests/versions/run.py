#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds and tests the plugin against the Wireshark of another Debian release.

In: a suite (trixie, sid), the source directory, a directory that may be written to. Out: the
versions found, the output of CMake and CTest inside a tree of that suite, and their exit status;
77 with the reason where such a tree cannot be made here. The tree comes from debootstrap and the
mirror that this machine's own apt sources name, and is kept for the next run. Nothing is mounted
outside of a private mount namespace, and nothing keeps running. Not done: testing the lab.
"""

import argparse
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

import mirror
import tree

TEST_LABELS = "unit|profile|capture"
TEST_NAMES = r"^wireshark\.(statistics|tree)$"  # links, expert infos and "-z tlsfit,...": the same in every version
IGNORED = shutil.ignore_patterns(".git", "__pycache__", "*.pyc")

INSIDE = r"""
set -eu
cd "$HOME"
tshark --version 2>/dev/null | sed -n 1p
cmake --version | sed -n 1p
gcc --version | sed -n 1p
cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTLSFIT_LAB=OFF
cmake --build build
ctest --test-dir build -L '@LABELS@' --no-tests=error --output-on-failure --timeout 300 -j "$(nproc)"
ctest --test-dir build -R '@NAMES@' --no-tests=error --output-on-failure -j "$(nproc)"
"""


def is_build_directory(path):
    return (path / "CMakeCache.txt").exists()


def copy_source(source, destination):
    """Copies what a checkout holds, readable for everybody, without build directories and the
    tree cache. The times of the files are kept, so a second run compiles only what changed."""
    def ignore(directory, names):
        directory = pathlib.Path(directory)
        skipped = set(IGNORED(str(directory), names))
        for name in names:
            path = directory / name
            if path.is_dir() and (is_build_directory(path) or tree.is_tree_cache(path)):
                skipped.add(name)
            if directory == source and (name == "build" or name.startswith("build-")):
                skipped.add(name)
        return skipped

    shutil.rmtree(destination, ignore_errors=True)
    shutil.copytree(source, destination, ignore=ignore, symlinks=True)
    for directory, _, files in os.walk(destination):
        os.chmod(directory, 0o755)
        for name in files:
            path = pathlib.Path(directory, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suite")
    parser.add_argument("--source", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--cache", type=pathlib.Path, required=True,
                        help="where the trees are kept; TLSFIT_TREE_CACHE comes first")
    return parser.parse_args()


def run(arguments):
    cache = pathlib.Path(os.environ.get("TLSFIT_TREE_CACHE") or arguments.cache).resolve()
    tree.check_this_machine()
    tree.prepare_cache(cache)
    with open(cache / f"{arguments.suite}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = tree.make(cache, arguments.suite)
        copy_source(arguments.source.resolve(), root / "home" / tree.USER / "source")
        script = INSIDE.replace("@LABELS@", TEST_LABELS).replace("@NAMES@", TEST_NAMES)
        return tree.run_inside(root, script, user=tree.USER)


def report(action, arguments):
    """Runs an action that needs a tree; its exit status, with the reason where it is not 0."""
    sys.stdout.reconfigure(line_buffering=True)
    try:
        return action(arguments)
    except mirror.CannotRunHere as reason:
        print(f"SKIP: {reason}")
        return 77
    except tree.Failure as reason:
        print(f"FAIL: {reason}", file=sys.stderr)
        return 1
    except subprocess.TimeoutExpired as reason:
        print(f"FAIL: not finished after {reason.timeout:.0f} seconds", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(report(run, parse_arguments()))
