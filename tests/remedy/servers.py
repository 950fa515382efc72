#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Does a real server take the lines that the cases of fixes have for it?

In: the name of a server (nginx, haproxy, mosquitto, emqx), the folder of cases. Out: what the server complains about;
exit status 0 or 1, 77 where it is not installed. nginx and HAProxy check their configuration and start nothing;
Mosquitto, which has no such check, is started on a free port of the loopback interface and stopped.

EMQX is in no distribution: its keys are compared with those of its schema, and their values are given to the TLS that
it is made of, Erlang's, which then has to complete a handshake on the loopback interface with each suite.
"""
import configparser
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

MIN_CASES = 5
PROGRAMS = {"emqx": "erl"}
# Of apps/emqx/src/emqx_schema.erl in EMQX 5 (common_ssl_opts_schema, server_ssl_opts_schema): what a listener takes.
EMQX_KEYS = {"cacertfile", "certfile", "keyfile", "verify", "reuse_sessions", "depth", "password", "versions",
             "ciphers", "secure_renegotiate", "log_level", "hibernate_after", "dhfile", "fail_if_no_peer_cert",
             "honor_cipher_order", "client_renegotiation", "handshake_timeout"}
VERSION_OPTIONS = {"tlsv1": "-tls1", "tlsv1.1": "-tls1_1", "tlsv1.2": "-tls1_2", "tlsv1.3": "-tls1_3"}
ERLANG = """
application:ensure_all_started(ssl),
Known = lists:append([ssl:cipher_suites(all, V, openssl) || V <- ['tlsv1', 'tlsv1.1', 'tlsv1.2', 'tlsv1.3']]),
[io:format("no suite ~s~n", [S]) || S <- SUITES, not lists:member(S, Known)],
{ok, L} = ssl:listen(0, [{ip, {127, 0, 0, 1}}, {log_level, error} | OPTIONS]),
{ok, {_, Port}} = ssl:sockname(L),
io:format("port ~p~n", [Port]),
Serve = fun() ->
    {ok, T} = ssl:transport_accept(L, 20000),
    case ssl:handshake(T, 10000) of
        {ok, S} -> {ok, [{protocol, P}, {selected_cipher_suite, C}]} =
                       ssl:connection_information(S, [protocol, selected_cipher_suite]),
                   io:format("done ~s ~s~n", [P, ssl:suite_to_openssl_str(C)]), ssl:close(S);
        Error -> io:format("failed ~p~n", [Error])
    end end,
[Serve() || _ <- lists:seq(1, COUNT)], halt().
"""


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


def emqx_options(lines):
    """{key: value} of ssl_options, values as JSON has them."""
    found = {}
    for line in lines:
        match = re.fullmatch(r"(\w+) = (.+)", line)
        if match and match.group(1) != "bind":
            found[match.group(1)] = json.loads(match.group(2))
    return found


def erlang_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def make_key(folder, rsa):
    kind = ["rsa:2048"] if rsa else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-keyout", folder / "emqx.key", "-out",
                    folder / "emqx.pem", "-subj", "/CN=server.example", "-days", "2"], check=True,
                   capture_output=True, timeout=20)


def erlang_program(folder, options, count):
    terms = [f"{{{key}, {erlang_text(str(folder / name))}}}"
             for key, name in (("certfile", "emqx.pem"), ("keyfile", "emqx.key"))]
    if "versions" in options:
        terms.append("{versions, [" + ", ".join(f"'{v}'" for v in options["versions"]) + "]}")
    suites = "[" + ", ".join(erlang_text(s) for s in options.get("ciphers", [])) + "]"
    if "ciphers" in options:
        terms.append(f"{{ciphers, {suites}}}")
    if "honor_cipher_order" in options:
        terms.append(f"{{honor_cipher_order, {str(options['honor_cipher_order']).lower()}}}")
    return (ERLANG.replace("SUITES", suites).replace("OPTIONS", "[" + ", ".join(terms) + "]")
            .replace("COUNT", str(count)))


def handshakes(server, tries):
    """What the server says of one client after the other, each with a version and a suite."""
    problems = []
    for line in server.stdout:
        if line.startswith("port "):
            port = line.split()[1]
            break
        problems.append(line.strip())
    else:
        return problems
    for version, suite in tries:
        client = ["openssl", "s_client", "-ign_eof", "-connect", f"127.0.0.1:{port}", *([version] if version else []),
                  *(["-cipher", suite + ":@SECLEVEL=0"] if suite else [])]
        subprocess.run(client, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
        answer = server.stdout.readline().strip()
        if not answer.startswith("done ") or (suite and not answer.endswith(" " + suite)):
            problems.append(f"{version} {suite}: {answer}")
    return problems


def emqx(program, folder, lines):
    """Erlang's TLS with the values of the lines, and a client for each of the suites."""
    options = emqx_options(lines)
    unknown = set(options) - EMQX_KEYS
    if unknown or lines[0] != "listeners.ssl.device {" or "ssl_options {" not in lines:
        return f"not of EMQX's schema: {', '.join(unknown) or lines[0]}"
    suites = options.get("ciphers", [None])
    make_key(folder, rsa=not any(s is None or "ECDSA" in s for s in suites))
    version = "-tls1_2" if options.get("ciphers") else None
    if not set(options.get("versions", [])) <= set(VERSION_OPTIONS):
        return f"no versions of Erlang's TLS: {options['versions']}"
    versions = [VERSION_OPTIONS[v] for v in options.get("versions", [])] or [version]
    tries = [(v, s) for v in versions for s in suites]
    with subprocess.Popen([program, "-noshell", "-eval", erlang_program(folder, options, len(tries))],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder,
                          env={**os.environ, "HOME": str(folder), "ERL_CRASH_DUMP": "/dev/null"}) as server:
        try:
            return "\n  ".join(handshakes(server, tries))
        finally:
            server.kill()


def erlang_lacks_ssl(program):
    """Debian has it in a package of its own, erlang-ssl."""
    start = "halt(case application:ensure_all_started(ssl) of {ok, _} -> 0; _ -> 1 end)."
    done = subprocess.run([program, "-noshell", "-eval", start], capture_output=True, timeout=60, check=False)
    return done.returncode != 0


def main():
    server, cases = sys.argv[1], pathlib.Path(sys.argv[2])
    program = shutil.which(PROGRAMS.get(server, server), path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if program is None or shutil.which("openssl") is None:
        print(f"SKIP: {PROGRAMS.get(server, server) if program is None else 'openssl'} is not installed")
        return 77
    if server == "emqx" and erlang_lacks_ssl(program):
        print("SKIP: Erlang's application ssl is not installed")
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
