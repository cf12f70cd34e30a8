use super::{DisclosureViolation, account, account::AccountOpening, account::Randomized};
use crate::{
    epoch::Epoch,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
};

/// `[account-link]`: a spend tag and an owner tag of one epoch are those of the account with this id.
///
/// The transaction's `nf_0` and spend tag show who paid; a note's `pk_d.u` and owner tag show who was paid. The other
/// side takes zero for its input, and its tag then says nothing about any transaction or note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// The epoch of the transaction.
    pub epoch: Epoch,
    /// A nullifier, or zero.
    pub nullifier: Fr,
    /// `H_st(sd_e, nullifier)`.
    pub spend_tag: Fr,
    /// The `u` of a diversified transmission key, or zero.
    pub transmission_u: Fr,
    /// `H_tag(tk_e, transmission_u)`.
    pub owner_tag: Fr,
}

impl AccountLink {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 9] = ["aid", "rk_u", "rk_v", "pool", "e", "nf", "st", "pk_d_u", "tau"];

    /// The statement that is true of an account, with its tags filled in.
    pub fn new(
        account: Randomized,
        opening: &AccountOpening,
        pool: PoolTag,
        epoch: Epoch,
        nullifier: Fr,
        transmission_u: Fr,
    ) -> Self {
        let keys = account::epoch_keys(opening, pool, epoch);
        Self {
            account,
            pool,
            epoch,
            nullifier,
            spend_tag: hash(Domain::SpendTag, &[keys.detection, nullifier]),
            transmission_u,
            owner_tag: hash(Domain::Tag, &[keys.external_tag, transmission_u]),
        }
    }

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        vec![
            self.account.aid,
            self.account.rk.0,
            self.account.rk.1,
            self.pool.to_scalar(),
            self.epoch.to_scalar(),
            self.nullifier,
            self.spend_tag,
            self.transmission_u,
            self.owner_tag,
        ]
    }

    /// Whether the statement is true of this opening.
    pub fn holds(&self, opening: &AccountOpening) -> Result<(), DisclosureViolation> {
        account::holds(&self.account, self.pool, opening)?;
        let right =
            Self::new(self.account, opening, self.pool, self.epoch, self.nullifier, self.transmission_u);
        if self.spend_tag != right.spend_tag {
            return Err(DisclosureViolation::SpendTag);
        }
        if self.owner_tag != right.owner_tag {
            return Err(DisclosureViolation::OwnerTag);
        }
        Ok(())
    }
}
