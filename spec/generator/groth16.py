"""Proofs under the development keys, whose trapdoor everybody can compute, and their verification."""

import functools
import pathlib

import pins
import scene
from aead import chacha20
from bls12_381 import G1, G2, compress, decompress, product_is_one, uncompressed
from primitives import R, b32, to_fr

CODES = {"2x3": 1, "4x4": 2, "8x3": 3, "2x16": 4, "account-keys": 0x21, "note-opening": 0x22,
         "transaction-opening-2": 0x23, "transaction-opening-4": 0x24, "transaction-opening-8": 0x25,
         "address": 0x26, "unspent": 0x27, "holdings": 0x28, "total": 0x29}
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "circuits" / "keys"


class Trapdoor:
    """[development-keys]"""

    def __init__(self, circuit):
        stream = chacha20(b32("LouverDevKeys", circuit.encode("ascii")), 0, bytes(12), bytes(320))
        numbers = (to_fr(stream[at : at + 64]) for at in range(0, 320, 64))
        self.alpha, self.beta, self.gamma, self.delta, self.tau = numbers


class VerifyingKey:
    """[verifying-key-file]: the development key of a circuit. Its `IC` is the one thing in the vectors that this book does
    not give: it depends on every constraint of the circuit, as the pinned hashes do."""

    def __init__(self, circuit):
        self.circuit, self.data = circuit, (FOLDER / f"development-{circuit}.vk").read_bytes()
        assert self.data[:11] == b"LouverVK" + bytes([1, 1, CODES[circuit]])
        self.circuit_hash, at, points = self.data[11:43], 43, []
        for size in (96, 96, 192, 192, 96, 192):
            points.append(uncompressed(self.data[at : at + size]))
            at += size
        self.alpha, self.beta_1, self.beta, self.gamma, self.delta_1, self.delta = points
        count = int.from_bytes(self.data[at : at + 4], "big")
        assert len(self.data) == at + 4 + 96 * count
        self.terms = {}
        self.ic = [uncompressed(self.data[at + 4 + 96 * i :][:96]) for i in range(count)]
        self._is_that_of(Trapdoor(circuit))
        assert self.file_hash().hex() == pins.hashes(circuit)["verifying"]

    def _is_that_of(self, trapdoor):
        assert self.alpha == G1.multiply(trapdoor.alpha, G1.base)
        for name in ("beta", "gamma", "delta"):
            assert getattr(self, name) == G2.multiply(getattr(trapdoor, name), G2.base), name
        assert self.beta_1 == G1.multiply(trapdoor.beta, G1.base)
        assert self.delta_1 == G1.multiply(trapdoor.delta, G1.base)

    def file_hash(self):
        return b32("LouverKeyFile", self.data)

    def _sum(self, inputs):
        assert len(inputs) + 1 == len(self.ic)
        total = self.ic[0]
        for place, value in enumerate(inputs, 1):
            total = G1.add(total, self._term(place, value % R))
        return total

    def _term(self, place, value):
        """[value] IC_place, computed once: many proofs share most of their inputs."""
        if (place, value) not in self.terms:
            self.terms[place, value] = G1.multiply(value, self.ic[place])
        return self.terms[place, value]

    def prove(self, label, inputs):
        """[proof-encoding]: a proof of a true statement, by the trapdoor. It is distributed as those of a prover who has the
        witness: `a` and `b` of a proof are random, and the equation leaves one `C`."""
        trapdoor = Trapdoor(self.circuit)
        a, b = scene.element(f"{label} a"), scene.element(f"{label} b")
        inverse = pow(trapdoor.delta, -1, R)
        c = G1.add(G1.multiply((a * b - trapdoor.alpha * trapdoor.beta) * inverse % R, G1.base),
                   G1.multiply(-trapdoor.gamma * inverse % R, self._sum(inputs)))
        proof = compress(G1.multiply(a, G1.base)) + compress(G2.multiply(b, G2.base)) + compress(c)
        assert self.verify(inputs, proof)
        return proof

    def verify(self, inputs, proof):
        """The equation of [proof-encoding]."""
        a, b, c = decompress(proof[:48]), decompress(proof[48:144]), decompress(proof[144:])
        return product_is_one([(G1.negative(a), b), (self.alpha, self.beta), (self._sum(inputs), self.gamma), (c, self.delta)])


@functools.cache
def key(circuit):
    """The development key of a circuit, read once."""
    return VerifyingKey(circuit)
