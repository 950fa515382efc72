#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reports on handshakes against what the folder expects.

In: the driver, the certificates' folders, a folder of NAME.ini with NAME.ladder (the ladder as text) and, for some, NAME.md
(the page) beside it. Out: exit status 1 and what differs. Of every case the page and the SVG are read strictly
(html_check.py, an XML parser), and whatever Markdown says in a table or list HTML must say too.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

import html_check


def report(arguments, form, *cases):
    command = [arguments.driver, arguments.certificates, form, *cases]
    result = subprocess.run(command, capture_output=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{command}: {result.returncode} {result.stderr.decode()}")
    return result.stdout.decode("utf-8")


def squeezed(text):
    return re.sub(r"\s+", "", text)


def plain(markdown):
    """Inline Markdown as the reader sees it."""
    spans = re.split(r"(?<!\\)(`+)((?:(?!\1).)+?)\1(?!`)", markdown)
    out = ""
    for at in range(0, len(spans), 3):
        out += re.sub(r"\\(.)", r"\1", spans[at].replace("**", ""))
        out += spans[at + 2].replace("\\|", "|") if at + 2 < len(spans) else ""
    return out


def facts(markdown):
    """What stands in cells, items and paragraphs; the ladder and the lines to copy are compared elsewhere."""
    for line in re.sub(r"^(`{3,})\n.*?^\1$", "", markdown, flags=re.M | re.S).splitlines():
        cells = re.split(r"(?<!\\)\|", line) if line.startswith("|") else [re.sub(r"^(- |#+ )", "", line)]
        yield from (plain(cell).strip() for cell in cells if cell.strip() and not re.fullmatch(r"-+", cell))


def check_page(page, markdown):
    found, text = html_check.problems(page)
    seen = squeezed(text)
    for fact in facts(markdown):
        # a label and its value are one line in Markdown and two elements in HTML
        parts = [fact] if squeezed(fact) in seen else fact.split(": ", 1)
        found += [f"only Markdown says: {part}" for part in parts if squeezed(part) not in seen]
    return [f"HTML: {problem}" for problem in found]


def check_svg(svg):
    tree = xml.etree.ElementTree.fromstring(svg)
    names = {element.tag.split("}")[1] for element in tree.iter()}
    allowed = {"svg", "style", "title", "desc", "rect", "path", "text"}
    found = [f"SVG: <{name}>" for name in names - allowed]
    if not {"title", "desc", "path", "text"} <= names:
        found.append(f"SVG has only {names}")
    width = float(tree.get("viewBox").split()[2])
    for element in tree.iter():
        if not -1 <= float(element.get("x", 0)) <= width:
            found.append(f"SVG: {element.get('x')} is outside")
    return found


def compare(expected, text, update):
    if update:
        expected.write_text(text, encoding="utf-8")
    elif not expected.exists() or expected.read_text(encoding="utf-8") != text:
        return [f"{expected.name} differs; it is now\n{text}"]
    return []


def check_case(arguments, case):
    markdown = report(arguments, "markdown", case)
    found = check_page(report(arguments, "html", case), markdown)
    found += check_svg(report(arguments, "svg", case))
    found += compare(case.with_suffix(".ladder"), report(arguments, "text", case), arguments.update)
    if case.with_suffix(".md").exists():
        found += compare(case.with_suffix(".md"), markdown, arguments.update)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--driver", required=True)
    parser.add_argument("--certificates", required=True)
    parser.add_argument("--update", action="store_true", help="write what comes out now; read the difference")
    arguments = parser.parse_args()
    cases = sorted(arguments.folder.glob("*.ini"))
    failed = 0
    for case in cases:
        found = check_case(arguments, case)
        failed += bool(found)
        print("\n".join(f"{case.stem}: {line}" for line in found or ["as expected"]))
    found = check_page(report(arguments, "html", *cases), report(arguments, "markdown", *cases))
    print("\n".join(f"all on one page: {line}" for line in found or ["as expected"]))
    print(f"{len(cases)} cases, {failed + bool(found)} failed")
    return 1 if failed or found or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
