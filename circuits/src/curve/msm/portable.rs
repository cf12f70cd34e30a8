//! Points as `blst` keeps them, added one pair at a time by its field arithmetic: for any processor.

use core::marker::PhantomData;

use super::{Adder, Degenerate, NEGATIVE, Pair};
use crate::curve::{
    field::Field,
    group::{Affine, G1, G2, Group},
};

/// Adds points of a group with `blst`.
pub(crate) struct Portable<G>(PhantomData<G>);

/// How many additions share an inversion: enough to make it cheap, and few enough to stay near the processor.
const CHUNK: usize = 1024;

/// Differences and the products before them.
pub(crate) struct Scratch<F>(Vec<(F, F)>);

impl<F> Default for Scratch<F> {
    fn default() -> Self {
        Self(Vec::with_capacity(CHUNK))
    }
}

macro_rules! adder {
    ($group:ty) => {
        impl Adder for Portable<$group> {
            type Group = $group;
            type Point = <$group as Group>::Affine;
            type Scratch = Scratch<<Self::Point as Affine>::Field>;

            fn pack(point: &Self::Point) -> Self::Point {
                *point
            }

            fn unpack(point: &Self::Point) -> Self::Point {
                *point
            }

            fn negated(point: &Self::Point) -> Self::Point {
                point.neg()
            }

            fn add_pairs(
                scratch: &mut Self::Scratch,
                source: &[Self::Point],
                pairs: &[Pair],
                sums: &mut [Self::Point],
            ) -> Result<(), Degenerate> {
                pairs.chunks(CHUNK).try_for_each(|pairs| add_chunk(&mut scratch.0, source, pairs, sums))
            }
        }
    };
}

adder!(G1);
adder!(G2);

/// Adds pairs with one inversion: `λ = (y_2 - y_1) / (x_2 - x_1)`, `x_3 = λ^2 - x_1 - x_2`, `y_3 = λ (x_1 - x_3) - y_1`.
fn add_chunk<P: Affine>(
    scratch: &mut Vec<(P::Field, P::Field)>,
    source: &[P],
    pairs: &[Pair],
    sums: &mut [P],
) -> Result<(), Degenerate> {
    let x = |place: u32| source[(place & !NEGATIVE) as usize].x();
    let y = |place: u32| {
        let y = source[(place & !NEGATIVE) as usize].y();
        if place & NEGATIVE == 0 { y } else { y.neg() }
    };
    scratch.clear();
    let mut product = P::Field::one();
    for pair in pairs {
        let difference = x(pair.right).sub(&x(pair.left));
        scratch.push((difference, product));
        product = product.mul(&difference);
    }
    if product.is_zero() {
        return Err(Degenerate);
    }
    let mut inverse = product.invert_vartime();
    for (pair, (difference, before)) in pairs.iter().zip(scratch.iter()).rev() {
        let (x1, y1) = (x(pair.left), y(pair.left));
        let slope = y(pair.right).sub(&y1).mul(&inverse.mul(before));
        inverse = inverse.mul(difference);
        let x3 = slope.square().sub(&x1).sub(&x(pair.right));
        let y3 = slope.mul(&x1.sub(&x3)).sub(&y1);
        sums[pair.to as usize] = P::from_coordinates(x3, y3);
    }
    Ok(())
}
