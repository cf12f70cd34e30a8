"""What several vector files share: deterministic bytes, two pools and a few accounts."""

from keys import Account, pool_tag, seed_of_phrase, spending_key
from primitives import J, L, R, b64, le, to_fj, to_fr

PHRASES = [
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "legal winner thank year wave sausage worth useful legal winner thank yellow",
]
# What BIP-39 makes the phrases of: its own test vectors.
ENTROPY = [bytes(16), b"\x7f" * 16]
GENESIS = [bytes(range(32)), bytes(range(100, 132))]
POOLS = [(GENESIS[0], 0), (GENESIS[0], 7), (GENESIS[1], 0)]


def fill(label, size):
    """`size` bytes that depend on nothing but the label."""
    blocks = (b64("LouverVectors", label.encode("ascii") + le(i, 4)) for i in range((size + 63) // 64))
    return b"".join(blocks)[:size]


def element(label):
    return to_fr(fill(label, 64))


def scalar(label):
    return to_fj(fill(label, 64))


def account(phrase=0, number=0):
    return Account(spending_key(seed_of_phrase(PHRASES[phrase]), number))


def pool(number=0):
    return pool_tag(*POOLS[number])


ORDERS = {"r": le(R, 32).hex(), "j": le(J, 32).hex(), "l": le(L, 32).hex()}
