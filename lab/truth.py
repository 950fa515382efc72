# SPDX-License-Identifier: GPL-2.0-or-later
"""What a limit of a device means for a chain, worked out without the plugin.

In: a device's ini text, a Chain. Out: the same text with one limit lifted, and
the indexes of the certificates that the limit forbids. Independent of src/ on
purpose: it is what the plugin is compared with.
"""
import re

import matrix

CURVES = {"P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1"}


def sections(text):
    """{section: {key: value}} without the sources."""
    found, section = {}, None
    for line in text.splitlines():
        if match := re.match(r"\[(.+)\]$", line.strip()):
            section = match[1]
        elif section and "=" in line and not line.lstrip().startswith("#"):
            key, value = line.split("=", 1)
            found.setdefault(section, {})[key.strip()] = value.strip()
    return {name: keys for name, keys in found.items() if not name.startswith("source ")}


def limits(text):
    """The keys of the profile that a rule stands for."""
    return [f"{section}.{key}" for section, keys in sections(text).items() for key in keys
            if f"{section}.{key}" in matrix.RULES]


def value_of(text, limit):
    section, key = limit.split(".", 1)
    return sections(text)[section][key]


def lifted(text, limit, new_id):
    """The profile without that one limit, under another id."""
    section, key = limit.split(".", 1)
    lists = ("supported", "types", "curves", "end_entity_types", "end_entity_curves")
    left = [other for other in sections(text)[section] if other in lists and other != key]
    drop = {key} | (set() if left else {"complete"})
    out, now = [], None
    for line in text.splitlines():
        if match := re.match(r"\[(.+)\]$", line.strip()):
            now = match[1]
        name = line.split("=", 1)[0].strip()
        source = now is not None and (now == f"source {limit}"
                                      or now.startswith(f"source {limit}."))
        if source or (now == section and "=" in line and name in drop):
            continue
        out.append(f"id = {new_id}" if now == "device" and name == "id" else line)
    return "\n".join(out) + "\n"


def signature_name(chain, role):
    cert, issuer = chain.by_role()[role], chain.issuer_key(role)
    digest = cert.digest
    if cert.pss:
        return f"rsassaPss-{digest}"
    if issuer == "ed25519":
        return "ed25519"
    if issuer.startswith("P-"):
        return f"ecdsa-with-{digest.upper()}"
    return f"{digest}WithRSAEncryption"


def key_facts(kind):
    """(type, curve or None, RSA bits or 0)"""
    if kind in CURVES:
        return "ec", CURVES[kind], 0
    if kind.startswith("pss"):
        return "rsa-pss", None, int(kind[3:])
    return ("rsa", None, int(kind)) if kind.isdigit() else (kind, None, 0)


def _key_breaks(limit, value, kind, is_leaf):
    kind_name, curve, bits = key_facts(kind)
    words = value.split(";")
    key = limit.split(".", 1)[1]
    if key.startswith("end_entity_") and not is_leaf:
        return False
    key = key.removeprefix("end_entity_")
    return {"unsupported_types": kind_name in words,
            "unsupported_curves": curve in words,
            "curves": curve is not None and curve not in words,
            "rsa_bits_max": bits > 0 and bits > int(value) if key == "rsa_bits_max" else False,
            "rsa_bits_min": 0 < bits < int(value) if key == "rsa_bits_min" else False}[key]


def guilty(text, limit, chain):
    """Indexes that the limit forbids; empty: the limit names no certificate."""
    value, sent = value_of(text, limit), chain.sent_roles()
    found = []
    for index, role in enumerate(sent):
        if limit.startswith("certificate_signatures."):
            listed = signature_name(chain, role) in value.split(";")
            if role != "root" and listed == limit.endswith("unsupported"):
                found.append(index)
        elif limit.startswith("certificate_keys."):
            issuer = "other" if role == "cross" else chain.roles()[max(
                chain.roles().index(role) - 1, 0)]
            unseen = issuer not in sent and role != "root"
            if _key_breaks(limit, value, chain.by_role()[role].key, index == 0) or (
                    unseen and not limit.endswith("_min") and "end_entity" not in limit
                    and _key_breaks(limit, value, chain.issuer_key(role), False)):
                found.append(index)
    return found
