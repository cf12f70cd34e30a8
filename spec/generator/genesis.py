"""[genesis]: the terms of a chain, as bytes. Terms are dicts, as they stand in the vectors: byte strings in hex."""

import transaction as tx
from primitives import b32, le

HEX = bytes.fromhex


def counted(items):
    items = list(items)
    return le(len(items), 4) + b"".join(items)


def short(data):
    """A length byte and the bytes."""
    return le(len(data), 1) + data


def optional(value):
    """0, or 1 and a u32."""
    return b"\0" if value is None else b"\1" + le(value, 4)


def quorum(terms):
    """[quorum]; the two bytes 0 for none."""
    if terms is None:
        return bytes(2)
    keys = [HEX(key) for key in terms["keys"]]
    assert keys == sorted(keys) and 1 <= terms["needed"] <= len(keys) <= 32
    return le(terms["needed"], 1) + le(len(keys), 1) + b"".join(keys)


def epochs(terms):
    """[epoch]: how time is cut."""
    kind = terms["kind"]
    if kind == "endless":
        return b"\0"
    if kind == "months":
        return b"\1" + le(terms["first"], 4) + le(terms["grace"], 4)
    assert kind == "seconds"
    return b"\2" + le(terms["origin"], 8) + le(terms["length"], 4) + le(terms["grace"], 4)


def descriptor(asset):
    return tx.descriptor(asset["id"], asset["symbol"], asset["decimals"], HEX(asset["issuer"]), HEX(asset["reference"]))


def key_hashes(keys):
    return HEX(keys["verifying"]) + HEX(keys["proving"])


def circuits(rules):
    """The part of a rules version from the count of its shapes on."""
    return b"".join(counted(le(one["code"], 1) + key_hashes(one) for one in rules[part]) for part in ("shapes", "statements"))


def rules_version(rules):
    return le(rules["version"], 4) + le(rules["from"], 4) + optional(rules["until"]) + circuits(rules)


def finality(terms):
    return b"\1" + quorum(terms["authorities"]) + le(terms["trusting_period"], 4)


def guardians(terms):
    return quorum(terms["quorum"]) + le(terms["delay"], 4)


def encode(terms):
    return b"".join([
        b"\3", short(terms["name"].encode("ascii")), le(terms["time"], 8), epochs(terms["epochs"]),
        le(terms["anchor_window"], 4), le(terms["pool_id"], 4), HEX(terms["fee_account"]),
        le(terms["development"], 1), le(terms["block_interval"], 4), le(terms["snapshots"]["delay"], 4),
        le(terms["snapshots"]["every"], 4), finality(terms["finality"]), guardians(terms["guardians"]),
        counted(descriptor(asset) for asset in terms["assets"]),
        counted(HEX(held["account"]) + le(held["asset"], 7) + le(held["amount"], 8) for held in terms["balances"]),
        counted(le(fee["asset"], 7) + b"".join(le(least, 8) for least in fee["shapes"] + fee["operations"])
                for fee in terms["fees"]),
        counted(rules_version(rules) for rules in terms["rules"]),
    ])


def genesis_hash(data):
    return b32("LouverGenesis", data)
