#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad input: what the command and tshark say, on which stream, with which exit status.

In: a case file, the build directory. Out: exit status 0 or 1 and the difference. A case that states neither standard
error nor standard output is itself an error.
"""
import argparse
import configparser
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def places(work):
    return {"data": HERE / "data", "certificates": ROOT / "tests" / "unit" / "certificates",
            "captures": ROOT / "test_captures", "work": work}


def command(case, build):
    if case["program"] == "tlsfit":
        return [str(build / "src" / "tlsfit")]
    if case["program"] == "tshark":
        return [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
    raise SystemExit(f"no program {case['program']}: tlsfit or tshark")


def compare(case, stream, text, where):
    """Complaints about one stream; the exact text, or a part of it."""
    if stream in case:
        wanted = case[stream].format(**where)
        return [] if text.strip() == wanted else [f"{stream} is\n{text}\nwanted\n{wanted}"]
    if stream + "-has" in case:
        wanted = case[stream + "-has"].format(**where)
        return [] if wanted in text else [f"{stream} is\n{text}\nwanted in it\n{wanted}"]
    return [f"the case says nothing of {stream}"]


def run(path, build):
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(path, encoding="utf-8")
    case = parser["case"]
    with tempfile.TemporaryDirectory() as work:
        pathlib.Path(work).chmod(0o755)
        where = places(work)
        if "cut" in case:
            source, length = case["cut"].format(**where).rsplit(" ", 1)
            (pathlib.Path(work) / "cut.pcapng").write_bytes(pathlib.Path(source).read_bytes()[:int(length)])
        arguments = [part.format(**where) for part in shlex.split(case["arguments"])]
        done = subprocess.run(command(case, build) + arguments, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
        errors = "\n".join(line for line in done.stderr.decode(errors="replace").splitlines()
                           if "Running as user" not in line)
        complaints = compare(case, "stderr", errors, where)
        complaints += compare(case, "stdout", done.stdout.decode(errors="replace"), where)
        if done.returncode != int(case["status"]):
            complaints.append(f"status {done.returncode}, wanted {case['status']}")
    return complaints


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("case", type=pathlib.Path)
    arguments = parser.parse_args()
    complaints = run(arguments.case, arguments.build)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
