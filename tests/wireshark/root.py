#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Root where user namespaces are forbidden, as in many a container, with everything in a folder that is root's alone.

In: the build. Out: exit status 0 where scripts/tshark-with-plugin finds the cause all the same, 1 and what it said
where it does not, 77 where this machine cannot show it. The namespaces are forbidden by an "unshare" that refuses.

    root.py --build BUILD
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from tshark import CAPTURES, ROOT, check, run_parts, skip

KEPT = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override"]


def look(build, work):
    shutil.copy(CAPTURES / "inventek-stall-sha384-intermediate" / "capture.pcapng", work)
    shutil.copy(build / "plugin" / "tlsfit.so", work)
    refusing = work / "bin" / "unshare"
    refusing.parent.mkdir()
    refusing.write_text("#!/bin/sh\nexit 1\n", encoding="ascii")
    refusing.chmod(0o755)
    asked = work / "user"
    asking = refusing.with_name("tshark")
    asking.write_text(f"#!/bin/sh\nid -un >{asked}\nexec {shutil.which('tshark')} \"$@\"\n", encoding="ascii")
    asking.chmod(0o755)
    command = [str(ROOT / "scripts" / "tshark-with-plugin"), str(build), "-r", str(work / "capture.pcapng"),
               "-o", "tlsfit.device:inventek-ism43362", "-Y", "tlsfit.cause", "-T", "fields", "-e", "tlsfit.cause"]
    settings = dict(os.environ, PATH=f"{refusing.parent}:{os.environ['PATH']}", TLSFIT_RUN_DIR=str(work / "run"),
                    TLSFIT_PLUGIN=str(work / "tlsfit.so"))
    done = subprocess.run(command, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                          check=False)
    check(done.stdout == "cert_signature_algorithm\n", f"status {done.returncode}: {done.stdout}{done.stderr}")
    check(done.stderr == "", f"a script would stumble over: {done.stderr}")
    check(asked.read_text(encoding="ascii") == "nobody\n", f"it ran as {asked.read_text(encoding='ascii')}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build
    if os.geteuid() != 0:
        skip("only root must become somebody else")
    if subprocess.run([*KEPT, "true"], capture_output=True, check=False).returncode != 0:
        skip("root may not keep one of its rights here")
    with tempfile.TemporaryDirectory() as name:  # nobody but its owner may look into it
        return run_parts({"look": lambda: look(build, pathlib.Path(name))}, ["look"])


if __name__ == "__main__":
    sys.exit(main())
