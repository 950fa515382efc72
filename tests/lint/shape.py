# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks of size and of the list of rules.

Same form as in checks.py: from the root of a source tree to (number of things checked, violations).
"""

import ast
import pathlib
import re

import sources

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400

# file -> the length it may have, and why
LONG_FILES = {}
# (file, function) -> the length it may have, and why
LONG_FUNCTIONS = {}

RULE = re.compile(r"^[ \t]*TLSFIT_RULE\(\s*(\w+)\s*\)", re.M)


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno


def shell_functions(text):
    """name() { at the start of a line, up to the next } at the start of a line."""
    started = None
    for number, line in enumerate(text.splitlines(), 1):
        opens = re.match(r"(\w+)\(\)\s*\{$", line)
        if opens:
            started = (opens.group(1), number)
        elif line == "}" and started:
            yield (*started, number)
            started = None


def functions_of(root, path):
    text = sources.read(root, path)
    if path.suffix in (".c", ".h"):
        return list(sources.c_functions(text))
    if path.suffix == ".py":
        return list(python_functions(text))
    if path.suffix == ".sh" or sources.is_script(pathlib.Path(root, path)):
        return list(shell_functions(text))
    return []


def function_length(root):
    """A function fits a page."""
    counted, violations = 0, []
    for path in sources.texts(root):
        try:
            found = functions_of(root, path)
        except (sources.Unbalanced, SyntaxError) as error:
            violations.append(f"{path}:1: cannot be read: {error}")
            continue
        for name, first, last in found:
            counted += 1
            allowed = LONG_FUNCTIONS.get((path.as_posix(), name), FUNCTION_LINES_MAX)
            if last - first + 1 > allowed:
                violations.append(f"{path}:{first}: {name} has {last - first + 1} lines, "
                                  f"{allowed} is the most")
    return counted, violations


def file_length(root):
    """A file is read in one sitting."""
    counted, violations = 0, []
    for path in sources.texts(root):
        if not (path.suffix in sources.C_SUFFIXES | {".py", ".sh", ".cmake"}
                or sources.is_script(pathlib.Path(root, path))):
            continue
        counted += 1
        lines = len(sources.read(root, path).splitlines())
        allowed = LONG_FILES.get(path.as_posix(), FILE_LINES_MAX)
        if lines > allowed:
            violations.append(f"{path}:1: {lines} lines, {allowed} is the most")
    return counted, violations


def cases_of(root, rule):
    folder = pathlib.Path(root, "tests/rules", rule)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []


def rule_list(root):
    """src/rules/*.c, src/rules.def and tests/rules/ name the same rules, each once."""
    listing = pathlib.Path(root, "src/rules.def")
    text = sources.code_of(listing.read_text(encoding="utf-8")) if listing.exists() else ""
    listed = RULE.findall(text)
    files = {path.stem: path for path in pathlib.Path(root, "src/rules").glob("*.c")}
    folders = {path.name for path in pathlib.Path(root, "tests/rules").glob("*") if path.is_dir()}
    violations = [f"src/rules.def:1: {rule} stands there {listed.count(rule)} times"
                  for rule in sorted(set(listed)) if listed.count(rule) > 1]
    for rule in sorted(set(listed) | set(files)):
        if rule not in listed:
            violations.append(f"src/rules/{rule}.c:1: not in src/rules.def")
        if rule not in files:
            violations.append(f"src/rules.def:1: {rule} has no src/rules/{rule}.c")
        elif f'.id = "{rule}"' not in files[rule].read_text(encoding="utf-8"):
            violations.append(f"src/rules/{rule}.c:1: its .id is not \"{rule}\"")
        if not cases_of(root, rule):
            violations.append(f"src/rules.def:1: {rule} has no cases in tests/rules/{rule}/")
    violations += [f"tests/rules/{name}:1: no such rule"
                   for name in sorted(folders - set(listed) - set(files))]
    return min(len(listed), len(files)), violations
