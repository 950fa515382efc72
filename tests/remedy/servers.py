#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a real server take the lines that the cases of fixes have for it?

In: the name of a server (nginx, haproxy, mosquitto), the folder of cases. Out: what the server complains about; exit
status 0 or 1, 77 where it is not installed. nginx and HAProxy check their configuration and start nothing; Mosquitto,
which has no such check, is started on a free port of the loopback interface and stopped.
"""
import configparser
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

MIN_CASES = 5


def lines_of(folder, server):
    """{case: lines}: the expected lines of every case that has some."""
    found = {}
    for path in sorted(folder.glob("*.ini")):
        parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",), strict=False)
        parser.read(path, encoding="utf-8")
        value = parser.get("fix", server, fallback="none")
        if value not in ("none", ""):
            found[path.stem] = [line.strip() for line in value.split(" | ")]
    return found


def make_files(folder):
    """The files that the lines name, all with one key."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder / "server.key", "-out", folder / "server.pem", "-subj", "/CN=server.example",
                    "-days", "2"], check=True, capture_output=True, timeout=20)
    certificate = (folder / "server.pem").read_text()
    (folder / "fullchain.pem").write_text(certificate)
    (folder / "server.key").chmod(0o644)  # a broker that root starts reads it as somebody else
    (folder / "server-chain-and-key.pem").write_text(certificate + (folder / "server.key").read_text())


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    return "" if done.returncode == 0 else (done.stderr + done.stdout).strip()


def nginx(program, folder, lines):
    if not any(line.startswith("ssl_certificate") for line in lines):
        lines = ["ssl_certificate server.pem;", "ssl_certificate_key server.key;", *lines]
    text = f"pid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n"
    for place in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        text += f"{place}_temp_path {folder}/{place};\n"
    text += "server {\nlisten 127.0.0.1:8883 ssl;\n" + "\n".join(lines) + "\n}\n}\n"
    (folder / "nginx.conf").write_text(text)
    return run([program, "-t", "-q", "-p", folder, "-c", folder / "nginx.conf"], folder)


def haproxy(program, folder, lines):
    version = subprocess.run([program, "-v"], capture_output=True, text=True, timeout=20, check=False).stdout
    number = tuple(map(int, version.split("version ")[1].split("-")[0].split(".")[:2]))
    if number < (2, 8) and any(" sigalgs " in line for line in lines):
        return ""  # as its comment says
    (folder / "haproxy.cfg").write_text("defaults\nmode tcp\ntimeout client 1s\ntimeout server 1s\ntimeout connect 1s\n"
                                        "frontend device\n" + "\n".join(lines) + "\n")
    return run([program, "-c", "-q", "-f", folder / "haproxy.cfg"], folder)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def mosquitto(program, folder, lines):
    port = free_port()
    lines = [f"listener {port} 127.0.0.1" if line == "listener 8883" else line for line in lines]
    if not any(line.startswith("certfile") for line in lines):
        lines += ["certfile server.pem", "keyfile server.key"]
    (folder / "mosquitto.conf").write_text("\n".join([*lines, "allow_anonymous true"]) + "\n")
    with subprocess.Popen([program, "-c", folder / "mosquitto.conf"], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as broker:
        end = time.monotonic() + 10
        while broker.poll() is None and time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        listening = broker.poll() is None
        broker.terminate()
        output, _ = broker.communicate(timeout=10)
    return "" if listening and "Error" not in output else output


def main():
    server, cases = sys.argv[1], pathlib.Path(sys.argv[2])
    program = shutil.which(server, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if program is None or shutil.which("openssl") is None:
        print(f"SKIP: {server if program is None else 'openssl'} is not installed")
        return 77
    found, failed = lines_of(cases, server), 0
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        make_files(pathlib.Path(work))
        for name, lines in found.items():
            problem = globals()[server](program, pathlib.Path(work), lines)
            if problem:
                failed += 1
                print(f"{name}: {' | '.join(lines)}\n  {problem}")
    print(f"{server}: {len(found) - failed} of {len(found)} cases taken")
    return 1 if failed or len(found) < MIN_CASES else 0


if __name__ == "__main__":
    sys.exit(main())
