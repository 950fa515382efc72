# SPDX-License-Identifier: GPL-2.0-or-later
"""Many handshakes, and another device in the running window, as a person chooses it: nothing of the one before is left.

The packet list is compared, row by row, with what tshark says of the same capture with that device from the start.
The expert dialog stays open meanwhile, where there are not too many handshakes for it.
"""
import subprocess
import sys
import time

from desktop import Failure, wait
from wireshark import ERROR, GUILTY, ROOT, Wireshark, seen

TEMPLATE = ROOT / "test_captures" / "inventek-stall-sha384-intermediate" / "capture.pcapng"
CANNOT = ("inventek-ism43362", "inventek")   # id, and how its name begins
CAN = ("openssl-3.5.0", "openssl 3.5")
EXPERTS = "Wireshark · Expert Information"
CAUSE = "cert_signature_algorithm"
FIELDS = {"No.": "frame.number", "Device": "tlsfit.device", "Fit": "tlsfit.status", "Outcome": "tlsfit.outcome",
          "Cause": "tlsfit.cause", "Certificate": "tlsfit.cause.cert_index"}
PATIENCE_S = 1800  # of 40,000 handshakes on a busy machine
SHOWN = "tlsfit"   # the display filter
FEW = 2000         # handshakes; Wireshark's expert dialog takes a time that grows with the square of the lines in it


def make(setting):
    capture = setting.folder / "many.pcap"
    subprocess.run([sys.executable, "-B", str(ROOT / "bench" / "make_handshakes.py"), str(TEMPLATE), str(capture),
                    "--count", str(setting.count)], check=True, stdout=subprocess.DEVNULL)
    return capture


def from_the_start(setting, capture, device):
    """What a tshark that never knew another device says, a tuple a packet."""
    names = [word for name in FIELDS.values() for word in ("-e", name)]
    done = subprocess.run([str(ROOT / "scripts" / "tshark-with-plugin"), str(setting.build), "-2", "-r", str(capture),
                           "-o", f"tlsfit.device:{device}", "-Y", SHOWN, "-T", "fields", *names],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    rows = [tuple(line.split("\t")) for line in done.stdout.splitlines()]
    if done.returncode != 0 or not rows:
        raise Failure(f"tshark: {done.stderr}")
    return rows


def compare(wireshark, device, wanted):
    """The packets that are displayed; how many are there, and how many have a cause."""
    rows = [tuple(row[column] for column in FIELDS) for row in wireshark.packets(PATIENCE_S)]
    strange = [row for row in rows if row[1] != device]
    if strange:
        raise Failure(f"{len(strange)} packets do not name {device}: {strange[:3]}")
    if rows != wanted:
        different = [pair for pair in zip(rows, wanted) if pair[0] != pair[1]][:3]
        raise Failure(f"{device}: {len(rows)} packets, {len(wanted)} expected; the first that differ: {different}")
    return f"{len(rows)} packets of {device}, {sum(row[4] == CAUSE for row in rows)} with the cause"


def choose(wireshark, beginning):
    dialog = wireshark.preferences()
    wireshark.pick_device(dialog, beginning)
    begin = time.monotonic()
    wireshark.confirm(dialog)
    wireshark.idle(PATIENCE_S)
    return f"{time.monotonic() - begin:.0f} s until the window was idle again"


def open_experts(wireshark):
    experts = wireshark.opened(EXPERTS, 100, 430, 1200, 420, "alt+a", "Up", "Return")
    wireshark.idle(PATIENCE_S)
    seen(experts, ERROR, 1, "an Error in the expert dialog")
    return experts


def steps(setting):
    capture = make(setting)
    wanted = {device: from_the_start(setting, capture, device) for device, _ in (CANNOT, CAN)}
    blamed = sum(row[4] == CAUSE for row in wanted[CANNOT[0]])
    if blamed != 2 * setting.count or any(row[4] for row in wanted[CAN[0]]):
        raise Failure(f"{blamed} packets with the cause in {setting.count} handshakes: this capture shows nothing")
    yield f"{setting.count} handshakes, each with the cause on two packets; the other device has none"
    wireshark = Wireshark(setting.desktop, setting.build, setting.folder, "-Y", SHOWN, capture=capture,
                          device=CANNOT[0])
    wireshark.idle(PATIENCE_S)
    seen(wireshark.main, GUILTY, 1, "a packet in the colour of what the device cannot handle")
    yield compare(wireshark, CANNOT[0], wanted[CANNOT[0]])
    setting.show(wireshark.main, "switch-before.png")
    experts = open_experts(wireshark) if setting.count <= FEW else None
    for device, beginning, red in ((*CAN, False), (*CANNOT, True), (*CAN, False)):
        yield choose(wireshark, beginning)
        wait(f"red packets with {device}: {red}", lambda red=red: (wireshark.main.rows(GUILTY) > 0) == red)
        if experts:
            experts.activate()
            wait(f"Errors in the expert dialog with {device}: {red}", lambda red=red: (experts.rows(ERROR) > 0) == red)
        setting.show(setting.desktop.root(), f"switch-{device}.png")
        yield compare(wireshark, device, wanted[device])
    if experts:
        wireshark.closed(experts, EXPERTS)
    wireshark.end()
