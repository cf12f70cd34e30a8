//! Accounts as constraints: `[epoch-keys]`, `[account-id]` and the re-randomised key.

use bellman::{ConstraintSystem, SynthesisError};
use louver_core::{
    poseidon::Domain,
    spec::{Fj, Fr},
};

use crate::{
    jubjub::{Point, ScalarDigits, spend_base_multiple},
    linear::{Linear, product},
    poseidon::{hash, lanes},
};

/// An account: its spend validating key and its nullifier root.
#[derive(Clone)]
pub struct AccountWires {
    /// The spend validating key, on the curve and not of small order.
    pub ak: Point,
    /// The nullifier root.
    pub nk: Linear,
}

/// `[epoch-keys]`: what an account is in one epoch of one pool.
#[derive(Clone)]
pub struct EpochKeyWires {
    /// `tkx_e`
    pub external_tag_key: Linear,
    /// `nk_e`
    pub nullifier_key: Linear,
    /// `sd_e`
    pub detection_key: Linear,
    /// `tki_e`
    pub internal_tag_key: Linear,
}

impl AccountWires {
    /// A new account, in 3 variables of a witness and 6 constraints.
    pub fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        ak: Option<(Fr, Fr)>,
        nk: Option<Fr>,
    ) -> Result<Self, SynthesisError> {
        let ak = Point::alloc_not_small_order(cs, "ak", ak)?;
        let nk = Linear::alloc(cs, "nk", nk)?;
        Ok(Self { ak, nk })
    }

    /// `[account-id]` in a pool, in 297 constraints.
    pub fn account_id<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        pool: &Linear,
    ) -> Result<Linear, SynthesisError> {
        let inputs = [&self.ak.u, &self.ak.v, &self.nk, pool].map(Linear::clone);
        hash(&mut cs.namespace(|| "account id"), Domain::AccountId, &inputs)
    }

    /// `[epoch-keys]` of `epoch`, in 297 constraints. The caller bounds `epoch` by 16 bits and `pool` by 128, so that
    /// `pool * 2^16 + epoch` says both.
    pub fn epoch_keys<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        pool: &Linear,
        epoch: &Linear,
    ) -> Result<EpochKeyWires, SynthesisError> {
        let pool_epoch = epoch.add_scaled(Fr::from(1 << 16), pool);
        let inputs = [self.ak.u.clone(), self.ak.v.clone(), self.nk.clone(), pool_epoch];
        let [external_tag_key, nullifier_key, detection_key, internal_tag_key] =
            lanes(&mut cs.namespace(|| "epoch keys"), Domain::Account, &inputs)?;
        Ok(EpochKeyWires { external_tag_key, nullifier_key, detection_key, internal_tag_key })
    }

    /// Enforces `rk = ak + [alpha] G` for some `alpha`, in 680 constraints. Which one is not said: `alpha` has more
    /// than one form in bits, and nothing else depends on it.
    pub fn enforce_randomized<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        alpha: Option<&Fj>,
        rk: &Point,
    ) -> Result<(), SynthesisError> {
        let mut cs = cs.namespace(|| "alpha");
        let digits = ScalarDigits::alloc(&mut cs, alpha)?;
        let randomizer = spend_base_multiple(&mut cs, &digits)?;
        self.ak.enforce_sum(&mut cs, "rk", &randomizer, rk)
    }
}

impl EpochKeyWires {
    /// `[owner-tag]` of the address whose `pk_d` has the hash `pk_d_hash`, by the internal tag key if the bit `is_internal` is
    /// 1, in 292 constraints.
    ///
    /// The caller makes sure that `is_internal` is a bit: with any other element, whoever knows another account's tag
    /// key finds one that gives it. That it is the hash of an element needs no check: the payer's wallet makes sure of it, and a tag
    /// of anything else is of no address.
    pub fn owner_tag<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        is_internal: &Linear,
        pk_d_hash: &Linear,
    ) -> Result<Linear, SynthesisError> {
        let apart = &self.internal_tag_key - &self.external_tag_key;
        let tag_key = &self.external_tag_key + &product(cs, "tag key step", is_internal, &apart)?;
        let inputs = [tag_key, pk_d_hash.clone()];
        hash(&mut cs.namespace(|| "owner tag"), Domain::Tag, &inputs)
    }

    /// `[owner-tag]` of the address with this `pk_d_hash` that the account gives out, in 291 constraints.
    pub fn external_tag<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        pk_d_hash: &Linear,
    ) -> Result<Linear, SynthesisError> {
        let inputs = [self.external_tag_key.clone(), pk_d_hash.clone()];
        hash(&mut cs.namespace(|| "owner tag"), Domain::Tag, &inputs)
    }

    /// `[nullifier]` of the note with this commitment, in 291 constraints.
    pub fn nullifier<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        commitment: &Linear,
    ) -> Result<Linear, SynthesisError> {
        let inputs = [self.nullifier_key.clone(), commitment.clone()];
        hash(&mut cs.namespace(|| "nullifier"), Domain::Nullifier, &inputs)
    }

    /// `[spend-tag]` of the transaction with this first nullifier, in 291 constraints.
    pub fn spend_tag<CS: ConstraintSystem<Fr>>(
        &self,
        cs: &mut CS,
        first_nullifier: &Linear,
    ) -> Result<Linear, SynthesisError> {
        let inputs = [self.detection_key.clone(), first_nullifier.clone()];
        hash(&mut cs.namespace(|| "spend tag"), Domain::SpendTag, &inputs)
    }
}

#[cfg(test)]
mod tests {
    use jubjub::{AffinePoint, ExtendedPoint};
    use louver_core::{poseidon, spec::spend_base};

    use super::*;
    use crate::{matrices::Matrices, rank};

    fn coordinates(point: ExtendedPoint) -> (Fr, Fr) {
        let point = AffinePoint::from(point);
        (point.get_u(), point.get_v())
    }

    #[test]
    fn agree_with_the_native_keys() {
        let ak = coordinates(ExtendedPoint::from(spend_base()) * Fj::from(42));
        let (nk, pool, epoch) = (Fr::from(1001), Fr::from(0xabcd), Fr::from(7));
        let mut cs = Matrices::with_witness();
        let account = AccountWires::alloc(&mut cs, Some(ak), Some(nk)).unwrap();
        let [pool_wire, epoch_wire] = [("pool", pool), ("epoch", epoch)]
            .map(|(name, value)| Linear::alloc_input(&mut cs, name, Some(value)).unwrap());
        let keys = account.epoch_keys(&mut cs, &pool_wire, &epoch_wire).unwrap();
        assert_eq!(cs.constraints(), 6 + 297);
        let native = poseidon::lanes(Domain::Account, &[ak.0, ak.1, nk, pool * Fr::from(65536) + epoch]);
        let [external_tag_key, nullifier_key, detection_key, internal_tag_key] = native;
        let values =
            [&keys.external_tag_key, &keys.nullifier_key, &keys.detection_key, &keys.internal_tag_key]
                .map(Linear::value);
        assert_eq!(values, native.map(Some));

        let leaf = Linear::alloc(&mut cs, "free", Some(Fr::from(5))).unwrap();
        let five = Fr::from(5);
        let [external, internal] =
            [0, 1].map(|bit| crate::range::alloc_bit(&mut cs, "direction", Some(Fr::from(bit))).unwrap());
        for (lane, domain, key) in [
            (keys.owner_tag(&mut cs, &external, &leaf), Domain::Tag, external_tag_key),
            (keys.owner_tag(&mut cs, &internal, &leaf), Domain::Tag, internal_tag_key),
            (keys.nullifier(&mut cs, &leaf), Domain::Nullifier, nullifier_key),
            (keys.spend_tag(&mut cs, &leaf), Domain::SpendTag, detection_key),
        ] {
            assert_eq!(lane.unwrap().value(), Some(poseidon::hash(domain, &[key, five])));
        }
        let tags = 2 * (1 + 292);
        assert_eq!(cs.constraints(), 6 + 297 + 2 * 291 + tags);
        let id = account.account_id(&mut cs, &pool_wire).unwrap();
        assert_eq!(id.value(), Some(poseidon::hash(Domain::AccountId, &[ak.0, ak.1, nk, pool])));
        assert_eq!(cs.constraints(), 6 + 297 + 2 * 291 + tags + 297);
        assert!(cs.is_satisfied());
        let free = |name: &str| ["ak/u", "nk", "free"].contains(&name);
        assert_eq!(rank::undetermined(&cs, free), Vec::<String>::new());
    }

    #[test]
    fn only_a_multiple_of_the_base_apart() {
        let key = ExtendedPoint::from(spend_base()) * Fj::from(42);
        let alpha = -Fj::from(5);
        for (rk, sound) in
            [(key + spend_base() * alpha, true), (key, false), (-(key + spend_base() * alpha), false)]
        {
            let mut cs = Matrices::with_witness();
            let account = AccountWires::alloc(&mut cs, Some(coordinates(key)), Some(Fr::one())).unwrap();
            let (u, v) = coordinates(rk);
            let u = Linear::alloc_input(&mut cs, "rk_u", Some(u)).unwrap();
            let v = Linear::alloc_input(&mut cs, "rk_v", Some(v)).unwrap();
            account.enforce_randomized(&mut cs, Some(&alpha), &Point { u, v }).unwrap();
            assert_eq!(cs.constraints(), 6 + 680);
            assert_eq!(cs.is_satisfied(), sound);
            if sound {
                // rk and the bits of alpha say the key.
                assert_eq!(rank::undetermined(&cs, |name| name == "nk"), Vec::<String>::new());
            }
        }
    }
}
