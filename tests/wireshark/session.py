#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One process that opens capture after capture while settings and profiles change, as a window does: sharkd.

    switch    another device, and the plugin switched off and on: nothing of before is left
    reload    a profile that is written, changed, broken and removed is what counts when the capture is loaded again
    retap     a statistic that is asked for twice, and a packet that is shown twice, say the same

    session.py --build BUILD PART...

With TLSFIT_VALGRIND=1 all this runs under valgrind, and memory that the plugin loses or misuses is a failure.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from tshark import CAPTURES, ROOT, check, run_parts, skip

STALLED = CAPTURES / "inventek-stall-sha384-intermediate" / "capture.pcapng"
DATAGRAMS = CAPTURES / "dtls-large-datagrams" / "capture.pcapng"
COMPLETES = CAPTURES / "x-cube-ecdhe-rsa-cbc-completes" / "capture.pcapng"
PROFILE = """[device]
id = {id}
name = A board, of this test
kind = rtos-stack
role = client
[certificate_signatures]
unsupported = {unsupported}
complete = no
[source certificate_signatures.unsupported]
confidence = observed
where = https://example.com/board
what = it stops there
date = 2025-01-01
"""
VALGRIND = """#!/bin/sh
case $1 in --version) exec {sharkd} --version ;; esac
exec valgrind --leak-check=full --keep-debuginfo=yes --show-leak-kinds=definite,indirect --num-callers=40 \\
    --log-file={log} {sharkd} "$@"
"""


class Sharkd:
    """The process. Requests and answers are one line each."""

    def __init__(self, build, work):
        self.log, self.filters = work / "valgrind.log", 0
        program = shutil.which("sharkd") or skip("sharkd is not installed")
        settings = dict(os.environ, TLSFIT_TSHARK=program, TLSFIT_RUN_DIR=str(work / "run"))
        if os.environ.get("TLSFIT_VALGRIND"):
            if not shutil.which("valgrind"):
                skip("valgrind is not installed")
            script = work / "sharkd"
            script.write_text(VALGRIND.format(sharkd=program, log=self.log), encoding="utf-8")
            script.chmod(0o755)
            settings["TLSFIT_TSHARK"] = str(script)
        self.messages = (work / "messages").open("w+", encoding="utf-8")
        self.process = subprocess.Popen([str(ROOT / "scripts" / "tshark-with-plugin"), str(build), "-"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.messages,
                                        env=settings)

    def ask(self, method, **parameters):
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self.process.stdout.readline()
        if not line and self.process.wait() == 77:
            skip(self.said().strip())
        check(line, f"sharkd ended at {method}: {self.said()}")
        answer = json.loads(line)
        check("result" in answer, f"{method} {parameters}: {answer}")
        return answer["result"]

    def load(self, capture):
        self.ask("load", file=str(capture))

    def frames(self, condition, *fields):
        """Frame -> values of the fields. sharkd keeps what a filter found, even for another capture: each is new."""
        self.filters += 1
        condition = f"({condition}) && frame.number < {1000000 + self.filters}"
        columns = {f"column{index}": field + ":0" for index, field in enumerate(fields)}
        return {row["num"]: row["c"] for row in self.ask("frames", filter=condition, **columns)}

    def said(self):
        self.messages.seek(0)
        return self.messages.read()

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "bye"}\n')
            self.process.stdin.close()
        self.process.stdout.read()
        status = self.process.wait(timeout=300)
        check(status == 0, f"sharkd: status {status}: {self.said()}")

    def losses(self):
        """Reports of valgrind that name the plugin's code."""
        text = re.sub(r"(?m)^==\d+== ?", "", self.log.read_text(encoding="utf-8")) if self.log.exists() else ""
        check(not os.environ.get("TLSFIT_VALGRIND") or "ERROR SUMMARY" in text, "valgrind has written no summary")
        return [report for report in text.split("\n\n") if "tlsfit" in report and re.search(r"\b(at|by) 0x", report)]


class Session:
    def __init__(self, sharkd, work):
        self.sharkd = sharkd
        self.folder = work / "profiles"
        self.folder.mkdir()
        self.set("device_path", self.folder)

    def set(self, name, value):
        self.sharkd.ask("setconf", name="tlsfit." + name, value=str(value))

    def write(self, unsupported):
        (self.folder / "my-board.ini").write_text(PROFILE.format(id="my-board", unsupported=unsupported),
                                                  encoding="utf-8")

    def causes(self, condition="tlsfit"):
        return self.sharkd.frames(condition, "tlsfit.device", "tlsfit.cause")

    def switch(self):
        expected = [
            ("device", "inventek-ism43362", STALLED, {4: ["inventek-ism43362", ""],
                                                      6: ["inventek-ism43362", "cert_signature_algorithm"],
                                                      8: ["inventek-ism43362", "cert_signature_algorithm"]}),
            ("enable", "FALSE", STALLED, {}),
            ("device", "st-x-cube-azure-h5", COMPLETES, {}),
            ("enable", "TRUE", COMPLETES, {4: ["st-x-cube-azure-h5", ""], 16: ["st-x-cube-azure-h5", ""]}),
            ("device", "advertised", STALLED, {4: ["advertised", ""], 6: ["advertised", "cert_key_curve"],
                                               8: ["advertised", "cert_key_curve"]}),
        ]
        for name, value, capture, wanted in expected:
            self.set(name, value)
            for _ in range(2):
                self.sharkd.load(capture)
                found = self.causes()
                check(set(found) == set(wanted) if capture == STALLED else bool(found) == bool(wanted),
                      f"{name} {value}: frames {set(found)}, expected {set(wanted)}")
                for frame in wanted if capture == STALLED else []:
                    check(found[frame] == wanted[frame], f"{name} {value}: {found}, expected {wanted}")
                check(all(row[0] == value or name == "enable" for row in found.values()), f"{name} {value}: {found}")

    def reload(self):
        self.set("device", "my-board")
        for unsupported, cause in (("ecdsa-with-SHA384", "cert_signature_algorithm"), ("sha1WithRSAEncryption", ""),
                                   ("ecdsa-with-SHA256", "cert_signature_algorithm")):
            self.write(unsupported)
            self.sharkd.load(STALLED)
            found = self.causes("frame.number == 8")
            check(found == {8: ["my-board", cause]}, f"my-board without {unsupported}: {found}")
        before = self.sharkd.said()
        self.write("no-such-signature")
        self.sharkd.load(STALLED)
        told = self.sharkd.said()[len(before):]
        check("my-board.ini:7:" in told and 'no device profile "my-board"' in told, f"a broken profile: {told}")
        self.sharkd.load(STALLED)
        again = self.sharkd.said()[len(before):]
        check(again.count("my-board.ini") == 1, f"a broken profile is told of each time: {again}")
        (self.folder / "my-board.ini").unlink()
        self.sharkd.load(STALLED)
        found = self.causes("frame.number == 8")
        check(found == {8: ["advertised", "cert_key_curve"]}, f"my-board is gone: {found}")

    def retap(self):
        self.set("device", "inventek-ism43362")
        for capture, outcome in ((STALLED, "stalled"), (DATAGRAMS, "stalled"), (COMPLETES, "completed")):
            self.sharkd.load(capture)
            first = self.sharkd.ask("tap", tap0="stat:tlsfit")
            top = {node["name"]: node for node in first["taps"][0]["stats"]}
            counts = {node["name"]: node["count"] for node in top["Outcomes"].get("sub", [])}
            check(counts == {outcome: 1}, f"{capture.parent.name}: {counts}")
            check(self.sharkd.ask("tap", tap0="stat:tlsfit") == first, "the statistic differs when it is asked for again")
        self.sharkd.load(STALLED)
        shown = [self.sharkd.ask("frame", frame=frame, proto=True) for frame in (6, 8, 6, 8)]
        check(shown[:2] == shown[2:], "a packet that is shown again looks different")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("parts", nargs="+", choices=["switch", "reload", "retap"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        work.chmod(0o755)
        sharkd = Sharkd(arguments.build, work)
        session = Session(sharkd, work)
        failed = run_parts({part: getattr(session, part) for part in arguments.parts}, arguments.parts)
        sharkd.close()
        losses = sharkd.losses()
        print(*losses, sep="\n\n")
        return 1 if failed or losses else 0


if __name__ == "__main__":
    sys.exit(main())
