"""notes.json, encryption.json and tree.json."""

import aead
import jubjub
import keys
import note as notes
import poseidon
import ristretto
import scene
import tree as trees
from address import Address
from note import Note
from primitives import b64, fj_bytes, fl_bytes, fr_bytes, le, to_fl, to_fr

EURX, USDX = 1, 2


def make_note(label, direction="external", epoch=2, index=0, address_index=0, asset=EURX, value=1000, account=None):
    incoming = keys.Incoming(account or scene.account(), direction, scene.pool(), epoch)
    rho = scene.element(f"rho {label}")
    return Note(Address(incoming, address_index), asset, value, index, rho, scene.fill(f"rseed {label}", 32))


def note_fields(note):
    """What a note is made of, and what follows from it."""
    address = note.address
    return {
        "pool": le(address.pool, 16).hex(), "epoch": address.epoch, "index": note.index, "d": address.diversifier.hex(),
        "pk_d": ristretto.encode(address.pk_d).hex(), "tau": fr_bytes(address.tau).hex(),
        "asset": note.asset, "value": note.value, "rho": fr_bytes(note.rho).hex(), "rseed": note.rseed.hex(),
        "m": fr_bytes(note.m).hex(), "rcm": fr_bytes(note.rcm).hex(), "esk": fl_bytes(note.esk).hex(),
        "epk": ristretto.encode(note.epk).hex(), "cm": fr_bytes(note.cm).hex(),
    }


def notes_cases():
    account = scene.account()
    wide = (1 << 56) - 1
    settings = [
        dict(), dict(epoch=0), dict(direction="internal"), dict(address_index=5), dict(index=15),
        dict(asset=wide, value=(1 << 64) - 1, index=2, epoch=65535), dict(asset=USDX, value=0, index=1),
    ]
    cases = []
    for i, setting in enumerate(settings):
        note = make_note(f"note {i}", **setting)
        _, nk_e, _, _ = account.epoch_keys(note.address.pool, note.address.epoch)
        cases.append({"direction": setting.get("direction", "external"), **note_fields(note),
                      "nk_e": fr_bytes(nk_e).hex(), "nf": fr_bytes(notes.nullifier(nk_e, note.cm)).hex()})
    tags = []
    for epoch in (0, 2, 65535):
        sd, nf_0 = account.epoch_keys(scene.pool(), epoch)[2], scene.element(f"first nullifier {epoch}")
        tags.append({"sd": fr_bytes(sd).hex(), "nf_0": fr_bytes(nf_0).hex(),
                     "st": fr_bytes(notes.spend_tag(sd, nf_0)).hex()})
    limbs = [(0, 0, 0, 0, 0), (255, 65535, 0, wide, (1 << 64) - 1), (1, 2, 0, 3, 4), (0, 0, 1, 0, 0), (0, 0, 255, 0, 0)]
    messages = [{"index": i, "epoch": e, "class": c, "asset": a, "value": v,
                 "m": fr_bytes(notes.m_value(i, e, a, v, c)).hex()} for i, e, c, a, v in limbs]
    return {"phrase": scene.PHRASES[0], "account": 0, "m": messages, "notes": cases, "spend_tags": tags,
            "dummies": _dummies(account)}


def _dummies(account):
    """Input and output dummies of a build in epoch 2 with main asset EURX."""
    alpha = scene.scalar("dummy alpha")
    rk = jubjub.encode(jubjub.add(account.ak, jubjub.multiply(alpha, jubjub.G)))
    _, nk_e, _, tki = account.epoch_keys(scene.pool(), 2)
    rho_0, cases = scene.element("dummy first nullifier"), []

    def draw(kind, slot, part):
        return notes.dummy_value(account.dummy_root, rk, kind, slot, part)

    def case(kind, slot, index, values, tau, rho, rcm, more):
        m = notes.m_value(index, 2, EURX, 0)
        cm = poseidon.hash_fr("cm", tau, rho, m, rcm)
        named = {name: fr_bytes(x).hex() for name, x in {**values, "tau": tau, "rho": rho, "rcm": rcm, "m": m, "cm": cm}.items()}
        cases.append({"kind": kind, "slot": slot, **named, **more(cm)})

    for slot in (0, 1, 7):
        pk_d_hash, rho, rcm = (to_fr(draw(0, slot, part)) for part in range(3))
        tau = poseidon.hash_fr("tag", tki, pk_d_hash)
        case(0, slot, 0, {"pk_d_hash": pk_d_hash}, tau, rho, rcm,
             lambda cm: {"nf": fr_bytes(notes.nullifier(nk_e, cm)).hex()})
    for slot in (0, 2, 15):
        tau, rcm = to_fr(draw(1, slot, 0)), to_fr(draw(1, slot, 1))
        epk = ristretto.multiply(to_fl(draw(1, slot, 2)), ristretto.BASE)
        case(1, slot, slot, {}, tau, rho_0, rcm, lambda _cm, epk=epk: {"epk": ristretto.encode(epk).hex()})
    return {"pool": le(scene.pool(), 16).hex(), "epoch": 2, "main_asset": EURX, "dummy_root": account.dummy_root.hex(),
            "alpha": fj_bytes(alpha).hex(), "rk": rk.hex(), "first_nullifier": fr_bytes(rho_0).hex(), "cases": cases}


def _wire(output):
    return {name: part.hex() for name, part in output.items()}


def _encryption_case(name, note, memo, bucket, ovk, direction):
    incoming = keys.Incoming(scene.account(), direction, note.address.pool, note.address.epoch)
    output = notes.encrypt(note, memo, bucket, ovk)
    if ovk is None:
        output["out"] = scene.fill(f"unsealed {name}", 112)
    plain = notes.decrypt(incoming.ivk, output["epk"], output["compact"], output["rest"])
    assert plain == note.compact_plaintext() + notes.memo_field(memo, bucket)
    assert notes.decrypt_compact(incoming.ivk, output["epk"], output["compact"]) == note.compact_plaintext()
    if ovk is not None:
        recovered = notes.open_outgoing(ovk, note.cm, output["epk"], output["out"])
        assert recovered == (ristretto.encode(note.address.pk_d), note.esk, note.address.tau)
    return {"name": name, "direction": direction, "ivk": fl_bytes(incoming.ivk).hex(), "dk": incoming.dk.hex(),
            "tk": fr_bytes(incoming.tk).hex(), "note": note_fields(note), "memo_bucket": bucket, "memo": memo.hex(),
            "ovk": ovk.hex() if ovk is not None else None, "plaintext": plain.hex(), "output": _wire(output)}


class _Cheat(Note):
    """A note whose sender swaps parts before sealing."""

    def __init__(self, honest, **changes):
        self.__dict__.update(honest.__dict__)
        self.lead = notes.LEAD
        self.__dict__.update(changes)

    def compact_plaintext(self):
        return self.lead + super().compact_plaintext()[1:]


def _refused():
    """Outputs that open under the receiver's key and must still be refused, or that do not open.

    The whole ciphertext and the outgoing recovery must be refused in every case; `compact`: the compact part too."""
    honest = make_note("cheat")
    account = scene.account()
    ovk = keys.outgoing_key(keys.ggm_node("out", account.roots["out"], scene.pool(), 16, 2))
    esk = to_fl(scene.fill("an esk of the sender's own", 64))
    cases = []

    def case(name, output, compact=True):
        cases.append({"name": name, "compact": compact, "output": _wire(output)})

    def sealed(note, field):
        """Seals a memo field as it stands."""
        output = notes.encrypt(note, b"", 0, ovk)
        key = notes.symmetric_key(ristretto.multiply(note.esk, note.address.pk_d), output["epk"])
        whole = aead.seal(key, note.compact_plaintext() + field)
        return {**output, "compact": whole[:64], "rest": whole[64:]}

    plain = notes.encrypt(honest, b"hello", 0, ovk)
    field = notes.memo_field(b"hello", 0)
    case("lead byte 2", sealed(_Cheat(honest, lead=b"\x02"), field))
    case("lead byte 0", sealed(_Cheat(honest, lead=b"\x00"), field))
    case("esk not of rseed", sealed(_Cheat(honest, esk=esk, epk=ristretto.multiply(esk, honest.address.g_d)), field))
    case("another value than committed", sealed(_Cheat(honest, value=honest.value + 1), field))
    case("another asset than committed", sealed(_Cheat(honest, asset=USDX), field))
    case("another rseed than committed", sealed(_Cheat(honest, rseed=bytes(32)), field))
    case("another commitment", {**plain, "cm": fr_bytes(honest.cm + 1)})
    case("a memo longer than its field", sealed(honest, le(63, 2) + bytes(62)), compact=False)
    case("non-zero memo padding", sealed(honest, le(5, 2) + b"hello" + bytes(56) + b"\1"), compact=False)
    case("a bit of the compact part flipped", {**plain, "compact": bytes([plain["compact"][0] ^ 1]) + plain["compact"][1:]})
    case("a bit of the tag flipped", {**plain, "rest": plain["rest"][:-1] + bytes([plain["rest"][-1] ^ 1])}, compact=False)
    foreign = make_note("cheat", account=scene.account(1))
    case("paid to another account", notes.encrypt(foreign, b"hello", 0, None) | {"out": scene.fill("noise", 112)})
    incoming = keys.Incoming(account, "external", scene.pool(), 2)
    return {"ivk": fl_bytes(incoming.ivk).hex(), "dk": incoming.dk.hex(), "tk": fr_bytes(incoming.tk).hex(),
            "ovk": ovk.hex(), "pool": le(scene.pool(), 16).hex(), "epoch": 2, "index": honest.index,
            "rho": fr_bytes(honest.rho).hex(), "memo_bucket": 0, "cases": cases}


def encryption_cases():
    account = scene.account()
    ovk = keys.outgoing_key(keys.ggm_node("out", account.roots["out"], scene.pool(), 16, 2))
    settings = [
        ("small memo", {}, b"hello", 0, ovk), ("no memo", {"index": 1}, b"", 0, ovk),
        ("full small memo", {"index": 2}, scene.fill("memo 0", 62), 0, ovk),
        ("medium memo", {"value": (1 << 64) - 1}, scene.fill("memo 1", 254), 1, ovk),
        ("large memo", {"asset": (1 << 56) - 1}, scene.fill("memo 2", 1022), 2, ovk),
        ("short text in a large field", {"index": 3}, "Grüße".encode(), 2, ovk),
        ("change", {"direction": "internal", "address_index": 9}, b"", 0, ovk),
        ("sealed to no outgoing key", {}, b"unrecoverable", 0, None),
    ]
    cases = [_encryption_case(name, make_note(f"encryption {name}", **setting), memo, bucket, key,
                              setting.get("direction", "external")) for name, setting, memo, bucket, key in settings]
    return {"phrase": scene.PHRASES[0], "account": 0, "outputs": cases, "refused": _refused()}


def tree_cases():
    kept = sorted({*range(18), 63, 64, 65, 255, 256, 257, 300})
    leaves = [to_fr(b64("LouverVectors", b"leaf" + le(i, 4))) for i in range(kept[-1])]
    tree, roots, paths = trees.Tree(), [], []
    for count in range(kept[-1] + 1):
        if count:
            tree.append(leaves[count - 1])
        if count in kept:
            roots.append({"leaves": count, "root": fr_bytes(tree.root()).hex(), "frontier": tree.frontier().hex()})
        if count in (1, 5, 65, 300):
            for position in sorted({0, count // 2, count - 1}):
                path = tree.path(position)
                assert trees.root_of_path(leaves[position], position, path) == tree.root()
                paths.append({"leaves": count, "position": position, "leaf": fr_bytes(leaves[position]).hex(),
                              "children": [[fr_bytes(x).hex() for x in level] for level in path],
                              "root": fr_bytes(tree.root()).hex()})
    return {"empty_leaf": fr_bytes(trees.EMPTY_LEAF).hex(), "empty_roots": [fr_bytes(x).hex() for x in trees.EMPTY_ROOTS],
            "leaves": [fr_bytes(x).hex() for x in leaves], "roots": roots, "paths": paths}
