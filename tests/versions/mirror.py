# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds the Debian mirror of this machine.

In: the apt sources and the apt configuration. Out: the mirror's address, apt options to hand on, and
the answer whether the mirror has a suite right now. Nothing is downloaded but a Release file.
"""

import os
import pathlib
import re
import subprocess
import urllib.error
import urllib.request

PROBE_TIMEOUT_S = 20


class CannotRunHere(Exception):
    """The reason why this machine cannot do it: a skip, not a failure."""


def addresses_of_list(text):
    """One-line format: deb [options] ADDRESS SUITE COMPONENT..."""
    for line in text.splitlines():
        found = re.match(r"\s*deb\s+(?:\[[^]]*\]\s*)?(\S+)\s+(\S+)", line)
        if found:
            yield found.group(1), [found.group(2)]


def addresses_of_sources(text):
    """deb822 format: stanzas with Types, URIs, Suites; disabled stanzas do not count."""
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        joined = re.sub(r"\n[ \t]+", " ", "\n".join(lines))
        fields = {key.strip().lower(): value.split()
                  for key, _, value in (line.partition(":") for line in joined.splitlines())}
        if "deb" not in fields.get("types", []) or fields.get("enabled") == ["no"]:
            continue
        for address in fields.get("uris", []):
            yield address, fields.get("suites", [])


def expand(address):
    """mirror+file:/etc/apt/mirrors/x.list stands for the addresses in that file."""
    found = re.match(r"mirror\+file:(?://)?(/.*)$", address)
    if not found:
        return [address]
    try:
        lines = pathlib.Path(found.group(1)).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]


def candidates(apt_directory):
    """Addresses of archives in the order of the apt sources. Security, backports and other
    archives are told apart later: they have no suite of the wanted name."""
    folder = pathlib.Path(apt_directory)
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*.list"))]
    found = []
    for path in files:
        if path.is_file():
            found += addresses_of_list(path.read_text(encoding="utf-8", errors="replace"))
    for path in sorted((folder / "sources.list.d").glob("*.sources")):
        found += addresses_of_sources(path.read_text(encoding="utf-8", errors="replace"))
    result = []
    for address, suites in found:
        if any("security" in suite for suite in suites):
            continue
        for plain in expand(address):
            plain = plain.rstrip("/")
            if plain.startswith(("http://", "https://")) and plain not in result:
                result.append(plain)
    return result


def apt_options():
    """How this machine's apt reaches its mirror: proxies, certificates, checks of dates."""
    try:
        dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    wanted = re.compile(r"Acquire::(https?::|Retries|Check-Valid-Until|Check-Date)", re.I)
    return [line for line in dump.stdout.splitlines()
            if wanted.match(line) and not line.endswith(' "";')]


def environment():
    """The environment for programs that do not read apt's configuration."""
    result = dict(os.environ, DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8")
    for line in apt_options():
        found = re.match(r'Acquire::(https?)::Proxy "(http[^"]*)";', line, re.I)
        if found:
            result.setdefault(found.group(1).lower() + "_proxy", found.group(2))
    return result


def release_of(address, suite):
    """The first bytes of the suite's Release file, or the reason why there are none."""
    proxies = {scheme[:-len("_proxy")]: value for scheme, value in environment().items()
               if scheme in ("http_proxy", "https_proxy")}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
    url = f"{address}/dists/{suite}/Release"
    try:
        with opener.open(url, timeout=PROBE_TIMEOUT_S) as answer:
            return answer.read(4096).decode("utf-8", "replace"), None
    except (urllib.error.URLError, OSError, ValueError) as error:
        return None, str(error)


def find(suite, apt_directory="/etc/apt"):
    """The first address of the apt sources that has the suite of Debian itself."""
    addresses = candidates(apt_directory)
    if not addresses:
        raise CannotRunHere("the apt sources name no mirror that is reached by http or https")
    reasons = []
    for address in addresses:
        text, reason = release_of(address, suite)
        if text is not None and "\nOrigin: Debian\n" in "\n" + text:
            return address
        reasons.append(f"{address}: {reason or 'not an archive of Debian itself'}")
    raise CannotRunHere(f"no mirror of the apt sources gives suite {suite} ({'; '.join(reasons)})")
