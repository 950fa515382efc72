#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does the proposed fix for the server let the device through?

In: failing handshakes (recorded ones of test_captures, and pairs of matrix.py that are run here), a build directory.
Out: for each the plugin's proposal for OpenSSL given to a real s_server with a chain of the proposed shape, the same
client with the same limits, and whether it completed; fixes.json in --out.

    fixes.py --build BUILD [--only GLOB] [--out DIR]

Each proposal is tried twice: as options of s_server, and as the OpenSSL configuration file. What the proposal does not
name stays as the failing server had it. Exit status: 0 every fix works, 1 one does not, 2 the run itself failed, 77 a
stack or a tool is missing (its name on standard error).
"""
import argparse
import concurrent.futures
import fnmatch
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

LAB = pathlib.Path(__file__).resolve().parent
ROOT = LAB.parent
sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True
import ask          # noqa: E402
import cases        # noqa: E402
import experiment   # noqa: E402
import matrix       # noqa: E402
import pki          # noqa: E402
import runner       # noqa: E402

# Recorded failures: case -> the case whose client plays the device when it is to go on. A client that is told to break
# a combination (--tamper) is not told so here, and must then end up with another combination.
RECORDED = {
    "inventek-no-shared-suite": None,
    "inventek-no-signature-algorithm": None,
    "inventek-stall-sha384-intermediate": None,
    "inventek-stall-sha384-leaf": None,
    "netx-tls13-rsa-certificate": "netx-tls13-ecdsa-completes",
    "x-cube-ecdhe-rsa-gcm": None,
    "x-cube-ecdhe-ecdsa-gcm": None,
    "x-cube-ecdhe-ecdsa-cbc": None,
    "spwf04-rsa4096-intermediate": None,
    "spwf04-ecdhe-only-server": None,
    "dtls-p384-intermediate": None,
}

# Pairs of matrix.py that fail for a reason that a server can do away with.
PAIRS = """
lab-signatures-sha256/bearssl/o12/p256-ca-sha384
lab-signatures-no-rsa/mbedtls/o12/ec-leaf-rsa-ca
lab-curves-p256/mbedtls/o12/p384-ca
lab-curves-p256/mbedtls/od12/p384-ca
lab-keys-no-rsa/mbedtls/o12/rsa2048
lab-keys-no-ec/mbedtls/o12/p256
lab-rsa-max-2048/bearssl/o12/rsa4096-ca
lab-rsa-min-3072/wolfssl/o13/rsa2048
lab-leaf-rsa-min-3072/mbedtls/o12/rsa2048
lab-chain-message-2/wolfssl/o13/long3
lab-chain-path-1/mbedtls/o12/p256
lab-certificate-2048/mbedtls/o12/pad4k-leaf
lab-message-1024/gnutls/o12/long3
lab-tls12/mbedtls/o13/p256
lab-tls12/bearssl/o11/p256
lab-tls13/wolfssl/o12/p256
lab-tls11/mbedtls/o12/rsa2048
lab-tls10/bearssl/o12/rsa2048
lab-suites-cbc/mbedtls/o12+gcm/rsa2048
lab-suites-rsa/bearssl/o12+gcm/rsa2048
lab-suites-chacha/wolfssl/o12+gcm/p256
lab-suites-tls13-aes256/wolfssl/o13+aes128/p256
lab-groups-p256/wolfssl/o13+p384/p256
lab-schemes-ecdsa/wolfssl/o13/rsa2048
lab-schemes-pss/wolfssl/o13/p256
lab-dtls10/mbedtls/od12/rsa2048
lab-dh-min-3072/gnutls/o12+dh2048/rsa2048
lab-plain/mbedtls/o12/missing-ca
lab-plain/mbedtls/o12/expired-leaf
""".split()

# Options that replace each other: one of these in the proposal takes all of its kind out of the failing server's.
KINDS = ({"-cipher"}, {"-ciphersuites"}, {"-groups"}, {"-sigalgs"}, {"-max_send_frag"},
         {"-min_protocol", "-max_protocol", *runner.OPENSSL_VERSION.values()})
CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
DTLS = {"-dtls", "-dtls1", "-dtls1_2"}


def grouped(words):
    """[option] or [option, value] lists of a command line; no value begins with a dash."""
    found = []
    for word in words:
        if word.startswith("-"):
            found.append([word])
        else:
            found[-1].append(word)
    return found


def merged(old, new):
    """The failing server's options with the proposal's in their place."""
    taken = set().union(*[kind for kind in KINDS if any(item[0] in kind for item in new)])
    if any(item[0] in DTLS for item in old):
        taken |= DTLS
    return [word for item in old if item[0] not in taken for word in item] + [
        word for item in new for word in item]


def chain_of(shape):
    """A chain of lab/pki.py with the proposed shape."""
    def cert(key):
        kind = {"ec": lambda: CURVES[key["curve"]], "rsa": lambda: str(key["bits"]),
                "ed25519": lambda: "ed25519"}[key["type"]]()
        digest = re.search(r"sha(1|224|256|384|512)", shape["signature"].lower())
        return pki.Cert(key=kind, digest=digest[0] if digest else "sha256")
    middle = [cert(shape["ca"])] * (shape["certificates"] - 1)
    return pki.Chain((cert(shape["ca"]), *middle, cert(shape["end_entity"])))


class Fix:
    """One failing handshake and what is proposed for it."""

    def __init__(self, name, client, old, udp, shown):
        self.name, self.client, self.old, self.udp = name, client, grouped(old), udp
        self.shown, self.problem, self.runs = shown, "", []

    def proposed(self):
        """The options of the proposed s_server, without those that name files."""
        line = self.shown["fix_config"]["openssl_s_server"].strip().splitlines()[-1]
        words = shlex.split(line)
        if words[:2] != ["openssl", "s_server"]:
            raise ValueError(f"no command: {line}")
        return [item for item in grouped(words[2:])
                if item[0] not in ("-cert", "-key", "-cert_chain")]


class FixRun:
    """One handshake with the server as it is proposed."""

    def __init__(self, lab, fix, chain, conf):
        lab.count += 1
        self.folder, self.fix, self.result = lab.work / "runs" / str(lab.count), fix, None
        self.folder.mkdir(parents=True)
        self.pair = fix
        self.chain, self.by_file = chain, conf is not None
        new = fix.proposed()
        if conf is not None:
            (self.folder / "openssl.cnf").write_text(conf, encoding="utf-8")
            named = [item for item in new if item[0] not in DTLS | {"-max_send_frag"}]
            kept = merged(fix.old, named)[:-sum(map(len, named)) or None]
            new = [item for item in new if item not in named]
            self.options = merged(grouped(kept), new)
            self.before = ["env", f"OPENSSL_CONF={self.folder}/openssl.cnf"]
        else:
            self.options, self.before = merged(fix.old, new), []

    def job(self, lab):
        files = ["-cert", f"{self.chain}/leaf.pem", "-key", f"{self.chain}/leaf.key"]
        if (self.chain / "chain.pem").stat().st_size:
            files += ["-cert_chain", f"{self.chain}/chain.pem"]
        command = [*self.before, "openssl", "s_server", "-accept", "127.0.0.1:{port}", "-naccept", "1",
                   "-keylogfile", f"{self.folder}/keylog", *files, *self.options,
                   *([] if self.fix.udp else ["-rev"])]
        return {"id": str(self.folder), "work": str(self.folder), "chain": str(self.chain),
                "program": "openssl", "udp": self.fix.udp, "command": command,
                "client": [*self.fix.client, "--anchor", f"{self.chain}/root.pem"],
                "capture": str(self.folder / "capture.pcapng")}

    def problem(self):
        """Empty when the device got through, and with what was proposed."""
        said = self.result["client"].replace("\n", " ")
        if " outcome=completed" not in said:
            return f"client: {said.strip()} / server: {self.result['server'].strip()[-300:]}"
        suite = re.search(r" suite=0x([0-9A-Fa-f]+)", said)
        codes = self.fix.shown["fix_offer"]["cipher_suites"]
        needed = any(item[0] in ("-cipher", "-ciphersuites") for item in self.fix.proposed())
        if needed and suite and suite_name(int(suite[1], 16)) not in codes:
            return f"completed with {suite_name(int(suite[1], 16))}, which was not proposed"
        return ""


def suite_name(code):
    """IANA's name, from the same table that the product has."""
    text = (ROOT / "src" / "names_suites.def").read_text(encoding="utf-8")
    found = re.search(rf"\(0x{code:04X}, \"?(\w+)\"?", text)
    return found[1] if found else f"0x{code:04X}"


def recorded_fix(lab, name, twin):
    """From a capture of test_captures, as CTest's own case asks the plugin."""
    case = next(case for case in cases.CASES if case.name == name)
    player = next(case for case in cases.CASES if case.name == (twin or name))
    info = (ROOT / "test_captures" / name / "case.ini").read_text(encoding="utf-8")
    command = [str(ROOT / "scripts" / "tshark-with-plugin"), str(lab.build), "-r",
               str(ROOT / "test_captures" / name / "capture.pcapng"), "-o",
               "tlsfit.device:" + re.search(r"(?m)^device = (.+)$", info)[1], "-q", "-z", "tlsfit,json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 77:
        raise experiment.Missing(done.stderr.strip())
    if not lines:
        raise ask.Failure(f"{name}: {done.stderr.strip()}")
    program, *options = player.client
    if "--tamper" in options:
        del options[options.index("--tamper"):options.index("--tamper") + 2]
    return Fix(name, [str(lab.build / "lab" / program), *options], list(case.server), case.udp,
               json.loads(lines[0]))


def pair_of(name):
    device, stack, server, chain = name.split("/")
    return matrix.Pair(device, stack, matrix.server_of(server, chain))


def pair_fixes(lab, names, jobs):
    """Runs the pairs, which must fail, and asks the plugin."""
    pairs = [pair_of(name) for name in names]
    experiment.need(lab, pairs)
    experiment.make_chains(lab, sorted({pair.server.chain for pair in pairs}))
    runs = [experiment.Run(lab, pair, lab.device_text(pair.device), pair.device) for pair in pairs]
    experiment.run_all(lab, runs, jobs)
    ask.ask_all(lab, runs, jobs, experiment.STALL_MS)
    found = []
    for run in runs:
        job = run.job(lab)
        client = [word for word in job["client"]]
        del client[client.index("--anchor"):client.index("--anchor") + 2]
        old = [runner.OPENSSL_VERSION[job["version"]], *job["options"]]
        if job["version"] in ("10", "11", "d10") and "-cipher" not in old:
            old += ["-cipher", "ALL:!aNULL:@SECLEVEL=0"]
        fix = Fix(run.pair.name, client, old, job["udp"], run.shown or {})
        if run.result["status"] == 2 or run.shown is None:
            fix.problem = f"could not be set up: {run.result['server'][-300:]}"
        elif run.completed():
            fix.problem = "it was to fail, and it completed"
        found.append(fix)
    return found


def try_fixes(lab, fixes, jobs):
    shapes = {}
    for number, fix in enumerate(fixes):
        if fix.problem:
            continue
        if "openssl_s_server" not in fix.shown.get("fix_config", {}):
            fix.problem = (f"no fix is proposed; cause: {fix.shown.get('cause', 'none')}, "
                           f"outcome: {fix.shown.get('outcome')}: {fix.shown.get('text')}")
            continue
        shape = chain_of(fix.shown["fix_chain"])
        shapes.setdefault(shape, (lab.work / "fixed" / str(number), []))[1].append(fix)
    keys = lab.work / "keys"
    keys.mkdir(exist_ok=True)
    for shape in shapes:
        for role, cert in shape.by_role().items():
            pki.make_key(keys, cert.key, role)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda item: pki.make(item[1][0], keys, item[0]), shapes.items()))
    for chain, of_chain in shapes.values():
        for fix in of_chain:
            fix.runs = [FixRun(lab, fix, chain, None)]
            if "openssl_conf" in fix.shown["fix_config"]:
                fix.runs.append(FixRun(lab, fix, chain, fix.shown["fix_config"]["openssl_conf"]))
    experiment.run_all(lab, [run for fix in fixes for run in fix.runs], jobs)
    for fix in fixes:
        for run in fix.runs:
            problem = run.problem()
            if problem:
                how = "configuration file" if run.by_file else "options"
                fix.problem = f"{fix.problem}{how} {' '.join(run.options)}: {problem}; "


def row_of(fix):
    shown = fix.shown
    return {"name": fix.name, "works": not fix.problem, "problem": fix.problem, "cause": shown.get("cause", ""),
            "proposed": " ".join(word for item in fix.proposed() for word in item) if "fix_config" in shown else "",
            "chain": shown.get("fix_chain", {}), "runs": len(fix.runs)}


def fixes_of(arguments, work):
    lab = experiment.Lab(arguments, work)
    wanted = [name for name in [*RECORDED, *PAIRS] if not arguments.only
              or any(fnmatch.fnmatch(name, pattern) for pattern in arguments.only)]
    if not wanted:
        raise RuntimeError("no case matches --only")
    found = [recorded_fix(lab, name, RECORDED[name]) for name in wanted if name in RECORDED]
    names = [name for name in wanted if name in PAIRS]
    found += pair_fixes(lab, names, arguments.jobs) if names else []
    try_fixes(lab, found, arguments.jobs)
    return [row_of(fix) for fix in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--only", action="append", default=[], metavar="GLOB")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--jobs", type=int, default=4)
    parser.set_defaults(judge_with=[], plugin=None, keep=None, save=None)  # of experiment.py
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tlsfit-fixes-") as work:
        os.chmod(work, 0o755)
        try:
            rows = fixes_of(arguments, pathlib.Path(work))
        except experiment.Missing as missing:
            print(f"SKIPPED: {missing}", file=sys.stderr)
            return 77
        except (RuntimeError, OSError, pki.Failure, ask.Failure) as error:
            print(f"fixes: {error}", file=sys.stderr)
            return 2
    if arguments.out:
        arguments.out.mkdir(parents=True, exist_ok=True)
        (arguments.out / "fixes.json").write_text(json.dumps(rows, indent=1) + "\n")
    for row in rows:
        print(f"{'works ' if row['works'] else 'FAILED'} {row['name']}: {row['cause']}: {row['proposed'] or 'chain'}"
              f"{'' if row['works'] else ': ' + row['problem']}")
    print(f"{sum(row['works'] for row in rows)} of {len(rows)} fixes work, {sum(row['runs'] for row in rows)} handshakes")
    return 0 if rows and all(row["works"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
