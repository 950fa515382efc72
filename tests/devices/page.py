#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Is doc/devices.md what the profiles say? In: the command tlsfit, the page. Out: exit status, and the difference.

    page.py TLSFIT doc/devices.md [--update]
"""
import difflib
import pathlib
import subprocess
import sys


def main():
    binary, page = sys.argv[1], pathlib.Path(sys.argv[2])
    made = subprocess.run([binary, "devices", "table"], capture_output=True, encoding="utf-8", timeout=60, check=True)
    if "--update" in sys.argv[3:]:
        page.write_text(made.stdout, encoding="utf-8")
        return 0
    before = page.read_text(encoding="utf-8")
    if made.stdout.count("\n### ") < 60:
        print(f"only {made.stdout.count(chr(10) + '### ')} devices on the page")
        return 1
    if before == made.stdout:
        return 0
    sys.stdout.writelines(list(difflib.unified_diff(before.splitlines(True), made.stdout.splitlines(True),
                                                    str(page), "what the profiles say"))[:60])
    print(f"to write it anew: tlsfit devices table > {page.name}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
