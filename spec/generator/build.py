"""Whole transactions as a wallet builds them, with a proof that a verifier takes. In place of what a wallet draws at random
stand values that follow from a label; and notes and dummies are not shuffled."""

import groth16
import jubjub
import keys
import note as notes
import poseidon
import redjubjub
import scene
import transaction as tx
from note import Note
from primitives import J, b32, fr_bytes, le, to_fl, to_fr
from ristretto import BASE, encode, multiply
from statement import broken_clauses, scalars
from tree import EMPTY_LEAF, EMPTY_ROOTS


def path_of_a_dummy(cm):
    """A path that holds and ends anywhere."""
    path, node = [], cm
    for height in range(len(EMPTY_ROOTS) - 1):
        path.append([EMPTY_ROOTS[height], node, EMPTY_ROOTS[height], EMPTY_LEAF])
        node = poseidon.hash_fr("node", *path[-1])
    return path


def seed_of_note(label, account, address, asset, value, index, rho, memo):
    """[note-rseed]"""
    fields = address.to_bytes() + le(asset, 7) + le(value, 8) + le(index, 1) + fr_bytes(rho)
    return b32("LouverRseed", scene.fill(f"{label} fresh", 32) + account.dummy_root + fields + le(len(memo), 4) + memo)


def real_input(account, pool, note, direction, path, is_fee_asset=0):
    """(nullifier, witness) of a note that an account spends."""
    nk_e = account.epoch_keys(pool, note.address.epoch)[1]
    return notes.nullifier(nk_e, note.cm), {
        "index": note.index, "epoch": note.address.epoch, "is_fee_asset": is_fee_asset, "value": note.value,
        "is_internal": int(direction == "internal"), "pk_d_hash": keys.element_hash(note.address.pk_d),
        "rho": note.rho, "rcm": note.rcm, "path": path,
    }


def dummy(account, rk, kind, slot, part, to=to_fr):
    return to(notes.dummy_value(account.dummy_root, rk, kind, slot, part))


def dummy_input(account, pool, rk, epoch, asset, slot):
    """[dummy]: (nullifier, witness)"""
    pk_d_hash, rho, rcm = (dummy(account, rk, 0, slot, part) for part in range(3))
    _, nk_e, _, tki = account.epoch_keys(pool, epoch)
    tau = poseidon.hash_fr("tag", tki, pk_d_hash)
    cm = poseidon.hash_fr("cm", tau, rho, notes.m_value(0, epoch, asset, 0), rcm)
    return notes.nullifier(nk_e, cm), {
        "index": 0, "epoch": epoch, "is_fee_asset": 0, "value": 0, "is_internal": 1, "pk_d_hash": pk_d_hash, "rho": rho,
        "rcm": rcm, "path": path_of_a_dummy(cm),
    }


def dummy_output(account, rk, epoch, asset, slot, nf_0):
    """[dummy]: (commitment, witness)"""
    tau, rcm = dummy(account, rk, 1, slot, 0), dummy(account, rk, 1, slot, 1)
    cm = poseidon.hash_fr("cm", tau, nf_0, notes.m_value(slot, epoch, asset, 0), rcm)
    return cm, {"tau": tau, "rcm": rcm, "is_fee_asset": 0, "value": 0}


class Payment:
    """A 2x3 transaction of an account, all of one asset.

    `spent`: (note, direction of its address, path). `made`: (address, value, memo, whether it is sealed to the account's
    ovk)."""

    def __init__(self, label, pool, account, epoch, asset, anchor, spent, made, public, fee, pool_id, expiry):
        self.label, self.pool, self.account, self.epoch, self.asset = label, pool, account, epoch, asset
        self.alpha = scene.scalar(f"{label} alpha")
        rk = jubjub.add(account.ak, jubjub.multiply(self.alpha, jubjub.G))
        self.rk = jubjub.encode(rk)
        used = [real_input(account, pool, *what) for what in spent]
        used += [dummy_input(account, pool, self.rk, epoch, asset, slot) for slot in range(len(used), 2)]
        self.nullifiers, self.inputs = [nf for nf, _ in used], [x for _, x in used]
        self.notes, new = [], []
        for index, what in enumerate(made):
            new.append(self._made(index, *what))
        new += [self._dummy_output(slot) for slot in range(len(new), 3)]
        sd = account.epoch_keys(pool, epoch)[2]
        spend_tag = notes.spend_tag(sd, self.nullifiers[0])
        fee_asset = asset if fee else 0
        v_pub = {tx.INTERNAL: 0, tx.DEPOSIT: -1, tx.WITHDRAWAL: 1}[public["tag"]] * public.get("amount", 0)
        statement = {
            "anchor": anchor, "nullifiers": self.nullifiers, "commitments": [cm for cm, _, _ in new], "spend_tag": spend_tag,
            "epoch": epoch, "pool": pool, "rk": rk, "v_pub": v_pub, "asset_pub": public.get("asset", 0), "fee": fee,
            "fee_asset": fee_asset,
        }
        # Of notes of the main asset alone, the fee goes from the main asset to that of the fee, which is the same.
        witness = {"ak": account.ak, "alpha": self.alpha, "nk": account.nk, "main": asset, "exchange": fee,
                   "inputs": self.inputs, "outputs": [x for _, x, _ in new]}
        assert broken_clauses(statement, witness) == set(), label
        self.public_inputs = scalars(statement)
        self.effects = {
            "version": 1, "pool_id": pool_id, "rules_version": 1, "expiry_height": expiry, "shape": 1, "epoch": epoch,
            "memo_bucket": 0, "nullifiers": [fr_bytes(nf) for nf in self.nullifiers], "outputs": [x for _, _, x in new],
            "spend_tag": fr_bytes(spend_tag), "public": public, "fee": fee, "fee_asset": fee_asset, "audit": b"\0",
            "rk": self.rk,
        }

    def _made(self, index, address, value, memo, sealed):
        label, rho = f"{self.label} output {index}", self.nullifiers[0]
        rseed = seed_of_note(label, self.account, address, self.asset, value, index, rho, memo)
        note = Note(address, self.asset, value, index, rho, rseed)
        self.notes.append(note)
        leaf = keys.ggm_node("out", self.account.roots["out"], self.pool, 16, self.epoch)
        wire = notes.encrypt(note, memo, 0, keys.outgoing_key(leaf) if sealed else None)
        wire["out"] = wire["out"] or scene.fill(f"{label} unsealed", 112)
        return note.cm, {"tau": note.address.tau, "rcm": note.rcm, "is_fee_asset": 0, "value": value}, wire

    def _dummy_output(self, slot):
        cm, witness = dummy_output(self.account, self.rk, self.epoch, self.asset, slot, self.nullifiers[0])
        wire = {part: scene.fill(f"{self.label} dummy {slot} {part}", size)
                for part, size in (("compact", 64), ("rest", notes.MEMO_SIZES[0] + 16), ("out", 112))}
        epk = multiply(dummy(self.account, self.rk, 1, slot, 2, to_fl), BASE)
        return cm, witness, {**wire, "cm": fr_bytes(cm), "epk": encode(epk)}

    def sign(self, context, host=lambda message: b""):
        """Fills in proof and signatures; `host` signs the host message for the payer of a deposit."""
        signed = tx.encode_effects(self.effects)
        sighash = tx.sighash(context, signed)
        signature = redjubjub.sign((self.account.ask + self.alpha) % J, sighash, scene.fill(f"{self.label} nonce", 80))
        assert redjubjub.verify(self.rk, sighash, signature)
        inputs = [value for _, value in self.public_inputs]
        self.authorisation = {
            "anchor": fr_bytes(inputs[0]), "proof": groth16.key("2x3").prove(self.label, inputs), "signature": signature,
            "host": host(tx.host_message(sighash)),
        }
        authorisation = tx.encode_authorisation(self.authorisation)
        self.data, self.txid = signed + authorisation, tx.txid(context, signed)
        self.wtxid = tx.wtxid(self.txid, authorisation)
        assert tx.decode(self.data) == (self.effects, self.authorisation)
        return self
