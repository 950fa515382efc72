# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares what the plugin says of a run with what the run and its controls show.

In: a run with its result and its controls. Out: one row, a dictionary, for
report.py. The label of a failure comes from the control that completed, never
from an error text.
"""
import functools
import json
import re
import shutil
import subprocess

import ask
import matrix
import truth

BAD = ("cannot", "broken")


@functools.cache
def catalogue(build):
    """The rules that this build has."""
    done = subprocess.run([f"{build}/src/tlsfit", "explain"], capture_output=True,
                          text=True, timeout=20, check=False)
    rules = set(re.findall(r"^([a-z][a-z0-9_]+)\b", done.stdout, re.M))
    if "cert_key_curve" not in rules:
        raise ask.Failure(f"tlsfit explain does not list the rules: {done.stderr}")
    return rules


def label_of(run, limit):
    """(rule, the certificates that may be named) of a limit that was lifted."""
    server = run.pair.server
    if limit.startswith("server:"):
        name = limit.split(":", 1)[1]
        if name in matrix.DEFECTS:
            rule, index, _ = matrix.DEFECTS[name]
            return rule, [] if index is None else [index]
        return matrix.VARIANTS[name].rule, []
    rule = matrix.RULES[limit][1 if ask.server_spoke(run) else 0]
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
            "alert_shown": shown.get("alert"),
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
        # An encrypted alert has no number in the capture.
        row["outcome_right"] = row["outcome"] not in (
            "completed", "resumed", "open", "none") and (
            row["alert_shown"] in (row["alert"], None) or row["alert"] is None)
    else:
        row["class"] = "unlabelled"
        row["notes"].append("no control completes" if not labels else
                            "more than one control completes: " +
                            ", ".join(label[0] for label in labels))
    if lab.keep and not all(row.get(name, True) for name in
                            ("right", "index_right", "outcome_right")):
        keep(lab.keep, run, row)
    if lab.save and not control and run.shown is not None:
        keep(lab.save, run, row)
    return row


def keep(where, run, row):
    folder = where / re.sub(r"[^A-Za-z0-9.+-]+", "_", run.pair.name)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(run.folder / "capture.pcapng", folder)
    shutil.copy(run.device, folder)
    (folder / "row.json").write_text(json.dumps({**row, "shown": run.shown}, indent=1))
