# SPDX-License-Identifier: GPL-2.0-or-later
"""The network of a recording: the device here, the server in a namespace of
its own, and as many routers between the two as a case wants.

In: addresses, MAC addresses, a number of routers, the rule of a filter. Out:
processes that hold the namespaces; with them the network vanishes. Runs
inside the namespaces of a case. Knows no TLS.
"""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
import time

DEVICE, SERVER = "192.0.2.10", "192.0.2.20"
DEVICE_MAC, SERVER_MAC = "02:00:00:00:00:10", "02:00:00:00:00:20"
LIFETIME_S, START_TIMEOUT_S = 60, 10
SIOCETHTOOL = 0x8946
# Off: checksums and segments as a real wire would carry them.
OFFLOADS = {"tx checksum": 0x17, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}


class Failure(Exception):
    """A case that did not run as it must; the text says why."""


def wait_for(condition, what):
    end = time.monotonic() + START_TIMEOUT_S
    while not condition():
        if time.monotonic() > end:
            raise Failure(f"waited {START_TIMEOUT_S} s for {what}")
        time.sleep(0.02)


def run(*command):
    subprocess.run(command, check=True, timeout=20, stdout=subprocess.DEVNULL)


def inside(holder):
    """What a command begins with to run where holder is; nothing: here."""
    return ["nsenter", "-t", str(holder.pid), "-n"] if holder else []


def offloads_off(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in OFFLOADS.values():
            value = bytearray(struct.pack("<II", command, 0))
            array = (ctypes.c_char * len(value)).from_buffer(value)
            request = struct.pack("16sP", interface.encode(),
                                  ctypes.addressof(array))
            fcntl.ioctl(s, SIOCETHTOOL, request.ljust(40, b"\0"))


def end_up(interface, mac, own, other_mac, other):
    """One end of a link, as the namespace sees it that this runs in: packets
    to other go there. own is the address here; a router has none ("-")."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "set", interface, "address", mac, "addrgenmode", "none")
    run("ip", "link", "set", interface, "up")
    if own != "-":
        run("ip", "addr", "add", f"{own}/32", "dev", interface)
    run("ip", "route", "add", f"{other}/32", "dev", interface)
    run("ip", "neigh", "add", other, "lladdr", other_mac, "nud", "permanent",
        "dev", interface)
    offloads_off(interface)


def new_namespace():
    """The process that holds it."""
    holder = subprocess.Popen(["unshare", "-n", "sleep", str(LIFETIME_S)])
    mine = os.stat("/proc/self/ns/net").st_ino
    wait_for(lambda: os.stat(f"/proc/{holder.pid}/ns/net").st_ino != mine,
             "another network namespace")
    return holder


def forward(holder):
    run(*inside(holder), "sh", "-c",
        "echo 1 > /proc/sys/net/ipv4/ip_forward")


def link(left, right, number, last):
    """A cable between two namespaces (None: the device's, where this runs)."""
    router_mac = [f"02:00:00:00:01:{number:02x}", f"02:00:00:00:02:{number:02x}"]
    macs = [DEVICE_MAC if left is None else router_mac[0],
            SERVER_MAC if last else router_mac[1]]
    names = ["device0" if left is None else "right", "server0" if last else "left"]
    run("ip", "link", "add", "name", "cable0", "type", "veth", "peer", "name",
        "cable1")
    for end, holder in enumerate((left, right)):
        if holder:
            run("ip", "link", "set", f"cable{end}", "netns", str(holder.pid))
        run(*inside(holder), "ip", "link", "set", f"cable{end}", "name",
            names[end])
    own = [DEVICE if left is None else "-", SERVER if last else "-"]
    for end, (holder, other) in enumerate(((left, SERVER), (right, DEVICE))):
        run(*inside(holder), sys.executable, __file__, names[end], macs[end],
            own[end], macs[1 - end], other)


def network_up(holders, routers=0, filter_rule=""):
    """Appends to holders; the last one is the server's. The rule of nftables
    is the first router's, next to the device."""
    for number in range(routers + 1):
        left = holders[-1] if holders else None
        holders.append(new_namespace())
        link(left, holders[-1], number, number == routers)
        if number < routers:
            forward(holders[-1])
    if filter_rule:
        rules = ("table ip middlebox { chain forward { type filter hook forward "
                 f"priority 0; {filter_rule}; }}; }}")
        run(*inside(holders[0]), "nft", rules)
    return holders[-1]


if __name__ == "__main__":
    end_up(*sys.argv[1:])
