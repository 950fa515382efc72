#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""openssl s_client as a lab client: the line that the other clients print.

In: --host, --port, and options of s_client as they are. Out: the handshake on
the wire and one line that tells how it ended.
"""
import re
import subprocess
import sys
import tempfile

ANSWER_S, TIMEOUT_S = 2, 12


def command(arguments):
    host = arguments[arguments.index("--host") + 1]
    port = arguments[arguments.index("--port") + 1]
    rest = [a for i, a in enumerate(arguments)
            if a not in ("--host", "--port")
            and arguments[i - 1] not in ("--host", "--port")]
    return ["openssl", "s_client", "-connect", f"{host}:{port}", *rest]


def say(text, stack):
    cipher = re.search(r"(?m)^New, (\S+), Cipher is (\S+)", text)
    alert = re.search(r"SSL alert number (\d+)", text)
    error = re.search(r"(?m)^[0-9A-F]+:(error:.*)$", text)
    line = f'client stack="{stack}" outcome='
    if alert or not cipher or cipher.group(2) == "(NONE)":
        line += "failed"
    else:
        line += f"completed suite={cipher.group(2)}"
    if alert:
        line += f" alert_received={alert.group(1)}"
    if error:
        line += f' error="{error.group(1)}"'
    print(line)
    return 0 if "outcome=completed" in line else 1


def main():
    stack = subprocess.run(["openssl", "version"], capture_output=True,
                           text=True, timeout=10, check=True).stdout
    with tempfile.TemporaryFile() as log:
        client = subprocess.Popen(command(sys.argv[1:]), stdin=subprocess.PIPE,
                                  stdout=log, stderr=subprocess.STDOUT)
        try:
            # stdin stays open until the server has answered or refused:
            # s_client goes when it is closed.
            client.stdin.write(b"hello from the device\n")
            client.stdin.flush()
            client.wait(ANSWER_S)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            client.stdin.close()
            client.wait(TIMEOUT_S)
        log.seek(0)
        text = log.read().decode(errors="replace")
    return say(text, " ".join(stack.split()[:2]))


if __name__ == "__main__":
    sys.exit(main())
