# SPDX-License-Identifier: GPL-2.0-or-later
"""The checks of layering, licence lines, includes, versions, paths and open ends.

Each check is a function from the root of a source tree to (number of things checked, violations),
a violation being one line "file:line: what is wrong". The lists of exceptions are here, each with
its reason. How a check is run, and how it proves that it can fail, is in lint.py and selftest.py.
"""

import pathlib
import re
import shutil
import subprocess

import sources

WIRESHARK_HEADERS = re.compile(r"(epan|wsutil|wiretap|wireshark|ui)/|wireshark\.h$|ws_\w+\.h$|config\.h$")
COMPAT = pathlib.Path("plugin/ws_compat.h")
# A program that reads captures itself meets more of the differences than a plugin does.
COMPAT_CAPTURE = pathlib.Path("capture/ws_compat_capture.h")
GNUTLS_FILES = {"src/certificate.c"}
KEY_FILE_FILES = re.compile(r"src/device\w*\.[ch]$")
# The manual of the core with its chapters, and those of its reports, of learning, of text and of JSON, subjects of their
# own.
PUBLIC_HEADERS = {"tlsfit.h", "tlsfit_names.h", "tlsfit_certificate.h", "tlsfit_device.h", "tlsfit_session.h",
                  "tlsfit_judge.h", "tlsfit_json.h", "tlsfit_learn.h", "tlsfit_report.h", "tlsfit_text.h"}

# Written by glib-compile-resources: the profiles inside the plugin, and the style of the reports.
GENERATED_INCLUDES = {"profiles_resource.h", "report_resource.h"}

# file -> the folder names that it may spell, and why
ALLOWED_PATHS = {
    "tests/versions/tree.py": ("home", "root"),  # homes inside the Debian tree, not on this machine
}


def layering_of_core(path, text, root):
    own = {file.name for file in pathlib.Path(root, "src").glob("*.h")}
    for line, _, name in sources.includes(text):
        if WIRESHARK_HEADERS.match(name):
            yield line, f"the core includes {name}, a header of Wireshark"
        if name.startswith("gnutls/") and path.as_posix() not in GNUTLS_FILES:
            yield line, f"{name} outside of {', '.join(sorted(GNUTLS_FILES))}"
        if "plugin/" in name:
            yield line, f"the core includes {name} of the plugin"
        if path.parts[:2] == ("src", "cli") and name in own - PUBLIC_HEADERS:
            yield line, f"the command includes {name}; it may use {' and '.join(sorted(PUBLIC_HEADERS))} only"
    if not KEY_FILE_FILES.match(path.as_posix()):
        for number, code in enumerate(sources.code_of(text).splitlines(), 1):
            if re.search(r"\b(g_key_file_\w+|GKeyFile)\b", code):
                yield number, "GKeyFile outside of src/device*.c"


def layering_of_plugin(path, text, root):
    own = {file.name for file in pathlib.Path(root, "plugin").glob("*.h")}
    core = {file.name for file in pathlib.Path(root, "src").glob("*.h")} - own
    for line, _, name in sources.includes(text):
        if name.startswith("gnutls/"):
            yield line, f"the plugin includes {name}; certificates are read by the core"
        if path != COMPAT and name not in own and WIRESHARK_HEADERS.match(name):
            yield line, f"{name} is included outside of {COMPAT}"
        if pathlib.PurePosixPath(name).name in core - PUBLIC_HEADERS:
            yield line, f"the plugin includes {name}; it may use {' and '.join(sorted(PUBLIC_HEADERS))} only"


def layering_of_capture(path, text, root):
    own = {file.name for folder in ("capture", "plugin") for file in pathlib.Path(root, folder).glob("*.h")}
    core = {file.name for file in pathlib.Path(root, "src").glob("*.h")} - own
    for line, _, name in sources.includes(text):
        if name.startswith("gnutls/"):
            yield line, f"the capture program includes {name}; certificates are read by the core"
        if path != COMPAT_CAPTURE and name not in own and WIRESHARK_HEADERS.match(name):
            yield line, f"{name} is included outside of {COMPAT} and {COMPAT_CAPTURE}"
        if pathlib.PurePosixPath(name).name in core - PUBLIC_HEADERS:
            yield line, f"the capture program includes {name}, which is private to the core"


LAYERS = {"src": layering_of_core, "plugin": layering_of_plugin, "capture": layering_of_capture}


def layering(root):
    """capture -> plugin -> src/tlsfit.h <- src/cli <- capture, and nothing of Wireshark in the core."""
    counted, violations = 0, []
    for path in sources.c_files(root, *LAYERS):
        check = LAYERS[path.parts[0]]
        counted += 1
        violations += [f"{path}:{line}: {what}"
                       for line, what in check(path, sources.read(root, path), root)]
    return counted, violations


def spdx(root):
    """Every source file opens with its licence."""
    counted, violations = 0, []
    for path in sources.texts(root):
        if not (path.suffix in sources.C_SUFFIXES | {".py", ".sh", ".cmake"}
                or path.name == "CMakeLists.txt" or sources.is_script(pathlib.Path(root, path))):
            continue
        counted += 1
        lines = sources.read(root, path).splitlines()
        first = lines[1:2] if lines and lines[0].startswith("#!") else lines[:1]
        wanted = "SPDX-License-Identifier: GPL-2.0-or-later"
        if first not in ([f"/* {wanted} */"], [f"# {wanted}"]):
            violations.append(f"{path}:1: the first line (after #!) is not the SPDX line")
    return counted, violations


def version_macros(root):
    """What differs between Wireshark versions is in one file."""
    macro = re.compile(r"\b(WIRESHARK_VERSION\w*|VERSION_(MAJOR|MINOR|MICRO)|WS_VERSION\w*)\b")
    counted, violations = 0, []
    for path in sources.c_files(root, *LAYERS):
        counted += 1
        if path in (COMPAT, COMPAT_CAPTURE):
            continue
        for number, line in enumerate(sources.code_of(sources.read(root, path)).splitlines(), 1):
            found = macro.search(line)
            if found:
                violations.append(f"{path}:{number}: {found.group(1)} outside of {COMPAT} and {COMPAT_CAPTURE}")
    return counted, violations


def generated_includes(root):
    """A quoted include names a file of the source tree."""
    names = {path.name for path in sources.c_files(root)}
    counted, violations = 0, []
    for path in sources.c_files(root):
        counted += 1
        for line, kind, name in sources.includes(sources.read(root, path)):
            base = pathlib.PurePosixPath(name).name
            if kind == '"' and base not in names and base not in GENERATED_INCLUDES:
                violations.append(f"{path}:{line}: \"{name}\" is not in the source tree")
    return counted, violations


def open_ends(root):
    """Whatever is left to do has an issue."""
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
    counted, violations = 0, []
    for path in sources.texts(root):
        counted += 1
        for number, line in enumerate(sources.read(root, path).splitlines(), 1):
            found = mark.search(line)
            if found and not re.search(r"#\d+|\bissue \d+", line):
                violations.append(f"{path}:{number}: {found.group(1)} without the number of an issue")
    return counted, violations


def machine_paths(root):
    """No text names a folder of the machine on which it was written."""
    folder = re.compile(r"(?<![\w.$})\-/])/(wo" r"rk|tm" r"p|ro" r"ot|ho" r"me)(?=/|\b(?!\w))")
    counted, violations = 0, []
    for path in sources.texts(root):
        counted += 1
        allowed = ALLOWED_PATHS.get(path.as_posix(), ())
        for number, line in enumerate(sources.read(root, path).splitlines(), 1):
            for found in folder.finditer(line):
                if found.group(1) not in allowed:
                    violations.append(f"{path}:{number}: a path of one machine: {found.group(0)}")
    return counted, violations


def shell(root):
    """Every shell script parses, and shellcheck has nothing to say."""
    scripts = [path for path in sources.texts(root)
               if sources.read(root, path).startswith(("#!/usr/bin/env bash", "#!/bin/sh", "#!/bin/bash"))]
    violations = []
    for path in scripts:
        command = ["shellcheck", "--format=gcc", str(path)]
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        violations += result.stdout.splitlines() + result.stderr.splitlines()
    return len(scripts), violations


def shell_missing():
    """The reason why shell scripts cannot be checked here, or None."""
    return None if shutil.which("shellcheck") else "shellcheck is not installed"
