"""Threshold keys and the auditors of a pool: [frost-keygen], [committee], [partial-decryption], [opening-log]."""

from itertools import count

import ed25519
import jubjub
import poseidon
import x25519
from disclosure import reader_key, text
from jubjub import G, add, encode, multiply
from primitives import J, R, b32, b64, fj_bytes, fr_bytes, le, to_fj


def h_id(message):
    return to_fj(b64("LouverFrost_id", message))


def h_dkg(message):
    return to_fj(b64("LouverFrost_dkg", message))


def total(points):
    result = jubjub.IDENTITY
    for point in points:
        result = add(result, point)
    return result


class Terms:
    def __init__(self, purpose, threshold, keys):
        assert keys == sorted(keys)
        self.bytes = purpose + bytes([threshold, len(keys)]) + b"".join(keys)
        self.hash = b32("LouverFrostTerms", self.bytes)
        self.threshold, self.size = threshold, len(keys)

    def identifier(self, member):
        return h_id(self.hash + bytes([member]))


def evaluate(polynomial, at):
    return sum(coefficient * pow(at, k, J) for k, coefficient in enumerate(polynomial)) % J


def parts(terms, member, polynomial, nonce):
    """[frost-commitment]: what the transcript has of a member."""
    points = [encode(multiply(coefficient, G)) for coefficient in polynomial]
    r = encode(multiply(nonce, G))
    challenge = h_dkg(fj_bytes(terms.identifier(member)) + points[0] + r)
    return bytes([len(points)]) + b"".join(points) + r + fj_bytes((nonce + challenge * polynomial[0]) % J)


class Key:
    """A generated key, by the polynomials of its members and their Ed25519 seeds."""

    def __init__(self, terms, polynomials, nonces, seeds):
        members = range(1, terms.size + 1)
        self.terms = terms
        self.parts = [parts(terms, i, f, k) for i, f, k in zip(members, polynomials, nonces)]
        self.transcript = b32("LouverFrostTrans", terms.bytes + b"".join(self.parts))
        done = b32("LouverFrostDone", self.transcript)
        self.entry = terms.bytes + b"".join(part + ed25519.sign(seed, done) for part, seed in zip(self.parts, seeds))
        self.shares = [sum(evaluate(f, terms.identifier(i)) for f in polynomials) % J for i in members]
        self.secret = sum(f[0] for f in polynomials) % J
        self.point = multiply(self.secret, G)
        self.verifying = [multiply(share, G) for share in self.shares]

    def commitment(self, member, seed):
        contents = self.terms.hash + bytes([member]) + self.parts[member - 1]
        return contents + ed25519.sign(seed, b32("LouverFrostRnd1", contents))

    def deal(self, polynomials, member, to, seed):
        share = fj_bytes(evaluate(polynomials[member - 1], self.terms.identifier(to)))
        contents = self.transcript + bytes([member, to]) + share
        return contents + ed25519.sign(seed, b32("LouverFrostRnd2", contents))

    def factor(self, member, members):
        own, result = self.terms.identifier(member), 1
        for other in (self.terms.identifier(i) for i in members if i != member):
            result = result * other * pow(other - own, -1, J) % J
        return result


def _members(members):
    described = (ed25519.public_key(reader_key(secret)) + text(name) + text(x25519.recipient(secret)) for secret, name in members)
    return bytes([len(members)]) + b"".join(described)


def committee(genesis, pool, number, threshold, members):
    """[committee-terms]. `members`: (secret of the age key, name), in the order of their signing keys."""
    return b"LVCOMIT\1" + genesis + le(pool, 4) + le(number, 4) + bytes([threshold]) + _members(members)


def roster(members):
    """[committee-roster]"""
    return b32("LouverRoster", _members(members))


def purpose(genesis, pool, number, roster_hash):
    """[committee-roster]"""
    return b32("LouverCommittee", genesis + le(pool, 4) + le(number, 4) + roster_hash)


def keystream(shared, nf_0, length):
    blocks = (poseidon.lanes("aud", *shared, nf_0, i)[1:] for i in range((length + 3) // 4))
    return [element for block in blocks for element in block][:length]


def is_wide(s):
    """Whether the circuit multiplies by it: [audit-secret]."""
    return (s if s % 2 else J - s) >= 1 << 251


def encrypt(key, rk, nf_0, plaintext, fresh):
    """[audit-ciphertext] with the secret of [audit-secret]."""
    said = b"".join(map(fr_bytes, plaintext))
    tries = (to_fj(b64("LouverAuditS", fresh + encode(key) + rk + fr_bytes(nf_0) + said + le(i, 4))) for i in count())
    s = next(filter(is_wide, tries))
    stream = keystream(multiply(s, key), nf_0, len(plaintext))
    body = [(element + key) % R for element, key in zip(plaintext, stream)]
    return s, encode(multiply(s, G)) + bytes([len(body)]) + b"".join(map(fr_bytes, body))


def mandate(genesis, pool, number, transcript, wtxid, height, reader, authority, reason, issued, until):
    name, recipient = reader
    return (b"LVMANDT\1" + genesis + le(pool, 4) + le(number, 4) + transcript + wtxid + le(height, 4) + text(name)
            + text(recipient) + text(authority) + text(reason) + le(issued, 8) + le(until, 8))


def partial(key, genesis, pool, number, member, mandate_hash, wtxid, height, epk, fresh):
    """[partial-decryption] with the nonce of [partial-nonce]."""
    share = key.shares[member - 1]
    point = multiply(share, jubjub.decode(epk))
    statement = (genesis + le(pool, 4) + le(number, 4) + key.transcript + wtxid + le(height, 4) + epk + bytes([member])
                 + mandate_hash + encode(key.verifying[member - 1]) + encode(point))
    nonce = to_fj(b64("LouverPartNonce", fresh + fj_bytes(share) + statement))
    commitments = encode(multiply(nonce, G)) + encode(multiply(nonce, jubjub.decode(epk)))
    challenge = to_fj(b64("LouverPartProof", statement + commitments))
    response = (nonce + challenge * share) % J
    return point, b"LVSHARE\1" + mandate_hash + bytes([member]) + encode(point) + fj_bytes(challenge) + fj_bytes(response)


def record(part):
    """What a log keeps of a part."""
    member, point, proof = part[40:41], part[41:73], part[73:137]
    return part[8:40] + b32("LouverLogShare", member + point) + b32("LouverLogProof", proof)


def log(genesis, pool, seed, records):
    key = ed25519.public_key(seed)
    head = b32("LouverLogStart", genesis + le(pool, 4) + key)
    for entry in records:
        head = b32("LouverLogNext", head + entry)
    contents = genesis + le(pool, 4) + key + le(len(records), 8) + head
    announced = b32("LouverLogHead", contents)
    signed = contents + ed25519.sign(seed, announced)
    return announced, b"LVOPLOG\1" + signed + le(len(records), 4) + b"".join(records)
