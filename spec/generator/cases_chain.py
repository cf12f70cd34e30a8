"""chain.json: five blocks of a chain, with everything that binds them. All proofs in it hold."""

import functools

import chain
import committee
import ed25519
import genesis
import jubjub
import keys
import scene
import transaction as tx
from address import Address
from build import Payment
from cases_genesis import DAY, account, months, quorum, rules, seed
from cases_snapshots import root as nullifier_root
from chain import ACT, OPERATION, POOL, Entry
from primitives import J, R, b32, fr_bytes, le
from state import State
from tree import Tree

EPOCH = 2
EXPIRY = 32
GUARDIANS = ["guardian 0", "guardian 2"]
# Of announcements: the key of a member who keeps a log, and what an account owes of asset 1 at the first snapshot.
SUBJECTS = {"log": account("member"), "reserves": b32("LouverReserves", scene.fill("aid of a debtor", 32) + le(1, 7) + le(0, 4))}
FIRST = ["authority 0", "authority 1", "authority 2"]
NEXT = ["authority 1", "authority 3"]


class Chain:
    """A chain that grows by the rules of the book."""

    def __init__(self):
        self.terms = months()
        self.genesis = genesis.encode(self.terms)
        self.hash = genesis.genesis_hash(self.genesis)
        self.pool = keys.pool_tag(self.hash, self.terms["pool_id"])
        self.state, self.tree = State(self.terms), Tree()
        self.hashes, self.blocks, self.kept = [self.hash], [], []

    # What a block does to the state. Each gives what stands of the transaction in the vectors.

    def operation(self, sender, fee=3, **op):
        """[operation-fees]"""
        op = {"sender": account(sender), "nonce": self.state.operations.get(account(sender), 0), "fee": fee,
              "fee_asset": 1 if fee else 0, **op}
        data = chain.sign_operation(self.hash, seed(sender), op)
        self.state.operations[op["sender"]] = op["nonce"] + 1
        if op["kind"] == "register":
            number = max(self.state.assets) + 1
            self.state.assets[number] = {"id": number, "symbol": op["symbol"], "decimals": op["decimals"],
                                         "issuer": op["sender"].hex(), "reference": op["reference"].hex()}
        elif op["kind"] == "announce":
            self.state.announce(op["announced"], op["sender"], op["subject"], op["hash"], len(self.hashes))
        elif op["kind"] == "transfer":
            self.state.credit(op["sender"], op["asset"], -op["amount"])
            self.state.credit(op["recipient"], op["asset"], op["amount"])
        else:
            inside = op["asset"] == op["fee_asset"]
            self.state.issued[op["asset"]] = self.state.issued.get(op["asset"], 0) + op["amount"]
            self.state.credit(op["recipient"], op["asset"], op["amount"] - (op["fee"] if inside else 0))
            if inside:
                self.state.credit(op["sender"], op["asset"], op["fee"])
        if fee:
            self.state.credit(op["sender"], 1, -fee)
            self.state.credit(bytes.fromhex(self.terms["fee_account"]), 1, fee)
        return Entry(OPERATION, data), {
            "signer_seed": seed(sender).hex(), "id": chain.operation_id(self.hash, data[:-64]).hex(),
            **{name: value.hex() if isinstance(value, bytes) else value for name, value in op.items()}}

    def act(self, height, signers, **act):
        data = chain.sign_act(self.hash, [seed(signer) for signer in signers], act)
        if act["kind"] == "enter_auditor":
            self.state.auditors.append({**act["shows"], "number": act["number"], "from": height, "until": None})
        elif act["kind"] == "add_rules":
            added = {**act["rules"], "version": act["number"], "from": height + self.terms["guardians"]["delay"], "until": None}
            self.state.rules.append((added, None))
        elif act["kind"] == "switch_off":
            self.state.rules = [(version, height if version["version"] == act["number"] else off)
                                for version, off in self.state.rules]
        else:
            office, key = {"guardians": (self.state.guardians, "quorum"), "authorities": (self.state.finality, "authorities")}[
                act["kind"]]
            office[key] = act["quorum"]
            self.state.changes[act["kind"]] += 1
        return Entry(ACT, data), {
            "signer_seeds": [seed(signer).hex() for signer in signers], "kind": act["kind"],
            "id": chain.act_id(self.hash, chain.act_body(act)).hex()}

    def auditor(self, number):
        """[auditor-entry]: the key of two of three auditors."""
        roster = scene.fill("roster of the auditors", 32)
        seeds = sorted((seed(f"auditor {i}") for i in range(3)), key=ed25519.public_key)
        purpose = committee.purpose(self.hash, self.terms["pool_id"], number, roster)
        terms = committee.Terms(purpose, 2, [ed25519.public_key(one) for one in seeds])
        scalar = lambda label: scene.scalar(f"auditors {label}") % J
        polynomials = [[scalar(f"polynomial {i} {k}") for k in range(2)] for i in range(3)]
        key = committee.Key(terms, polynomials, [scalar(f"nonce {i}") for i in range(3)], seeds)
        shows = {"key": jubjub.encode(key.point), "transcript": key.transcript, "threshold": 2, "members": 3}
        return {"roster": roster, "entry": key.entry, "shows": shows}

    def pool_transaction(self, payment, payer=None):
        public, fee = payment.effects["public"], payment.effects["fee"]
        hashes = {number: tx.descriptor_hash(genesis.descriptor(asset)) for number, asset in self.state.assets.items()}
        context = tx.context(self.hash, hashes.get(public.get("asset")), hashes.get(payment.effects["fee_asset"]))
        payment.sign(context, lambda message: ed25519.sign(seed(payer), message) if payer else b"")
        fees = bytes.fromhex(self.terms["fee_account"])
        inside = self.state.in_pool
        if public["tag"] == tx.DEPOSIT:
            # [fees]: without a fee of its own, the payer of a deposit pays the least fee on the host's side.
            on_host_side = 0 if fee else self.terms["fees"][0]["shapes"][0]
            self.state.credit(public["party"], public["asset"], -public["amount"])
            self.state.credit(public["party"], 1, -on_host_side)
            self.state.credit(fees, 1, on_host_side)
            inside[public["asset"]] = inside.get(public["asset"], 0) + public["amount"]
        elif public["tag"] == tx.WITHDRAWAL:
            self.state.credit(public["party"], public["asset"], public["amount"])
            inside[public["asset"]] -= public["amount"]
        if fee:
            inside[payment.effects["fee_asset"]] -= fee
            self.state.credit(fees, payment.effects["fee_asset"], fee)
        self.state.nullifiers += payment.effects["nullifiers"]
        for output in payment.effects["outputs"]:
            self.tree.append(int.from_bytes(output["cm"], "little"))
        compact = chain.compact_form(payment.txid, payment.effects)
        return Entry(POOL, payment.data, compact), {
            "txid": payment.txid.hex(), "wtxid": payment.wtxid.hex(), "context": context.hex(),
            "public_inputs": [[name, fr_bytes(x % R).hex()] for name, x in payment.public_inputs],
            "payer_seed": seed(payer).hex() if payer else None}

    # Blocks.

    def snapshot(self, epoch):
        """[nullifier-snapshot]: of the state as it is."""
        fields, _, _ = self.kept[-1]
        nullifiers = [int.from_bytes(nf, "little") for nf in self.state.nullifiers]
        return b"".join([le(epoch, 2), le(fields["height"], 4), le(fields["time"], 8), fields["anchor"],
                         le(fields["tree_size"], 8), nullifier_root(nullifiers), le(len(nullifiers), 8)])

    def block(self, seconds, transactions, openings, sealed_by):
        height, entries = len(self.hashes), [entry for entry, _ in transactions]
        fields = {"height": height, "previous": self.hashes[-1], "time": self.terms["time"] + seconds,
                  "anchor": fr_bytes(self.tree.root()), "tree_size": len(self.tree.levels[0]),
                  "transactions_root": chain.transactions_root(entries), "state_root": self.state.root(),
                  "history_root": chain.history_root(self.hashes)}
        head = chain.header(fields)
        hashed = chain.block_hash(head)
        case = {
            "header": {name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()},
            "header_bytes": head.hex(), "hash": hashed.hex(),
            "transactions": [{**named, "kind_of_transaction": entry.kind, "bytes": entry.data.hex(),
                              "compact": entry.compact.hex(), "compact_hash": entry.compact_hash.hex(),
                              "full_hash": entry.full_hash.hex(), "leaf": entry.leaf.hex(),
                              "path": chain.TRANSACTIONS.path([x.leaf for x in entries], place).hex()}
                             for place, (entry, named) in enumerate(transactions)],
            "block": chain.block(head, entries).hex(), "compact_block": chain.compact_block(head, entries).hex(),
            "history": [chain.history_path(self.hashes, earlier).hex() for earlier in range(height)],
            "sections": [[label, value.hex()] for label, value in self.state.sections()],
            "openings": [{"fact": fact, "bytes": data.hex()} for fact, data in openings(self.state)],
            "sealed": [(head + self._seals(hashed, *by)).hex() for by in sealed_by],
        }
        self.hashes.append(hashed)
        self.blocks.append(case)
        self.kept.append((fields, entries, case["openings"]))

    def _seals(self, hashed, office, by):
        ascending = sorted(account(label) for label in office)
        return chain.seals(self.hash, hashed, ascending, [seed(label) for label in by])

    def sealed(self, fields, office=FIRST, by=FIRST[:2]):
        """A header as authorities, the first ones unless others are named, seal it, this once whatever it says."""
        head = chain.header(fields)
        return head + self._seals(chain.block_hash(head), office, by)

    # Files that people exchange.

    def proof(self, height, place, whole, head):
        """[chain-proof] of a transaction, under the block at `head`."""
        fields, entries, _ = self.kept[height - 1]
        entry = entries[place]
        shown = b"\0" + le(entry.kind, 1) + entry.data + entry.compact_hash if whole else b"\1" + entry.in_compact_block()
        path = chain.TRANSACTIONS.path([x.leaf for x in entries], place)
        block = b"\0" if height == head else b"\1" + chain.header(fields) + chain.history_path(self.hashes[:head], height)
        sealed = bytes.fromhex(self.blocks[head - 1]["sealed"][0])
        data = b"LouverChainProof\1" + shown + path + block + sealed
        return {"height": height, "place": place, "kind_of_transaction": entry.kind, "whole": whole, "head": head,
                "bytes": data.hex()}

    def evidence(self):
        """[evidence] of each kind."""
        (first, _, _), (second, entries, openings) = self.kept[0], self.kept[1]
        pool = next(place for place, entry in enumerate(entries) if entry.kind == POOL)
        lying = Entry(POOL, entries[pool].data, entries[pool].compact[:-1] + b"\1")
        leaves = [*entries[:pool], lying, *entries[pool + 1 :]]
        bent = {**second, "transactions_root": chain.transactions_root(leaves)}
        path = chain.TRANSACTIONS.path([x.leaf for x in leaves], pool)
        asset = bytes.fromhex(openings[0]["bytes"])
        shown = b"LouverChainProof\1\0" + le(POOL, 1) + entries[pool].data + lying.compact_hash + path
        third, _, opened = self.kept[2]
        hashes = [*self.hashes[:2], chain.block_hash(chain.header(bent))]
        later = {**third, "previous": hashes[2], "history_root": chain.history_root(hashes)}
        under = b"\1" + chain.header(bent) + chain.history_path(hashes, 2) + self.sealed(later)
        inflated = State(self.terms)
        inflated.in_pool[2] = inflated.issued[2] + 1
        empty = {**first, "state_root": inflated.root()}
        new, fourth = (NEXT, NEXT[1:]), self.kept[3][0]
        cases = [
            ("two heads", 1, self.sealed(second) + self.sealed({**second, "time": second["time"] + 1})),
            ("another block before", 2,
             self.sealed(first) + self.sealed({**second, "previous": bytes(32)}) + b"\0"),
            ("another block in the history", 2, self._other_history(first, second)),
            ("a tree that changes without growing", 2, self.sealed(first) + self._changed(first, second) + b"\0"),
            ("a compact form that does not follow", 3, shown + b"\0" + self.sealed(bent) + genesis.counted([asset])),
            ("a compact form that does not follow, under a later head", 3,
             shown + under + genesis.counted([bytes.fromhex(opened[0]["bytes"])])),
            ("more in the pool than was issued", 4, self.sealed(empty) + inflated.open_supply(2)),
            ("two heads after a change of authorities", 1,
             self.sealed(fourth, *new) + self.sealed({**fourth, "time": fourth["time"] + 1}, *new)),
        ]
        return [self._file(name, kind, data, [self._handover()] if "after a change" in name else [])
                for name, kind, data in cases]

    def _file(self, name, kind, data, handovers):
        data = b"LouverEvidence\2" + genesis.counted(handovers) + le(kind, 1) + data
        return {"name": name, "kind": kind, "handovers": len(handovers), "bytes": data.hex()}

    def _handover(self):
        """[handover]: block 3, as it changes the authorities."""
        fields, _, openings = self.kept[2]
        opening = next(opening["bytes"] for opening in openings if opening["fact"] == "authorities")
        return self.sealed(fields) + bytes.fromhex(opening) + self._seals(self.hashes[3], NEXT, NEXT[1:])

    def _other_history(self, first, second):
        hashes = [self.hash, bytes(32)]
        later = {**second, "history_root": chain.history_root(hashes)}
        return self.sealed(first) + self.sealed(later) + b"\1" + bytes(32) + chain.history_path(hashes, 1)

    def _changed(self, first, second):
        """A block whose tree has as many leaves as the block before, and another root."""
        return self.sealed({**second, "tree_size": first["tree_size"], "anchor": second["anchor"]})


def _openings(state):
    """Every kind of fact, with amounts that are 0 among them."""
    facts = [(f"asset {number}", state.open_asset(number)) for number in state.assets]
    facts += [(f"supply {number}", state.open_supply(number)) for number in (*state.assets, 77)]
    for name in ("alice", "bob", "fees", "nobody"):
        facts += [(f"balance of {name} in asset {number}", state.open_balance(account(name), number)) for number in (1, 2, 3)]
        facts.append((f"operations of {name}", state.open_operations(account(name))))
    facts += [(f"announcements of {name} about {subject}", state.open_announcements(kind, account(name), SUBJECTS[subject]))
              for kind, name, subject in ((1, "alice", "log"), (2, "bob", "reserves"), (1, "bob", "log"), (2, "alice", "log"))]
    facts += [(f"snapshot {place}", state.open_snapshot(place)) for place in range(len(state.snapshots))]
    return facts + [("rules", state.open_rules()), ("authorities", state.open_authorities()),
                    ("guardians", state.open_guardians()), ("auditors", state.open_auditors())]


@functools.cache
def chain_of_vectors():
    """The chain, and what it has of payments: see `cases_disclosure`."""
    made = Chain()
    payer, payee = scene.account(), scene.account(1)

    def address(owner, direction, index):
        return Address(keys.Incoming(owner, direction, made.pool, EPOCH), index)

    auditor = made.auditor(1)
    old, new = FIRST, NEXT
    first = [
        made.act(1, GUARDIANS, kind="enter_auditor", sequence=0, number=1, overlap=5, **auditor),
        made.act(1, GUARDIANS, kind="add_rules", sequence=0, number=2, rules=rules(2, 0, shapes=("2x3", "2x16"))),
        made.operation("issuer", kind="mint", asset=1, amount=1003, recipient=account("bob")),
        made.operation("alice", kind="transfer", asset=2, amount=7, recipient=account("bob")),
        made.operation("alice", fee=3000, kind="register", symbol="GOLD", decimals=4, reference=b"vault 1"),
        made.operation("alice", kind="mint", asset=3, amount=12, recipient=account("alice")),
        made.operation("alice", fee=30, kind="announce", announced=1, subject=SUBJECTS["log"], hash=scene.fill("head 1", 32)),
        made.operation("bob", fee=31, kind="announce", announced=2, subject=SUBJECTS["reserves"],
                       hash=scene.fill("root of reserves", 32)),
    ]
    made.block(60, first, _openings, [(old, ["authority 0", "authority 2"])])

    # The deposit of block 2: from dummies alone, to an address of the payer's own account.
    deposit = Payment(
        "deposit", made.pool, payer, EPOCH, 1, made.tree.root(), [],
        [(address(payer, "external", 3), 1000, b"", False)],
        {"tag": tx.DEPOSIT, "asset": 1, "amount": 1000, "party": account("alice")}, 0, made.terms["pool_id"], EXPIRY)
    second = [
        made.act(2, GUARDIANS, kind="switch_off", sequence=0, number=2),
        made.pool_transaction(deposit, "alice"),
        made.act(2, ["guardian 0", "guardian 1"], kind="guardians", sequence=0, quorum=quorum(1, ["guardian 3", "guardian 4"])),
        made.operation("alice", fee=30, kind="announce", announced=1, subject=SUBJECTS["log"], hash=scene.fill("head 2", 32)),
    ]
    made.block(120, second, _openings, [(old, ["authority 1", "authority 2"]), (old, old)])

    # The payment of block 3, which spends what block 2 made, pays another account and withdraws.
    path = made.tree.path(0)
    payment = Payment(
        "payment", made.pool, payer, EPOCH, 1, made.tree.root(), [(deposit.notes[0], "external", path)],
        [(address(payee, "external", 0), 300, "Danke für alles".encode(), True), (address(payer, "internal", 1), 194, b"", False)],
        {"tag": tx.WITHDRAWAL, "asset": 1, "amount": 500, "party": account("bob")}, 6, made.terms["pool_id"], EXPIRY)
    third = [
        made.pool_transaction(payment),
        made.act(3, ["authority 0", "authority 1"], kind="authorities", sequence=0, quorum=quorum(1, new)),
        made.operation("bob", kind="transfer", asset=1, amount=100, recipient=account("nobody")),
    ]
    made.block(180, third, _openings, [(old, ["authority 0", "authority 1"]), (new, ["authority 3"])])

    # Block 4 is past the grace of December. So the snapshot is of the state after block 3, and block 5 takes it in.
    taken = made.snapshot(EPOCH - 1)
    made.block(7 * DAY, [], _openings, [(new, ["authority 1"])])
    made.state.snapshots.append(taken)
    made.block(7 * DAY + 60, [], _openings, [(new, ["authority 1", "authority 3"])])
    return made, deposit, payment


def chain_cases():
    made, _, _ = chain_of_vectors()
    return {"genesis": made.genesis.hex(), "genesis_hash": made.hash.hex(), "pool": le(made.pool, 16).hex(),
            "authorities": made.terms["finality"]["authorities"], "next_authorities": made.state.finality["authorities"],
            "blocks": made.blocks, "evidence": made.evidence(),
            "proofs": [made.proof(3, 0, True, 3), made.proof(3, 0, False, 3), made.proof(2, 1, False, 3),
                       made.proof(1, 4, True, 2), made.proof(2, 0, True, 2)]}
