"""proofs.json: development keys with their trapdoors; proofs that hold, those of the project's prover among them; and proofs
that do not."""

import json
import pathlib

import groth16
import scene
from bls12_381 import G1, G2, P, NotAPoint, compress, decompress
from cases_chain import chain_of_vectors
from cases_disclosure import grants_cases, packages_cases
from disclosure import Opening, transaction_opening
from primitives import R, fr_bytes

# Written by `cargo run -p louver-circuits --example vectors`: the prover's proofs, checked here and in the tests of the code.
PROVER = pathlib.Path(__file__).resolve().parent / "prover.json"


def _off_the_curve():
    x = 1
    while True:
        square = (x**3 + 4) % P
        if pow(square, (P - 1) // 2, P) == P - 1:
            return (x | 1 << 383).to_bytes(48, "big")
        x += 1


def _outside_the_subgroup():
    x = 1
    while True:
        data = (x | 1 << 383).to_bytes(48, "big")
        y = pow(x**3 + 4, (P + 1) // 4, P)
        if y * y % P == (x**3 + 4) % P and G1.multiply(R, (x, y)) is not None:
            return data
        x += 1


def _variants(label, key, inputs, proof):
    """(name, inputs, proof, whether it holds)"""
    a, b, c = decompress(proof[:48]), decompress(proof[48:144]), decompress(proof[144:])

    def of(a, b, c):
        return compress(a) + compress(b) + compress(c)

    factor = scene.element(f"{label} factor")
    other_a = G1.multiply(factor, a)
    other_b = G2.multiply(pow(factor, -1, R), b)
    changed = [*inputs[:-1], inputs[-1] + 1]
    # (A, B + t delta, C + t A) is a proof of the same statement, too.
    shifted = G1.add(c, G1.multiply(factor, a))
    shift = G2.add(b, G2.multiply(factor, key.delta))
    return [
        ("as made", inputs, proof, True),
        ("another proof, (z A, B/z, C)", inputs, of(other_a, other_b, c), True),
        ("another proof, (A, B + t delta, C + t A)", inputs, of(a, shift, shifted), True),
        ("z A without B/z", inputs, of(other_a, b, c), False),
        ("A and C exchanged", inputs, of(c, b, a), False),
        ("A turned over", inputs, of(G1.negative(a), b, c), False),
        ("the last input plus 1", changed, proof, False),
        ("two inputs exchanged", [inputs[1], inputs[0], *inputs[2:]], proof, False),
        ("A is the identity", inputs, b"\xc0" + bytes(47) + proof[48:], False),
        ("B is the identity", inputs, proof[:48] + b"\xc0" + bytes(95) + proof[144:], False),
        ("C is the identity", inputs, proof[:144] + b"\xc0" + bytes(47), False),
        ("A without the flag of compression", inputs, bytes([proof[0] & 0x7F]) + proof[1:], False),
        ("x of A is the modulus", inputs, (P | 1 << 383).to_bytes(48, "big") + proof[48:], False),
        ("C is not on the curve", inputs, proof[:144] + _off_the_curve(), False),
        ("C is outside the subgroup", inputs, proof[:144] + _outside_the_subgroup(), False),
        ("zeros", inputs, bytes(192), False),
    ]


def _holds(key, inputs, proof):
    try:
        return key.verify(inputs, proof)
    except NotAPoint:
        return False


def _circuit(circuit, label, inputs, proof, made):
    key, trapdoor = groth16.key(circuit), groth16.Trapdoor(circuit)
    cases = _variants(label, key, inputs, proof)
    cases += [(f"of the prover, {i}", theirs, data, True) for i, (theirs, data) in enumerate(made)]
    for name, some, data, valid in cases:
        assert _holds(key, some, data) == valid, (circuit, name)
    return {
        "circuit": circuit, "verifying_key": key.data.hex(), "hash": key.file_hash().hex(),
        "circuit_hash": key.circuit_hash.hex(),
        "trapdoor": {name: fr_bytes(getattr(trapdoor, name)).hex() for name in ("alpha", "beta", "gamma", "delta", "tau")},
        "inputs": [fr_bytes(x % R).hex() for x in inputs],
        "cases": [{"name": name, "inputs": None if some == inputs else [fr_bytes(x % R).hex() for x in some],
                   "proof": data.hex(), "valid": valid} for name, some, data, valid in cases]}


def proofs_cases():
    made = {}
    for one in json.loads(PROVER.read_text(encoding="ascii")):
        inputs = [int.from_bytes(bytes.fromhex(x), "little") for x in one["inputs"]]
        made.setdefault(one["circuit"], []).append((inputs, bytes.fromhex(one["proof"])))

    def of(statement):
        return [int.from_bytes(bytes.fromhex(x), "little") for x in statement]

    chain, _, payment = chain_of_vectors()
    opened = transaction_opening(Opening("proofs", scene.account(), chain.pool), payment)
    two = "transaction-opening-2"
    grant, package = grants_cases()["grants"][1], packages_cases()["packages"][0]
    grant_proof = bytes.fromhex(grant["bytes"])[-64 - 192 : -64]
    shown = package["items"][0]
    known = [
        ("2x3", [x % R for _, x in payment.public_inputs], payment.authorisation["proof"]),
        ("account-keys", of(grant["statements"][0]), grant_proof),
        ("note-opening", of(shown["statement"]), bytes.fromhex(shown["bytes"])[-192:]),
        (two, opened, groth16.key(two).prove("opening", opened)),
    ]
    assert set(made) == {circuit for circuit, _, _ in known}
    return {"circuits": [_circuit(circuit, f"proofs {circuit}", inputs, proof, made[circuit])
                         for circuit, inputs, proof in known]}
