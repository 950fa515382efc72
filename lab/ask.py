# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks the plugin what it says of many recorded handshakes.

In: runs with their captures. Out: run.shown, the plugin's JSON of each. Runs of
the same device go through one tshark: their captures are put behind each other
under addresses of their own. Judges nothing.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import struct
import subprocess

import matrix
import pcapng
import truth

ROOT = pathlib.Path(__file__).resolve().parent.parent
GAP_US, BATCH = 60_000_000, 40
# What the device trusts is part of it: the client gets the same root.
ANCHORS = """
[anchors]
file = {file}
complete = yes
[source anchors.file]
confidence = observed
where = lab/ask.py
what = the roots that the clients are given
"""
NOTHING = {"outcome": "none", "findings": [], "text": "no handshake was found"}


class Failure(Exception):
    """The plugin could not be asked."""


def peer_text(server):
    """The server's own profile: what its options allow."""
    values = {"versions.supported": matrix.VERSIONS[server.version],
              **matrix.VARIANTS[server.variant].peer}
    leaf = matrix.CHAINS[server.chain].sent_certs()[0]
    values["certificate_keys.end_entity_types"] = truth.key_facts(leaf.key)[0]
    text = ("[device]\nid = lab-server\nname = The lab's server\nkind = service\n"
            "role = server\n")
    for name in sorted({key.split(".")[0] for key in values}):
        text += f"\n[{name}]\ncomplete = yes\n" + "".join(
            f"{key.split('.', 1)[1]} = {value}\n" for key, value in values.items()
            if key.startswith(name + "."))
    for key in values:
        text += (f"\n[source {key}]\nconfidence = observed\nwhere = lab/matrix.py\n"
                 "what = the options that the lab starts the server with\n")
    return text


def server_spoke(run):
    """Did a ServerHello come? Looked up in the bytes, not in the plugin."""
    offset = 13 if run.pair.server.version.startswith("d") else 5
    for _, _, frame in pcapng.read_pcapng(run.folder / "capture.pcapng"):
        ip = 14
        port = ip + (frame[ip] & 15) * 4
        data = frame[port + 8:] if frame[23] == 17 else frame[port + (frame[port + 12] >> 4) * 4:]
        if int.from_bytes(frame[port:port + 2], "big") == 8883 and len(
                data) > offset and data[0] == 22 and data[offset] == 2:
            return True
    return False


def _moved(packets, number, start_us):
    """The packets under addresses that no other capture has, from start_us on.

    The IP header's checksum no longer fits, which Wireshark does not look at.
    """
    client = struct.pack(">BHB", 10, number, 1)
    server = struct.pack(">BHB", 10, number, 2)
    offset = start_us - packets[0][0]
    for time, original, frame in packets:
        ports = 14 + (frame[14] & 15) * 4
        from_server = frame[ports:ports + 2] == struct.pack(">H", 8883)
        pair = server + client if from_server else client + server
        yield time + offset, original, frame[:26] + pair + frame[34:]


def _merge(runs, path):
    """[(first frame, last frame)] of each run in the capture at path."""
    merged, secrets, ranges, now = [], b"", [], 1_800_000_000_000_000
    for number, run in enumerate(runs):
        packets = pcapng.read_pcapng(run.folder / "capture.pcapng")
        now = now if not merged else merged[-1][0] + GAP_US
        if number == 0:
            now = packets[0][0]  # the time of the recording counts for validity
        first = len(merged) + 1
        merged += _moved(packets, number, now)
        ranges.append((first, len(merged)))
        secrets += run.result["secrets"].encode()
    pcapng.write_pcapng(path, merged, secrets)
    return ranges


def _command(lab, folder, device_id, peer, stall_ms):
    return [ROOT / "scripts" / "tshark-with-plugin", str(lab.build), "-r",
            str(folder / "capture.pcapng"), "-d", "tcp.port==8883,tls", "-d",
            "udp.port==8883,dtls", "-o", f"tlsfit.device:{device_id}", "-o",
            f"tlsfit.device_path:{folder}", *(["-o", "tlsfit.peer:lab-server"] if peer else []),
            "-o", f"tlsfit.stall_time:{stall_ms}", "-q", "-z", "tlsfit,json"]


def _frame(handshake):
    return handshake.get("outcome_frame") or next(
        (finding["frame"] for finding in handshake["findings"]), 0)


def _ask(lab, folder, runs, peer, stall_ms):
    folder.mkdir()
    device_id = runs[0].device_id
    source = pathlib.Path(runs[0].device)
    if device_id == runs[0].pair.device:  # a control has its own, with a limit lifted
        source = pathlib.Path(lab.judged_with.get(device_id, source))
    (folder / f"{device_id}.ini").write_text(
        source.read_text(encoding="utf-8") + ANCHORS.format(file=lab.work / "anchors.pem"),
        encoding="utf-8")
    if peer:
        (folder / "lab-server.ini").write_text(peer, encoding="utf-8")
    ranges = _merge(runs, folder / "capture.pcapng")
    environment = dict(os.environ)
    if lab.plugin:
        environment |= {"TLSFIT_PLUGIN": str(lab.plugin.resolve()),
                        "TLSFIT_RUN_DIR": f"{lab.work}/with-plugin"}
    done = subprocess.run(_command(lab, folder, device_id, peer, stall_ms), check=False,
                          capture_output=True, text=True, timeout=300, env=environment)
    errors = [line for line in done.stderr.splitlines() if "Running as user" not in line]
    if done.returncode != 0 or errors:
        raise Failure(f"{runs[0].pair.name}: tshark: status {done.returncode}: "
                      + "; ".join(errors))
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    for run, (first, last) in zip(runs, ranges):
        run.shown = next((handshake for handshake in found
                          if first <= _frame(handshake) <= last), NOTHING)


def _batches(runs):
    """Runs that one tshark can judge. DTLS has no end but the capture's, so each
    is alone; the server's profile matters only where it did not answer."""
    groups = collections.defaultdict(list)
    for run in runs:
        peer = "" if server_spoke(run) else peer_text(run.pair.server)
        alone = id(run) if run.pair.server.version.startswith("d") else 0
        groups[run.text, peer, alone].append(run)
    for (_, peer, _), group in groups.items():
        for start in range(0, len(group), BATCH):
            yield peer, group[start:start + BATCH]


def ask_all(lab, runs, jobs, stall_ms):
    ready = [run for run in runs if run.result["status"] != 2 and run.result.get("frames")]
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for future in [pool.submit(_ask, lab, lab.work / f"ask{number}", group, peer, stall_ms)
                       for number, (peer, group) in enumerate(_batches(ready))]:
            future.result()
