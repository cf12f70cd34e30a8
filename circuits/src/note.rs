//! Notes as constraints: `[note-m]` and `[note-commitment]`.

use bellman::{ConstraintSystem, SynthesisError};
use louver_core::{disclosure::OwnedNote, poseidon::Domain, spec::Fr, statement::InputWitness, tree::LEVELS};

use crate::{
    linear::{Linear, product},
    poseidon::hash,
    range::{alloc_bit, enforce_range, power_of_two},
    tree,
};

/// The contents of a note, as the limbs of `m`. Their ranges are enforced where each is made.
pub struct Limbs<'a> {
    /// The note's index in its transaction: 8 bits.
    pub index: &'a Linear,
    /// The note's epoch: 16 bits.
    pub epoch: &'a Linear,
    /// The note's asset: 56 bits.
    pub asset: &'a Linear,
    /// The note's value: 64 bits.
    pub value: &'a Linear,
}

impl Limbs<'_> {
    /// `[note-m]` of class 0, without a constraint. Class and kind are not limbs here: notes of other classes cannot be
    /// opened.
    pub fn packed(&self) -> Linear {
        self.value
            .add_scaled(power_of_two(64), self.asset)
            .add_scaled(power_of_two(128), self.epoch)
            .add_scaled(power_of_two(144), self.index)
    }
}

/// `[note-commitment]`, in 297 constraints.
pub fn commitment<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    owner_tag: &Linear,
    rho: &Linear,
    limbs: &Limbs<'_>,
    rcm: &Linear,
) -> Result<Linear, SynthesisError> {
    let inputs = [owner_tag.clone(), rho.clone(), limbs.packed(), rcm.clone()];
    hash(&mut cs.namespace(|| "commitment"), Domain::Commitment, &inputs)
}

/// A note whose commitment is computed, and the root that its path leads to.
pub struct Placed {
    /// `[note-commitment]`
    pub commitment: Linear,
    /// The root above it.
    pub root: Linear,
}

/// The part of a witness that a note's commitment and place take.
#[derive(Clone, Copy)]
pub struct PlacedWitness<'a> {
    rho: Fr,
    rcm: Fr,
    path: &'a [[Fr; 4]; LEVELS],
}

impl<'a> From<&'a InputWitness> for PlacedWitness<'a> {
    fn from(note: &'a InputWitness) -> Self {
        Self { rho: note.rho, rcm: note.rcm, path: &note.path }
    }
}

impl<'a> From<&'a OwnedNote> for PlacedWitness<'a> {
    fn from(note: &'a OwnedNote) -> Self {
        Self { rho: note.rho, rcm: note.rcm, path: &note.path }
    }
}

impl Placed {
    /// A note with an owner tag and contents that the caller bounds, in 5,097 constraints. The caller compares the root.
    pub fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        owner_tag: &Linear,
        limbs: &Limbs<'_>,
        witness: Option<PlacedWitness<'_>>,
    ) -> Result<Self, SynthesisError> {
        let rho = Linear::alloc(cs, "rho", witness.map(|note| note.rho))?;
        let rcm = Linear::alloc(cs, "rcm", witness.map(|note| note.rcm))?;
        let commitment = commitment(cs, owner_tag, &rho, limbs, &rcm)?;
        let root = tree::root(&mut cs.namespace(|| "path"), &commitment, witness.map(|note| note.path))?;
        Ok(Self { commitment, root })
    }
}

/// The two assets of a transaction. Each of its notes has one of them.
pub struct AssetWires {
    main: Linear,
    /// `fee_asset - main`
    step: Linear,
}

/// A value of one of the two assets.
pub struct AmountWires {
    /// The value, of 64 bits.
    pub value: Linear,
    /// The value if it is of the fee's asset, else 0.
    pub in_fee_asset: Linear,
    /// The asset.
    pub asset: Linear,
}

impl AssetWires {
    /// A new main asset, of 56 bits, in 56 constraints; the fee's is bounded by its maker.
    pub fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        main: Option<Fr>,
        fee_asset: &Linear,
    ) -> Result<Self, SynthesisError> {
        let main = Linear::alloc(cs, "main", main)?;
        enforce_range(cs, "main", &main, 56)?;
        let step = fee_asset - &main;
        Ok(Self { main, step })
    }

    /// The main asset.
    pub fn main(&self) -> &Linear {
        &self.main
    }

    /// The fee's asset less the main asset.
    pub fn step(&self) -> &Linear {
        &self.step
    }

    /// A new value of 64 bits, of the main asset or of the fee's as the bit `is_fee_asset` says, in 67 constraints.
    pub fn alloc_amount<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        value: Option<Fr>,
        is_fee_asset: Option<Fr>,
    ) -> Result<AmountWires, SynthesisError> {
        let value = Linear::alloc(cs, "value", value)?;
        enforce_range(cs, "value", &value, 64)?;
        let is_fee_asset = alloc_bit(cs, "is fee asset", is_fee_asset)?;
        let in_fee_asset = product(cs, "in fee asset", &is_fee_asset, &value)?;
        let asset = &self.main + &product(cs, "asset step", &is_fee_asset, &self.step)?;
        Ok(AmountWires { value, in_fee_asset, asset })
    }
}

#[cfg(test)]
mod tests {
    use ff::Field;
    use louver_core::poseidon;

    use super::*;
    use crate::{matrices::Matrices, rank};

    #[test]
    fn limbs_have_their_places() {
        let [index, epoch, asset, value] = [1, 2, 3, 4].map(|limb| Linear::constant(Fr::from(limb)));
        let m = Limbs { index: &index, epoch: &epoch, asset: &asset, value: &value }.packed();
        let mut wide = [0u8; 64];
        (wide[0], wide[8], wide[15], wide[16], wide[18]) = (4, 3, 0, 2, 1);
        assert_eq!(m.value(), Some(Fr::from_bytes_wide(&wide)));
    }

    #[test]
    fn an_amount_is_of_one_of_two_assets() {
        for (value, is_fee_asset, sound) in
            [(u64::MAX, Fr::ZERO, true), (3, Fr::ONE, true), (3, Fr::from(2), false), (3, -Fr::ONE, false)]
        {
            let mut cs = Matrices::with_witness();
            let fee_asset = Linear::alloc_input(&mut cs, "fee_asset", Some(Fr::from(9))).unwrap();
            let assets = AssetWires::alloc(&mut cs, Some(Fr::from(5)), &fee_asset).unwrap();
            assert_eq!(cs.constraints(), 56);
            let value = Fr::from(value);
            let amount = assets.alloc_amount(&mut cs, Some(value), Some(is_fee_asset)).unwrap();
            assert_eq!(cs.constraints(), 56 + 67);
            assert_eq!(cs.is_satisfied(), sound);
            assert_eq!(amount.asset.value(), Some(Fr::from(5) + is_fee_asset * Fr::from(4)));
            assert_eq!(amount.in_fee_asset.value(), Some(is_fee_asset * value));
            if sound {
                assert_eq!(rank::undetermined(&cs, |_| false), Vec::<String>::new());
            }
        }
    }

    #[test]
    fn commitment_agrees_with_the_native_one() {
        let mut cs = Matrices::with_witness();
        let [tag, rho, value, rcm] =
            [1, 2, 3, 4].map(|value| Linear::alloc(&mut cs, "free", Some(Fr::from(value))).unwrap());
        let zero = Linear::zero();
        let limbs = Limbs { index: &zero, epoch: &zero, asset: &zero, value: &value };
        let cm = commitment(&mut cs, &tag, &rho, &limbs, &rcm).unwrap();
        assert_eq!(cm.value(), Some(poseidon::hash(Domain::Commitment, &[1, 2, 3, 4].map(Fr::from))));
        assert_eq!(cs.constraints(), 297);
    }
}
