#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Real stacks play devices against real servers; the plugin must say why.

In: lab/devices, profiles, matrix.py, a build directory. Out: report.json and
report.txt in --out: confusion matrix, figures, every disagreement.

    experiment.py --build BUILD --full | --selection [--stack NAME] [--out DIR]

Exit status: 0 the figures reach what is asked of them, 1 they do not, 2 the
run itself failed, 77 a stack or a tool is missing (its name on standard error).
A label counts only where a control run with that one limit lifted completes.
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import time

LAB = pathlib.Path(__file__).resolve().parent
ROOT = LAB.parent
sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True
import ask      # noqa: E402
import judge    # noqa: E402
import matrix   # noqa: E402
import pki      # noqa: E402
import report   # noqa: E402
import truth    # noqa: E402

STALL_MS, HANG_S, HANG_EVERY = 1000, 2, 4


class Missing(Exception):
    """A stack or tool is not here; the text is its name and the reason."""


class Lab:
    """One run: its folder, its chains, what was asked of each pair."""

    def __init__(self, arguments, work):
        self.build, self.work = arguments.build.resolve(), work
        self.judged_with = dict(item.split("=", 1) for item in arguments.judge_with)
        self.plugin = arguments.plugin
        self.keep, self.save = arguments.keep, arguments.save
        self.count = 0
        self.unenforced_known = {}

    def device_text(self, device):
        for folder in (LAB / "devices", ROOT / "profiles"):
            path = folder / f"{device}.ini"
            if path.exists():
                return path.read_text(encoding="utf-8")
        raise FileNotFoundError(f"no profile of the device {device}")

    def chain_folder(self, name):
        return self.work / "chains" / name

    def client(self, stack):
        return self.build / "lab" / f"{stack}_client"

    def unenforced(self, stack, path, key):
        """What the stack cannot be made to enforce of the profile in path."""
        if key not in self.unenforced_known:
            done = subprocess.run([self.client(stack), "--device", path, "--unenforced"],
                                  capture_output=True, text=True, timeout=20, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{stack}: {path}: {done.stderr.strip()}")
            self.unenforced_known[key] = [line.split(": ", 1)[1] for line
                                          in done.stdout.splitlines()]
        return self.unenforced_known[key]


def need(lab, pairs):
    for stack in sorted({pair.stack for pair in pairs}):
        if not lab.client(stack).exists():
            raise Missing(f"{stack}: its client was not built (is the library installed?)")
    for tool in sorted({{"openssl": "openssl", "gnutls": "gnutls-serv"}[pair.server.program]
                        for pair in pairs} | {"openssl", "ip", "unshare", "tshark"}):
        if shutil.which(tool) is None:
            raise Missing(f"{tool}: not installed")
    if subprocess.run(["unshare", "-rn", "true"], capture_output=True,
                      check=False).returncode != 0:
        raise Missing("unshare: network namespaces are forbidden here")


def make_chains(lab, names):
    """Keys first, each once; then the chains, on all cores."""
    keys = lab.work / "keys"
    keys.mkdir()
    wanted = {(cert.key, role) for name in names
              for role, cert in matrix.CHAINS[name].by_role().items()
              if role not in ("cross",)}
    wanted |= {(chain.cross.key, "other") for chain in map(matrix.CHAINS.get, names)
               if chain.cross}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda item: pki.make_key(keys, *item), sorted(wanted)))
        list(pool.map(lambda name: pki.make(lab.chain_folder(name), keys,
                                            matrix.CHAINS[name]), names))
    (lab.work / "anchors.pem").write_text("".join(
        (lab.chain_folder(name) / "root.pem").read_text() for name in names))


def dh_file(lab, group):
    path = lab.work / f"{group}.pem"
    if not path.exists():
        pki.openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt",
                    f"group:{group}", "-out", path)
    return path


class Run:
    """One handshake: a device (by its text), a stack, a server."""

    def __init__(self, lab, pair, text, device_id, hang=False):
        lab.count += 1
        self.pair, self.device_id, self.text = pair, device_id, text
        self.folder = lab.work / "runs" / str(lab.count)
        (self.folder / "profiles").mkdir(parents=True)
        self.device = self.folder / f"{device_id}.ini"
        self.device.write_text(text, encoding="utf-8")
        self.unenforced = lab.unenforced(pair.stack, self.device, (pair.stack, text))
        self.hang, self.result, self.shown = hang, None, None

    def job(self, lab):
        server, variant = self.pair.server, matrix.VARIANTS[self.pair.server.variant]
        chain = lab.chain_folder(server.chain)
        options = list(variant.openssl)
        client = [str(lab.client(self.pair.stack)), "--device", str(self.device),
                  "--sni", pki.NAME, "--anchor", f"{chain}/root.pem"]
        if variant.dh_group:
            options += ["-dhparam", str(dh_file(lab, variant.dh_group))]
        if server.variant == "auth":
            options += ["-CAfile", f"{chain}/root.pem"]
            client += ["--cert", f"{chain}/leaf.pem", "--key", f"{chain}/leaf.key"]
        if self.hang:
            client += ["--on-failure", f"hang:{HANG_S}"]
        return {"id": str(self.folder), "work": str(self.folder), "chain": str(chain),
                "program": server.program, "version": server.version,
                "udp": server.version.startswith("d"), "options": options,
                "priority": variant.gnutls, "client": client,
                "capture": str(self.folder / "capture.pcapng")}

    def completed(self):
        return " outcome=completed " in self.result["client"].replace("\n", " ") + " "


def run_all(lab, runs, jobs):
    """Every run in one of the workers; results arrive in any order."""
    waiting = queue.Queue()
    for run in runs:
        waiting.put(run)

    def work():
        worker = subprocess.Popen(["unshare", "-rn", sys.executable, LAB / "runner.py"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            while True:
                try:
                    run = waiting.get_nowait()
                except queue.Empty:
                    break
                worker.stdin.write(json.dumps(run.job(lab)) + "\n")
                worker.stdin.flush()
                line = worker.stdout.readline()
                if not line:
                    raise RuntimeError(f"the runner ended at {run.pair.name}")
                run.result = json.loads(line)
        finally:
            worker.stdin.close()
            worker.wait(30)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(work) for _ in range(jobs)]:
            future.result()


def controls_of(lab, run, cache):
    """[(label, run)]: each the same handshake with one thing lifted."""
    pair, found = run.pair, []
    for limit in truth.limits(run.text):
        device_id = f"{pair.device}--{limit.replace('.', '-').replace('_', '-')}"
        text = truth.lifted(run.text, limit, device_id)
        found.append((limit, (pair.stack, text, pair.server), text, device_id, pair))
    twins = []
    if pair.server.chain in matrix.DEFECTS:
        twins.append((pair.server.chain, matrix.Server(
            pair.server.program, pair.server.version, pair.server.variant,
            matrix.DEFECTS[pair.server.chain][2])))
    if matrix.VARIANTS[pair.server.variant].rule:
        twins.append((pair.server.variant, matrix.Server(
            pair.server.program, pair.server.version, "", pair.server.chain)))
    for name, server in twins:
        found.append((f"server:{name}", (pair.stack, run.text, server), run.text,
                      pair.device, matrix.Pair(pair.device, pair.stack, server)))
    controls = []
    for label, key, text, device_id, control_pair in found:
        if key not in cache:
            cache[key] = Run(lab, control_pair, text, device_id)
        controls.append((label, cache[key]))
    return controls


def chosen(arguments):
    pairs = [pair for pair in matrix.pairs()
             if (not arguments.stack or pair.stack in arguments.stack) and (
                 not arguments.only or any(fnmatch.fnmatch(pair.name, pattern)
                                           for pattern in arguments.only))]
    if not arguments.selection:
        return pairs
    # Evenly over the plan, which is ordered by limit: every rule has its share.
    step = max(1, len(pairs) // arguments.count)
    return pairs[step // 2::step]


def experiment(arguments, work):
    lab, started = Lab(arguments, work), time.monotonic()
    pairs = chosen(arguments)
    if not pairs:
        raise RuntimeError("no pair matches --only")
    need(lab, pairs)
    names = {pair.server.chain for pair in pairs}
    names |= {matrix.DEFECTS[name][2] for name in names if name in matrix.DEFECTS}
    make_chains(lab, sorted(names))
    runs = [Run(lab, pair, lab.device_text(pair.device), pair.device,
                hang=pair.stack == "bearssl" and number % HANG_EVERY == 0)
            for number, pair in enumerate(pairs)]
    run_all(lab, runs, arguments.jobs)
    cache = {(run.pair.stack, run.text, run.pair.server): run for run in runs}
    controls = {run.pair.name: [] if run.completed() or run.result["status"] == 2
                else controls_of(lab, run, cache) for run in runs}
    extra = [run for run in cache.values() if run.result is None]
    run_all(lab, extra, arguments.jobs)
    ask.ask_all(lab, runs + extra, arguments.jobs, STALL_MS)
    rows = [judge.compare(lab, run, controls[run.pair.name]) for run in runs]
    rows += [judge.compare(lab, run, [], control=True) for run in extra]
    return rows, time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--full", action="store_true", help="every pair of matrix.py")
    which.add_argument("--selection", action="store_true", help="some, evenly spread")
    parser.add_argument("--count", type=int, default=80, help="about how many")
    parser.add_argument("--stack", action="append", default=[], help="only this client",
                        choices=sorted(matrix.STACKS.values()))
    parser.add_argument("--only", action="append", default=[], metavar="GLOB",
                        help="pairs by name: device/stack/server/chain")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR",
                        help="keep the captures of disagreements here")
    parser.add_argument("--save", type=pathlib.Path, metavar="DIR",
                        help="keep the captures of all pairs here")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--plugin", type=pathlib.Path, help="another plugin than BUILD's")
    parser.add_argument("--judge-with", action="append", default=[], metavar="DEVICE=FILE",
                        help="give the plugin another profile than the stack has")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tlsfit-lab-") as work:
        os.chmod(work, 0o755)
        try:
            rows, seconds = experiment(arguments, pathlib.Path(work))
        except Missing as missing:
            print(f"SKIPPED: {missing}", file=sys.stderr)
            return 77
        except (RuntimeError, OSError, pki.Failure, ask.Failure) as error:
            print(f"experiment: {error}", file=sys.stderr)
            return 2
    figures = report.figures(rows, seconds)
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        report.write(arguments.out, rows, figures)
    print(report.text(rows, figures))
    return 0 if figures["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
