use louver_core::spec::Fr;
use rayon::prelude::*;

use crate::curve::{Affine, Group};

/// Bits of a digit. Digits are signed, so that a table holds half as many multiples.
const BITS: usize = 12;
/// Digits of a scalar of 255 bits; the last has room for the carry.
const DIGITS: usize = 22;
/// The largest digit.
const HALF: usize = 1 << (BITS - 1);
/// The number of products that are brought to affine coordinates together.
const TOGETHER: usize = 512;

/// A point and its multiples: every product is a sum of at most one multiple for each digit of the scalar. Not in
/// constant time.
pub(crate) struct FixedBase<P> {
    /// For each digit, the multiples 1 to [`HALF`] of what it counts.
    multiples: Vec<Vec<P>>,
}

impl<P: Affine> FixedBase<P> {
    /// The multiples of a point of the subgroup that is not the identity.
    pub(crate) fn new(base: P) -> Self {
        let mut bases = vec![base];
        while bases.len() < DIGITS {
            let last = bases.last().copied().unwrap_or_default();
            let next = (0..BITS).fold(P::Group::from(last), |point, _| point.double());
            bases.push(next.to_affine());
        }
        let multiples = bases.par_iter().map(|base| {
            let first = P::Group::from(*base);
            let sums = core::iter::successors(Some(first), |sum| Some(sum.add_affine(base)));
            P::Group::batch_to_affine(&sums.take(HALF).collect::<Vec<_>>())
        });
        Self { multiples: multiples.collect() }
    }

    /// The point times each scalar, on all cores.
    pub(crate) fn multiply(&self, scalars: &[Fr]) -> Vec<P> {
        let parts = scalars.par_chunks(TOGETHER).map(|scalars| {
            let zero = |scalar: &Fr| *scalar == Fr::zero();
            let products: Vec<_> =
                scalars.iter().filter(|scalar| !zero(scalar)).map(|scalar| self.product(scalar)).collect();
            let mut products = P::Group::batch_to_affine(&products).into_iter();
            let place = |scalar| if zero(scalar) { None } else { products.next() };
            scalars.iter().map(place).map(Option::unwrap_or_default).collect::<Vec<P>>()
        });
        parts.collect::<Vec<_>>().concat()
    }

    fn product(&self, scalar: &Fr) -> P::Group {
        self.multiples.iter().zip(digits(scalar)).fold(P::Group::default(), |sum, (multiples, digit)| {
            match multiples.get(digit.unsigned_abs().wrapping_sub(1)) {
                Some(multiple) if digit < 0 => sum.add_affine(&multiple.neg()),
                Some(multiple) => sum.add_affine(multiple),
                None => sum,
            }
        })
    }
}

/// The scalar in base `2^12` with digits from `-2^11 + 1` to `2^11`, the lowest first.
fn digits(scalar: &Fr) -> [isize; DIGITS] {
    let bytes = scalar.to_bytes();
    let mut carry = 0;
    core::array::from_fn(|place| {
        // A digit of 12 bits begins at a byte or in the middle of one.
        let first = place * BITS / 8;
        let byte = |at: usize| isize::from(bytes.get(at).copied().unwrap_or_default());
        let pair = byte(first) | byte(first + 1) << 8;
        let digit = ((pair >> (place * BITS % 8)) & ((1 << BITS) - 1)) + carry;
        carry = isize::from(digit > HALF as isize);
        digit - (carry << BITS)
    })
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    use super::*;
    use crate::curve::{G1, G1Affine, G2, G2Affine};

    fn scalars() -> Vec<Fr> {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let edges = [0u64, 1, 2047, 2048, 2049, 4095, 4096, 4097, u64::MAX].map(Fr::from);
        let negative = edges.map(|scalar| -scalar);
        edges.into_iter().chain(negative).chain((0..20).map(|_| Fr::random(&mut rng))).collect()
    }

    #[test]
    fn digits_make_up_the_scalar() {
        for scalar in scalars() {
            let digits = digits(&scalar);
            assert!(digits.iter().all(|digit| digit.unsigned_abs() <= HALF));
            let sum = digits.iter().rev().fold(Fr::ZERO, |sum, digit| {
                let size = Fr::from(digit.unsigned_abs() as u64);
                sum * Fr::from(1 << BITS) + if *digit < 0 { -size } else { size }
            });
            assert_eq!(sum, scalar);
        }
    }

    #[test]
    fn products_are_those_of_the_curve() {
        let (one, two) = (G1Affine::generator(), G2Affine::generator());
        let scalars = scalars();
        let (g1, g2) = (FixedBase::new(one).multiply(&scalars), FixedBase::new(two).multiply(&scalars));
        for ((scalar, g1), g2) in scalars.iter().zip(g1).zip(g2) {
            assert_eq!(g1, G1::from(one).mul(&scalar.to_bytes()).to_affine());
            assert_eq!(g2, G2::from(two).mul(&scalar.to_bytes()).to_affine());
        }
    }
}
