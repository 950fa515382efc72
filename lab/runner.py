#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs handshakes for real in a network namespace of its own and records them.

In: jobs, one JSON object a line on standard input; Out: for each a capture and
one JSON object on standard output: what the client and the server said.
Started by experiment.py as `unshare -rn runner.py`; the namespace, and with it
every port and packet, vanishes when it ends. Judges nothing.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

LAB = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(LAB))
sys.dont_write_bytecode = True
import pcapng   # noqa: E402

START_S, CLIENT_S, PACKET_HOST, ALL_PROTOCOLS = 10, 25, 0, 3
PORT = 8883     # always free: the namespace is ours alone
OPENSSL_VERSION = {"10": "-tls1", "11": "-tls1_1", "12": "-tls1_2", "13": "-tls1_3",
                   "d10": "-dtls1", "d12": "-dtls1_2"}
GNUTLS_VERSION = {"10": "VERS-TLS1.0", "11": "VERS-TLS1.1", "12": "VERS-TLS1.2",
                  "13": "VERS-TLS1.3", "d10": "VERS-DTLS1.0", "d12": "VERS-DTLS1.2"}


class Recorder(threading.Thread):
    """Keeps every packet of one port that the loopback interface delivers."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.packets, self.ended = port, [], False
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW,
                                    socket.htons(ALL_PROTOCOLS))
        self.socket.bind(("lo", 0))
        self.socket.settimeout(0.05)

    def run(self):
        while True:
            try:
                data, address = self.socket.recvfrom(262144)
            except TimeoutError:
                if self.ended:
                    return
                continue
            if address[2] == PACKET_HOST and self.is_ours(data):
                self.packets.append((time.time_ns() // 1000, len(data), data))

    def is_ours(self, frame):
        ports = 14 + (frame[14] & 15) * 4
        return frame[12:14] == b"\x08\x00" and frame[23] in (6, 17) and self.port in (
            int.from_bytes(frame[ports:ports + 2], "big"),
            int.from_bytes(frame[ports + 2:ports + 4], "big"))

    def stop(self):
        self.ended = True
        self.join()
        self.socket.close()
        return self.packets


def listens(port, udp):
    kind, state = ("udp", "07") if udp else ("tcp", "0A")
    for name in (kind, kind + "6"):
        for line in pathlib.Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            words = line.split()
            if int(words[1].rsplit(":", 1)[1], 16) == port and words[3] == state:
                return True
    return False


def openssl_command(job, port):
    chain, options = job["chain"], list(job["options"])
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-naccept", "1",
               OPENSSL_VERSION[job["version"]], "-cert", f"{chain}/leaf.pem", "-key",
               f"{chain}/leaf.key", "-keylogfile", f"{job['work']}/keylog", *options]
    if pathlib.Path(chain, "chain.pem").stat().st_size:
        command += ["-cert_chain", f"{chain}/chain.pem"]
    if not any(word.startswith("-cipher") and word != "-ciphersuites" for word in options):
        command += ["-cipher", "ALL:!aNULL:@SECLEVEL=0"]
    return command + ([] if job["udp"] else ["-rev"])


def gnutls_command(job, port):
    chain = job["chain"]
    return ["gnutls-serv", "--port", str(port), "--echo", "--quiet", "--noticket",
            "--disable-client-cert", "--x509certfile", f"{chain}/full.pem",
            "--x509keyfile", f"{chain}/leaf.key", "--priority",
            f"NORMAL:-VERS-ALL:+{GNUTLS_VERSION[job['version']]}"
            ":+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1"
            + job["priority"], *(["--udp", "--mtu=1400"] if job["udp"] else [])]


def server_command(job, port):
    if "command" in job:  # spelled out, with {port} in it
        return [word.replace("{port}", str(port)) for word in job["command"]]
    return (openssl_command if job["program"] == "openssl" else gnutls_command)(job, port)


def start_server(job, port):
    with open(f"{job['work']}/server.log", "wb") as log:
        server = subprocess.Popen(
            server_command(job, port), stdin=subprocess.PIPE, stdout=log, stderr=log,
            env={**os.environ, "SSLKEYLOGFILE": f"{job['work']}/keylog"})
    end = time.monotonic() + START_S
    while not listens(port, job["udp"]) and server.poll() is None:
        if time.monotonic() > end:
            break
        time.sleep(0.005)
    return server


def stop(process, how=signal.SIGTERM):
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()


def answer_over_dtls(server, client, log):
    """s_server answers over TLS only: over DTLS it sends what is typed."""
    end = time.monotonic() + CLIENT_S
    while client.poll() is None and time.monotonic() < end:
        if b"CIPHER is" in pathlib.Path(log).read_bytes():
            server.stdin.write(b"hello from the server\n")
            server.stdin.flush()
            return
        time.sleep(0.02)


def run_client(job, port, server):
    command = [*job["client"], "--host", "127.0.0.1", "--port", str(port), "--timeout",
               str(CLIENT_S - 5), *(["--dtls"] if job["udp"] else [])]
    client = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if job["udp"] and job["program"] == "openssl":
        answer_over_dtls(server, client, f"{job['work']}/server.log")
    try:
        output, _ = client.communicate(timeout=CLIENT_S)
    except subprocess.TimeoutExpired:
        client.kill()
        output, _ = client.communicate()
    return client.returncode, output.decode(errors="replace")


def secrets(work):
    """TLS 1.3's, without comments; older versions show their certificates."""
    path = pathlib.Path(work, "keylog")
    if not path.exists():
        return b""
    return b"".join(line for line in path.read_bytes().splitlines(True)
                    if b"TRAFFIC_SECRET" in line or line.startswith(b"EXPORTER"))


def run_job(job, port=PORT):
    recorder = Recorder(port)
    recorder.start()
    server = start_server(job, port)
    try:
        if server.poll() is not None:
            return {"id": job["id"], "status": 2, "client": "",
                    "server": pathlib.Path(job["work"], "server.log").read_text()}
        status, said = run_client(job, port, server)
        if not job["udp"] and job["program"] == "openssl" and status == 0:
            try:
                server.wait(1)
            except subprocess.TimeoutExpired:
                pass
        time.sleep(0.02)
    finally:
        stop(server)
        packets = recorder.stop()
    keys = secrets(job["work"])
    pcapng.write_pcapng(job["capture"], packets, keys)
    log = pathlib.Path(job["work"], "server.log").read_text(errors="replace")
    return {"id": job["id"], "status": status, "client": said, "server": log,
            "secrets": keys.decode("ascii"),
            "frames": len(packets)}


def main():
    subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
    for line in sys.stdin:
        job = json.loads(line)
        try:
            result = run_job(job)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            result = {"id": job["id"], "status": 2, "client": "", "server": str(error)}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
