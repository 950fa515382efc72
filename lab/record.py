#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Records the captures of test_captures again: lab/record.py [--only CASE].

In: lab/cases.py, the built clients, openssl, dumpcap. Out: for each case
capture.pcapng and the line "truth" of its case.ini, from the logs of this run.
A case whose server or client does not say what is expected is not written.
Each case runs in network namespaces of its own, which vanish with it.
"""
import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

LAB = pathlib.Path(__file__).resolve().parent
CAPTURES = LAB.parent / "test_captures"
sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True
import cases    # noqa: E402
import certificate_cases  # noqa: E402
import chains   # noqa: E402
import handshake_cases  # noqa: E402
import other_servers  # noqa: E402
import pcapng   # noqa: E402
from network import SERVER, Failure, inside, network_up, wait_for  # noqa: E402

BEHIND = "8884"  # the server's port behind bad_wire.py
EVERY = cases.CASES + certificate_cases.CASES + handshake_cases.CASES
CASE_TIMEOUT_S = 60


def listens(pid, udp, port):
    name, state = ("udp", "07") if udp else ("tcp", "0A")
    ports = [line.split()[1:4:2] for table in (name, f"{name}6") for line in
             pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]]
    return any(int(local.split(":")[1], 16) == int(port) and st == state
               for local, st in ports)


def start_bad_wire(case, holder):
    wire = subprocess.Popen([*inside(holder), sys.executable,
                             str(LAB / "bad_wire.py"), case.wire, SERVER,
                             case.port, BEHIND])
    wait_for(lambda: listens(holder.pid, False, case.port), "the wire")
    return wire


def start_injector(case, holder):
    injector = subprocess.Popen([*inside(holder), sys.executable,
                                 str(LAB / "injector.py"), "server0", case.port,
                                 str(case.injected)], stdout=subprocess.PIPE)
    if injector.stdout.readline() != b"listens\n":
        raise Failure("the injector does not listen")
    return injector


def start_server(case, holder, chain, work):
    port = BEHIND if case.wire else case.port
    address = f"127.0.0.1:{port}" if case.wire else f"{SERVER}:{port}"
    command = [*inside(holder), "openssl", "s_server",
               "-accept", address, "-naccept", "1",
               *([] if case.udp else ["-rev"]),
               "-cert", f"{chain}/leaf.pem", "-key", f"{chain}/leaf.key",
               *other_servers.fill_in(case.server, chain)]
    if os.path.getsize(f"{chain}/chain.pem") > 0:
        command += ["-cert_chain", f"{chain}/chain.pem"]
    if case.program:
        command[len(inside(holder)):] = other_servers.command(case, chain, SERVER, port)
    elif case.keylog:
        command += ["-keylogfile", f"{work}/keylog"]
    log = open(work / "server.log", "wb")
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log,
                              stderr=subprocess.STDOUT, cwd=work)
    wait_for(lambda: server.poll() is not None
             or listens(server.pid, case.udp, port), "the server")
    if server.poll() is not None:
        raise Failure("server: " + (work / "server.log").read_text().strip())
    return server


def start_capture(case, work):
    kind = "udp" if case.udp else "tcp"
    log = open(work / "dumpcap.log", "wb")
    dumpcap = subprocess.Popen(
        ["dumpcap", "-P", "-q", "-i", "device0", "-f", f"{kind} port {case.port}",
         "-w", str(work / "raw.pcap")], stdout=log, stderr=log)
    wait_for(lambda: dumpcap.poll() is not None
             or b"File:" in (work / "dumpcap.log").read_bytes(), "dumpcap")
    if dumpcap.poll() is not None:
        raise Failure("dumpcap: " + (work / "dumpcap.log").read_text().strip())
    time.sleep(0.3)
    return dumpcap


def client_command(case, chain, build):
    program, *options = other_servers.fill_in(case.client, chain, build)
    command = ([sys.executable, str(LAB / "clients" / program)]
               if program.endswith(".py") else [str(build / "lab" / program)])
    command += ["--host", SERVER, "--port", case.port, *options]
    if case.anchor and not program.endswith(".py"):
        anchor = "root" if case.anchor is True else case.anchor
        command += ["--anchor", f"{chain}/{anchor}.pem"]
    # As slow as a small processor: every instruction is translated.
    return ["valgrind", "-q", "--tool=none", *command] if case.slow else command


def stop(process, how=signal.SIGTERM):
    if process is None or process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answer_over_dtls(server, client, work):
    """s_server echoes over TLS only: over DTLS it sends what is typed."""
    while client.poll() is None:
        if b"CIPHER is" in (work / "server.log").read_bytes():
            server.stdin.write(b"hello from the server\n")
            server.stdin.flush()
            return
        time.sleep(0.02)


def record_here(case, chain, build, work):
    """Runs in the case's namespaces: leaves raw.pcap, the logs, the keylog."""
    holders = []
    server = dumpcap = client = wire = injector = None
    environment = dict(os.environ)
    if case.clock_s:
        environment["TLSFIT_LAB_CLOCK"] = str(case.clock_s)
    try:
        holder = network_up(holders, case.routers, case.middlebox)
        server = start_server(case, holder, chain, work)
        wire = start_bad_wire(case, holder) if case.wire else None
        injector = start_injector(case, holder) if case.injected is not None else None
        dumpcap = start_capture(case, work)
        with open(work / "client.log", "wb") as log:
            client = subprocess.Popen(client_command(case, chain, build),
                                      cwd=LAB, stdout=log, stderr=log,
                                      env=environment)
        if case.udp:
            answer_over_dtls(server, client, work)
        if case.server_ends_s:
            time.sleep(case.server_ends_s)
            stop(server)
        client.wait(40)
        try:
            server.wait(2)
        except subprocess.TimeoutExpired:
            pass  # a DTLS server does not see that its client has gone
        time.sleep(0.7)  # dumpcap writes what it holds every half second
    finally:
        stop(client)
        stop(dumpcap, signal.SIGINT)
        stop(server)
        for process in (wire, injector, *holders):
            stop(process)


def log_line(path, pattern, fallback):
    """The line of a log that says it, without process numbers."""
    lines = path.read_text(errors="replace").splitlines()
    for line in lines:
        if pattern and re.search(pattern, line):
            return re.sub(r"^[0-9A-F]+:error:", "error:", line.strip())
    if pattern:
        raise Failure(f"{path.name} does not say /{pattern}/: {' | '.join(lines)}")
    return next((line.strip() for line in lines if re.search(fallback, line)), "")


def recorded(case, build, chain_folder, work):
    """(packets, keylog, truth) of a case that is run for real."""
    command = ["unshare", "-rn", sys.executable, __file__, "--build", str(build),
               "--worker", case.name, str(chain_folder / case.chain), str(work)]
    # A session of its own: on a timeout everything in it goes.
    worker = subprocess.Popen(command, start_new_session=True)
    try:
        status = worker.wait(CASE_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        raise Failure(f"not done after {CASE_TIMEOUT_S} s") from None
    if status != 0:
        raise Failure("see above")
    server = log_line(work / "server.log", case.server_says,
                      r"^(Ciphersuite|CIPHER|New, )")
    client = log_line(work / "client.log", case.client_says, "")
    packets = pcapng.read_pcap(work / "raw.pcap")
    if not packets:
        raise Failure("nothing was captured")
    if case.start_s:
        packets = pcapng.shift_to(packets, case.start_s)
    keylog = (work / "keylog").read_bytes() if case.keylog else b""
    keylog = b"".join(line for line in keylog.splitlines(True)
                      if not line.startswith(b"#"))
    return packets, keylog, f"server: {server} / client: {client}"


def derived(case, out):
    """(packets, keylog, None): another case's capture, changed."""
    source = out / case.derived["from"] / "capture.pcapng"
    if not source.exists():
        source = CAPTURES / case.derived["from"] / "capture.pcapng"
    packets = pcapng.read_pcapng(source)
    if "break_certificate" in case.derived:
        # Certificate message: type 11, three lengths of 3 bytes, SEQUENCE.
        data = next(body for _, _, body in packets if b"\x16\x03\x03" in body
                    and re.search(rb"\x0b\0..\0..\0..\x30\x82", body, re.S))
        match = re.search(rb"\x0b\0..\0..\0..\x30\x82", data, re.S)
        old = match.group()
        packets = pcapng.replace_bytes(packets, old, old[:-2] + b"\x00\x82")
    return packets, b"", None


def set_truth(ini, truth):
    """Replaces the line "truth = ..." of a case.ini that a person wrote."""
    if not ini.exists():
        if ini.is_relative_to(CAPTURES):
            print(f"record: {ini} is missing: write it by hand", file=sys.stderr)
        return
    text = ini.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^truth = .*$", lambda _: f"truth = {truth}", text)
    ini.write_text(text, encoding="utf-8")


def record(case, build, chain_folder, out):
    with tempfile.TemporaryDirectory(prefix="tlsfit-lab-") as folder:
        if case.derived:
            packets, keylog, truth = derived(case, out)
        else:
            packets, keylog, truth = recorded(case, build, chain_folder,
                                              pathlib.Path(folder))
    target = out / case.name
    target.mkdir(parents=True, exist_ok=True)
    pcapng.write_pcapng(target / "capture.pcapng", packets, keylog,
                        case.derived.get("snaplen", pcapng.SNAPLEN))
    if truth:
        set_truth(target / "case.ini", truth)
    print(f"{case.name}: {len(packets)} frames; {truth or 'derived'}", flush=True)


def build_clients(folder):
    options = ["-DTLSFIT_PLUGIN=OFF", "-DBUILD_TESTING=OFF"]
    for step in (["-S", str(LAB.parent), "-B", str(folder), *options],
                 ["--build", str(folder)]):
        done = subprocess.run(["cmake", *step], capture_output=True, text=True,
                              timeout=300, check=False)
        if done.returncode != 0:
            sys.exit(f"record: cmake failed: {done.stdout}{done.stderr}")


def selected(names):
    chosen = [c for c in EVERY if not names or c.name in names]
    missing = set(names) - {c.name for c in chosen}
    if missing:
        sys.exit(f"record: no such case: {', '.join(sorted(missing))}")
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="CASE")
    parser.add_argument("--out", type=pathlib.Path, metavar="DIR",
                        default=CAPTURES)
    parser.add_argument("--build", type=pathlib.Path, metavar="DIR",
                        help="a build of the project (default: builds one)")
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        name, chain, work = arguments.worker
        try:
            record_here(selected([name])[0], chain, arguments.build,
                        pathlib.Path(work))
        except (Failure, OSError, subprocess.SubprocessError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
        return 0
    return record_all(arguments)


def record_all(arguments):
    chosen, failed = selected(arguments.only), []
    with tempfile.TemporaryDirectory(prefix="tlsfit-chains-") as folder:
        build = arguments.build
        if build is None:
            build = pathlib.Path(folder) / "build"
            build_clients(build)
        chain_folder = pathlib.Path(folder) / "chains"
        chains.make_all(chain_folder,
                        sorted({c.chain for c in chosen if c.chain}))
        for case in chosen:
            try:
                record(case, build.resolve(), chain_folder, arguments.out)
            except (Failure, OSError, ValueError, StopIteration) as error:
                failed.append(case.name)
                print(f"{case.name}: FAILED: {error}", file=sys.stderr)
    if failed:
        print(f"record: {len(failed)} of {len(chosen)} cases not recorded: "
              + ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
