"""The transaction's encoding, its hashes and its public inputs."""

import statement
from jubjub import NotAPoint, decode_subgroup
from note import MEMO_SIZES, nullifier_in_range
from primitives import R, b32, integer, le
from ristretto import NotAnElement, decode as decode_element

VERSION = 1
SHAPES = {1: ("2x3", 2, 3), 2: ("4x4", 4, 4), 3: ("8x3", 8, 3), 4: ("2x16", 2, 16),
          5: ("audited-2x3", 2, 3), 6: ("audited-2x16", 2, 16)}
AUDITED = (5, 6)
INTERNAL, DEPOSIT, WITHDRAWAL = 0, 1, 2
MAX_HOST_AUTHORISATION = 256


class Malformed(Exception):
    """Why bytes are no transaction; `fault` is the protocol's name for it."""

    def __init__(self, fault):
        super().__init__(fault)
        self.fault = fault


def encode_effects(effects):
    """[transaction-codec]: `effects` is a dict; byte strings are copied, integers take their widths."""
    parts = [
        le(effects["version"], 1), le(effects["pool_id"], 4), le(effects["rules_version"], 4),
        le(effects["expiry_height"], 4), le(effects["shape"], 1), le(effects["epoch"], 2),
        le(effects["memo_bucket"], 1), *effects["nullifiers"],
    ]
    for output in effects["outputs"]:
        parts += [output[name] for name in ("cm", "epk", "compact", "rest", "out")]
    parts += [effects["spend_tag"], encode_public_side(effects["public"]), le(effects["fee"], 8),
              le(effects["fee_asset"], 7), effects["audit"], effects["rk"]]
    return b"".join(parts)


def encode_public_side(public):
    if public["tag"] == INTERNAL:
        return b"\0"
    return le(public["tag"], 1) + le(public["asset"], 7) + le(public["amount"], 8) + public["party"]


def encode_authorisation(authorisation):
    host = authorisation["host"]
    return b"".join((authorisation["anchor"], authorisation["proof"], authorisation["signature"], le(len(host), 2), host))


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        if self.at + size > len(self.data):
            raise Malformed("UnexpectedEnd")
        self.at += size
        return self.data[self.at - size : self.at]

    def integer(self, size):
        return integer(self.take(size))

    def element(self):
        data = self.take(32)
        if integer(data) >= R:
            raise Malformed("NonCanonicalField")
        return data

    def point(self):
        data = self.take(32)
        try:
            decode_subgroup(data)
        except NotAPoint as why:
            raise Malformed(why.fault) from None
        return data

    def agreement(self):
        data = self.take(32)
        try:
            decode_element(data)
        except NotAnElement as why:
            raise Malformed(why.fault) from None
        return data

    def tag(self, allowed):
        value = self.integer(1)
        if value not in allowed:
            raise Malformed("UnknownTag")
        return value


def decode(data):
    """(effects, authorisation) of the whole input; raises Malformed with the first fault, read from left to right."""
    reader = Reader(data)
    effects = {"version": reader.tag((VERSION,)), "pool_id": reader.integer(4), "rules_version": reader.integer(4),
               "expiry_height": reader.integer(4), "shape": reader.tag(SHAPES), "epoch": reader.integer(2),
               "memo_bucket": reader.tag((0, 1, 2))}
    _, inputs, outputs = SHAPES[effects["shape"]]
    effects["nullifiers"] = [_nullifier(reader) for _ in range(inputs)]
    rest = MEMO_SIZES[effects["memo_bucket"]] + 16
    effects["outputs"] = [{"cm": reader.element(), "epk": reader.agreement(), "compact": reader.take(64),
                           "rest": reader.take(rest), "out": reader.take(112)} for _ in range(outputs)]
    effects["spend_tag"] = reader.element()
    effects["public"] = _public_side(reader)
    effects["fee"], effects["fee_asset"] = reader.integer(8), reader.integer(7)
    if (effects["fee"] == 0) != (effects["fee_asset"] == 0):
        raise Malformed("NotCanonical")
    effects["audit"] = _audit(reader, effects["shape"], 1 + 2 * outputs + inputs)
    effects["rk"] = reader.point()
    authorisation = {"anchor": reader.element(), "proof": reader.take(192), "signature": reader.take(64)}
    length = reader.integer(2)
    if length > MAX_HOST_AUTHORISATION:
        raise Malformed("OutOfRange")
    if length and effects["public"]["tag"] != DEPOSIT:
        raise Malformed("NotCanonical")
    authorisation["host"] = reader.take(length)
    if reader.at != len(data):
        raise Malformed("TrailingBytes")
    return effects, authorisation


def _audit(reader, shape, elements):
    flag = reader.tag((0, 1))
    if (flag == 1) != (shape in AUDITED):
        raise Malformed("NotCanonical")
    if not flag:
        return b"\0"
    number, epk, count = reader.take(4), reader.point(), reader.integer(1)
    body = b"".join(reader.element() for _ in range(count))
    if count != elements:
        raise Malformed("NotCanonical")
    return b"\1" + number + epk + bytes([count]) + body


def _nullifier(reader):
    data = reader.element()
    if not nullifier_in_range(integer(data)):
        raise Malformed("OutOfRange")
    return data


def _public_side(reader):
    tag = reader.tag((INTERNAL, DEPOSIT, WITHDRAWAL))
    if tag == INTERNAL:
        return {"tag": tag}
    public = {"tag": tag, "asset": reader.integer(7), "amount": reader.integer(8), "party": reader.take(32)}
    if public["asset"] == 0 or public["amount"] == 0:
        raise Malformed("OutOfRange")
    return public


def context(genesis_hash, public_descriptor, fee_descriptor):
    """[tx-context]: descriptor hashes, or None where no asset is named."""
    return genesis_hash + (public_descriptor or bytes(32)) + (fee_descriptor or bytes(32))


def descriptor(asset, symbol, decimals, issuer, host_reference):
    symbol = symbol.encode("ascii")
    return b"".join((le(asset, 7), le(len(symbol), 1), symbol, le(decimals, 1), issuer, le(len(host_reference), 1),
                     host_reference))


def descriptor_hash(data):
    return b32("LouverAsset", data)


def txid(tx_context, effects):
    return b32("LouverTxId", tx_context + effects)


def wtxid(transaction_id, authorisation):
    return b32("LouverWtxId", transaction_id + authorisation)


def sighash(tx_context, effects):
    return b32("LouverSigHash", tx_context + effects)


def host_message(signature_hash):
    return b32("LouverHostSig", signature_hash)


def public_inputs(effects, authorisation, pool, auditor=None):
    """The public inputs of the transfer statement that the ledger builds, as (name, integer)."""
    public = effects["public"]
    sign = {INTERNAL: 0, DEPOSIT: -1, WITHDRAWAL: 1}[public["tag"]]
    audit = {}
    if auditor:
        epk, body = effects["audit"][5:37], effects["audit"][38:]
        body = [integer(body[at : at + 32]) for at in range(0, len(body), 32)]
        audit = {"audit": {"auditor": decode_subgroup(auditor), "epk": decode_subgroup(epk), "body": body}}
    return statement.scalars(audit | {
        "anchor": integer(authorisation["anchor"]), "nullifiers": [integer(nf) for nf in effects["nullifiers"]],
        "commitments": [integer(output["cm"]) for output in effects["outputs"]],
        "spend_tag": integer(effects["spend_tag"]), "epoch": effects["epoch"], "pool": pool,
        "rk": decode_subgroup(effects["rk"]), "v_pub": sign * public.get("amount", 0),
        "asset_pub": public.get("asset", 0), "fee": effects["fee"], "fee_asset": effects["fee_asset"],
    })
