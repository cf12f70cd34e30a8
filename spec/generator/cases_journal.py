"""journal.json"""

import journal
import scene

STEPS = [
    {"wallet.notes": {b"\0": b"first", b"\1": b""}, "wallet.meta": {b"": scene.fill("a value", 300)}},
    {"wallet.notes": {b"\0": None, b"\2": b"third"}},
    {"wallet.tree": {b"leaf": b"\xff" * 32}, "wallet.meta": {b"": b"short"}},
]


def _named(tables):
    return [{"table": table, "key": key.hex(), "value": None if value is None else value.hex()}
            for table, entries in sorted(tables.items()) for key, value in sorted(entries.items())]


def _records(key, identity, generation, first):
    records, before = [], None
    for step, tables in enumerate(STEPS):
        number, nonce = first + step, scene.fill(f"journal nonce {generation} {step}", 24)
        batch = journal.changes(tables)
        before = journal.record(key, identity, generation, number, nonce, before, batch)
        records.append({"generation": generation, "number": number, "nonce": nonce.hex(), "changes": _named(tables),
                        "batch": batch.hex(), "bytes": before.hex()})
    return records


def journal_cases():
    cases = []
    for generation, first in ((1, 0), (7, 1000)):
        key, identity = scene.fill(f"journal key {generation}", 32), scene.fill(f"journal {generation}", 16)
        state = {}
        for tables in STEPS:
            for table, entries in tables.items():
                for name, value in entries.items():
                    state[table, name] = value
        cases.append({"id": identity.hex(), "key": key.hex(), "head": journal.head(identity, key).hex(),
                      "records": _records(key, identity, generation, first),
                      "state": [{"table": table, "key": name.hex(), "value": None if value is None else value.hex()}
                                for (table, name), value in sorted(state.items())]})
    return {"cases": cases}
