#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Takes the pictures of doc/reports.md again.

In: the build directory, with the drivers built. Out: doc/images/report-*.png, made with headless Chromium and ImageMagick.
Run it after a change of the reports' looks, and look at the pictures before they are committed.
"""

import argparse
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--hide-scrollbars"]
CERTIFICATES = ":".join(str(ROOT / "tests" / folder) for folder in
                        ("report/certificates", "engine/certificates", "unit/certificates", "engine/chains"))
HANDSHAKES = ROOT / "tests/report/handshake"

# picture -> the page, width and height of the window, dark
PICTURES = {
    "report-wide": ("stall", 1280, 1250, False),
    "report-dark": ("reset", 1280, 1150, True),
    "report-narrow": ("stall", 400, 1500, False),
    "report-encrypted": ("tls13-hidden", 1280, 950, False),
    "report-many": ("all", 1280, 1350, False),
    "report-matrix": ("matrix", 1280, 520, False),
}


def page(build, name):
    folder = build / "tests/report"
    if name == "matrix":
        command = [folder / "report_matrix", ROOT / "tests/report/matrix/chains.ini", "html"]
    else:
        cases = sorted(case for case in HANDSHAKES.glob("*.ini")
                       if case.stem == name or (name == "all" and case.stem != "hostile"))
        command = [folder / "report_handshake", CERTIFICATES, "html", *cases]
    return subprocess.run(command, capture_output=True, check=True).stdout


def take(build, picture, images):
    name, width, height, dark = PICTURES[picture]
    target = images / f"{picture}.png"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = pathlib.Path(folder, "page.html")
        file.write_bytes(page(build, name))
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        subprocess.run(["chromium", *FLAGS, *scheme, f"--user-data-dir={folder}/profile", f"--screenshot={target}",
                        f"--window-size={width},{height}", file.as_uri()], capture_output=True, timeout=120, check=True)
    subprocess.run(["convert", target, "-strip", "-colors", "64", f"PNG8:{target}"], check=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/default")
    arguments = parser.parse_args()
    images = ROOT / "doc/images"
    images.mkdir(exist_ok=True)
    for picture in PICTURES:
        take(arguments.build, picture, images)


if __name__ == "__main__":
    main()
