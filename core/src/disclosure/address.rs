use super::{DisclosureViolation, account, account::AccountOpening, account::Randomized};
use crate::{
    address::OwnerTag,
    epoch::Epoch,
    pool::PoolTag,
    poseidon::{Domain, hash},
    spec::Fr,
};

/// `[address-control]`: the account alone can spend what is paid to an address that it gives out.
///
/// Only the external tag key counts: an address of the account's change is in nobody's hands. The account's opening is
/// the whole witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressClaim {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool.
    pub pool: PoolTag,
    /// The epoch of the address.
    pub epoch: Epoch,
    /// The owner tag of the address.
    pub tag: OwnerTag,
    /// The hash of the address's `pk_d`.
    pub pk_d_hash: Fr,
}

impl AddressClaim {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub const NAMES: [&'static str; 7] = ["aid", "rk_u", "rk_v", "pool", "e", "tau", "pk_d_hash"];

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let Randomized { aid, rk } = self.account;
        let (pool, epoch) = (self.pool.to_scalar(), self.epoch.to_scalar());
        vec![aid, rk.0, rk.1, pool, epoch, self.tag.to_scalar(), self.pk_d_hash]
    }

    /// Whether the statement is true of this opening.
    ///
    /// # Errors
    /// The first clause that is broken.
    pub fn holds(&self, opening: &AccountOpening) -> Result<(), DisclosureViolation> {
        self.violations(opening).first().map_or(Ok(()), |violation| Err(*violation))
    }

    /// Every clause that is broken, in the order of the specification.
    pub fn violations(&self, opening: &AccountOpening) -> Vec<DisclosureViolation> {
        let mut broken: Vec<_> =
            account::holds(&self.account, self.pool, opening).err().into_iter().collect();
        let tag_key = account::epoch_keys(opening, self.pool, self.epoch).external_tag;
        if hash(Domain::Tag, &[tag_key, self.pk_d_hash]) != self.tag.to_scalar() {
            broken.push(DisclosureViolation::OwnerTag);
        }
        broken
    }
}
