"""Ed25519 (RFC 8032), over the curve of Ristretto255."""

import hashlib

from primitives import L, integer, le
from ristretto import P, D, IDENTITY, SQRT_M1, add, multiply


def _base():
    y = 4 * pow(5, -1, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_M1 % P
    x = x if x % 2 == 0 else P - x
    return x, y, 1, x * y % P


BASE = _base()


def _clamped(digest):
    return integer(digest[:32]) & ((1 << 254) - 8) | 1 << 254


def encode(point):
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return le(y * inverse % P | (x * inverse % P & 1) << 255, 32)


def public_key(seed):
    return encode(multiply(_clamped(hashlib.sha512(seed).digest()), BASE))


def sign(seed, message):
    """The signature of a message, 64 bytes."""
    digest = hashlib.sha512(seed).digest()
    secret, public = _clamped(digest), public_key(seed)
    nonce = integer(hashlib.sha512(digest[32:] + message).digest()) % L
    commitment = encode(multiply(nonce, BASE))
    return commitment + le((nonce + challenge(commitment, public, message) * secret) % L, 32)


def decode(data):
    """The point of an encoding, canonical or not; None if there is none."""
    number = integer(data)
    y, sign = (number & (1 << 255) - 1) % P, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_M1 % P
    if x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x % 2 != sign else x
    return x, y, 1, x * y % P


def _is_small(point):
    return encode(multiply(8, point)) == encode(IDENTITY)


def challenge(commitment, public, message):
    return integer(hashlib.sha512(commitment + public + message).digest()) % L


def verify(public, message, signature):
    """[ed25519]"""
    commitment, response = signature[:32], integer(signature[32:])
    key, point = decode(public), decode(commitment)
    if response >= L or key is None or point is None or _is_small(key) or _is_small(point):
        return False
    x, y, z, t = multiply(challenge(commitment, public, message), key)
    return commitment == encode(add(multiply(response, BASE), (-x % P, y, z, -t % P)))


def secret_scalar(seed):
    return _clamped(hashlib.sha512(seed).digest())


def torsion():
    """A point of order 8."""
    y = 2
    while True:
        point = decode(le(y, 32))
        if point is not None:
            small = multiply(L, point)
            if encode(multiply(4, small)) != encode(IDENTITY):
                return small
        y += 1
