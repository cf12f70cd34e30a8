"""committee.json: the ciphersuite, a committee's key from its generation on, an opening and a log."""

import committee
import ed25519
import scene
import x25519
from disclosure import reader_key
from jubjub import add, encode, multiply
from primitives import J, b64, fj_bytes, fr_bytes, le, to_fj

# What a generator of random numbers that repeats itself gives.
FRESH = bytes([7]) * 32


def _suite():
    scalars = {"h1": "LouverFrost_rho", "h2": "Zcash_RedJubjubH", "h3": "LouverFrost_non", "hdkg": "LouverFrost_dkg",
               "hid": "LouverFrost_id"}
    cases = []
    for message in (b"", b"message", bytes(range(200))):
        case = {name: fj_bytes(to_fj(b64(personal, message))).hex() for name, personal in scalars.items()}
        hashes = {"h4": b64("LouverFrost_msg", message).hex(), "h5": b64("LouverFrost_com", message).hex()}
        cases.append({"message": message.hex()} | case | hashes)
    return cases


def _scalar(label):
    return scene.scalar(f"committee {label}") % J


def committee_cases():
    genesis, pool, number, threshold = scene.fill("committee genesis", 32), 3, 2, 2
    secrets = [scene.fill(f"committee member {i}", 32) for i in range(3)]
    secrets.sort(key=lambda secret: ed25519.public_key(reader_key(secret)))
    names = ["Prüfer & Co", "Second", "Third"]
    described = list(zip(secrets, names))
    terms_bytes = committee.committee(genesis, pool, number, threshold, described)
    roster = committee.roster(described)
    seeds = [reader_key(secret) for secret in secrets]
    purpose = committee.purpose(genesis, pool, number, roster)
    terms = committee.Terms(purpose, threshold, [ed25519.public_key(seed) for seed in seeds])
    polynomials = [[_scalar(f"polynomial {i} {k}") for k in range(threshold)] for i in range(3)]
    key = committee.Key(terms, polynomials, [_scalar(f"nonce {i}") for i in range(3)], seeds)
    members = [1, 2, 3]

    nf_0, rk = scene.element("committee nf_0"), encode(multiply(_scalar("rk"), key.point))
    plaintext = [scene.element(f"committee plaintext {i}") for i in range(9)]
    s, ciphertext = committee.encrypt(key.point, rk, nf_0, plaintext, FRESH)
    epk, wtxid, height = ciphertext[:32], scene.fill("committee wtxid", 32), 40
    reader = scene.fill("committee reader", 32)
    mandate = committee.mandate(genesis, pool, number, key.transcript, wtxid, height,
                                ("District Court", x25519.recipient(reader)), "Case 12/2026", "seizure order", 1_800_000_000,
                                1_800_086_400)
    mandate_hash = committee.b32("LouverMandate", mandate)
    signed = mandate + bytes([2]) + b"".join(bytes([i]) + ed25519.sign(seeds[i - 1], mandate_hash) for i in (1, 3))
    made = [committee.partial(key, genesis, pool, number, i, mandate_hash, wtxid, height, epk, FRESH) for i in members]
    shared = committee.total([multiply(key.factor(i, [1, 3]), made[i - 1][0]) for i in (1, 3)])
    assert shared == multiply(s, key.point) and add(shared, shared) != shared
    subject = wtxid + le(height, 4) + epk
    opening = b"LVOPENG\1" + signed + subject + bytes([2]) + made[0][1] + made[2][1]
    records = [committee.record(part) for _, part in made[:2]]
    announced, log = committee.log(genesis, pool, seeds[0], records)
    return {
        "suite": _suite(),
        "committee": terms_bytes.hex(),
        "roster": roster.hex(),
        "terms": terms.bytes.hex(),
        "terms_hash": terms.hash.hex(),
        "members": [x25519.secret_key(secret) for secret in secrets],
        "identifiers": [fj_bytes(terms.identifier(i)).hex() for i in members],
        "commitments": [key.commitment(i, seeds[i - 1]).hex() for i in members],
        "deals_to_1": [key.deal(polynomials, i, 1, seeds[i - 1]).hex() for i in (2, 3)],
        "transcript": key.transcript.hex(),
        "shares": [fj_bytes(share).hex() for share in key.shares],
        "verifying_shares": [encode(point).hex() for point in key.verifying],
        "key": encode(key.point).hex(),
        "factors_1_3": [fj_bytes(key.factor(i, [1, 3])).hex() for i in (1, 3)],
        "entry": (b"LVCOKEY\1" + terms_bytes + key.entry).hex(),
        "fresh": FRESH.hex(),
        "nf_0": fr_bytes(nf_0).hex(),
        "rk": rk.hex(),
        "plaintext": [fr_bytes(element).hex() for element in plaintext],
        "s": fj_bytes(s).hex(),
        "ciphertext": ciphertext.hex(),
        "reader": x25519.secret_key(reader),
        "mandate": signed.hex(),
        "mandate_hash": mandate_hash.hex(),
        "subject": subject.hex(),
        "parts": [part.hex() for _, part in made],
        "shared": encode(shared).hex(),
        "opening": opening.hex(),
        "log": log.hex(),
        "announced": announced.hex(),
    }
