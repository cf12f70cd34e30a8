//! `[package]`: disclosure packages. Chosen notes, deposits and withdrawals are shown to one reader, each with a proof of
//! what is shown and of the account's part in it. Everything else stays hidden.

mod codec;
mod item;
mod make;
mod opening;
mod verify;

use louver_core::disclosure::{LedgerOutput, NoteClaim, Randomized, Receipt, ShownAmount};

pub use item::{Detail, Item, Part, Shown, Side};
pub use make::{Chosen, MakeError, PackageDraft, PackageRequest, Show, What};
pub use opening::OutputOpening;
pub(crate) use verify::rebuild;
pub use verify::{
    DisclosedPayment, OnLedger, PackageError, PackageGap, PackageSchema, VerifiedPackage, moved,
};

use crate::signed::Signed;

/// Shown parts of chosen transactions, signed by the account and bound to a reader, a nonce, a purpose and an expiry.
pub type Package = Signed<Items>;

/// The body of a package: what it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Items(Vec<Item>);

impl Package {
    /// Its items.
    pub fn items(&self) -> &[Item] {
        &self.body.0
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
