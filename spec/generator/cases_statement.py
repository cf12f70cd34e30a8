"""statement.json: witnesses that satisfy the transfer statement, made as a wallet would make them."""

import jubjub
import keys
import note as notes
import scene
from address import Address
from build import dummy_input, dummy_output, real_input
from committee import encrypt
from note import Note
from primitives import fj_bytes, fr_bytes, integer
from statement import broken_clauses, scalars, shown
from transaction import AUDITED, SHAPES
from tree import Tree

EPOCH = 3


class Build:
    """One statement. `spent` and `made`: (asset, value) of real notes; the other slots are dummies."""

    def __init__(self, name, shape, main, spent, made, public=(0, 0), fee=(0, 0)):
        self.name, self.account = name, scene.account()
        self.shape, inputs, outputs = SHAPES[shape]
        self.main, (self.fee_asset, fee_value) = main, fee
        self.alpha = scene.scalar(f"{name} alpha")
        rk = jubjub.add(self.account.ak, jubjub.multiply(self.alpha, jubjub.G))
        self.rk_bytes = jubjub.encode(rk)
        tree, real = Tree(), [self._spent(i, *what) for i, what in enumerate(spent)]
        for i, (_, note) in enumerate(real):
            tree.append(scene.element(f"{name} stranger {i}"))
            tree.append(note.cm)
        used = [real_input(self.account, scene.pool(), note, direction, tree.path(2 * i + 1), self._choice(note.asset))
                for i, (direction, note) in enumerate(real)]
        used += [dummy_input(self.account, scene.pool(), self.rk_bytes, EPOCH, main, slot)
                 for slot in range(len(used), inputs)]
        self.nullifiers = [nf for nf, _ in used]
        new = [self._output(index, *what) for index, what in enumerate(made)]
        new += [dummy_output(self.account, self.rk_bytes, EPOCH, main, slot, self.nullifiers[0])
                for slot in range(len(new), outputs)]
        sd = self.account.epoch_keys(scene.pool(), EPOCH)[2]
        asset_pub, v_pub = public
        self.public = {
            "anchor": tree.root(), "nullifiers": self.nullifiers, "commitments": [cm for cm, _ in new],
            "spend_tag": notes.spend_tag(sd, self.nullifiers[0]), "epoch": EPOCH, "pool": scene.pool(), "rk": rk,
            "v_pub": v_pub, "asset_pub": asset_pub, "fee": fee_value, "fee_asset": self.fee_asset,
        }
        self.witness = {"ak": self.account.ak, "alpha": self.alpha, "nk": self.account.nk, "main": main,
                        "inputs": [x for _, x in used], "outputs": [x for _, x in new]}

        def moved(side):
            return sum(n["value"] for n in self.witness[side] if not n["is_fee_asset"])

        self.witness["exchange"] = moved("inputs") - moved("outputs") - v_pub
        if shape in AUDITED:
            auditor, fresh = jubjub.multiply(scene.scalar("auditor"), jubjub.G), scene.fill(f"{name} audit", 32)
            said = shown(self.public, self.witness)
            s, sealed = encrypt(auditor, self.rk_bytes, self.nullifiers[0], said, fresh)
            body = [integer(sealed[at : at + 32]) for at in range(33, len(sealed), 32)]
            self.public["audit"] = {"auditor": auditor, "epk": jubjub.decode(sealed[:32]), "body": body}
            self.witness["audit_secret"] = s
            self.said, self.fresh = said, fresh
        assert broken_clauses(self.public, self.witness) == set(), name

    def _choice(self, asset):
        assert asset in (self.main, self.fee_asset)
        return 0 if asset == self.main else 1

    def _spent(self, i, asset, value):
        """A note of the account from an earlier transaction: of an earlier epoch if `i` is odd."""
        direction = "internal" if i % 3 == 0 else "external"
        incoming = keys.Incoming(self.account, direction, scene.pool(), EPOCH - i % 2)
        rho, rseed = scene.element(f"{self.name} rho {i}"), scene.fill(f"{self.name} spent {i}", 32)
        return direction, Note(Address(incoming, i), asset, value, i, rho, rseed)

    def _output(self, index, asset, value):
        incoming = keys.Incoming(scene.account(1), "external", scene.pool(), EPOCH)
        note = Note(Address(incoming, index), asset, value, index, self.nullifiers[0],
                    scene.fill(f"{self.name} made {index}", 32))
        return note.cm, {"tau": note.address.tau, "rcm": note.rcm, "is_fee_asset": self._choice(asset), "value": value}

    def case(self):
        def element(x):
            return fr_bytes(x % notes.R).hex()

        def note(fields):
            shown = {name: element(x) for name, x in fields.items() if name != "path"}
            if "path" in fields:
                shown["path"] = [[element(x) for x in level] for level in fields["path"]]
            return shown

        w = self.witness
        audit = {}
        if "audit_secret" in w:
            audit = {"audit_secret": fj_bytes(w["audit_secret"]).hex(), "plaintext": [element(x) for x in self.said],
                     "fresh": self.fresh.hex(), "rk": self.rk_bytes.hex()}
        return audit | {
            "name": self.name, "shape": self.shape,
            "public_value": {"in" if self.public["v_pub"] < 0 else "out": abs(self.public["v_pub"])},
            "public_inputs": [[name, element(x)] for name, x in scalars(self.public)],
            "witness": {"ak_u": element(w["ak"][0]), "ak_v": element(w["ak"][1]), "alpha": fj_bytes(w["alpha"]).hex(),
                        "nk": element(w["nk"]), "main": element(w["main"]), "exchange": element(w["exchange"]),
                        "inputs": [note(x) for x in w["inputs"]], "outputs": [note(x) for x in w["outputs"]]},
        }


def statement_cases():
    top = (1 << 64) - 1
    builds = [
        Build("payment with the fee in the same asset", 1, 1, [(1, 100), (1, 50)], [(1, 70), (1, 75)], fee=(1, 5)),
        Build("payment with the fee in another asset", 1, 1, [(1, 100), (2, 9)], [(1, 60), (1, 40), (2, 2)], fee=(2, 7)),
        Build("deposit from dummies alone", 1, 1, [], [(1, 1000)], public=(1, -1000)),
        Build("withdrawal of the greatest amount", 2, 1, [(1, top), (1, top), (2, 3)], [(1, top), (2, 2)],
              public=(1, top), fee=(2, 1)),
        Build("consolidation", 3, 2, [(2, 10)] * 8, [(2, 80)]),
        Build("salaries in the largest id", 4, (1 << 56) - 1, [((1 << 56) - 1, top), (1, 5)],
              [((1 << 56) - 1, 1 << 59)] * 15, public=((1 << 56) - 1, top - 15 * (1 << 59)), fee=(1, 5)),
    ]
    audited = [
        Build("a payment that auditors see", 5, 1, [(1, 100), (2, 9)], [(1, 60), (1, 40), (2, 2)], fee=(2, 7)),
        Build("a deposit that auditors see", 5, 1, [], [(1, 1000)], public=(1, -1000)),
        Build("salaries that auditors see", 6, 1, [(1, top), (1, 5)], [(1, 1 << 59)] * 15,
              public=(1, top - 15 * (1 << 59)), fee=(1, 5)),
    ]
    return {"pool": scene.pool().to_bytes(16, "little").hex(), "epoch": EPOCH,
            "cases": [build.case() for build in builds], "audited": [build.case() for build in audited]}
