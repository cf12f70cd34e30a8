"""BLS12-381: the two groups, their encodings and the product of pairings. Small, and slow."""

from primitives import R

P = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
# The absolute value of the curve's parameter, which is negative. All pairings here are the inverses of those that the
# sign would give: of products that are compared with 1 this makes no difference.
PARAMETER = 0xD201000000010000


class NotAPoint(Exception):
    pass


def f2_add(a, b):
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def f2_sub(a, b):
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def f2_mul(a, b):
    return (a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P


def f2_inverse(a):
    scale = pow(a[0] * a[0] + a[1] * a[1], -1, P)
    return a[0] * scale % P, -a[1] * scale % P


def f2_scale(a, k):
    return a[0] * k % P, a[1] * k % P


class Group:
    """A curve y^2 = x^3 + b over a field; a point is (x, y), and None is the identity."""

    def __init__(self, field, b, base):
        (self.plus, self.minus, self.times, self.inverse), self.b, self.base = field, b, base

    def slope(self, p, q):
        """Of the line through two points, or of the tangent; None if it meets the curve nowhere else."""
        if p == q:
            square = self.times(p[0], p[0])
            return self.times(self.plus(square, self.plus(square, square)), self.inverse(self.plus(p[1], p[1])))
        if p[0] == q[0]:
            return None
        return self.times(self.minus(q[1], p[1]), self.inverse(self.minus(q[0], p[0])))

    def add(self, p, q):
        if p is None or q is None:
            return q if p is None else p
        slope = self.slope(p, q)
        if slope is None:
            return None
        x = self.minus(self.minus(self.times(slope, slope), p[0]), q[0])
        return x, self.minus(self.times(slope, self.minus(p[0], x)), p[1])

    def multiply(self, scalar, p):
        total = None
        for bit in bin(scalar)[2:]:
            total = self.add(total, total)
            if bit == "1":
                total = self.add(total, p)
        return total

    def holds(self, p):
        x, y = p
        return self.times(y, y) == self.plus(self.times(self.times(x, x), x), self.b)

    def negative(self, p):
        return p and (p[0], self.minus(self.minus(p[1], p[1]), p[1]))


G1 = Group(
    (lambda a, b: (a + b) % P, lambda a, b: (a - b) % P, lambda a, b: a * b % P, lambda a: pow(a, -1, P)), 4,
    (0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
     0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1))
G2 = Group(
    (f2_add, f2_sub, f2_mul, f2_inverse), (4, 4),
    ((0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
      0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E),
     (0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
      0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE)))


# Encodings, [point-encoding]: a coordinate of the second group has its second part first.

def _parts(coordinate):
    return (coordinate,) if isinstance(coordinate, int) else (coordinate[1], coordinate[0])


def _bytes(coordinate):
    return b"".join(part.to_bytes(48, "big") for part in _parts(coordinate))


def _is_greater(y):
    """Whether y is greater than its negative."""
    return _parts(y) > _parts(tuple(-part % P for part in y) if isinstance(y, tuple) else -y % P)


def compress(p):
    data = bytearray(_bytes(p[0]))
    data[0] |= 0x80 | (0x20 if _is_greater(p[1]) else 0)
    return bytes(data)


def _coordinates(data):
    parts = [int.from_bytes(data[at : at + 48], "big") for at in range(0, len(data), 48)]
    if any(part >= P for part in parts):
        raise NotAPoint("not canonical")
    return parts


def _checked(group, p):
    if not group.holds(p) or group.multiply(R, p) is not None:
        raise NotAPoint("not of the group")
    return p


def uncompressed(data):
    """A point of 96 or 192 bytes."""
    parts = _coordinates(data)
    if len(parts) == 2:
        return _checked(G1, tuple(parts))
    return _checked(G2, ((parts[1], parts[0]), (parts[3], parts[2])))


def decompress(data):
    """A point of 48 or 96 bytes, not the identity."""
    if data[0] & 0xC0 != 0x80:
        raise NotAPoint("not a compressed point, or the identity")
    greater, parts = bool(data[0] & 0x20), _coordinates(bytes([data[0] & 0x1F]) + data[1:])
    group, x = (G1, parts[0]) if len(parts) == 1 else (G2, (parts[1], parts[0]))
    y = _root(group, group.plus(group.times(group.times(x, x), x), group.b))
    if _is_greater(y) != greater:
        y = group.minus(group.minus(y, y), y)
    return _checked(group, (x, y))


def _root(group, square):
    """A square root; of what has none, the caller finds that it is not on the curve."""
    if group is G1:
        return pow(square, (P + 1) // 4, P)
    a, b = square
    norm = pow(a * a + b * b, (P + 1) // 4, P)
    for sign in (norm, -norm):
        half = (a + sign) * pow(2, -1, P) % P
        x = pow(half, (P + 1) // 4, P)
        if x and x * x % P == half:
            return x, b * pow(2 * x, -1, P) % P
    # b is 0 and a is not a square.
    return 0, pow(-a, (P + 1) // 4, P)


# The target: polynomials of degree 5 in w over the second field, with w^6 = 1 + u.
ONE = [(1, 0)] + [(0, 0)] * 5


def _gamma():
    """(1 + u)^((p^2 - 1) / 6), which has no second part."""
    power = (1, 0)
    for bit in bin((P * P - 1) // 6)[2:]:
        power = f2_mul(power, power)
        if bit == "1":
            power = f2_mul(power, (1, 1))
    assert power[1] == 0
    return power[0]


GAMMA = _gamma()


def _f12_mul(a, b):
    product = [(0, 0)] * 11
    for i, x in enumerate(a):
        if x != (0, 0):
            for j, y in enumerate(b):
                if y != (0, 0):
                    product[i + j] = f2_add(product[i + j], f2_mul(x, y))
    return [f2_add(low, f2_mul(high, (1, 1))) for low, high in zip(product, product[6:] + [(0, 0)])]


def _line(slope, t, p):
    """The line of a slope through t at p, times w^3, a factor that the last power takes away."""
    constant = f2_sub(f2_mul(slope, t[0]), t[1])
    return [constant, (0, 0), f2_scale(slope, -p[0]), (p[1], 0), (0, 0), (0, 0)]


def product_is_one(pairs):
    """Whether the product of the pairings of pairs (point of the first group, of the second) is 1."""
    total = ONE
    for p, q in pairs:
        value, t = ONE, q
        for bit in bin(PARAMETER)[3:]:
            value = _f12_mul(_f12_mul(value, value), _line(G2.slope(t, t), t, p))
            t = G2.add(t, t)
            if bit == "1":
                value = _f12_mul(value, _line(G2.slope(t, q), t, p))
                t = G2.add(t, q)
        total = _f12_mul(total, value)
    # The power is (p^12 - 1) / r = (p^6 - 1) (p^2 + 1) (p^4 - p^2 + 1) / r. The p^2-th power multiplies the coefficient of w^i
    # by GAMMA^i, and the p^6-th one turns odd coefficients over: it leaves what has none, and nothing else.
    squared = [f2_scale(x, pow(GAMMA, i, P)) for i, x in enumerate(total)]
    base, power = _f12_mul(squared, total), ONE
    for bit in bin((P**4 - P**2 + 1) // R)[2:]:
        power = _f12_mul(power, power)
        if bit == "1":
            power = _f12_mul(power, base)
    return all(x == (0, 0) for x in power[1::2])
