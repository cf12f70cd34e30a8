"""codec.json and sighash.json."""

import ed25519
import jubjub
import keys
import note as notes
import redjubjub
import scene
import transaction as tx
from address import Address
from cases_keys import bad_elements, bad_points, small_order_points
from note import Note
from primitives import J, L, R, fj_bytes, fr_bytes, le
from ristretto import IDENTITY, P as P25519, add as ristretto_add, multiply

ISSUER = scene.fill("issuer", 32)
EURX = tx.descriptor(1, "EURX", 2, ISSUER, b"eip155:1/erc20:0x01")
USDX = tx.descriptor(2, "USDX", 6, ISSUER, b"")
DESCRIPTORS = {1: EURX, 2: USDX}
EPOCH = 2


def _outputs(label, count, bucket, nf_0):
    """Real notes to the account's own addresses, the last one a dummy-like output of random ciphertexts."""
    account = scene.account()
    incoming = keys.Incoming(account, "external", scene.pool(), EPOCH)
    ovk = keys.outgoing_key(keys.ggm_node("out", account.roots["out"], scene.pool(), 16, EPOCH))
    outputs = []
    for index in range(count):
        note = Note(Address(incoming, index), 1, 100 + index, index, nf_0, scene.fill(f"{label} rseed {index}", 32))
        output = notes.encrypt(note, b"to output %d" % index, bucket, ovk)
        if index == count - 1:
            output |= {part: scene.fill(f"{label} {part}", len(output[part])) for part in ("compact", "rest", "out")}
        outputs.append(output)
    return outputs


def _public(tag, asset=0, amount=0):
    public = {"tag": tag}
    if tag != tx.INTERNAL:
        public |= {"asset": asset, "amount": amount, "party": scene.fill("transparent account", 32)}
    return public


class Case:
    """A whole transaction, signed by a re-randomised key of the first account; its proof is 192 arbitrary bytes."""

    def __init__(self, name, shape, bucket, public, fee, fee_asset, host=b"", audit=b"\0"):
        account = scene.account()
        _, inputs, outputs = tx.SHAPES[shape]
        nullifiers = [scene.element(f"{name} nullifier {i}") for i in range(inputs)]
        sd = account.epoch_keys(scene.pool(), EPOCH)[2]
        self.name, self.ask = name, account.ask
        self.alpha = scene.scalar(f"{name} alpha")
        self.rk = jubjub.encode(jubjub.multiply((account.ask + self.alpha) % J, jubjub.G))
        self.effects = {
            "version": 1, "pool_id": 0, "rules_version": 1, "expiry_height": 3200, "shape": shape, "epoch": EPOCH,
            "memo_bucket": bucket, "nullifiers": [fr_bytes(nf) for nf in nullifiers],
            "outputs": _outputs(name, outputs, bucket, nullifiers[0]),
            "spend_tag": fr_bytes(notes.spend_tag(sd, nullifiers[0])), "public": public, "fee": fee,
            "fee_asset": fee_asset, "audit": audit, "rk": self.rk,
        }
        descriptors = {asset: tx.descriptor_hash(data) for asset, data in DESCRIPTORS.items()}
        self.context = tx.context(scene.GENESIS[0], descriptors.get(public.get("asset")), descriptors.get(fee_asset))
        self.signed = tx.encode_effects(self.effects)
        self.sighash = tx.sighash(self.context, self.signed)
        signature = redjubjub.sign((self.ask + self.alpha) % J, self.sighash, scene.fill(f"{name} nonce", 80))
        assert redjubjub.verify(self.rk, self.sighash, signature)
        self.authorisation = {"anchor": fr_bytes(scene.element(f"{name} anchor")),
                              "proof": scene.fill(f"{name} proof", 192), "signature": signature, "host": host}
        self.data = self.encode()
        assert tx.decode(self.data) == (self.effects, self.authorisation)

    def encode(self, effects=None, authorisation=None, output=None):
        """The bytes with some effects, some of the authorisation or parts of output 1 replaced."""
        changed = self.effects | (effects or {})
        if output:
            changed["outputs"] = list(changed["outputs"])
            changed["outputs"][1] = changed["outputs"][1] | output
        return tx.encode_effects(changed) + tx.encode_authorisation(self.authorisation | (authorisation or {}))


def _cases():
    return [
        Case("internal 2x3", 1, 0, _public(tx.INTERNAL), 5, 1),
        Case("deposit 2x3, fee on the host's side", 1, 0, _public(tx.DEPOSIT, 1, 1000), 0, 0, scene.fill("host", 64)),
        Case("withdrawal 2x3, fee in another asset", 1, 1, _public(tx.WITHDRAWAL, 1, (1 << 64) - 1), 7, 2),
        Case("internal 4x4", 2, 1, _public(tx.INTERNAL), (1 << 64) - 1, 2),
        Case("withdrawal 8x3", 3, 2, _public(tx.WITHDRAWAL, 2, 1), 5, 1),
        Case("deposit 2x16", 4, 0, _public(tx.DEPOSIT, 2, 123456), 9, 2, scene.fill("host", 256)),
        Case("no fee 2x3", 1, 0, _public(tx.INTERNAL), 0, 0),
    ]


def _audited():
    """Transactions of audited pools: the ciphertexts are of arbitrary elements, under key number 7."""

    def audit(name, elements):
        epk = jubjub.encode(jubjub.multiply(scene.scalar(f"{name} epk"), jubjub.G))
        body = b"".join(fr_bytes(scene.element(f"{name} element {i}")) for i in range(elements))
        return b"\1" + le(7, 4) + epk + bytes([elements]) + body

    return [
        Case("internal audited-2x3", 5, 0, _public(tx.INTERNAL), 5, 1, audit=audit("audited 2x3", 9)),
        Case("withdrawal audited-2x16", 6, 0, _public(tx.WITHDRAWAL, 1, 70), 5, 1, audit=audit("audited 2x16", 35)),
    ]


def _valid(case, auditor=None):
    named = tx.public_inputs(case.effects, case.authorisation, scene.pool(), auditor)
    public = case.effects["public"]
    transaction_id = tx.txid(case.context, case.signed)
    return {
        "name": case.name, "shape": tx.SHAPES[case.effects["shape"]][0],
        "expiry_height": case.effects["expiry_height"], "epoch": EPOCH, "memo_bucket": case.effects["memo_bucket"],
        "fee": case.effects["fee"], "fee_asset": case.effects["fee_asset"],
        "public_side": {"kind": ("internal", "deposit", "withdrawal")[public["tag"]],
                        **({"asset": public["asset"], "amount": public["amount"], "party": public["party"].hex()}
                           if public["tag"] else {})},
        "effects": case.signed.hex(), "transaction": case.data.hex(), "context": case.context.hex(),
        "txid": transaction_id.hex(),
        "wtxid": tx.wtxid(transaction_id, tx.encode_authorisation(case.authorisation)).hex(),
        "sighash": case.sighash.hex(),
        "public_inputs": [[name, fr_bytes(value).hex()] for name, value in named],
    }


def _malformed(internal, deposit):
    """Encodings with one fault each: (name, fault, bytes)."""
    cases = []

    def effects(name, fault, base=internal, **changes):
        cases.append((name, fault, base.encode(effects=changes)))

    def nullifier(name, fault, value):
        for slot in (0, 1):
            nullifiers = list(internal.effects["nullifiers"])
            nullifiers[slot] = value
            effects(f"nullifier {slot} {name}", fault, nullifiers=nullifiers)

    for version in (0, 2, 255):
        effects(f"version {version}", "UnknownTag", version=version)
    for shape in (0, 7, 255):
        effects(f"shape {shape}", "UnknownTag", shape=shape)
    effects("memo bucket 3", "UnknownTag", memo_bucket=3)
    effects("audit 2", "UnknownTag", audit=b"\2")
    effects("an audit ciphertext in a pool without auditors", "NotCanonical", audit=b"\1")
    effects("public side 3", "UnknownTag", public={"tag": 3, "asset": 1, "amount": 1, "party": bytes(32)})
    high = fr_bytes(scene.element("small") % (2**255 - R))
    nullifier("is the modulus", "NonCanonicalField", le(R, 32))
    nullifier("is an element plus the modulus", "NonCanonicalField", le(int.from_bytes(high, "little") + R, 32))
    nullifier("is all ones", "NonCanonicalField", b"\xff" * 32)
    nullifier("is 0", "OutOfRange", bytes(32))
    nullifier("is r - 1", "OutOfRange", le(R - 1, 32))
    for name, value in (("the modulus", le(R, 32)), ("all ones", b"\xff" * 32)):
        cases.append((f"commitment is {name}", "NonCanonicalField", internal.encode(output={"cm": value})))
        effects(f"spend tag is {name}", "NonCanonicalField", spend_tag=value)
        cases.append((f"anchor is {name}", "NonCanonicalField", internal.encode(authorisation={"anchor": value})))
    for name, fault, point in bad_points():
        effects(f"rk: {name}", fault, rk=point)
    for name, fault, element in bad_elements():
        cases.append((f"epk: {name}", fault, internal.encode(output={"epk": element})))
    effects("a deposit of nothing", "OutOfRange", deposit, public=deposit.effects["public"] | {"amount": 0})
    effects("a deposit of asset 0", "OutOfRange", deposit, public=deposit.effects["public"] | {"asset": 0})
    effects("a fee of asset 0", "NotCanonical", fee=5, fee_asset=0)
    effects("a fee asset without a fee", "NotCanonical", fee=0, fee_asset=1)
    cases += [
        ("host authorisation of 257 bytes", "OutOfRange", deposit.encode(authorisation={"host": bytes(257)})),
        ("host authorisation without a deposit", "NotCanonical", internal.encode(authorisation={"host": b"\0"})),
        ("host authorisation longer than the input", "UnexpectedEnd", deposit.data[:-1]),
        ("a byte follows", "TrailingBytes", internal.data + b"\0"),
        ("the transaction twice", "TrailingBytes", internal.data * 2),
        ("empty", "UnexpectedEnd", b""),
    ]
    sizes = {1, 10, 17, len(internal.signed) - 1, len(internal.signed), len(internal.data) - 1, len(internal.data) - 2}
    cases += [(f"cut after {size} bytes", "UnexpectedEnd", internal.data[:size]) for size in sorted(sizes)]
    audited = _audited()[0]
    for name, fault, data in (
            ("no audit ciphertext in a pool with auditors", "NotCanonical", b"\0"),
            ("an audit ciphertext of an element less", "NotCanonical",
             audited.effects["audit"][:37] + b"\x08" + audited.effects["audit"][38:-32]),
            ("epk of an audit ciphertext is the identity", "SmallOrder",
             audited.effects["audit"][:5] + le(1, 32) + audited.effects["audit"][37:]),
            ("an element of an audit ciphertext is the modulus", "NonCanonicalField",
             audited.effects["audit"][:-32] + le(R, 32))):
        effects(name, fault, audited, audit=data)
    for name, fault, data in cases:
        try:
            tx.decode(data)
        except tx.Malformed as why:
            assert why.fault == fault, (name, why.fault)
        else:
            raise AssertionError(name)
    return [{"name": name, "fault": fault, "bytes": data.hex()} for name, fault, data in cases]


def codec_cases():
    cases = _cases()
    auditor = jubjub.encode(jubjub.multiply(scene.scalar("auditor"), jubjub.G))
    return {"genesis_hash": scene.GENESIS[0].hex(), "pool": le(scene.pool(), 16).hex(),
            "valid": [_valid(case) for case in cases],
            "auditor": {"number": 7, "key": auditor.hex()}, "audited": [_valid(case, auditor) for case in _audited()],
            "malformed": _malformed(cases[0], cases[1])}


def _signatures(case):
    """(name, rk, message, signature, valid)"""
    secret, rk, message = (case.ask + case.alpha) % J, case.rk, case.sighash
    signature = case.authorisation["signature"]
    commitment, response = signature[:32], int.from_bytes(signature[32:], "little")
    other = jubjub.encode(jubjub.multiply(secret + 1, jubjub.G))
    torsion = small_order_points()[1]
    cases = [
        ("as signed", rk, message, signature),
        ("another randomness", rk, message, redjubjub.sign(secret, message, scene.fill("another nonce", 80))),
        ("a message of zeros", rk, bytes(32), redjubjub.sign(secret, bytes(32), scene.fill("zero nonce", 80))),
        ("another message", rk, tx.host_message(message), signature),
        ("another key", other, message, signature),
        ("signed by ask without alpha", rk, message, redjubjub.sign(case.ask, message, scene.fill("bare", 80))),
        ("R changed", rk, message, jubjub.encode(jubjub.G) + signature[32:]),
        ("s plus 1", rk, message, commitment + fj_bytes((response + 1) % J)),
        ("s plus the order", rk, message, commitment + le(response + J, 32)),
        ("s is all ones", rk, message, commitment + b"\xff" * 32),
        ("R is no point", rk, message, bad_points()[-2][2] + signature[32:]),
        ("R is the identity with a sign", rk, message, le(1 | 1 << 255, 32) + signature[32:]),
        ("all zeros", rk, message, bytes(64)),
        ("R carries torsion under its own challenge", rk, message, _torsion_signature(secret, message, torsion)),
    ]
    return [{"name": name, "rk": key.hex(), "message": text.hex(), "signature": signed.hex(),
             "valid": redjubjub.verify(key, text, signed)} for name, key, text, signed in cases]


def _torsion_signature(secret, message, torsion):
    """Valid, for the equation is checked times the cofactor."""
    nonce, key = scene.scalar("torsion nonce"), jubjub.encode(jubjub.multiply(secret, jubjub.G))
    commitment = jubjub.encode(jubjub.add(jubjub.multiply(nonce, jubjub.G), torsion))
    challenge = redjubjub.challenge(commitment, key, message)
    return commitment + fj_bytes((nonce + challenge * secret) % J)


def _host_signatures(case):
    """(name, key, message, signature, valid): of Ed25519, with those that a lax verifier takes."""
    seed, message = scene.fill("seed of a host's account", 32), tx.host_message(case.sighash)
    public, secret = ed25519.public_key(seed), ed25519.secret_scalar(seed)
    signature, small = ed25519.sign(seed, message), ed25519.torsion()
    identity = ed25519.encode(IDENTITY)
    response = int.from_bytes(signature[32:], "little")
    nonce = scene.scalar("nonce of a host's account") % L

    def under(commitment, key=public):
        """The response that fits a commitment, as far as its part of large order goes."""
        return commitment + le((nonce + ed25519.challenge(commitment, key, message) * secret) % L, 32)

    def of_identity(commitment):
        return commitment + le(ed25519.challenge(commitment, public, message) * secret % L, 32)

    mixed_key = ed25519.encode(ristretto_add(ed25519.decode(public), small))
    point = multiply(nonce, ed25519.BASE)
    cases = [
        ("as signed", public, message, signature),
        ("another nonce", public, message, under(ed25519.encode(point))),
        ("another message", public, bytes(32), signature),
        ("another key", ed25519.public_key(bytes(32)), message, signature),
        ("S plus the order", public, message, signature[:32] + le(response + L, 32)),
        ("R is the identity", public, message, of_identity(identity)),
        ("R is the identity, spelled with the modulus", public, message, of_identity(le(1 + P25519, 32))),
        ("R carries a part of order 8", public, message, under(ed25519.encode(ristretto_add(point, small)))),
        ("the key is the identity", identity, message, ed25519.encode(point) + le(nonce, 32)),
        ("the key is of order 8", ed25519.encode(small), message, ed25519.encode(point) + le(nonce, 32)),
        ("the key carries a part of order 8", mixed_key, message, under(ed25519.encode(point), mixed_key)),
        ("zeros", bytes(32), message, bytes(64)),
    ]
    return [{"name": name, "key": key.hex(), "message": text.hex(), "signature": signed.hex(),
             "valid": ed25519.verify(key, text, signed)} for name, key, text, signed in cases]


def sighash_cases():
    cases = _cases()
    hashes = []
    for case in cases:
        public, fee_asset = case.effects["public"], case.effects["fee_asset"]
        named = {"public_descriptor": public.get("asset"), "fee_descriptor": fee_asset}
        hashes.append({
            "name": case.name, "genesis_hash": scene.GENESIS[0].hex(),
            **{name: DESCRIPTORS[asset].hex() if asset else None for name, asset in named.items()},
            "context": case.context.hex(), "effects": case.signed.hex(), "sighash": case.sighash.hex(),
            "host_message": tx.host_message(case.sighash).hex(), "alpha": fj_bytes(case.alpha).hex(),
            "ask": fj_bytes(case.ask).hex(), "rk": case.rk.hex(),
            "nonce_randomness": scene.fill(f"{case.name} nonce", 80).hex(),
            "signature": case.authorisation["signature"].hex(),
        })
    descriptors = [{"bytes": data.hex(), "hash": tx.descriptor_hash(data).hex()} for data in (EURX, USDX)]
    return {"descriptors": descriptors, "hashes": hashes, "signatures": _signatures(cases[0]),
            "host_signatures": _host_signatures(cases[1])}
