"""Vectors of the nullifier tree, from its definition: the leaves of the sorted set, in the order of entry."""

import poseidon
from primitives import R
from tree import EMPTY_LEAF

LEVELS = 17
COUNTS = [0, 1, 2, 3, 4, 5, 17, 64]


def halves(value):
    return value >> 128, value & ((1 << 128) - 1)


def leaf(value, following):
    return poseidon.hash_fr("imt", *halves(value), *halves(following))


def leaves(nullifiers):
    bounded = sorted([0, R - 1, *nullifiers])
    following = dict(zip(bounded, bounded[1:]))
    return [(value, following[value]) for value in [0, *nullifiers]]


def levels(nullifiers):
    rows, empty = [[leaf(*pair) for pair in leaves(nullifiers)]], EMPTY_LEAF
    empties = [empty]
    for _ in range(LEVELS):
        row = rows[-1] + [empty] * (-len(rows[-1]) % 4)
        rows.append([poseidon.hash_fr("node", *row[i : i + 4]) for i in range(0, len(row), 4)])
        empty = poseidon.hash_fr("node", *[empty] * 4)
        empties.append(empty)
    return rows, empties


def root(nullifiers):
    """32 bytes."""
    return levels(nullifiers)[0][-1][0].to_bytes(32, "little")


def absence(nullifiers, wanted):
    pairs = leaves(nullifiers)
    index = max((i for i, (value, _) in enumerate(pairs) if value < wanted), key=lambda i: pairs[i][0])
    rows, empties = levels(nullifiers)
    siblings, at = [], index
    for height in range(LEVELS):
        first = at >> 2 << 2
        nodes = rows[height]
        at_level = [nodes[i] if i < len(nodes) else empties[height] for i in range(first, first + 4)]
        siblings.append([number(node) for i, node in enumerate(at_level, first) if i != at])
        at >>= 2
    value, following = pairs[index]
    return {
        "nullifier": number(wanted),
        "value": number(value),
        "next": number(following),
        "index": index,
        "siblings": siblings,
        "root": number(rows[-1][0]),
    }


def number(value):
    return value.to_bytes(32, "little").hex()


def snapshots_cases():
    nullifiers = [poseidon.hash_fr("st", i, 0) for i in range(COUNTS[-1])]
    absent = [1, R - 2, *(poseidon.hash_fr("st", i, 1) for i in range(3))]
    return {
        "nullifiers": [number(value) for value in nullifiers],
        "roots": [{"count": count, "root": number(levels(nullifiers[:count])[0][-1][0])} for count in COUNTS],
        "absences": [{"count": count, **absence(nullifiers[:count], wanted)} for count in (0, 5, 64) for wanted in absent],
    }
