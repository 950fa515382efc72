#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every handshake that a test capture expects fits the documented schema, and the schema knows every key in doc/json.md.

In: the source tree. Out: exit status 0 or 1 and what does not fit; 77 without the validator.
"""
import json
import pathlib
import re
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("SKIP: no python3-jsonschema")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]


def keys_of(page):
    """The keys of the first table of a page."""
    table = page.split("| key |", 1)[1].split("\n\n", 1)[0]
    return [key for line in table.splitlines() if line.startswith("| `") for key in
            re.findall(r"`(\w+)`", line.split("|")[1])]


SCHEMA = json.loads((ROOT / "doc/schema/handshake.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
COMPLAINTS = [f"doc/json.md has {key}, the schema has not"
              for key in keys_of((ROOT / "doc/json.md").read_text(encoding="utf-8")) if key not in SCHEMA["properties"]]
COUNT = 0
for expected in sorted((ROOT / "test_captures").glob("*/expected.json")):
    for handshake in json.loads(expected.read_text(encoding="utf-8"))["handshakes"]:
        COUNT += 1
        COMPLAINTS += [f"{expected.parent.name}: {list(error.path)}: {error.message}"
                       for error in VALIDATOR.iter_errors(handshake)]
print("\n".join(COMPLAINTS + [f"{COUNT} handshakes"]))
sys.exit(1 if COMPLAINTS or COUNT == 0 else 0)
