"""Keys: from a BIP-39 phrase to the epoch keys of an account."""

import hashlib

import ed25519
import poseidon
import ristretto
from jubjub import G, multiply
from primitives import b32, b64, le, personal, to_fj, to_fl, to_fr

PURPOSE, COIN = 32, 7749
# ZIP 32's hardened-only derivation in its ad-hoc domain.
CHILD_DOMAIN = 0xAB
DIRECTIONS = {"external": b"E", "internal": b"I", "out": b"O"}
EPOCH_BITS = 16


def seed_of_phrase(phrase):
    """BIP-39 with the empty passphrase."""
    return hashlib.pbkdf2_hmac("sha512", phrase.encode("ascii"), b"mnemonic", 2048)


def spending_key(seed, account):
    """[account-keys]: the 32-byte sk at m/32'/7749'/account'."""
    node = b64("LouverZip32Seed\0", seed)
    for index in (PURPOSE, COIN, account):
        key, chain = node[:32], node[32:]
        node = b64("Zcash_ExpandSeed", chain + bytes([CHILD_DOMAIN]) + key + le(index + (1 << 31), 4))
    return node[:32]


def transparent_account(entropy, account):
    """[transparent-key]"""
    return ed25519.public_key(b32("LouverHostKey", entropy + le(account, 4)))


class Account:
    """Everything that follows from an account's spending key."""

    def __init__(self, sk):
        def expand(t):
            return b64("LouverExpand", sk + bytes([t]))

        self.sk = sk
        self.ask = to_fj(expand(0))
        self.nk = to_fr(expand(1))
        self.roots = {"external": expand(2)[:32], "internal": expand(3)[:32], "out": expand(4)[:32]}
        self.dummy_root = expand(5)[:32]
        assert self.ask != 0
        self.ak = multiply(self.ask, G)

    def aid(self, pool):
        """[account-id] in a pool."""
        return poseidon.hash_fr("aid", *self.ak, self.nk, pool)

    def epoch_keys(self, pool, epoch):
        """[epoch-keys]: (tkx, nk_e, sd, tki)"""
        return poseidon.lanes("acct", *self.ak, self.nk, (pool << 16) + epoch)[1:]

    def tag_key(self, direction, pool, epoch):
        """The tag key of the addresses of a direction."""
        return self.epoch_keys(pool, epoch)[{"external": 0, "internal": 3}[direction]]


def pool_tag(genesis_hash, pool_id):
    """[pool-tag]"""
    return int.from_bytes(b32("LouverPool", genesis_hash + le(pool_id, 4))[:16], "little")


def ggm_node(direction, root, pool, depth, index):
    """[ggm]: the 32-byte node at (depth, index)."""
    code = DIRECTIONS[direction]
    node = b32(b"LouverGGMRoot" + code, root + le(pool, 16))
    for level in range(depth):
        parent = index >> (depth - level)
        children = b64(personal(b"LouverGGM" + code + bytes([level]) + le(parent, 2)), node)
        right = index >> (depth - level - 1) & 1
        node = children[32:] if right else children[:32]
    return node


def ggm_cover(first, last):
    """The fewest subtrees, from left to right, that hold the epochs first..=last and no other: (depth, index)."""
    cover, start, end = [], first, last + 1
    while start < end:
        size = start & -start if start else 1 << EPOCH_BITS
        while size > end - start:
            size >>= 1
        cover.append((EPOCH_BITS - size.bit_length() + 1, start // size))
        start += size
    return cover


def cover_bytes(direction, root, pool, first, last):
    """[ggm-cover]: its encoding."""
    nodes = ggm_cover(first, last)
    return DIRECTIONS[direction] + le(pool, 16) + le(len(nodes), 4) + b"".join(
        le(depth, 1) + le(index, 2) + ggm_node(direction, root, pool, depth, index) for depth, index in nodes)


def incoming_keys(leaf):
    """(ivk, dk) of a leaf."""
    return to_fl(b64("LouverIvk", leaf)), b32("LouverDk", leaf)


def outgoing_key(leaf):
    return b32("LouverOvk", leaf)


class Incoming:
    """The incoming viewing key of an account for one direction, pool and epoch."""

    def __init__(self, account, direction, pool, epoch):
        self.pool, self.epoch = pool, epoch
        self.ivk, self.dk = incoming_keys(ggm_node(direction, account.roots[direction], pool, EPOCH_BITS, epoch))
        self.tk = account.tag_key(direction, pool, epoch)


def element_hash(element):
    """h of [owner-tag]"""
    return to_fr(b64("LouverPkD", ristretto.encode(element)))


def owner_tag(tk, pk_d):
    """[owner-tag]"""
    return poseidon.hash_fr("tag", tk, element_hash(pk_d))
