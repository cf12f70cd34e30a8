"""What somebody owes, as a tree of sums: [reserves-node], [reserves-root], [reserves-files]."""

from primitives import b32, le


def leaf(name, salt, amount):
    customer = b32("LouverResName", salt + name)
    return amount, b32("LouverResLeaf", customer + le(amount, 8))


def over(left, right):
    total = left[0] + right[0]
    assert total < 2**128
    return total, b32("LouverResNode", le(left[0], 16) + left[1] + le(right[0], 16) + right[1])


def levels(leaves):
    """From the leaves to the top."""
    assert len(leaves) & (len(leaves) - 1) == 0
    made = [leaves]
    while len(made[-1]) > 1:
        below = made[-1]
        made.append([over(below[i], below[i + 1]) for i in range(0, len(below), 2)])
    return made


def subject(genesis, aid, asset, snapshot):
    return genesis + aid + le(asset, 7) + le(snapshot, 4)


def root(about, made):
    total, top = made[-1][0]
    return b32("LouverResRoot", about + le(len(made) - 1, 1) + le(total, 16) + top)


def text(data):
    return le(len(data), 2) + data


def owners_file(about, leaves):
    return b"LVRDEBT\x01" + about + le(len(leaves), 4) + b"".join(text(name) + salt + le(amount, 8) for name, salt, amount in leaves)


def total_file(about, made):
    total, top = made[-1][0]
    return b"LVROWED\x01" + about + le(len(made) - 1, 1) + le(total, 16) + top


def customers_file(about, leaves, made, customer):
    total, top = made[-1][0]
    parts = [index for index, (name, _, _) in enumerate(leaves) if name == customer]
    out = b"LVRINCL\x01" + about + text(customer) + le(len(made) - 1, 1) + le(total, 16) + top + le(len(parts), 4)
    for index in parts:
        _, salt, amount = leaves[index]
        out += le(index, 4) + salt + le(amount, 8)
        for height in range(len(made) - 1):
            total, hashed = made[height][(index >> height) ^ 1]
            out += le(total, 16) + hashed
    return out
