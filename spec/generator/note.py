"""Notes, their commitments and nullifiers, and note encryption."""

import aead
import poseidon
from primitives import R, b32, b64, fl_bytes, fr_bytes, integer, le, to_fl, to_fr
from ristretto import decode as element, encode, multiply

MEMO_SIZES = (64, 256, 1024)
LEAD = b"\x01"


def m_value(index, epoch, asset, value, note_class=0):
    """[note-m]"""
    return (index << 144) + (epoch << 128) + (note_class << 120) + (asset << 64) + value


def nullifier(nk_e, cm):
    """[nullifier]"""
    return poseidon.hash_fr("nf", nk_e, cm)


def spend_tag(sd, nf_0):
    """[spend-tag]"""
    return poseidon.hash_fr("st", sd, nf_0)


class Note:
    """[note]: a note paid to an address as output `index` of a transaction whose first nullifier is `rho`."""

    def __init__(self, address, asset, value, index, rho, rseed):
        self.address, self.asset, self.value, self.index = address, asset, value, index
        self.rho, self.rseed = rho, rseed
        self.m = m_value(index, address.epoch, asset, value)
        fields = b"".join((address.diversifier, encode(address.pk_d), fr_bytes(address.tau), fr_bytes(rho),
                           fr_bytes(self.m)))
        self.rcm = to_fr(b64("LouverRcm", rseed + fields))
        self.esk = to_fl(b64("LouverEsk", rseed + fields))
        self.cm = poseidon.hash_fr("cm", address.tau, rho, self.m, self.rcm)
        self.epk = multiply(self.esk, address.g_d)

    def compact_plaintext(self):
        return LEAD + self.address.diversifier + le(self.asset, 7) + le(self.value, 8) + self.rseed


def memo_field(memo, bucket):
    """[memo]: the length, the content and zeros."""
    size = MEMO_SIZES[bucket]
    assert len(memo) <= size - 2
    return (le(len(memo), 2) + memo).ljust(size, b"\0")


def symmetric_key(shared, epk):
    return b32("LouverKdf", encode(shared) + epk)


def outgoing_cipher_key(ovk, cm, epk):
    return b32("LouverOck", ovk + fr_bytes(cm) + epk)


def encrypt(note, memo, bucket, ovk):
    """The output on the wire: cm, epk, compact, rest, out. Without an ovk the caller brings `out`."""
    epk = encode(note.epk)
    shared = multiply(note.esk, note.address.pk_d)
    sealed = aead.seal(symmetric_key(shared, epk), note.compact_plaintext() + memo_field(memo, bucket))
    out = None
    if ovk is not None:
        plaintext = encode(note.address.pk_d) + fl_bytes(note.esk) + fr_bytes(note.address.tau)
        out = aead.seal(outgoing_cipher_key(ovk, note.cm, epk), plaintext)
    return {"cm": fr_bytes(note.cm), "epk": epk, "compact": sealed[:64], "rest": sealed[64:], "out": out}


def decrypt_compact(ivk, epk, compact):
    """The compact plaintext as a receiver sees it, before the commitment and epk are re-checked."""
    key = symmetric_key(multiply(ivk, element(epk)), epk)
    return aead.chacha20(key, 1, bytes(12), compact)


def decrypt(ivk, epk, compact, rest):
    """The note plaintext, or None."""
    key = symmetric_key(multiply(ivk, element(epk)), epk)
    return aead.open_sealed(key, compact + rest)


def open_outgoing(ovk, cm, epk, out):
    """(pk_d bytes, esk, tau) of the outgoing ciphertext, or None."""
    plaintext = aead.open_sealed(outgoing_cipher_key(ovk, cm, epk), out)
    if plaintext is None:
        return None
    return plaintext[:32], integer(plaintext[32:64]), integer(plaintext[64:])


def dummy_value(dummy_root, rk, kind, slot, part):
    """[dummy]"""
    return b64("LouverDummy", dummy_root + rk + bytes([kind, slot, part]))


def nullifier_in_range(nf):
    return 0 < nf < R - 1
