"""X25519 (RFC 7748), and the text forms of keys of `age`."""

import bech32m
from primitives import integer, le

P = 2**255 - 19


def multiply(scalar, u):
    """Section 5: the Montgomery ladder, by its formulas."""
    scalar = integer(scalar) & ((1 << 255) - 8) | 1 << 254
    x1 = integer(u) % (1 << 255)
    x2, z2, x3, z3 = 1, 0, x1, 1
    for bit in range(254, -1, -1):
        swap = scalar >> bit & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        da, cb, aa, bb = d * a % P, c * b % P, a * a % P, b * b % P
        x3, z3 = pow(da + cb, 2, P), x1 * pow(da - cb, 2, P) % P
        e = aa - bb
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return le(x2 * pow(z2, -1, P) % P, 32)


def public(secret):
    return multiply(secret, le(9, 32))


# [recipient-text]: bech32, whose checksum ends in 1, where bech32m has another constant.

def recipient(secret):
    return bech32m.encode("age", public(secret), 1)


def secret_key(secret):
    return bech32m.encode("age-secret-key-", secret, 1).upper()
