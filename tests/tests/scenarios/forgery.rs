//! Bytes that say something else than their author did.

use bls12_381::{G1Affine, G1Projective, G2Affine, G2Projective, Scalar};

/// The same bytes, but for one part of them.
pub(crate) fn swap(bytes: &[u8], part: &[u8], other: &[u8]) -> Vec<u8> {
    let place = bytes.windows(part.len()).position(|window| window == part).unwrap();
    let mut altered = bytes.to_vec();
    altered[place..place + part.len()].copy_from_slice(other);
    altered
}

/// A well-formed proof of nothing: points of the right groups.
pub(crate) fn proof_of_nothing() -> [u8; 192] {
    let scalar = || Scalar::from(rand::random::<u64>());
    let g1 = || G1Affine::from(G1Projective::generator() * scalar()).to_compressed();
    let g2 = G2Affine::from(G2Projective::generator() * scalar()).to_compressed();
    [&g1()[..], &g2, &g1()].concat().try_into().unwrap()
}
