"""F4Jumble (ZIP 316): a keyless permutation of byte strings, in which every byte of the output depends on every byte of
the input. Four rounds of an unbalanced Feistel network over BLAKE2b."""

from hashlib import blake2b

from primitives import le

HASH = 64
LENGTHS = range(48, 4194369)


def _expand(i, data, size):
    """G: as many bytes as asked."""
    blocks = (blake2b(data, digest_size=HASH, person=b"UA_F4Jumble_G" + le(i, 1) + le(j, 2)).digest()
              for j in range((size + HASH - 1) // HASH))
    return b"".join(blocks)[:size]


def _hash(i, data, size):
    """H: at most 64 bytes."""
    return blake2b(data, digest_size=size, person=b"UA_F4Jumble_H" + le(i, 1) + b"\0\0").digest()


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _halves(data):
    assert len(data) in LENGTHS
    left = min(HASH, len(data) // 2)
    return data[:left], data[left:]


def jumble(data):
    left, right = _halves(data)
    for i in range(2):
        right = _xor(right, _expand(i, left, len(right)))
        left = _xor(left, _hash(i, right, len(left)))
    return left + right


def unjumble(data):
    left, right = _halves(data)
    for i in (1, 0):
        left = _xor(left, _hash(i, right, len(left)))
        right = _xor(right, _expand(i, left, len(right)))
    return left + right
