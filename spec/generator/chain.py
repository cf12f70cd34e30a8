"""Operations, acts, headers, blocks, compact blocks, seals and histories."""

import ed25519
import transaction as tx
from commitment import List
from genesis import circuits, counted, quorum, short
from primitives import b32, le

POOL, OPERATION, ACT = 1, 2, 3
LEAVES = {POOL: "LouverTxPool", OPERATION: "LouverTxOper", ACT: "LouverTxAct"}
TRANSACTIONS = List("LouverTxNode", "LouverTxRoot")
HISTORY = List("LouverHistNode", "LouverHistRoot")


def operation_body(op):
    """[transparent-operation] without the signature."""
    body = [b"\1", op["sender"], le(op["nonce"], 8), le(op["fee"], 8), le(op["fee_asset"], 7)]
    if op["kind"] == "register":
        body += [b"\3", short(op["symbol"].encode("ascii")), le(op["decimals"], 1), short(op["reference"])]
    elif op["kind"] == "announce":
        body += [b"\4", le(op["announced"], 1), op["subject"], op["hash"]]
    else:
        body += [le({"transfer": 1, "mint": 2}[op["kind"]], 1), le(op["asset"], 7), le(op["amount"], 8), op["recipient"]]
    return b"".join(body)


def operation_id(genesis_hash, body):
    return b32("LouverOperation", genesis_hash + body)


def sign_operation(genesis_hash, seed, op):
    body = operation_body(op)
    return body + ed25519.sign(seed, operation_id(genesis_hash, body))


def act_body(act):
    """[act] without count and signatures."""
    kinds = ("enter_auditor", "end_auditor", "switch_off", "add_rules", "guardians", "authorities")
    kind = act["kind"]
    head = b"\1" + le(kinds.index(kind) + 1, 1) + le(act["sequence"], 4)
    if kind in ("guardians", "authorities"):
        return head + quorum(act["quorum"])
    head += le(act["number"], 4)
    if kind == "enter_auditor":
        head += act["roster"] + le(len(act["entry"]), 2) + act["entry"] + le(act["overlap"], 4)
    return head + circuits(act["rules"]) if kind == "add_rules" else head


def act_id(genesis_hash, body):
    return b32("LouverAct", genesis_hash + body)


def sign_act(genesis_hash, seeds, act):
    body = act_body(act)
    signatures = sorted(ed25519.public_key(seed) + ed25519.sign(seed, act_id(genesis_hash, body)) for seed in seeds)
    return body + le(len(signatures), 1) + b"".join(signatures)


def compact_form(transaction_id, effects):
    """[compact-transaction]"""
    parts = [transaction_id, le(effects["epoch"], 2), le(effects["pool_id"], 4), le(effects["shape"], 1),
             effects["spend_tag"], *effects["nullifiers"]]
    parts += [output[name] for output in effects["outputs"] for name in ("cm", "epk", "compact")]
    parts += [tx.encode_public_side(effects["public"]), le(effects["fee"], 8), le(effects["fee_asset"], 7)]
    return b"".join(parts)


class Entry:
    """A transaction of a block: its kind, its bytes, and its compact form."""

    def __init__(self, kind, data, compact=b""):
        self.kind, self.data, self.compact = kind, data, compact
        self.compact_hash = b32("LouverCompact", compact)
        self.full_hash = b32("LouverFull", le(kind, 1) + data)
        self.leaf = b32(LEAVES[kind], self.compact_hash + self.full_hash)

    def in_block(self):
        return le(self.kind, 1) + self.data + (self.compact_hash if self.kind == POOL else b"")

    def in_compact_block(self):
        return le(self.kind, 1) + self.full_hash + self.compact


def header(fields):
    """[header]"""
    return b"".join([b"\2", le(fields["height"], 4), fields["previous"], le(fields["time"], 8), fields["anchor"],
                     le(fields["tree_size"], 8), fields["transactions_root"], fields["state_root"], fields["history_root"]])


def block_hash(data):
    return b32("LouverBlock", data)


def transactions_root(entries):
    return TRANSACTIONS.root([entry.leaf for entry in entries])


def block(head, entries):
    return head + counted(entry.in_block() for entry in entries)


def compact_block(head, entries):
    return head + counted(entry.in_compact_block() for entry in entries)


def history_leaves(hashes):
    return [b32("LouverHistLeaf", le(height, 4) + data) for height, data in enumerate(hashes)]


def history_root(hashes):
    """[history-root]: of the genesis hash and the hashes of the blocks that follow it."""
    return HISTORY.root(history_leaves(hashes))


def history_path(hashes, height):
    return HISTORY.path(history_leaves(hashes), height)


def seals(genesis_hash, hashed, keys, seeds):
    """[seal]: by the holders of some seeds, whose public keys are among the ascending `keys`."""
    message = b32("LouverSeal", genesis_hash + hashed)
    places = sorted((keys.index(ed25519.public_key(seed)), seed) for seed in seeds)
    return le(len(places), 1) + b"".join(le(place, 1) + ed25519.sign(seed, message) for place, seed in places)
