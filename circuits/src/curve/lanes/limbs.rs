//! Numbers of the base field in fourteen limbs of 28 bits, in Montgomery form with `R = 2^392`: for vector code.
//!
//! Limbs may exceed 28 bits a little and numbers `p`, within the bounds that each function of
//! [`Lanes`](super::Lanes) states in terms of:
//!
//! * *normal*: limbs below `2^28 + 2^9`, number below `1.1 p`;
//! * *loose*: limbs below `2^28 + 2^9`, number below `8 p`;
//! * *raw*: limbs below `2^31 - 2^27`, number below `8 p`.
//!
//! A product of a raw and a loose number has columns below `14 (2^31 - 2^27) (2^28 + 2^9) < 2^62.8`; two of them and the
//! multiples of `p` that reduce them stay below 2^64.

use crate::curve::field::{Fp, MODULUS};

/// How many limbs a number has.
pub(in crate::curve) const LIMBS: usize = 14;
/// The bits of a limb.
pub(in crate::curve) const BITS: usize = 28;
/// The mask of a limb.
pub(in crate::curve) const LIMB: u64 = (1 << BITS) - 1;

/// One number as it is kept in memory: two limbs to each word, the last word zero.
pub(in crate::curve) type Packed = [u64; 8];

/// `-1/p` modulo 2^28.
pub(in crate::curve) const MINUS_INVERSE: u64 = 0x89f3_fffc_fffc_fffd & LIMB;
/// The modulus.
pub(in crate::curve) const P: [u64; LIMBS] = limbs(MODULUS);

/// Limbs of 28 bits of a number below 2^384.
pub(in crate::curve) const fn limbs(words: [u64; 6]) -> [u64; LIMBS] {
    let mut out = [0; LIMBS];
    let mut index = 0;
    while index < LIMBS {
        let (word, shift) = (BITS * index / 64, BITS * index % 64);
        let mut limb = words[word] >> shift;
        if shift > 64 - BITS && word + 1 < 6 {
            limb |= words[word + 1] << (64 - shift);
        }
        out[index] = limb & LIMB;
        index += 1;
    }
    out
}

/// `multiple * p` with `offset` bits borrowed from each limb by the one below, so that no limb goes below zero when a
/// number of smaller limbs is taken away.
pub(in crate::curve) const fn offset_multiple(multiple: u64, offset: u32) -> [u64; LIMBS] {
    let p = P;
    let mut out = [0; LIMBS];
    let (mut index, mut carry) = (0, 0);
    while index < LIMBS {
        let limb = multiple * p[index] + carry;
        out[index] = if index + 1 < LIMBS { limb & LIMB } else { limb };
        carry = limb >> BITS;
        index += 1;
    }
    index = 0;
    while index + 1 < LIMBS {
        out[index] = out[index].wrapping_add(1 << offset);
        out[index + 1] = out[index + 1].wrapping_sub(1 << (offset as usize - BITS));
        index += 1;
    }
    out
}

/// A number of 64-bit limbs below `p`, packed.
pub(in crate::curve) fn pack(words: [u64; 6]) -> Packed {
    let limbs = limbs(words);
    core::array::from_fn(|word| match word {
        7 => 0,
        word => limbs[2 * word] | limbs[2 * word + 1] << 32,
    })
}

/// A packed number in limbs of 64 bits, not reduced: below 2^384, as normal numbers are.
#[allow(clippy::cast_possible_truncation, reason = "the low half is meant")]
pub(in crate::curve) fn unpack(packed: &Packed) -> [u64; 6] {
    let mut out = [0u64; 6];
    let (mut carry, mut have, mut word) = (0u128, 0, 0);
    for index in 0..LIMBS {
        let limb = packed[index / 2] >> (32 * (index % 2)) & 0xffff_ffff;
        carry += u128::from(limb) << have;
        have += BITS;
        if have >= 64 && word < 6 {
            // Takes the low word.
            out[word] = carry as u64;
            carry >>= 64;
            have -= 64;
            word += 1;
        }
    }
    out[5] = if word == 5 { carry as u64 } else { out[5] };
    out
}

/// `2^8`, the ratio between the Montgomery forms here and in `blst`; `2^-8`; and `2^16`.
pub(in crate::curve) const UP: Fp = Fp::from_montgomery([
    0x19d8_0000_0347_fcb8,
    0x12e0_0cde_6d20_02b1,
    0x3766_9f83_a209_0c72,
    0x09b0_9b42_da0f_73e0,
    0xa7c5_15d9_8f12_97bb,
    0x0577_a659_fcfa_012c,
]);
pub(in crate::curve) const DOWN: Fp = Fp::from_montgomery([0, 0, 0, 0, 0, 1 << 56]);
pub(in crate::curve) const UP_TWICE: Fp = Fp::from_montgomery([
    0x5635_0003_480e_6299,
    0x8670_deb2_699e_b128,
    0x0983_e84e_f669_7c98,
    0xe3e8_a053_a4e6_fe97,
    0x385c_20d3_23ec_f271,
    0x156d_a47f_1286_6eb6,
]);

/// The element whose form in `blst` is this number below `2 p`, reduced: `2^8` times the element that the number stands
/// for here.
pub(in crate::curve) fn raised(mut words: [u64; 6]) -> Fp {
    if words.iter().rev().ge(MODULUS.iter().rev()) {
        let mut borrow = false;
        for (word, p) in words.iter_mut().zip(MODULUS) {
            let (difference, first) = word.overflowing_sub(p);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            (*word, borrow) = (difference, first | second);
        }
    }
    Fp::from_montgomery(words)
}
