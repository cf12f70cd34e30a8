"""The generator's own parts against published vectors. Raises on the first difference."""

import aead
import aes256
import bech32m
import bls12_381
import ed25519
import f4jumble
import journal
import jubjub
import poseidon
import redjubjub
import ristretto
import x25519
from bls12_381 import G1, G2
from primitives import J, L, R, b64, fj_bytes

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

    # HChaCha20 (draft-irtf-cfrg-xchacha-03, section 2.2.1).
    nonce = HEX("000000090000004a0000000031415927")
    expected = HEX("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc")
    check("HChaCha20", journal.hchacha20(bytes(range(32)), nonce) == expected)

    _ristretto()
    _f4jumble()
    _pairing()


def _ristretto():
    """Ristretto255 (RFC 9496, appendix A)."""
    multiples = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
        "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
        "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
        "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
        "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    ]
    for scalar, data in enumerate(multiples):
        check(f"Ristretto [{scalar}] B", ristretto.encode(ristretto.multiply(scalar, ristretto.BASE)) == HEX(data))
        if scalar:
            check("Ristretto decodes", ristretto.encode(ristretto.decode(HEX(data))) == HEX(data))
    check("order of Ristretto", ristretto.equal(ristretto.multiply(L, ristretto.BASE), ristretto.IDENTITY))
    refused = [
        "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
        "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ]
    for data in refused:
        try:
            ristretto.decode(HEX(data))
        except ristretto.NotAnElement:
            continue
        raise SystemExit(f"self-check failed: Ristretto takes {data}")
    uniform = [
        ("5d1be09e3d0c82fc538112490e35701979d99e06ca3e2b5b54bffe8b4dc772c1"
         "4d98b696a1bbfb5ca32c436cc61c16563790306c79eaca7705668b47dffe5bb6",
         "3066f82a1a747d45120d1740f14358531a8f04bbffe6a819f86dfe50f44a0a46"),
        ("f116b34b8f17ceb56e8732a60d913dd10cce47a6d53bee9204be8b44f6678b27"
         "0102a56902e2488c46120e9276cfe54638286b9e4b3cdb470b542d46c2068d38",
         "f26e5b6f7d362d2d2a94c5d0e7602cb4773c95a2e5c31a64f133189fa76ed61b"),
    ]
    for data, element in uniform:
        check("Ristretto's map", ristretto.encode(ristretto.from_uniform(HEX(data))) == HEX(element))

    # Ed25519 (RFC 8032, section 7.1).
    seed = HEX("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = HEX("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    check("Ed25519", ed25519.public_key(seed) == public)
    signature = HEX("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bb"
                    "e24655141438e7a100b")
    check("Ed25519 signs", ed25519.sign(seed, b"") == signature)

    # X25519 (RFC 7748, section 5.2).
    scalar = HEX("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
    point = HEX("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
    check("X25519", x25519.multiply(scalar, point) == HEX("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"))


def _pairing():
    """BLS12-381: orders of the bases, encodings, and that the pairing is bilinear and not degenerate."""
    for group, size in ((G1, 48), (G2, 96)):
        check("base of BLS12-381", group.holds(group.base) and group.multiply(R, group.base) is None)
        for scalar in (1, 2, 3, R - 1, R - 2):
            point = group.multiply(scalar, group.base)
            data = bls12_381.compress(point)
            check("BLS12-381 decodes", len(data) == size and bls12_381.decompress(data) == point)
    pairs = [(G1.multiply(6, G1.base), G2.multiply(5, G2.base)), (G1.multiply(R - 30, G1.base), G2.base)]
    check("pairing", bls12_381.product_is_one(pairs) and not bls12_381.product_is_one(pairs[:1]))


def _f4jumble():
    """F4Jumble (ZIP 316): a published vector; and it goes back, at lengths on both sides of its halves' limits."""
    plain = HEX("5d7a8f739a2d9e945b0ce152a8049e294c4d6e66b164939daffa2ef6ee6921481cdd86b3cc4318d9614fc820905d042b")
    jumbled = HEX("0304d029141b995da5387c125970673504d6c764d91ea6c082123770c7139ccd88ee27368cd0c0921a0444c8e5858d22")
    check("F4Jumble", f4jumble.jumble(plain) == jumbled)
    for length in (48, 98, 127, 128, 129, 200, 1000):
        data = b64("", bytes([length % 251])) * 16
        check("F4Jumble back", f4jumble.unjumble(f4jumble.jumble(data[:length])) == data[:length])
