#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the command and tshark say, on which stream, with which exit status.

In: a case file, the build directory. Out: exit status 0 or 1 and the difference, or 77 where a tool is missing. A case
that states neither standard error nor standard output is itself an error.

A case: program, arguments, status; stdout and stderr (the whole text), stdout-has and stderr-has (each line stands in
it), stdout-lacks (no line does), stdout-file (the whole text is in that file). Further: stdin (a file), pipe (the same
through a pipe), env (NAME=VALUE words), cut (a file and how many bytes of it become {work}/cut.pcapng), schema (the
schema in doc/schema that standard output must fit), makes (a file that must be there afterwards), leaves (a folder, and
the names of the files that are in it then, and no others), as (user or root: who the program thinks it is). A tree
in {work}: copy (a folder whose contents go there), and lines of install (FILE TARGET; {wireshark} is the X.Y of the
tshark here), write (TARGET: TEXT), chmod (MODE TARGET), machine (TARGET NUMBER: what an ELF file says it is built for).
"""
import argparse
import configparser
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import warnings

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def places(path, build, work):
    here = path.resolve().parents[1]
    return {"build": build.resolve(), "data": here / "data", "certificates": ROOT / "tests" / "unit" / "certificates", "input": HERE / "data",
            "captures": ROOT / "test_captures", "root": ROOT, "work": work}


def wireshark_version():
    """The X.Y of the folder of plugins; None without a tshark."""
    if not shutil.which("tshark"):
        return None
    text = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"ireshark\D*(\d+\.\d+)", text)
    return found.group(1) if found else None


def command(case, build):
    if case["program"] == "tlsfit":
        return [str(build / "src" / "tlsfit")]
    if case["program"] == "tshark":
        return [str(ROOT / "scripts" / "tshark-with-plugin"), str(build)]
    raise SystemExit(f"no program {case['program']}: tlsfit or tshark")


def lines_of(case, key, where):
    return [line for line in case.get(key, "").format(**where).splitlines() if line]


def compare(case, stream, text, where):
    """Complaints about one stream: the whole text, or parts of it, however they are broken into lines."""
    def has(line):
        return line in text or line in " ".join(text.split())

    if stream in case or stream + "-file" in case:
        wanted = case[stream].format(**where) if stream in case else \
            pathlib.Path(case[stream + "-file"].format(**where)).read_text(encoding="utf-8").strip()
        return [] if text.strip() == wanted else [f"{stream} is\n{text}\nwanted\n{wanted}"]
    if stream + "-has" not in case:
        return [f"the case says nothing of {stream}"]
    missing = [line for line in lines_of(case, stream + "-has", where) if not has(line)]
    unwanted = [line for line in lines_of(case, stream + "-lacks", where) if has(line)]
    return [f"{stream} is\n{text}\nwanted in it\n{line}" for line in missing] + \
           [f"{stream} is\n{text}\nnot wanted in it\n{line}" for line in unwanted]


def schema_complaints(name, text):
    """What in the JSON the schema does not know; None where there is no validator."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newer versions have another resolver, Debian 12 has this one
            from jsonschema import Draft202012Validator, RefResolver
    except ImportError:
        return None
    schemas = [json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "doc" / "schema").glob("*.json")]
    store = {schema["$id"]: schema for schema in schemas}
    schema = store["urn:tlsfit:schema:" + name]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, resolver=RefResolver.from_schema(schema, store=store))
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(json.loads(text))]


def environment(case, where):
    """The user's own settings must not change what is tested."""
    values = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LC_ALL")}
    values["LC_ALL"] = "C.UTF-8"
    values.update(word.format(**where).split("=", 1) for word in shlex.split(case.get("env", "")))
    return values


def lay_out(case, work, where):
    """The tree of files of a case."""
    if "copy" in case:
        shutil.copytree(case["copy"].format(**where), work, dirs_exist_ok=True, symlinks=True)
    for line in lines_of(case, "install", where):
        source, target = line.split()
        (work / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, work / target)
    for line in lines_of(case, "write", where):
        target, text = line.split(": ", 1)
        (work / target).parent.mkdir(parents=True, exist_ok=True)
        (work / target).write_text(text + "\n", encoding="utf-8")
    for line in lines_of(case, "chmod", where):
        mode, target = line.split()
        (work / target).chmod(int(mode, 8))
    for line in lines_of(case, "machine", where):
        target, number = line.split()
        data = bytearray((work / target).read_bytes())
        data[18:20] = int(number).to_bytes(2, sys.byteorder)  # e_machine
        (work / target).write_bytes(data)


def prepare(case, where):
    work = pathlib.Path(where["work"])
    work.chmod(0o755)
    lay_out(case, work, where)
    if "cut" in case:
        source, length = case["cut"].format(**where).rsplit(" ", 1)
        (work / "cut.pcapng").write_bytes(pathlib.Path(source).read_bytes()[:int(length)])


def identity(case):
    """The words that make the program believe it is root, or an ordinary user; None where that cannot be done."""
    wanted = case.get("as")
    if wanted is None or (wanted == "root") == (os.geteuid() == 0):
        return []
    words = ["unshare", "-U", "--map-root-user"] if wanted == "root" else \
        ["unshare", "-U", "--map-user=1000", "--map-group=1000"]
    try:
        return words if subprocess.run(words + ["true"], capture_output=True, check=False).returncode == 0 else None
    except FileNotFoundError:
        return None


def start(case, build, where):
    arguments = [part.format(**where) for part in shlex.split(case["arguments"])]
    with open(case["stdin"].format(**where) if "stdin" in case else os.devnull, "rb") as stdin:
        given = {"input": pathlib.Path(case["pipe"].format(**where)).read_bytes()} if "pipe" in case else {"stdin": stdin}
        return subprocess.run(identity(case) + command(case, build) + arguments, **given, capture_output=True, timeout=60,
                              check=False, env=environment(case, where))


def left_complaints(case, where):
    folder, *names = case.get("leaves", "").format(**where).split() or [None]
    there = sorted(path.name for path in pathlib.Path(folder).iterdir()) if folder else []
    return [] if there == sorted(names) else [f"{folder} has {there}, wanted {sorted(names)}"]


def run(path, build):
    """Complaints, and what was skipped."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.read(path, encoding="utf-8")
    case = parser["case"]
    skipped = None
    with tempfile.TemporaryDirectory() as work:
        where = places(path, build, work)
        if "{wireshark}" in case.get("install", ""):
            where["wireshark"] = wireshark_version()
            if where["wireshark"] is None:
                return [], "no tshark here"
        prepare(case, where)
        if identity(case) is None:
            return [], "no user namespaces here"
        done = start(case, build, where)
        output = done.stdout.decode(errors="replace")
        errors = "\n".join(line for line in done.stderr.decode(errors="replace").splitlines()
                           if "Running as user" not in line)
        complaints = compare(case, "stderr", errors, where)
        complaints += compare(case, "stdout", output, where)
        if done.returncode != int(case["status"]):
            complaints.append(f"status {done.returncode}, wanted {case['status']}")
        if "makes" in case and not pathlib.Path(case["makes"].format(**where)).exists():
            complaints.append(f"{case['makes']} is not there")
        complaints += left_complaints(case, where)
        if "schema" in case:
            found = schema_complaints(case["schema"], output)
            skipped = "no python3-jsonschema" if found is None else None
            complaints += found or []
    return complaints, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("case", type=pathlib.Path)
    arguments = parser.parse_args()
    complaints, skipped = run(arguments.case, arguments.build)
    for complaint in complaints:
        print(complaint)
    if skipped and not complaints:
        print(f"SKIP: {skipped}")
        return 77
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
