//! The statements behind disclosure as constraints, clause by clause as in `louver_core::disclosure`.

mod address;
mod holdings;
mod note;
mod prover;
pub(crate) mod run;
mod total;
mod transaction;
mod unspent;
mod verifier;

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountKeys, AccountOpening, EPOCHS_PER_PROOF},
    spec::Fr,
};

pub use address::AddressCircuit;
pub use holdings::HoldingsCircuit;
pub use note::NoteOpeningCircuit;
pub use prover::{DisclosureProveError, DisclosureProver};
pub use total::TotalCircuit;
pub use transaction::TransactionOpeningCircuit;
pub use unspent::UnspentCircuit;
pub(crate) use verifier::OtherKey;
pub use verifier::{DisclosureVerifier, DisclosureVerifyError, RefusedClaim};

use crate::{
    jubjub::Point,
    keys::AccountWires,
    linear::{Linear, enforce, enforce_equal},
};

/// `[grant-keys]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct AccountKeysCircuit<'a>(Option<(&'a AccountKeys, &'a AccountOpening)>);

impl<'a> AccountKeysCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(public: &'a AccountKeys, opening: &'a AccountOpening) -> Self {
        Self(Some((public, opening)))
    }
}

impl Circuit<Fr> for AccountKeysCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let scalars = self.0.map(|(public, _)| public.to_scalars());
        let scalars = scalars.as_ref().map(|scalars| scalars.as_slice());
        let mut public = Inputs::alloc(cs, &AccountKeys::names(), scalars)?;
        let (account, pool) = account(cs, &mut public, self.0.map(|(_, opening)| opening))?;
        for index in 0..EPOCHS_PER_PROOF {
            let cs = &mut cs.namespace(|| format!("claim {index}"));
            // The verifier makes the epochs, each of 16 bits, and the flags, each 0 or 1.
            let keys = account.epoch_keys(cs, &pool, &public.next()?)?;
            for (name, key) in [
                ("external tag key", &keys.external_tag_key),
                ("internal tag key", &keys.internal_tag_key),
                ("nullifier key", &keys.nullifier_key),
                ("detection key", &keys.detection_key),
            ] {
                let flag = public.next()?;
                enforce(cs, name, &flag, key, &public.next()?);
            }
        }
        Ok(())
    }
}

/// `[account-opening]`, which every statement has: `ak` and `rk`, and the account's id in the pool. It takes the first
/// four public inputs.
fn account<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    public: &mut Inputs,
    opening: Option<&AccountOpening>,
) -> Result<(AccountWires, Linear), SynthesisError> {
    let (aid, rk) = (public.next()?, Point { u: public.next()?, v: public.next()? });
    let pool = public.next()?;
    let cs = &mut cs.namespace(|| "account");
    let nk = opening.map(|opening| *opening.nk.expose());
    let account = AccountWires::alloc(cs, opening.map(|opening| opening.ak), nk)?;
    account.enforce_randomized(cs, opening.map(|opening| opening.alpha.expose()), &rk)?;
    let id = account.account_id(cs, &pool)?;
    enforce_equal(cs, "account id", &id, &aid);
    Ok((account, pool))
}

/// The public inputs, in their pinned order.
struct Inputs(std::vec::IntoIter<Linear>);

impl Inputs {
    fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        names: &[String],
        scalars: Option<&[Fr]>,
    ) -> Result<Self, SynthesisError> {
        let mut wires = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let value = scalars.and_then(|scalars| scalars.get(index).copied());
            wires.push(Linear::alloc_input(cs, name, value)?);
        }
        Ok(Self(wires.into_iter()))
    }

    fn next(&mut self) -> Result<Linear, SynthesisError> {
        self.0.next().ok_or(SynthesisError::AssignmentMissing)
    }

    fn several<const N: usize>(&mut self) -> Result<[Linear; N], SynthesisError> {
        let next: Vec<Linear> = self.0.by_ref().take(N).collect();
        next.try_into().map_err(|_| SynthesisError::AssignmentMissing)
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
