"""travel-rule.json: records of payments with the persons behind them, their hashes and memos."""

import bech32m
import json
import keys
import scene
from address import Address
from primitives import b32, le

GENESIS, POOL_ID = scene.POOLS[1]
SPACED = b'{\n  "originator": {},\n  "beneficiary": {}\n}\n'


def _record(name, phrase, epoch, asset, value, payload, text=""):
    """[travel-rule-record] and [travel-rule-hash]"""
    incoming = keys.Incoming(scene.account(phrase), "external", keys.pool_tag(GENESIS, POOL_ID), epoch)
    address = Address(incoming, 3)
    salt = scene.fill(f"salt of {name}", 32)
    terms = address.to_bytes() + le(asset, 7) + le(value, 8)
    place = GENESIS + le(POOL_ID, 4)
    data = b"LVTRAVL\x01" + place + terms + salt + le(len(payload), 4) + payload
    hashed = b32("LouverTravelRule", place + terms + salt + le(len(payload), 8) + payload)
    written = bech32m.encode("tr", hashed)
    return {"name": name, "address": str(address), "asset": asset, "value": value, "salt": salt.hex(), "payload": payload.hex(),
            "bytes": data.hex(), "hash": hashed.hex(), "string": written, "text": text,
            "memo": f"{text}\n{written}" if text else written}


def travel_rule_cases():
    person = json.dumps({"originator": {"originatorPersons": [{"naturalPerson": {"name": "\u00c9va"}}]}}, ensure_ascii=False)
    return {"genesis_hash": GENESIS.hex(), "pool_id": POOL_ID, "records": [
        _record("of a payment", 0, 1, 7, 12345, person.encode()),
        _record("below a text", 1, 65535, 1, 2**64 - 1, SPACED, "Invoice 7\nthank you"),
        _record("without a payload", 0, 0, 2**56 - 1, 1, b""),
    ]}
