# SPDX-License-Identifier: GPL-2.0-or-later
"""The experiment's rows as figures, a confusion matrix and text.

In: rows from judge.py. Out: report.json, report.txt. Decides what is good
enough, and hides nothing: every disagreement is listed.
"""
import collections
import json

ASKED = 0.98     # of the labelled failures: rule and certificate
NONE = "-"


def disagreements(rows):
    return [row for row in rows if row["class"] in ("completed", "labelled") and not (
        row["right"] and row.get("index_right", True) and row.get("outcome_right", True))]


def share(part, whole):
    return 1.0 if whole == 0 else part / whole


def figures(rows, seconds=0.0):
    pairs = [row for row in rows if not row["control"]]
    labelled = [row for row in pairs if row["class"] == "labelled"]
    indexed = [row for row in labelled if row["indexes"]]
    completed = [row for row in rows if row["class"] == "completed"]
    found = {
        "pairs": len(pairs), "controls": len(rows) - len(pairs),
        "seconds": round(seconds, 1),
        "classes": dict(collections.Counter(row["class"] for row in pairs)),
        "labelled": len(labelled), "cause_right": sum(row["right"] for row in labelled),
        "indexed": len(indexed), "index_right": sum(row["index_right"] for row in indexed),
        "outcome_right": sum(row["outcome_right"] for row in labelled),
        "completed": len(completed),
        "completed_with_error": sum(bool(row["errors"]) for row in completed),
        "completed_not_seen": sum(row["outcome"] not in ("completed", "resumed")
                                  for row in completed),
        "disagreements": len(disagreements(rows)),
    }
    found["cause_share"] = round(share(found["cause_right"], found["labelled"]), 4)
    found["index_share"] = round(share(found["index_right"], found["indexed"]), 4)
    # A run that labels nothing or completes nothing has shown nothing.
    found["good"] = bool(labelled and completed and found["cause_share"] >= ASKED
                         and found["index_share"] >= ASKED
                         and found["completed_with_error"] == 0)
    return found


def confusion(rows):
    """{label: {cause: count}}; completed handshakes are a label of their own."""
    table = collections.defaultdict(collections.Counter)
    for row in rows:
        if row["class"] == "labelled":
            table[row["rule"]][row["cause"] or NONE] += 1
        elif row["class"] == "completed":
            table["(completed)"][row["errors"][0] if row["errors"] else NONE] += 1
    return {label: dict(counts) for label, counts in sorted(table.items())}


def _matrix_lines(rows):
    lines = []
    for label, counts in confusion(rows).items():
        wanted = NONE if label == "(completed)" else label
        other = ", ".join(f"{cause} {count}" for cause, count in sorted(counts.items())
                          if cause != wanted)
        lines.append(f"  {label:28} right {counts.get(wanted, 0):4}  total "
                     f"{sum(counts.values()):4}{'  instead: ' + other if other else ''}")
    return lines


def _row_lines(rows):
    for row in rows:
        yield f"  {row['pair']}{' (control)' if row['control'] else ''}"
        if row["rule"]:
            yield f"    label: {row['rule']} {row['indexes'] or ''} (lifted: {row['limit']})"
        yield (f"    plugin: {row['outcome']}; cause {row['cause'] or NONE} "
               f"{'' if row['cause_cert_index'] is None else row['cause_cert_index']}; "
               f"errors: {', '.join(row['errors']) or NONE}")
        yield f"    {row['client']}"
        yield f"    server: {row['server'] or NONE}"


def text(rows, found):
    lines = [f"{found['pairs']} pairs and {found['controls']} controls in "
             f"{found['seconds']:.0f} s: "
             + ", ".join(f"{name} {count}" for name, count in sorted(found["classes"].items())),
             f"failures with a label: {found['labelled']}; primary cause right in "
             f"{found['cause_right']} ({found['cause_share']:.1%}), certificate right in "
             f"{found['index_right']} of {found['indexed']} ({found['index_share']:.1%}), "
             f"outcome and alert right in {found['outcome_right']}",
             f"completed: {found['completed']}; with an Error: "
             f"{found['completed_with_error']}; not seen as completed: "
             f"{found['completed_not_seen']}", "", "label and what the plugin says:",
             *_matrix_lines(rows)]
    missing = collections.Counter(row["rule"] for row in rows
                                  if row["class"] == "not-in-catalogue")
    if missing:
        lines += ["", "not in the catalogue yet: " + ", ".join(
            f"{rule} {count}" for rule, count in sorted(missing.items()))]
    lines += ["", f"disagreements: {found['disagreements']}", *_row_lines(disagreements(rows))]
    return "\n".join(lines)


def write(folder, rows, found):
    (folder / "report.json").write_text(json.dumps(
        {"figures": found, "confusion": confusion(rows), "rows": rows}, indent=1) + "\n",
        encoding="utf-8")
    rest = [row for row in rows if row["class"] in ("unlabelled", "left-out") and not row["control"]]
    lines = ["", "without a label, and left out:"]
    for row in rest:
        lines += [f"  {row['pair']}: {row['class']}: {'; '.join(row['notes'])}",
                  f"    {row['client']}"]
    (folder / "report.txt").write_text(text(rows, found) + "\n".join(lines) + "\n",
                                       encoding="utf-8")
