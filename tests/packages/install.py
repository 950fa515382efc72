#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Installing and taking back, for the system and for one user, and laying tlsfit into Wireshark's sources.

In: the build directory, what to try. Out: exit status 0 or 1 and what is wrong. Nothing is written outside of a
temporary folder, but for CMake's own manifest in the build directory, which taking back removes.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILES_OF_PROFILE = {"preferences", "colorfilters", "dfilter_buttons", "recent"}
FAKE_WIRESHARK = """
cmake_minimum_required(VERSION 3.20)
project(Wireshark LANGUAGES C)
find_package(Wireshark CONFIG REQUIRED)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake/modules)
include(${CMAKE_SOURCE_DIR}/CMakeListsCustom.txt)
foreach(folder ${CUSTOM_PLUGIN_SRC_DIR})
  add_subdirectory(${folder})
endforeach()
"""
FAKE_MACROS = """
macro(SET_MODULE_INFO plugin)
endmacro()
macro(ADD_WIRESHARK_PLUGIN_LIBRARY plugin folder)
  add_library(${plugin} MODULE ${PLUGIN_FILES})
endmacro()
macro(INSTALL_PLUGIN plugin folder)
endmacro()
"""


def run(*command, **environment):
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False, env={**os.environ, **environment}, timeout=240)
    if done.returncode != 0:
        raise SystemExit(f"status {done.returncode} of {' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def files_below(folder):
    return sorted(path for path in folder.rglob("*") if not path.is_dir())


def complain_about_files(files):
    """What must be there whatever the folders are."""
    names = {path.name for path in files}
    if not {"tlsfit", "tlsfit.so"} <= names:
        yield f"installed without tlsfit or tlsfit.so: {files}"
    profile = {path.name for path in files if path.parts[-3:-1] == ("profiles", "TLS device")}
    if profile != FILES_OF_PROFILE:
        yield f"the configuration profile has {profile}"


def try_system(build, work):
    """The two components into another root, and back. Twice, because the second finds the first's manifest."""
    for _ in range(2):
        for component in ("command", "wireshark"):
            run("cmake", "--install", build, "--component", component, DESTDIR=str(work))
        yield from complain_about_files(files_below(work))
        stranger = next(work.rglob("TLS device")) / "recent_of_somebody"
        stranger.touch()
        run("cmake", "--build", build, "--target", "uninstall", DESTDIR=str(work))
        if files_below(work) != [stranger]:
            yield f"left behind: {files_below(work)}"
        stranger.unlink()


def try_user(build, work):
    """A home directory from an empty build directory; what is built is of no interest, where it goes is."""
    said = run("cmake", "-S", ROOT, "-B", work / "build", "-DTLSFIT_INSTALL=user", "-DTLSFIT_LAB=OFF",
               "-DBUILD_TESTING=OFF", HOME=str(work / "home"), XDG_CONFIG_HOME="")
    if f"the plugin goes to {work}/home/.local/lib/wireshark/plugins/" not in said:
        yield f"the plugin does not go to the user's folder: {said}"
    script = (work / "build/cmake_install.cmake").read_text(encoding="utf-8")
    prefix = re.search(r'set\(CMAKE_INSTALL_PREFIX "([^"]*)"\)', script).group(1)
    folders = {found.replace("${CMAKE_INSTALL_PREFIX}", prefix)
               for path in (work / "build").rglob("cmake_install.cmake")
               for found in re.findall(r'DESTINATION "([^"]*)"', path.read_text(encoding="utf-8"))}
    home = str(work / "home")
    for folder in sorted(folders):
        if not folder.startswith((home + "/.local/", home + "/.config/wireshark/")):
            yield f"{folder} is no place of a user's"
    if not {home + "/.local/bin", home + "/.config/wireshark/profiles"} <= folders:
        yield f"the command or the configuration profile goes elsewhere: {sorted(folders)}"


def try_wireshark_tree(_, work):
    """A stand-in for Wireshark's sources: every source file of ours must be in the plan of the build."""
    for name, text in {"CMakeLists.txt": FAKE_WIRESHARK, "cmake/modules/WiresharkPlugin.cmake": FAKE_MACROS,
                       "epan/proto.h": "", "resources/share/wireshark/profiles/Other/preferences": ""}.items():
        path = work / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for _ in range(2):
        run(ROOT / "scripts" / "into-wireshark-tree", work / "tree")
    run("cmake", "-S", work / "tree", "-B", work / "build", "-G", "Ninja", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON")
    plan = {entry["file"] for entry in json.loads((work / "build/compile_commands.json").read_text(encoding="utf-8"))}
    for path in [*ROOT.glob("src/*.c"), *ROOT.glob("src/rules/*.c"), *ROOT.glob("plugin/*.c")]:
        if str(work / "tree/plugins/epan/tlsfit" / path.relative_to(ROOT)) not in plan:
            yield f"{path.relative_to(ROOT)} is not built inside of Wireshark's tree"
    profile = work / "tree/resources/share/wireshark/profiles/TLS device"
    if {path.name for path in profile.glob("*")} != FILES_OF_PROFILE:
        yield f"the configuration profile is not in {profile}"


TRIES = {"system": try_system, "user": try_user, "wireshark-tree": try_wireshark_tree}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("what", choices=sorted(TRIES))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        complaints = list(TRIES[arguments.what](arguments.build.resolve(), pathlib.Path(work).resolve()))
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
