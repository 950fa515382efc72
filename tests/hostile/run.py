#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile names (material.py) through every output: they must come out as text, and as nothing else.

In: a build directory, the name of a part. Out: exit status 0 or 1 and what is wrong. For every output: it is valid UTF-8
without hidden characters, JSON can be read, HTML is balanced and runs nothing, no cell of CSV is a formula, a profile
can be read again. Each output must hold a piece of the names, so that a test cannot pass on nothing.
"""
import argparse
import csv
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import material

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "report"), str(ROOT / "tests" / "annotate")]
import html_check  # noqa: E402
import pcapng  # noqa: E402

DEVICE = "inventek-ism43362"
OWN_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class Failure(Exception):
    """An output that a hostile name got the better of; the text is for people."""


def text_of(what, data, piece, colours=False):
    """DATA as text, if it is harmless and holds PIECE."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Failure(f"{what}: no UTF-8: {error}") from error
    seen = OWN_COLOURS.sub("", text) if colours else text
    hidden = {f"U+{ord(character):04X}" for character in seen
              if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")}
    if hidden:
        raise Failure(f"{what}: holds {', '.join(sorted(hidden))}")
    if piece not in text:
        raise Failure(f"{what}: does not hold {piece!r}, so nothing was tested:\n{text[:2000]}")
    return text


def check_csv(what, text):
    rows = list(csv.reader(text.splitlines()))
    if {len(row) for row in rows} != {len(rows[0])}:
        raise Failure(f"{what}: rows differ in length")
    formulas = [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    if formulas:
        raise Failure(f"{what}: formulas: {formulas}")


def check_html(what, text):
    found, shown = html_check.problems(text)
    if found:
        raise Failure(f"{what}: {found[:5]}")
    return shown


def check_markdown(what, text):
    """No name ends a row of a table or begins a line, and none is a tag."""
    if re.search(r"^\W*forged", text, re.M) or re.search(r"(?<![\\`])<(script|img)", re.sub(r"`+[^`]*`+", "", text)):
        raise Failure(f"{what}: a name is markup:\n{text}")


class Runner:
    def __init__(self, build, work):
        self.build, self.work = build, work
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", HOME=str(work), XDG_CONFIG_HOME=str(work / "config"))
        self.environment.pop("NO_COLOR", None)
        pem = (ROOT / "tests" / "report" / "certificates" / "hostile.pem").read_text(encoding="utf-8")
        self.chain = [material.certificate(pem, material.NAMES, []),
                      material.certificate(pem, material.NAMES[::-1], [material.LONG])]

    def run(self, *arguments):
        done = subprocess.run([self.build / "src" / "tlsfit", *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=200, check=False, env=self.environment)
        if done.returncode not in (0, 1, 3):
            raise Failure(f"tlsfit {' '.join(map(str, arguments))}: {done.returncode} {done.stderr.decode()}")
        return done.stdout

    def on_terminal(self, *arguments):
        """What a terminal gets, with the line ends that were written."""
        master, slave = pty.openpty()
        with subprocess.Popen([self.build / "src" / "tlsfit", *arguments], stdin=subprocess.DEVNULL, stdout=slave,
                              stderr=subprocess.DEVNULL, env=dict(self.environment, TERM="xterm")) as process:
            os.close(slave)
            data = b""
            while True:
                try:
                    piece = os.read(master, 65536)
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                data += piece
        os.close(master)
        if process.returncode not in (0, 1, 3):
            raise Failure(f"tlsfit {' '.join(map(str, arguments))} on a terminal: {process.returncode}")
        return data.replace(b"\r\n", b"\n")

    def tshark(self, capture, *arguments):
        command = [ROOT / "scripts" / "tshark-with-plugin", self.build, "-r", capture, "-o", f"tlsfit.device:{DEVICE}", *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=200, check=False)
        if done.returncode == 77:
            print("SKIP:", done.stderr.decode(errors="replace").strip())
            sys.exit(77)
        if done.returncode != 0:
            raise Failure(f"tshark {arguments}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def captures(self):
        """Captures with these server names, each with the whole chain: all of them in one, one that ends in the middle,
        one that begins a formula, one that is long."""
        everything = b" ".join(name.replace(b"\0", b"") for name in material.NAMES)
        for index, name in enumerate([everything, material.NAMES[5], material.NAMES[2], material.LONG[:16000]]):
            path = self.work / f"name-{index}.pcapng"
            material.capture(path, name, self.chain)
            yield path

    def pem(self):
        path = self.work / "chain.pem"
        path.write_text("".join(material.pem(der) for der in self.chain), encoding="ascii")
        return path


def plugin(runner):
    for path in runner.captures():
        for line in text_of("-z tlsfit,json", runner.tshark(path, "-q", "-z", "tlsfit,json"), "img src").splitlines():
            json.loads(line)
        summary = text_of("-z tlsfit,summary", runner.tshark(path, "-q", "-z", "tlsfit,summary"), "cert_signature_algorithm")
        if re.search(r"device\.example\s", summary):
            raise Failure(f"a NUL ends the server name:\n{summary}")
        text_of("-z tlsfit,matrix", runner.tshark(path, "-q", "-z", "tlsfit,matrix"), "img src")
        text_of("-T fields", runner.tshark(path, "-T", "fields", "-e", "tlsfit.observed", "-e", "_ws.expert.message"), "img src")
        text_of("-O tlsfit", runner.tshark(path, "-O", "tlsfit", "-Y", "tlsfit.rule"), "img src")


def annotate(runner):
    for path in runner.captures():
        out = {kind: runner.work / f"report.{kind}" for kind in ("json", "md", "html", "pcapng")}
        reports = [word for kind in ("json", "md", "html") for word in ("--report", out[kind])]
        runner.run("annotate", "-d", DEVICE, path, "-o", out["pcapng"], *reports)
        json.loads(text_of("JSON", out["json"].read_bytes(), "img src"))
        check_markdown("Markdown", text_of("Markdown", out["md"].read_bytes(), "img src"))
        check_html("HTML", text_of("HTML", out["html"].read_bytes(), "&lt;img src"))
        comments = [comment for packet in pcapng.read(out["pcapng"]).packets for comment in packet.comments]
        said = text_of("comments", "\n".join(comments).encode(), "img src")
        if re.search(r"^Rule: forged", said, re.M):
            raise Failure(f"comments: a name makes a line of its own:\n{said}")
        text_of("the table", runner.on_terminal("annotate", "-d", DEVICE, path), "cert_signature_algorithm", colours=True)


def matrix(runner):
    for arguments in ((path,) for path in [*runner.captures(), runner.pem()]):
        command = ("matrix", "-d", DEVICE, *arguments)
        text_of("matrix", runner.on_terminal(*command), "img src", colours=True)
        check_csv("CSV", text_of("CSV", runner.run(*command, "--format", "csv").replace(b"\r\n", b"\n"), "img src"))
        json.loads(text_of("JSON", runner.run(*command, "--json"), "img src"))
        check_html("HTML", text_of("HTML", runner.run(*command, "--format", "html"), "&lt;img src"))


def check(runner):
    command = ("check", "-d", DEVICE, runner.pem())
    text_of("check", runner.on_terminal(*command), "img src", colours=True)
    text_of("check --details", runner.on_terminal(*command, "--details", "-d", "mbedtls-*"), "img src", colours=True)
    json.loads(text_of("JSON", runner.run(*command, "--json"), "img src"))


def learn(runner):
    for index, path in enumerate(runner.captures()):
        profile = runner.work / f"learnt-{index}.ini"
        runner.run("learn", path, "-o", profile)
        text_of("a profile", profile.read_bytes(), "secp256r1")
        text_of("devices show", runner.run("devices", "show", f"learnt-{index}", "--device-path", runner.work), "secp256r1")
        json.loads(text_of("learn --json", runner.run("learn", path, "--json", "-o", profile), "secp256r1"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("part", choices=("plugin", "annotate", "matrix", "check", "learn"))
    arguments = parser.parse_args()
    if not shutil.which("text2pcap"):
        print("SKIP: no text2pcap")
        return 77
    with tempfile.TemporaryDirectory() as work:
        try:
            globals()[arguments.part](Runner(arguments.build.resolve(), pathlib.Path(work)))
        except Failure as failure:
            print(failure)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
