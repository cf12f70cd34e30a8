use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::spec::to_fl;

fn scalar(rng: &mut StdRng) -> Secret<Fl> {
    let mut wide = [0; 64];
    rng.fill_bytes(&mut wide);
    Secret::new(to_fl(&wide))
}

fn decoded(hex: &str) -> Result<Element, DecodeError> {
    Element::from_bytes(&hex::decode(hex).unwrap())
}

/// RFC 9496, A.1: the generator and its multiples.
#[test]
fn small_multiples_of_the_generator() {
    let multiples = [
        "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
        "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
        "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    ];
    for (scalar, hex) in (1u8..).zip(multiples) {
        let element = Element::generator_times(&Secret::new(Fl::from(scalar)));
        assert_eq!(decoded(hex), Ok(element));
        assert_eq!(hex::encode(element.to_array()), hex);
    }
}

#[test]
fn both_sides_agree_one_by_one_and_in_a_batch() {
    let mut rng = StdRng::seed_from_u64(1);
    let secrets: Vec<_> = (0u8..20)
        .map(|index| {
            let base = Element::hash_to_group(b"LouverGd", &[&[index]]);
            let (esk, ivk) = (scalar(&mut rng), scalar(&mut rng));
            let (sent, received) = (base.times(&ivk).agree(&esk), base.times(&esk).agree(&ivk));
            let whole = base.times(&esk).times(&ivk).to_array();
            assert_eq!((*sent.to_bytes(), *received.to_bytes()), (whole, whole));
            (received, whole)
        })
        .collect();
    let batch = SharedSecret::batch_to_bytes(secrets.iter().map(|(secret, _)| secret));
    assert!(batch.iter().map(|encoding| encoding.to_bytes()).eq(secrets.iter().map(|(_, whole)| *whole)));
    assert!(SharedSecret::batch_to_bytes(core::iter::empty()).is_empty());
}

/// RFC 9496, A.2: what is not the one encoding of an element. A relay gains by writing one transaction in two ways, so
/// that its hash changes on its way into a block.
#[test]
fn an_element_has_one_encoding() {
    for hex in [
        // Field elements that are not canonical.
        "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        // Negative field elements.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
        // x^2 is not a square.
        "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
        // x y is negative.
        "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
        // s = -1, where y is 0.
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        assert_eq!(decoded(hex), Err(DecodeError::NotAnElement), "{hex}");
    }
    let element = Element::hash_to_group(b"LouverGd", &[b"one"]).to_array();
    for bit in [1, 0x80] {
        let mut bent = element;
        bent[31 * usize::from(bit == 0x80)] ^= bit;
        assert_eq!(Element::from_bytes(&bent), Err(DecodeError::NotAnElement));
    }
}

/// Attacker: a payer whose `epk` agrees with every key on the same secret, so that his output is tried on, and could be
/// read, by everybody.
#[test]
fn the_identity_is_refused() {
    assert_eq!(Element::from_bytes(&[0; 32]), Err(DecodeError::Identity));
}

#[test]
fn hashes_of_elements_differ() {
    let [one, two] = [b"1", b"2"].map(|part| Element::hash_to_group(b"LouverGd", &[part]));
    assert_ne!(one.hash(), two.hash());
    assert_eq!(one.hash(), Element::from_bytes(&one.to_array()).unwrap().hash());
}
