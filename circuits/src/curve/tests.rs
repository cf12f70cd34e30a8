use bls12_381::{G1Affine as PeerG1, G2Affine as PeerG2};
use louver_core::spec::Fr;

use super::*;

#[test]
fn points_agree_with_the_other_implementation() {
    let scalar = Fr::from(0xdead_beef).square().square();
    let g1 = G1::from(G1Affine::generator()).mul(&scalar.to_bytes());
    let g2 = G2::from(G2Affine::generator()).mul(&scalar.to_bytes());
    let (peer1, peer2) =
        (PeerG1::from(PeerG1::generator() * scalar), PeerG2::from(PeerG2::generator() * scalar));
    assert_eq!(PeerG1::from(g1.to_affine()), peer1);
    assert_eq!(PeerG2::from(g2.to_affine()), peer2);
    assert_eq!(G1Affine::from(&peer1), g1.to_affine());
    assert_eq!(G2Affine::from(&peer2), g2.to_affine());
    assert_eq!(g1.to_affine().to_compressed(), peer1.to_compressed());
    assert_eq!(g2.to_affine().to_compressed(), peer2.to_compressed());
    assert_eq!(G1Affine::from_compressed(&peer1.to_compressed()), Ok(g1.to_affine()));
    assert_eq!(G2Affine::from_uncompressed(&peer2.to_uncompressed()), Ok(g2.to_affine()));
    assert!(g1.add(&g1.neg()).is_identity());
    assert_eq!(PeerG1::from(G1::default().to_affine()), PeerG1::identity());
    assert_eq!(G1Affine::from(&PeerG1::identity()), G1Affine::default());
    let many = [g1, g1.double(), g1.double().add_affine(&g1.to_affine())];
    assert_eq!(G1::batch_to_affine(&many), many.map(G1::to_affine));
    let some = [g1, G1::default()];
    assert_eq!(G1::batch_to_affine(&some), some.map(G1::to_affine));
}

#[test]
fn pairings_are_bilinear() {
    let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
    let (three, five) = (Fr::from(3).to_bytes(), Fr::from(5).to_bytes());
    let left = G1::from(g1).mul(&three).to_affine();
    let right = G2::from(g2).mul(&five).to_affine();
    let minus = G1::from(g1).mul(&Fr::from(15).to_bytes()).neg().to_affine();
    assert!(miller_loop(&[left, minus], &[right, g2]).is_one());
    assert!(!miller_loop(&[left, minus], &[right, right]).is_one());
    assert!(miller_loop(&[G1Affine::default()], &[g2]).is_one());
    assert!(miller_loop(&[], &[]).mul(&miller_loop(&[left, minus], &[right, g2])).is_one());
}

#[test]
fn points_lie_in_memory_as_their_limbs() {
    let (g1, g2) = (G1Affine::generator(), G2Affine::generator());
    assert_eq!(G1Affine::from_limbs_le(&g1.to_limbs_le()), g1);
    assert_eq!(G2Affine::from_limbs_le(&g2.to_limbs_le()), g2);
    assert_eq!(G1Affine::default().to_limbs_le(), [0; 96]);
    assert_eq!(G2Affine::default().to_limbs_le(), [0; 192]);
    // 1 in Montgomery form is 2^384 mod p: the coordinate times it has the standard encoding.
    let x = g1.to_uncompressed()[..48].to_vec();
    assert_ne!(g1.to_limbs_le()[..48].iter().rev().copied().collect::<Vec<_>>(), x);
    let mut bytes = Vec::new();
    [g1, G1Affine::default(), g1].iter().for_each(|point| point.write_limbs(&mut bytes));
    assert_eq!(bytes.chunks(96).map(G1Affine::read_limbs).collect::<Vec<_>>(), [g1, G1Affine::default(), g1]);
    assert_eq!(G1Affine::read_limbs(&[]), G1Affine::default());
    let aligned = G1Affine::view(&bytes).is_some() || !bytes.as_ptr().cast::<u64>().is_aligned();
    assert!(aligned && G1Affine::view(&bytes[..95]).is_none());
}

#[test]
fn only_reduced_points_are_on_the_curve() {
    let g1 = G1Affine::generator();
    assert!(g1.on_curve() && G1Affine::default().on_curve() && G2Affine::generator().on_curve());
    let mut bytes = g1.to_limbs_le();
    bytes[0] ^= 1;
    assert!(!G1Affine::from_limbs_le(&bytes).on_curve());
    assert!(!G1Affine::from_limbs_le(&[0xff; 96]).on_curve());
    assert!(!G2Affine::from_limbs_le(&[0xff; 192]).on_curve());
    assert_eq!(g1.negated().negated(), g1);
    assert!(G1::from(g1).add_affine(&g1.negated()).is_identity());
    let both = G1::combination(&[g1, g1], &[2, 3], 8);
    assert_eq!(both.to_affine(), G1::from(g1).mul(&[5]).to_affine());
    assert!(G1::combination(&[], &[], 8).is_identity());
}
