"""Addresses and the bech32m strings."""

import aes256
import bech32m
import f4jumble
from keys import owner_tag
from primitives import fr_bytes, le
from ristretto import encode, group_hash, multiply


def text(data):
    """[address-text]"""
    return bech32m.encode("lvr", f4jumble.jumble(data))


class Address:
    """[address]: the address of a 128-bit diversifier index under an incoming key."""

    def __init__(self, incoming, index):
        self.pool, self.epoch, self.index = incoming.pool, incoming.epoch, index
        self.diversifier = aes256.encrypt(incoming.dk, le(index, 16))
        self.g_d = group_hash(self.diversifier)
        self.pk_d = multiply(incoming.ivk, self.g_d)
        self.tau = owner_tag(incoming.tk, self.pk_d)

    def to_bytes(self):
        fields = (le(self.pool, 16), le(self.epoch, 2), self.diversifier, encode(self.pk_d), fr_bytes(self.tau))
        return b"".join(fields)

    def __str__(self):
        return text(self.to_bytes())
