//! Evaluation domains: between values on the powers of a root of one, coefficients, and values on a coset.
//!
//! Transforms that end in coefficients leave them in bit-reversed order, and those that start from coefficients take them
//! so: nothing is ever reordered.

use ff::{Field, PrimeField};
use louver_core::spec::Fr;

use crate::curve::{Scalar, root_of_unity};

/// Below this size a transform is one piece of work.
const PIECE: usize = 1 << 11;

/// The powers of a root of one, with what transforms over them need.
pub(super) struct Domain {
    log2: u32,
    /// For each layer from the widest, the powers of its root; and those of the inverse roots.
    roots: Vec<Vec<Scalar>>,
    inverse_roots: Vec<Vec<Scalar>>,
    /// `g^i / n` for the coset of `g`, in bit-reversed order.
    to_coset: Vec<Scalar>,
    /// `g^-i / (n Z)`, in bit-reversed order, where `Z` is the value of `x^n - 1` on the coset; times the `R` that a product
    /// of two numbers outside the Montgomery form lacks.
    from_coset: Vec<Scalar>,
    /// `1 / (n Z)`.
    vanishing: Scalar,
}

impl Domain {
    /// The domain of `2^log2` elements; `None` if the field has none so large.
    pub(super) fn new(log2: u32) -> Option<Self> {
        let root = root_of_unity(log2)?;
        let size = 1usize.checked_shl(log2)?;
        let generator = Fr::MULTIPLICATIVE_GENERATOR;
        let invert = |element: Fr| Option::<Fr>::from(element.invert());
        let count = Fr::from(u64::try_from(size).ok()?);
        let vanishing =
            invert(count * (generator.pow_vartime(&[u64::try_from(size).ok()?, 0, 0, 0]) - Fr::ONE))?;
        // 2^256.
        let radix = Fr::from(2).pow_vartime(&[256, 0, 0, 0]);
        let reversed = |first: Fr, ratio: Fr| {
            let mut out = vec![Scalar::default(); size];
            let mut power = first;
            for index in 0..size {
                out[reverse(index, log2)] = Scalar::montgomery(&power);
                power *= ratio;
            }
            out
        };
        Some(Self {
            log2,
            roots: layers(root, log2),
            inverse_roots: layers(invert(root)?, log2),
            to_coset: reversed(invert(count)?, generator),
            from_coset: reversed(radix * vanishing, invert(generator)?),
            vanishing: Scalar::montgomery(&vanishing),
        })
    }

    /// How many elements it has.
    pub(super) fn size(&self) -> usize {
        1 << self.log2
    }

    /// Values on the domain to values on the coset of the multiplicative generator.
    fn extend(&self, values: &mut [Scalar]) {
        to_coefficients(values, &self.inverse_roots);
        for (value, factor) in values.iter_mut().zip(&self.to_coset) {
            *value = value.mul(factor);
        }
        to_values(values, &self.roots);
    }

    /// The coefficients of `(a b - c) / (x^n - 1)` in order, from the values of `a`, `b` and `c` on the domain, where
    /// `a b = c`. All are numbers themselves, not in Montgomery form. The slices are worked in.
    ///
    /// On the coset `x^n - 1` is one number `Z`, so the quotient is that of `a b` there, back in coefficients, less the
    /// coefficients of `c`, both over `Z`: `c`, whose degree is below `n`, need not go to the coset and back.
    pub(super) fn quotient(&self, a: &mut [Scalar], b: &mut [Scalar], c: &mut [Scalar]) -> Vec<Scalar> {
        let product = || {
            rayon::join(|| self.extend(a), || self.extend(b));
            for (a, b) in a.iter_mut().zip(b.iter()) {
                *a = a.mul(b);
            }
            to_coefficients(a, &self.inverse_roots);
        };
        rayon::join(product, || to_coefficients(c, &self.inverse_roots));
        let mut out = vec![Scalar::default(); self.size()];
        for (index, out) in out.iter_mut().enumerate() {
            let place = reverse(index, self.log2);
            *out = a[place].mul(&self.from_coset[place]).sub(&c[place].mul(&self.vanishing));
        }
        out
    }
}

fn reverse(index: usize, bits: u32) -> usize {
    if bits == 0 { 0 } else { index.reverse_bits() >> (usize::BITS - bits) }
}

/// The powers of a root for each layer: all of the first half, then every second of them, and so on.
fn layers(root: Fr, log2: u32) -> Vec<Vec<Scalar>> {
    let half = (1usize << log2) / 2;
    let powers = core::iter::successors(Some(Fr::ONE), |power| Some(power * root)).take(half);
    let first: Vec<Scalar> = powers.map(|power| Scalar::montgomery(&power)).collect();
    (0..log2).map(|layer| first.iter().step_by(1 << layer).copied().collect()).collect()
}

/// Values in order to coefficients in bit-reversed order, times the size of the domain.
fn to_coefficients(values: &mut [Scalar], roots: &[Vec<Scalar>]) {
    let Some((layer, rest)) = roots.split_first() else { return };
    let (low, high) = values.split_at_mut(values.len() / 2);
    for ((a, b), root) in low.iter_mut().zip(high.iter_mut()).zip(layer) {
        let difference = a.sub(b);
        *a = a.add(b);
        *b = difference.mul(root);
    }
    halves(low, high, |half| to_coefficients(half, rest));
}

/// Coefficients in bit-reversed order to values in order.
fn to_values(coefficients: &mut [Scalar], roots: &[Vec<Scalar>]) {
    let Some((layer, rest)) = roots.split_first() else { return };
    let (low, high) = coefficients.split_at_mut(coefficients.len() / 2);
    halves(low, high, |half| to_values(half, rest));
    for ((a, b), root) in low.iter_mut().zip(high.iter_mut()).zip(layer) {
        let product = b.mul(root);
        *b = a.sub(&product);
        *a = a.add(&product);
    }
}

fn halves(low: &mut [Scalar], high: &mut [Scalar], work: impl Fn(&mut [Scalar]) + Sync) {
    if low.len() < PIECE {
        work(low);
        work(high);
    } else {
        rayon::join(|| work(low), || work(high));
    }
}

#[cfg(test)]
mod tests {
    use bellman::{domain::EvaluationDomain, multicore::Worker};

    use super::*;

    /// Against the transforms of `bellman`.
    #[test]
    fn quotients_are_those_of_the_other_implementation() {
        for log2 in [0u32, 1, 2, 5, 13] {
            let size = 1 << log2;
            let step = Fr::from(0xdead_beef).square().square();
            let a: Vec<Fr> =
                core::iter::successors(Some(step), |last| Some(last * step + Fr::ONE)).take(size).collect();
            let b: Vec<Fr> = a.iter().map(|a| a.square() + Fr::from(7)).collect();
            let c: Vec<Fr> = a.iter().zip(&b).map(|(a, b)| a * b).collect();
            let worker = Worker::new();
            let domain = |values: &[Fr]| {
                let wrapped = values.iter().map(|value| bellman::domain::Scalar(*value)).collect();
                let mut domain = EvaluationDomain::from_coeffs(wrapped).unwrap();
                domain.ifft(&worker);
                domain.coset_fft(&worker);
                domain
            };
            let mut expected = domain(&a);
            expected.mul_assign(&worker, &domain(&b));
            expected.sub_assign(&worker, &domain(&c));
            expected.divide_by_z_on_coset(&worker);
            expected.icoset_fft(&worker);
            let expected: Vec<Scalar> =
                expected.into_coeffs().iter().map(|value| Scalar::canonical(&value.0)).collect();
            let [mut a, mut b, mut c] =
                [a, b, c].map(|values| values.iter().map(Scalar::canonical).collect::<Vec<_>>());
            let found = Domain::new(log2).unwrap().quotient(&mut a, &mut b, &mut c);
            assert!(found == expected, "2^{log2}");
        }
        assert!(Domain::new(33).is_none());
    }
}
