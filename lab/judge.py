# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks the plugin about a run and compares it with what the run shows.

In: a run with its result and its controls. Out: one row, a dictionary, for
report.py. The label of a failure comes from the control that completed, never
from an error text.
"""
import functools
import json
import os
import re
import shutil
import subprocess

import matrix
import pcapng
import truth

BAD = ("cannot", "broken")
ROOT = matrix.__file__.rsplit("/", 2)[0]


class Failure(Exception):
    """The plugin could not be asked."""


@functools.cache
def catalogue(build):
    """The rules that this build has."""
    done = subprocess.run([f"{build}/src/tlsfit", "explain"], capture_output=True,
                          text=True, timeout=20, check=False)
    rules = set(re.findall(r"^([a-z][a-z0-9_]+)\b", done.stdout, re.M))
    if "cert_key_curve" not in rules:
        raise Failure(f"tlsfit explain does not list the rules: {done.stderr}")
    return rules


def peer_text(server):
    """The server's own profile: what its options allow."""
    values = {"versions.supported": matrix.VERSIONS[server.version],
              **matrix.VARIANTS[server.variant].peer}
    leaf = matrix.CHAINS[server.chain].sent_certs()[0]
    values["certificate_keys.end_entity_types"] = truth.key_facts(leaf.key)[0]
    text = ("[device]\nid = lab-server\nname = The lab's server\nkind = service\n"
            "role = server\n")
    for name in sorted({key.split(".")[0] for key in values}):
        text += f"\n[{name}]\ncomplete = yes\n" + "".join(
            f"{key.split('.', 1)[1]} = {value}\n" for key, value in values.items()
            if key.startswith(name + "."))
    for key in values:
        text += (f"\n[source {key}]\nconfidence = observed\nwhere = lab/matrix.py\n"
                 "what = the options that the lab starts the server with\n")
    return text


def ask(lab, run, stall_ms):
    """The first handshake of the capture, as the plugin's JSON."""
    folder = run.folder / "profiles"
    source = lab.judged_with.get(run.pair.device)
    shutil.copy(source or run.device, folder / f"{run.device_id}.ini")
    (folder / "lab-server.ini").write_text(peer_text(run.pair.server), encoding="utf-8")
    udp = run.pair.server.version.startswith("d")
    environment = {**os.environ, **({"TLSFIT_PLUGIN": str(lab.plugin.resolve())}
                                    if lab.plugin else {})}
    if lab.plugin:
        environment["TLSFIT_RUN_DIR"] = f"{lab.work}/with-plugin"
    command = [f"{ROOT}/scripts/tshark-with-plugin", str(lab.build), "-r",
               str(run.folder / "capture.pcapng"), "-d",
               f"{'udp' if udp else 'tcp'}.port=={run.result['port']},"
               f"{'dtls' if udp else 'tls'}",
               "-o", f"tlsfit.device:{run.device_id}", "-o", f"tlsfit.device_path:{folder}",
               "-o", "tlsfit.peer:lab-server", "-o", f"tlsfit.stall_time:{stall_ms}",
               "-q", "-z", "tlsfit,json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False,
                          env=environment)
    errors = [line for line in done.stderr.splitlines() if "Running as user" not in line]
    if done.returncode == 77:
        raise Failure(done.stderr.strip())
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or errors or not lines:
        return {"outcome": "none", "findings": [], "problem": "; ".join(errors) or "no handshake"}
    return json.loads(lines[0])


def server_spoke(run):
    """Did a ServerHello come? Looked up in the bytes, not in the plugin."""
    offset = 13 if run.pair.server.version.startswith("d") else 5
    for _, _, frame in pcapng.read_pcapng(run.folder / "capture.pcapng"):
        ip = 14
        port = ip + (frame[ip] & 15) * 4
        data = frame[port + 8:] if frame[23] == 17 else frame[port + (frame[port + 12] >> 4) * 4:]
        if int.from_bytes(frame[port:port + 2], "big") == run.result["port"] and len(
                data) > offset and data[0] == 22 and data[offset] == 2:
            return True
    return False


def label_of(run, limit):
    """(rule, the certificates that may be named) of a limit that was lifted."""
    server = run.pair.server
    if limit.startswith("server:"):
        name = limit.split(":", 1)[1]
        if name in matrix.DEFECTS:
            rule, index, _ = matrix.DEFECTS[name]
            return rule, [] if index is None else [index]
        return matrix.VARIANTS[name].rule, []
    rule = matrix.RULES[limit][1 if server_spoke(run) else 0]
    return rule, truth.guilty(run.text, limit, matrix.CHAINS[server.chain])


def said(run):
    """What the two stacks said, without what differs from run to run."""
    client = " ".join(line for line in run.result["client"].splitlines()
                      if not line.startswith("unenforced: "))
    server = next((re.sub(r"^[0-9A-F]+:", "", line) for line
                   in run.result["server"].splitlines()
                   if "error" in line.lower() or "alert" in line.lower()), "")
    return client, server[:200]


def row_of(run, control):
    client, server = said(run)
    shown = run.shown or {"findings": []}
    alert = re.search(r"alert_received=(\d+)", client) or re.search(
        r"SSL alert number (\d+)", run.result["server"])
    return {"pair": run.pair.name, "control": control, "client": client, "server": server,
            "unenforced": run.unenforced, "alert": int(alert[1]) if alert else None,
            "outcome": shown.get("outcome"), "cause": shown.get("cause", ""),
            "cause_cert_index": shown.get("cause_cert_index"), "text": shown.get("text", ""),
            "errors": sorted({f["rule"] for f in shown["findings"] if f["status"] in BAD}),
            "rule": "", "indexes": [], "notes": []}


def compare(lab, run, controls, control=False):
    """Classes: left-out, completed, labelled, not-in-catalogue, unlabelled."""
    row = row_of(run, control)
    labels = [(limit, *label_of(run, limit)) for limit, other in controls
              if other.result["status"] != 2 and other.completed() and not (
                  limit in run.unenforced)]
    if run.result["status"] == 2 or run.shown is None:
        row["class"] = "left-out"
        row["notes"].append("the server or the client could not be set up so")
    elif run.completed():
        row["class"] = "completed"
        row["right"] = row["outcome"] in ("completed", "resumed") and not row["errors"]
        if run.unenforced and not row["right"]:
            row["class"] = "left-out"
            row["notes"].append("the stack does not enforce " + ", ".join(run.unenforced))
    elif len(labels) == 1:
        limit, row["rule"], row["indexes"] = labels[0]
        row["limit"] = limit
        row["class"] = "labelled" if row["rule"] in catalogue(str(lab.build)) else \
            "not-in-catalogue"
        row["right"] = row["cause"] == row["rule"]
        row["index_right"] = not row["indexes"] or row["cause_cert_index"] in row["indexes"]
        row["outcome_right"] = row["outcome"] not in ("completed", "resumed", "open", "none")
    else:
        row["class"] = "unlabelled"
        row["notes"].append("no control completes" if not labels else
                            "more than one control completes: " +
                            ", ".join(label[0] for label in labels))
    if lab.keep and row.get("right") is False or lab.keep and row.get("index_right") is False:
        keep(lab, run, row)
    return row


def keep(lab, run, row):
    folder = lab.keep / re.sub(r"[^A-Za-z0-9.+-]+", "_", run.pair.name)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(run.folder / "capture.pcapng", folder)
    shutil.copytree(run.folder / "profiles", folder / "profiles", dirs_exist_ok=True)
    (folder / "row.json").write_text(json.dumps({**row, "shown": run.shown}, indent=1))
