"""ChaCha20-Poly1305 (RFC 8439)."""

import struct

from primitives import integer, le


def _quarter(s, a, b, c, d):
    for x, y, z, shift in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[x] = (s[x] + s[y]) & 0xFFFFFFFF
        word = s[z] ^ s[x]
        s[z] = (word << shift | word >> (32 - shift)) & 0xFFFFFFFF


def chacha20_block(key, counter, nonce):
    start = list(struct.unpack("<16I", b"expand 32-byte k" + key + le(counter, 4) + nonce))
    s = start[:]
    for _ in range(10):
        for i in range(4):
            _quarter(s, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            _quarter(s, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(s, start)))


def chacha20(key, counter, nonce, data):
    stream = b"".join(chacha20_block(key, counter + i, nonce) for i in range((len(data) + 63) // 64))
    return bytes(x ^ y for x, y in zip(data, stream))


def poly1305(key, message):
    clamp = 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    r, s, total = integer(key[:16]) & clamp, integer(key[16:]), 0
    for start in range(0, len(message), 16):
        total = (total + integer(message[start : start + 16] + b"\1")) * r % ((1 << 130) - 5)
    return le((total + s) % (1 << 128), 16)


def _tag(key, nonce, aad, ciphertext):
    def padded(data):
        return data + bytes(-len(data) % 16)

    one_time = chacha20_block(key, 0, nonce)[:32]
    return poly1305(one_time, padded(aad) + padded(ciphertext) + le(len(aad), 8) + le(len(ciphertext), 8))


def seal(key, plaintext, nonce=bytes(12), aad=b""):
    ciphertext = chacha20(key, 1, nonce, plaintext)
    return ciphertext + _tag(key, nonce, aad, ciphertext)


def open_sealed(key, sealed, nonce=bytes(12), aad=b""):
    """The plaintext, or None if the tag does not fit."""
    ciphertext, tag = sealed[:-16], sealed[-16:]
    return chacha20(key, 1, nonce, ciphertext) if _tag(key, nonce, aad, ciphertext) == tag else None
