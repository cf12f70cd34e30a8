"""[wallet-journal]: the bytes of a journal for hosts without files."""

import struct

import aead
from primitives import b32, le

VERSION = le(1, 4)


def hchacha20(key, nonce):
    """The key that XChaCha20 goes on with."""
    block = aead.chacha20_block(key, int.from_bytes(nonce[:4], "little"), nonce[4:16])
    # A block adds the state it began with, which HChaCha20 does not.
    start = struct.unpack("<16I", b"expand 32-byte k" + key + nonce[:16])
    words = [(word - begun) & 0xFFFFFFFF for word, begun in zip(struct.unpack("<16I", block), start)]
    return struct.pack("<8I", *words[:4], *words[12:])


def seal(key, nonce, plaintext, bound):
    """XChaCha20-Poly1305."""
    return aead.seal(hchacha20(key, nonce), plaintext, bytes(4) + nonce[16:], bound)


def long(data):
    return le(len(data), 4) + data


def changes(tables):
    """A batch: {table: {key: value, or None for its removal}}."""
    parts = [le(len(tables), 4)]
    for name in sorted(tables):
        parts += [long(name.encode("utf-8")), le(len(tables[name]), 4)]
        for key in sorted(tables[name]):
            value = tables[name][key]
            parts += [long(key), b"\0" if value is None else b"\1" + long(value)]
    return b"".join(parts)


def head(journal, key):
    """With a vault that is not sealed."""
    return b"LvrJrnl\0" + VERSION + journal + b"\0" + long(key)


def record(key, journal, generation, number, nonce, before, batch):
    """`before`: the record before; None for the first of a generation."""
    numbers = le(generation, 8) + le(number, 8)
    bound = b"LouverJournal" + VERSION + journal + numbers + b32("LouverJournal", before or b"")
    return numbers + nonce + seal(key, nonce, batch, bound)
