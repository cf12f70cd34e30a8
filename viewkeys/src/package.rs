//! `[package]`: disclosure packages. Chosen notes, deposits and withdrawals are shown to one reader, each with a proof of
//! what is shown and of the account's part in it. Everything else stays hidden.

mod codec;
mod item;
mod make;
mod verify;

use core::fmt;

use louver_core::{
    disclosure::{LedgerOutput, NoteClaim, Randomized, Receipt, ShownAmount},
    keys::{AccountId, RandomizedKey, SpendSignature},
    pool::{GenesisHash, PoolId, PoolTag},
    spec::b32,
};

pub use codec::MAGIC;
pub use item::{Detail, Item, Part, Shown, Side};
pub use make::{Chosen, MakeError, OutputOpening, PackageDraft, PackageRequest, Show, What};
pub use verify::{
    Checks, DisclosedPayment, OnLedger, PackageError, PackageGap, PackageSchema, Reading, VerifiedPackage,
};

/// The longest purpose, in bytes of UTF-8.
pub const MAX_PURPOSE: usize = 512;
/// The longest name of an auditor, in bytes of UTF-8.
pub const MAX_AUDITOR: usize = 256;

/// Shown parts of chosen transactions, signed by the account and bound to a reader, a nonce, a purpose and an expiry.
#[derive(Clone, PartialEq, Eq)]
pub struct Package {
    genesis: GenesisHash,
    pool: PoolId,
    account: AccountId,
    rk: RandomizedKey,
    auditor: String,
    nonce: [u8; 32],
    purpose: String,
    issued: u64,
    expires: u64,
    items: Vec<Item>,
    signature: SpendSignature,
}

impl Package {
    /// The account that discloses.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The chain it is for.
    pub fn genesis(&self) -> &GenesisHash {
        &self.genesis
    }

    /// The pool it is for.
    pub fn pool_id(&self) -> PoolId {
        self.pool
    }

    /// The tag of the pool.
    pub fn pool(&self) -> PoolTag {
        PoolTag::new(&self.genesis, self.pool)
    }

    /// Whom it is for, in the account's words.
    pub fn auditor(&self) -> &str {
        &self.auditor
    }

    /// The reader's challenge.
    pub fn nonce(&self) -> &[u8; 32] {
        &self.nonce
    }

    /// Its purpose.
    pub fn purpose(&self) -> &str {
        &self.purpose
    }

    /// When it was made, in seconds since 1970, by the account's clock.
    pub fn issued(&self) -> u64 {
        self.issued
    }

    /// Until when it may be presented, in seconds since 1970.
    pub fn expires(&self) -> u64 {
        self.expires
    }

    /// Its items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The message that the account signs.
    fn message(&self) -> [u8; 32] {
        b32(b"LouverPackage", &[&self.contents()])
    }
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package")
            .field("account", &self.account)
            .field("auditor", &self.auditor)
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

/// `[note-opening]` as an item says it of an output on the ledger. The maker of the package and its reader build
/// it in the same way: flags, thresholds and all.
fn claim(item: &Item, account: Randomized, output: LedgerOutput) -> NoteClaim {
    let (tag, pk_d_hash) = match &item.shown {
        Shown::Full { pk_d, tag, .. } => (Some(*tag), Some(pk_d.hash())),
        Shown::Amount { .. } | Shown::AtLeast { .. } | Shown::Crossing => (None, None),
    };
    let (paid, received) = match item.part {
        // Nothing binds an address's key to a note that the account paid.
        Part::Paid => (true, None),
        Part::Received { own } => (false, Some(Receipt { own, pk_d_hash })),
    };
    let amount = match &item.shown {
        Shown::Full { asset, value, .. } | Shown::Amount { asset, value } => {
            ShownAmount::Exactly(*asset, *value)
        }
        Shown::AtLeast { asset, threshold } => ShownAmount::AtLeast(*asset, *threshold),
        Shown::Crossing => ShownAmount::Hidden,
    };
    NoteClaim { account, output, paid, received, tag, amount }
}

#[cfg(test)]
mod tests;
