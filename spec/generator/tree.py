"""The quaternary note commitment tree, kept as plain lists of levels."""

import poseidon
from primitives import ascii_integer, fr_bytes, le

LEVELS = 16
EMPTY_LEAF = ascii_integer("Louver/1/empty")


def _empty_roots():
    roots = [EMPTY_LEAF]
    for _ in range(LEVELS):
        roots.append(poseidon.hash_fr("node", *[roots[-1]] * 4))
    return roots


# EMPTY_ROOTS[h] is the root of an empty subtree of h quaternary levels.
EMPTY_ROOTS = _empty_roots()


class Tree:
    def __init__(self):
        self.levels = [[] for _ in range(LEVELS + 1)]

    def _node(self, height, index):
        level = self.levels[height]
        return level[index] if index < len(level) else EMPTY_ROOTS[height]

    def append(self, leaf):
        self.levels[0].append(leaf)
        index = len(self.levels[0]) - 1
        for height in range(LEVELS):
            index >>= 2
            value = poseidon.hash_fr("node", *(self._node(height, 4 * index + i) for i in range(4)))
            if index < len(self.levels[height + 1]):
                self.levels[height + 1][index] = value
            else:
                self.levels[height + 1].append(value)

    def root(self):
        return self._node(LEVELS, 0)

    def frontier(self):
        """[tree-frontier]"""
        size = len(self.levels[0])
        parts = [le(size, 8)]
        if size:
            last = size - 1
            parts.append(fr_bytes(self.levels[0][last]))
            for t in range(2 * LEVELS):
                if last >> t & 1:
                    left, level = (last >> t) - 1, self.levels[t // 2]
                    parts += [fr_bytes(node) for node in ([level[left]] if t % 2 == 0 else level[2 * left : 2 * left + 2])]
        return b"".join(parts)

    def path(self, position):
        """For each level, leaf upwards: the four children, the leaf's own among them."""
        return [[self._node(h, (position >> 2 * h + 2 << 2) + i) for i in range(4)] for h in range(LEVELS)]


def root_of_path(leaf, position, path):
    """The root, or None if the path does not hold the leaf at its position."""
    value = leaf
    for height, children in enumerate(path):
        if children[position >> 2 * height & 3] != value:
            return None
        value = poseidon.hash_fr("node", *children)
    return value
