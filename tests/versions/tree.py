# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a Debian tree of a suite and runs commands in it.

In: a cache directory and a suite. Out: a tree with a compiler and Wireshark's headers in it, and the
exit status of what ran inside. Needs root. Mounts live in a private mount namespace and processes
in a private process namespace, so both vanish with the command, even when it is killed.
"""

import os
import pathlib
import shutil
import subprocess

import mirror

USER = "builder"
USER_ID = "1000"
PACKAGES = ["cmake", "ninja-build", "gcc", "libc6-dev", "pkg-config", "libglib2.0-dev",
            "libgnutls28-dev", "libjson-glib-dev", "wireshark-dev", "libwireshark-dev", "tshark",
            "python3", "openssl"]
NEEDED_BYTES = 3 * 1024 ** 3
MAKE_TIMEOUT_S = 1200
RUN_TIMEOUT_S = 1200
CACHE_MARK = "tlsfit-tree-cache"
SCRIPTS = pathlib.Path("/usr/share/debootstrap/scripts")

PRIVATE = ["unshare", "--mount", "--pid", "--fork", "--kill-child=KILL", "--propagation", "private"]

INSTALL = f"""
set -eu
printf '#!/bin/sh\\nexit 101\\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
# A mirror that stands still is as good for a test; the signature is checked all the same.
apt-get -q -o Acquire::Check-Valid-Until=false update
apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends {' '.join(PACKAGES)}
apt-get clean
id {USER} >/dev/null 2>&1 || useradd --create-home --uid {USER_ID} --shell /bin/sh {USER}
"""


class Failure(Exception):
    """It should have worked here and did not."""


def check_this_machine():
    """Ends with CannotRunHere where no tree can be made."""
    if os.geteuid() != 0:
        raise mirror.CannotRunHere("only root can make a Debian tree with debootstrap")
    for program in ("debootstrap", "unshare", "chroot", "mount"):
        if shutil.which(program) is None:
            raise mirror.CannotRunHere(f"{program} is not installed")
    probe = subprocess.run([*PRIVATE, "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                           capture_output=True, text=True)
    if probe.returncode != 0:
        raise mirror.CannotRunHere(f"mounting is forbidden here: {probe.stderr.strip()}")


def prepare_cache(cache):
    cache.mkdir(parents=True, exist_ok=True)
    # The marks keep the trees away from whoever walks through the source directory.
    (cache / CACHE_MARK).touch()
    free = shutil.disk_usage(cache).free
    if free < NEEDED_BYTES and not any(cache.glob("*/" + CACHE_MARK)):
        raise mirror.CannotRunHere(f"{cache} has {free // 2 ** 20} MB left, a tree needs "
                                   f"{NEEDED_BYTES // 2 ** 20} MB; TLSFIT_TREE_CACHE names another place")


def is_tree_cache(path):
    return (path / CACHE_MARK).exists()


def run_logged(command, log, environment):
    with open(log, "ab") as output:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output,
                                stderr=subprocess.STDOUT, env=environment, check=False,
                                timeout=MAKE_TIMEOUT_S).returncode
    return status


def fail_or_skip(what, suite, log):
    """A mirror that went away in the middle is a skip like one that was never there."""
    mirror.find(suite)
    last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
    raise Failure(f"{what} failed, see {log}; its end:\n{last}")


def base_script(suite):
    """Suites younger than this debootstrap have no script of their own; all since 2016 share sid's."""
    own = SCRIPTS / suite
    return own if own.exists() else SCRIPTS / "sid"


def finished_mark(root):
    return root / CACHE_MARK


def make(cache, suite):
    """The tree of the suite: the kept one where it is complete and has the same packages."""
    root = cache / suite
    recipe = " ".join(PACKAGES)
    if finished_mark(root).exists() and finished_mark(root).read_text(encoding="ascii") == recipe:
        print(f"using the tree of {suite} in {root}")
        return root
    address = mirror.find(suite)
    script = base_script(suite)
    if not script.exists():
        raise mirror.CannotRunHere(f"this debootstrap has a script neither for {suite} nor for sid")
    if root.exists():
        shutil.rmtree(root)
    print(f"making a tree of {suite} in {root}")
    log = cache / f"{suite}.log"
    log.write_text("", encoding="ascii")
    environment = mirror.environment()
    command = [*PRIVATE, "debootstrap", "--variant=minbase", "--include=ca-certificates,passwd",
               suite, str(root), address, str(script)]
    if run_logged(command, log, environment) != 0:
        fail_or_skip(f"debootstrap of {suite}", suite, log)
    (root / "etc/apt/apt.conf.d/00machine").write_text("\n".join(mirror.apt_options()) + "\n",
                                                       encoding="utf-8")
    if run_logged(command_inside(root, INSTALL, user="root"), log, environment) != 0:
        fail_or_skip(f"installing packages in {suite}", suite, log)
    finished_mark(root).write_text(recipe, encoding="ascii")
    return root


def command_inside(root, script, user):
    home = "/root" if user == "root" else f"/home/{user}"
    identity = [] if user == "root" else [f"--userspec={USER_ID}:{USER_ID}", "--groups="]
    enter = ('mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && '
             'mount -t tmpfs -o mode=1777 tmp "$1/tmp" && root=$1 && shift && '
             'exec chroot "$@" "$root" /usr/bin/env -i PATH="$TREE_PATH" HOME="$TREE_HOME" '
             'LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive /bin/sh -c "$TREE_SCRIPT"')
    variables = ["env", f"TREE_HOME={home}", f"TREE_SCRIPT={script}",
                 "TREE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    return [*PRIVATE, *variables, "sh", "-c", enter, "sh", str(root), *identity]


def run_inside(root, script, user):
    """Runs a shell script in the tree as that user; its output goes where ours goes."""
    return subprocess.run(command_inside(root, script, user), stdin=subprocess.DEVNULL, check=False,
                          timeout=RUN_TIMEOUT_S).returncode
