"""The generator's own parts against published vectors. Raises on the first difference."""

import aead
import aes256
import bech32m
import jubjub
import poseidon
import redjubjub
from primitives import J, b64, fj_bytes

HEX = bytes.fromhex


def check(what, holds):
    if not holds:
        raise SystemExit(f"self-check failed: {what}")


def run():
    # Poseidon: the vector of the authors' reference implementation for poseidonperm_x5_255_5.
    expected = [
        0x2A918B9C9F9BD7BB509331C81E297B5707F6FC7393DCEE1B13901A0B22202E18,
        0x65EBF8671739EEB11FB217F2D5C5BF4A0C3F210E3F3CD3B08B5DB75675D797F7,
        0x2CC176FC26BC70737A696A9DFD1B636CE360EE76926D182390CDB7459CF585CE,
        0x4DC4E29D283AFD2A491FE6AEF122B9A968E74EFF05341F3CC23FDA1781DCB566,
        0x03FF622DA276830B9451B88B85E6184FD6AE15C8AB3EE25A5667BE8592CCE3B1,
    ]
    check("Poseidon", poseidon.permute([0, 1, 2, 3, 4]) == expected)

    # BLAKE2b-512 of "abc" (RFC 7693, appendix A), with the empty personalisation.
    digest = b64("", b"abc")
    check("BLAKE2b", digest[:8] == HEX("ba80a53f981c4d0d") and digest[-4:] == HEX("d4009923"))

    # ChaCha20-Poly1305 (RFC 8439, section 2.8.2).
    key = bytes(range(0x80, 0xA0))
    nonce = HEX("070000004041424344454647")
    text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
    sealed = aead.seal(key, text, nonce, HEX("50515253c0c1c2c3c4c5c6c7"))
    check("ChaCha20", sealed[:16] == HEX("d31a8d34648e60db7b86afbc53ef7ec2"))
    check("Poly1305", sealed[-16:] == HEX("1ae10b594f09e26a7e902ecbd0600691"))
    check("AEAD opens", aead.open_sealed(key, sealed, nonce, HEX("50515253c0c1c2c3c4c5c6c7")) == text)

    # AES-256 (FIPS 197, appendix C.3).
    block = HEX("00112233445566778899aabbccddeeff")
    sealed = aes256.encrypt(bytes(range(32)), block)
    check("AES-256", sealed == HEX("8ea2b7ca516745bfeafc49904b496089"))
    check("AES-256 back", aes256.decrypt(bytes(range(32)), sealed) == block)

    # Bech32m (BIP 350).
    for text in ("A1LQFN3A", "a1lqfn3a", "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", "?1v759aa",
                 "split1checkupstagehandshakeupstreamerranterredcaperredlc445v"):
        check(text, bech32m.checksum_holds(text))
    for text in ("a1lqfn3q", "qyrz8wqd2c9m", "1qyrz8wqd2c9m", "y1b0jsk6g", "M1VUXWEZ"):
        check(text, not bech32m.checksum_holds(text))
    check("bech32m round trip", bech32m.decode(bech32m.encode("lvr", b"louver")) == ("lvr", b"louver"))

    # Jubjub: the base is of prime order, and the encoding goes both ways.
    check("order of the base", jubjub.multiply(J, jubjub.G) == jubjub.IDENTITY and jubjub.G != jubjub.IDENTITY)
    seven = jubjub.multiply(7, jubjub.G)
    total = jubjub.IDENTITY
    for _ in range(7):
        total = jubjub.add(total, jubjub.G)
    check("Jubjub arithmetic", seven == total and jubjub.decode(jubjub.encode(seven)) == seven)

    # RedJubjub: signatures verify, also under a re-randomised key, and not after a change.
    secret, alpha = 1234567, 7654321
    randomised = (secret + alpha) % J
    key = jubjub.encode(jubjub.add(jubjub.multiply(secret, jubjub.G), jubjub.multiply(alpha, jubjub.G)))
    signature = redjubjub.sign(randomised, b"message", bytes(80))
    check("RedJubjub", redjubjub.verify(key, b"message", signature))
    check("RedJubjub refuses", not redjubjub.verify(key, b"massage", signature))
    check("RedJubjub's scalar", len(fj_bytes(randomised)) == 32)
