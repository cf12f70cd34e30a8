//! Pairs of points added, with one inversion for hundreds of them.

use super::{Four, Lanes};
use crate::curve::{
    field::Field,
    msm::{Degenerate, NEGATIVE, Pair},
};

/// How many groups of four additions share an inversion: enough to make it cheap, and few enough to stay near the
/// processor.
const CHUNK: usize = 192;

/// How many groups ahead points are fetched from memory.
const AHEAD: usize = 4;

/// A point in memory: coordinates whose coefficients are packed, each in its half of a cache line.
#[derive(Clone, Copy, Default)]
#[repr(C, align(64))]
pub(crate) struct Stored<S> {
    pub(super) x: S,
    pub(super) y: S,
}

/// The differences of a chunk, and the products of those before each.
pub(crate) struct Scratch<L> {
    differences: Vec<L>,
    products: Vec<L>,
}

impl<L> Default for Scratch<L> {
    fn default() -> Self {
        Self { differences: Vec::new(), products: Vec::new() }
    }
}

/// Adds pairs, as [`Adder::add_pairs`](crate::curve::msm::Adder::add_pairs) says.
#[inline(always)]
pub(in crate::curve) fn add_pairs<L: Lanes>(
    scratch: &mut Scratch<L>,
    source: &[Stored<L::Stored>],
    pairs: &[Pair],
    sums: &mut [Stored<L::Stored>],
) -> Result<(), Degenerate> {
    for pairs in pairs.chunks(4 * CHUNK) {
        add_chunk(scratch, source, pairs, sums)?;
    }
    Ok(())
}

/// Adds pairs with one inversion: `λ = (y_2 - y_1) / (x_2 - x_1)`, `x_3 = λ^2 - x_1 - x_2`, `y_3 = λ (x_1 - x_3) - y_1`.
#[inline(always)]
fn add_chunk<L: Lanes>(
    scratch: &mut Scratch<L>,
    source: &[Stored<L::Stored>],
    pairs: &[Pair],
    sums: &mut [Stored<L::Stored>],
) -> Result<(), Degenerate> {
    let nowhere = u32::try_from(sums.len() - 1).unwrap_or(u32::MAX);
    let four = |group: usize| -> [Pair; 4] {
        core::array::from_fn(|lane| match pairs.get(4 * group + lane) {
            Some(pair) => *pair,
            // Lanes that are left over repeat the first pair; the sum is thrown away.
            None => Pair { to: nowhere, ..pairs[0] },
        })
    };
    let point = |place: u32| &source[(place & !NEGATIVE) as usize];
    let groups = pairs.len().div_ceil(4);
    let one = L::splat(&L::Scalar::one());
    scratch.differences.resize(groups, one);
    scratch.products.resize(groups + 1, one);
    scratch.products[0] = one;
    for group in 0..groups {
        for pair in pairs.iter().skip(4 * (group + AHEAD)).take(4) {
            for point in [point(pair.left), point(pair.right)] {
                L::prefetch(&point.x);
                L::prefetch(&point.y);
            }
        }
        let four = four(group);
        let left = L::load(four.map(|pair| &point(pair.left).x));
        let right = L::load(four.map(|pair| &point(pair.right).x));
        let difference = &mut scratch.differences[group];
        *difference = right.sub(&left);
        let (before, after) = scratch.products.split_at_mut(group + 1);
        difference.mul(&before[group], &mut after[0]);
    }
    let mut inverse = invert(&scratch.products[groups])?;
    let (mut next, mut own, mut slope, mut square, mut product) = (one, one, one, one, one);
    for group in (0..groups).rev() {
        let four = four(group);
        let sign = |places: [u32; 4]| L::Base::signs(places.map(|place| place & NEGATIVE != 0));
        let (left_sign, right_sign) = (sign(four.map(|pair| pair.left)), sign(four.map(|pair| pair.right)));
        inverse.mul(&scratch.products[group], &mut own);
        scratch.differences[group].mul(&inverse, &mut next);
        core::mem::swap(&mut inverse, &mut next);
        let y1 = L::load(four.map(|pair| &point(pair.left).y));
        let y2 = L::load(four.map(|pair| &point(pair.right).y));
        y2.sub_signed(right_sign, &y1, left_sign).mul(&own, &mut slope);
        slope.square(&mut square);
        let x1 = L::load(four.map(|pair| &point(pair.left).x));
        let x2 = L::load(four.map(|pair| &point(pair.right).x));
        let x3 = square.sub_both(&x1, &x2);
        x1.sub(&x3).mul(&slope, &mut product);
        let y3 = product.sub_one_signed(&y1, left_sign);
        let to = four.map(|pair| &raw mut sums[pair.to as usize]);
        // SAFETY: the places are in bounds, as indexing has seen to.
        unsafe {
            x3.store(to.map(|point| &raw mut (*point).x));
            y3.store(to.map(|point| &raw mut (*point).y));
        }
    }
    Ok(())
}

/// The inverses of four elements.
#[inline(always)]
pub(super) fn invert<L: Lanes>(lanes: &L) -> Result<L, Degenerate> {
    let mut stored = [L::Stored::default(); 4];
    // SAFETY: four places of ours.
    unsafe { lanes.store(stored.each_mut().map(core::ptr::from_mut)) };
    let [a, b, c, d] = stored.each_ref().map(L::raise);
    let (ab, cd) = (a.mul(&b), c.mul(&d));
    let all = ab.mul(&cd);
    if all.is_zero() {
        return Err(Degenerate);
    }
    let inverse = all.invert_vartime().mul(&L::up_twice());
    let (of_ab, of_cd) = (inverse.mul(&cd), inverse.mul(&ab));
    Ok(L::from_raised([of_ab.mul(&b), of_ab.mul(&a), of_cd.mul(&d), of_cd.mul(&c)]))
}
