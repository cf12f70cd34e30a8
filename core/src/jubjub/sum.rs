//! Sums of multiples of points: of few by tables of odd multiples and common doublings (Straus), of many by buckets
//! (Pippenger); with signed digits.

use super::point::{Extended, Niels, PointVartime};
use crate::{parallel::map, spec::Fj};

/// Bits of a scalar of [`Fj`].
const BITS: usize = 252;

/// A point times a scalar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Term {
    point: Niels,
    scalar: [u8; 32],
}

impl Term {
    /// `[scalar] point`, the scalar as the integer below the order of [`Fj`] whatever the point's own order.
    pub(crate) fn new(point: &PointVartime, scalar: &Fj) -> Self {
        Self { point: point.to_niels(), scalar: scalar.to_bytes() }
    }
}

/// How many terms are few: beyond, a term costs more in tables than in buckets.
const FEW: usize = 128;

/// The sum of the terms.
pub(crate) fn sum_vartime(terms: &[Term]) -> Extended {
    if terms.len() <= FEW { sum_of_few_vartime(terms) } else { sum_of_many_vartime(terms) }
}

pub(super) fn sum_of_few_vartime(terms: &[Term]) -> Extended {
    let tables: Vec<([Extended; 8], [i8; 256])> =
        terms.iter().map(|term| (odd_multiples(&term.point), sparse_digits(&term.scalar))).collect();
    (0..=BITS).rev().fold(Extended::IDENTITY, |sum, place| {
        tables.iter().fold(sum.double(), |sum, (odd, digits)| {
            let multiple = odd[usize::from(digits[place].unsigned_abs() / 2)];
            match digits[place] {
                0 => sum,
                1.. => sum.add(&multiple),
                _ => sum.sub(&multiple),
            }
        })
    })
}

/// `P`, `3 P` and so on to `15 P`.
fn odd_multiples(point: &Niels) -> [Extended; 8] {
    let one = Extended::IDENTITY.add_niels(point);
    let two = one.double();
    let mut odd = [one; 8];
    for at in 1..odd.len() {
        odd[at] = odd[at - 1].add(&two);
    }
    odd
}

/// A scalar below `2^252` as odd digits below 16 in size, no two within five places of each other, least significant
/// first. The last is at `2^252` at most.
fn sparse_digits(scalar: &[u8; 32]) -> [i8; 256] {
    let mut digits = [0i8; 256];
    let bits = |place: usize| {
        let byte = |at: usize| u16::from(scalar.get(at).copied().unwrap_or(0));
        ((byte(place / 8) | byte(place / 8 + 1) << 8) >> (place % 8)) & 31
    };
    let (mut place, mut carry) = (0, 0);
    while place < digits.len() {
        let window = i8::try_from(bits(place) + carry).unwrap_or_default();
        if window % 2 == 0 {
            // Of two, a carry makes one more of the next bit.
            place += 1;
            continue;
        }
        carry = u16::from(window > 16);
        digits[place] = if window > 16 { window - 32 } else { window };
        place += 5;
    }
    digits
}

pub(super) fn sum_of_many_vartime(terms: &[Term]) -> Extended {
    let width = window_width(terms.len());
    let windows = BITS / width + 1;
    let digits: Vec<i16> =
        terms.iter().flat_map(|term| signed_digits(&term.scalar, width, windows)).collect();
    let sum = |window: usize| {
        let digits = digits.iter().skip(window).step_by(windows);
        sum_of_window(terms.iter().map(|term| &term.point).zip(digits.copied()), width)
    };
    let sums = map(&(0..windows).collect::<Vec<_>>(), |window| sum(*window));
    sums.into_iter()
        .rev()
        .fold(Extended::IDENTITY, |total, sum| (0..width).fold(total, |total, _| total.double()).add(&sum))
}

/// The width of digits that costs the fewest multiplications: 7 to put a point in its bucket, 18 to sum up a bucket.
fn window_width(terms: usize) -> usize {
    let cost = |width: &usize| (BITS / width + 1) * (7 * terms + (18 << (width - 1)));
    (3..=12).min_by_key(cost).unwrap_or(3)
}

/// Digits of `width` bits between `-2^(width - 1)` and `2^(width - 1)`, least significant first.
///
/// A scalar is below `2^252`. The last window starts at or below that bit and has fewer than `width` bits of it, so the
/// last digit takes its carry without one of its own.
fn signed_digits(scalar: &[u8; 32], width: usize, windows: usize) -> impl Iterator<Item = i16> {
    let (mask, half) = ((1i32 << width) - 1, 1i32 << (width - 1));
    let scalar = *scalar;
    let mut carry = 0;
    (0..windows).map(move |window| {
        let (byte, bit) = (window * width / 8, window * width % 8);
        let take = |at: usize| scalar.get(at).map_or(0, |byte| i32::from(*byte));
        let bits = take(byte) | take(byte + 1) << 8 | take(byte + 2) << 16;
        let digit = ((bits >> bit) & mask) + carry;
        carry = i32::from(digit > half);
        // At most 2^12 in size.
        i16::try_from(digit - (carry << width)).unwrap_or_default()
    })
}

/// The sum of points, each times a digit.
fn sum_of_window<'a>(terms: impl Iterator<Item = (&'a Niels, i16)>, width: usize) -> Extended {
    let mut buckets = vec![Extended::IDENTITY; 1 << (width - 1)];
    for (point, digit) in terms {
        if digit != 0 {
            let bucket = &mut buckets[usize::from(digit.unsigned_abs()) - 1];
            *bucket = if digit < 0 { bucket.sub_niels(point) } else { bucket.add_niels(point) };
        }
    }
    let (mut running, mut total) = (Extended::IDENTITY, Extended::IDENTITY);
    for bucket in buckets.iter().rev() {
        running = running.add(bucket);
        total = total.add(&running);
    }
    total
}
