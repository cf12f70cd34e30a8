"""reserves.json: what somebody owes to customers, and their files."""

import keys
import reserves
import scene
from primitives import fr_bytes

GENESIS, POOL_ID = scene.POOLS[1]
OWED = [
    ("five customers", 7, 3, [("alice", 10), ("carol", 600), ("", 0), ("bob", 25), ("carol", 400), ("\u00e9va", 2**64 - 1), ("dave", 0), ("", 0)]),
    ("one customer", 2**56 - 1, 2**32 - 1, [("7001", 5)]),
]


def _tree(name, asset, snapshot, owed):
    aid = fr_bytes(scene.account().aid(keys.pool_tag(GENESIS, POOL_ID)))
    about = reserves.subject(GENESIS, aid, asset, snapshot)
    leaves = [(customer.encode(), scene.fill(f"{name} {index}", 32), amount) for index, (customer, amount) in enumerate(owed)]
    made = reserves.levels([reserves.leaf(*leaf) for leaf in leaves])
    customers = sorted({customer for customer, _, _ in leaves if customer})
    return {"name": name, "asset": asset, "snapshot": snapshot, "total": str(made[-1][0][0]), "root": reserves.root(about, made).hex(),
            "owed": reserves.total_file(about, made).hex(), "bytes": reserves.owners_file(about, leaves).hex(),
            "customers": [{"name": customer.decode(), "amount": str(sum(amount for name, _, amount in leaves if name == customer)),
                           "bytes": reserves.customers_file(about, leaves, made, customer).hex()} for customer in customers]}


def reserves_cases():
    return {"genesis_hash": GENESIS.hex(), "trees": [_tree(*owed) for owed in OWED]}
