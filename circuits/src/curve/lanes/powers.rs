//! The power that square roots are made of.

use super::{Four, Lanes, Plain};
use crate::curve::field::{Fp, MODULUS};

/// The bits of a digit of the exponent.
const WIDTH: u32 = 4;
const DIGITS: u32 = u64::BITS / WIDTH;

/// `(p - 3) / 4`.
const EXPONENT: [u64; 6] = {
    let mut out = [0; 6];
    let mut index = 0;
    while index < 6 {
        // `p` ends on two bits that the division takes away, with what remains of 3.
        out[index] = MODULUS[index] >> 2;
        if index < 5 {
            out[index] |= MODULUS[index + 1] << 62;
        }
        index += 1;
    }
    out
};
const _: () = assert!(MODULUS[0] & 3 == 3);

/// `a^((p - 3) / 4)` for each element, in time that does not depend on them. The caller knows that the processor has what
/// `B` needs.
pub(in crate::curve) fn inverse_roots<B: Four>(elements: [Fp; 4]) -> [Fp; 4] {
    let stored = elements.each_ref().map(Plain::<B>::pack);
    let base = B::load(stored.each_ref());
    // From the first power to the last that a digit asks for.
    let mut powers = [base; (1 << WIDTH) - 1];
    for index in 1..powers.len() {
        let (known, rest) = powers.split_at_mut(index);
        known[index - 1].mul(&base, &mut rest[0]);
    }
    let mut power: Option<B> = None;
    for word in EXPONENT.iter().rev() {
        for digit in (0..DIGITS).rev().map(|place| word >> (WIDTH * place) & ((1 << WIDTH) - 1)) {
            if let Some(power) = &mut power {
                for _ in 0..WIDTH {
                    let base = *power;
                    base.square(power);
                }
            }
            let Some(factor) = digit.checked_sub(1) else { continue };
            let factor = &powers[usize::try_from(factor).unwrap_or_default()];
            power = Some(match power {
                None => *factor,
                Some(base) => {
                    let mut product = base;
                    base.mul(factor, &mut product);
                    product
                }
            });
        }
    }
    let mut out = stored;
    // SAFETY: four places of ours.
    unsafe { power.unwrap_or(base).store(out.each_mut().map(core::ptr::from_mut)) };
    out.each_ref().map(Plain::<B>::unpack)
}
