"""Ristretto255 (RFC 9496) over edwards25519, as points (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""

from primitives import b64, integer, le

P = 2**255 - 19
D = (-121665 * pow(121666, -1, P)) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ONE_MINUS_D_SQUARED = (1 - D * D) % P
D_MINUS_ONE_SQUARED = (D - 1) ** 2 % P
IDENTITY = (0, 1, 1, 0)


class NotAnElement(Exception):
    """Why 32 bytes are no acceptable element; `fault` is the protocol's name for it."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


def negative(x):
    return x % P & 1


def absolute(x):
    return -x % P if negative(x) else x % P


def sqrt_ratio(u, v):
    """(whether u/v is a square, the root of it or of SQRT_M1 u/v that is not negative): section 4.2."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    correct = check == u % P
    flipped = check == -u % P
    flipped_i = check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


# Of the two roots, section 4.1 takes the odd one.
SQRT_AD_MINUS_ONE = P - sqrt_ratio(-D - 1, 1)[1]
INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]


def add(p, q):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = p, q
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, p):
    """[scalar] p for any non-negative integer."""
    total = IDENTITY
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, p)
    return total


def equal(p, q):
    """Section 4.3.3"""
    (x1, y1, _, _), (x2, y2, _, _) = p, q
    return (x1 * y2 - y1 * x2) % P == 0 or (y1 * y2 - x1 * x2) % P == 0


def encode(p):
    """Section 4.3.2"""
    x0, y0, z0, t0 = p
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, root = sqrt_ratio(1, u1 * u2 * u2)
    den1, den2 = root * u1 % P, root * u2 % P
    inverse = den1 * den2 * t0 % P
    x, y, den = x0, y0, den2
    if negative(t0 * inverse):
        x, y, den = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    if negative(x * inverse):
        y = -y % P
    return le(absolute(den * (z0 - y)), 32)


def decode(data):
    """[agreement]: the element of an encoding, and not the identity; section 4.3.1."""
    s = integer(data)
    if s >= P or negative(s):
        raise NotAnElement("NotAnElement")
    u1, u2 = (1 - s * s) % P, (1 + s * s) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    square, root = sqrt_ratio(1, v * u2 * u2)
    den_x = root * u2 % P
    den_y = root * den_x * v % P
    x = absolute(2 * s * den_x)
    y = u1 * den_y % P
    t = x * y % P
    if not square or negative(t) or y == 0:
        raise NotAnElement("NotAnElement")
    if s == 0:
        raise NotAnElement("Identity")
    return x, y, 1, t


def _map(t):
    """MAP of section 4.3.4."""
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQUARED % P
    v = (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    if not square:
        s = -absolute(s * t) % P
    c = -1 if square else r
    n = (c * (r - 1) * D_MINUS_ONE_SQUARED - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P, (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def from_uniform(data):
    """The element that 64 bytes map to; section 4.3.4."""
    halves = (integer(data[i : i + 32]) & ((1 << 255) - 1) for i in (0, 32))
    one, two = (_map(half % P) for half in halves)
    return add(one, two)


BASE = decode(bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"))


def group_hash(diversifier):
    """[group-hash]"""
    return from_uniform(b64("LouverGd", diversifier))
