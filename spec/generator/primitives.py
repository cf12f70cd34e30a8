"""Field constants, byte conversions and the personalised BLAKE2b of the protocol."""

import hashlib

# The scalar field of BLS12-381, which is also the base field of Jubjub.
R = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
# The order of Jubjub's prime-order subgroup.
J = 0x0E7DB4EA6533AFA906673B0101343B00A6682093CCC81082D0970E5ED6F72CB7
# The order of Ristretto255.
L = 2**252 + 27742317777372353535851937790883648493


def le(value, size):
    """`value` as `size` little-endian bytes."""
    return value.to_bytes(size, "little")


def integer(data):
    """The integer of little-endian bytes."""
    return int.from_bytes(data, "little")


def ascii_integer(text):
    """The little-endian integer of an ASCII string."""
    return integer(text.encode("ascii"))


def personal(text):
    """A personalisation: ASCII or bytes, right-padded with zero bytes to 16."""
    data = text.encode("ascii") if isinstance(text, str) else text
    assert len(data) <= 16
    return data.ljust(16, b"\0")


def b64(person, data):
    return hashlib.blake2b(data, digest_size=64, person=personal(person)).digest()


def b32(person, data):
    return hashlib.blake2b(data, digest_size=32, person=personal(person)).digest()


def to_fr(wide):
    assert len(wide) == 64
    return integer(wide) % R


def to_fj(wide):
    assert len(wide) == 64
    return integer(wide) % J


def to_fl(wide):
    """1 in the place of 0."""
    assert len(wide) == 64
    return integer(wide) % L or 1


def fr_bytes(x):
    assert 0 <= x < R
    return le(x, 32)


def fj_bytes(x):
    assert 0 <= x < J
    return le(x, 32)


def fl_bytes(x):
    assert 0 <= x < L
    return le(x, 32)
