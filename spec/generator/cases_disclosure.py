"""grants.json and packages.json: what accounts of the chain of chain.json show. All proofs in them hold."""

import disclosure
import ed25519
import scene
import x25519
from build import dummy_output
from cases_chain import chain_of_vectors
from disclosure import AMOUNT, AT_LEAST, CROSSING, FROM_ITSELF, FULL, PAID, RECEIVED, Opening
from primitives import R, b32, fr_bytes, le

SECRET = scene.fill("secret key of a reader", 32)


def _statement(inputs):
    return [fr_bytes(x % R).hex() for x in inputs]


def _about(made, name, purpose, reader="Prüfer & Co", nonce=None, recipient=None):
    """Everything of an envelope beside the account and the body."""
    nonce = scene.fill(f"{name} nonce of the reader", 32) if nonce is None else nonce
    return {"reader": reader, "recipient": recipient, "nonce": nonce, "purpose": purpose, "issued": made.terms["time"] + 3600,
            "expires": made.terms["time"] + 90 * 86400}


def _said(about, data):
    return {**about, "nonce": about["nonce"].hex(), "hash": b32("LouverEnvHash", data).hex(), "bytes": data.hex()}


def _grant(made, name, phrase, epochs, directions, purpose, nonce=None):
    account = scene.account(phrase)
    about = _about(made, name, purpose, nonce=nonce, recipient=x25519.recipient(SECRET))
    data, statements = disclosure.grant(name, account, made.hash, made.terms["pool_id"], epochs, directions, about)
    keys_shown = []
    for epoch in epochs:
        tkx, nk_e, sd, tki = account.epoch_keys(made.pool, epoch)
        named = {"incoming": tkx, "change": tki, "spends": nk_e, "detection": sd}
        keys_shown.append({"epoch": epoch, **{name: fr_bytes(key).hex() if name in directions else None
                                              for name, key in named.items()}})
    return {"name": name, "phrase": scene.PHRASES[phrase], "account": 0, "aid": fr_bytes(account.aid(made.pool)).hex(),
            "first": epochs[0], "last": epochs[-1], "directions": directions, "keys": keys_shown, **_said(about, data),
            "statements": [_statement(x) for x in statements]}


def grants_cases():
    made, _, _ = chain_of_vectors()
    every = list(disclosure.BITS)
    text = x25519.secret_key(SECRET)
    files = [text, text + "\n", f"# created: 2026-01-01T00:00:00Z\n# public key: {x25519.recipient(SECRET)}\n{text}\n",
             f"\n  {text}  \r\n"]
    refused = ["", "# nothing", x25519.recipient(SECRET), text[:-1] + ("Q" if text[-1] != "Q" else "P")]
    return {
        "genesis_hash": made.hash.hex(), "pool_id": made.terms["pool_id"], "pool": le(made.pool, 16).hex(),
        "recipient": {"secret": SECRET.hex(), "public": x25519.public(SECRET).hex(), "recipient": x25519.recipient(SECRET),
                      "key": text, "files": files, "refused": refused},
        "grants": [
            _grant(made, "everything of 17 months", 0, list(range(1, 18)), every, "Jahresabschluss für den Prüfer"),
            _grant(made, "receipts of one month", 1, [2], ["incoming"], "", nonce=bytes(32)),
            _grant(made, "spends of the first and second", 0, [0, 1], ["spends"], "two"),
            _grant(made, "transactions and payments of the last", 0, [65535], ["outgoing", "detection"], "the end"),
        ],
    }


def _dummy(account, payment, slot):
    """What the owner of an output dummy knows of it."""
    _, witness = dummy_output(account, payment.rk, payment.epoch, payment.asset, slot, payment.nullifiers[0])
    return {"tau": witness["tau"], "pk_d_hash": 0, "asset": payment.asset, "value": 0, "rcm": witness["rcm"]}


def _package(made, name, phrase, items, purpose="Beleg", **about):
    account = scene.account(phrase)
    opening = Opening(name, account, made.pool)
    parts = [disclosure.item(f"{name} {i}", opening, *what) for i, what in enumerate(items)]
    about = _about(made, name, purpose, **about)
    data = disclosure.package(name, opening, made.hash, made.terms["pool_id"], about, [part for part, _ in parts])
    return {"name": name, "phrase": scene.PHRASES[phrase], "account": 0, "aid": fr_bytes(opening.aid).hex(), "rk": opening.rk.hex(),
            **_said(about, data), "items": [
                {"height": height, "txid": payment.txid.hex(), "output": output, "part": part, "detail": detail,
                 "bytes": data.hex(), "statement": _statement(inputs)}
                for (payment, height, output, _, part, detail, *_), (data, inputs) in zip(items, parts)]}


def _months(first, last):
    return le(first, 2) + le(last, 2)


def challenges_cases():
    """What the reader asks for, and what he has seen of the first package."""
    made, _, _ = chain_of_vectors()
    pool_id, asked_at = made.terms["pool_id"], made.terms["time"] + 1800
    demands = [
        ("a grant", le(1, 1) + le(disclosure.BITS["incoming"] + disclosure.BITS["spends"], 1) + _months(1, 17)),
        ("payments", le(2, 1) + le(0, 1) + le(0, 1) + le(0, 1) + le(0, 1)),
        ("payments received, of an asset and an amount", le(2, 1) + le(1, 1) + _months(2, 2) + le(2, 1) + le(1, 1) + le(7, 7)
         + le(1, 1) + le(250, 8)),
        ("payments made, of an asset", le(2, 1) + le(0, 1) + le(1, 1) + le(1, 1) + le(1, 7) + le(0, 1)),
        ("a book", le(7, 1) + _months(1, 12)),
    ]
    challenges = []
    for name, demand in demands:
        nonce = scene.fill(f"{name} nonce", 32)
        data = disclosure.challenge(SECRET, made.hash, pool_id, "Prüfer & Co", nonce, asked_at, demand)
        challenges.append({"name": name, "reader": "Prüfer & Co", "demand": demand.hex(), "made": asked_at, "bytes": data.hex(),
                           "hash": b32("LouverChallHash", data).hex()})
    package = bytes.fromhex(packages_cases()["packages"][0]["bytes"])
    head = (made.hash, 3, scene.fill("hash of a head", 32), asked_at)
    sentences = [(0, "made for Prüfer & Co, as you demanded"), (1, "paid 250"), (3, "that there are no other payments")]
    receipt = disclosure.receipt(SECRET, "Prüfer & Co", package, head, asked_at + 5, 2, sentences)
    return {"genesis_hash": made.hash.hex(), "pool_id": pool_id, "secret": x25519.secret_key(SECRET),
            "key": ed25519.public_key(disclosure.reader_key(SECRET)).hex(), "challenges": challenges,
            "receipt": {"envelope": package.hex(), "height": 3, "made": asked_at + 5, "bytes": receipt.hex(),
                        "sentences": [words for _, words in sentences]}}


def packages_cases():
    made, deposit, payment = chain_of_vectors()
    payer = scene.account()
    dummy = _dummy(payer, payment, 2)
    change = {**disclosure.note_of(payment.notes[1]), "internal": True}
    return {"genesis_hash": made.hash.hex(), "pool_id": made.terms["pool_id"], "packages": [
        _package(made, "of the payer", 0, [
            (payment, 3, 0, payment.notes[0], PAID, FULL),
            (deposit, 2, 0, deposit.notes[0], FROM_ITSELF, AMOUNT),
            (payment, 3, 2, dummy, PAID, CROSSING),
            (payment, 3, 1, change, FROM_ITSELF, AT_LEAST, 194),
        ]),
        _package(made, "of the payee, in full", 1, [(payment, 3, 0, payment.notes[0], RECEIVED, FULL)], purpose="",
                 recipient=x25519.recipient(SECRET)),
        _package(made, "of the payee, at least", 1, [(payment, 3, 0, payment.notes[0], RECEIVED, AT_LEAST, 250)],
                 nonce=bytes(32)),
    ]}
