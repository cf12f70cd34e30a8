//! `[integer-order]`: field elements as integers in order, each as two halves of 128 bits.

use bellman::{ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::spec::Fr;

use crate::{
    linear::{Linear, enforce, product},
    range::{alloc_bit, enforce_bits, enforce_range, power_of_two},
};

/// An integer below `2^256`.
#[derive(Clone)]
pub struct Halves {
    /// The upper 128 bits.
    pub high: Linear,
    /// The lower 128 bits.
    pub low: Linear,
}

impl Halves {
    /// The halves of an element, in 256 constraints. The element is less than half of `2^256`, so that up to three
    /// integers are congruent to it: the caller bounds the halves by a value that is not above the field's order,
    /// which leaves the least of them.
    pub fn of_congruent<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        name: &str,
        element: &Linear,
    ) -> Result<Self, SynthesisError> {
        let bits = enforce_bits(cs, name, element, 256)?;
        let half = |bits: &[Linear]| {
            let weights = (0..).map(power_of_two);
            bits.iter().zip(weights).fold(Linear::zero(), |sum, (bit, weight)| sum.add_scaled(weight, bit))
        };
        let (low, high) = bits.split_at(128);
        Ok(Self { high: half(high), low: half(low) })
    }

    /// Enforces that this integer is strictly below `other`, in 131 constraints. All halves have 128 bits.
    ///
    /// With `d` the difference of the upper halves and `b` a bit, `b d = 0`, and `d - 1 + b (difference of the lower
    /// halves)` has 128 bits. If `d` is 0, this says that `b` is 1 and the lower halves are in order; if it is not, that `b`
    /// is 0 and `d` is positive.
    pub fn enforce_below<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        name: &str,
        other: &Self,
    ) -> Result<(), SynthesisError> {
        let cs = &mut cs.namespace(|| name);
        self.enforce_distance(cs, other, &Linear::one())
    }

    /// The same if the bit `demanded` is 1; if it is 0, the caller makes sure that both are the same integer, and nothing is
    /// demanded. In 131 constraints.
    pub fn enforce_below_if<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        name: &str,
        other: &Self,
        demanded: &Linear,
    ) -> Result<(), SynthesisError> {
        self.enforce_distance(&mut cs.namespace(|| name), other, demanded)
    }

    /// Enforces that `other` is above this by `least` or more, which is 0 or 1.
    fn enforce_distance<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        other: &Self,
        least: &Linear,
    ) -> Result<(), SynthesisError> {
        let (high, low) = (&other.high - &self.high, &other.low - &self.low);
        let same = high.value().map(|high| Fr::from(u64::from(high == Fr::ZERO)));
        let same = alloc_bit(cs, "same", same)?;
        enforce(cs, "not the same", &same, &high, &Linear::zero());
        let distance = &(&high - least) + &product(cs, "step", &same, &low)?;
        enforce_range(cs, "distance", &distance, 128)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ff::PrimeField;
    use louver_core::nullifier_tree::halves;

    use super::*;
    use crate::{matrices::Matrices, rank};

    fn alloc(cs: &mut Matrices, name: &str, value: Fr) -> Linear {
        Linear::alloc(cs, name, Some(value)).unwrap()
    }

    fn constant([high, low]: [Fr; 2]) -> Halves {
        Halves { high: Linear::constant(high), low: Linear::constant(low) }
    }

    fn is_below(low: [Fr; 2], high: [Fr; 2]) -> bool {
        let mut cs = Matrices::with_witness();
        let [low, high] = [("low", low), ("high", high)].map(|(name, [upper, lower])| Halves {
            high: alloc(&mut cs, &format!("{name} high"), upper),
            low: alloc(&mut cs, &format!("{name} low"), lower),
        });
        low.enforce_below(&mut cs, "order", &high).unwrap();
        assert_eq!(cs.constraints(), 131);
        if cs.is_satisfied() {
            assert_eq!(rank::undetermined(&cs, |name| !name.starts_with("order")), [""; 0]);
        }
        cs.is_satisfied()
    }

    #[test]
    fn integers_at_their_edges() {
        let most = power_of_two(128) - Fr::ONE;
        let [zero, one] = [Fr::ZERO, Fr::ONE];
        let ascending = [
            [zero, zero],
            [zero, one],
            [zero, most],
            [one, zero],
            [one, one],
            [one, most],
            [most - one, most],
            [most, zero],
            [most, most],
        ];
        for (i, low) in ascending.into_iter().enumerate() {
            for (j, high) in ascending.into_iter().enumerate() {
                assert_eq!(is_below(low, high), i < j, "{i} {j}");
            }
        }
    }

    #[test]
    fn halves_are_the_element() {
        for element in
            [Fr::ZERO, Fr::ONE, -Fr::ONE, power_of_two(128), power_of_two(128) - Fr::ONE, Fr::ROOT_OF_UNITY]
        {
            let mut cs = Matrices::with_witness();
            let x = alloc(&mut cs, "x", element);
            let found = Halves::of_congruent(&mut cs, "halves", &x).unwrap();
            assert_eq!(cs.constraints(), 256);
            assert!(cs.is_satisfied());
            assert_eq!([found.high.value(), found.low.value()], halves(element).map(Some));
            assert_eq!(rank::undetermined(&cs, |name| name == "x"), [""; 0]);
        }
    }

    /// Attacker: an owner whose spent note lies between other leaves by its nullifier with the field's order added.
    #[test]
    fn a_greater_integer_that_is_congruent_is_refused_by_a_bound() {
        let mut cs = Matrices::with_witness();
        let x = alloc(&mut cs, "x", Fr::from(5));
        let found = Halves::of_congruent(&mut cs, "halves", &x).unwrap();
        let order = halves(-Fr::ONE);
        found.enforce_below(&mut cs, "bound", &constant(order)).unwrap();
        assert!(cs.is_satisfied());
        // The bits of 5 + r, little-endian.
        let mut bytes = (-Fr::ONE).to_bytes();
        bytes[0] += 6;
        for index in 0..255 {
            let place = cs.aux().iter().position(|name| *name == format!("halves/bit {index}")).unwrap();
            cs.tamper(place, Fr::from(u64::from(bytes[index / 8] >> (index % 8) & 1)));
        }
        let refused = cs.rows().iter().filter(|row| !cs.holds(row)).map(|row| row.name.as_str());
        assert!(refused.collect::<Vec<_>>().contains(&"bound/distance/top bit"));
    }
}
