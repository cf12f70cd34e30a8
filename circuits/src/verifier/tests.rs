use bls12_381::{G1Affine, G2Affine};
use louver_core::proof::Proof;

use super::*;

mod agreement;
mod vectors;

fn proof_of(a: [u8; 48], b: [u8; 96], c: [u8; 48]) -> Proof {
    let mut bytes = [0u8; 192];
    bytes[..48].copy_from_slice(&a);
    bytes[48..144].copy_from_slice(&b);
    bytes[144..].copy_from_slice(&c);
    Proof::from_array(bytes)
}

fn one() -> ([u8; 48], [u8; 96]) {
    (G1Affine::generator().to_compressed(), G2Affine::generator().to_compressed())
}

#[test]
fn points_are_read() {
    let (g1, g2) = one();
    let proof = read_proof(&proof_of(g1, g2, g1)).unwrap();
    assert_eq!(
        (proof.a, proof.b, proof.c),
        (G1Affine::generator(), G2Affine::generator(), G1Affine::generator())
    );
}

#[test]
fn identities_are_refused() {
    let (g1, g2) = one();
    let (zero_1, zero_2) = (G1Affine::identity().to_compressed(), G2Affine::identity().to_compressed());
    let refusal = |a, b, c| read_proof(&proof_of(a, b, c)).unwrap_err();
    assert_eq!(refusal(zero_1, g2, g1), ProofFault::Identity(ProofElement::A));
    assert_eq!(refusal(g1, zero_2, g1), ProofFault::Identity(ProofElement::B));
    assert_eq!(refusal(g1, g2, zero_1), ProofFault::Identity(ProofElement::C));
}

#[test]
fn points_outside_the_subgroup_are_refused() {
    let (g1, g2) = one();
    let (mut stray_1, mut stray_2) = ([0u8; 48], [0u8; 96]);
    (stray_1[0], stray_2[0]) = (0x80, 0x80);
    // The first x above 0 that has a point: the subgroup is a 2^-125th and a 2^-250th of the curves.
    while bool::from(G1Affine::from_compressed_unchecked(&stray_1).is_none()) || stray_1[47] == 0 {
        stray_1[47] += 1;
    }
    while bool::from(G2Affine::from_compressed_unchecked(&stray_2).is_none()) || stray_2[95] == 0 {
        stray_2[95] += 1;
    }
    let refusal = |a, b, c| read_proof(&proof_of(a, b, c)).unwrap_err();
    assert_eq!(refusal(stray_1, g2, g1), ProofFault::OutsideSubgroup(ProofElement::A));
    assert_eq!(refusal(g1, stray_2, g1), ProofFault::OutsideSubgroup(ProofElement::B));
    assert_eq!(refusal(g1, g2, stray_1), ProofFault::OutsideSubgroup(ProofElement::C));
}

/// The field's modulus, big-endian.
const MODULUS: &str =
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab";

#[test]
fn other_encodings_are_refused() {
    let (g1, g2) = one();
    let a = |a: [u8; 48]| read_proof(&proof_of(a, g2, g1)).unwrap_err();
    let encoding = ProofFault::Encoding(ProofElement::A);
    // x + q in place of a small x that has a point.
    let modulus = hex::decode(MODULUS).unwrap();
    let mut above: [u8; 48] = modulus.as_slice().try_into().unwrap();
    above[0] |= 0x80;
    for x in 0..5 {
        above[47] = 0xab + x;
        assert_eq!(a(above), encoding);
    }
    // Not marked compressed; identity with a coordinate; identity with a sign; x without a point.
    let mut flags = g1;
    flags[0] &= 0x7f;
    assert_eq!(a(flags), encoding);
    let mut identity = G1Affine::identity().to_compressed();
    identity[47] = 1;
    assert_eq!(a(identity), encoding);
    let mut identity = G1Affine::identity().to_compressed();
    identity[0] |= 0x20;
    assert_eq!(a(identity), encoding);
    let mut nowhere = [0u8; 48];
    nowhere[0] = 0x80;
    while bool::from(G1Affine::from_compressed_unchecked(&nowhere).is_some()) {
        nowhere[47] += 1;
    }
    assert_eq!(a(nowhere), encoding);
    assert_eq!(read_proof(&proof_of(g1, [0xff; 96], g1)).unwrap_err(), ProofFault::Encoding(ProofElement::B));
    assert_eq!(read_proof(&proof_of(g1, g2, [0; 48])).unwrap_err(), ProofFault::Encoding(ProofElement::C));
}
