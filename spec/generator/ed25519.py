"""Public keys of Ed25519 (RFC 8032), over the curve of Ristretto255."""

import hashlib

from primitives import integer, le
from ristretto import P, D, SQRT_M1, multiply


def _base():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_M1 % P
    x = x if x % 2 == 0 else P - x
    return x, y, 1, x * y % P


BASE = _base()


def public_key(seed):
    secret = integer(hashlib.sha512(seed).digest()[:32])
    secret = secret & ((1 << 254) - 8) | 1 << 254
    x, y, z, _ = multiply(secret, BASE)
    inverse = pow(z, -1, P)
    return le(y * inverse % P | (x * inverse % P & 1) << 255, 32)
