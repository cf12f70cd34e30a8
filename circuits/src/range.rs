//! Bits and ranges.

use bellman::{ConstraintSystem, SynthesisError};
use ff::{Field, PrimeField};
use louver_core::spec::Fr;

use crate::linear::{Linear, enforce};

/// Enforces that `bit` is 0 or 1, in one constraint.
pub fn enforce_bit<CS: ConstraintSystem<Fr>>(cs: &mut CS, name: &str, bit: &Linear) {
    enforce(cs, name, bit, &bit.plus(-Fr::ONE), &Linear::zero());
}

/// A new variable that is 0 or 1, in one constraint.
pub fn alloc_bit<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    name: &str,
    value: Option<Fr>,
) -> Result<Linear, SynthesisError> {
    let bit = Linear::alloc(cs, name, value)?;
    enforce_bit(cs, name, &bit);
    Ok(bit)
}

/// Enforces `x < 2^bits` in `bits` constraints, and returns the bits, lowest first.
///
/// All but the highest bit are new variables; the highest is what is left of `x` over them, so that no constraint is
/// spent on the sum. `bits` is at most 252: then the sum of the bits is below the field's order and says `x` in one
/// way only.
pub fn enforce_range<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    name: &str,
    x: &Linear,
    bits: u32,
) -> Result<Vec<Linear>, SynthesisError> {
    debug_assert!((1..=252).contains(&bits));
    enforce_bits(cs, name, x, bits)
}

/// Enforces that `x` is congruent to an integer of up to 256 bits, in as many constraints, and returns the bits of that
/// integer, lowest first. Beyond 252 bits there may be several such integers: the caller says which.
pub fn enforce_bits<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    name: &str,
    x: &Linear,
    bits: u32,
) -> Result<Vec<Linear>, SynthesisError> {
    debug_assert!((1..=256).contains(&bits));
    let bytes = x.value().map(|value| value.to_bytes());
    let mut cs = cs.namespace(|| name);
    let mut limbs = Vec::with_capacity(bits as usize);
    let (mut rest, mut weight) = (x.clone(), Fr::ONE);
    for index in 0..bits as usize - 1 {
        let value = bytes.map(|bytes| Fr::from(u64::from(bytes[index / 8] >> (index % 8) & 1)));
        let bit = alloc_bit(&mut cs, &format!("bit {index}"), value)?;
        rest = rest.add_scaled(-weight, &bit);
        weight = weight.double();
        limbs.push(bit);
    }
    let top = rest.scale(Fr::TWO_INV.pow_vartime(&[u64::from(bits) - 1, 0, 0, 0]));
    enforce_bit(&mut cs, "top bit", &top);
    limbs.push(top);
    Ok(limbs)
}

/// `2^exponent`, modulo the field's order.
pub fn power_of_two(exponent: u32) -> Fr {
    Fr::from(2).pow_vartime(&[u64::from(exponent), 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matrices::Matrices, rank};

    fn satisfied(value: Fr, bits: u32) -> bool {
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc(&mut cs, "x", Some(value)).unwrap();
        let limbs = enforce_range(&mut cs, "range", &x, bits).unwrap();
        assert_eq!(cs.constraints(), bits as usize);
        assert_eq!(limbs.len(), bits as usize);
        cs.is_satisfied()
    }

    #[test]
    fn edges() {
        for bits in [1, 8, 16, 56, 64, 252] {
            let end = power_of_two(bits);
            assert!(satisfied(Fr::ZERO, bits));
            assert!(satisfied(end - Fr::ONE, bits));
            assert!(!satisfied(end, bits), "{bits}");
            assert!(!satisfied(-Fr::ONE, bits));
            assert!(!satisfied(Fr::TWO_INV, bits));
        }
    }

    #[test]
    fn bits_are_the_number() {
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc(&mut cs, "x", Some(Fr::from(0b1011))).unwrap();
        let limbs = enforce_range(&mut cs, "range", &x, 4).unwrap();
        let values: Vec<_> = limbs.iter().map(|bit| bit.value().unwrap()).collect();
        assert_eq!(values, [1, 1, 0, 1].map(Fr::from));
    }

    #[test]
    fn bits_follow_from_the_number_and_it_from_them() {
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc(&mut cs, "x", Some(Fr::from(0xdead_beef))).unwrap();
        enforce_range(&mut cs, "range", &x, 64).unwrap();
        assert_eq!(rank::undetermined(&cs, |_| false), Vec::<String>::new());
    }

    #[test]
    fn a_bit_is_nothing_else() {
        for (value, bit) in [(0, true), (1, true), (2, false)] {
            let mut cs = Matrices::with_witness();
            alloc_bit(&mut cs, "bit", Some(Fr::from(value))).unwrap();
            assert_eq!(cs.is_satisfied(), bit);
        }
    }
}
