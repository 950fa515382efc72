# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the text files of the project and reads C well enough to check its shape.

In: the root of a source tree. Out: files, text without comments or strings, includes, functions with
their lines. It is no parser: it relies on balanced braces, and says so where they are not.
"""

import pathlib
import re

BUILT = ("build",)
TEXT_SUFFIXES = {".c", ".h", ".def", ".py", ".sh", ".cmake", ".txt", ".md", ".ini", ".json", ".xml",
                 ".in", ".yml", ".yaml", ".dict", ".cnf", ".conf"}
C_SUFFIXES = {".c", ".h", ".def"}
NAMED_TEXTS = {"CMakeLists.txt", ".gitignore", ".clang-format", ".clang-tidy"}


def is_script(path):
    """A file without a suffix that begins with #!."""
    if path.suffix:
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def walk(folder):
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name in (".git", "__pycache__"):
            continue
        if not path.is_dir():
            yield path
        elif not (path / "CMakeCache.txt").exists():
            yield from walk(path)


def texts(root):
    """Every text file that people wrote, as paths relative to the root."""
    root = pathlib.Path(root)
    for path in walk(root):
        relative = path.relative_to(root)
        if relative.parts[0] in BUILT or relative.parts[0].startswith("build-"):
            continue
        if path.suffix in TEXT_SUFFIXES or path.name in NAMED_TEXTS or is_script(path):
            yield relative


def c_files(root, *folders):
    """The C files below the folders; below the whole root when there are none."""
    for path in texts(root):
        if path.suffix in C_SUFFIXES and (not folders or path.parts[0] in folders):
            yield path


def read(root, path):
    return pathlib.Path(root, path).read_text(encoding="utf-8")


TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(found):
    """Spaces for a comment, empty quotes for a string; the lines stay where they are."""
    text = found.group(0)
    if text[0] in "\"'":
        return text[0] + text[0]
    return re.sub(r"[^\n]", " ", text)


def code_of(text):
    """C without comments and without the contents of strings and characters."""
    return TOKEN.sub(blank, text)


def without_comments(text):
    """C without comments; strings stay, so that the names of included files do too."""
    return TOKEN.sub(lambda found: found.group(0) if found.group(0)[0] in "\"'" else blank(found), text)


INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def includes(text):
    """(line, quote or angle, name) of every #include."""
    text = without_comments(text)
    for found in INCLUDE.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group(1), found.group(2)


def without_directives(code):
    """Blanks preprocessor lines, continued ones too, and every #else branch: one branch of a pair
    keeps the braces balanced."""
    result, skipped, in_directive, depth = [], [], False, 0
    for line in code.split("\n"):
        starts = re.match(r"\s*#\s*(\w+)", line)
        if starts and not in_directive:
            word = starts.group(1)
            if word in ("if", "ifdef", "ifndef"):
                depth += 1
            elif word in ("else", "elif") and depth not in skipped:
                skipped.append(depth)
            elif word == "endif":
                if depth in skipped:
                    skipped.remove(depth)
                depth -= 1
        directive = bool(starts) or in_directive
        in_directive = directive and line.rstrip().endswith("\\")
        result.append("" if directive or skipped else line)
    return "\n".join(result)


def header_of(chunk):
    """(name, lines from the start of the header to its brace) of what stands before a body."""
    text = chunk.rstrip()
    # A macro that takes no semicolon may stand before the function, with a blank line between.
    header = re.split(r"\n[ \t]*\n", text)[-1].lstrip()
    name = re.search(r"(\w+)\s*\(", header)
    return name.group(1) if name else "?", header.count("\n") + chunk.count("\n", len(text))


class Unbalanced(Exception):
    pass


def c_functions(text):
    """(name, first line, last line) of every function definition."""
    code = without_directives(code_of(text))
    depth, header_start, body, line = 0, 0, None, 1
    for at, character in enumerate(code):
        if character == "\n":
            line += 1
        elif character == "{":
            if depth == 0 and code[header_start:at].rstrip().endswith(")"):
                name, above = header_of(code[header_start:at])
                body = (name, line - above)
            depth += 1
        elif character == "}":
            depth -= 1
            if depth < 0:
                raise Unbalanced(f"line {line}: more braces close than open")
            if depth == 0:
                if body:
                    yield (*body, line)
                body, header_start = None, at + 1
        elif character == ";" and depth == 0:
            header_start = at + 1
    if depth:
        raise Unbalanced("more braces open than close")
