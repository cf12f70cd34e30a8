"""Bech32m (BIP 350) over whole bytes, without a limit on the length."""

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CONSTANT = 0x2BC830A3
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i in range(5):
            if top >> i & 1:
                check ^= GENERATOR[i]
    return check


def _expand(hrp):
    return [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]


def encode(hrp, data, constant=CONSTANT):
    bits = "".join(format(byte, "08b") for byte in data)
    bits += "0" * (-len(bits) % 5)
    groups = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    check = _polymod(_expand(hrp) + groups + [0] * 6) ^ constant
    groups += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(ALPHABET[x] for x in groups)


def checksum_holds(text):
    """Whether a string of one case has a valid bech32m checksum."""
    if text.lower() != text and text.upper() != text:
        return False
    hrp, separator, data = text.lower().rpartition("1")
    if not separator or not hrp or any(c not in ALPHABET for c in data):
        return False
    return _polymod(_expand(hrp) + [ALPHABET.index(c) for c in data]) == CONSTANT


def decode(text):
    """(hrp, bytes), or None if the string is not canonical bech32m of whole bytes."""
    if not checksum_holds(text):
        return None
    hrp, _, data = text.lower().rpartition("1")
    bits = "".join(format(ALPHABET.index(c), "05b") for c in data[:-6])
    whole = len(bits) // 8 * 8
    if len(bits) - whole >= 5 or "1" in bits[whole:]:
        return None
    return hrp, bytes(int(bits[i : i + 8], 2) for i in range(0, whole, 8))
