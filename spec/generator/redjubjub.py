"""RedJubjub signatures with Sapling's parameters for spend authorisation."""

from jubjub import G, NotAPoint, add, decode, encode, is_small_order, multiply, negate
from primitives import J, b64, fj_bytes, integer, to_fj


def challenge(*parts):
    return to_fj(b64("Zcash_RedJubjubH", b"".join(parts)))


def sign(secret, message, randomness):
    """A signature by `secret` (an integer below J) with 80 bytes of randomness."""
    assert len(randomness) == 80
    key = encode(multiply(secret, G))
    nonce = challenge(randomness, key, message)
    commitment = encode(multiply(nonce, G))
    response = (nonce + challenge(commitment, key, message) * secret) % J
    return commitment + fj_bytes(response)


def verify(key, message, signature):
    """Whether [8]([s]G - [c]key - R) is the identity, with R and s canonical."""
    try:
        point, commitment = decode(key), decode(signature[:32])
    except NotAPoint:
        return False
    response = integer(signature[32:])
    if response >= J:
        return False
    scalar = challenge(signature[:32], key, message)
    difference = add(multiply(response, G), negate(add(multiply(scalar, point), commitment)))
    return is_small_order(difference)
