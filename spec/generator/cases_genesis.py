"""genesis.json and commitments.json."""

import ed25519
import genesis
import keys
import pins
import scene
from commitment import List, Map, digest
from groth16 import CODES
from primitives import b32, le

DAY = 86400
YEAR_2026 = 1767225600


def seed(label):
    """Of an Ed25519 key."""
    return scene.fill(f"seed {label}", 32)


def account(label):
    return ed25519.public_key(seed(label))


def quorum(needed, labels):
    return {"needed": needed, "keys": sorted(account(label).hex() for label in labels)}


STATEMENTS = ("account-keys", "note-opening")


def rules(version, first, until=None, shapes=("2x3",), statements=STATEMENTS):
    """A rules version with the development keys of version 1."""
    def keys(circuits):
        return [{"code": CODES[circuit], **pins.hashes(circuit)} for circuit in circuits]
    return {"version": version, "from": first, "until": until, "shapes": keys(shapes), "statements": keys(statements)}


def asset(number, symbol, decimals, issuer, reference=b""):
    return {"id": number, "symbol": symbol, "decimals": decimals, "issuer": account(issuer).hex(), "reference": reference.hex()}


def months():
    """The chain of chain.json: months from November 2025 on, begun in January 2026."""
    holders = sorted((account(label).hex(), number, amount) for label, number, amount in
                     (("alice", 1, 5_000_000), ("alice", 2, 7), ("bob", 1, 250)))
    return {
        "name": "vectors of months", "time": YEAR_2026, "epochs": {"kind": "months", "first": 55 * 12 + 10, "grace": 7 * DAY},
        "anchor_window": 100, "pool_id": 7, "fee_account": account("fees").hex(), "development": 1, "block_interval": 60,
        "snapshots": {"delay": 1, "every": 0},
        "finality": {"authorities": quorum(2, ["authority 0", "authority 1", "authority 2"]), "trusting_period": 180 * DAY},
        "guardians": {"quorum": quorum(2, ["guardian 0", "guardian 1", "guardian 2"]), "delay": 10},
        "assets": [asset(1, "LVR", 6, "issuer"), asset(2, "EURX", 2, "issuer", b"eip155:1/erc20:0x01")],
        "balances": [{"account": holder, "asset": number, "amount": amount} for holder, number, amount in holders],
        "fees": [{"asset": 1, "shapes": [6, 8, 10, 20], "operations": [3, 3000, 30]}],
        "rules": [rules(1, 1, shapes=("2x3", "4x4", "8x3", "2x16"))],
    }


def _others():
    top = (1 << 64) - 1
    endless = {
        **months(), "name": "e", "time": 0, "epochs": {"kind": "endless"}, "anchor_window": 1, "pool_id": 0, "block_interval": 1,
        "snapshots": {"delay": 0, "every": 43200}, "guardians": {"quorum": None, "delay": 0}, "assets": [], "balances": [],
        "fees": [], "finality": {"authorities": quorum(1, ["authority 0"]), "trusting_period": 1}, "development": 0,
    }
    widest = (1 << 56) - 1
    seconds = {
        **months(), "name": "~" * 32, "epochs": {"kind": "seconds", "origin": YEAR_2026, "length": 40, "grace": 8},
        "anchor_window": (1 << 32) - 1, "pool_id": (1 << 32) - 1,
        "guardians": {"quorum": quorum(32, [f"guardian {i}" for i in range(32)]), "delay": (1 << 32) - 1},
        "assets": [asset(1, "A", 0, "issuer"), asset(widest, "Z23456789ABCDEFG", 18, "bob", bytes(64))],
        "balances": [{"account": account("bob").hex(), "asset": widest, "amount": top}],
        "fees": [{"asset": 1, "shapes": [0, 1, 2, top], "operations": [0, top, 1]},
                 {"asset": widest, "shapes": [1, 0, 0, 0], "operations": [0, 0, 0]}],
        "rules": [rules(1, 1, until=5),
                  rules(2, 3, shapes=("2x3", "2x16"), statements=(*STATEMENTS, "transaction-opening-2", "transaction-opening-8"))],
    }
    return [months(), endless, seconds]


def _malformed():
    """Genesis bytes with one fault each: (name, fault, bytes)."""
    good, data = months(), genesis.encode(months())

    def changed(**terms):
        return genesis.encode({**good, **terms})

    def swapped(old, new):
        assert data.count(old) == 1
        return data.replace(old, new)

    first, second = good["assets"]
    held, fee = good["balances"], good["fees"][0]
    keys_of = [bytes.fromhex(key) for key in good["finality"]["authorities"]["keys"]]
    small = {"needed": 1, "keys": ["01" + "00" * 31]}
    other_time = {"kind": "seconds", "origin": good["time"] + 1, "length": 40, "grace": 8}
    return [
        ("version 2", "UnknownTag", b"\2" + data[1:]),
        ("a kind of epochs without meaning", "UnknownTag", data.replace(genesis.epochs(good["epochs"]), b"\3", 1)),
        ("development 2", "UnknownTag", changed(development=2)),
        ("an empty name", "NotCanonical", changed(name="")),
        ("a name of 33 characters", "NotCanonical", changed(name="n" * 33)),
        ("a line break in the name", "NotCanonical", changed(name="a\nb")),
        ("a beginning before the first epoch", "NotCanonical", changed(epochs=other_time)),
        ("an anchor window of 0", "NotCanonical", changed(anchor_window=0)),
        ("a block interval of 0", "NotCanonical", changed(block_interval=0)),
        ("snapshots by blocks beside epochs that end", "NotCanonical", changed(snapshots={"delay": 60, "every": 1})),
        ("a trusting period of 0", "NotCanonical", changed(finality={**good["finality"], "trusting_period": 0})),
        ("keys of a quorum that do not ascend", "NotCanonical",
         swapped(keys_of[0] + keys_of[1], keys_of[1] + keys_of[0])),
        ("a key of a quorum twice", "NotCanonical", swapped(keys_of[0] + keys_of[1], keys_of[0] + keys_of[0])),
        ("a key of small order", "NotCanonical", changed(finality={**good["finality"], "authorities": small})),
        ("a quorum of 4 of 3", "OutOfRange", swapped(b"\2\3" + keys_of[0], b"\4\3" + keys_of[0])),
        ("authorities 0 of 0", "OutOfRange", swapped(b"\2\3" + b"".join(keys_of), b"\0\0")),
        ("assets that descend", "NotCanonical", changed(assets=[second, first])),
        ("a symbol twice", "NotCanonical", changed(assets=[first, {**second, "symbol": first["symbol"]}])),
        ("balances that descend", "NotCanonical", changed(balances=held[::-1])),
        ("a balance of 0", "NotCanonical", changed(balances=[{**held[0], "amount": 0}])),
        ("a balance in an asset without a description", "NotCanonical", changed(balances=[{**held[0], "asset": 3}])),
        ("balances beyond 64 bits together", "NotCanonical",
         changed(balances=[{**one, "asset": 1, "amount": (1 << 64) - 1} for one in (held[0], held[-1])])),
        ("a fee in an asset without a description", "NotCanonical", changed(fees=[{**fee, "asset": 3}])),
        ("fees twice in one asset", "NotCanonical", changed(fees=[fee, fee])),
        ("no rules version", "NotCanonical", changed(rules=[])),
        ("a rules version twice", "NotCanonical", changed(rules=good["rules"] * 2)),
        ("a rules version without shapes", "NotCanonical", changed(rules=[rules(1, 1, shapes=())])),
        ("shapes that descend", "NotCanonical", changed(rules=[rules(1, 1, shapes=("4x4", "2x3"))])),
        ("statements that descend", "NotCanonical", changed(rules=[rules(1, 1, statements=STATEMENTS[::-1])])),
        ("a statement twice", "NotCanonical", changed(rules=[rules(1, 1, statements=(*STATEMENTS, STATEMENTS[1]))])),
        ("a rules version without note-opening", "NotCanonical", changed(rules=[rules(1, 1, statements=STATEMENTS[:1])])),
        ("a shape among the statements", "UnknownTag", changed(rules=[rules(1, 1, statements=(*STATEMENTS, "2x3"))])),
        ("a rules version that ends before it begins", "NotCanonical", changed(rules=[rules(1, 5, until=4)])),
        ("more rules versions than bytes", "CountTooLarge",
         data[: data.rindex(le(1, 4) + le(1, 4) + le(1, 4))] + b"\xff" * 4),
        ("cut", "CountTooLarge", data[:-1]),
        ("a byte follows", "TrailingBytes", data + b"\0"),
    ]


def genesis_cases():
    cases = []
    for terms in _others():
        data = genesis.encode(terms)
        hashed = genesis.genesis_hash(data)
        cases.append({"terms": terms, "bytes": data.hex(), "hash": hashed.hex(),
                      "pool": le(keys.pool_tag(hashed, terms["pool_id"]), 16).hex()})
    return {"cases": cases, "malformed": [{"name": name, "fault": fault, "bytes": data.hex()}
                                          for name, fault, data in _malformed()]}


def commitments_cases():
    """The personalisations are those of the transactions of a block, and of the supply."""
    of, lists = List("LouverTxNode", "LouverTxRoot"), []
    leaves = [b32("LouverTxPool", le(i, 8)) for i in range(13)]
    for count in (0, 1, 2, 3, 4, 5, 6, 7, 8, 13):
        some = leaves[:count]
        lists.append({"count": count, "root": of.root(some).hex(), "paths": [of.path(some, i).hex() for i in range(count)]})
    by_key, maps = Map(*(f"LouverSupply{part}" for part in ("Key", "Val", "Leaf", "Node", "Root"))), []
    entries = {le(i, 7): scene.fill(f"value {i}", 16) for i in range(1, 21)}
    for count in (0, 1, 2, 5, 20):
        some = dict(list(entries.items())[:count])
        asked = [*list(some)[:5], *(le(i, 7) for i in range(100, 108))]
        maps.append({"count": count, "root": by_key.root(some).hex(), "proofs": [
            {"key": key.hex(), "value": some[key].hex() if key in some else None, "proof": by_key.proof(some, key).hex()}
            for key in asked]})
    members = [scene.fill(f"member {i}", 32) for i in range(3)] + [b"", b"a", b"ab"]
    digests = [{"entries": [x.hex() for x in members[:count]], "value": digest(members[:count]).hex()} for count in range(7)]
    return {"leaves": [leaf.hex() for leaf in leaves], "lists": lists,
            "entries": [[key.hex(), value.hex()] for key, value in entries.items()], "maps": maps, "digests": digests}
