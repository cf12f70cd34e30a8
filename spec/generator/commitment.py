"""[commitments]: lists, maps and digests that bind long records by 32 bytes."""

from primitives import b32, b64, le

EMPTY = bytes(32)
BITS = 256


class List:
    """[commitment-list]: the personalisations of one use. Leaves are hashed by the caller."""

    def __init__(self, node, root):
        self.node, self.top = node, root

    def tree(self, leaves):
        if not leaves:
            return EMPTY
        if len(leaves) == 1:
            return leaves[0]
        half = _half(len(leaves))
        return b32(self.node, self.tree(leaves[:half]) + self.tree(leaves[half:]))

    def root(self, leaves):
        return b32(self.top, le(len(leaves), 8) + self.tree(leaves))

    def path(self, leaves, index):
        """The encoding of the path to an entry."""
        return le(index, 8) + le(len(leaves), 8) + b"".join(self._beside(leaves, index))

    def _beside(self, leaves, index):
        if len(leaves) == 1:
            return []
        half = _half(len(leaves))
        if index < half:
            return self._beside(leaves[:half], index) + [self.tree(leaves[half:])]
        return self._beside(leaves[half:], index - half) + [self.tree(leaves[:half])]


def _half(count):
    """The greatest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


class Map:
    """[commitment-map]: the personalisations of one use; entries are a dict of bytes to bytes."""

    def __init__(self, key, value, leaf, node, root):
        self.key, self.value, self.leaf, self.node, self.top = key, value, leaf, node, root

    def _hashed(self, entries):
        return {b32(self.key, key): b32(self.value, value) for key, value in entries.items()}

    def _tree(self, hashed, depth=0):
        if not hashed:
            return EMPTY
        if len(hashed) == 1:
            ((key, value),) = hashed.items()
            return b32(self.leaf, key + value)
        return b32(self.node, b"".join(self._tree(part, depth + 1) for part in _parted(hashed, depth)))

    def root(self, entries):
        return b32(self.top, self._tree(self._hashed(entries)))

    def proof(self, entries, key):
        """The encoding of the proof of a key's value, or of its absence."""
        wanted, hashed, beside = b32(self.key, key), self._hashed(entries), []
        while len(hashed) > 1:
            depth = len(beside)
            parts, bit = _parted(hashed, depth), _bit(wanted, depth)
            beside.append(self._tree(parts[1 - bit], depth + 1))
            hashed = parts[bit]
        ending = 0 if not hashed else 1 if wanted in hashed else 2
        other = b"".join(key + value for key, value in hashed.items()) if ending == 2 else b""
        return le(ending, 1) + le(len(beside), 2) + b"".join(reversed(beside)) + other


def _bit(key, depth):
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def _parted(hashed, depth):
    return [{key: value for key, value in hashed.items() if _bit(key, depth) == bit} for bit in (0, 1)]


def digest(entries):
    """[commitment-digest]: the value of a set."""
    assert len(set(entries)) == len(entries)
    lanes = [0] * 1024
    for entry in entries:
        framed = le(len(entry), 4) + entry
        stream = b"".join(b64(b"LouverSetBlock" + bytes([0, i]), framed) for i in range(32))
        lanes = [(lane + int.from_bytes(stream[2 * i : 2 * i + 2], "little")) % 65536 for i, lane in enumerate(lanes)]
    return b32("LouverSetDigest", le(len(entries), 8) + b"".join(le(lane, 2) for lane in lanes))
