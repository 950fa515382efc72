#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Can the words of a report be read? Contrast of every colour of text on the papers that it stands on.

In: report_ladder.css with the colours of the light and the dark page. Out: exit status 1 where a pair has less than 4.5
(WCAG 2.1, 1.4.3).
"""

import pathlib
import re
import sys

LEAST = 4.5
PAIRS = [("ink", "paper"), ("ink", "raised"), ("muted", "paper"), ("muted", "raised"), ("accent", "paper")] + [
    (colour, paper) for status in ("cannot", "suspect", "unknown", "ok")
    for colour, paper in ((status, status + "-paper"), (status, "paper"), ("ink", status + "-paper"),
                          ("muted", status + "-paper"))]


def luminance(colour):
    """Relative luminance, as WCAG 2.1 defines it."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def main():
    style = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    schemes = re.findall(r":root\s*\{(.*?)\}", style, re.S)
    failed = 0
    for name, scheme in zip(("light", "dark"), schemes):
        colours = dict(re.findall(r"--([\w-]+):\s*#([0-9a-f]{6})", scheme))
        for text, paper in PAIRS:
            found = contrast(colours[text], colours[paper])
            if found < LEAST:
                failed += 1
                print(f"{name}: {text} on {paper} has {found:.2f}")
    print(f"{len(PAIRS)} pairs in {len(schemes)} schemes, {failed} below {LEAST}")
    return 1 if failed or len(schemes) != 2 else 0


if __name__ == "__main__":
    sys.exit(main())
