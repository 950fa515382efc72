# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a Debian tree of a suite and runs commands in it.

In: a cache directory and a suite. Out: two trees, one as a user has it (Debian's smallest system with tshark) and
one on top of it with a compiler and Wireshark's headers, and the exit status of what ran inside. Needs root. Mounts
live in a private mount namespace and processes in a private process namespace, so both vanish with the command, even
when it is killed.
"""

import os
import pathlib
import shutil
import subprocess

import mirror

USER = "builder"
USER_ID = "1000"
PACKAGES = ["cmake", "ninja-build", "gcc", "libc6-dev", "pkg-config", "libglib2.0-dev",
            "libgnutls28-dev", "libjson-glib-dev", "wireshark-dev", "libwireshark-dev", "libwiretap-dev",
            "libwsutil-dev", "tshark", "python3", "openssl", "dpkg-dev", "file"]
CLEAN_PACKAGES = ["tshark"]
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
apt-get -q -y -o Dpkg::Use-Pty=0 install --no-install-recommends @PACKAGES@
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


def packages_of(root):
    """What a finished tree was made with; nothing where it is not finished."""
    mark = finished_mark(root)
    return set(mark.read_text(encoding="ascii").split()) if mark.exists() else set()


def install_and_mark(root, suite, packages, log):
    script = INSTALL.replace("@PACKAGES@", " ".join(packages))
    if run_logged(command_inside(root, script, user="root"), log, mirror.environment()) != 0:
        fail_or_skip(f"installing packages in {suite}", suite, log)
    finished_mark(root).write_text(" ".join(packages), encoding="ascii")


def begin(root):
    """The log of a tree that is made from nothing."""
    print(f"making the tree {root}")
    if root.exists():
        shutil.rmtree(root)
    log = root.parent / f"{root.name}.log"
    log.write_text("", encoding="ascii")
    return log


def make_clean(cache, suite):
    """The tree of somebody who uses Wireshark and compiles nothing."""
    root = cache / f"{suite}-clean"
    if packages_of(root) == set(CLEAN_PACKAGES):
        print(f"using the tree {root}")
        return root
    address = mirror.find(suite)
    script = base_script(suite)
    if not script.exists():
        raise mirror.CannotRunHere(f"this debootstrap has a script neither for {suite} nor for sid")
    log = begin(root)
    command = [*PRIVATE, "debootstrap", "--variant=minbase", "--include=ca-certificates,passwd",
               suite, str(root), address, str(script)]
    if run_logged(command, log, mirror.environment()) != 0:
        fail_or_skip(f"debootstrap of {suite}", suite, log)
    (root / "etc/apt/apt.conf.d/00machine").write_text("\n".join(mirror.apt_options()) + "\n",
                                                       encoding="utf-8")
    install_and_mark(root, suite, CLEAN_PACKAGES, log)
    return root


def make(cache, suite):
    """The tree that can build: the kept one, with what its list of packages has gained since."""
    root = cache / suite
    there = packages_of(root)
    if there >= set(PACKAGES):
        print(f"using the tree {root}")
        return root
    log = cache / f"{suite}.log"
    if not there:
        clean = make_clean(cache, suite)
        log = begin(root)
        if run_logged(["cp", "-a", "--reflink=auto", str(clean), str(root)], log, mirror.environment()) != 0:
            fail_or_skip(f"copying {clean}", suite, log)
        finished_mark(root).unlink()
    install_and_mark(root, suite, PACKAGES, log)
    return root


def chroot_command(root, script, user):
    """To be run in namespaces of its own, because it mounts."""
    home = "/root" if user == "root" else f"/home/{user}"
    identity = [] if user == "root" else [f"--userspec={USER_ID}:{USER_ID}", "--groups="]
    enter = ('mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && '
             'mount -t tmpfs -o mode=1777 tmp "$1/tmp" && root=$1 && shift && '
             'exec chroot "$@" "$root" /usr/bin/env -i PATH="$TREE_PATH" HOME="$TREE_HOME" '
             'LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive /bin/sh -c "$TREE_SCRIPT"')
    variables = ["env", f"TREE_HOME={home}", f"TREE_SCRIPT={script}",
                 "TREE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
    return [*variables, "sh", "-c", enter, "sh", str(root), *identity]


def command_inside(root, script, user):
    return [*PRIVATE, *chroot_command(root, script, user)]


def run_inside(root, script, user):
    """Runs a shell script in the tree as that user; its output goes where ours goes."""
    return subprocess.run(command_inside(root, script, user), stdin=subprocess.DEVNULL, check=False,
                          timeout=RUN_TIMEOUT_S).returncode


def run_in_copy(root, payload, script):
    """Runs a script as root in a copy of the tree that vanishes with it; the folder payload is its /mnt.
    The copy is a layer in memory over the tree, and a real copy where the kernel refuses layers."""
    scratch = root.parent / f"{root.name}-copy"
    scratch.mkdir(exist_ok=True)
    mount = ('mount -t tmpfs none "$2" && mkdir "$2/upper" "$2/work" "$2/root" && '
             '{ mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root" 2>/dev/null || '
             'cp -a "$1/." "$2/root"; } && '
             'mount --bind "$3" "$2/root/mnt" && shift 3 && exec "$@"')
    command = [*PRIVATE, "sh", "-c", mount, "sh", str(root), str(scratch), str(payload),
               *chroot_command(scratch / "root", script, user="root")]
    return subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=RUN_TIMEOUT_S).returncode
