"""The Jubjub curve -u^2 + v^2 = 1 + d u^2 v^2 over the BLS12-381 scalar field, as affine points (u, v)."""

from primitives import J, R, integer, le

D = (-10240 * pow(10241, -1, R)) % R
IDENTITY = (0, 1)


class NotAPoint(Exception):
    """Why 32 bytes are no acceptable point; `fault` is the protocol's name for it."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


def sqrt(x):
    """A square root modulo R (Tonelli-Shanks, 2-adicity 32, non-residue 7), or None."""
    if x == 0:
        return 0
    if pow(x, (R - 1) // 2, R) != 1:
        return None
    q, s = R - 1, 0
    while q % 2 == 0:
        q, s = q // 2, s + 1
    m, c, t, root = s, pow(7, q, R), pow(x, q, R), pow(x, (q + 1) // 2, R)
    while t != 1:
        i, probe = 0, t
        while probe != 1:
            probe, i = probe * probe % R, i + 1
        b = pow(c, 1 << (m - i - 1), R)
        m, c, t, root = i, b * b % R, t * b * b % R, root * b % R
    return root


def add(p, q):
    (u1, v1), (u2, v2) = p, q
    k = D * u1 * u2 * v1 * v2 % R
    u = (u1 * v2 + v1 * u2) * pow(1 + k, -1, R)
    v = (v1 * v2 + u1 * u2) * pow(1 - k, -1, R)
    return (u % R, v % R)


def negate(p):
    return (-p[0] % R, p[1])


def multiply(scalar, p):
    """[scalar] p for any non-negative integer, in projective coordinates (X, Y, Z)."""
    x1, y1, z1 = 0, 1, 1
    px, py = p
    for bit in bin(scalar)[2:]:
        x1, y1, z1 = _add_projective(x1, y1, z1, x1, y1, z1)
        if bit == "1":
            x1, y1, z1 = _add_projective(x1, y1, z1, px, py, 1)
    inverse = pow(z1, -1, R)
    return (x1 * inverse % R, y1 * inverse % R)


def _add_projective(x1, y1, z1, x2, y2, z2):
    a = z1 * z2 % R
    b = a * a % R
    c, d = x1 * x2 % R, y1 * y2 % R
    e = D * c % R * d % R
    f, g = (b - e) % R, (b + e) % R
    x3 = a * f % R * ((x1 + y1) * (x2 + y2) - c - d) % R
    y3 = a * g % R * (d + c) % R
    return x3, y3, f * g % R


def encode(p):
    """v little-endian, with the lowest bit of u as the top bit."""
    return le(p[1] | (p[0] & 1) << 255, 32)


def decode(data):
    """The point of a canonical encoding, of any order."""
    number = integer(data)
    sign, v = number >> 255, number & ((1 << 255) - 1)
    if v >= R:
        raise NotAPoint("NonCanonicalPoint")
    u = sqrt((v * v - 1) * pow(1 + D * v * v, -1, R) % R)
    if u is None:
        raise NotAPoint("NotOnCurve")
    if u == 0 and sign:
        raise NotAPoint("NonCanonicalPoint")
    return (u if u & 1 == sign else R - u, v)


def is_small_order(p):
    return multiply(8, p) == IDENTITY


def decode_subgroup(data):
    """The point of a canonical encoding, in the prime-order subgroup and not the identity."""
    p = decode(data)
    if is_small_order(p):
        raise NotAPoint("SmallOrder")
    if multiply(J, p) != IDENTITY:
        raise NotAPoint("NotInSubgroup")
    return p


# The spend-authorisation base of Sapling's RedJubjub.
G = decode(bytes.fromhex("30b5f2aaad325630bcdddbce4d67656d05fd1cc2d037bb5375b6e96d9e01a1d7"))
