//! Square roots of quotients, with tables for the two-power part of the field's multiplicative group.
//!
//! Source: P. Sarkar, "Computing square roots faster than the Tonelli-Shanks/Bernstein algorithm"; the joint
//! exponentiation of numerator and denominator is that of `pasta_curves`.

use std::sync::LazyLock;

use super::field::Fq;

/// `(t - 1) / 2` where `q - 1 = 2^32 t`.
const HALF_ODD_PART: [u64; 4] =
    [0x7fff_2dff_7fff_ffff, 0x04d0_ec02_a9de_d201, 0x94ce_bea4_199c_ec04, 0x0000_0000_39f6_d3a9];

/// `zeta = 7^t`, of order `2^32`; 7 generates the field's multiplicative group.
const ZETA: Fq = Fq::from_raw([
    0x3829_971f_439f_0d2b,
    0xb636_8350_8c22_80b9,
    0xd09b_6819_22c8_13b4,
    0x16a2_a19e_dfe8_1f20,
]);

/// Tables for square roots, for exponents of `zeta` in four digits of eight bits.
struct Tables {
    /// `zeta^(-digit * 256^place)`.
    inverses: [[Fq; 256]; 4],
    /// The digit of each `zeta^(digit * 256^3)`, by the low bits of its form, which differ; in order.
    digits: [(u64, u8); 256],
}

static TABLES: LazyLock<Box<Tables>> = LazyLock::new(|| {
    let mut tables = Box::new(Tables { inverses: [[Fq::ONE; 256]; 4], digits: [(0, 0); 256] });
    // zeta^-1 = zeta^(2^32 - 1)
    let mut base = ZETA.pow_vartime(&[0xffff_ffff, 0, 0, 0]);
    for powers in &mut tables.inverses {
        for digit in 1..256 {
            powers[digit] = powers[digit - 1] * base;
        }
        base = powers[255] * base;
    }
    let root = ZETA.square_times(24);
    let mut power = Fq::ONE;
    for (digit, entry) in (0..=255u8).zip(&mut tables.digits) {
        *entry = (power.low_bits(), digit);
        power = power * root;
    }
    tables.digits.sort_unstable();
    tables
});

impl Tables {
    /// The digit of a root of unity of order 256 at most.
    fn digit(&self, root: &Fq) -> Option<u8> {
        let at = self.digits.binary_search_by_key(&root.low_bits(), |(low, _)| *low).ok()?;
        Some(self.digits[at].1)
    }

    /// `zeta^-exponent`
    fn inverse(&self, exponent: u32) -> Fq {
        let digits = exponent.to_le_bytes();
        let powers = self.inverses.iter().zip(digits).filter(|(_, digit)| *digit != 0);
        powers.map(|(powers, digit)| powers[usize::from(digit)]).reduce(|a, b| a * b).unwrap_or(Fq::ONE)
    }
}

/// A square root of `numerator / denominator`, if there is one. The denominator must not be zero.
pub(super) fn root_of_ratio_vartime(numerator: Fq, denominator: Fq) -> Option<Fq> {
    if numerator.is_zero() {
        return Some(numerator);
    }
    // d^(2^32 - 1), by doubling the number of ones.
    let mut ones = denominator;
    for places in [1, 2, 4, 8, 16] {
        ones = ones.square_times(places) * ones;
    }
    // With h = (t - 1) / 2: (n d^(2^33 - 1))^h d^(2^32 - 1) = n^h d^(-h - 1), for the exponents of d differ by q - 1.
    let power = (ones.square() * denominator * numerator).pow_vartime(&HALF_ODD_PART) * ones;
    let power_of_ratio = power * denominator;
    let candidate = power * numerator;
    // The candidate, (n / d)^((t + 1) / 2), has the square n / d times this, (n / d)^t, a power of zeta.
    let excess = candidate * power_of_ratio;
    let tables = &**TABLES;
    let mut exponent = 0u32;
    let powers = [excess.square_times(24), excess.square_times(16), excess.square_times(8), excess];
    for (place, power) in (0u32..).zip(powers) {
        // The remainder after the known digits, raised to the power that clears the digits above the next one.
        let known = exponent << (24 - 8 * place);
        let digit = tables.digit(&(power * tables.inverse(known)))?;
        exponent |= u32::from(digit) << (8 * place);
    }
    if exponent % 2 == 1 {
        return None;
    }
    let root = candidate * tables.inverse(exponent / 2);
    (root.square() * denominator == numerator).then_some(root)
}
