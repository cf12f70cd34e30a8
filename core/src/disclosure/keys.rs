use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{DisclosureViolation, account, account::AccountOpening, account::Randomized};
use crate::{epoch::Epoch, pool::PoolTag, spec::Fr};

/// How many epochs one proof of [`AccountKeys`] speaks of: a year of months, and a few more.
pub const EPOCHS_PER_PROOF: usize = 16;

/// Which of an epoch's four keys are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFlags {
    /// The tag key `tkx_e`, which goes with an incoming key.
    pub external_tag: bool,
    /// The tag key `tki_e`, which goes with a change key.
    pub internal_tag: bool,
    /// The nullifier key `nk_e`.
    pub nullifier: bool,
    /// The spend-detection key `sd_e`.
    pub detection: bool,
}

/// The keys of one epoch as they are claimed to be the account's; `None` where they are not shown. They are secrets of the
/// reader and the owner: wiped on drop.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct EpochClaim {
    /// The epoch.
    #[zeroize(skip)]
    pub epoch: Epoch,
    /// `tkx_e`
    pub external_tag: Option<Fr>,
    /// `tki_e`
    pub internal_tag: Option<Fr>,
    /// `nk_e`
    pub nullifier: Option<Fr>,
    /// `sd_e`
    pub detection: Option<Fr>,
}

impl EpochClaim {
    /// The claim of nothing, for an epoch.
    pub fn hidden(epoch: Epoch) -> Self {
        Self { epoch, external_tag: None, internal_tag: None, nullifier: None, detection: None }
    }

    /// The four keys in the order of the public inputs: `tkx, tki, nk, sd`.
    fn keys(&self) -> [Option<Fr>; 4] {
        [self.external_tag, self.internal_tag, self.nullifier, self.detection]
    }
}

impl core::fmt::Debug for EpochClaim {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EpochClaim({}, ..)", self.epoch.0)
    }
}

/// `[grant-keys]`: the keys shown for 16 epochs are those of the account with this id, in this pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKeys {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool that the keys belong to.
    pub pool: PoolTag,
    /// One claim an epoch.
    pub claims: [EpochClaim; EPOCHS_PER_PROOF],
}

impl AccountKeys {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub fn names() -> Vec<String> {
        let head = ["aid", "rk_u", "rk_v", "pool"].map(str::to_owned);
        let claim = ["e", "f_tkx", "tkx", "f_tki", "tki", "f_nk", "nk", "f_sd", "sd"];
        let claims = (0..EPOCHS_PER_PROOF).flat_map(|k| claim.map(|name| format!("{name}_{k}")));
        head.into_iter().chain(claims).collect()
    }

    /// The public inputs, in their pinned order. A key that is not shown stands as flag 0 and value 0. Public they are to the
    /// reader alone.
    pub fn to_scalars(&self) -> Zeroizing<Vec<Fr>> {
        // A vector that grows would leave keys behind.
        let mut scalars = Zeroizing::new(Vec::with_capacity(4 + EPOCHS_PER_PROOF * 9));
        scalars.extend([self.account.aid, self.account.rk.0, self.account.rk.1, self.pool.to_scalar()]);
        for claim in &self.claims {
            scalars.push(claim.epoch.to_scalar());
            for key in claim.keys() {
                scalars.push(Fr::from(u64::from(key.is_some())));
                scalars.push(key.unwrap_or(Fr::zero()));
            }
        }
        scalars
    }

    /// The claims for as many epochs as are given, filled up with claims of nothing for the last of them. `None` for no
    /// epoch, or for more than a proof speaks of.
    pub fn filled(claims: &[EpochClaim]) -> Option<[EpochClaim; EPOCHS_PER_PROOF]> {
        let last = claims.last()?;
        let fits = claims.len() <= EPOCHS_PER_PROOF;
        let claim = |index| claims.get(index).cloned().unwrap_or_else(|| EpochClaim::hidden(last.epoch));
        fits.then(|| core::array::from_fn(claim))
    }

    /// The claim that holds for an epoch and shows the keys that `flags` say.
    pub fn claim(opening: &AccountOpening, pool: PoolTag, flags: KeyFlags, epoch: Epoch) -> EpochClaim {
        let keys = account::epoch_keys(opening, pool, epoch);
        EpochClaim {
            epoch,
            external_tag: flags.external_tag.then_some(keys.external_tag),
            internal_tag: flags.internal_tag.then_some(keys.internal_tag),
            nullifier: flags.nullifier.then_some(keys.nullifier),
            detection: flags.detection.then_some(keys.detection),
        }
    }

    /// Whether the statement is true of this opening.
    ///
    /// # Errors
    /// The first clause that it breaks.
    pub fn holds(&self, opening: &AccountOpening) -> Result<(), DisclosureViolation> {
        account::holds(&self.account, self.pool, opening)?;
        for (index, claim) in self.claims.iter().enumerate() {
            let own = account::epoch_keys(opening, self.pool, claim.epoch);
            for (shown, own, otherwise) in [
                (claim.external_tag, own.external_tag, DisclosureViolation::ExternalTagKey(index)),
                (claim.internal_tag, own.internal_tag, DisclosureViolation::InternalTagKey(index)),
                (claim.nullifier, own.nullifier, DisclosureViolation::NullifierKey(index)),
                (claim.detection, own.detection, DisclosureViolation::DetectionKey(index)),
            ] {
                if shown.is_some_and(|shown| shown != own) {
                    return Err(otherwise);
                }
            }
        }
        Ok(())
    }
}
