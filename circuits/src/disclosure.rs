//! The statements behind disclosure as constraints, clause by clause as in `louver_core::disclosure`.

mod prover;
mod verifier;

use bellman::{Circuit, ConstraintSystem, SynthesisError};
use louver_core::{
    disclosure::{AccountKeys, AccountLink, AccountOpening, EPOCHS_PER_PROOF},
    spec::Fr,
};

pub use prover::{DisclosureProveError, DisclosureProver};
pub use verifier::{DisclosureVerifier, DisclosureVerifyError};

use crate::{
    jubjub::Point,
    keys::AccountWires,
    linear::{Linear, enforce, enforce_equal},
};

/// `[grant-keys]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct AccountKeysCircuit<'a>(Option<(&'a AccountKeys, &'a AccountOpening)>);

/// `[account-link]` with what is known of its witness.
#[derive(Clone, Copy, Default)]
pub struct AccountLinkCircuit<'a>(Option<(&'a AccountLink, &'a AccountOpening)>);

impl<'a> AccountKeysCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(public: &'a AccountKeys, opening: &'a AccountOpening) -> Self {
        Self(Some((public, opening)))
    }
}

impl<'a> AccountLinkCircuit<'a> {
    /// The statement with a witness, which may be broken: then some constraint fails. `default()` is the statement
    /// alone.
    pub fn with_witness(public: &'a AccountLink, opening: &'a AccountOpening) -> Self {
        Self(Some((public, opening)))
    }
}

impl Circuit<Fr> for AccountKeysCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let scalars = self.0.map(|(public, _)| public.to_scalars());
        let mut public = Inputs::alloc(cs, &AccountKeys::names(), scalars.as_deref())?;
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

impl Circuit<Fr> for AccountLinkCircuit<'_> {
    fn synthesize<CS: ConstraintSystem<Fr>>(self, cs: &mut CS) -> Result<(), SynthesisError> {
        let scalars = self.0.map(|(public, _)| public.to_scalars());
        let names = AccountLink::NAMES.map(str::to_owned);
        let mut public = Inputs::alloc(cs, &names, scalars.as_deref())?;
        let (account, pool) = account(cs, &mut public, self.0.map(|(_, opening)| opening))?;
        let keys = account.epoch_keys(cs, &pool, &public.next()?)?;
        let spend_tag = keys.spend_tag(cs, &public.next()?)?;
        enforce_equal(cs, "spend tag", &spend_tag, &public.next()?);
        let owner_tag = keys.owner_tag(cs, &Linear::zero(), &public.next()?)?;
        enforce_equal(cs, "owner tag", &owner_tag, &public.next()?);
        Ok(())
    }
}

/// The account opening, which every statement has: `ak` and `rk`, and the account's id in the pool. It takes the first
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
}

#[cfg(test)]
mod tests;
