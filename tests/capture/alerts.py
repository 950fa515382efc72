#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same alert leads to different causes where the evidence differs: nothing concludes a cause from its number.

In: the folder of test captures, whose expected.json the other tests compare with what the plugin says. Out: for each
alert that several captures end in, the causes they have; exit status 1 where one that is known to mean many things
means only one.
"""
import collections
import json
import pathlib
import sys

# An alert and its sender, with the least number of different causes that the captures have for it.
MANY_CAUSES = {("handshake_failure", "server"): 5, ("unknown_ca", "client"): 3, ("bad_certificate", "client"): 4}


def causes(folder):
    """{(alert, sender): {cause: case}}; a case without a known cause counts as one."""
    found = collections.defaultdict(dict)
    for path in sorted(folder.glob("*/expected.json")):
        for handshake in json.loads(path.read_text(encoding="utf-8"))["handshakes"]:
            if "alert_name" in handshake:
                key = (handshake["alert_name"], handshake["outcome_side"])
                found[key].setdefault(handshake.get("cause", "none that is known"), path.parent.name)
    return found


def main():
    found, failed = causes(pathlib.Path(sys.argv[1])), 0
    for key, by_cause in sorted(found.items()):
        if len(by_cause) > 1 or key in MANY_CAUSES:
            print(f"{key[0]} from the {key[1]}: " + ", ".join(f"{c} ({case})" for c, case in sorted(by_cause.items())))
    for key, least in MANY_CAUSES.items():
        if len(found.get(key, {})) < least:
            failed += 1
            print(f"{key[0]} from the {key[1]} has {len(found.get(key, {}))} causes, and must have {least} or more")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
