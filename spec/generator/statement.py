"""The transfer statement as a relation: the clauses that public inputs and a witness break."""

import jubjub
import poseidon
from committee import is_wide, keystream
from note import m_value, nullifier, spend_tag
from primitives import R


def shown(public, witness):
    """The elements that auditors see: the account, tag and contents of each output, and the commitments of the inputs."""
    ak, nk, pool, epoch = witness["ak"], witness["nk"], public["pool"], public["epoch"]

    def m(index, e, note):
        return m_value(index, e, public["fee_asset"] if note["is_fee_asset"] else witness["main"], note["value"])

    elements = [poseidon.hash_fr("aid", *ak, nk, pool)]
    for index, note in enumerate(witness["outputs"]):
        elements += [note["tau"], m(index, epoch, note)]
    for note in witness["inputs"]:
        tkx, _, _, tki = poseidon.lanes("acct", *ak, nk, (pool << 16) + note["epoch"])[1:]
        tau = poseidon.hash_fr("tag", tki if note["is_internal"] else tkx, note["pk_d_hash"])
        elements.append(poseidon.hash_fr("cm", tau, note["rho"], m(note["index"], note["epoch"], note), note["rcm"]))
    return elements


def broken_clauses(public, witness):
    """The identifiers of the clauses that do not hold; none for a true statement."""
    broken = set()

    def clause(name, holds):
        if not holds:
            broken.add(name)

    ak, nk, main = witness["ak"], witness["nk"], witness["main"]
    pool, epoch, fee_asset = public["pool"], public["epoch"], public["fee_asset"]

    def keys(e):
        return poseidon.lanes("acct", *ak, nk, (pool << 16) + e)[1:]

    def asset(note):
        return fee_asset if note["is_fee_asset"] else main

    for nf, note in zip(public["nullifiers"], witness["inputs"]):
        ranges = ((note["index"], 8), (note["epoch"], 16), (note["value"], 64), (note["is_fee_asset"], 1),
                  (note["is_internal"], 1))
        clause("transfer-input", all(0 <= x < 1 << bits for x, bits in ranges))
        clause("transfer-input", 0 <= epoch - note["epoch"] < 1 << 16)
        tkx, nk_e, _, tki = keys(note["epoch"])
        tau = poseidon.hash_fr("tag", tki if note["is_internal"] else tkx, note["pk_d_hash"])
        m = m_value(note["index"], note["epoch"], asset(note), note["value"])
        cm = poseidon.hash_fr("cm", tau, note["rho"], m, note["rcm"])
        node = cm
        for children in note["path"]:
            clause("transfer-input", node in children)
            node = poseidon.hash_fr("node", *children)
        clause("transfer-input", note["value"] == 0 or node == public["anchor"])
        clause("transfer-input", nf == nullifier(nk_e, cm))

    clause("transfer-account", jubjub.decode(jubjub.encode(ak)) == ak and not jubjub.is_small_order(ak))
    rk = jubjub.add(ak, jubjub.multiply(witness["alpha"], jubjub.G))
    clause("transfer-account", rk == public["rk"])

    for index, (cm, note) in enumerate(zip(public["commitments"], witness["outputs"])):
        clause("transfer-output", 0 <= note["value"] < 1 << 64 and note["is_fee_asset"] in (0, 1))
        m = m_value(index, epoch, asset(note), note["value"])
        clause("transfer-output", cm == poseidon.hash_fr("cm", note["tau"], public["nullifiers"][0], m, note["rcm"]))

    def net(chosen):
        total = {side: sum(n["value"] for n in witness[side] if n["is_fee_asset"] == chosen) for side in ("inputs", "outputs")}
        return total["inputs"] - total["outputs"]

    x = witness["exchange"]
    clause("transfer-balance", (net(0) - public["v_pub"] - x) % R == 0)
    clause("transfer-balance", (net(1) + x - public["fee"]) % R == 0)
    clause("transfer-balance", x == 0 or main == fee_asset)
    clause("transfer-balance", public["v_pub"] == 0 or main == public["asset_pub"])
    clause("transfer-balance", 0 <= main < 1 << 56)
    clause("transfer-spend-tag", public["spend_tag"] == spend_tag(keys(epoch)[2], public["nullifiers"][0]))
    if "audit" in public:
        audit, s = public["audit"], witness["audit_secret"]
        shared = jubjub.multiply(s, audit["auditor"])
        clause("audited-transfer", is_wide(s) and shared != (0, 1))
        clause("audited-transfer", audit["epk"] == jubjub.multiply(s, jubjub.G))
        said = shown(public, witness)
        stream = keystream(shared, public["nullifiers"][0], len(said))
        clause("audited-transfer", audit["body"] == [(element + key) % R for element, key in zip(said, stream)])
    return broken


def scalars(public):
    """The public inputs in their pinned order, as (name, integer)."""
    named = [("anchor", public["anchor"])]
    named += [(f"nf_{i}", nf) for i, nf in enumerate(public["nullifiers"])]
    named += [(f"cm_{i}", cm) for i, cm in enumerate(public["commitments"])]
    named += [("st", public["spend_tag"]), ("epoch", public["epoch"]), ("pool", public["pool"]),
              ("rk_u", public["rk"][0]), ("rk_v", public["rk"][1]), ("v_pub", public["v_pub"] % R),
              ("asset_pub", public["asset_pub"]), ("fee", public["fee"]), ("fee_asset", public["fee_asset"]), ("ext", 0)]
    if "audit" in public:
        audit = public["audit"]
        named += [("auditor_u", audit["auditor"][0]), ("auditor_v", audit["auditor"][1]),
                  ("epk_u", audit["epk"][0]), ("epk_v", audit["epk"][1])]
        named += [(f"c_{i}", element) for i, element in enumerate(audit["body"])]
    return named
