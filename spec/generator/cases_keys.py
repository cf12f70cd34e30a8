"""poseidon.json, keys.json and addresses.json."""

import bech32m
import f4jumble
import jubjub
import keys
import poseidon
import ristretto
import scene
from address import Address, text as address_text
from primitives import J, R, b32, fj_bytes, fl_bytes, fr_bytes, le

EPOCHS = [0, 1, 2, 255, 256, 65535]


def hexes(values):
    return [fr_bytes(x).hex() for x in values]


def poseidon_cases():
    states = [[0] * 5, list(range(5)), [R - 1] * 5, [scene.element(f"poseidon {i}") for i in range(5)]]
    hashes = []
    for name, arity in poseidon.ARITY.items():
        inputs = [scene.element(f"{name} {i}") for i in range(arity)]
        result = poseidon.lanes(name, *inputs)
        hashes.append({"domain": name, "constant": fr_bytes(poseidon.domain(name)).hex(), "inputs": hexes(inputs),
                       "lanes_1_to_4": hexes(result[1:])})
    return {
        "round_constants_blake2b_256": b32("", b"".join(map(fr_bytes, poseidon.ROUND_CONSTANTS))).hex(),
        "first_round_constants": hexes(poseidon.ROUND_CONSTANTS[:5]),
        "mds": [hexes(row) for row in poseidon.MDS],
        "permutations": [{"input": hexes(s), "output": hexes(poseidon.permute(s))} for s in states],
        "hashes": hashes,
    }


def _epoch_case(account, pool, epoch):
    tkx, nk_e, sd, tki = account.epoch_keys(pool, epoch)
    case = {"pool": le(pool, 16).hex(), "epoch": epoch, "tkx": fr_bytes(tkx).hex(), "nk_e": fr_bytes(nk_e).hex(),
            "sd": fr_bytes(sd).hex(), "tki": fr_bytes(tki).hex()}
    for direction in ("external", "internal"):
        incoming = keys.Incoming(account, direction, pool, epoch)
        case[direction] = {"ivk": fl_bytes(incoming.ivk).hex(), "dk": incoming.dk.hex()}
    leaf = keys.ggm_node("out", account.roots["out"], pool, 16, epoch)
    case["ovk"] = keys.outgoing_key(leaf).hex()
    return case


def _ggm_case(account, direction, pool):
    root = account.roots[direction]

    def node(depth, index):
        return {"depth": depth, "index": index, "node": keys.ggm_node(direction, root, pool, depth, index).hex()}

    spots = [(0, 0), (1, 0), (1, 1), (2, 2), (8, 129), (15, 32767), (16, 0), (16, 4660), (16, 65535)]
    ranges = [(0, 0), (0, 65535), (0, 1), (1, 2), (3, 11), (5, 1000), (4096, 8191), (1, 65534), (65535, 65535)]
    covers = []
    for first, last in ranges:
        nodes = [node(*spot) for spot in keys.ggm_cover(first, last)]
        encoding = keys.cover_bytes(direction, root, pool, first, last)
        covers.append({"first": first, "last": last, "cover": nodes, "bytes": encoding.hex()})
    return {"direction": direction, "pool": le(pool, 16).hex(), "root": root.hex(),
            "nodes": [node(*spot) for spot in spots], "covers": covers}


def keys_cases():
    accounts = []
    for phrase, number in ((0, 0), (0, 1), (1, 2**31 - 1)):
        account = scene.account(phrase, number)
        seed = keys.seed_of_phrase(scene.PHRASES[phrase])
        pools = range(len(scene.POOLS)) if number == 0 else [0]
        accounts.append({
            "phrase": scene.PHRASES[phrase], "entropy": scene.ENTROPY[phrase].hex(), "seed": seed.hex(), "account": number,
            "transparent": keys.transparent_account(scene.ENTROPY[phrase], number).hex(), "sk": account.sk.hex(),
            "ask": fj_bytes(account.ask).hex(), "nk": fr_bytes(account.nk).hex(),
            "in_external": account.roots["external"].hex(), "in_internal": account.roots["internal"].hex(),
            "out": account.roots["out"].hex(), "dummy_root": account.dummy_root.hex(),
            "ak": jubjub.encode(account.ak).hex(), "ak_u": fr_bytes(account.ak[0]).hex(),
            "ak_v": fr_bytes(account.ak[1]).hex(), "ids": [{"pool": le(scene.pool(p), 16).hex(), "aid": fr_bytes(account.aid(scene.pool(p))).hex()} for p in pools],
            "epochs": [_epoch_case(account, scene.pool(p), e) for p in pools for e in (EPOCHS if p == 0 else [0, 2])],
            "ggm": [_ggm_case(account, direction, scene.pool(p)) for p in pools[:2] for direction in keys.DIRECTIONS],
        })
    pools = [{"genesis_hash": genesis.hex(), "pool_id": number, "pool": le(keys.pool_tag(genesis, number), 16).hex()}
             for genesis, number in scene.POOLS]
    return {"orders": scene.ORDERS, "pools": pools, "accounts": accounts}


def _address_case(account, direction, epoch, index):
    address = Address(keys.Incoming(account, direction, scene.pool(), epoch), index)
    return {"direction": direction, "pool": le(address.pool, 16).hex(), "epoch": epoch,
            "index": le(index, 16).hex(), "d": address.diversifier.hex(), "g_d": ristretto.encode(address.g_d).hex(),
            "pk_d": ristretto.encode(address.pk_d).hex(), "tau": fr_bytes(address.tau).hex(),
            "bytes": address.to_bytes().hex(), "string": str(address)}


def _strings(account, number):
    """Every string form with its payload."""
    pool, epoch = scene.pool(), 2
    incoming = keys.Incoming(account, "external", pool, epoch)
    tkx, nk_e, sd, _ = map(fr_bytes, account.epoch_keys(pool, epoch))
    ovk = keys.outgoing_key(keys.ggm_node("out", account.roots["out"], pool, 16, epoch))
    place = le(pool, 16) + le(epoch, 2)
    roots = b"".join(account.roots[direction] for direction in ("external", "internal", "out"))
    forms = [
        ("spending key", "lvrsecret-account", le(number, 4) + account.sk),
        ("full viewing key", "lvrsecret-fullview",
         jubjub.encode(account.ak) + fr_bytes(account.nk) + roots + account.dummy_root),
        ("incoming viewing key", "lvrsecret-in", place + fl_bytes(incoming.ivk) + incoming.dk + tkx),
        ("outgoing viewing key", "lvrsecret-out", place + ovk),
        ("nullifier key", "lvrsecret-nk", place + nk_e),
        ("detection key", "lvrsecret-sd", place + sd),
        ("address", "lvr", Address(incoming, 0).to_bytes()),
        ("account id", "lvraid", fr_bytes(account.aid(pool))),
        ("transparent account", "lvrt", scene.fill("transparent account", 32)),
        ("asset id", "lvrasset", le(7, 7)),
    ]
    return [{"form": form, "hrp": hrp, "payload": data.hex(),
             "string": address_text(data) if form == "address" else bech32m.encode(hrp, data)}
            for form, hrp, data in forms]


def small_order_points():
    """The eight points whose order divides the cofactor, the identity first."""
    v = 2
    while True:
        try:
            base = jubjub.multiply(J, jubjub.decode(le(v, 32)))
        except jubjub.NotAPoint:
            base = jubjub.IDENTITY
        if jubjub.multiply(4, base) != jubjub.IDENTITY:
            return [jubjub.multiply(i, base) for i in range(8)]
        v += 1


def off_curve():
    """An encoding with a canonical v that is no point."""
    v = 2
    while True:
        try:
            jubjub.decode(le(v, 32))
        except jubjub.NotAPoint:
            return le(v, 32)
        v += 1


def bad_points():
    """Encodings that are refused wherever a point of the prime-order subgroup stands: (name, fault, bytes)."""
    torsion = small_order_points()
    top = 1 << 255
    cases = [(f"small order {i}", "SmallOrder", jubjub.encode(p)) for i, p in enumerate(torsion)]
    cases += [
        ("outside the subgroup", "NotInSubgroup", jubjub.encode(jubjub.add(jubjub.G, torsion[1]))),
        ("v is the modulus plus 1", "NonCanonicalPoint", le(R + 1, 32)),
        ("v is the modulus", "NonCanonicalPoint", le(R, 32)),
        ("the identity with a sign", "NonCanonicalPoint", le(1 | top, 32)),
        ("the point of order 2 with a sign", "NonCanonicalPoint", le(R - 1 | top, 32)),
        ("off the curve", "NotOnCurve", off_curve()),
        ("all ones", "NonCanonicalPoint", b"\xff" * 32),
    ]
    return cases


def bad_elements():
    """Encodings that are refused wherever an element of Ristretto255 stands: (name, fault, bytes)."""
    p = ristretto.P
    element = int.from_bytes(ristretto.encode(ristretto.group_hash(bytes(16))), "little")
    cases = [
        ("the identity", "Identity", 0),
        ("the modulus, which is zero too", "NotAnElement", p),
        ("all ones", "NotAnElement", (1 << 256) - 1),
        ("2 plus the modulus", "NotAnElement", p + 2),
        ("an element with the highest bit", "NotAnElement", element + (1 << 255)),
        ("the negative of an element", "NotAnElement", p - element),
        ("1", "NotAnElement", 1),
        ("-1", "NotAnElement", p - 1),
        # RFC 9496, appendix A.2: x^2 is not a square; x y is negative.
        ("no square", "NotAnElement", "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371"),
        ("a negative product", "NotAnElement", "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e"),
    ]
    return [(name, fault, le(x, 32) if isinstance(x, int) else bytes.fromhex(x)) for name, fault, x in cases]


def addresses_cases():
    account = scene.account()
    indices = [0, 1, 2, 1000, 2**64 - 1]
    cases = [_address_case(account, direction, epoch, index) for direction in ("external", "internal")
             for epoch in (0, 2) for index in indices]
    good = Address(keys.Incoming(account, "external", scene.pool(), 2), 0)
    data, text = good.to_bytes(), str(good)
    jumbled = f4jumble.jumble(data)
    refused = [(name, fault, address_text(data[:34] + point + data[66:])) for name, fault, point in bad_elements()]
    refused += [
        ("tau is the modulus", "NonCanonicalField", address_text(data[:66] + le(R, 32))),
        ("tau is all ones", "NonCanonicalField", address_text(data[:66] + b"\xff" * 32)),
        ("a byte short", "UnexpectedEnd", address_text(data[:-1])),
        ("a byte long", "TrailingBytes", address_text(data + b"\0")),
        ("empty", "UnexpectedEnd", bech32m.encode("lvr", b"")),
        ("another prefix", "Prefix", bech32m.encode("lvrt", jumbled)),
        ("bech32 in place of bech32m", "Checksum", bech32m.encode("lvr", jumbled, 1)),
        ("one character changed", "Checksum", text[:40] + ("q" if text[40] != "q" else "p") + text[41:]),
        ("mixed case", "MixedCase", text[:20] + text[20:].upper()),
    ]
    hashes = [{"d": scene.fill(f"diversifier {i}", 16).hex(),
               "g_d": ristretto.encode(ristretto.group_hash(scene.fill(f"diversifier {i}", 16))).hex()} for i in range(16)]
    return {
        "account": 0, "phrase": scene.PHRASES[0], "addresses": cases, "group_hashes": hashes,
        "strings": _strings(account, 0),
        "refused": [{"name": name, "fault": fault, "string": string} for name, fault, string in refused],
        "elements": [{"name": name, "fault": fault, "bytes": element.hex()} for name, fault, element in bad_elements()],
        "points": [{"name": name, "fault": fault, "bytes": point.hex()} for name, fault, point in bad_points()],
    }
