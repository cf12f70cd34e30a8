"""offline-proofs.json: files by which what is shown of the chain of chain.json is checked without a node."""

import chain
import genesis
import groth16
from cases_chain import FIRST, NEXT, chain_of_vectors
from cases_disclosure import packages_cases
from primitives import le
from state import State

HEAD = 5


class File:
    """[offline-proof], by its parts."""

    def __init__(self, made, steps=(), openings=(), transactions=(), trees=(), keys=()):
        self.made, self.steps, self.openings = made, steps, openings
        self.transactions, self.trees, self.keys = transactions, trees, keys

    def but(self, **parts):
        return File(self.made, **{**{name: value for name, value in vars(self).items() if name != "made"}, **parts})

    def encode(self):
        data = self.made.genesis
        way = genesis.counted(self.steps) + genesis.counted(self.openings)
        keys = genesis.counted(le(len(key), 4) + key for key in self.keys)
        return b"".join([b"LouverOfflineProof\3", le(len(data), 4), data, way, genesis.counted(self.transactions),
                         genesis.counted(self.trees), keys])


def _sealed(made, height, which=0):
    return bytes.fromhex(made.blocks[height - 1]["sealed"][which])


def _step(made, height, after, rotation=b"\0", sealed=None):
    """From the block at one height to a later one. `rotation` begins with 0 or 1."""
    sealed = _sealed(made, height) if sealed is None else sealed
    return sealed + b"\1" + chain.history_path(made.hashes[:height], after) + rotation


def _opening(made, fact, height=HEAD):
    (found,) = (opening["bytes"] for opening in made.kept[height - 1][2] if opening["fact"] == fact)
    return bytes.fromhex(found)


def _rotation(made):
    """[rotation]: block 3 changed the authorities."""
    seals = made._seals(made.hashes[3], NEXT, NEXT[1:])
    return b"\1" + _opening(made, "authorities", 3) + seals


def _proof(made, height, place, whole, head=HEAD):
    """[chain-proof]"""
    return bytes.fromhex(made.proof(height, place, whole, head)["bytes"])


def _tree(made, height):
    """The header of a block whose tree is shown, and the path to it."""
    way = b"\0" if height == HEAD else b"\1" + chain.history_path(made.hashes[:HEAD], height)
    return chain.header(made.kept[height - 1][0]) + way


def offline_cases():
    made, _, _ = chain_of_vectors()
    first, last = _step(made, 3, 0, _rotation(made)), _step(made, 5, 3)
    rules = _opening(made, "rules")
    payment, deposit = _proof(made, 3, 0, True), _proof(made, 2, 1, True)
    least = File(made, [first, last], [rules])
    package = bytes.fromhex(packages_cases()["packages"][0]["bytes"])
    forms = [_proof(made, 2, 1, False), _proof(made, 3, 0, False)]
    every = least.but(
        openings=[_opening(made, "asset 3"), rules, _opening(made, "snapshot 0")], transactions=[deposit, *forms],
        trees=[_tree(made, 3), _tree(made, HEAD)], keys=[groth16.key("note-opening").data])
    proofs = [
        ("beside a package", HEAD, [3, 2], package, least.but(transactions=[payment, deposit])),
        ("of everything that a file can have", HEAD, [2, 2, 3], None, every),
        ("before the first block", 0, [], None, File(made, openings=[State(made.terms).open_rules()])),
    ]
    moved = {**made.kept[2][0], "time": made.kept[2][0]["time"] + 1}
    other = chain.header(moved) + b"\1" + chain.history_path(made.hashes[:HEAD], 3)
    newest = made.kept[HEAD - 1][0]
    foreign = made.sealed(newest, FIRST, FIRST[:2])
    refused = [
        ("a head by authorities that were replaced", "offline-head", least.but(steps=[first, _step(made, 5, 3, sealed=foreign)])),
        ("a way without the change of authorities", "offline-head", least.but(steps=[_step(made, 5, 0)])),
        ("rules of an earlier state", "offline-head", least.but(openings=[_opening(made, "rules", 2)])),
        ("no rules", "offline-state", least.but(openings=[])),
        ("the rules twice", "offline-state", least.but(openings=[rules, rules])),
        ("a record that is not asked for", "offline-state", least.but(openings=[rules, _opening(made, "supply 1")])),
        ("a transaction under another head", "offline-transaction", least.but(transactions=[_proof(made, 3, 0, True, 3)])),
        ("an operation", "offline-transaction", least.but(transactions=[_proof(made, 1, 3, True)])),
        ("another compact form", "offline-transaction", least.but(transactions=[_bent(made)])),
        ("a tree of a block that is not there", "offline-tree", least.but(trees=[other])),
        ("a key that the chain does not name", "offline-key", least.but(keys=[groth16.key("transaction-opening-2").data])),
        ("a key of payments", "offline-key", least.but(keys=[groth16.key("2x3").data])),
    ]
    return {
        "genesis_hash": made.hash.hex(), "pool_id": made.terms["pool_id"],
        "proofs": [{"name": name, "head": head, "hash": made.hashes[head].hex(), "heights": heights,
                    "package": envelope.hex() if envelope else None, "bytes": file.encode().hex()}
                   for name, head, heights, envelope, file in proofs],
        "refused": [{"name": name, "rule": rule, "bytes": file.encode().hex()} for name, rule, file in refused],
        "malformed": [{"name": name, "fault": fault, "bytes": data.hex()} for name, fault, data in _malformed(proofs[-1][-1])],
    }


def _bent(made):
    """The payment of block 3 with the hash of another compact form."""
    data, entry = _proof(made, 3, 0, True), made.kept[2][1][0]
    assert data.count(entry.compact_hash) == 1
    other = chain.Entry(chain.POOL, entry.data, entry.compact[:-1] + b"\1")
    return data.replace(entry.compact_hash, other.compact_hash)


def _malformed(file):
    """Bytes with one fault each: (name, fault, bytes)."""
    data, begin = file.encode(), len(b"LouverOfflineProof")
    tree = _tree(file.made, HEAD)
    return [
        ("another beginning", "NotCanonical", b"l" + data[1:]),
        ("version 2", "UnknownTag", data[:begin] + b"\2" + data[begin + 1 :]),
        ("17 trees", "OutOfRange", file.but(trees=[tree] * 17).encode()),
        ("more transactions than bytes", "CountTooLarge", data[:-12] + b"\xff" * 4 + data[-8:]),
        ("more keys than bytes", "CountTooLarge", data[:-4] + b"\xff" * 4),
        ("cut", "UnexpectedEnd", data[:-1]),
        ("a byte follows", "TrailingBytes", data + b"\0"),
    ]
