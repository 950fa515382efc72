#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the Debian packages of one release and lives with them for a minute.

In: a suite (bookworm, trixie, sid), the source directory, a directory for the trees. Out: exit status 0 or 1 and what
was wrong; 77 with the reason where no such tree can be made. The packages are built in the suite's tree with a
compiler, looked at by lintian where that is installed, and installed, used and purged in a copy of its clean tree by
inside.sh. The trees are those of tests/versions.
"""
import argparse
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "versions"))
import mirror  # noqa: E402
import run as versions  # noqa: E402
import tree  # noqa: E402

BUILD = """
set -eu
cd "$HOME"
export DEBFULLNAME="tlsfit" DEBEMAIL="packages@tlsfit.invalid"
cmake -S source -B packages -G Ninja --preset package >/dev/null
rm -f packages/*.deb
cmake --build packages --target package
"""
SEED = "test_captures/inventek-stall-sha384-intermediate/capture.pcapng"
CHAIN = "tests/input/data/p384-intermediate-chain.pem"


def build(root, source):
    """The packages of that suite, fresh from the sources."""
    versions.copy_source(source, root / "home" / tree.USER / "source")
    if tree.run_inside(root, BUILD, user=tree.USER) != 0:
        raise tree.Failure("the packages cannot be built")
    packages = sorted((root / "home" / tree.USER / "packages").glob("*.deb"))
    names = [path.name.split("_")[0] for path in packages]
    if names != ["tlsfit-wireshark", "tlsfit"] and names != ["tlsfit", "tlsfit-wireshark"]:
        raise tree.Failure(f"packages built: {names}")
    return packages


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", str(package), name], capture_output=True, text=True,
                          check=True).stdout.strip()


def look_at_dependencies(packages):
    """The plugin's package is bound to one minor version of Wireshark, the command's to none."""
    for package in packages:
        depends = field(package, "Depends")
        print(f"{package.name} depends on {depends}")
        bound = re.search(r"libwireshark\d+\w* \(>= (\d+)\.(\d+)\), libwireshark\d+\w* \(<< (\d+)\.(\d+)~\)", depends)
        if package.name.startswith("tlsfit_"):
            if "wireshark" in depends:
                raise tree.Failure(f"{package.name} needs Wireshark")
        elif not bound or bound.group(1) != bound.group(3) or int(bound.group(2)) + 1 != int(bound.group(4)):
            raise tree.Failure(f"{package.name} is not bound to one minor version of Wireshark")


def look_with_lintian(packages):
    """Errors and warnings fail; without lintian nothing is claimed."""
    if shutil.which("lintian") is None:
        print("lintian is not installed: the packages were not looked at by it")
        return
    # The pages are compressed by whoever makes a package of a distribution.
    command = ["lintian", "--allow-root", "--suppress-tags", "uncompressed-manual-page", *map(str, packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [line for line in (done.stdout + done.stderr).splitlines() if re.match(r"[EW]: ", line)]
    print("\n".join(found) or "lintian found nothing")
    if found:
        raise tree.Failure("lintian complains")


def use(clean, source, packages):
    with tempfile.TemporaryDirectory(dir=clean.parent) as payload:
        for path in [*packages, source / SEED, source / CHAIN]:
            shutil.copy(path, payload)
        os.chmod(payload, 0o755)
        for path in pathlib.Path(payload).iterdir():
            path.chmod(0o644)
        script = (HERE / "inside.sh").read_text(encoding="utf-8")
        if tree.run_in_copy(clean, payload, script) != 0:
            raise tree.Failure("the packages do not work in a clean tree")


def run(arguments):
    cache = pathlib.Path(os.environ.get("TLSFIT_TREE_CACHE") or arguments.cache).resolve()
    tree.check_this_machine()
    tree.prepare_cache(cache)
    source = arguments.source.resolve()
    with open(cache / f"{arguments.suite}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        clean = tree.make_clean(cache, arguments.suite)
        packages = build(tree.make(cache, arguments.suite), source)
        look_at_dependencies(packages)
        look_with_lintian(packages)
        use(clean, source, packages)
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("suite")
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--cache", type=pathlib.Path, required=True,
                        help="where the trees are kept; TLSFIT_TREE_CACHE comes first")
    return versions.report(run, parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
