# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds a learned profile against the device that made it, without src/.

In: the profile's text, the runs of the device (experiment.Run: its real
profile, what the stack cannot be made to enforce, what happened). Out: every
claim that is false or that the captures do not show, and everything that a
completed handshake showed and the profile does not say.
"""
import json
import pathlib
import re

import matrix
import truth

# section -> [(list, what rules out, the key that completes it, list it falls back to)]
LISTS = {
    "versions": [("supported", "unsupported", "complete", None)],
    "cipher_suites": [("supported", "unsupported", "complete", None)],
    "groups": [("supported", "unsupported", "complete", None)],
    "signature_schemes": [("supported", "unsupported", "complete", None)],
    "client_signature_schemes": [("supported", "unsupported", "complete", None)],
    "certificate_signatures": [("supported", "unsupported", "complete", None)],
    "certificate_keys": [("types", "unsupported_types", "types_complete", None),
                         ("curves", "unsupported_curves", "curves_complete", None),
                         ("end_entity_types", "unsupported_types", "types_complete", "types"),
                         ("end_entity_curves", "unsupported_curves", "curves_complete", "curves")],
}
# What a note says was handled, and the limit that it must not go beyond.
NOTES = ((r"(\d+) certificates in the message", "limits.chain_certificates_max"),
         (r"a certificate of (\d+) bytes", "limits.certificate_bytes_max"),
         (r"a handshake message of (\d+) bytes", "limits.message_bytes_max"),
         (r"an encrypted record of (\d+) bytes", "limits.encrypted_record_bytes_max"),
         (r"an RSA key of (\d+) bits behind", "certificate_keys.rsa_bits_max"),
         (r"an RSA key of (\d+) bits in the end", "certificate_keys.rsa_bits_max"),
         (r"a Diffie-Hellman prime of (\d+) bits", "limits.dh_bits_max"))


def suite_names():
    path = pathlib.Path(__file__).parent.parent / "src" / "names_suites.def"
    return {int(code, 16): name for code, name in re.findall(
        r'TLSFIT_SUITE\((0x[0-9A-F]+), "(\w+)"', path.read_text(encoding="utf-8"))}


def words(section, key):
    return [word for word in section.get(key, "").split(";") if word]


def allows(device, section, spec, name, unenforced):
    """Can the device, by the profile that made it, do this? None: nobody knows."""
    key, banned, complete, base = spec
    keys = device.get(section, {})
    if name in words(keys, banned) and f"{section}.{banned}" not in unenforced:
        return False
    own = key if key in keys else base
    if own not in keys or f"{section}.{own}" in unenforced:
        return None
    if name in words(keys, own):
        return True
    return False if keys.get(complete, keys.get("complete")) == "yes" else None


def false_lists(profile, device, unenforced):
    """Nothing that the profile lists is ruled out; and how many claims were looked at."""
    found, count = [], 0
    for section, specs in LISTS.items():
        for spec in specs:
            for name in words(profile.get(section, {}), spec[0]):
                count += 1
                if allows(device, section, spec, name, unenforced) is False:
                    found.append(f"{section}.{spec[0]} has {name}, which the device cannot do")
    return found, count


def false_numbers(text, profile, device, unenforced):
    found = [f"{section}.{key} is a limit, and no capture shows one" for section, keys in
             profile.items() for key in keys if re.search(r"_(min|max)$", key)]
    counts_path = device.get("features", {}).get("chain_count") == "path"
    for pattern, limit in NOTES:
        section, key = limit.split(".")
        value = device.get(section, {}).get(key)
        if value is None or limit in unenforced or (counts_path and "chain" in limit):
            continue
        found += [f"a note goes beyond {limit} = {value}: {match[0]}" for match in
                  re.finditer(f"^# learn: completed with {pattern}", text, re.M)
                  if int(match[1]) > int(value)]
    return found


def false_ends(profile, runs, suites):
    """What the profile rules out did not happen; and what it lists did."""
    found, count = [], 0
    for run in runs:
        peer = matrix.VARIANTS[run.pair.server.variant].peer
        version = matrix.VERSIONS[run.pair.server.version]
        said = dict(re.findall(r"(\w+)=(0x[0-9A-F]+)", run.result["client"]))
        suite = suites.get(int(said["suite"], 16)) if "suite" in said else None
        for section, offered in (("cipher_suites", words(peer, "cipher_suites.supported")),
                                 ("groups", words(peer, "groups.supported")),
                                 ("versions", [version])):
            keys = profile.get(section, {})
            listed, banned = words(keys, "supported"), words(keys, "unsupported")
            count += 1
            ruled_out = offered and all(name in banned or (
                keys.get("complete") == "yes" and name not in listed) for name in offered)
            if section == "groups" and "13" not in run.pair.server.version:
                ruled_out = ruled_out and suite is not None and "ECDHE" in suite
            if run.completed() and ruled_out:
                found.append(f"{section}: rules out {offered}, and {run.pair.name} completed")
        if run.completed() and suite and suite not in words(
                profile.get("cipher_suites", {}), "supported"):
            found.append(f"{run.pair.name} completed with {suite}, which is not learned")
        if run.completed() and version not in words(profile.get("versions", {}), "supported"):
            found.append(f"{run.pair.name} completed with {version}, which is not learned")
    return found, count


def shown(run, anchors):
    """(section, key, name) that a completed handshake shows, up to the anchor where it is known."""
    chain = matrix.CHAINS[run.pair.server.chain]
    roles, sent = chain.roles(), chain.sent_roles()
    kind, curve, _ = truth.key_facts(chain.by_role()["leaf"].key)
    yield "certificate_keys", "end_entity_types", kind
    if curve:
        yield "certificate_keys", "end_entity_curves", curve
    path = list(reversed(roles[1:]))
    for depth, role in enumerate(path):
        if role not in sent or (depth > 1 and not anchors):
            return
        yield "certificate_signatures", "supported", truth.signature_name(chain, role)
        issuer = roles[roles.index(role) - 1]
        kind, curve, _ = truth.key_facts(chain.issuer_key(role))
        seen = issuer in sent or anchors  # else only what the signature itself shows
        if seen or not truth.signature_name(chain, role).startswith("rsassa"):
            yield "certificate_keys", "types", kind
        if curve and seen:
            yield "certificate_keys", "curves", curve


def missing(profile, runs, anchors):
    expected = {(item, run.pair.name) for run in runs if run.completed()
                for item in shown(run, anchors)}
    return sorted({f"{name} completed, and {section}.{key} does not have {word}"
                   for (section, key, word), name in expected
                   if word not in words(profile.get(section, {}), key)}), len(expected)


def check(text, runs, anchors):
    """[what is wrong], how many claims and facts were compared."""
    profile, device = truth.sections(text), truth.sections(runs[0].text)
    unenforced = runs[0].unenforced
    found, count = false_lists(profile, device, unenforced)
    ends, seen = false_ends(profile, runs, suite_names())
    absent, wanted = missing(profile, runs, anchors)
    return (found + false_numbers(text, profile, device, unenforced) + ends + absent,
            count + seen + wanted)


def contradictions(report, unenforced):
    """What `learn --into` the real profile says is contradicted, of what the stack enforces."""
    found = []
    for change in json.loads(report)["changes"]:
        if change["kind"] == "contradicts" and change["key"] not in unenforced and \
                change["key"].replace(".supported", ".unsupported") not in unenforced:
            found.append(f"--into its own profile: contradicts {change['key']}: {change['value']} "
                         f"({change['learned']['where']})")
    return found
