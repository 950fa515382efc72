#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does `tlsfit learn` find the limits of a device whose limits are known?

In: lab/devices, matrix.py, a build directory. Real stacks play the devices,
every handshake is recorded, and a profile is learned from the captures of each
device. Every claim of it is held against the profile that made it, and against
what really happened; and what could have been learned must have been.

    learn.py --build BUILD [--full] [--only DEVICE/STACK] [--keep DIR]

Exit status: 0 nothing claimed that is not true and nothing missed, 1 not so,
2 the run itself failed, 77 a stack or a tool is missing (its name on standard
error). One of the checks must fail: a profile is held against another device.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from types import SimpleNamespace

LAB = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True
import experiment     # noqa: E402
import learn_check    # noqa: E402
import matrix         # noqa: E402
import pki            # noqa: E402

# A limit of each kind, on stacks that can be made to keep it.
DEVICES = (
    "lab-plain/bearssl", "lab-signatures-sha256/mbedtls", "lab-signatures-no-ecdsa/bearssl",
    "lab-curves-p256/bearssl", "lab-leaf-p256/bearssl", "lab-rsa-max-2048/mbedtls",
    "lab-keys-no-rsa/mbedtls", "lab-chain-path-2/mbedtls", "lab-certificate-2048/mbedtls",
    "lab-message-2048/gnutls", "lab-encrypted-record-1024/bearssl", "lab-suites-gcm/mbedtls",
    "lab-groups-p256/wolfssl", "lab-schemes-ecdsa/wolfssl", "lab-tls12/mbedtls",
    "lab-tls13/wolfssl", "lab-dh-max-2048/wolfssl", "lab-no-defragmentation/mbedtls",
    "inventek-ism43362/bearssl",
)
MORE = (
    "lab-plain/wolfssl", "lab-plain/mbedtls", "lab-plain/gnutls", "lab-rsa-min-3072/wolfssl",
    "lab-chain-message-2/wolfssl", "lab-suites-cbc/bearssl", "lab-no-client-certificate/mbedtls",
    "lab-signatures-no-sha384/gnutls", "lab-dtls12/mbedtls", "st-spwf04sa/mbedtls",
)


def tlsfit(lab, *words):
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(lab.work),
                   "XDG_CONFIG_HOME": str(lab.work)}
    return subprocess.run([lab.build / "src" / "tlsfit", *map(str, words)], env=environment,
                          capture_output=True, encoding="utf-8", timeout=120, check=False)


def learned(lab, name, runs, *options):
    """The text of the profile; its linter is part of the deal."""
    path = lab.work / f"{name.replace('/', '-')}{len(options)}.ini"
    done = tlsfit(lab, "learn", *options, "-o", path,
                  *(run.folder / "capture.pcapng" for run in runs))
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{name}: tlsfit learn: {done.returncode}: {done.stderr}{done.stdout}")
    lint = tlsfit(lab, "devices", "lint", path)
    if lint.returncode != 0:
        raise RuntimeError(f"{name}: {lint.stderr}")
    return path.read_text(encoding="utf-8")


def contradictions(lab, name, runs):
    """What the product itself sees, given the profile that made the device."""
    truth = runs[0].device
    done = tlsfit(lab, "learn", "--json", "--diff", "--into", truth,
                  *(run.folder / "capture.pcapng" for run in runs))
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"{name}: tlsfit learn --into: {done.stderr}")
    return learn_check.contradictions(done.stdout, runs[0].unenforced)


def check_device(lab, name, runs):
    """[(what is wrong, how)] and the number of claims that were held against the truth."""
    plain = learned(lab, name, runs)
    anchored = learned(lab, name, runs, "--anchors", lab.work / "anchors.pem")
    found = contradictions(lab, name, runs)
    claims = 0
    for text, anchors in ((plain, False), (anchored, True)):
        problems, count = learn_check.check(text, runs, anchors)
        found += [f"{'with anchors: ' if anchors else ''}{problem}" for problem in problems]
        claims += count
    return found, claims, plain


def planted(texts, all_runs):
    """The checks notice a profile of another device."""
    missed = []
    for name, other in (("lab-plain/bearssl", "lab-signatures-no-ecdsa/bearssl"),
                        ("lab-plain/wolfssl", "lab-schemes-ecdsa/wolfssl"),
                        ("lab-suites-gcm/mbedtls", "lab-tls12/mbedtls")):
        if name in texts and other in texts:
            problems, _ = learn_check.check(texts[name], all_runs[other], False)
            if not problems:
                missed.append(f"the profile of {name} passes for {other}")
    return missed


def run_devices(lab, names, jobs):
    pairs = [pair for pair in matrix.pairs() if f"{pair.device}/{pair.stack}" in names]
    experiment.need(lab, pairs)
    experiment.make_chains(lab, sorted({pair.server.chain for pair in pairs}))
    runs = [experiment.Run(lab, pair, lab.device_text(pair.device), pair.device)
            for pair in pairs]
    experiment.run_all(lab, runs, jobs)
    return {name: [run for run in runs if f"{run.pair.device}/{run.pair.stack}" == name
                   and run.result["status"] != 2] for name in names}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--full", action="store_true", help="more devices")
    parser.add_argument("--only", action="append", default=[], metavar="DEVICE/STACK")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep the profiles here")
    arguments = parser.parse_args()
    if not (arguments.build / "capture" / "tlsfit-capture").exists():
        print("SKIP: tlsfit-capture was not built", file=sys.stderr)
        return 77
    with tempfile.TemporaryDirectory(prefix="tlsfit-learn-") as work:
        os.chmod(work, 0o755)
        lab = experiment.Lab(SimpleNamespace(build=arguments.build, judge_with=[], plugin=None,
                                             keep=None, save=None), pathlib.Path(work))
        try:
            return report(lab, arguments)
        except experiment.Missing as missing:
            print(f"SKIP: {missing}", file=sys.stderr)
            return 77
        except (RuntimeError, OSError, pki.Failure) as error:
            print(f"learn: {error}", file=sys.stderr)
            return 2


def report(lab, arguments):
    all_runs = run_devices(lab, arguments.only or DEVICES + MORE * arguments.full,
                           arguments.jobs)
    failed, total, texts = 0, 0, {}
    for name, runs in all_runs.items():
        found, claims, texts[name] = check_device(lab, name, runs)
        completed = sum(run.completed() for run in runs)
        print(f"{'FAILED' if found else 'ok    '} {name}: {len(runs)} handshakes, {completed} "
              f"completed, {claims} claims")
        print("".join(f"       {problem}\n" for problem in found), end="")
        failed += bool(found)
        total += claims
        if arguments.keep:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(lab.work / f"{name.replace('/', '-')}0.ini", arguments.keep)
    missed = planted(texts, all_runs)
    print("".join(f"FAILED planted: {problem}\n" for problem in missed), end="")
    print(f"{len(all_runs)} devices, {total} claims held against the truth, {failed} devices with "
          f"false or missing ones")
    return 1 if failed or missed or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
