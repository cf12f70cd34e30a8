//! The Lagrange polynomials of a domain at tau, in the exponent: an inverse Fourier transform of the powers of tau.
//!
//! With `w` of order `n`, the polynomial that is 1 at `w^j` and 0 elsewhere in the domain is
//! `1/n sum_i w^(-ij) X^i`.

use core::mem;

use ff::Field;
use louver_core::spec::Fr;
use rayon::prelude::*;

use super::work::{Cancelled, Work};
use crate::curve::{Affine, Group, root_of_unity};

/// The units of work of a transform, where a multiplication costs 1.
pub(super) fn cost(domain: usize) -> u64 {
    domain as u64 * (2 + u64::from(domain.ilog2())) / 2
}

/// The transform of as many powers as the domain has, a power of two.
pub(super) fn transform<A: Affine>(powers: &[A], work: &mut Work<'_>) -> Result<Vec<A>, Cancelled> {
    let n = powers.len();
    let mut points: Vec<A::Group> = powers.iter().map(|power| A::Group::from(*power)).collect();
    let bits = n.ilog2();
    for index in 0..n {
        let reversed = if bits == 0 { 0 } else { index.reverse_bits() >> (usize::BITS - bits) };
        if index < reversed {
            points.swap(index, reversed);
        }
    }
    // The field has this root for every list that fits into memory.
    let inverse = root_of_unity(bits).and_then(|root| root.invert().into()).unwrap_or(Fr::ONE);
    let twiddles: Vec<[u8; 32]> = core::iter::successors(Some(Fr::ONE), |twiddle| Some(*twiddle * inverse))
        .take(n / 2)
        .map(|twiddle| twiddle.to_bytes())
        .collect();
    let mut half = 1;
    while half < n {
        let stride = n / (2 * half);
        points.par_chunks_mut(2 * half).for_each(|block| {
            let (low, high) = block.split_at_mut(half);
            let pairs = low.par_iter_mut().zip(high).enumerate().with_min_len(16);
            pairs.for_each(|(index, (low, high))| {
                // The first factor is 1.
                let turned = if index == 0 { *high } else { high.mul(&twiddles[index * stride]) };
                let sum = low.add(&turned);
                *high = mem::replace(low, sum).add(&turned.neg());
            });
        });
        work.advance(n as u64 / 2 * u64::from(A::Group::COST))?;
        half *= 2;
    }
    let scale = Fr::from(n as u64).invert().unwrap_or(Fr::ONE).to_bytes();
    work.in_chunks(&points, A::Group::COST.into(), |_, chunk| {
        let scaled: Vec<A::Group> = chunk.iter().map(|point| point.mul(&scale)).collect();
        Ok(A::Group::batch_to_affine(&scaled))
    })
}

#[cfg(test)]
mod tests {
    use louver_core::proof::Unwatched;

    use super::*;
    use crate::curve::{G1, G1Affine};

    #[test]
    fn each_polynomial_is_one_at_its_own_root() {
        let n = 16;
        let generator = G1::from(G1Affine::generator());
        for place in [0, 1, 5, 15] {
            // At a root of the domain, where all is 0 but one.
            let tau = root_of_unity(4).unwrap().pow(&[place as u64, 0, 0, 0]);
            let powers: Vec<G1Affine> = (0..n)
                .map(|i| generator.mul(&tau.pow(&[i as u64, 0, 0, 0]).to_bytes()).to_affine())
                .collect();
            let mut watch = Unwatched;
            let values = transform(&powers, &mut Work::new(&mut watch, 1)).unwrap();
            for (index, value) in values.iter().enumerate() {
                let expected = if index == place { G1Affine::generator() } else { G1Affine::default() };
                assert_eq!(*value, expected);
            }
        }
    }
}
