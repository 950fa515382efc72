# SPDX-License-Identifier: GPL-2.0-or-later
"""The first seed capture in the window: packet list, dialogs, and the ways to choose a device."""
from desktop import wait
from wireshark import ERROR, GUILTY, NOTE, ROOT, Wireshark, seen

CAPTURE = ROOT / "test_captures" / "inventek-stall-sha384-intermediate" / "capture.pcapng"
FIRST_LINE = (300, 41)  # in an expert dialog
SEARCH = (700, 366)  # the field to search in, in an expert dialog of 1200 x 420
ASSIGNMENTS = "TLS Fit devices"
NEW_ROW = (22, 350)  # in a table of 700 x 400
ASSIGNED = "bearssl-0.6"


def packet_list(setting, wireshark):
    seen(wireshark.main, GUILTY, 1, "a packet in the colour of what the device cannot handle")
    seen(wireshark.main, ERROR, 1, "the protocol that holds the guilty certificate, in red")
    setting.show(wireshark.main, "packets.png")


def expert_dialog(setting, wireshark):
    """The Error about the certificate leads to it: the path to it is red."""
    before = wireshark.main.rows(ERROR)
    dialog = wireshark.opened("Wireshark · Expert Information", 60, 60, 1200, 420, "alt+a", "Up", "Return")
    seen(dialog, ERROR, 1, "an Error in the expert dialog")
    setting.show(dialog, "expert.png")
    dialog.click(*SEARCH)
    dialog.text("Server Hello")  # in the Info column of the packet with the certificates
    # The Error is the first line then, red, or blue where it was selected before.
    wait("the Notes to go with the search", lambda: dialog.rows(NOTE) == 0)
    dialog.click(*FIRST_LINE)
    dialog.keys("Right", "Down")
    wireshark.closed(dialog, "Wireshark · Expert Information")
    after = seen(wireshark.main, ERROR, before + 4, "the path to the certificate, in red")
    print(f"{before} red lines before, {after} with the path to the certificate")
    setting.show(wireshark.main, "certificate.png")


def statistics(setting, wireshark):
    dialog = wireshark.opened("Wireshark · TLS Fit", 60, 60, 900, 420, "alt+s", "Up", "Return")
    setting.show(dialog, "statistics.png")
    wireshark.closed(dialog, "Wireshark · TLS Fit")


def judged(wireshark, device):
    """The packet list names that device, at once and alone."""
    wait(f"the packet list to name {device} alone",
         lambda: {row["Device"] for row in wireshark.packets()} - {""} == {device})


def by_id(setting, wireshark):
    """Another device, which can do all that: nothing may stay red."""
    dialog = wireshark.preferences()
    setting.show(dialog, "preferences.png")
    wireshark.write_device(dialog, "openssl-3.5.0")
    wireshark.confirm(dialog)
    wait("the red to go with the device", lambda: not [colour for colour in (GUILTY, ERROR)
                                                       if wireshark.main.rows(colour) != 0])
    judged(wireshark, "openssl-3.5.0")


def by_name(_, wireshark):
    dialog = wireshark.preferences()
    wireshark.pick_device(dialog, "inventek")
    wireshark.confirm(dialog)
    seen(wireshark.main, GUILTY, 1, "a red packet after the device was picked by its name")
    judged(wireshark, "inventek-ism43362")


def by_assignment(setting, wireshark):
    """A row for the device's address, while the device is chosen automatically: it counts with the last OK."""
    dialog = wireshark.preferences()
    wireshark.write_device(dialog, "auto")
    dialog.keys("Tab", "Tab", "space")
    table = wireshark.desktop.window(ASSIGNMENTS)
    table.place(200, 150, 700, 400)
    table.activate()
    table.click(*NEW_ROW)
    table.text("192.0.2.10")
    table.keys("Tab", "Tab", "Tab", "Tab")
    table.text(ASSIGNED)
    table.keys("Return")
    setting.show(table, "assignments.png")
    table.keys("Return")
    wireshark.gone(ASSIGNMENTS)
    wireshark.confirm(dialog)
    judged(wireshark, ASSIGNED)


def steps(setting):
    wireshark = Wireshark(setting.desktop, setting.build, setting.folder, "-g", "6", capture=CAPTURE,
                          device="inventek-ism43362")
    for step in (packet_list, expert_dialog, statistics, by_id, by_name, by_assignment):
        yield step.__name__
        step(setting, wireshark)
    yield "end"
    wireshark.end()
