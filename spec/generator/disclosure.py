"""The statements of disclosure, grants and packages."""

import ed25519
import groth16
import jubjub
import keys
import note as notes
import poseidon
import redjubjub
import scene
import x25519
from primitives import J, b32, b64, fr_bytes, le, to_fj
from ristretto import encode

BITS = {"incoming": 1, "change": 2, "outgoing": 4, "spends": 8, "detection": 16}
EPOCHS_PER_PROOF = 16
PAID, RECEIVED, FROM_ITSELF = 1, 2, 3
FULL, AMOUNT, AT_LEAST, CROSSING = 1, 2, 3, 4


class Opening:
    """[account-opening]: an account under a key of its own for one file."""

    def __init__(self, label, account, pool):
        self.account, self.pool = account, pool
        # An account takes its dummy root in, so that the key does not hang on random numbers alone.
        self.alpha = to_fj(b64("LouverAlpha", scene.fill(f"{label} alpha", 64) + account.dummy_root))
        rk = jubjub.add(account.ak, jubjub.multiply(self.alpha, jubjub.G))
        self.rk = jubjub.encode(rk)
        self.aid = account.aid(pool)
        self.inputs = [self.aid, *rk, pool]

    def sign(self, label, message):
        return redjubjub.sign((self.account.ask + self.alpha) % J, message, scene.fill(f"{label} nonce", 80))


def text(words):
    data = words.encode("utf-8")
    return le(len(data), 2) + data


def envelope(label, opening, kind, genesis_hash, pool_id, about, body):
    """[envelope], signed. `about`: reader, recipient (or none), nonce, purpose, and the times it was issued and expires."""
    contents = b"".join([
        kind, genesis_hash, le(pool_id, 4), fr_bytes(opening.aid), opening.rk, text(about["reader"]), text(about["recipient"] or ""),
        about["nonce"], text(about["purpose"]), le(about["issued"], 8), le(about["expires"], 8), body])
    return contents + opening.sign(label, b32("LouverEnvelope", contents))


def reader_key(secret):
    """[reader-signature]: the seed of the Ed25519 key of the holder of an `age` key."""
    return b32("LouverReaderSign", x25519.secret_key(secret).encode())


def challenge(secret, genesis_hash, pool_id, name, nonce, made, demand):
    """[challenge], with its signature. `demand`: its bytes."""
    seed = reader_key(secret)
    contents = b"".join([b"LVASKED\1", genesis_hash, le(pool_id, 4), text(name), text(x25519.recipient(secret)),
                         ed25519.public_key(seed), nonce, le(made, 8), demand])
    return contents + ed25519.sign(seed, b32("LouverChallenge", contents))


def receipt(secret, name, envelope, head, made, conclusion, sentences):
    """[receipt], with its signature. `head`: genesis hash, height, hash and time; `sentences`: label and text of each."""
    seed = reader_key(secret)
    genesis_hash, height, block_hash, time = head
    # The nonce comes after the kind, genesis, pool, account, `rk`, name and recipient.
    at = 8 + 32 + 4 + 32 + 32
    for _ in range(2):
        at += 2 + int.from_bytes(envelope[at : at + 2], "little")
    contents = b"".join([b"LVRCEPT\1", ed25519.public_key(seed), text(name), envelope[:8], b32("LouverEnvHash", envelope),
                         envelope[at : at + 32], genesis_hash, le(height, 4), block_hash, le(time, 8), le(made, 8), le(conclusion, 1),
                         le(len(sentences), 4), *(le(label, 1) + text(words) for label, words in sentences)])
    return contents + ed25519.sign(seed, b32("LouverReceipt", contents))


def account_keys(opening, epochs, directions):
    """[grant-keys]: the public inputs of each proof."""
    granted = [int(name in directions) for name in ("incoming", "change", "spends", "detection")]
    statements = []
    for first in range(0, len(epochs), EPOCHS_PER_PROOF):
        inputs, some = list(opening.inputs), epochs[first : first + EPOCHS_PER_PROOF]
        for k in range(EPOCHS_PER_PROOF):
            epoch = some[min(k, len(some) - 1)]
            flags = granted if k < len(some) else [0] * 4
            tkx, nk_e, sd, tki = opening.account.epoch_keys(opening.pool, epoch)
            inputs.append(epoch)
            for flag, key in zip(flags, (tkx, tki, nk_e, sd)):
                inputs += [flag, flag * key]
        statements.append(inputs)
    return statements


def grant(label, account, genesis_hash, pool_id, epochs, directions, about):
    """[grant], with its signature: (bytes, statements)."""
    pool = keys.pool_tag(genesis_hash, pool_id)
    opening = Opening(label, account, pool)
    first, last = epochs[0], epochs[-1]
    parts = [le(first, 2), le(last, 2), le(sum(BITS[name] for name in directions), 1)]
    views = {"incoming": "external", "change": "internal", "outgoing": "out"}
    parts += [keys.cover_bytes(view, account.roots[view], pool, first, last) for name, view in views.items() if name in directions]
    for epoch in epochs:
        tkx, nk_e, sd, tki = account.epoch_keys(pool, epoch)
        named = {"incoming": tkx, "change": tki, "spends": nk_e, "detection": sd}
        parts += [fr_bytes(key) for name, key in named.items() if name in directions]
    statements = account_keys(opening, epochs, directions)
    proofs = [groth16.key("account-keys").prove(f"{label} {i}", inputs) for i, inputs in enumerate(statements)]
    body = b"".join([*parts, *proofs])
    return envelope(label, opening, b"LVGRANT\3", genesis_hash, pool_id, about, body), statements


def note_opening(opening, output, note, part, detail, threshold=0):
    """[note-opening]: the public inputs of what an item says of an output.

    `note`: tau, h(pk_d), asset, value and rcm of the output, and whether its address is internal. `output`: what the ledger
    has of it."""
    paid, received, own = int(part == PAID), int(part != PAID), int(part == FROM_ITSELF)
    f_tau, f_amount = int(detail == FULL), int(detail in (FULL, AMOUNT))
    f_pk_d, f_asset = f_tau * received, int(detail != CROSSING)
    least = threshold if detail == AT_LEAST else 0
    # The clauses, in their order.
    tkx, _, sd, tki = opening.account.epoch_keys(opening.pool, output["epoch"])
    made_it = notes.spend_tag(sd, output["nf_0"]) == output["st"]
    is_its_own = poseidon.hash_fr("tag", tki if note["internal"] else tkx, note["pk_d_hash"]) == note["tau"]
    m = notes.m_value(output["index"], output["epoch"], note["asset"], note["value"])
    assert poseidon.hash_fr("cm", note["tau"], output["nf_0"], m, note["rcm"]) == output["cm"]
    assert made_it if paid else is_its_own and own == made_it
    assert note["value"] >= least
    return [*opening.inputs, output["epoch"], output["nf_0"], output["st"], output["cm"], output["index"], paid, received, own,
            f_tau, f_tau * note["tau"], f_pk_d, f_pk_d * note["pk_d_hash"], f_asset, f_asset * note["asset"],
            f_amount, f_amount * note["value"], least]


def transaction_opening(opening, payment):
    """[transaction-opening]: the public inputs of all that a transaction spent."""
    account, spent = opening.account, []
    for note, nf in zip(payment.inputs, payment.nullifiers):
        tkx, nk_e, _, tki = account.epoch_keys(opening.pool, note["epoch"])
        tau = poseidon.hash_fr("tag", tki if note["is_internal"] else tkx, note["pk_d_hash"])
        cm = poseidon.hash_fr("cm", tau, note["rho"], notes.m_value(note["index"], note["epoch"], payment.asset, note["value"]),
                              note["rcm"])
        # The clauses, but for that of the account.
        assert notes.nullifier(nk_e, cm) == nf and note["epoch"] < 1 << 16
        spent += [nf, cm]
    st = int.from_bytes(payment.effects["spend_tag"], "little")
    assert notes.spend_tag(account.epoch_keys(opening.pool, payment.epoch)[2], payment.nullifiers[0]) == st
    return [*opening.inputs, payment.epoch, st, *spent]


def note_of(note):
    """What `note_opening` takes of a note to an external or internal address."""
    return {"tau": note.address.tau, "pk_d_hash": keys.element_hash(note.address.pk_d), "asset": note.asset,
            "value": note.value, "rcm": note.rcm}


def item(label, opening, payment, height, index, note, part, detail, threshold=0):
    """An item of [package]: (bytes, statement). `note`: a note, or the fields of a dummy."""
    effects = payment.effects
    output = {"epoch": effects["epoch"], "nf_0": payment.nullifiers[0], "st": int.from_bytes(effects["spend_tag"], "little"),
              "cm": int.from_bytes(effects["outputs"][index]["cm"], "little"), "index": index}
    fields = note if isinstance(note, dict) else note_of(note)
    fields = {"internal": False, **fields}
    inputs = note_opening(opening, output, fields, part, detail, threshold)
    data = [le(part, 1), le(detail, 1), le(height, 4), payment.txid, le(index, 1)]
    if detail != CROSSING:
        data += [le(fields["asset"], 7), le(threshold if detail == AT_LEAST else fields["value"], 8)]
    if detail == FULL:
        data += [note.address.diversifier, encode(note.address.pk_d), fr_bytes(note.address.tau), note.rseed]
    return b"".join(data) + groth16.key("note-opening").prove(label, inputs), inputs


def package(label, opening, genesis_hash, pool_id, about, items):
    """[package], with its signature."""
    body = b"".join([le(len(items), 4), *items])
    return envelope(label, opening, b"LVDISCL\3", genesis_hash, pool_id, about, body)
