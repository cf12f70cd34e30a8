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
