use super::{DisclosureViolation, account, account::AccountOpening, account::Randomized};
use crate::{epoch::Epoch, pool::PoolTag, spec::Fr};

/// How many epochs one proof of [`AccountKeys`] speaks of.
pub const EPOCHS_PER_PROOF: usize = 4;

/// Which of an epoch's three keys are shown; the others stand as zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFlags {
    /// The tag key `tk_e`, which goes with an incoming or change key.
    pub tag: bool,
    /// The nullifier key `nk_e`.
    pub nullifier: bool,
    /// The spend-detection key `sd_e`.
    pub detection: bool,
}

/// The keys of one epoch as they are claimed to be the account's; zero where they are not shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EpochClaim {
    /// The epoch.
    pub epoch: Epoch,
    /// `tk_e` or zero.
    pub tag: Fr,
    /// `nk_e` or zero.
    pub nullifier: Fr,
    /// `sd_e` or zero.
    pub detection: Fr,
}

impl core::fmt::Debug for EpochClaim {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EpochClaim({}, ..)", self.epoch.0)
    }
}

/// `[grant-keys]`: the keys shown for four epochs are those of the account with this id, in this pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountKeys {
    /// The account and the key that signs.
    pub account: Randomized,
    /// The pool that the keys belong to.
    pub pool: PoolTag,
    /// Which keys are shown.
    pub flags: KeyFlags,
    /// One claim an epoch.
    pub claims: [EpochClaim; EPOCHS_PER_PROOF],
}

impl AccountKeys {
    /// The names of the public inputs, in the order of [`Self::to_scalars`].
    pub fn names() -> Vec<String> {
        let head = ["aid", "rk_u", "rk_v", "pool", "f_tk", "f_nk", "f_sd"].map(str::to_owned);
        let claims =
            (0..EPOCHS_PER_PROOF).flat_map(|k| ["e", "tk", "nk", "sd"].map(|name| format!("{name}_{k}")));
        head.into_iter().chain(claims).collect()
    }

    /// The public inputs, in their pinned order.
    pub fn to_scalars(&self) -> Vec<Fr> {
        let flag = |shown: bool| Fr::from(u64::from(shown));
        let mut scalars = vec![
            self.account.aid,
            self.account.rk.0,
            self.account.rk.1,
            self.pool.to_scalar(),
            flag(self.flags.tag),
            flag(self.flags.nullifier),
            flag(self.flags.detection),
        ];
        for claim in &self.claims {
            scalars.extend([claim.epoch.to_scalar(), claim.tag, claim.nullifier, claim.detection]);
        }
        scalars
    }

    /// The claim that holds for an epoch: the keys that `flags` show, zero for the others.
    pub fn claim(opening: &AccountOpening, pool: PoolTag, flags: KeyFlags, epoch: Epoch) -> EpochClaim {
        let [tag, nullifier, detection] = account::epoch_keys(opening, pool, epoch);
        let shown = |flag: bool, key: Fr| if flag { key } else { Fr::zero() };
        EpochClaim {
            epoch,
            tag: shown(flags.tag, tag),
            nullifier: shown(flags.nullifier, nullifier),
            detection: shown(flags.detection, detection),
        }
    }

    /// Whether the statement is true of this opening.
    pub fn holds(&self, opening: &AccountOpening) -> Result<(), DisclosureViolation> {
        account::holds(&self.account, opening)?;
        for (index, claim) in self.claims.iter().enumerate() {
            let right = Self::claim(opening, self.pool, self.flags, claim.epoch);
            if claim.tag != right.tag {
                return Err(DisclosureViolation::TagKey(index));
            }
            if claim.nullifier != right.nullifier {
                return Err(DisclosureViolation::NullifierKey(index));
            }
            if claim.detection != right.detection {
                return Err(DisclosureViolation::DetectionKey(index));
            }
        }
        Ok(())
    }
}
